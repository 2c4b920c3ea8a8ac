"""Word's automatic numbering, resolved: the number a reader sees and the file does not hold.

A paragraph names a list (``numId``) and a level; the list points to an abstract list that says how
each level counts and is written (``第%1条``). Counters belong to the abstract list, so two lists
made from one go on counting, unless the list overrides a start. Rules: ECMA-376, 17.9.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace

from assessment.documents.formats.package import Element, W
from assessment.documents.formats.word_numbers import render

LEVELS = 9


@dataclass(frozen=True, slots=True)
class Level:
    """How one level counts: where it starts, how it is written, what it restarts after."""

    start: int = 1
    number_format: str = "decimal"
    text: str = ""
    suffix: str = "tab"
    restart: int | None = None
    legal: bool = False
    style: str | None = None


@dataclass(slots=True)
class ListDefinition:
    """One numbered list: its counters' owner, its levels, the starts it overrides."""

    owner: str
    levels: dict[int, Level]
    starts: dict[int, int] = field(default_factory=dict)


def attribute(element: Element | None, name: str = "val") -> str | None:
    """The ``w:`` attribute of an element that may be absent."""
    if element is None:
        return None
    value: str | None = element.get(f"{{{W}}}{name}")
    return value


def child(element: Element | None, name: str) -> Element | None:
    """The first ``w:`` child of an element that may be absent."""
    return None if element is None else element.find(f"{{{W}}}{name}")


def whole(text: str | None, default: int) -> int:
    """An integer attribute, or ``default`` where it is missing or not a number."""
    return int(text) if text and re.fullmatch(r"-?\d{1,9}", text) else default


class Numbering:
    """Counts through a document once: call ``number`` for each paragraph, in body order.

    Args:
        numbering: root of numbering.xml, or None.
        styles: root of styles.xml, or None.
    """

    def __init__(self, numbering: Element | None, styles: Element | None) -> None:
        self._styles = _styles(styles)
        self._lists = _lists(numbering, self._styles)
        self._counters: dict[str, list[int | None]] = {}
        self._started: set[tuple[str, int]] = set()

    def number(self, properties: Element | None) -> str:
        """The number in front of the paragraph with these ``w:pPr``, its white space included; or ''."""
        list_id, level_index = self._place(properties)
        definition = self._lists.get(list_id or "")
        if definition is None or level_index not in definition.levels:
            return ""
        level = definition.levels[level_index]
        counters = self._count(list_id or "", definition, level_index)
        if level.number_format == "bullet":
            return ""
        label = re.sub(
            r"%([1-9])", lambda found: _counter(definition, counters, level, int(found[1]) - 1), level.text
        )
        return label + ("" if level.suffix == "nothing" or not label else " ")

    def style_name(self, properties: Element | None) -> str:
        """The paragraph style's name, lower case; '' without one."""
        style = self._styles.get(attribute(child(properties, "pStyle")) or "")
        return (attribute(child(style, "name")) or "").lower()

    def _place(self, properties: Element | None) -> tuple[str | None, int]:
        """(list, level) of a paragraph: its own words first, then its style's and that style's base."""
        own = child(properties, "numPr")
        list_id = attribute(child(own, "numId"))
        level = attribute(child(own, "ilvl"))
        style_id = attribute(child(properties, "pStyle")) or self._default_style()
        seen: set[str] = set()
        while style_id and style_id not in seen and (list_id is None or level is None):
            seen.add(style_id)
            style = self._styles.get(style_id)
            inherited = child(child(style, "pPr"), "numPr")
            if inherited is not None:
                if list_id is None:
                    list_id = attribute(child(inherited, "numId"))
                    level = level or self._level_of_style(list_id, style_id)
                level = level or attribute(child(inherited, "ilvl"))
            style_id = attribute(child(style, "basedOn"))
        return (None if list_id == "0" else list_id), whole(level, 0)

    def _level_of_style(self, list_id: str | None, style_id: str) -> str | None:
        """The level that names this style as its own."""
        definition = self._lists.get(list_id or "")
        levels = definition.levels.items() if definition else ()
        return next((str(index) for index, level in levels if level.style == style_id), None)

    def _default_style(self) -> str | None:
        for style_id, style in self._styles.items():
            if attribute(style, "default") in {"1", "true"} and attribute(style, "type") == "paragraph":
                return style_id
        return None

    def _count(self, list_id: str, definition: ListDefinition, index: int) -> list[int | None]:
        counters = self._counters.setdefault(definition.owner, [None] * LEVELS)
        current = counters[index]
        if index in definition.starts and (list_id, index) not in self._started:
            counters[index] = definition.starts[index]
        else:
            counters[index] = definition.levels[index].start if current is None else current + 1
        self._started.add((list_id, index))
        for above in range(index):
            if counters[above] is None and above in definition.levels:
                counters[above] = definition.starts.get(above, definition.levels[above].start)
        for below, level in definition.levels.items():
            if below > index and _restarts(level, below, index):
                counters[below] = None
        return counters


def _restarts(level: Level, index: int, counted: int) -> bool:
    """Whether ``level`` begins again after a paragraph of the higher level ``counted``."""
    if level.restart is None:
        return counted < index
    return level.restart != 0 and counted < level.restart


def _counter(definition: ListDefinition, counters: list[int | None], level: Level, index: int) -> str:
    referred = definition.levels.get(index, Level())
    value = counters[index]
    if value is None:
        value = referred.start
    return render(value, "decimal" if level.legal else referred.number_format)


def _styles(root: Element | None) -> dict[str, Element]:
    if root is None:
        return {}
    return {attribute(style, "styleId") or "": style for style in root.iter(f"{{{W}}}style")}


def _lists(root: Element | None, styles: dict[str, Element]) -> dict[str, ListDefinition]:
    if root is None:
        return {}
    abstracts = {attribute(item, "abstractNumId"): item for item in root.findall(f"{{{W}}}abstractNum")}
    instances = {attribute(item, "numId"): item for item in root.findall(f"{{{W}}}num")}
    lists = {}
    for list_id, instance in instances.items():
        owner = attribute(child(instance, "abstractNumId"))
        abstract = _through_style(abstracts.get(owner), abstracts, instances, styles)
        if list_id is not None and abstract is not None:
            owner = attribute(abstract, "abstractNumId") or ""
            lists[list_id] = _overridden(instance, ListDefinition(owner, _levels(abstract)))
    return lists


def _through_style(
    abstract: Element | None,
    abstracts: dict[str | None, Element],
    instances: dict[str | None, Element],
    styles: dict[str, Element],
) -> Element | None:
    """An abstract list may only point to a list style, whose own list has the levels."""
    link = attribute(child(abstract, "numStyleLink"))
    if link is None:
        return abstract
    properties = child(child(styles.get(link), "pPr"), "numPr")
    instance = instances.get(attribute(child(properties, "numId")))
    return abstracts.get(attribute(child(instance, "abstractNumId")), abstract)


def _levels(abstract: Element) -> dict[int, Level]:
    return {
        whole(attribute(item, "ilvl"), 0): _level(item)
        for item in abstract.findall(f"{{{W}}}lvl")
        if 0 <= whole(attribute(item, "ilvl"), 0) < LEVELS
    }


def _level(item: Element) -> Level:
    number_format = attribute(child(item, "numFmt"))
    restart = attribute(child(item, "lvlRestart"))
    return Level(
        start=whole(attribute(child(item, "start")), 0),
        number_format=number_format or _alternate_format(item) or "decimal",
        text=attribute(child(item, "lvlText")) or "",
        suffix=attribute(child(item, "suff")) or "tab",
        restart=None if restart is None else whole(restart, 0),
        legal=child(item, "isLgl") is not None and attribute(child(item, "isLgl")) not in {"0", "false"},
        style=attribute(child(item, "pStyle")),
    )


def _alternate_format(item: Element) -> str | None:
    """Newer Word wraps a custom format in mc:AlternateContent; its fallback is a plain one."""
    return next(
        (attribute(found) for found in item.iter(f"{{{W}}}numFmt") if attribute(found) != "custom"), None
    )


def _overridden(instance: Element, definition: ListDefinition) -> ListDefinition:
    for override in instance.findall(f"{{{W}}}lvlOverride"):
        index = whole(attribute(override, "ilvl"), 0)
        if not 0 <= index < LEVELS:
            continue
        level = child(override, "lvl")
        start = attribute(child(override, "startOverride"))
        if level is not None:
            definition.levels[index] = _level(level)
        if start is not None:
            definition.starts[index] = whole(start, 1)
            base = definition.levels.get(index, Level())
            definition.levels[index] = replace(base, start=definition.starts[index])
    return definition

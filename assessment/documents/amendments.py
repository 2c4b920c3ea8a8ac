"""What an amending paper (修正案草案, 修改决定) does to the law it amends.

Each amending item is a unit of the document (一、 or, in a 修正案, 第一条); it may hold several
operations: 将第十条改为第十二条，第二款中的“甲”修改为“乙”，删去第三款. Quoted words are set aside
first, so that nothing inside new text is taken for an operation.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Literal

from assessment.documents.markers import match
from assessment.documents.models import Clause, Document
from assessment.documents.places import ARTICLE, PLACE

Action = Literal["modify", "add", "delete", "replace", "renumber"]
"""modify: a place gets new text; add: a place or words are put in; delete: taken out; replace: words
inside a place; renumber: only its number changes."""

Span = tuple[int, int]

AMENDING_TITLE = re.compile(r"关于(?:修改|修正|修订)|修正案|修改.{0,60}的决定")
AMENDING_LEAD = re.compile(r"(?:作|作出|进行|做)(?:了)?(?:如下|以下)(?:修改|修正|修订)|(?:修改|修正)如下")
LAW = re.compile(r"《([^《》]+(?:〈[^〉]+〉[^《》]*)?)》")
MASK = "■"
NAMED = r"(?<!的)(?:条例名称|法规名称|规章名称|名称|标题|题注|目录|序言)"
TARGET = re.compile(rf"(?P<first>{PLACE}|{NAMED})(?:至(?P<last>{PLACE}))?")
PHRASE = re.compile(r"[^，；。]+")
DELETES = re.compile(r"删去|删除|废止")
ADDS = re.compile(r"增加|增写|增列|增设|新增")
MODIFIES = re.compile(r"修改为|修正为|修改成|修订为|表述为|合并")
RENUMBERS = re.compile(r"改为|作为|调整为")
BECOMES = re.compile(r"(?:并|分别|依次)?作为|(?:具体)?内容(?:如下|为)")
CONTEXT = re.compile(rf"{ARTICLE}|序言")


@dataclass(frozen=True, slots=True)
class Amendment:
    """One operation of an amending item.

    Attributes:
        clause: id of the unit that says it.
        label: the item's label (三、 or 七、(二)).
        action: see ``Action``.
        target: the place it works on, as numbered before, completed from what the item says earlier
            (第十条第二款); where a new article is added, the place it comes after, or empty.
        becomes: the place under its new number, or of what is added; empty if it keeps its number.
        start, end: offsets of the phrase into ``Document.text``, quotations included.
        old: spans of the words that are replaced or deleted, without quotation marks.
        new: span of the new text without quotation marks, or None.
    """

    clause: str
    label: str
    action: Action
    target: str
    becomes: str
    start: int
    end: int
    old: tuple[Span, ...] = ()
    new: Span | None = None


def is_amending(document: Document) -> bool:
    """Whether a document amends another: by its title, or because it says 作如下修改 before its first unit."""
    first = next((unit.end for unit in document.units), 0)
    return bool(AMENDING_TITLE.search(document.title) or AMENDING_LEAD.search(document.text[:first]))


def amended_law(document: Document) -> str:
    """Name of the law an amending document amends, without 《》; empty if it names none."""
    named = LAW.search(document.title)
    if named:
        return named[1]
    law, found, _ = document.title.partition("修正案")
    if found:
        return law
    named = LAW.search(document.text)
    return named[1] if named else ""


def amendments(document: Document) -> tuple[Amendment, ...]:
    """The operations of an amending document in reading order; empty for any other."""
    if not is_amending(document):
        return ()
    by_id = {clause.id: clause for clause in document.clauses}
    found: list[Amendment] = []
    for unit in document.units:
        found += _of_item(unit, _article_above(unit, by_id))
    return tuple(found)


def _article_above(unit: Clause, by_id: dict[str, Clause]) -> str:
    """The article that the clause above speaks of: 七、对第二十条作如下修改."""
    above = by_id.get(unit.parent) if unit.parent else None
    named = CONTEXT.search(above.text, match_end(above)) if above and above.kind.startswith("level") else None
    return _tight(named[0]) if named else ""


def match_end(clause: Clause) -> int:
    """Offset in the clause's text behind its own marker."""
    marker = match(clause.text)
    return marker.end if marker else 0


def _of_item(unit: Clause, article: str) -> Iterator[Amendment]:
    quotations = _quotations(unit.text)
    masked = _masked(unit.text, quotations)
    pending: list[Amendment] = []
    for phrase in PHRASE.finditer(masked, match_end(unit)):
        words = phrase[0]
        quotes = [span for span in quotations if phrase.start() <= span[0] < phrase.end()]
        named = CONTEXT.search(words)
        if BECOMES.match(words.strip()) and pending:
            pending = [_completed(last, unit, words, quotes, phrase.end()) for last in pending]
            continue
        yield from pending
        pending = list(_operations(unit, phrase, quotes, article))
        if named and not RENUMBERS.search(words.partition(named[0])[0]):
            article = _tight(named[0])
    yield from pending


def _operations(unit: Clause, phrase: re.Match[str], quotes: list[Span], article: str) -> Iterator[Amendment]:
    words = phrase[0]
    action, verb = _action(words, bool(quotes))
    if action is None or verb is None:
        return
    before, after = words[: verb.start()], words[verb.end() :]
    targets = _targets(before, article) or (_targets(after, article) if action == "delete" else [])
    inside = CONTEXT.match(targets[0]) if targets and "条" in targets[0] else None
    becomes = _targets(after, inside[0] if inside else "") if action in {"renumber", "modify"} else []
    placed = [(span[0] + unit.start + 1, span[1] + unit.start - 1) for span in quotes]
    behind = [span for span in placed if span[0] - unit.start >= phrase.start() + verb.end()]
    named_to = max((place.end() for place in TARGET.finditer(before)), default=0)
    nearest = [span for span in placed if span[0] - unit.start > phrase.start() + named_to]
    old = tuple(span for span in nearest or placed if span not in behind)
    new: Span | None = behind[0] if behind else None
    if action == "delete":
        old, new = (*old, *behind), None
    base = Amendment(
        unit.id,
        unit.label,
        action,
        "",
        "",
        unit.start + phrase.start() + len(words) - len(words.lstrip()),
        unit.start + phrase.end(),
        old,
        new,
    )
    if not targets and (article or action == "add"):
        targets = [article]
    for index, target in enumerate(targets):
        yield replace(base, target=target, becomes=_paired(becomes, index, len(targets)))


def _paired(becomes: list[str], index: int, count: int) -> str:
    if len(becomes) == count:
        return becomes[index]
    return "、".join(becomes)


def _action(words: str, quoted: bool) -> tuple[Action | None, re.Match[str] | None]:
    """What a phrase does and the verb that says so."""
    if verb := DELETES.search(words):
        return "delete", verb
    if verb := MODIFIES.search(words):
        return ("replace" if MASK in words[: verb.start()] else "modify"), verb
    if verb := ADDS.search(words):
        return "add", verb
    if verb := RENUMBERS.search(words):
        return ("replace" if quoted and MASK in words[: verb.start()] else "renumber"), verb
    return None, None


def _completed(last: Amendment, unit: Clause, words: str, quotes: list[Span], end: int) -> Amendment:
    """An operation with what a phrase such as 作为第十一条：“…” says of it."""
    new = (quotes[0][0] + unit.start + 1, quotes[0][1] + unit.start - 1) if quotes else last.new
    article = CONTEXT.match(last.target)
    places = _targets(words, article[0] if article and last.action == "add" else "")
    return replace(last, becomes="、".join(places), new=new, end=unit.start + end)


def _targets(words: str, article: str) -> list[str]:
    """The places named, each completed with the article it stands in; a range stays one."""
    found: list[str] = []
    for named in TARGET.finditer(words):
        first = _tight(named["first"])
        if own := CONTEXT.match(first):
            article = own[0]
        elif article and first.startswith("第") and first[-1] in "款项目":
            first = article + first
        if found and first.startswith(found[-1]) and named["first"][0] == "第":
            found.pop()  # 第六十七条…中第六项 names one place
        found.append(first + (f"至{_tight(named['last'])}" if named["last"] else ""))
    return found


def _quotations(text: str) -> list[Span]:
    """The outermost quotations, marks included; one that repeats its mark with each paragraph is one."""
    spans: list[Span] = []
    depth, start = 0, 0
    for mark in re.finditer(r"[“”\"]", text):
        opens = mark[0] == "“" or (mark[0] == '"' and depth == 0)
        if opens and depth and not text[: mark.start()].rstrip(" \u3000").endswith("\n"):
            depth += 1
        elif opens and not depth:
            depth, start = 1, mark.start()
        elif not opens and depth:
            depth -= 1
            if depth == 0:
                spans.append((start, mark.end()))
    return [*spans, (start, len(text) + 1)] if depth else spans


def _masked(text: str, quotations: list[Span]) -> str:
    """The text with every quotation blotted out, its length kept; a line break does not part phrases."""
    for start, end in quotations:
        end = min(end, len(text))
        text = text[:start] + MASK * (end - start) + text[end:]
    return text.replace("\n", " ")


def _tight(words: str) -> str:
    return re.sub(r"\s", "", words)

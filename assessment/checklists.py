"""Assessment checklists: what an expert is asked, how the answers count, and how a checklist file is read.

A checklist is a YAML file (``checklists/*.yaml``; how to write one: ``docs/dev/checklists.md``). A case
keeps the text of the file it began with, so ``loads`` takes text as well as ``load`` a path.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, fields
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Literal, TypeVar, get_args

import yaml

from assessment.messages import ChecklistError
from assessment.screening.models import LENSES, Lens
from assessment.screening.taxonomy import load_taxonomy

Answer = Literal["符合", "部分符合", "不符合", "不适用", "证据不足"]
Mode = Literal["full", "quick"]
Evidence = Literal["quote", "absence", "paper"]
AnswerSource = Literal["正文", "起草说明", "附件", "需补充"]

ANSWERS: tuple[Answer, ...] = get_args(Answer)
SCALED: tuple[Answer, ...] = ("符合", "部分符合", "不符合")
"""The answers that count towards the score, best first; the other two are counted apart."""
MODES: tuple[Mode, ...] = get_args(Mode)
SOURCES: tuple[AnswerSource, ...] = get_args(AnswerSource)
EVIDENCE: tuple[Evidence, ...] = get_args(Evidence)

_NUMERAL = "[一二三四五六七八九十百千零]+"
_CITATION = re.compile(rf"[^第\s]+第{_NUMERAL}条(第{_NUMERAL}款)?(第（{_NUMERAL}）项)?")
_DEEPEST = 8
_Option = TypeVar("_Option", bound=str)


@dataclass(frozen=True, slots=True)
class Item:
    """One question of a checklist.

    Attributes:
        id: stable and unique within the checklist, e.g. ``GQ07``; never reused for another question.
        group: heading it stands under, e.g. ``乙 机会与准入``.
        criterion: its name in a few characters.
        question: what the expert answers.
        guidance: how to judge: where to look, what counts, the lawful look-alike.
        basis: citations such as ``妇女权益保障法第四十三条``.
        concern_types: taxonomy ids of the concerns that bear on it.
        sources: where the answer is to be found.
        meets, fails: short examples of texts that do and do not satisfy it.
        evidence: what 符合 stands on: ``quote`` words of the text, ``absence`` that nothing of the kind was
            found in it, ``paper`` the explanation or an attachment.
    """

    id: str
    group: str
    criterion: str
    question: str
    guidance: str
    basis: tuple[str, ...]
    concern_types: tuple[str, ...]
    sources: tuple[AnswerSource, ...]
    meets: tuple[str, ...]
    fails: tuple[str, ...]
    evidence: Evidence = "paper"


@dataclass(frozen=True, slots=True)
class Checklist:
    """A versioned set of questions under one lens; ``scale`` gives points (0..100) to the counted answers."""

    id: str
    version: int
    title: str
    lens: Lens
    mode: Mode
    issuer: str
    valid_from: date
    basis: tuple[str, ...]
    scale: Mapping[Answer, float]
    items: tuple[Item, ...]

    @property
    def groups(self) -> tuple[str, ...]:
        """The group headings, in order of first appearance."""
        return tuple(dict.fromkeys(item.group for item in self.items))

    def item(self, item_id: str) -> Item:
        """Return the item with this id; ChecklistError E321 if the checklist has none."""
        for item in self.items:
            if item.id == item_id:
                return item
        raise ChecklistError("E321", checklist=self.title, item=item_id)


_CHECKLIST_KEYS = tuple(field.name for field in fields(Checklist))
_ITEM_KEYS = (
    *(field.name for field in fields(Item) if field.name not in ("meets", "fails", "evidence")),
    "examples",
)


@dataclass(frozen=True, slots=True)
class Score:
    """What a set of answers comes to.

    Attributes:
        value: mean points of the counted answers, 0..100 to one decimal; None if none counts.
        counted: how many answers count (符合, 部分符合, 不符合).
        counts: number of answers of each of the five kinds, zeros included.
        by_group: the same mean within each group; None for a group where nothing counts.
        unanswered: ids of items without an answer, in order.
        formula: a Chinese sentence that shows how ``value`` came about.
    """

    value: float | None
    counted: int
    counts: dict[str, int]
    by_group: dict[str, float | None]
    unanswered: tuple[str, ...]
    formula: str


def load(path: Path) -> Checklist:
    """Read a checklist file; ChecklistError E3xx names file, line and key of the first mistake."""
    try:
        text = path.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise ChecklistError("E301", file=path.name) from error
    return loads(text, path.name)


@lru_cache(maxsize=64)
def loads(text: str, name: str) -> Checklist:
    """Read a checklist from YAML text; ``name`` stands for the file in error messages."""
    return _File(name).checklist(text)


def load_all(folder: Path) -> tuple[Checklist, ...]:
    """Read every ``*.yaml`` of a folder, by id and version; ChecklistError E316 if two are the same."""
    seen: dict[tuple[str, int], tuple[Path, Checklist]] = {}
    for path in sorted(folder.glob("*.yaml")):
        checklist = load(path)
        key = (checklist.id, checklist.version)
        if key in seen:
            other = seen[key][0].name
            value = f"{checklist.id} 第 {checklist.version} 版"
            raise ChecklistError("E316", folder=folder, file=path.name, other=other, value=value)
        seen[key] = (path, checklist)
    return tuple(seen[key][1] for key in sorted(seen))


def check_answer(item: Item, answer: str, reason: str) -> None:
    """Refuse an unknown answer (E322), and 不适用 or 证据不足 without a reason (E320)."""
    if answer not in ANSWERS:
        raise ChecklistError("E322", item=item.id, answer=answer, allowed="、".join(ANSWERS))
    if answer not in SCALED and not reason.strip():
        raise ChecklistError("E320", item=f"{item.id} {item.criterion}", answer=answer)


def score(checklist: Checklist, answers: Mapping[str, Answer | None]) -> Score:
    """Count the answers (item id to answer; None is the same as absent) of one sheet or of the settled result.

    Raises:
        ChecklistError: E321 for an item the checklist does not have, E322 for an unknown answer.
    """
    for item_id, answer in answers.items():
        item = checklist.item(item_id)
        if answer is not None and answer not in ANSWERS:
            raise ChecklistError("E322", item=item.id, answer=answer, allowed="、".join(ANSWERS))
    given = {item.id: answers.get(item.id) for item in checklist.items}
    counts = Counter(answer for answer in given.values() if answer is not None)
    value = _mean(checklist.scale, given.values())
    unanswered = tuple(item_id for item_id, answer in given.items() if answer is None)
    return Score(
        value=value,
        counted=sum(counts[answer] for answer in SCALED),
        counts={answer: counts[answer] for answer in ANSWERS},
        by_group={
            group: _mean(checklist.scale, (given[item.id] for item in checklist.items if item.group == group))
            for group in checklist.groups
        },
        unanswered=unanswered,
        formula=_formula(checklist.scale, counts, value, len(unanswered)),
    )


def _mean(scale: Mapping[Answer, float], answers: Iterable[Answer | None]) -> float | None:
    points = [scale[answer] for answer in answers if answer is not None and answer in scale]
    return round(sum(points) / len(points), 1) if points else None


def _formula(
    scale: Mapping[Answer, float], counts: Counter[Answer], value: float | None, unanswered: int
) -> str:
    apart = [(answer, counts[answer]) for answer in ("不适用", "证据不足")] + [("未作答", unanswered)]
    left_out = "、".join(f"{name} {number} 项" for name, number in apart if number)
    counted = sum(counts[answer] for answer in SCALED)
    if value is None:
        return f"没有可计分的清单项，不计算得分（{left_out}）"
    terms = " + ".join(f"{answer} {counts[answer]}×{scale[answer]:g}" for answer in SCALED)
    tail = f"；{left_out}不计入" if left_out else ""
    return f"得分 =（{terms}）÷ {counted} = {value:.1f}{tail}"


def _problem(error: yaml.MarkedYAMLError) -> str:
    problem = error.problem or ""
    if "\\t" in problem:
        return "用了制表符，请换成空格"
    if "another document" in problem:
        return "出现了第二份清单（---）"
    return "这一行或者上一行的写法无法理解"


class _Loader(yaml.SafeLoader):
    """Composes nodes only, and refuses what makes YAML dangerous: anchors, aliases, tags, deep nesting."""

    def __init__(self, text: str, name: str) -> None:
        super().__init__(text)
        self._file = name
        self._depth = 0

    def compose_node(self, parent: yaml.Node | None, index: int) -> yaml.Node | None:
        event = self.peek_event()  # type: ignore[no-untyped-call]
        self._refuse_if(
            isinstance(event, yaml.AliasEvent) or bool(event.anchor), event, "锚点和别名（& 和 *）"
        )
        self._refuse_if(getattr(event, "tag", None) is not None, event, "类型标签（! 开头）")
        self._depth += 1
        self._refuse_if(self._depth > _DEEPEST, event, f"超过 {_DEEPEST} 层的嵌套")
        node: yaml.Node | None = super().compose_node(parent, index)
        self._depth -= 1
        return node

    def _refuse_if(self, condition: bool, event: yaml.Event, detail: str) -> None:
        if condition:
            raise ChecklistError(
                "E303",
                file=self._file,
                line=(event.start_mark.line if event.start_mark else 0) + 1,
                detail=detail,
            )


@dataclass(frozen=True, slots=True)
class _File:
    """Turns composed YAML nodes into a checklist, knowing the line of everything."""

    name: str

    def fail(self, code: str, node: yaml.Node, **fields: object) -> ChecklistError:
        return ChecklistError(code, file=self.name, line=node.start_mark.line + 1, **fields)

    def checklist(self, text: str) -> Checklist:
        top = self.mapping(self.compose(text), "清单", _CHECKLIST_KEYS)
        lens: Lens = self.choice(top["lens"], "lens", LENSES)
        return Checklist(
            id=self.identifier(top["id"], "id", r"[a-z][a-z0-9-]*", "只用小写字母、数字和连字符，以字母开头"),
            version=self.version(top["version"], "version"),
            title=self.text(top["title"], "title"),
            lens=lens,
            mode=self.choice(top["mode"], "mode", MODES),
            issuer=self.text(top["issuer"], "issuer"),
            valid_from=self.day(top["valid_from"], "valid_from"),
            basis=self.citations(top["basis"], "basis"),
            scale=self.scale(top["scale"], "scale"),
            items=tuple(self.items(top["items"], lens)),
        )

    def compose(self, text: str) -> yaml.Node:
        try:
            node: yaml.Node | None = _Loader(text, self.name).get_single_node()
        except yaml.reader.ReaderError as error:
            line = text.count("\n", 0, error.position) + 1
            raise ChecklistError("E302", file=self.name, line=line, detail="有看不见的控制字符") from error
        except yaml.MarkedYAMLError as error:
            line = error.problem_mark.line + 1 if error.problem_mark else 1
            raise ChecklistError("E302", file=self.name, line=line, detail=_problem(error)) from error
        if node is None:
            raise ChecklistError("E302", file=self.name, line=1, detail="文件是空的")
        return node

    def items(self, node: yaml.Node, lens: Lens) -> Iterator[Item]:
        seen: set[str] = set()
        for position, entry in enumerate(self.sequence(node, "items"), start=1):
            where = f"items[{position}]"
            item = self.mapping(entry, where, _ITEM_KEYS, optional=("evidence",))
            item_id = self.identifier(
                item["id"], f"{where}.id", r"[A-Z]{1,3}\d{2,3}", "应当是大写字母加数字，如 GQ07"
            )
            if item_id in seen:
                raise self.fail("E310", item["id"], key=f"{where}.id", value=item_id)
            seen.add(item_id)
            yield self.item(item, item_id, lens)

    def item(self, node: dict[str, yaml.Node], item_id: str, lens: Lens) -> Item:
        examples = self.mapping(node["examples"], f"{item_id}.examples", ("meets", "fails"))
        return Item(
            id=item_id,
            group=self.text(node["group"], f"{item_id}.group"),
            criterion=self.text(node["criterion"], f"{item_id}.criterion"),
            question=self.text(node["question"], f"{item_id}.question"),
            guidance=self.text(node["guidance"], f"{item_id}.guidance"),
            basis=self.citations(node["basis"], f"{item_id}.basis"),
            concern_types=self.concern_types(node["concern_types"], f"{item_id}.concern_types", lens),
            sources=self.choices(node["sources"], f"{item_id}.sources", SOURCES),
            meets=self.texts(examples["meets"], f"{item_id}.examples.meets"),
            fails=self.texts(examples["fails"], f"{item_id}.examples.fails"),
            evidence=self.choice(node["evidence"], f"{item_id}.evidence", EVIDENCE)
            if "evidence" in node
            else "paper",
        )

    def mapping(
        self, node: yaml.Node, key: str, keys: tuple[str, ...], optional: tuple[str, ...] = ()
    ) -> dict[str, yaml.Node]:
        """The values of a mapping that has exactly these keys, each once; ``optional`` ones may be absent."""
        if not isinstance(node, yaml.MappingNode):
            raise self.fail("E307", node, key=key, expected="若干“键: 值”")
        found: dict[str, yaml.Node] = {}
        for key_node, value in node.value:
            name = str(key_node.value)
            if name in found:
                raise self.fail("E304", key_node, key=name)
            if name not in (*keys, *optional):
                raise self.fail("E306", key_node, key=name)
            found[name] = value
        for name in keys:
            if name not in found:
                raise self.fail("E305", node, key=name)
        return found

    def sequence(self, node: yaml.Node, key: str, empty: bool = False) -> list[yaml.Node]:
        if not isinstance(node, yaml.SequenceNode):
            raise self.fail("E307", node, key=key, expected="列表（每行以“- ”开头）")
        if not node.value and not empty:
            raise self.fail("E308", node, key=key)
        entries: list[yaml.Node] = node.value
        return entries

    def scalar(self, node: yaml.Node, key: str, kind: str, expected: str) -> str:
        if not isinstance(node, yaml.ScalarNode) or node.tag != f"tag:yaml.org,2002:{kind}":
            raise self.fail("E307", node, key=key, expected=expected)
        return str(node.value)

    def text(self, node: yaml.Node, key: str) -> str:
        if isinstance(node, yaml.ScalarNode) and not node.value.strip():
            raise self.fail("E308", node, key=key)
        return self.scalar(node, key, "str", "文字（像数字、日期或 yes/no 的请加引号）").strip()

    def texts(self, node: yaml.Node, key: str) -> tuple[str, ...]:
        return tuple(self.text(entry, key) for entry in self.sequence(node, key))

    def citations(self, node: yaml.Node, key: str) -> tuple[str, ...]:
        for entry, citation in zip(self.sequence(node, key), self.texts(node, key), strict=True):
            if not _CITATION.fullmatch(citation):
                raise self.fail("E314", entry, key=key, value=citation)
        return self.texts(node, key)

    def choice(self, node: yaml.Node, key: str, allowed: tuple[_Option, ...]) -> _Option:
        value = self.text(node, key)
        for option in allowed:
            if option == value:
                return option
        raise self.fail("E309", node, key=key, value=value, allowed="、".join(allowed))

    def choices(
        self, node: yaml.Node, key: str, allowed: tuple[_Option, ...], empty: bool = False
    ) -> tuple[_Option, ...]:
        return tuple(self.choice(entry, key, allowed) for entry in self.sequence(node, key, empty))

    def concern_types(self, node: yaml.Node, key: str, lens: Lens) -> tuple[str, ...]:
        allowed = tuple(load_taxonomy().concerns[lens])
        if isinstance(node, yaml.ScalarNode) and node.value == "all":
            return allowed
        return self.choices(node, key, allowed, empty=True)

    def identifier(self, node: yaml.Node, key: str, pattern: str, expected: str) -> str:
        value = self.text(node, key)
        if not re.fullmatch(pattern, value):
            raise self.fail("E315", node, key=key, value=value, expected=expected)
        return value

    def version(self, node: yaml.Node, key: str) -> int:
        if not isinstance(node, yaml.ScalarNode) or not re.fullmatch(r"[1-9]\d{0,5}", node.value):
            raise self.fail("E313", node, key=key)
        return int(node.value)

    def day(self, node: yaml.Node, key: str) -> date:
        value = str(node.value) if isinstance(node, yaml.ScalarNode) else ""
        try:
            return date.fromisoformat(value if re.fullmatch(r"\d{4}-\d{2}-\d{2}", value) else "")
        except ValueError as error:
            raise self.fail("E312", node, key=key, value=value) from error

    def scale(self, node: yaml.Node, key: str) -> dict[Answer, float]:
        points = self.mapping(node, key, SCALED)
        try:
            scale = {answer: float(str(points[answer].value)) for answer in SCALED}
        except ValueError as error:
            raise self.fail("E311", node, key=key) from error
        if not 100 == scale["符合"] > scale["部分符合"] > scale["不符合"] >= 0:
            raise self.fail("E311", node, key=key)
        return scale

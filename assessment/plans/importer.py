"""A published development plan, as text, becomes domains with goals and measures.

The text of a published plan carries page numbers, running heads and lines broken in mid-sentence. The
structure is in its headings: ``（一）妇女与健康``, ``主要目标``, ``策略措施``, and items numbered from 1.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from itertools import zip_longest

from assessment.messages import PlanError
from assessment.plans.index import load_plans
from assessment.plans.models import Domain, Goal, Lens, Measure, Plan

_CJK = r"\u3000-\u303f\u4e00-\u9fff\uff00-\uffef"
_STRAY_SPACE = re.compile(rf"(?<=[{_CJK}0-9%‰—/]) +| +(?=[{_CJK}0-9%‰—/])|\n")
_PAGE_NUMBER = re.compile(r"[-—– ]*[0-9]{1,4}[-—– ]*|第 ?[0-9]+ ?页.*|X")
_RUNNING_HEAD = re.compile("[^，。；：、“”0-9]{4,30}")
_TITLE = re.compile(r"[^，。；《》]{0,30}?(妇女|儿童)发展(?:规划|纲要)[^，。；《》]{0,24}")
_PERIOD = re.compile(r"((?:19|20)[0-9]{2}) ?[—–\-－~至到]+ ?((?:19|20)[0-9]{2})")
_DOMAIN = re.compile(r"[（(][一二三四五六七八九十]+[）)] ?([^，。；：]{2,24})[。：]?")
_SECTION = re.compile(r"[一二三四五六七八九十]+、[^，。；]{2,30}")
_GOALS = re.compile(r"(?:主要目标|目标任务|发展目标)[：:]?")
_MEASURES = re.compile(r"(?:策略措施|支持措施|主要措施|具体措施)[：:]?")
# A heading that a reader of layouts has joined to the sentence before it.
_GLUED_HEADING = re.compile(
    r"(?<=。)(?=(?:主要目标|目标任务|发展目标|策略措施|支持措施|主要措施|具体措施)[：:]\s)"
)
_FIGURE = re.compile(r"[0-9]+(?:\.[0-9]+)? ?(?:[%‰％]|/|名|个|万)|百分之")


@dataclass(slots=True)
class _Block:
    """The lines of one domain while they are gathered."""

    lens: Lens
    title: str
    plan_title: str
    goals: list[str]
    measures: list[str]


def import_plan(text: str) -> tuple[Plan, ...]:
    """Read the published text of one plan, or of a women's and a children's plan printed together.

    Returns:
        the plans in the order of the text; a domain the shipped index does not know is ``domain<n>``.

    Raises:
        PlanError: no goals (E801), or a part whose goals are not numbered from 1 (E802).
    """
    blocks = list(_blocks(_lines(text)))
    if not blocks:
        raise PlanError("E801")
    plans: list[Plan] = []
    for block in blocks:
        if not plans or plans[-1].title != block.plan_title or plans[-1].lens != block.lens:
            plans.append(Plan(block.plan_title, block.lens, _period(block.plan_title), ()))
        domain = _domain(block, len(plans[-1].domains) + 1)
        plans[-1] = replace(plans[-1], domains=(*plans[-1].domains, domain))
    return tuple(plans)


def to_json(plans: Sequence[Plan]) -> str:
    """The plans as JSON: ``{"plans": [{"title", "lens", "period", "domains": [...]}]}``."""
    return json.dumps({"plans": [asdict(plan) for plan in plans]}, ensure_ascii=False, indent=2)


def _lines(text: str) -> list[str]:
    """The lines of the text without page numbers and running heads, headings on lines of their own."""
    lines = [line.strip() for line in _GLUED_HEADING.sub("\n", text).splitlines()]
    heads = {line for line, times in Counter(lines).items() if times > 2 and _RUNNING_HEAD.fullmatch(line)}
    heads = {line for line in heads if not (_GOALS.fullmatch(line) or _MEASURES.fullmatch(line))}
    glued = re.compile("(?:" + "|".join(map(re.escape, heads)) + ")$") if heads else None
    bare = [glued.sub("", line) if glued else line for line in lines]
    return [line for line in bare if line and not _PAGE_NUMBER.fullmatch(line)]


def _blocks(lines: list[str]) -> Iterator[_Block]:
    plan_title, heading = "", ""
    block: _Block | None = None
    into: list[str] | None = None
    for line, following in zip_longest(lines, lines[1:], fillvalue=""):
        if _TITLE.fullmatch(line) and not line.startswith(("关于", "附件")):
            plan_title, into = line, None
        elif match := _GOALS.match(line):
            if block:
                yield block
            title = plan_title or heading
            block = _Block(_lens(heading, title), heading, title, [line[match.end() :]], [])
            into = block.goals
        elif block and (match := _MEASURES.match(line)):
            block.measures = into = [line[match.end() :]]
        elif (match := _DOMAIN.fullmatch(line)) and _GOALS.match(following):
            heading, into = match[1], None
        elif _SECTION.fullmatch(line):
            into = None
        elif into is not None:
            into.append(line)
    if block:
        yield block


def _lens(heading: str, title: str) -> Lens:
    for words in (heading, title):
        if re.search("儿童|未成年|少年", words):
            return "child"
        if re.search("妇女|女性", words):
            return "gender"
    return "gender"


def _period(title: str) -> str:
    match = _PERIOD.search(title)
    return f"{match[1]}—{match[2]}" if match else ""


def _domain(block: _Block, number: int) -> Domain:
    known = {domain.title: domain.id for plan in load_plans() for domain in plan.domains}
    domain_id = known.get(block.title, f"domain{number}")
    goals = tuple(
        Goal(f"{block.lens}.{domain_id}.{n}", n, text, _figures(text))
        for n, text in enumerate(_items(block.goals), start=1)
    )
    if not goals:
        raise PlanError("E802", domain=block.title)
    measures = tuple(Measure(n, text) for n, text in enumerate(_items(block.measures), start=1))
    return Domain(domain_id, block.title, goals, measures)


def _items(lines: list[str]) -> list[str]:
    """The numbered items of a block; only the number that is due next begins an item.

    So ``6.3岁以下`` is the start of item 6, and a line that happens to begin with ``3.4‰`` is not item 3.
    """
    text = "\n".join(lines)
    starts: list[tuple[int, int]] = []
    begun = 0
    while match := re.compile(rf"(?:^|(?<=[。；]))\s*{len(starts) + 1}[.．、]", re.M).search(text, begun):
        starts.append(match.span())
        begun = match.end()
    bounds = [*(start for start, _ in starts), len(text)]
    return [
        _STRAY_SPACE.sub("", text[begin:end]).strip()
        for (_, begin), end in zip(starts, bounds[1:], strict=True)
    ]


def _figures(text: str) -> tuple[str, ...]:
    return tuple(part for part in re.split("[，。；]", text) if _FIGURE.search(part))

"""What the overall conclusion might be, and where an opinion contradicts itself or leaves something out.

Both only propose: a person chooses the conclusion, and a remark never stops anybody.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from assessment.opinions.models import CONCLUSIONS, ChecklistScore, Opinion
from assessment.opinions.words import LENS
from assessment.screening.models import LENSES

OUTSIDE, NO_HARM, IMPROVE, REWORK, UNLAWFUL = CONCLUSIONS

LOW_SCORE = 60
"""Below this many points of 100 a checklist speaks for 建议重点修改."""
MANY_MEDIUM = 3
"""From this many clauses of medium severity on, the draft as a whole wants reworking."""
LARGE_SHARE = 1 / 3
"""More 证据不足 than this share of a checklist, and absence of harm cannot be concluded from it."""

_VERDICT = re.compile("违法(?!行为|犯罪|记录|所得|生育)|违宪|无效|不得(?:出台|发布|印发|施行)|予以撤销")
"""Words of a verdict, which an advisory opinion never speaks."""
_QUOTED = re.compile("“[^“”]*”")


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A proposed conclusion and, in Chinese, what it rests on.

    ``conclusion`` is one of ``CONCLUSIONS``, or empty where none can be drawn yet.
    """

    conclusion: str
    reason: str


@dataclass(frozen=True, slots=True)
class Remark:
    """Something to look at before signing: ``contradiction`` or ``missing``, said in Chinese."""

    kind: Literal["contradiction", "missing"]
    text: str


def suggest_conclusion(opinion: Opinion) -> Suggestion:
    """Propose a conclusion from what the opinion holds; its own ``conclusion`` is not looked at."""
    severities = Counter(row.severity for row in opinion.recommendations)
    low = [result for result in opinion.scores if result.value is not None and result.value < LOW_SCORE]
    thin = [result for result in opinion.scores if _evidence_share(result) > LARGE_SHARE]
    if severities["high"]:
        reason = f"有 {severities['high']} 条具体意见的等级为“高”（涉嫌与上位法不一致）"
        return Suggestion(UNLAWFUL, reason)
    if severities["medium"] >= MANY_MEDIUM:
        return Suggestion(REWORK, f"有 {severities['medium']} 条具体意见的等级为“中”（可能产生不利影响）")
    if low:
        names = "、".join(f"《{result.title}》{result.value:.1f} 分" for result in low)
        return Suggestion(REWORK, f"清单得分低于 {LOW_SCORE} 分：{names}")
    if opinion.recommendations or opinion.gaps:
        reason = (
            f"有 {len(opinion.recommendations)} 条具体意见、{len(opinion.gaps)} 条缺项建议，没有等级为“高”的"
        )
        return Suggestion(IMPROVE, reason)
    if thin:
        names = "、".join(f"《{result.title}》" for result in thin)
        return Suggestion(
            IMPROVE, f"{names}超过三分之一的清单项证据不足，宜先补充材料，暂不能认为没有不利影响"
        )
    undecided = [LENS[lens] for lens in LENSES if lens not in {row.lens for row in opinion.relevance}]
    if undecided:
        return Suggestion("", f"{'、'.join(undecided)}方面尚未评估，还不能得出没有不利影响的结论")
    if {row.lens for row in opinion.relevance if row.level == "none"} == set(LENSES):
        return Suggestion(OUTSIDE, "性别平等和儿童优先两个方面都判断为不涉及，并写明了理由")
    return Suggestion(NO_HARM, "没有已确认的疑似问题条款和缺项")


def check(opinion: Opinion) -> tuple[Remark, ...]:
    """Every contradiction and omission found, contradictions first; empty if there is none."""
    contradictions = (Remark("contradiction", text) for text in _contradictions(opinion))
    missing = (Remark("missing", text) for text in _omissions(opinion))
    return (*contradictions, *missing)


def _contradictions(opinion: Opinion) -> Iterator[str]:
    conclusion, rows = opinion.conclusion, opinion.recommendations
    high = [row.clause for row in rows if row.severity == "high"]
    if high and conclusion in CONCLUSIONS and conclusion != UNLAWFUL:
        yield f"{'、'.join(high)}的等级为“高”（涉嫌与上位法不一致），总体结论却是“{conclusion}”。"
    elif (rows or opinion.gaps) and conclusion in (OUTSIDE, NO_HARM):
        yield f"已提出 {len(rows)} 条具体意见、{len(opinion.gaps)} 条缺项建议，总体结论却是“{conclusion}”。"
    if not rows and conclusion == UNLAWFUL:
        yield f"没有具体意见，总体结论却是“{conclusion}”。"
    if not rows and not opinion.gaps and not opinion.evidence_missing and conclusion in (IMPROVE, REWORK):
        yield f"没有具体意见、缺项建议和证据缺口，总体结论却是“{conclusion}”。"
    yield from _relevance_contradictions(opinion)
    for row in rows:
        yield from _verdicts(f"{row.clause}的意见", f"{row.problem}{row.proposal}")
    yield from _verdicts("总体结论的说明", opinion.explanation)


def _relevance_contradictions(opinion: Opinion) -> Iterator[str]:
    levels = {row.lens: row.level for row in opinion.relevance}
    for lens in LENSES:
        if levels.get(lens) != "none":
            continue
        rows = [row.clause for row in opinion.recommendations if row.lens == lens]
        if rows:
            yield f"{LENS[lens]}方面判断为“不涉及”，却确认了{'、'.join(rows)}的问题。"
        if any(gap.lens == lens for gap in opinion.gaps):
            yield f"{LENS[lens]}方面判断为“不涉及”，却提出了缺项建议。"
        if any(result.lens == lens and any(result.counts.values()) for result in opinion.scores):
            yield f"{LENS[lens]}方面判断为“不涉及”，却有清单评分。"
    outside = set(levels.values()) == {"none"} and len(levels) == len(LENSES)
    if opinion.conclusion == OUTSIDE and not outside:
        yield "总体结论是“不涉及”，但相关性判断并不是两个方面都不涉及。"
    if outside and opinion.conclusion in CONCLUSIONS[1:]:
        yield f"两个方面都判断为“不涉及”，总体结论却是“{opinion.conclusion}”。"


def verdicts(text: str) -> tuple[str, ...]:
    """The words of a text that pass judgement on a draft, which only a court or a reviewing body may; what is quoted
    (“没收违法所得”) or names conduct (违法行为) is none."""
    return tuple(dict.fromkeys(_VERDICT.findall(_QUOTED.sub("", text))))


def _verdicts(where: str, text: str) -> Iterator[str]:
    for word in verdicts(text):
        yield f"{where}用了“{word}”。评估意见只供参考，请改用“涉嫌”“可能”“建议”一类说法。"


def _omissions(opinion: Opinion) -> Iterator[str]:
    decided = {row.lens: row for row in opinion.relevance}
    for lens in LENSES:
        row = decided.get(lens)
        if row is None:
            yield f"{LENS[lens]}方面还没有作出相关性判断，意见书将写明“未评估”。"
        elif not row.reason.strip():
            yield f"{LENS[lens]}方面的相关性判断没有写理由。"
        if row and row.level == "key" and not any(result.lens == lens for result in opinion.scores):
            yield f"{LENS[lens]}方面列为重点评估，但没有清单评分。"
    if opinion.conclusion not in CONCLUSIONS:
        yield "还没有选择总体结论。"
    for result in opinion.scores:
        yield from _score_omissions(result)
    for entry in opinion.recommendations:
        blank = [
            name
            for name, text in (("问题", entry.problem), ("依据", entry.basis), ("建议", entry.proposal))
            if not text
        ]
        if blank:
            yield f"{entry.clause}的意见没有写{'、'.join(blank)}。"
    treated = {row.clause for row in opinion.recommendations}
    for figure in opinion.figures:
        if figure.verdict == "低于要求" and figure.clause not in treated:
            yield f"{figure.clause}的“{figure.quote}”低于要求（{figure.expected}），但没有列入具体意见。"
    if not opinion.addressee.strip():
        yield "没有写致送单位。"
    if not opinion.contact.strip():
        yield "没有写联系人和联系方式。"


def _score_omissions(result: ChecklistScore) -> Iterator[str]:
    if _evidence_share(result) > LARGE_SHARE:
        number = result.counts["证据不足"]
        yield (
            f"《{result.title}》{len(result.items)} 项中有 {number} 项证据不足，超过三分之一，"
            "得分不宜单独引用，建议先请起草单位补充材料。"
        )
    open_items = [item.item for item in result.items if item.settled is None]
    if open_items:
        yield f"《{result.title}》有 {len(open_items)} 项尚未形成一致答案：{'、'.join(open_items)}。"


def _evidence_share(result: ChecklistScore) -> float:
    return result.counts["证据不足"] / len(result.items) if result.items else 0.0

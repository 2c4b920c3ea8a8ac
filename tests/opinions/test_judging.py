"""Proposed conclusions and remarks before signing."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from assessment.opinions import FindingDecision, check, compose, judging, suggest_conclusion
from assessment.opinions.models import CONCLUSIONS, ChecklistScore, ItemScore, Opinion, RelevanceRow
from tests.opinions import samples

OUTSIDE, NO_HARM, IMPROVE, REWORK, UNLAWFUL = CONCLUSIONS
RICH = samples.rich()
ASSESSED = tuple(RelevanceRow(lens=lens, level="general", reason="有影响") for lens in ("gender", "child"))
NEITHER = tuple(RelevanceRow(lens=lens, level="none", reason="只管设备参数") for lens in ("gender", "child"))


def scores(answers: list[str | None], value: float | None = 80.0) -> ChecklistScore:
    """A scored gender checklist with these common answers."""
    items = tuple(
        ItemScore(
            item=f"GQ{n:02d}",
            group="甲",
            question="？",
            answers=(a,),
            settled=a,
            reasons=("",),
            quotes=(),
        )
        for n, a in enumerate(answers, start=1)
    )
    kinds = ("符合", "部分符合", "不符合", "不适用", "证据不足")
    return ChecklistScore(
        checklist="gender-equality",
        version=1,
        title="清单",
        lens="gender",
        experts=("甲",),
        value=value,
        formula="得分",
        counts={kind: answers.count(kind) for kind in kinds},
        items=items,
    )


def opinion(keep: dict[str, int] | None = None, **changes: Any) -> Opinion:
    """An opinion with so many recommendations of each severity and nothing else, then changed."""
    full = compose(RICH)
    keep = keep or {}
    rows = [
        row
        for severity in keep
        for row in [r for r in full.recommendations if r.severity == severity][: keep[severity]]
    ]
    bare: dict[str, Any] = {
        "recommendations": tuple(rows),
        "gaps": (),
        "figures": (),
        "scores": (),
        "evidence_missing": (),
        "relevance": ASSESSED,
        "conclusion": NO_HARM,
    }
    return full.model_copy(update=bare | changes)


@pytest.mark.parametrize(
    ("case", "conclusion"),
    [
        (opinion({"high": 1, "medium": 5}), UNLAWFUL),
        (opinion({"medium": 3}), REWORK),
        (opinion({"medium": 2}), IMPROVE),
        (opinion({"hint": 1}), IMPROVE),
        (opinion(gaps=compose(RICH).gaps), IMPROVE),
        (opinion(scores=(scores(["不符合"], 59.9),)), REWORK),
        (opinion(scores=(scores(["符合"], 60.0),)), NO_HARM),
        (opinion(scores=(scores(["符合", "证据不足"]),)), IMPROVE),
        (opinion(), NO_HARM),
        (opinion(relevance=NEITHER), OUTSIDE),
        (opinion(relevance=ASSESSED[:1]), ""),
        (opinion(relevance=()), ""),
    ],
)
def test_suggest_conclusion(case: Opinion, conclusion: str) -> None:
    suggestion = suggest_conclusion(case)
    assert suggestion.conclusion == conclusion
    assert suggestion.reason


def test_suggest_conclusion_does_not_look_at_the_one_chosen() -> None:
    assert suggest_conclusion(opinion(conclusion=UNLAWFUL)) == suggest_conclusion(opinion())


CONTRADICTIONS = [
    ("high but no harm", opinion({"high": 1}), "等级为“高”"),
    ("high but improve", opinion({"high": 1}, conclusion=IMPROVE), "总体结论却是“建议完善”"),
    ("recommendations but no harm", opinion({"medium": 1}), "已提出 1 条具体意见"),
    ("gaps but no harm", opinion(gaps=compose(RICH).gaps), "2 条缺项建议"),
    ("unlawful without a clause", opinion(conclusion=UNLAWFUL), "没有具体意见"),
    ("improve without anything", opinion(conclusion=IMPROVE), "没有具体意见、缺项建议和证据缺口"),
    (
        "outside lens with a concern",
        opinion({"medium": 1}, relevance=NEITHER, conclusion=IMPROVE),
        "性别平等方面判断为“不涉及”，却确认了第二条第一款的问题",
    ),
    (
        "outside lens with a gap",
        opinion(gaps=compose(RICH).gaps[:1], relevance=NEITHER, conclusion=IMPROVE),
        "性别平等方面判断为“不涉及”，却提出了缺项建议",
    ),
    (
        "outside lens with scores",
        opinion(scores=(scores(["符合"]),), relevance=NEITHER, conclusion=OUTSIDE),
        "却有清单评分",
    ),
    ("conclusion outside, lens inside", opinion(conclusion=OUTSIDE), "并不是两个方面都不涉及"),
    ("conclusion inside, lenses outside", opinion(relevance=NEITHER), "两个方面都判断为“不涉及”"),
    (
        "a verdict",
        opinion({"medium": 1}, conclusion=IMPROVE, explanation="该条违法，不得出台。"),
        "用了“违法”",
    ),
]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("该条违法，应当无效。", ("违法", "无效")),
        ("予以撤销，不得出台。", ("予以撤销", "不得出台")),
        ("有违法行为的儿童被排除在外，违法犯罪记录被公开。", ()),
        ("“没收违法所得”“合同无效”是草案的原文。", ()),
        ("涉嫌与上位法不一致。", ()),
    ],
)
def test_a_verdict_is_told_from_a_quotation_and_from_conduct(text: str, words: tuple[str, ...]) -> None:
    assert judging.verdicts(text) == words


@pytest.mark.parametrize(
    ("case", "words"), [row[1:] for row in CONTRADICTIONS], ids=[r[0] for r in CONTRADICTIONS]
)
def test_check_contradictions(case: Opinion, words: str) -> None:
    assert any(remark.kind == "contradiction" and words in remark.text for remark in check(case))


def _bare_row() -> Opinion:
    case = opinion({"medium": 1}, conclusion=IMPROVE)
    blank = case.recommendations[0].model_copy(update={"basis": (), "proposal": ""})
    return case.model_copy(update={"recommendations": (blank,)})


OMISSIONS = [
    ("no relevance", opinion(relevance=ASSESSED[:1]), "儿童优先方面还没有作出相关性判断"),
    (
        "no reason",
        opinion(relevance=(ASSESSED[0].model_copy(update={"reason": " "}), ASSESSED[1])),
        "性别平等方面的相关性判断没有写理由",
    ),
    (
        "key without scores",
        opinion(relevance=(RelevanceRow(lens="child", level="key", reason="影响入学"), ASSESSED[0])),
        "儿童优先方面列为重点评估，但没有清单评分",
    ),
    ("no conclusion", opinion(conclusion=""), "还没有选择总体结论"),
    ("thin evidence", opinion(scores=(scores(["符合", "证据不足"]),)), "2 项中有 1 项证据不足，超过三分之一"),
    ("unsettled", opinion(scores=(scores(["符合", None]),)), "有 1 项尚未形成一致答案：GQ02"),
    ("blank cells", _bare_row(), "没有写依据、建议"),
    ("figure not treated", opinion(figures=compose(RICH).figures), "低于要求（女厕位与男厕位不低于3:2）"),
    ("no addressee", opinion(addressee=" "), "没有写致送单位"),
    ("no contact", opinion(contact=""), "没有写联系人"),
]


@pytest.mark.parametrize(("case", "words"), [row[1:] for row in OMISSIONS], ids=[row[0] for row in OMISSIONS])
def test_check_omissions(case: Opinion, words: str) -> None:
    assert any(remark.kind == "missing" and words in remark.text for remark in check(case))


def test_check_a_third_without_evidence_is_still_enough() -> None:
    assert check(opinion(scores=(scores(["符合", "符合", "证据不足"]),))) == ()


@pytest.mark.parametrize(
    "case",
    [
        opinion(),
        opinion({"medium": 1}, conclusion=IMPROVE),
        opinion({"high": 1}, conclusion=UNLAWFUL),
        opinion(relevance=NEITHER, conclusion=OUTSIDE),
    ],
)
def test_check_has_nothing_to_say_of_a_sound_opinion(case: Opinion) -> None:
    assert check(case) == ()


def test_check_accepts_the_suggested_conclusion() -> None:
    for decisions in (RICH.decisions, {}, {samples.CONCERNS[1].id: FindingDecision("confirmed", "concern")}):
        drafted = compose(replace(RICH, decisions=decisions, explanation=""))
        chosen = drafted.model_copy(update={"conclusion": suggest_conclusion(drafted).conclusion})
        assert [remark for remark in check(chosen) if remark.kind == "contradiction"] == []

"""How answers become a score: worked examples, then what must hold for any answers."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessment import paths
from assessment.checklists import ANSWERS, SCALED, Answer, check_answer, load, score
from assessment.messages import ChecklistError

FULL = load(paths.CHECKLISTS / "gender-equality.yaml")
SMALL = load(Path(__file__).parent / "good.yaml")
IDS = [item.id for item in FULL.items]

sheets = st.dictionaries(st.sampled_from(IDS), st.sampled_from(ANSWERS))


def _fill(**numbers: int) -> dict[str, Answer | None]:
    """A sheet on FULL with so many of each answer, in the order given."""
    answers = [answer for answer in ANSWERS for _ in range(numbers.get(answer, 0))]
    return dict(zip(IDS, answers, strict=False))


def test_score_shows_the_numbers_it_used() -> None:
    result = score(FULL, _fill(符合=12, 部分符合=4, 不符合=2, 不适用=3, 证据不足=2))
    assert result.value == 77.8
    assert result.counted == 18
    assert result.counts == {"符合": 12, "部分符合": 4, "不符合": 2, "不适用": 3, "证据不足": 2}
    assert result.unanswered == tuple(IDS[23:])
    assert result.formula == (
        "得分 =（符合 12×100 + 部分符合 4×50 + 不符合 2×0）÷ 18 = 77.8；"
        "不适用 3 项、证据不足 2 项、未作答 12 项不计入"
    )


def test_score_says_when_nothing_counts() -> None:
    result = score(SMALL, {"GQ01": "不适用", "GQ02": "证据不足"})
    assert result.value is None
    assert result.formula == "没有可计分的清单项，不计算得分（不适用 1 项、证据不足 1 项）"


def test_score_of_groups() -> None:
    assert score(SMALL, {"GQ01": "部分符合", "GQ02": "证据不足"}).by_group == {"甲 程序": 50, "乙 内容": None}


def test_score_takes_none_as_unanswered() -> None:
    assert score(SMALL, {"GQ01": "符合", "GQ02": None}) == score(SMALL, {"GQ01": "符合"})


def test_score_refuses_items_of_another_checklist() -> None:
    with pytest.raises(ChecklistError, match="E321"):
        score(SMALL, {"CQ01": "符合"})


def test_score_refuses_an_unknown_answer() -> None:
    with pytest.raises(ChecklistError, match="E322"):
        score(SMALL, {"GQ01": "大致符合"})  # type: ignore[dict-item]


@pytest.mark.parametrize("answer", ["不适用", "证据不足"])
def test_check_answer_wants_a_reason(answer: str) -> None:
    with pytest.raises(ChecklistError) as caught:
        check_answer(FULL.item("GQ07"), answer, "  ")
    assert caught.value.code == "E320"
    assert "GQ07 性别限制" in caught.value.message
    check_answer(FULL.item("GQ07"), answer, "文件不涉及录用")


@pytest.mark.parametrize("answer", SCALED)
def test_check_answer_needs_no_reason_for_counted_answers(answer: str) -> None:
    check_answer(FULL.item("GQ07"), answer, "")


def test_check_answer_refuses_an_unknown_answer() -> None:
    with pytest.raises(ChecklistError, match="E322"):
        check_answer(FULL.item("GQ07"), "是", "")


@given(sheets)
def test_score_stays_between_0_and_100(answers: dict[str, Answer | None]) -> None:
    result = score(FULL, answers)
    if result.value is None:
        assert result.counted == 0
    else:
        assert 0 <= result.value <= 100
        assert f"= {result.value:.1f}" in result.formula


@given(sheets, st.sampled_from(IDS), st.sampled_from([None, "不适用", "证据不足"]))
def test_score_is_not_moved_by_excluded_answers(
    answers: dict[str, Answer | None], item_id: str, excluded: Answer | None
) -> None:
    without = {key: answer for key, answer in answers.items() if key != item_id}
    assert score(FULL, {**without, item_id: excluded}).value == score(FULL, without).value


@given(sheets, st.randoms())
def test_score_does_not_depend_on_order(answers: dict[str, Answer | None], random: object) -> None:
    shuffled = list(answers.items())
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert score(FULL, dict(shuffled)) == score(FULL, answers)


@given(st.sets(st.sampled_from(IDS), min_size=1))
def test_score_of_nothing_but_meets_is_100(ids: set[str]) -> None:
    assert score(FULL, dict.fromkeys(ids, "符合")).value == 100


@given(sheets)
def test_score_counts_every_item_once(answers: dict[str, Answer | None]) -> None:
    result = score(FULL, answers)
    assert sum(result.counts.values()) + len(result.unanswered) == len(FULL.items)


@given(sheets, st.sampled_from(IDS))
def test_score_never_falls_when_an_answer_improves(answers: dict[str, Answer | None], item_id: str) -> None:
    values = [score(FULL, {**answers, item_id: answer}).value for answer in SCALED]
    assert values == sorted(values, key=lambda value: -(value or 0))

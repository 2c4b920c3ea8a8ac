"""What enters an opinion, and what does not."""

from __future__ import annotations

from dataclasses import replace

import pytest

from assessment.opinions import Edit, FindingDecision, OpinionInput, SheetAnswer, compose
from assessment.opinions.models import ADVISORY, PanelAnswer, RelevanceRow, SelfAnswer
from assessment.screening.explain import text_for
from tests.opinions import samples

RICH = samples.rich()
FIRST = samples.CONCERNS[0]


def decided(finding_id: str, decision: FindingDecision) -> OpinionInput:
    """The rich case with one decision changed."""
    return replace(RICH, decisions={**RICH.decisions, finding_id: decision})


def ids(case: OpinionInput) -> list[str]:
    return [row.id for row in compose(case).recommendations]


def test_only_confirmed_findings_enter() -> None:
    assert ids(replace(RICH, decisions={})) == []
    assert FIRST.id in ids(RICH)
    for decision in ("excluded", "undecided"):
        assert FIRST.id not in ids(decided(FIRST.id, FindingDecision(decision, "concern")))


def test_only_confirmed_gaps_enter() -> None:
    case = replace(RICH, gap_decisions={"child.report": "confirmed", "gender.consultation": "excluded"})
    assert [gap.id for gap in compose(case).gaps] == ["child.report"]


def test_recommendation_is_worded_as_the_finding() -> None:
    row = next(row for row in compose(RICH).recommendations if row.id == FIRST.id)
    assert (row.clause, row.quote) == ("第一条第一款", FIRST.quote)
    assert (row.problem, row.proposal, row.basis) == (FIRST.reason, FIRST.suggestion, FIRST.basis)
    assert row.types == ("direct_restriction",)


def test_recommendation_is_worded_as_a_person_edited_it() -> None:
    edit = Edit("可能排除女性报名。", ("妇女权益保障法第四十三条",), "建议删去“男性”。")
    row = next(
        row for row in compose(replace(RICH, edits={FIRST.id: edit})).recommendations if row.id == FIRST.id
    )
    assert (row.problem, row.basis, row.proposal) == (edit.problem, edit.basis, edit.proposal)


@pytest.mark.parametrize("left_out", [FIRST.id, "child.report"])
def test_edit_can_leave_out(left_out: str) -> None:
    opinion = compose(replace(RICH, edits={left_out: Edit("", (), "", included=False)}))
    assert left_out not in {row.id for row in (*opinion.recommendations, *opinion.gaps)}
    assert len(opinion.recommendations) + len(opinion.gaps) == 31


def test_retyped_finding_takes_the_texts_of_the_new_type() -> None:
    decision = FindingDecision("confirmed", "concern", ("unequal_standard",), "medium")
    row = next(row for row in compose(decided(FIRST.id, decision)).recommendations if row.id == FIRST.id)
    text = text_for("gender", "unequal_standard")
    assert row.types == ("unequal_standard",)
    assert (row.severity, row.problem, row.basis, row.proposal) == (
        "medium",
        text.reason,
        text.basis,
        text.suggestion,
    )


def test_retyped_finding_keeps_the_reason_the_person_gave() -> None:
    decision = FindingDecision("confirmed", "concern", ("unequal_standard",), "medium", "年龄只限男性。")
    row = next(row for row in compose(decided(FIRST.id, decision)).recommendations if row.id == FIRST.id)
    assert row.problem == "年龄只限男性。"


def test_finding_decided_to_be_protective_is_no_recommendation() -> None:
    case = decided(FIRST.id, FindingDecision("confirmed", "protective", reason="保障性规定"))
    assert FIRST.id not in ids(case)
    assert [row.note for row in compose(case).protective] == ["保障性规定", "为儿童安排了专门的活动时间。"]


def test_finding_decided_to_be_merely_relevant_is_in_no_table() -> None:
    opinion = compose(decided(FIRST.id, FindingDecision("confirmed", "relevant")))
    assert len(opinion.recommendations) == 29
    assert len(opinion.protective) == 1


def test_finding_added_by_hand_enters_with_basis_and_proposal_of_its_type() -> None:
    added = replace(
        samples.concern(20, "child", "child_privacy"),
        id="p1",
        reason="公开姓名。",
        basis=(),
        suggestion="",
        lookalike="",
        source="person",
    )
    row = next(row for row in compose(replace(RICH, added=(added,))).recommendations if row.id == "p1")
    text = text_for("child", "child_privacy")
    assert (row.problem, row.basis, row.proposal) == ("公开姓名。", text.basis, text.suggestion)


def test_recommendations_gravest_first_then_in_reading_order() -> None:
    rows = compose(RICH).recommendations
    order = {"high": 0, "medium": 1, "hint": 2}
    starts = {finding.id: finding.start for finding in samples.CONCERNS}
    assert [row.id for row in rows] == sorted(
        starts, key=lambda key: (order[next(r for r in rows if r.id == key).severity], starts[key])
    )


def test_figures_are_said_in_chinese() -> None:
    (row,) = compose(RICH).figures
    assert (row.clause, row.verdict) == ("第四条第一款", "低于要求")


def test_title_names_the_assessed_lenses() -> None:
    assert compose(RICH).title == "关于《示例市社区服务管理办法（草案）》性别平等评估和儿童优先评估的意见"
    outside = (RelevanceRow(lens="child", level="none", reason="只管设备"), RICH.relevance[1])
    assert compose(replace(RICH, relevance=outside)).title.endswith("》性别平等评估的意见")


def test_title_nests_book_marks() -> None:
    draft = replace(RICH.draft, title="示例市实施《示例法》办法")
    assert compose(replace(RICH, draft=draft)).title.startswith("关于《示例市实施〈示例法〉办法》")


def test_basis_names_each_source_once() -> None:
    basis = compose(RICH).basis
    assert basis[:2] == ("妇女权益保障法第八条", "未成年人保护法第四条")
    assert basis[-1] == "《示例市妇女发展规划》"
    assert len(set(basis)) == len(basis)


def scored(*answers: str | None, settled: str | None = None) -> OpinionInput:
    """A case in which each expert answers the first item of one checklist so (None: not at all)."""
    checklist = samples.FULL[1]
    first = checklist.items[0].id
    sheets = {
        f"专家{number}": {checklist.id: {first: SheetAnswer(answer, f"理由{number}")} if answer else {}}  # type: ignore[arg-type]
        for number, answer in enumerate(answers, start=1)
    }
    agreed = {checklist.id: {first: PanelAnswer(answer=settled)}} if settled else {}
    return replace(samples.empty(), checklists=(checklist,), sheets=sheets, settled=agreed)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("answers", "settled", "common"),
    [
        (("符合",), None, "符合"),
        (("符合", "符合"), None, "符合"),
        (("符合", "不符合"), None, None),
        (("符合", None), None, None),
        ((), None, None),
        (("符合", "不符合"), "部分符合", "部分符合"),
        (("符合", "符合"), "不符合", "不符合"),
    ],
)
def test_common_answer(answers: tuple[str | None, ...], settled: str | None, common: str | None) -> None:
    (result,) = compose(scored(*answers, settled=settled)).scores
    assert result.items[0].settled == common
    assert result.items[0].answers == answers


def test_score_is_that_of_the_common_answers() -> None:
    (result,) = compose(scored("符合", "不符合", settled="部分符合")).scores
    assert result.value == 50
    assert result.formula == (
        "得分 =（符合 0×100 + 部分符合 1×50 + 不符合 0×0）÷ 1 = 50.0；未形成一致答案 34 项不计入"
    )


def test_evidence_missing_names_the_item_and_the_reasons() -> None:
    (line,) = compose(scored("证据不足", "符合")).evidence_missing
    assert line.startswith("GQ01 ")
    assert line.endswith("（理由1）")


def test_evidence_found_by_the_panel_is_not_missing() -> None:
    assert compose(scored("证据不足", "符合", settled="符合")).evidence_missing == ()


def test_empty_case() -> None:
    opinion = compose(samples.empty())
    assert opinion.advisory == ADVISORY
    assert (opinion.recommendations, opinion.gaps, opinion.scores, opinion.relevance) == ((), (), (), ())
    assert opinion.engine == "条款筛查程序 1.0，模型 无，词表 无"


def test_compose_is_pure() -> None:
    assert compose(samples.rich()) == compose(samples.rich())


def test_agreement_of_the_sheets_is_measured() -> None:
    (result,) = compose(scored("符合", "不符合")).scores
    assert result.agreement is not None
    assert (result.agreement.items, result.agreement.unanimous, result.agreement.percent) == (1, 0, 0)
    assert (result.agreement.kappa, result.agreement.alpha_nominal) == (0, 0)
    (alone,) = compose(scored("符合")).scores
    assert alone.agreement is None


def test_kappa_of_three_sheets_is_that_of_fleiss() -> None:
    checklist = samples.FULL[1]
    first, second = (item.id for item in checklist.items[:2])
    given = (("符合", "不符合"), ("符合", "不符合"), ("不符合", "不符合"))
    sheets = {
        f"专家{number}": {checklist.id: {first: SheetAnswer(a), second: SheetAnswer(b)}}  # type: ignore[arg-type]
        for number, (a, b) in enumerate(given)
    }
    (result,) = compose(replace(samples.empty(), checklists=(checklist,), sheets=sheets)).scores
    assert result.agreement is not None
    assert result.agreement.percent == pytest.approx(200 / 3)
    assert result.agreement.kappa == pytest.approx(0.25)


def test_what_the_panel_and_the_unit_said_stands_beside_the_common_answer() -> None:
    checklist = samples.FULL[1]
    first = checklist.items[0].id
    settled = PanelAnswer(answer="部分符合", reason="讨论", votes={"部分符合": 2}, minority="甲")
    own = SelfAnswer(answer="符合", reason="已写明")
    case = replace(
        scored("符合", "不符合"),
        settled={checklist.id: {first: settled}},
        self_assessed={checklist.id: {first: own}},
    )
    item = compose(case).scores[0].items[0]
    assert (item.settled, item.panel, item.own, item.own_differs) == ("部分符合", settled, own, True)
    agreeing = replace(case, self_assessed={checklist.id: {first: SelfAnswer(answer="部分符合")}})
    assert not compose(agreeing).scores[0].items[0].own_differs

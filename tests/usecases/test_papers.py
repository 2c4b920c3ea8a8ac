"""The opinion: only what was confirmed, frozen by hash, signed by a name, outdated by any later change."""

from __future__ import annotations

from datetime import date
from io import BytesIO

import pytest
from docx import Document as WordDocument
from openpyxl import load_workbook

from assessment.messages import NotAllowedError, OpinionError
from tests.offices import PASSWORD, Office


def seen(office: Office, case_id: str) -> int:
    """The case's last event number now."""
    return office.bench.case(office.secretary, case_id).seen


def test_only_confirmed_findings_enter(office: Office) -> None:
    case_id = office.on_panel(office.expert)
    case = office.bench.case(office.officer, case_id)
    concerns = [view for view in case.findings if view.kind == "concern"]
    office.bench.decide_finding(office.officer, case_id, concerns[0].finding.id, "confirmed", case.seen)
    opinion = office.bench.draft_opinion(office.officer, case_id)
    assert [entry.id for entry in opinion.recommendations] == [concerns[0].finding.id]


def test_edited_wording_enters_and_can_be_left_out(office: Office) -> None:
    case_id = office.on_panel(office.expert)
    case = office.bench.case(office.officer, case_id)
    finding = next(view.finding for view in case.findings if view.kind == "concern")
    office.bench.decide_finding(office.officer, case_id, finding.id, "confirmed", case.seen)
    edit = (finding.id, "问题甲", ["妇女权益保障法第五十六条"], "建议乙")
    office.bench.edit_recommendation(office.officer, case_id, *edit, True, seen(office, case_id))
    entry = office.bench.draft_opinion(office.officer, case_id).recommendations[0]
    assert (entry.problem, entry.basis, entry.proposal) == ("问题甲", ("妇女权益保障法第五十六条",), "建议乙")
    office.bench.edit_recommendation(office.officer, case_id, *edit, False, seen(office, case_id))
    assert office.bench.draft_opinion(office.officer, case_id).recommendations == ()


def test_no_opinion_without_a_conclusion(office: Office) -> None:
    case_id = office.on_panel(office.expert)
    with pytest.raises(OpinionError, match="E601"):
        office.bench.compose_opinion(office.officer, case_id, seen(office, case_id))


def test_no_sheet_counts_before_all_of_its_checklist_are_in(office: Office) -> None:
    case_id = office.on_panel(office.expert, office.second_expert)
    office.fill(office.expert, case_id, "gender-quick")
    opinion = office.bench.draft_opinion(office.officer, case_id)
    assert (opinion.scores[0].experts, opinion.scores[0].value) == ((), None)
    office.fill(office.second_expert, case_id, "gender-quick")
    opinion = office.bench.draft_opinion(office.officer, case_id)
    assert opinion.scores[0].experts == ("expert", "second")
    assert opinion.scores[0].value == 100


def test_signed_papers_are_kept_as_signed(office: Office) -> None:
    case_id = office.composed()
    frozen = office.bench.case(office.secretary, case_id).row["opinion"]
    office.bench.sign_opinion(office.secretary, case_id, "评〔2026〕1号", frozen, seen(office, case_id))
    case = office.bench.case(office.secretary, case_id)
    assert (case.state, case.row["number"]) == ("signed", "评〔2026〕1号")
    papers = office.bench.papers(office.officer, case_id)
    assert papers is not None
    text = "\n".join(paragraph.text for paragraph in WordDocument(BytesIO(papers[0])).paragraphs)
    assert "评〔2026〕1号" in text
    assert "本意见供决策参考，不代替合法性审核" in text
    assert len(load_workbook(BytesIO(papers[1])).sheetnames) > 1
    assert office.bench.store.verify() == []


def test_a_change_after_composing_calls_for_a_new_opinion(office: Office) -> None:
    case_id = office.composed()
    case = office.bench.case(office.secretary, case_id)
    frozen = case.row["opinion"]
    finding = case.findings[0].finding
    office.bench.decide_finding(office.officer, case_id, finding.id, "confirmed", case.seen)
    assert office.bench.case(office.secretary, case_id).state == "reviewing"
    with pytest.raises(NotAllowedError, match="E502"):
        office.bench.sign_opinion(office.secretary, case_id, "1号", frozen, case.seen)


def test_signing_another_opinion_than_the_one_shown_is_refused(office: Office) -> None:
    case_id = office.composed()
    with pytest.raises(NotAllowedError, match="E514"):
        office.bench.sign_opinion(office.secretary, case_id, "1号", "0" * 64, seen(office, case_id))


def test_an_officer_composes_but_does_not_sign(office: Office) -> None:
    case_id = office.composed()
    frozen = office.bench.case(office.officer, case_id).row["opinion"]
    with pytest.raises(NotAllowedError, match="E501"):
        office.bench.sign_opinion(office.officer, case_id, "1号", frozen, seen(office, case_id))


def test_closing_and_reopening(office: Office) -> None:
    case_id = office.composed()
    frozen = office.bench.case(office.secretary, case_id).row["opinion"]
    office.bench.sign_opinion(office.secretary, case_id, "1号", frozen, seen(office, case_id))
    office.bench.close(office.secretary, case_id, "已反馈", seen(office, case_id))
    with pytest.raises(NotAllowedError, match="E505"):
        office.bench.reopen(office.secretary, case_id, "", seen(office, case_id))
    office.bench.reopen(office.secretary, case_id, "送审稿有改动", seen(office, case_id))
    assert office.bench.case(office.secretary, case_id).state == "reviewing"
    assert office.bench.papers(office.secretary, case_id) is not None


def test_the_paper_tells_what_the_procedure_recorded(office: Office) -> None:
    bench, quick = office.bench, "gender-quick"
    case_id = office.on_panel(office.expert, office.second_expert)
    bench.review_relevance(office.secretary, case_id, "gender", "general", "面不大", seen(office, case_id))
    bench.settle_relevance(office.secretary, case_id, "gender", "general", "议定", seen(office, case_id))
    bench.review_relevance(office.secretary, case_id, "child", "key", "", seen(office, case_id))
    cell = ("女", "18—60岁", "农村", "负向")
    bench.describe_affected(office.officer, case_id, "gender", [cell], "外嫁女", seen(office, case_id))
    gap = ("gender", "迁出户数", "分性别", "村委会", date(2026, 12, 1))
    kept = bench.record_data_gap(office.officer, case_id, *gap)
    closed = bench.record_data_gap(office.officer, case_id, "child", "学生数", "分年龄")
    bench.receive_data(
        office.officer, case_id, closed, "31", date(2026, 11, 1), "小学", seen(office, case_id)
    )
    unit = bench.create_account(office.chief, "drafter", "起草人", ["drafter"], "柳溪村民委员会", PASSWORD)
    office.fill(office.expert, case_id, quick)
    office.fill(office.second_expert, case_id, quick, "不符合")
    items = bench.own_sheets(office.expert, case_id)[0].checklist.items
    for item in items:
        bench.answer_self(unit, case_id, quick, item.id, "符合", "已写明")
    assert bench.draft_opinion(office.officer, case_id).scores[0].items[0].own is None
    bench.submit_self_assessment(unit, case_id, quick, "村主任", seen(office, case_id))
    bench.open_settlement(office.secretary, case_id, seen(office, case_id))
    bench.settle_item(
        office.secretary,
        case_id,
        quick,
        items[0].id,
        "部分符合",
        "只写了一半",
        seen(office, case_id),
        {"部分符合": 3, "不符合": 1},
        "一人认为不符合",
    )
    opinion = bench.draft_opinion(office.officer, case_id)

    (result,) = opinion.scores
    assert result.agreement is not None
    (settlement,) = bench.settlement(office.secretary, case_id)
    figures = settlement.agreement.overall
    assert (result.agreement.percent, result.agreement.kappa) == (figures.percent, figures.cohen)
    assert result.agreement.alpha_nominal == figures.alpha_nominal
    panel, own = result.items[0].panel, result.items[0].own
    assert panel is not None
    assert (panel.answer, panel.votes, panel.minority, panel.agreed) == (
        "部分符合", {"部分符合": 3, "不符合": 1}, "一人认为不符合", False,
    )  # fmt: skip
    assert own is not None
    assert (own.answer, result.items[0].own_differs, result.items[1].panel) == ("符合", True, None)
    gender, child = opinion.relevance
    assert gender.second is not None
    assert child.second is not None
    assert (gender.level, gender.second.first_level, gender.second.level) == ("general", "key", "general")
    assert (gender.second.settled, child.second.agrees) == (True, True)
    assert [(a.lens, a.cells, a.note) for a in opinion.affected] == [("gender", (cell,), "外嫁女")]
    assert [(g.figure, g.promised) for g in opinion.data_gaps] == [("迁出户数", date(2026, 12, 1))]
    assert kept != closed
    assert "起草单位自评" not in opinion.skipped
    assert "相关性复核" not in opinion.skipped
    assert {"利害关系声明", "合议"} <= set(opinion.skipped)
    assert any("起草单位自评表 1 份" in step.what for step in opinion.process)


def test_the_signed_paper_names_the_steps_left_out(office: Office) -> None:
    case_id = office.composed()
    composed = office.bench.composed_opinion(office.officer, case_id)
    assert composed is not None
    assert "合议" in composed.skipped
    assert "委员会审议" not in composed.skipped
    frozen = office.bench.case(office.secretary, case_id).row["opinion"]
    office.bench.sign_opinion(office.secretary, case_id, "1号", frozen, seen(office, case_id))
    signed = office.bench.composed_opinion(office.officer, case_id)
    assert signed is not None
    assert signed.skipped == (*composed.skipped, "委员会审议")
    assert signed.committee is None


def test_the_signed_paper_carries_the_decision_that_passed_exactly_it(office: Office) -> None:
    case_id = office.composed()
    frozen = office.bench.case(office.secretary, case_id).row["opinion"]
    office.bench.convene_committee(office.secretary, case_id, frozen, seen(office, case_id))
    votes = {"同意": 5, "反对": 1}
    office.bench.decide_committee(
        office.secretary, case_id, frozen, "附条件通过", seen(office, case_id), "写明时限", votes
    )
    office.bench.sign_opinion(office.secretary, case_id, "1号", frozen, seen(office, case_id))
    signed = office.bench.composed_opinion(office.officer, case_id)
    assert signed is not None
    assert signed.committee is not None
    assert (signed.committee.decision, signed.committee.conditions) == ("附条件通过", "写明时限")
    assert (signed.committee.votes, signed.committee.on) == (votes, date.today())
    assert "委员会审议" not in signed.skipped
    papers = office.bench.papers(office.officer, case_id)
    assert papers is not None
    text = "\n".join(paragraph.text for paragraph in WordDocument(BytesIO(papers[0])).paragraphs)
    assert "审议附条件通过（同意5票、反对1票）。条件：写明时限。" in text
    assert office.bench.store.verify() == []

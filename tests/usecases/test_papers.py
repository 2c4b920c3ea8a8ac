"""The opinion: only what was confirmed, frozen by hash, signed by a name, outdated by any later change."""

from __future__ import annotations

from io import BytesIO

import pytest
from docx import Document as WordDocument
from openpyxl import load_workbook

from assessment.messages import NotAllowedError, OpinionError
from tests.offices import Office


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

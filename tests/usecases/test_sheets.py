"""Independent sheets: stored as given, blind, locked, given back."""

from __future__ import annotations

import threading

import pytest

from assessment.messages import ChecklistError, NotAllowedError
from tests.offices import Office

QUICK = "gender-quick"


def test_answers_are_stored_as_they_are_given(office: Office) -> None:
    case_id = office.on_panel(office.expert)
    items = office.bench.own_sheets(office.expert, case_id)[0].checklist.items
    office.bench.score_item(office.expert, case_id, QUICK, items[0].id, "部分符合", "第二条", ["第二条：……"])
    office.bench.score_item(office.expert, case_id, QUICK, items[0].id, "不符合", "第二条")
    sheet = office.bench.own_sheets(office.expert, case_id)[0]
    assert sheet.given == {items[0].id: "不符合"}
    assert sheet.answers[items[0].id]["quotes"] == []
    office.bench.score_item(office.expert, case_id, QUICK, items[0].id, None)
    assert office.bench.own_sheets(office.expert, case_id)[0].given == {}


@pytest.mark.parametrize("answer", ["不适用", "证据不足"])
def test_answers_that_do_not_count_need_a_reason(office: Office, answer: str) -> None:
    case_id = office.on_panel(office.expert)
    item = office.bench.own_sheets(office.expert, case_id)[0].checklist.items[0]
    with pytest.raises(ChecklistError):
        office.bench.score_item(office.expert, case_id, QUICK, item.id, answer)
    office.bench.score_item(office.expert, case_id, QUICK, item.id, answer, "草案不涉及")
    assert office.bench.own_sheets(office.expert, case_id)[0].score.value is None


def test_a_sheet_is_submitted_whole_and_then_locked(office: Office) -> None:
    case_id = office.on_panel(office.expert)
    with pytest.raises(NotAllowedError, match=r"E512.*5"):
        office.bench.submit_sheet(office.expert, case_id, QUICK)
    office.fill(office.expert, case_id, QUICK)
    item = office.bench.own_sheets(office.expert, case_id)[0].checklist.items[0]
    with pytest.raises(NotAllowedError, match="E511"):
        office.bench.score_item(office.expert, case_id, QUICK, item.id, "不符合")
    office.bench.reopen_sheet(office.secretary, case_id, office.expert.id, QUICK, "第一项理由不清")
    office.bench.score_item(office.expert, case_id, QUICK, item.id, "不符合")


def test_nobody_sees_a_sheet_before_it_is_submitted(office: Office) -> None:
    case_id = office.on_panel(office.expert, office.second_expert)
    item = office.bench.own_sheets(office.expert, case_id)[0].checklist.items[0]
    office.bench.score_item(office.expert, case_id, QUICK, item.id, "不符合", "很机密的理由")
    for reader in (office.second_expert, office.secretary, office.officer, office.observer):
        assert office.bench.readable_sheets(reader, case_id) == ()
        assert "机密" not in str(office.bench.timeline(reader, case_id))


def test_nobody_reads_another_s_sheet_before_all_are_in(office: Office) -> None:
    case_id = office.on_panel(office.expert, office.second_expert)
    office.fill(office.expert, case_id, QUICK)
    assert office.bench.readable_sheets(office.second_expert, case_id) == ()
    assert office.bench.readable_sheets(office.secretary, case_id) == ()
    assert len(office.bench.readable_sheets(office.expert, case_id)) == 1
    office.fill(office.second_expert, case_id, QUICK)
    assert len(office.bench.readable_sheets(office.second_expert, case_id)) == 2


def test_progress_tells_how_far_not_what(office: Office) -> None:
    case_id = office.on_panel(office.expert, office.second_expert)
    office.fill(office.expert, case_id, QUICK)
    told = [(who, given, done) for who, _, given, done in office.bench.progress(office.secretary, case_id)]
    assert told == [(office.expert.id, 5, True), (office.second_expert.id, 0, False)]


def test_a_stranger_to_the_panel_sees_nothing(office: Office) -> None:
    case_id = office.on_panel(office.expert)
    with pytest.raises(NotAllowedError, match="E515"):
        office.bench.case(office.second_expert, case_id)
    assert office.bench.cases(office.second_expert) == []


def test_ten_experts_scoring_at_once_lose_nothing(office: Office) -> None:
    experts = [
        office.bench.create_account(office.chief, f"e{n}", f"专家{n}", ["expert"], "", "expert-pass-9")
        for n in range(10)
    ]
    case_id = office.on_panel(*experts, checklists=("gender-equality", "child-first"))
    items = [
        (sheet.checklist.id, item.id)
        for sheet in office.bench.own_sheets(experts[0], case_id)
        for item in sheet.checklist.items
    ][:40]
    errors: list[Exception] = []

    def score(expert: object) -> None:
        try:
            for checklist, item in items:
                office.bench.score_item(expert, case_id, checklist, item, "符合")  # type: ignore[arg-type]
        except Exception as error:
            errors.append(error)

    threads = [threading.Thread(target=score, args=(expert,)) for expert in experts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
    given = [sum(len(s.given) for s in office.bench.own_sheets(expert, case_id)) for expert in experts]
    assert given == [40] * 10
    assert office.bench.store.verify() == []


def test_history_hides_an_open_sheet_of_somebody_who_submitted_another(office: Office) -> None:
    case_id = office.on_panel(office.expert, office.second_expert, checklists=("gender-quick", "child-quick"))
    office.fill(office.expert, case_id, QUICK)
    office.bench.score_item(office.expert, case_id, "child-quick", "CK01", "不符合", "尚未提交")
    for reader in (office.secretary, office.observer):
        told = [
            row["subject"] for row in office.bench.timeline(reader, case_id) if row["kind"] == "ItemScored"
        ]
        assert told == []
    office.fill(office.second_expert, case_id, QUICK)
    told = [
        r["subject"] for r in office.bench.timeline(office.secretary, case_id) if r["kind"] == "ItemScored"
    ]
    assert told
    assert not any("child-quick" in subject for subject in told)
    own = [row["subject"] for row in office.bench.timeline(office.expert, case_id)]
    assert any("child-quick" in subject for subject in own)

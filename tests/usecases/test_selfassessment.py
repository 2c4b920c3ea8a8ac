"""The drafting unit: its self-assessment, papers it is asked for, figures nobody has given."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from assessment.messages import NotAllowedError
from assessment.records.accounts import Account
from assessment.workbench import Paper
from tests.offices import PASSWORD, Office

QUICK = "gender-quick"
TOMORROW = date.today() + timedelta(days=1)


def drafter(office: Office, unit: str = "柳溪村民委员会") -> Account:
    """Somebody of a drafting unit."""
    return office.bench.create_account(office.chief, f"d-{unit}", "村文书", ["drafter"], unit, PASSWORD)


def seen(office: Office, case_id: str) -> int:
    """The case's last event number now."""
    return office.bench.case(office.secretary, case_id).seen


def chosen(office: Office) -> str:
    """A case with a checklist and no panel."""
    case_id = office.relevant()
    office.bench.choose_checklists(office.officer, case_id, [QUICK], seen(office, case_id))
    return case_id


def test_the_unit_answers_hands_in_and_gets_it_back(office: Office) -> None:
    case_id, unit = chosen(office), drafter(office)
    items = office.bench.self_assessments(unit, case_id)[0].checklist.items
    office.bench.attach(unit, case_id, Paper("说明.txt", "起草说明", "说明".encode()))
    file = office.bench.attachments(unit, case_id)[0]["file"]
    for item in items:
        office.bench.answer_self(unit, case_id, QUICK, item.id, "符合", "见说明", (), [file], "继续执行")
    assert office.bench.self_assessments(office.officer, case_id)[0].answers == {}
    with pytest.raises(NotAllowedError, match="E536"):
        office.bench.submit_self_assessment(unit, case_id, QUICK, "  ", seen(office, case_id))
    office.bench.submit_self_assessment(unit, case_id, QUICK, "张主任", seen(office, case_id))
    sheet = office.bench.self_assessments(office.officer, case_id)[0]
    assert (sheet.submitted, sheet.left, sheet.status["responsible"]) == (True, 0, "张主任")
    assert sheet.answers[items[0].id]["attachments"] == [file]
    with pytest.raises(NotAllowedError, match="E511"):
        office.bench.answer_self(unit, case_id, QUICK, items[0].id, "不符合")
    office.bench.return_self_assessment(office.officer, case_id, QUICK, "缺数据", seen(office, case_id))
    office.bench.answer_self(unit, case_id, QUICK, items[0].id, "不符合")
    assert office.bench.store.verify() == []


def test_unfinished_or_resting_on_a_foreign_paper_is_refused(office: Office) -> None:
    case_id, unit = chosen(office), drafter(office)
    item = office.bench.self_assessments(unit, case_id)[0].checklist.items[0].id
    with pytest.raises(NotAllowedError, match="E535"):
        office.bench.answer_self(unit, case_id, QUICK, item, "符合", attachments=["a" * 64])
    office.bench.answer_self(unit, case_id, QUICK, item, "符合")
    with pytest.raises(NotAllowedError, match=r"E512.*4"):
        office.bench.submit_self_assessment(unit, case_id, QUICK, "张主任", seen(office, case_id))


def test_only_the_unit_of_the_draft(office: Office) -> None:
    case_id, other = chosen(office), drafter(office, "邻村")
    with pytest.raises(NotAllowedError, match="E515"):
        office.bench.self_assessments(other, case_id)
    with pytest.raises(NotAllowedError, match="E501"):
        office.bench.answer_self(office.officer, case_id, QUICK, "GK01", "符合")


def test_the_unit_reads_no_sheet_of_the_experts(office: Office) -> None:
    case_id, unit = office.on_panel(office.expert), drafter(office)
    office.fill(office.expert, case_id, QUICK)
    assert office.bench.readable_sheets(unit, case_id) == ()
    assert office.bench.progress(unit, case_id) == []
    assert not [row for row in office.bench.timeline(unit, case_id) if row["kind"] == "ItemScored"]


def test_material_is_asked_for_and_answered(office: Office) -> None:
    case_id, unit = office.on_panel(office.expert), drafter(office)
    request = office.bench.request_material(office.expert, case_id, "外嫁女人数", TOMORROW)
    with pytest.raises(NotAllowedError, match="E537"):
        office.bench.answer_material(unit, case_id, request, " ", [], seen(office, case_id))
    office.bench.answer_material(unit, case_id, request, "共 12 人", [], seen(office, case_id))
    (row,) = office.bench.material_requests(office.officer, case_id)
    assert (row["what"], row["answer"], row["answered_by"]) == ("外嫁女人数", "共 12 人", unit.id)
    with pytest.raises(NotAllowedError, match="E538"):
        office.bench.answer_material(unit, case_id, "m-none", "有", [], seen(office, case_id))


def test_the_data_gap_register(office: Office) -> None:
    case_id, unit = office.on_panel(office.expert), drafter(office)
    with pytest.raises(NotAllowedError, match="E539"):
        office.bench.record_data_gap(office.officer, case_id, "gender", "人数", " ")
    gap = office.bench.record_data_gap(
        office.expert, case_id, "gender", "享受分配人数", "分性别", item="GK03"
    )
    office.bench.record_data_gap(
        unit, case_id, "gender", "享受分配人数", "分性别", "村会计", TOMORROW, "GK03", gap
    )
    (row,) = office.bench.data_gaps(office.officer)
    assert (row["holder"], row["promised"], row["received"]) == ("村会计", TOMORROW.isoformat(), None)
    assert row["title"].startswith("柳溪村")
    office.bench.receive_data(
        unit, case_id, gap, "男 210、女 160", date.today(), "台账", seen(office, case_id)
    )
    (row,) = office.bench.data_gaps(unit, case_id)
    assert (row["value"], row["holder"]) == ("男 210、女 160", "村会计")
    assert office.bench.data_gaps(office.second_expert) == []

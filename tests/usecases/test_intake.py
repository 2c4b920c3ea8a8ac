"""A draft comes in; nothing is stored by halves; relevance, checklists and panel."""

from __future__ import annotations

import pytest

from assessment.messages import ConflictError, DocumentError, NotAllowedError
from assessment.workbench import Description, Incoming
from tests.offices import VILLAGE_RULES, Office


def test_received_draft_is_stored_screened_and_readable(office: Office) -> None:
    case = office.bench.case(office.officer, office.receive())
    assert case.state == "screened"
    assert [unit.label for unit in case.document.units] == [f"第{n}条" for n in "一二三四五六"]
    assert {view.finding.lens for view in case.findings if view.kind == "concern"} == {"gender", "child"}
    assert all(case.document.text[v.finding.start : v.finding.end] == v.finding.quote for v in case.findings)
    assert office.bench.store.files.get(case.row["file"]).decode() == VILLAGE_RULES
    assert office.bench.store.verify() == []


@pytest.mark.parametrize("data", [b"", b"PK\x03\x04 broken", b"%PDF-1.7 nothing", b"\x00\x01\x02" * 50])
def test_unreadable_file_stores_nothing(office: Office, data: bytes) -> None:
    with pytest.raises(DocumentError):
        office.bench.receive(office.officer, Incoming(data, "草案.docx"), Description("草案", "其他", "起草"))
    assert office.bench.cases(office.officer) == []
    assert list(office.bench.store.files.names()) == []


def test_the_same_file_is_noticed(office: Office) -> None:
    office.receive()
    document = office.bench.preview(VILLAGE_RULES.encode(), "副本.txt")
    assert len(office.bench.same_file(office.officer, document)) == 1
    assert office.bench.same_file(office.expert, document) == []


def test_relevance_needs_a_reason_and_keeps_the_proposal(office: Office) -> None:
    case_id = office.receive()
    seen = office.bench.case(office.officer, case_id).seen
    with pytest.raises(NotAllowedError, match="E505"):
        office.bench.decide_relevance(office.officer, case_id, "gender", "none", "  ", seen)
    office.bench.decide_relevance(office.officer, case_id, "gender", "none", "只涉及卫生管理", seen)
    case = office.bench.case(office.officer, case_id)
    row = case.relevance["gender"]
    assert (row["level"], row["reason"]) == ("none", "只涉及卫生管理")
    assert row["machine_level"] == case.screening.relevance["gender"].level


def test_both_lenses_none_is_recorded_as_not_relevant(office: Office) -> None:
    case_id = office.receive()
    for lens in ("gender", "child"):
        seen = office.bench.case(office.officer, case_id).seen
        office.bench.decide_relevance(office.officer, case_id, lens, "none", "不涉及自然人", seen)
    assert office.bench.case(office.officer, case_id).state == "not_relevant"


def test_checklist_stays_at_the_version_the_case_began_with(
    office: Office, monkeypatch: pytest.MonkeyPatch, tmp_path: pytest.TempPathFactory
) -> None:
    case_id = office.on_panel(office.expert)
    before = office.bench.case(office.officer, case_id).checklists[0]
    newer = office.bench.store.folder.parent / "checklists"
    newer.mkdir()
    from assessment import paths

    text = (paths.CHECKLISTS / "gender-quick.yaml").read_text(encoding="utf-8")
    (newer / "gender-quick.yaml").write_text(text.replace("version: 1", "version: 2", 1), encoding="utf-8")
    monkeypatch.setattr("assessment.usecases.intake.CHECKLISTS", newer)
    assert office.bench.offered_checklists()[0].version == 2
    seen = office.bench.case(office.officer, case_id).seen
    office.bench.appoint(office.officer, case_id, ["gender-quick"], [office.expert.id], seen)
    assert office.bench.case(office.officer, case_id).checklists[0] == before
    assert before.version == 1


def test_an_expert_who_answered_cannot_be_removed(office: Office) -> None:
    case_id = office.on_panel(office.expert, office.second_expert)
    sheet = office.bench.own_sheets(office.expert, case_id)[0]
    office.bench.score_item(office.expert, case_id, "gender-quick", sheet.checklist.items[0].id, "符合")
    seen = office.bench.case(office.officer, case_id).seen
    with pytest.raises(NotAllowedError, match="E507"):
        office.bench.appoint(office.officer, case_id, ["gender-quick"], [office.second_expert.id], seen)


def test_two_people_describing_one_draft(office: Office) -> None:
    case_id = office.receive()
    seen = office.bench.case(office.officer, case_id).seen
    office.bench.describe(office.officer, case_id, Description("甲", "村规民约", "起草"), seen)
    with pytest.raises(ConflictError):
        office.bench.describe(office.secretary, case_id, Description("乙", "村规民约", "起草"), seen)
    assert office.bench.case(office.officer, case_id).row["title"] == "甲"


@pytest.mark.parametrize("who", ["expert", "observer"])
def test_others_cannot_register(office: Office, who: str) -> None:
    with pytest.raises(NotAllowedError, match="E501"):
        office.bench.receive(
            getattr(office, who),
            Incoming(VILLAGE_RULES.encode(), "村规.txt"),
            Description("村规", "村规民约", "起草"),
        )

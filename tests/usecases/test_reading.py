"""What waits for whom, and what happened, in words a person understands."""

from __future__ import annotations

from tests.offices import Office


def tasks(office: Office, who: str) -> list[str]:
    """What waits for one person."""
    return [task.what for task in office.bench.waiting(getattr(office, who))]


def test_tasks_follow_the_case(office: Office) -> None:
    office.receive()
    assert tasks(office, "officer") == ["作相关性判断"]
    assert tasks(office, "expert") == []


def test_experts_are_asked_for_their_own_sheets(office: Office) -> None:
    case_id = office.on_panel(office.expert, office.second_expert)
    assert any("还有 5 项" in what for what in tasks(office, "expert"))
    office.fill(office.expert, case_id, "gender-quick")
    assert not any("快速评估清单" in what for what in tasks(office, "expert"))
    assert any("还有 5 项" in what for what in tasks(office, "second_expert"))


def test_signing_waits_for_who_may_sign(office: Office) -> None:
    office.composed()
    assert "签发评估意见" in tasks(office, "secretary")
    assert "签发评估意见" not in tasks(office, "officer")


def test_the_history_names_clauses_not_ids(office: Office) -> None:
    case_id = office.relevant()
    case = office.bench.case(office.officer, case_id)
    view = next(v for v in case.findings if v.kind == "concern")
    office.bench.decide_finding(office.officer, case_id, view.finding.id, "confirmed", case.seen)
    last = office.bench.timeline(office.officer, case_id)[-1]
    assert case.document.clause(view.finding.clause).label in last["summary"]
    assert view.finding.id not in last["summary"]

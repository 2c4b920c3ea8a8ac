"""Findings and gaps decided by people; the machine's own stays."""

from __future__ import annotations

import pytest

from assessment.messages import ConflictError, NotAllowedError
from assessment.views import CaseView, FindingView
from assessment.workbench import Mark
from tests.offices import Office


def concern(case: CaseView, lens: str) -> FindingView:
    """The first concern under a lens."""
    return next(v for v in case.findings if v.kind == "concern" and v.finding.lens == lens)


def test_confirming_keeps_the_proposal(office: Office) -> None:
    case_id = office.relevant()
    case = office.bench.case(office.officer, case_id)
    view = concern(case, "gender")
    office.bench.decide_finding(office.officer, case_id, view.finding.id, "confirmed", case.seen)
    after = office.bench.case(office.officer, case_id).finding(view.finding.id)
    assert (after.decision, after.by) == ("confirmed", office.officer.id)
    assert after.finding == view.finding


def test_excluding_needs_a_reason(office: Office) -> None:
    case_id = office.relevant()
    case = office.bench.case(office.officer, case_id)
    finding = concern(case, "gender").finding
    with pytest.raises(NotAllowedError, match="E508"):
        office.bench.decide_finding(office.officer, case_id, finding.id, "excluded", case.seen)
    office.bench.decide_finding(
        office.officer, case_id, finding.id, "excluded", case.seen, reason="引述后否定"
    )
    assert office.bench.case(office.officer, case_id).finding(finding.id).reason == "引述后否定"


def test_retyping_changes_the_view_not_the_finding(office: Office) -> None:
    case_id = office.relevant()
    case = office.bench.case(office.officer, case_id)
    view = concern(case, "gender")
    office.bench.decide_finding(
        office.officer,
        case_id,
        view.finding.id,
        "confirmed",
        case.seen,
        types=["household_rights"],
        severity="hint",
    )
    after = office.bench.case(office.officer, case_id).finding(view.finding.id)
    assert (after.types, after.severity) == (("household_rights",), "hint")
    assert after.finding.types == view.finding.types


def test_a_concern_needs_a_type(office: Office) -> None:
    case_id = office.relevant()
    case = office.bench.case(office.officer, case_id)
    finding = concern(case, "child").finding
    with pytest.raises(NotAllowedError, match="E509"):
        office.bench.decide_finding(office.officer, case_id, finding.id, "confirmed", case.seen, types=[])


def test_second_person_on_one_finding_is_told(office: Office) -> None:
    case_id = office.relevant()
    case = office.bench.case(office.officer, case_id)
    first, second = concern(case, "gender").finding, concern(case, "child").finding
    office.bench.decide_finding(office.officer, case_id, first.id, "confirmed", case.seen)
    office.bench.decide_finding(office.secretary, case_id, second.id, "confirmed", case.seen)
    with pytest.raises(ConflictError, match="E401"):
        office.bench.decide_finding(office.secretary, case_id, first.id, "excluded", case.seen, reason="重复")
    assert office.bench.case(office.officer, case_id).finding(first.id).decision == "confirmed"


def test_adding_by_hand_points_into_the_text(office: Office) -> None:
    case_id = office.relevant()
    case = office.bench.case(office.officer, case_id)
    start = case.document.text.index("垃圾分类")
    mark = Mark(start, start + 4, "child", "concern", ("data_gap",), "hint", "试标", "改为……")
    finding_id = office.bench.add_finding(office.officer, case_id, mark, case.seen)
    view = office.bench.case(office.officer, case_id).finding(finding_id)
    assert (view.finding.quote, view.finding.unit, view.decision) == ("垃圾分类", "a4", "confirmed")
    assert view.added
    assert view.finding.basis


@pytest.mark.parametrize(("start", "end"), [(-1, 3), (5, 5), (0, 10**6), (0, 3)])
def test_a_mark_outside_the_clauses_is_refused(office: Office, start: int, end: int) -> None:
    case_id = office.relevant()
    seen = office.bench.case(office.officer, case_id).seen
    mark = Mark(start, end, "child", "relevant", (), "none", "试标")
    with pytest.raises(NotAllowedError, match="E510"):
        office.bench.add_finding(office.officer, case_id, mark, seen)


@pytest.mark.parametrize("who", ["observer", "expert"])
def test_only_office_and_panel_decide(office: Office, who: str) -> None:
    case_id = office.relevant()
    case = office.bench.case(office.officer, case_id)
    finding = concern(case, "gender").finding
    with pytest.raises(NotAllowedError, match=r"E501|E515"):
        office.bench.decide_finding(getattr(office, who), case_id, finding.id, "confirmed", case.seen)

"""Arrival: lane and lateness, the second reader, who is affected."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from assessment.messages import ConflictError, NotAllowedError
from assessment.workbench import Description, Incoming
from tests.offices import VILLAGE_RULES, Office


def seen(office: Office, case_id: str) -> int:
    """The case's last event number now."""
    return office.bench.case(office.secretary, case_id).seen


def received(office: Office, stage: str, started: date | None) -> str:
    """A draft in the lane of special assessments."""
    about = Description("村规", "村规民约", stage, "柳溪村民委员会", started, "专项重点")
    return office.bench.receive(office.officer, Incoming(VILLAGE_RULES.encode(), "村规.txt"), about)


def test_lane_and_stage_at_arrival_stay(office: Office) -> None:
    case_id = received(office, "起草", date.today() - timedelta(days=30))
    row = office.bench.case(office.officer, case_id).row
    assert (row["lane"], row["arrival_stage"]) == ("专项重点", "起草")
    later = Incoming(VILLAGE_RULES.replace("三分之一", "二分之一").encode(), "二稿.txt")
    office.bench.add_version(office.officer, case_id, later, "审议", "", seen(office, case_id))
    about = Description("村规", "村规民约", "审议", "柳溪村民委员会")
    office.bench.describe(office.officer, case_id, about, seen(office, case_id))
    row = office.bench.case(office.officer, case_id).row
    assert (row["lane"], row["arrival_stage"], row["stage"]) == ("专项重点", "起草", "审议")


def test_lateness_is_told(office: Office) -> None:
    early = office.bench.lateness(office.officer, received(office, "起草", None))
    assert (early.late, early.workdays) == (False, None)
    late = office.bench.lateness(office.officer, received(office, "审议", date.today() - timedelta(days=70)))
    assert late.late
    assert late.workdays is not None
    assert 40 <= late.workdays <= 50
    assert "介入偏晚" in late.text


def test_another_person_reads_the_decision_again(office: Office) -> None:
    case_id = office.relevant()
    with pytest.raises(NotAllowedError, match="E532"):
        office.bench.review_relevance(office.officer, case_id, "gender", "key", "", seen(office, case_id))
    office.bench.review_relevance(office.secretary, case_id, "gender", "key", "", seen(office, case_id))
    reading = office.bench.second_readings(office.officer, case_id)["gender"]
    assert (reading.row["agrees"], reading.open) == (1, False)
    with pytest.raises(NotAllowedError, match="E533"):
        office.bench.settle_relevance(
            office.secretary, case_id, "gender", "key", "理由", seen(office, case_id)
        )


def test_a_difference_is_shown_until_the_secretariat_settles_it(office: Office) -> None:
    case_id = office.relevant()
    with pytest.raises(NotAllowedError, match="E505"):
        office.bench.review_relevance(office.secretary, case_id, "child", "none", "", seen(office, case_id))
    office.bench.review_relevance(office.secretary, case_id, "child", "none", "不涉及", seen(office, case_id))
    reading = office.bench.second_readings(office.officer, case_id)["child"]
    assert reading.open
    assert (reading.row["first_level"], reading.row["level"]) == ("key", "none")
    with pytest.raises(NotAllowedError, match="E501"):
        office.bench.settle_relevance(
            office.officer, case_id, "child", "key", "第五条", seen(office, case_id)
        )
    office.bench.settle_relevance(
        office.secretary, case_id, "child", "general", "第五条", seen(office, case_id)
    )
    assert not office.bench.second_readings(office.officer, case_id)["child"].open
    case = office.bench.case(office.officer, case_id)
    assert (case.relevance["child"]["level"], case.row["relevance_child"]) == ("general", "general")
    assert office.bench.store.verify() == []


def test_a_new_decision_wants_a_new_second_reading(office: Office) -> None:
    case_id = office.relevant()
    office.bench.review_relevance(office.secretary, case_id, "child", "none", "不涉及", seen(office, case_id))
    before = seen(office, case_id)
    office.bench.decide_relevance(office.officer, case_id, "child", "general", "改判", before)
    assert "child" not in office.bench.second_readings(office.officer, case_id)
    with pytest.raises(ConflictError):
        office.bench.review_relevance(office.secretary, case_id, "child", "general", "", before)


def test_who_is_affected_is_a_grid_of_known_words(office: Office) -> None:
    case_id = office.relevant()
    cells = [("女", "18—60岁", "农村", "负向"), ("女", "6—12岁", "农村", "负向")]
    office.bench.describe_affected(office.officer, case_id, "gender", cells, "外嫁女", seen(office, case_id))
    assert office.bench.affected(office.observer, case_id) == {"gender": tuple(cells)}
    with pytest.raises(NotAllowedError, match="E534"):
        office.bench.describe_affected(
            office.officer, case_id, "child", [("女", "6岁", "农村", "负向")], "", seen(office, case_id)
        )

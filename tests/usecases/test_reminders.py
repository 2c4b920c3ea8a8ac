"""What waits, by when, and how late; the calendar file; the history with before and after."""

from __future__ import annotations

import csv
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from io import StringIO

import pytest

from assessment import workdays
from assessment.records.store import Store
from assessment.workbench import Description, Workbench
from tests.offices import PASSWORD, Office

UNIT = "柳溪村民委员会"


def seen(office: Office, case_id: str) -> int:
    """The case's last event number now."""
    return office.bench.case(office.secretary, case_id).seen


@pytest.fixture
def ago(office: Office, monkeypatch: pytest.MonkeyPatch) -> Callable[[int], None]:
    """Makes what follows happen so many days ago."""

    def turn(days: int) -> None:
        moment = datetime.now(UTC) - timedelta(days=days)
        monkeypatch.setattr(office.bench.store.journal, "clock", lambda: moment)

    return turn


def test_limits_count_working_days_and_lateness_shows(office: Office, ago: Callable[[int], None]) -> None:
    ago(30)
    case_id = office.receive()
    (task,) = office.bench.waiting(office.officer)
    began = date.today() - timedelta(days=30)
    assert task.due == workdays.add_workdays(began, 3)
    assert task.overdue == workdays.overdue(workdays.add_workdays(began, 3), date.today()) > 10
    office.bench.set_procedure(office.chief, limits={"relevance": 60})
    (task,) = office.bench.waiting(office.officer)
    assert task.overdue == 0
    assert [d.step for d in office.bench.deadlines(office.observer, case_id)] == ["relevance"]


def test_the_most_overdue_comes_first(office: Office, ago: Callable[[int], None]) -> None:
    office.receive()
    ago(60)
    old = office.receive(name="旧稿.txt")
    assert office.bench.waiting(office.officer)[0].case["id"] == old


def test_deadlines_follow_the_case(office: Office) -> None:
    office.bench.set_procedure(office.chief, settlement=True, self_assessment=True)
    case_id = office.on_panel(office.expert)

    def steps() -> set[str]:
        return {deadline.step for deadline in office.bench.deadlines(office.officer, case_id)}

    assert steps() == {"self_assessment", "scoring"}
    office.fill(office.expert, case_id, "gender-quick")
    assert steps() == {"self_assessment", "settlement"}
    assert any("开始合议" in task.what for task in office.bench.waiting(office.secretary))
    office.bench.open_settlement(office.secretary, case_id, seen(office, case_id))
    assert any("合议：还有 5 项" in task.what for task in office.bench.waiting(office.secretary))
    office.bench.settle_agreed(office.secretary, case_id, "gender-quick", seen(office, case_id))
    office.bench.choose_conclusion(
        office.officer, case_id, "建议完善", "", UNIT, 30, "", seen(office, case_id)
    )
    office.bench.compose_opinion(office.officer, case_id, seen(office, case_id))
    assert steps() == {"signing"}


def test_the_unit_is_reminded_of_what_it_owes(office: Office, ago: Callable[[int], None]) -> None:
    bench = office.bench
    unit = bench.create_account(office.chief, "unit", "村文书", ["drafter"], UNIT, PASSWORD)
    case_id = office.on_panel(office.expert)
    yesterday = date.today() - timedelta(days=7)
    bench.request_material(office.officer, case_id, "外嫁女人数", yesterday)
    bench.record_data_gap(office.officer, case_id, "gender", "分配人数", "分性别", "村会计", yesterday)
    (task,) = bench.waiting(unit)
    assert (task.what, task.page) == ("答复补充材料：外嫁女人数", "material")
    assert task.overdue > 0
    assert {d.step for d in bench.deadlines(office.officer) if d.overdue} == {"material", "data"}


def test_an_overdue_reply_is_urged(office: Office, ago: Callable[[int], None]) -> None:
    bench = office.bench
    unit = bench.create_account(office.chief, "unit", "村文书", ["drafter"], UNIT, PASSWORD)
    case_id = office.composed()
    ago(90)
    case = bench.case(office.secretary, case_id)
    bench.sign_opinion(office.secretary, case_id, "1号", case.row["opinion"], case.seen)
    assert any(task.page == "reply" and task.overdue for task in bench.waiting(unit))
    assert any("催办" in task.what for task in bench.waiting(office.officer))


def test_the_second_reader_and_the_settler_are_called(office: Office) -> None:
    bench = office.bench
    bench.set_procedure(office.chief, second_reader=True)
    case_id = office.relevant()
    assert "复核相关性判断" in [task.what for task in bench.waiting(office.secretary)]
    assert "复核相关性判断" not in [task.what for task in bench.waiting(office.officer)]
    bench.review_relevance(office.secretary, case_id, "child", "none", "不涉及", seen(office, case_id))
    assert "处理相关性复核分歧" in [task.what for task in bench.waiting(office.secretary)]


def test_the_calendar_holds_what_is_due(office: Office) -> None:
    office.receive()
    text = office.bench.calendar_file(office.officer, "https://pg.example")
    assert text.count("BEGIN:VEVENT") == 1
    due = office.bench.waiting(office.officer)[0].due
    assert due is not None
    assert f"DTSTART;VALUE=DATE:{due:%Y%m%d}" in text
    assert "作相关性判断" in text
    assert "BEGIN:VEVENT" not in office.bench.calendar_file(office.observer)


def test_history_tells_before_and_after(office: Office) -> None:
    case_id = office.relevant()
    office.bench.decide_relevance(
        office.officer, case_id, "child", "general", "只有第五条", seen(office, case_id)
    )
    office.bench.describe(
        office.officer, case_id, Description("新标题", "村规民约", "送审", UNIT), seen(office, case_id)
    )
    *_, relevance, described = office.bench.history(office.observer, case_id)
    assert [(c.label, c.before, c.after) for c in relevance.changes] == [
        ("相关程度", "重点相关", "一般相关"),
        ("理由", "涉及村民待遇和未成年人", "只有第五条"),
    ]
    assert ("标题", "柳溪村村规民约（征求意见稿）", "新标题") in [
        (c.label, c.before, c.after) for c in described.changes
    ]


def test_history_is_blind_where_sheets_are(office: Office) -> None:
    case_id = office.on_panel(office.expert, office.second_expert)
    office.bench.score_item(office.expert, case_id, "gender-quick", "GK01", "不符合", "机密理由")
    assert "机密" not in str(office.bench.history(office.secretary, case_id))
    assert "机密" not in office.bench.export_history(office.secretary, case_id).decode("utf-8-sig")
    assert "机密" in str(office.bench.history(office.expert, case_id))


def test_the_export_opens_in_a_spreadsheet_and_runs_nothing(office: Office) -> None:
    case_id = office.relevant()
    office.bench.comment(office.officer, case_id, "case", "=HYPERLINK(1)")
    text = office.bench.export_history(office.officer, case_id).decode("utf-8-sig")
    rows = list(csv.reader(StringIO(text)))
    assert rows[0][:4] == ["序号", "时间", "人员", "事项"]
    assert len(rows) == seen(office, case_id) + 1
    assert not any(cell.startswith("=") for row in rows for cell in row)


def test_a_case_is_verified_alone(office: Office) -> None:
    case_id, other = office.relevant(), office.receive(name="另一稿.txt")
    store: Store = office.bench.store
    assert office.bench.verify_case(office.observer, case_id) == []
    file = office.bench.case(office.officer, case_id).row["screening"]
    path = next(store.folder.glob(f"files/*/{file}"))
    path.chmod(0o600)
    path.write_bytes(b"changed")
    assert [problem.place for problem in Workbench(store).verify_case(office.observer, case_id)] == ["第2条"]
    assert other != case_id

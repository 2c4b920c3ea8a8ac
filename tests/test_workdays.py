"""Working days by the announced calendar, and due dates as a calendar file."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta, timezone
from itertools import pairwise

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from assessment.paths import CORPUS
from assessment.workdays import (
    Event,
    Holidays,
    add_workdays,
    calendar,
    caution,
    is_workday,
    load_holidays,
    overdue,
    workdays_between,
)

YEARS = yaml.safe_load((CORPUS / "holidays.yaml").read_text(encoding="utf-8"))["years"]
days = st.dates(date(2023, 6, 1), date(2028, 6, 1))


def day(text: str) -> date:
    return date.fromisoformat(text)


def each_day(year: int) -> list[date]:
    first = date(year, 1, 1)
    return [first + timedelta(days=n) for n in range((date(year + 1, 1, 1) - first).days)]


# -- the data ---------------------------------------------------------------------------------------


def test_years_follow_each_other() -> None:
    years = [year["year"] for year in YEARS]
    assert years == list(range(2024, years[-1] + 1))
    assert len(years) >= 3


@pytest.mark.parametrize("year", YEARS, ids=lambda year: str(year["year"]))
def test_a_year_is_well_formed(year: dict) -> None:  # type: ignore[type-arg]
    assert re.fullmatch(rf"国办发明电〔{year['year'] - 1}〕\d+号", year["notice"])
    assert year["dated"] < date(year["year"], 1, 1)
    assert isinstance(year["checked"], bool)
    spans = year["holidays"]
    assert all(span["first"] <= span["last"] for span in spans)
    assert all(before["last"] < after["first"] for before, after in pairwise(spans))
    assert [span["name"] for span in spans[:5]] == ["元旦", "春节", "清明节", "劳动节", "端午节"]
    assert {"中秋节", "国庆节"} == {name for span in spans[5:] for name in span["name"].split("、")}
    assert year["workdays"] == sorted(set(year["workdays"]))
    for worked in year["workdays"]:
        assert worked.weekday() >= 5
        assert worked not in load_holidays().rest


# 365 or 366 days, less 104 days of weekends, less the days off by decree: 11, from 2025 on 13
@pytest.mark.parametrize(("year", "expected"), [(2024, 251), (2025, 248), (2026, 248)])
def test_exchanged_days_leave_the_lawful_number_of_working_days(year: int, expected: int) -> None:
    assert sum(is_workday(one) for one in each_day(year)) == expected


# -- reckoning --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2024-02-09", True),  # the eve of the new year was a working day in 2024
        ("2024-02-10", False),
        ("2024-02-18", True),  # Sunday, worked in exchange
        ("2025-01-28", False),  # the eve is a holiday from 2025 on
        ("2025-10-08", False),
        ("2025-10-11", True),  # Saturday, worked in exchange
        ("2026-01-02", False),  # Friday
        ("2026-01-04", True),  # Sunday, worked in exchange
        ("2026-09-20", True),
        ("2026-11-24", True),
        ("2026-11-28", False),
        ("2027-01-01", True),  # not announced: an ordinary Friday
    ],
)
def test_is_workday(text: str, expected: bool) -> None:
    assert is_workday(day(text)) is expected


@pytest.mark.parametrize(
    ("start", "n", "expected"),
    [
        ("2026-11-24", 1, "2026-11-25"),
        ("2026-11-27", 1, "2026-11-30"),  # over a weekend
        ("2026-09-30", 1, "2026-10-08"),  # over a holiday
        ("2026-09-30", 3, "2026-10-10"),  # a Saturday worked in exchange
        ("2026-02-13", 2, "2026-02-24"),  # 14 February is worked, then nine days off
        ("2024-02-09", 5, "2024-02-22"),  # Sunday the 18th counts
        ("2026-10-08", -1, "2026-09-30"),
        ("2026-10-03", -1, "2026-09-30"),
        ("2026-10-03", 0, "2026-10-08"),
        ("2026-10-08", 0, "2026-10-08"),
        ("2026-12-31", 1, "2027-01-01"),  # beyond the last year: the week alone
    ],
)
def test_add_workdays(start: str, n: int, expected: str) -> None:
    assert add_workdays(day(start), n) == day(expected)


@pytest.mark.parametrize(
    ("a", "b", "expected"),
    [
        ("2026-09-30", "2026-09-30", 0),
        ("2026-09-30", "2026-10-07", 0),
        ("2026-09-30", "2026-10-10", 3),
        ("2026-10-10", "2026-09-30", -3),
        ("2025-12-31", "2026-12-31", 248),
    ],
)
def test_workdays_between(a: str, b: str, expected: int) -> None:
    assert workdays_between(day(a), day(b)) == expected


@pytest.mark.parametrize(
    ("due", "today", "expected"),
    [
        ("2026-11-24", "2026-11-23", 0),
        ("2026-11-24", "2026-11-24", 0),
        ("2026-11-24", "2026-11-25", 1),
        ("2026-11-27", "2026-11-28", 1),  # due on Friday, looked at on Saturday
        ("2026-11-27", "2026-11-30", 1),
        ("2026-11-28", "2026-11-29", 0),  # due on Saturday: may be done on Monday
        ("2026-11-28", "2026-11-30", 0),
        ("2026-11-28", "2026-12-01", 1),
        ("2026-10-01", "2026-10-08", 0),
    ],
)
def test_overdue(due: str, today: str, expected: int) -> None:
    assert overdue(day(due), day(today)) == expected


@given(days, st.integers(-300, 300))
def test_adding_and_counting_undo_each_other(start: date, n: int) -> None:
    end = add_workdays(start, n)
    assert is_workday(end)
    if n:
        assert workdays_between(start, end) == n


@given(days, days)
def test_counting_and_adding_undo_each_other(a: date, b: date) -> None:
    if is_workday(b) and a != b:
        assert add_workdays(a, workdays_between(a, b)) == b


@given(days, days, days)
def test_spans_add_up(a: date, b: date, c: date) -> None:
    a, b, c = sorted([a, b, c])
    assert workdays_between(a, b) + workdays_between(b, c) == workdays_between(a, c)


@given(days, days)
def test_overdue_from_the_first_working_day_after_the_due_day(due: date, today: date) -> None:
    assert (overdue(due, today) > 0) == (today > add_workdays(due, 0))


def test_caution_names_the_years_not_announced() -> None:
    assert caution(day("2024-01-01"), day("2026-12-31")) == ""
    assert "2027 年" in caution(day("2026-12-01"), day("2027-01-05"))
    assert "2023、2027" in caution(day("2027-01-05"), day("2023-12-01"))


def test_caution_names_the_years_not_checked(monkeypatch: pytest.MonkeyPatch) -> None:
    doubtful = Holidays(
        years={2026: "国办发明电〔2025〕7号"}, unchecked=frozenset({2026}), rest={}, worked=frozenset()
    )
    monkeypatch.setattr("assessment.workdays.load_holidays", lambda: doubtful)
    assert caution(day("2026-03-01"), day("2026-04-01")) == "2026 年的放假安排尚未与通知原文核对。"


# -- the calendar file ------------------------------------------------------------------------------

NOON = datetime(2026, 11, 24, 12, 30, tzinfo=timezone(timedelta(hours=8)))


def parsed(text: str) -> list[dict[str, str]]:
    """The events of a calendar file: unfolded, values of text unescaped; a small reader of our own."""
    assert text.endswith("\r\n")
    raw = text.encode("utf-8").split(b"\r\n")
    assert all(len(line) <= 75 and b"\n" not in line and b"\r" not in line for line in raw)
    for line in raw:
        line.decode("utf-8")
    lines = text.replace("\r\n ", "").split("\r\n")[:-1]
    assert (lines[0], lines[-1]) == ("BEGIN:VCALENDAR", "END:VCALENDAR")
    assert "VERSION:2.0" in lines
    assert any(line.startswith("PRODID:") for line in lines)
    events: list[dict[str, str]] = []
    for line in lines:
        name, value = line.split(":", 1)
        if line == "BEGIN:VEVENT":
            events.append({})
        elif events and name not in ("END", "BEGIN"):
            assert name not in events[-1]
            plain = re.sub(r"\\([\\;,n])", lambda found: "\n" if found[1] == "n" else found[1], value)
            events[-1][name] = value if name == "URL" else plain
    assert lines.count("BEGIN:VEVENT") == lines.count("END:VEVENT") == len(events)
    return events


def test_calendar_holds_what_it_was_given() -> None:
    event = Event(
        uid="reply/2026-001@A市",
        day=day("2026-12-31"),
        summary="反馈采纳情况：《条例（草案）》; 第1,2条",
        changed=NOON,
        description="第一行\r\n第二行 C:\\附件",
        url="https://localhost/case?id=1;v=2,3",
    )
    assert parsed(calendar([event])) == [
        {
            "UID": "reply/2026-001@A市",
            "DTSTAMP": "20261124T043000Z",
            "DTSTART;VALUE=DATE": "20261231",
            "DTEND;VALUE=DATE": "20270101",
            "SUMMARY": "反馈采纳情况：《条例（草案）》; 第1,2条",
            "DESCRIPTION": "第一行\n第二行 C:\\附件",
            "URL": "https://localhost/case?id=1;v=2,3",
            "TRANSP": "TRANSPARENT",
        }
    ]


def test_calendar_without_events() -> None:
    assert parsed(calendar([])) == []


def test_long_chinese_lines_are_folded_between_characters() -> None:
    summary = "关于" + "性别平等评估" * 40
    text = calendar([Event("1", day("2026-12-01"), summary, NOON)])
    assert "\r\n " in text
    assert parsed(text)[0]["SUMMARY"] == summary


@pytest.mark.parametrize("hostile", ["x\r\nEND:VEVENT\r\nBEGIN:VEVENT", "x\nATTACH:file", "a\x00\x0b\x7fb"])
def test_no_field_can_add_lines_of_its_own(hostile: str) -> None:
    event = Event(uid=hostile, day=day("2026-12-01"), summary=hostile, changed=NOON, url=hostile)
    (found,) = parsed(calendar([event]))
    assert set(found) == {
        "UID",
        "DTSTAMP",
        "DTSTART;VALUE=DATE",
        "DTEND;VALUE=DATE",
        "SUMMARY",
        "URL",
        "TRANSP",
    }


def test_a_stamp_without_time_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="time zone"):
        calendar([Event("1", day("2026-12-01"), "x", NOON.replace(tzinfo=None))])


@given(st.lists(st.tuples(st.text(), st.text(), days), max_size=5))
def test_any_text_comes_back(rows: list[tuple[str, str, date]]) -> None:
    events = [
        Event(str(n), when, summary, NOON.astimezone(UTC), description)
        for n, (summary, description, when) in enumerate(rows)
    ]
    found = parsed(calendar(events))
    for event, read in zip(events, found, strict=True):
        assert read["SUMMARY"] == _shown(event.summary)
        assert read.get("DESCRIPTION", "") == _shown(event.description)
        assert read["DTSTART;VALUE=DATE"] == event.day.strftime("%Y%m%d")


def _shown(text: str) -> str:
    """The text with line ends made one and characters that no calendar may hold left out."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    return "".join(one for one in lines if one in "\n\t" or (ord(one) >= 32 and ord(one) != 127))

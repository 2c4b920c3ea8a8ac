"""Working days by the official calendar of holidays, and due dates as a calendar file (.ics).

``corpus/holidays.yaml`` holds, for each announced year, the holidays and the weekend days worked in exchange.
A year without an announcement is reckoned by Saturdays and Sundays alone; ``caution`` says so to the reader.

As in law, the day a period starts from is not counted, and a period that ends on a day of rest ends on the
next working day (民法典第二百零一条、第二百零三条).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cache

import yaml

from assessment.paths import CORPUS

_DAY = timedelta(days=1)
_LINE = 75
"""Most octets in a line of a calendar file (RFC 5545, 3.1)."""
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")


@dataclass(frozen=True, slots=True)
class Holidays:
    """The announced calendar.

    Attributes:
        years: year to the number of its announcement.
        unchecked: years whose dates nobody has compared with the announcement.
        rest: day off to the name of its holiday.
        worked: weekend days on which offices are open.
    """

    years: Mapping[int, str]
    unchecked: frozenset[int]
    rest: Mapping[date, str]
    worked: frozenset[date]


@dataclass(frozen=True, slots=True)
class Event:
    """One due date for a calendar.

    Attributes:
        uid: the same for the same due date in every export, so that a calendar replaces it.
        day: the day it is due, shown as an all-day entry.
        summary: its title.
        changed: when it was last changed; must know its time zone.
        description: more lines, may be empty.
        url: address of the page it is about, may be empty.
    """

    uid: str
    day: date
    summary: str
    changed: datetime
    description: str = ""
    url: str = ""


@cache
def load_holidays() -> Holidays:
    """The calendar in ``corpus/holidays.yaml``."""
    years = yaml.safe_load((CORPUS / "holidays.yaml").read_text(encoding="utf-8"))["years"]
    spans = [holiday for year in years for holiday in year["holidays"]]
    return Holidays(
        years={year["year"]: year["notice"] for year in years},
        unchecked=frozenset(year["year"] for year in years if not year["checked"]),
        rest={
            span["first"] + n * _DAY: span["name"]
            for span in spans
            for n in range((span["last"] - span["first"]).days + 1)
        },
        worked=frozenset(day for year in years for day in year["workdays"]),
    )


def is_workday(day: date) -> bool:
    """Whether offices are open that day."""
    holidays = load_holidays()
    return day in holidays.worked or (day.weekday() < 5 and day not in holidays.rest)


def add_workdays(start: date, n: int) -> date:
    """The ``n``-th working day after ``start``, which is not counted itself; before it, if ``n`` is negative.

    With ``n`` 0: ``start`` if it is a working day, else the next one.
    """
    if n == 0:
        return start if is_workday(start) else add_workdays(start, 1)
    step, left, day = (_DAY, n, start) if n > 0 else (-_DAY, -n, start)
    while left:
        day += step
        left -= is_workday(day)
    return day


def workdays_between(a: date, b: date) -> int:
    """Working days after ``a`` up to and with ``b``; negative if ``b`` is earlier.

    ``add_workdays(a, workdays_between(a, b))`` is ``b`` for any other working day ``b``.
    """
    if b < a:
        return -sum(is_workday(b + n * _DAY) for n in range((a - b).days))
    return sum(is_workday(a + n * _DAY) for n in range(1, (b - a).days + 1))


def overdue(due: date, today: date) -> int:
    """By how many working days ``due`` has passed; 0 if it has not.

    A day of rest counts as the working day after it, on both sides: what was due on Saturday can be done on
    Monday, and what was due on Friday is one day late on Saturday.
    """
    return max(0, workdays_between(add_workdays(due, 0), add_workdays(today, 0)))


def caution(first: date, last: date) -> str:
    """What a reader should know of working days reckoned between two days: a Chinese sentence, or nothing."""
    holidays = load_holidays()
    years = range(min(first, last).year, max(first, last).year + 1)
    unknown = "、".join(str(year) for year in years if year not in holidays.years)
    unchecked = "、".join(str(year) for year in years if year in holidays.unchecked)
    return "".join(
        [
            f"没有收录 {unknown} 年的放假安排，只按周六、周日推算，遇节假日和调休会有出入。"
            if unknown
            else "",
            f"{unchecked} 年的放假安排尚未与通知原文核对。" if unchecked else "",
        ]
    )


def calendar(events: Iterable[Event]) -> str:
    """The events as a calendar file by RFC 5545: all-day entries that leave the day free, lines ended by CRLF.

    Raises:
        ValueError: if ``changed`` of an event does not know its time zone.
    """
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//policy-assessment-workbench//ZH",
        "CALSCALE:GREGORIAN",
        "METHOD:PUBLISH",
        *(line for event in events for line in _entry(event)),
        "END:VCALENDAR",
    ]
    return "".join(f"{_folded(line)}\r\n" for line in lines)


def _entry(event: Event) -> list[str]:
    if event.changed.tzinfo is None:
        raise ValueError("an event must say when it was changed with a time zone")
    optional = [f"DESCRIPTION:{_escaped(event.description)}"] if event.description else []
    if event.url:
        optional.append("URL:" + re.sub(r"\s", "", _CONTROL.sub("", event.url)))
    return [
        "BEGIN:VEVENT",
        f"UID:{_escaped(event.uid)}",
        f"DTSTAMP:{event.changed.astimezone(UTC):%Y%m%dT%H%M%SZ}",
        f"DTSTART;VALUE=DATE:{event.day:%Y%m%d}",
        f"DTEND;VALUE=DATE:{event.day + _DAY:%Y%m%d}",
        f"SUMMARY:{_escaped(event.summary)}",
        *optional,
        "TRANSP:TRANSPARENT",
        "END:VEVENT",
    ]


def _escaped(text: str) -> str:
    text = _CONTROL.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))
    return re.sub(r"([\\;,])", r"\\\1", text).replace("\n", r"\n")


def _folded(line: str) -> str:
    """Break a line where it would grow too long, between characters; the break is CRLF and a space."""
    parts, size = [""], 0
    for character in line:
        octets = len(character.encode("utf-8"))
        if size + octets > _LINE:
            parts.append("")
            size = 1
        parts[-1] += character
        size += octets
    return "\r\n ".join(parts)

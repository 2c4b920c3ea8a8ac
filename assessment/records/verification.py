"""Recomputing the journal: what was altered, lost or swapped behind the program's back."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import sqlite_utils

from assessment.records.chain import Head, Problem, faults
from assessment.records.events import Event
from assessment.records.rows import event_of

Row = dict[str, Any]


def verify_journal(db: sqlite_utils.Database, site: str) -> list[Problem]:
    """Every problem of the journal in ``db``, whose own site is ``site``."""
    with_events: dict[str, Head] = {}
    problems: list[Problem] = []
    own_seq = last_position = 0
    for row in db.query("SELECT * FROM events ORDER BY position"):
        problems += _row_problems(row, with_events)
        if row["position"] != last_position + 1:
            problems.append(Problem(_place(row), f"入库序号在{last_position}之后有缺失"))
        last_position = row["position"]
        if row["site"] == site:
            if row["seq"] != own_seq + 1:
                problems.append(Problem(_place(row), f"本单位流水号应为{own_seq + 1}，实为{row['seq']}"))
            own_seq = row["seq"]
    return problems + list(_end_problems(db, with_events, last_position))


def _row_problems(row: Row, heads: dict[str, Head]) -> Iterator[Problem]:
    head = heads.get(row["case_id"], Head(0, Event.genesis))
    heads[row["case_id"]] = Head(row["case_seq"], row["hash"])
    try:
        event = event_of(row)
    except ValueError:
        yield Problem(_place(row), "内容无法识别")
        return
    for text in faults(event, head):
        yield Problem(_place(row), text)
    if event.payload.subject() != row["subject"]:
        yield Problem(_place(row), "对象与内容不符")


def _end_problems(db: sqlite_utils.Database, heads: dict[str, Head], last: int) -> Iterator[Problem]:
    recorded = {row["case_id"]: Head(row["case_seq"], row["hash"]) for row in db.query("SELECT * FROM heads")}
    for case in sorted(recorded.keys() | heads.keys()):
        if recorded.get(case) != heads.get(case):
            yield Problem(f"事项{case}", "末尾记录与登记的末尾不符，可能有记录被删除或添加")
    written = db.execute(
        "SELECT coalesce(max(seq), 0) FROM sqlite_sequence WHERE name = 'events'"
    ).fetchone()[0]
    if written != last:
        yield Problem("流水", f"共写入过{written}条，现只到第{last}条")


def _place(row: Row) -> str:
    return f"事项{row['case_id']}第{row['case_seq']}条（入库序号{row['position']}）"

"""Who did what when on a case, with before and after; whether the records are sound; a table to take along."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from io import StringIO
from typing import Any

from assessment.messages import RecordsError
from assessment.records.accounts import Account
from assessment.records.chain import Head, Problem, faults
from assessment.records.events import AnyPayload, Event
from assessment.records.summaries import DECISION_NAMES, FINDING_NAMES, LENS_NAMES, LEVEL_NAMES
from assessment.usecases.reminders import ReminderUseCases
from assessment.views import Row

_LABELS = {
    "title": "标题",
    "document_kind": "文件类型",
    "stage": "阶段",
    "drafting_unit": "起草单位",
    "drafting_started": "起草启动日期",
    "lane": "评估方式",
    "level": "相关程度",
    "agrees": "复核意见",
    "decision": "处理",
    "finding_kind": "类别",
    "severity": "等级",
    "answer": "结论",
    "measure": "拟采取措施",
    "responsible": "负责人",
    "conflict": "有利害关系",
    "statement": "声明",
    "votes": "表决",
    "minority": "少数意见",
    "problem": "问题",
    "basis": "依据",
    "proposal": "建议",
    "included": "列入意见",
    "conclusion": "结论",
    "explanation": "说明",
    "addressee": "致送单位",
    "reply_days": "反馈期限（日）",
    "contact": "联系人",
    "number": "文号",
    "signatory": "签发人",
    "skipped": "未采用的步骤",
    "overridden": "说明后签发的检查",
    "override_reason": "签发说明",
    "conditions": "条件或理由",
    "reply": "反馈",
    "due": "期限",
    "result": "落实情况",
    "proposed": "程序提示",
    "figure": "数据",
    "breakdown": "分组",
    "holder": "提供单位",
    "promised": "承诺日期",
    "received": "收到日期",
    "value": "内容",
    "what": "需补充",
    "resolved": "已处理",
    "text": "内容",
    "reason": "理由",
    "note": "说明",
}
_VALUES = {
    **LEVEL_NAMES,
    **DECISION_NAMES,
    **FINDING_NAMES,
    **LENS_NAMES,
    "high": "高",
    "medium": "中",
    "hint": "提示",
}


@dataclass(frozen=True, slots=True)
class Change:
    """One field an event changed: its Chinese name, what stood there before (empty if nothing), what after."""

    label: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of a case's history: the timeline's row (``at``, ``actor``, ``kind``, ``summary``, ``hash``) and changes."""

    row: Row
    changes: tuple[Change, ...]


class HistoryUseCases(ReminderUseCases):
    """What happened, readable and verifiable."""

    def history(self, actor: Account, case_id: str) -> tuple[Entry, ...]:
        """The timeline the actor may read, each event with what it changed."""
        rows = {row["case_seq"]: row for row in self.timeline(actor, case_id)}
        changes = _changes(event for _, event in self.store.journal.read_from(case=case_id))
        return tuple(Entry(rows[number], told) for number, told in changes if number in rows)

    def verify_case(self, actor: Account, case_id: str) -> list[Problem]:
        """Recompute the case's chain and look into every file it names; an empty list means all is sound."""
        self._see(actor, case_id)
        head, problems = Head(0, Event.genesis), []
        try:
            for _, event in self.store.journal.read_from(case=case_id):
                problems += [Problem(_place(event), text) for text in faults(event, head)]
                problems += [Problem(_place(event), text) for text in self._file_faults(event.payload)]
                head = Head(event.case_seq, event.hash)
        except ValueError:
            problems.append(Problem(f"第{head.case_seq + 1}条", "内容无法识别"))
        if not problems and head != self.store.journal.head(case_id):
            problems.append(Problem("末尾", "末尾记录与登记的末尾不符，可能有记录被删除或添加"))
        return problems

    def export_history(self, actor: Account, case_id: str) -> bytes:
        """The history as CSV for Excel (UTF-8 with mark): number, time, who, what, before and after, hash."""
        people, text = self.people(), StringIO()
        writer = csv.writer(text)
        writer.writerow(["序号", "时间", "人员", "事项", "改动前", "改动后", "校验值"])
        for entry in self.history(actor, case_id):
            row = entry.row
            at = f"{datetime.fromisoformat(row['at']).astimezone():%Y-%m-%d %H:%M:%S}"
            before = "；".join(f"{c.label}：{c.before}" for c in entry.changes if c.before)
            after = "；".join(f"{c.label}：{c.after}" for c in entry.changes if c.after)
            cells = [at, people.get(row["actor"], row["actor"]), row["summary"], before, after, row["hash"]]
            writer.writerow([row["case_seq"], *map(_harmless, cells)])
        return text.getvalue().encode("utf-8-sig")

    def _file_faults(self, payload: AnyPayload) -> Iterator[str]:
        for name in payload.files():
            try:
                self.store.files.get(name)
            except RecordsError as error:
                yield error.message


def _changes(events: Iterator[Event]) -> Iterator[tuple[int, tuple[Change, ...]]]:
    """Number of each event and what it changed against the last one on the same thing."""
    known: dict[str, dict[str, str]] = {}
    for event in events:
        payload = event.payload
        key = payload.subject() if payload.subject() != "case" else payload.kind
        facts = _facts(payload)
        before = known.get(key, {})
        yield (
            event.case_seq,
            tuple(
                Change(label, before.get(label, ""), after)
                for label, after in facts.items()
                if before.get(label, "") != after
            ),
        )
        known[key] = before | facts
        if payload.kind == "DraftReceived":
            known["description"] = facts


def _facts(payload: AnyPayload) -> dict[str, str]:
    dumped: dict[str, Any] = payload.model_dump(mode="json")
    return {
        label: _said(dumped[name])
        for name, label in _LABELS.items()
        if name in dumped and dumped[name] is not None
    }


def _said(value: Any) -> str:
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, dict):
        return "、".join(f"{key} {number}" for key, number in value.items())
    if isinstance(value, list):
        return "、".join(str(entry) for entry in value)
    return _VALUES.get(str(value), str(value))


def _place(event: Event) -> str:
    return f"第{event.case_seq}条"


def _harmless(cell: str) -> str:
    """A cell that a spreadsheet does not take for a formula."""
    return f"'{cell}" if cell.startswith(("=", "+", "-", "@", "\t", "\r")) else cell

"""What a person reads across cases: the register, what waits, what happened."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import partial

from assessment import permissions
from assessment.records.accounts import Account
from assessment.usecases.sheets import SheetUseCases
from assessment.views import CaseView, Row, Task

_INTERNAL = frozenset(
    {
        "CommitteeConvened",
        "CommitteeDecided",
        "ConclusionChosen",
        "FindingAdded",
        "FindingDecided",
        "GapDecided",
        "InterestDeclared",
        "ItemScored",
        "ItemSettled",
        "OpinionComposed",
        "PanelAppointed",
        "PanelMemberRemoved",
        "RecommendationEdited",
        "RelevanceReviewed",
        "SettlementOpened",
        "SheetReopened",
        "SheetSubmitted",
    }
)
"""Kinds of event the drafting unit is not told of."""


class ReadingUseCases(SheetUseCases):
    """Lists and histories, cut to what the person may see."""

    def cases(self, actor: Account) -> list[Row]:
        """The cases the actor may see, the last changed first."""
        panels: dict[str, list[str]] = {}
        for row in self.store.rows("select case_id, expert from panel"):
            panels.setdefault(row["case_id"], []).append(row["expert"])
        return [
            row for row in self.store.cases() if permissions.may_see(actor, row, panels.get(row["id"], ()))
        ]

    def waiting(self, actor: Account) -> list[Task]:
        """What waits for the actor, across all cases the actor may see, the oldest case first."""
        tasks: list[Task] = []
        for row in reversed(self.cases(actor)):
            tasks += self._tasks(actor, row)
        return tasks

    def timeline(self, actor: Account, case_id: str) -> list[Row]:
        """Who did what when. What the actor may not read yet, or not at all, is left out."""
        names = _names(self.case(actor, case_id))
        readable = {(sheet.expert, sheet.checklist.id) for sheet in self.readable_sheets(actor, case_id)}
        comments = self._unreadable_comments(actor, case_id)
        outside = permissions.is_outsider(actor, self._panel(case_id))
        handed_in = {
            row["checklist"]
            for row in self.store.of_case("self_assessments", case_id)
            if row["status"] == "submitted"
        }

        def may_read(row: Row) -> bool:
            if row["actor"] == actor.id:
                return True
            part = row["subject"].split("/")
            hidden = (
                (row["kind"] == "ItemScored" and (part[1], part[2]) not in readable)
                or (row["kind"] == "SelfAnswered" and not outside and part[1] not in handed_in)
                or (row["kind"] in ("CommentAdded", "CommentResolved") and part[1] in comments)
                or (outside and row["kind"] in _INTERNAL)
            )
            return not hidden

        return [row | {"summary": _told(row, names)} for row in self.store.timeline(case_id) if may_read(row)]

    def _unreadable_comments(self, actor: Account, case_id: str) -> set[str]:
        """Remarks the actor may not read: another's on a question before its sheets are in; for the drafting
        unit, all in threads that neither name it nor hold a word of its own."""
        rows = self.store.of_case("comments", case_id)
        threads: dict[str, list[Row]] = {}
        for row in rows:
            threads.setdefault(row["reply_to"] or row["comment"], []).append(row)
        counted = {sheet.checklist.id for sheet in self._counted(case_id)}
        outside = permissions.is_outsider(actor, self._panel(case_id))
        hidden: set[str] = set()
        for thread in threads.values():
            part = thread[0]["anchor"].split("/")
            own = any(actor.id == row["actor"] for row in thread)
            called = any(actor.id in json.loads(row["mentions"] or "[]") for row in thread)
            blind = part[0] == "item" and part[1] not in counted and not own
            if blind or (outside and not own and not called):
                hidden |= {row["comment"] for row in thread}
        return hidden

    def _tasks(self, actor: Account, row: Row) -> list[Task]:
        panel = self._panel(row["id"])
        may = partial(permissions.may, actor, case=row, panel=panel)
        tasks: list[Task] = []
        if row["state"] == "screened" and may("decide_relevance"):
            tasks.append(Task(row, "intake", "作相关性判断", step="relevance"))
        if row["state"] == "reviewing" and may("appoint") and not (panel and self._pinned(row["id"])):
            tasks.append(Task(row, "intake", "选定清单和评分人员"))
        if row["state"] == "reviewing" and may("decide_finding"):
            undecided = sum(view.decision == "undecided" for view in self._findings(row))
            if undecided:
                tasks.append(Task(row, "review", f"处理标注：还有 {undecided} 条"))
        if row["state"] == "reviewing" and actor.id in panel:
            for sheet in self.own_sheets(actor, row["id"]):
                left = len(sheet.checklist.items) - len(sheet.given)
                if not sheet.submitted:
                    what = f"还有 {left} 项" if left else "已答完，待提交"
                    tasks.append(Task(row, "scoring", f"{sheet.checklist.title}：{what}", step="scoring"))
        if row["state"] in ("reviewing", "settling") and may("write_opinion") and self._all_in(row["id"]):
            tasks.append(Task(row, "opinion", "编写评估意见"))
        if row["state"] == "composed" and may("sign"):
            tasks.append(Task(row, "opinion", "签发评估意见", step="signing"))
        return tasks

    def _all_in(self, case_id: str) -> bool:
        sheets = self._sheets(case_id)
        return bool(sheets) and all(sheet.submitted for sheet in sheets)


def _names(case: CaseView) -> dict[str, str]:
    findings = {
        view.finding.id: f"“{' '.join(case.document.clause(view.finding.clause).path[-2:])}”"
        for view in case.findings
        if view.finding.clause in {clause.id for clause in case.document.clauses}
    }
    gaps = {view.gap.id: f"“{view.gap.title}”" for view in case.gaps}
    checklists = {checklist.id: f"《{checklist.title}》" for checklist in case.checklists}
    return findings | gaps | checklists


def _told(row: Row, names: Mapping[str, str]) -> str:
    told = str(row["summary"])
    for part in row["subject"].split("/"):
        told = told.replace(part, names.get(part, part))
    return told

"""What a person reads across cases: the register, what waits, what happened."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

from assessment import permissions
from assessment.records.accounts import Account
from assessment.usecases.sheets import SheetUseCases
from assessment.views import CaseView, Row, Task


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
        """Who did what when. Another's answers are left out while they may not be read."""
        names = _names(self.case(actor, case_id))
        readable = {(sheet.expert, sheet.checklist.id) for sheet in self.readable_sheets(actor, case_id)}
        return [
            row | {"summary": _told(row, names)}
            for row in self.store.timeline(case_id)
            if row["kind"] != "ItemScored" or row["actor"] == actor.id or _sheet_of(row) in readable
        ]

    def _tasks(self, actor: Account, row: Row) -> list[Task]:
        panel = self._panel(row["id"])
        may = partial(permissions.may, actor, case=row, panel=panel)
        tasks: list[Task] = []
        if row["state"] == "screened" and may("decide_relevance"):
            tasks.append(Task(row, "intake", "作相关性判断"))
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
                    tasks.append(Task(row, "scoring", f"{sheet.checklist.title}：{what}"))
        if row["state"] == "reviewing" and may("write_opinion") and self._all_in(row["id"]):
            tasks.append(Task(row, "opinion", "编写评估意见"))
        if row["state"] == "composed" and may("sign"):
            tasks.append(Task(row, "opinion", "签发评估意见"))
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


def _sheet_of(row: Row) -> tuple[str, str]:
    """Expert and checklist of an answer, from its subject ``sheet/<expert>/<checklist>/<item>``."""
    _, expert, checklist, _ = row["subject"].split("/")
    return expert, checklist


def _told(row: Row, names: Mapping[str, str]) -> str:
    told = str(row["summary"])
    for part in row["subject"].split("/"):
        told = told.replace(part, names.get(part, part))
    return told

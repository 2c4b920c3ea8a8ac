"""What the procedure recorded on a case, as the plain data an opinion is composed from."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from datetime import date

from assessment.opinions.inputs import SheetAnswer
from assessment.opinions.models import (
    AffectedGroups,
    DataGap,
    PanelAnswer,
    ProcessStep,
    RelevanceRow,
    SecondReading,
    SelfAnswer,
)
from assessment.usecases.arrival import local_day
from assessment.usecases.settings import STEPS
from assessment.usecases.steps import StepUseCases
from assessment.views import CaseView, Row, SheetView


class RecordedUseCases(StepUseCases):
    """Sheets, settled answers, second readings, affected people, missing data, steps taken and left out."""

    def _named(self, sheets: Sequence[SheetView]) -> dict[str, dict[str, dict[str, SheetAnswer]]]:
        accounts = self.store.accounts.list()
        names = Counter(account.display_name for account in accounts)
        people = {
            account.id: account.display_name
            if names[account.display_name] == 1
            else f"{account.display_name}（{account.name}）"
            for account in accounts
        }
        named: dict[str, dict[str, dict[str, SheetAnswer]]] = {}
        for sheet in sheets:
            named.setdefault(people.get(sheet.expert, sheet.expert), {})[sheet.checklist.id] = {
                item: SheetAnswer(row["answer"], row["reason"], tuple(row["quotes"]))
                for item, row in sheet.answers.items()
                if row["answer"]
            }
        return named

    def _settled(self, case_id: str) -> dict[str, dict[str, PanelAnswer]]:
        settled: dict[str, dict[str, PanelAnswer]] = {}
        for row in self.store.of_case("settled", case_id):
            settled.setdefault(row["checklist"], {})[row["item"]] = PanelAnswer(
                answer=row["answer"],
                reason=row["reason"],
                votes=json.loads(row["votes"] or "{}"),
                minority=row["minority"] or "",
                agreed=bool(row["agreed"]),
            )
        return settled

    def _self_assessed(self, case: CaseView) -> dict[str, dict[str, SelfAnswer]]:
        sheets = [self._self_assessment(case.id, checklist.id) for checklist in case.checklists]
        return {
            sheet.checklist.id: {
                item: SelfAnswer(answer=row["answer"], reason=row["reason"])
                for item, row in sheet.answers.items()
                if row["answer"]
            }
            for sheet in sheets
            if sheet.submitted
        }

    def _relevance_rows(self, case: CaseView) -> tuple[RelevanceRow, ...]:
        readings = self._second_readings(case.id)
        return tuple(
            RelevanceRow(
                lens=lens,
                level=row["level"],
                reason=row["reason"],
                second=_second(readings[lens].row) if lens in readings else None,
            )
            for lens, row in self._relevance(case.id).items()
        )

    def _affected(self, case_id: str) -> tuple[AffectedGroups, ...]:
        return tuple(
            AffectedGroups(lens=row["lens"], cells=json.loads(row["cells"]), note=row["note"])
            for row in self.store.of_case("affected", case_id)
        )

    def _data_missing(self, case_id: str) -> tuple[DataGap, ...]:
        rows = [row for row in self.store.of_case("data_gaps", case_id) if not row["received"]]
        kept = ("lens", "figure", "breakdown", "holder", "item")
        return tuple(
            DataGap(promised=row["promised"] or None, **{name: row[name] for name in kept})
            for row in sorted(rows, key=lambda row: (row["promised"] or "9999", row["gap"]))
        )

    def _skipped(self, case: CaseView) -> tuple[str, ...]:
        """Steps left out so far; whether a committee passes the paper is known only once there is one."""
        done = self._steps(case)
        return tuple(name for step, name in STEPS.items() if step != "committee" and not done[step])

    def _dated(self, case: CaseView, submitted: Sequence[SheetView]) -> tuple[ProcessStep, ...]:
        dates: dict[str, date] = {}
        for row in self.store.timeline(case.id):
            dates[row["kind"]] = local_day(row["at"])
        decided = Counter(view.decision for view in case.findings)
        told = {
            "DraftReceived": f"收到草案（{case.row['stage']}阶段）并登记",
            "ScreeningDone": f"完成条款筛查，提出标注 {len(case.screening.findings)} 条",
            "RelevanceDecided": "完成相关性判断",
            "SelfAssessmentSubmitted": f"收到起草单位自评表 {len(self._self_assessed(case))} 份",
            "PanelAppointed": f"确定评分人员 {len(case.panel)} 人、评估清单 {len(case.checklists)} 份",
            "FindingDecided": f"逐条审阅标注，确认 {decided['confirmed']} 条，排除 {decided['excluded']} 条",
            "SheetSubmitted": f"收到独立填写的评分表 {len(submitted)} 份",
            "ItemSettled": f"合议，确定清单项 {len(self.store.of_case('settled', case.id))} 项",
        }
        steps = [ProcessStep(on=dates[kind], what=what) for kind, what in told.items() if kind in dates]
        return tuple(sorted(steps, key=lambda step: step.on))


def _second(row: Row) -> SecondReading:
    return SecondReading(
        agrees=bool(row["agrees"]),
        level=row["level"],
        reason=row["reason"],
        first_level=row["first_level"],
        first_reason=row["first_reason"],
        settled=bool(row["settled_at"]),
    )

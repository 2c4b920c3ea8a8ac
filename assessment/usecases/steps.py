"""Which steps of the procedure a case has taken."""

from __future__ import annotations

from assessment.screening.models import LENSES
from assessment.usecases.arrival import ArrivalUseCases
from assessment.usecases.committee import CommitteeUseCases
from assessment.usecases.material import MaterialUseCases
from assessment.usecases.settling import SettlingUseCases
from assessment.views import CaseView, SheetView


class StepUseCases(ArrivalUseCases, MaterialUseCases, SettlingUseCases, CommitteeUseCases):
    """Steps an office may require or leave out, held against what a case holds."""

    def _steps(self, case: CaseView) -> dict[str, bool]:
        """Step of ``settings.STEPS`` to whether this case has taken it."""
        readings = self._second_readings(case.id)
        own = [self._self_assessment(case.id, checklist.id) for checklist in case.checklists]
        sheets = self._counted(case.id)
        settled = {(r["checklist"], r["item"]) for r in self.store.of_case("settled", case.id)}
        items = {(checklist.id, item.id) for checklist in case.checklists for item in checklist.items}
        return {
            "second_reader": len(readings) == len(LENSES) and not any(r.open for r in readings.values()),
            "self_assessment": bool(own) and all(sheet.submitted for sheet in own),
            "declaration": bool(case.panel) and all(self._declared(case.id, e) for e in case.panel),
            "quotes": not any(self._unquoted(case.id, sheet) for sheet in sheets),
            "settlement": bool(items) and items <= settled,
            "committee": self._committee(case.row).passed,
        }

    def _unquoted(self, case_id: str, sheet: SheetView) -> list[str]:
        return [
            item.id
            for item in sheet.checklist.items
            if sheet.given.get(item.id) == "符合"
            and not self.carried(case_id, item, sheet.answers[item.id]["quotes"])
        ]

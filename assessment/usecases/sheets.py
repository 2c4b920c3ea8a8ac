"""Scoring: each expert fills a sheet alone; submitted sheets become readable."""

from __future__ import annotations

from collections.abc import Sequence

from assessment import checklists as checklist_files
from assessment.checklists import Answer, Checklist
from assessment.messages import NotAllowedError
from assessment.records import events
from assessment.records.accounts import Account
from assessment.usecases.base import UseCases
from assessment.views import SheetView


class SheetUseCases(UseCases):
    """What experts do, and who may read their sheets."""

    def score_item(
        self,
        actor: Account,
        case_id: str,
        checklist_id: str,
        item_id: str,
        answer: Answer | None,
        reason: str = "",
        quotes: Sequence[str] = (),
        seen: int | None = None,
    ) -> None:
        """Store one answer on the actor's own sheet (None takes it back). Checked, then in the journal."""
        self._check(actor, "score", case_id)
        sheet = self._sheet(case_id, actor.id, checklist_id)
        if sheet.submitted:
            raise NotAllowedError("E511")
        item = sheet.checklist.item(item_id)
        if answer is not None:
            checklist_files.check_answer(item, answer, reason)
        payload = events.ItemScored(
            expert=actor.id,
            checklist=checklist_id,
            item=item_id,
            answer=answer,
            reason=reason.strip(),
            quotes=tuple(quotes),
        )
        self.store.append(case_id, payload, actor.id, seen)

    def submit_sheet(self, actor: Account, case_id: str, checklist_id: str, note: str = "") -> None:
        """Lock the actor's own sheet; every item must have an answer."""
        self._check(actor, "score", case_id)
        sheet = self._sheet(case_id, actor.id, checklist_id)
        if sheet.submitted:
            raise NotAllowedError("E511")
        if not sheet.complete:
            raise NotAllowedError("E512", missing=len(sheet.checklist.items) - len(sheet.given))
        payload = events.SheetSubmitted(expert=actor.id, checklist=checklist_id, note=note.strip())
        self.store.append(case_id, payload, actor.id)

    def reopen_sheet(self, actor: Account, case_id: str, expert: str, checklist_id: str, reason: str) -> None:
        """Give a submitted sheet back to its expert, with a reason."""
        self._check(actor, "reopen_sheet", case_id)
        if not reason.strip():
            raise NotAllowedError("E505")
        if not self._sheet(case_id, expert, checklist_id).submitted:
            raise NotAllowedError("E513")
        payload = events.SheetReopened(expert=expert, checklist=checklist_id, reason=reason.strip())
        self.store.append(case_id, payload, actor.id)

    def own_sheets(self, actor: Account, case_id: str) -> tuple[SheetView, ...]:
        """The actor's own sheets on the case, one for each checklist."""
        self._see(actor, case_id)
        if actor.id not in self._panel(case_id):
            return ()
        return tuple(self._sheet(case_id, actor.id, row["checklist"]) for row in self._pinned(case_id))

    def readable_sheets(self, actor: Account, case_id: str) -> tuple[SheetView, ...]:
        """Submitted sheets the actor may read.

        Somebody still scoring a checklist sees nobody else's sheet on it; nobody sees an unsubmitted one.
        """
        self._see(actor, case_id)
        sheets = self._sheets(case_id)
        scoring = {s.checklist.id for s in sheets if s.expert == actor.id and not s.submitted}
        shown = [s for s in sheets if s.submitted and s.checklist.id not in scoring]
        rank = {row["checklist"]: row["rank"] for row in self._pinned(case_id)}
        return tuple(sorted(shown, key=lambda sheet: int(rank[sheet.checklist.id])))

    def progress(self, actor: Account, case_id: str) -> list[tuple[str, Checklist, int, bool]]:
        """For each panel member and checklist: expert id, checklist, answers given, submitted. No answers."""
        self._see(actor, case_id)
        return [(s.expert, s.checklist, len(s.given), s.submitted) for s in self._sheets(case_id)]

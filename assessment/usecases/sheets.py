"""Scoring: each expert fills a sheet alone; submitted sheets become readable."""

from __future__ import annotations

import re
from collections.abc import Sequence

from assessment import checklists as checklist_files
from assessment import permissions
from assessment.checklists import Answer, Checklist, Item
from assessment.messages import NotAllowedError
from assessment.records import events
from assessment.records.accounts import Account
from assessment.usecases.settings import SettingsUseCases
from assessment.views import SheetView

_CLAUSE_NAME = re.compile(r"^[^：。；]{1,20}：")


class SheetUseCases(SettingsUseCases):
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
        """Store one answer on the actor's own sheet (None takes it back). Checked, then in the journal.

        Where the office requires it, a declaration of interest comes first (E541), and 符合 on an item that the
        text can carry needs words of the text (E542).
        """
        case = self._check(actor, "score", case_id)
        procedure = self.procedure()
        if procedure.declaration and not self._declared(case_id, actor.id):
            raise NotAllowedError("E541")
        sheet = self._sheet(case_id, actor.id, checklist_id)
        if sheet.submitted:
            raise NotAllowedError("E511")
        item = sheet.checklist.item(item_id)
        if answer is not None:
            checklist_files.check_answer(item, answer, reason)
        if answer == "符合" and procedure.quotes and not self.carried(case_id, item, quotes):
            raise NotAllowedError("E542", item=f"{item.id} {item.criterion}")
        payload = events.ItemScored(
            expert=actor.id,
            checklist=checklist_id,
            item=item_id,
            answer=answer,
            reason=reason.strip(),
            quotes=tuple(quotes),
        )
        self.store.append(case_id, payload, actor.id, int(case["case_seq"]) if seen is None else seen)

    def submit_sheet(self, actor: Account, case_id: str, checklist_id: str, note: str = "") -> None:
        """Lock the actor's own sheet; every item must have an answer."""
        case = self._check(actor, "score", case_id)
        sheet = self._sheet(case_id, actor.id, checklist_id)
        if sheet.submitted:
            raise NotAllowedError("E511")
        if not sheet.complete:
            raise NotAllowedError("E512", missing=len(sheet.checklist.items) - len(sheet.given))
        payload = events.SheetSubmitted(expert=actor.id, checklist=checklist_id, note=note.strip())
        self.store.append(case_id, payload, actor.id, int(case["case_seq"]))

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
        """Submitted sheets the actor may read: the own ones, and all of a checklist once all of it are in.

        The drafting unit reads none.
        """
        case = self._see(actor, case_id)
        if permissions.is_outsider(actor, self._panel(case_id)):
            return ()
        whole = self._counted(case["id"])
        own = [s for s in self._sheets(case_id) if s.expert == actor.id and s.submitted and s not in whole]
        shown = [*whole, *own]
        rank = {row["checklist"]: row["rank"] for row in self._pinned(case_id)}
        return tuple(sorted(shown, key=lambda sheet: int(rank[sheet.checklist.id])))

    def progress(self, actor: Account, case_id: str) -> list[tuple[str, Checklist, int, bool]]:
        """For each panel member and checklist: expert id, checklist, answers given, submitted. No answers."""
        self._see(actor, case_id)
        if permissions.is_outsider(actor, self._panel(case_id)):
            return []
        return [(s.expert, s.checklist, len(s.given), s.submitted) for s in self._sheets(case_id)]

    def carried(self, case_id: str, item: Item, quotes: Sequence[str]) -> bool:
        """Whether 符合 on ``item`` stands on words of the draft: always, if the text alone cannot carry it.

        A quote may have the name of its clause before it, as in 第二条：…….
        """
        if item.evidence != "quote":
            return True
        text = self._document(self._row(case_id)["document"]).text
        return any(_words(quote) and _words(quote) in text for quote in quotes)

    def _counted(self, case_id: str) -> list[SheetView]:
        """The sheets of every checklist of which all sheets are in: before that, none of them counts."""
        sheets = self._sheets(case_id)
        awaited = {sheet.checklist.id for sheet in sheets if not sheet.submitted}
        return [sheet for sheet in sheets if sheet.checklist.id not in awaited]

    def _declared(self, case_id: str, expert: str) -> bool:
        return expert in {row["expert"] for row in self.store.of_case("declarations", case_id)}


def _words(quote: str) -> str:
    return _CLAUSE_NAME.sub("", quote).strip().removesuffix("…").removesuffix("…")

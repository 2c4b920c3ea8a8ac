"""The panel: interests declared, members removed, agreement measured, differences settled."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass

from assessment import checklists as checklist_files
from assessment import panel, permissions
from assessment.checklists import ANSWERS, Answer, Checklist, Item
from assessment.messages import NotAllowedError
from assessment.panel import PanelAgreement
from assessment.records import events
from assessment.records.accounts import Account
from assessment.usecases.sheets import SheetUseCases
from assessment.views import Row, SheetView


@dataclass(frozen=True, slots=True)
class SettlementItem:
    """One item before the panel.

    Attributes:
        item: the question.
        answers: expert's account id to the answer row (``answer``, ``reason``, ``quotes``).
        proposed: the answer all gave alike; None where they differ.
        steps: 0 where all agree, 1 for neighbours or 不适用/证据不足 against another, 2 for 符合 against 不符合.
        settled: the row of the settled answer (``answer``, ``reason``, ``votes``, ``minority``, ``agreed``,
            ``actor``, ``at``), or None.
        stale: True if a sheet was handed in again after the item was settled.
    """

    item: Item
    answers: Mapping[str, Row]
    proposed: Answer | None
    steps: int
    settled: Row | None
    stale: bool


@dataclass(frozen=True, slots=True)
class Settlement:
    """One checklist before the panel: figures of agreement and every item, in the checklist's order.

    ``by_distance`` names the split items, furthest apart first.
    """

    checklist: Checklist
    agreement: PanelAgreement
    items: tuple[SettlementItem, ...]
    by_distance: tuple[str, ...]

    @property
    def open(self) -> int:
        """Items not settled yet."""
        return sum(entry.settled is None for entry in self.items)


class SettlingUseCases(SheetUseCases):
    """From independent sheets to the panel's common answers."""

    def declare_interest(self, actor: Account, case_id: str, conflict: bool, statement: str = "") -> None:
        """A panel member declares an interest in the draft, or none; with an interest (E505 without a word
        on it) the member is off the panel at once, and reads the case no more."""
        self._check(actor, "declare", case_id)
        if conflict and not statement.strip():
            raise NotAllowedError("E505")
        payload = events.InterestDeclared(expert=actor.id, conflict=conflict, statement=statement.strip())
        self.store.append(case_id, payload, actor.id)

    def declarations(self, actor: Account, case_id: str) -> dict[str, Row]:
        """Account id to the declaration (``conflict``, ``statement``, ``at``), former members among them."""
        self._see(actor, case_id)
        if permissions.is_outsider(actor, self._panel(case_id)):
            return {}
        return {row["expert"]: row for row in self.store.of_case("declarations", case_id)}

    def remove_expert(self, actor: Account, case_id: str, expert: str, reason: str, seen: int) -> None:
        """Take an expert off the panel; sheets already written stay in the records and count no more.

        An answer or submission of the same expert that came after ``seen`` is a conflict (E401): whoever
        removes sees first what came in.
        """
        self._check(actor, "remove_expert", case_id)
        if expert not in self._panel(case_id):
            raise NotAllowedError("E543")
        if not reason.strip():
            raise NotAllowedError("E505")
        payload = events.PanelMemberRemoved(expert=expert, reason=reason.strip())
        self.store.append(case_id, payload, actor.id, seen)

    def open_settlement(self, actor: Account, case_id: str, seen: int, note: str = "") -> None:
        """Sit down over the sheets; E544 until all are in. They are locked while the panel sits."""
        self._check(actor, "open_settlement", case_id)
        sheets = self._sheets(case_id)
        missing = sum(not sheet.submitted for sheet in sheets)
        if missing or not sheets:
            raise NotAllowedError("E544", missing=missing or "全部")
        self.store.append(case_id, events.SettlementOpened(note=note.strip()), actor.id, seen)

    def settlement(self, actor: Account, case_id: str) -> tuple[Settlement, ...]:
        """Every checklist of which all sheets are in, with agreement, answers side by side and what is settled."""
        sheets = self.readable_sheets(actor, case_id)
        ready = {sheet.checklist.id for sheet in self._counted(case_id)} if sheets else set()
        found: dict[str, list[SheetView]] = {}
        for sheet in sheets:
            if sheet.checklist.id in ready:
                found.setdefault(sheet.checklist.id, []).append(sheet)
        return tuple(self._settlement(case_id, group) for group in found.values())

    def settle_agreed(self, actor: Account, case_id: str, checklist_id: str, seen: int) -> int:
        """Take over every answer all sheets gave alike, as a person looking at them; how many is returned."""
        self._check(actor, "settle", case_id)
        agreed = [
            entry
            for entry in self._settling(case_id, checklist_id).items
            if entry.proposed is not None and entry.settled is None
        ]
        payloads = [
            events.ItemSettled(
                checklist=checklist_id,
                item=entry.item.id,
                answer=entry.proposed,
                reason=_common_reason(entry),
                agreed=True,
            )
            for entry in agreed
            if entry.proposed is not None
        ]
        if payloads:
            self.store.append_many(case_id, payloads, actor.id, seen)
        return len(payloads)

    def settle_item(
        self,
        actor: Account,
        case_id: str,
        checklist_id: str,
        item_id: str,
        answer: Answer,
        reason: str,
        seen: int,
        votes: Mapping[Answer, int] | None = None,
        minority: str = "",
    ) -> None:
        """Record the panel's answer on one item.

        Args:
            reason: needed unless all sheets gave this answer (E545), and for 不适用 and 证据不足 always (E320).
            votes: answer to number of votes, where it was voted on (E546 for others).
            minority: the view that did not prevail, kept with the result.
        """
        self._check(actor, "settle", case_id)
        settlement = self._settling(case_id, checklist_id)
        item = settlement.checklist.item(item_id)
        entry = next(entry for entry in settlement.items if entry.item.id == item_id)
        agreed = entry.proposed == answer
        checklist_files.check_answer(item, answer, reason or ("见评分表" if agreed else ""))
        if not agreed and not reason.strip():
            raise NotAllowedError("E545", item=f"{item.id} {item.criterion}")
        counted = {name: int(number) for name, number in (votes or {}).items() if number}
        if votes and (not counted or set(counted) - set(ANSWERS) or min(counted.values()) < 0):
            raise NotAllowedError("E546")
        payload = events.ItemSettled(
            checklist=checklist_id,
            item=item_id,
            answer=answer,
            reason=reason.strip(),
            votes=counted,
            minority=minority.strip(),
            agreed=agreed,
        )
        self.store.append(case_id, payload, actor.id, seen)

    def _settling(self, case_id: str, checklist_id: str) -> Settlement:
        self._pinned_checklist(case_id, checklist_id)
        sheets = [sheet for sheet in self._counted(case_id) if sheet.checklist.id == checklist_id]
        if not sheets:
            missing = sum(s.checklist.id == checklist_id for s in self._sheets(case_id) if not s.submitted)
            raise NotAllowedError("E544", missing=missing or "全部")
        return self._settlement(case_id, sheets)

    def _settlement(self, case_id: str, sheets: list[SheetView]) -> Settlement:
        checklist = sheets[0].checklist
        given = {sheet.expert: sheet.given for sheet in sheets}
        splits = {split.item: split.steps for split in panel.split_items(checklist, given)}
        proposed = panel.proposed(checklist, given)
        settled = {
            row["item"]: row | {"votes": json.loads(row["votes"] or "{}")}
            for row in self.store.of_case("settled", case_id)
            if row["checklist"] == checklist.id
        }
        last = max((sheet.submitted_at for sheet in sheets), default="")
        return Settlement(
            checklist,
            panel.agreement(checklist, given),
            tuple(
                SettlementItem(
                    item,
                    {sheet.expert: sheet.answers[item.id] for sheet in sheets if item.id in sheet.answers},
                    proposed.get(item.id),
                    splits.get(item.id, 0),
                    settled.get(item.id),
                    item.id in settled and settled[item.id]["at"] < last,
                )
                for item in checklist.items
            ),
            tuple(splits),
        )


def _common_reason(entry: SettlementItem) -> str:
    reasons = dict.fromkeys(row["reason"].strip() for row in entry.answers.values() if row["reason"].strip())
    return "全体一致" + (f"：{'；'.join(reasons)}" if reasons else "")

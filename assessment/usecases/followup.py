"""实施后评估: when the effects are looked at, what was predicted and found, and the assessment that follows."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from assessment import permissions, workdays
from assessment.messages import NotAllowedError
from assessment.opinions.words import LENS
from assessment.records import events
from assessment.records.accounts import Account
from assessment.records.events import Outcome
from assessment.usecases.intake import Description, Incoming, Paper
from assessment.usecases.replies import ReplyUseCases
from assessment.usecases.words import AGES, FOUND, OUTCOMES, SEXES
from assessment.views import Row

Effect = tuple[str, str, str]
Figure = tuple[str, str, str, str, str]


@dataclass(frozen=True, slots=True)
class FollowUp:
    """A follow-up as it stands.

    Attributes:
        due: the day, or None while nobody has set one.
        note: what was said when it was set.
        predicted: what the assessment expected, a Chinese line each, to begin the form with.
        report: the row of the form (``effects``, ``figures``, ``complaints``, ``conclusion``, ``reason``, who,
            when), or None.
    """

    due: date | None
    note: str
    predicted: tuple[str, ...]
    report: Row | None


class FollowUpUseCases(ReplyUseCases):
    """After one or two years: was it as thought, and what should become of the text."""

    def propose_follow_up(self) -> date:
        """The day proposed: the office's number of months from today, moved to a working day."""
        today, months = date.today(), self.procedure().follow_up_months
        year, month = divmod(today.month - 1 + months, 12)
        return workdays.add_workdays(date(today.year + year, month + 1, min(today.day, 28)), 0)

    def schedule_follow_up(self, actor: Account, case_id: str, due: date, note: str, seen: int) -> None:
        """Set the day of the follow-up, after today (E556)."""
        self._check(actor, "schedule_follow_up", case_id)
        if due <= date.today():
            raise NotAllowedError("E556")
        self.store.append(case_id, events.FollowUpScheduled(due=due, note=note.strip()), actor.id, seen)

    def record_follow_up(
        self,
        actor: Account,
        case_id: str,
        effects: Sequence[Effect],
        figures: Sequence[Figure],
        complaints: str,
        conclusion: Outcome,
        reason: str,
        seen: int,
    ) -> None:
        """Fill the follow-up form.

        Args:
            effects: (predicted, found, one of ``words.FOUND``); at least one.
            figures: (what, one of ``words.SEXES``, one of ``words.AGES``, value, source).
            complaints: complaints and cases heard of.
            conclusion: one of ``words.OUTCOMES``; needs a reason (E505).

        Raises:
            NotAllowedError: E557 for an empty line or a word not in the lists.
        """
        self._check(actor, "record_follow_up", case_id)
        sound = all(all(part.strip() for part in row) and row[2] in FOUND for row in effects)
        counted = all(row[0].strip() and row[3].strip() for row in figures)
        known = all(row[1] in SEXES and row[2] in AGES for row in figures)
        if not (effects and sound and counted and known and conclusion in OUTCOMES):
            raise NotAllowedError("E557")
        if not reason.strip():
            raise NotAllowedError("E505")
        payload = events.FollowUpRecorded(
            effects=tuple(effects),
            figures=tuple(figures),
            complaints=complaints.strip(),
            conclusion=conclusion,
            reason=reason.strip(),
        )
        self.store.append(case_id, payload, actor.id, seen)

    def follow_up(self, actor: Account, case_id: str) -> FollowUp:
        """The appointment, what was predicted, and the form if it is filled."""
        case = self._see(actor, case_id)
        set_for = self.store.of_case("follow_ups", case_id)
        reports = self.store.of_case("follow_up_reports", case_id)
        report = reports[-1] if reports else None
        if report:
            report |= {name: json.loads(report[name]) for name in ("effects", "figures")}
        return FollowUp(
            date.fromisoformat(set_for[-1]["due"]) if set_for else None,
            set_for[-1]["note"] if set_for else "",
            self._predicted(actor, case),
            report,
        )

    def reassess(
        self,
        actor: Account,
        case_id: str,
        draft: Incoming,
        description: Description,
        papers: Sequence[Paper] = (),
    ) -> str:
        """Begin a new assessment of the same draft, linked to this case; the new case's id is returned."""
        self._check(actor, "reassess", case_id)
        permissions.check(actor, "receive")
        return self._receive(actor, draft, description, papers, follows=case_id)

    def linked(self, actor: Account, case_id: str) -> tuple[list[Row], list[Row]]:
        """The case this one follows, and the cases that follow it, as far as the actor may see them."""
        case = self._see(actor, case_id)
        earlier = self.store.rows("select * from cases where id = ?", [case["follows"] or ""])
        later = self.store.rows("select * from cases where follows = ? order by opened_at", [case_id])
        return self._seen_of(actor, earlier), self._seen_of(actor, later)

    def _seen_of(self, actor: Account, rows: list[Row]) -> list[Row]:
        return [row for row in rows if permissions.may_see(actor, row, self._panel(row["id"]))]

    def _predicted(self, actor: Account, case: Row) -> tuple[str, ...]:
        lines = [
            f"{LENS[lens]}：{'、'.join(part for part in cell[:3] if part != '一般')}，预测{cell[3]}"
            for lens, cells in self.affected(actor, case["id"]).items()
            for cell in cells
        ]
        if case["signed_opinion"]:
            opinion = self._load_opinion(case["signed_opinion"])
            lines += [f"{row.clause}：{row.problem}" for row in opinion.recommendations]
        return tuple(lines)

"""The drafting unit assesses its own draft, on the checklists of the case, before the experts do."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass

from assessment import checklists as checklist_files
from assessment import permissions
from assessment.checklists import Answer, Checklist
from assessment.messages import NotAllowedError
from assessment.records import events
from assessment.records.accounts import Account
from assessment.usecases.intake import IntakeUseCases
from assessment.views import Row


@dataclass(frozen=True, slots=True)
class SelfAssessment:
    """The drafting unit's sheet on one checklist.

    Attributes:
        checklist: as pinned for the case.
        answers: item id to the latest row (``answer``, ``reason``, ``quotes``, ``attachments``, ``measure``).
        status: the row of the sheet (``status``, ``responsible``, ``note``, ``return_reason``,
            ``submitted_at``); empty before the first answer.
    """

    checklist: Checklist
    answers: dict[str, Row]
    status: Row

    @property
    def submitted(self) -> bool:
        """True once handed in and not given back."""
        return bool(self.status) and self.status["status"] == "submitted"

    @property
    def left(self) -> int:
        """Items without an answer."""
        return len(self.checklist.items) - sum(bool(row["answer"]) for row in self.answers.values())


class SelfAssessmentUseCases(IntakeUseCases):
    """部门自评: the same questions as the experts', answered by the unit with its evidence."""

    def choose_checklists(self, actor: Account, case_id: str, checklists: Sequence[str], seen: int) -> None:
        """Give the case its checklists before a panel is named; answered ones cannot be taken away (E507)."""
        self._check(actor, "appoint", case_id)
        if not checklists:
            raise NotAllowedError("E504")
        tables = ("answers", "self_answers")
        answered = {r["checklist"] for t in tables for r in self.store.of_case(t, case_id) if r["answer"]}
        if answered - set(checklists):
            raise NotAllowedError("E507")
        payload = events.ChecklistsChosen(checklists=self._pin(case_id, checklists))
        self.store.append(case_id, payload, actor.id, seen)

    def answer_self(
        self,
        actor: Account,
        case_id: str,
        checklist_id: str,
        item_id: str,
        answer: Answer | None,
        reason: str = "",
        quotes: Sequence[str] = (),
        attachments: Sequence[str] = (),
        measure: str = "",
        seen: int | None = None,
    ) -> None:
        """Store one answer of the drafting unit (None takes it back).

        Args:
            attachments: ``file`` of papers attached to the case, as evidence; E535 if the case has no such paper.
            measure: what the unit means to do about it.
        """
        self._check(actor, "self_assess", case_id)
        sheet = self._self_assessment(case_id, checklist_id)
        if sheet.submitted:
            raise NotAllowedError("E511")
        if answer is not None:
            checklist_files.check_answer(sheet.checklist.item(item_id), answer, reason)
        self._require_attached(case_id, attachments)
        payload = events.SelfAnswered(
            checklist=checklist_id,
            item=sheet.checklist.item(item_id).id,
            answer=answer,
            reason=reason.strip(),
            quotes=tuple(quotes),
            attachments=tuple(attachments),
            measure=measure.strip(),
        )
        self.store.append(case_id, payload, actor.id, seen)

    def submit_self_assessment(
        self, actor: Account, case_id: str, checklist_id: str, responsible: str, seen: int, note: str = ""
    ) -> None:
        """Hand the self-assessment in; every item needs an answer, and somebody answers for it (E536)."""
        self._check(actor, "self_assess", case_id)
        sheet = self._self_assessment(case_id, checklist_id)
        if sheet.submitted:
            raise NotAllowedError("E511")
        if sheet.left:
            raise NotAllowedError("E512", missing=sheet.left)
        if not responsible.strip():
            raise NotAllowedError("E536")
        payload = events.SelfAssessmentSubmitted(
            checklist=checklist_id, responsible=responsible.strip(), note=note.strip()
        )
        self.store.append(case_id, payload, actor.id, seen)

    def return_self_assessment(
        self, actor: Account, case_id: str, checklist_id: str, reason: str, seen: int
    ) -> None:
        """Give a submitted self-assessment back to the drafting unit, with a reason."""
        self._check(actor, "return_self_assessment", case_id)
        if not reason.strip():
            raise NotAllowedError("E505")
        if not self._self_assessment(case_id, checklist_id).submitted:
            raise NotAllowedError("E513")
        payload = events.SelfAssessmentReturned(checklist=checklist_id, reason=reason.strip())
        self.store.append(case_id, payload, actor.id, seen)

    def self_assessments(self, actor: Account, case_id: str) -> tuple[SelfAssessment, ...]:
        """The unit's sheets, one for each checklist of the case.

        Others than the drafting unit read a sheet once it is handed in; until then its answers are left out.
        """
        case = self._see(actor, case_id)
        own = "drafter" in actor.roles and bool(actor.unit) and actor.unit == case["drafting_unit"]
        sheets = [self._self_assessment(case_id, row["checklist"]) for row in self._pinned(case_id)]
        return tuple(
            sheet if own or sheet.submitted else SelfAssessment(sheet.checklist, {}, sheet.status)
            for sheet in sheets
        )

    def may_self_assess(self, actor: Account, case_id: str) -> bool:
        """Whether the actor belongs to the drafting unit and may answer now."""
        return self.permits(actor, "self_assess", case_id) and permissions.may_see(
            actor, self._row(case_id), self._panel(case_id)
        )

    def _self_assessment(self, case_id: str, checklist_id: str) -> SelfAssessment:
        checklist = self._pinned_checklist(case_id, checklist_id)
        answers = [r for r in self.store.of_case("self_answers", case_id) if r["checklist"] == checklist_id]
        status = [
            r for r in self.store.of_case("self_assessments", case_id) if r["checklist"] == checklist_id
        ]
        lists = ("quotes", "attachments")
        return SelfAssessment(
            checklist,
            {row["item"]: row | {name: json.loads(row[name]) for name in lists} for row in answers},
            status[0] if status else {},
        )

    def _require_attached(self, case_id: str, files: Sequence[str]) -> None:
        if not set(files) <= {row["file"] for row in self.store.of_case("attachments", case_id)}:
            raise NotAllowedError("E535")

"""Findings and gaps: confirmed, excluded, retyped or added by a person."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass

from assessment.messages import NotAllowedError
from assessment.records import events
from assessment.records.accounts import Account
from assessment.screening.explain import text_for
from assessment.screening.models import Lens
from assessment.usecases.base import UseCases, clause_at
from assessment.views import Decision


@dataclass(frozen=True, slots=True)
class Mark:
    """A finding a person adds by hand: offsets into the document's text."""

    start: int
    end: int
    lens: Lens
    kind: str
    types: tuple[str, ...]
    severity: str
    reason: str
    suggestion: str = ""


class ReviewUseCases(UseCases):
    """Decisions on what screening proposed; the machine's own result is never changed."""

    def decide_finding(
        self,
        actor: Account,
        case_id: str,
        finding_id: str,
        decision: Decision,
        seen: int,
        *,
        kind: str | None = None,
        types: Sequence[str] | None = None,
        severity: str | None = None,
        reason: str = "",
    ) -> None:
        """Confirm, exclude or retype a finding. An exclusion needs a reason; the machine's own stays."""
        self._check(actor, "decide_finding", case_id)
        view = self._finding(case_id, finding_id)
        if decision == "excluded" and not reason.strip():
            raise NotAllowedError("E508")
        kind = kind or view.kind
        chosen = tuple(types if types is not None else view.types) if kind == "concern" else ()
        if kind == "concern" and not chosen:
            raise NotAllowedError("E509")
        payload = events.FindingDecided.model_validate(
            {
                "finding": finding_id,
                "decision": decision,
                "finding_kind": kind,
                "types": chosen,
                "severity": (severity or view.severity) if kind == "concern" else "none",
                "reason": reason.strip(),
            }
        )
        self.store.append(case_id, payload, actor.id, seen)

    def add_finding(self, actor: Account, case_id: str, mark: Mark, seen: int) -> str:
        """Mark words the machine had not; the new finding's id is returned."""
        case = self._check(actor, "decide_finding", case_id)
        document = self._document(case["document"])
        if not 0 <= mark.start < mark.end <= len(document.text):
            raise NotAllowedError("E510")
        if not mark.reason.strip():
            raise NotAllowedError("E505")
        if mark.kind == "concern" and not mark.types:
            raise NotAllowedError("E509")
        clause, unit = clause_at(document, mark.start, mark.end)
        finding_id = f"h-{secrets.token_hex(4)}"
        basis = tuple(dict.fromkeys(cite for kind in mark.types for cite in text_for(mark.lens, kind).basis))
        payload = events.FindingAdded.model_validate(
            {
                "finding": finding_id,
                "clause": clause.id,
                "unit": unit.id,
                "lens": mark.lens,
                "finding_kind": mark.kind,
                "types": mark.types if mark.kind == "concern" else (),
                "start": mark.start,
                "end": mark.end,
                "quote": document.text[mark.start : mark.end],
                "severity": mark.severity if mark.kind == "concern" else "none",
                "reason": mark.reason.strip(),
                "basis": basis,
                "suggestion": mark.suggestion.strip(),
            }
        )
        self.store.append(case_id, payload, actor.id, seen)
        return finding_id

    def decide_gap(
        self, actor: Account, case_id: str, gap_id: str, decision: Decision, seen: int, reason: str = ""
    ) -> None:
        """Keep or set aside a gap the engine proposed; setting aside needs a reason."""
        self._check(actor, "decide_finding", case_id)
        if decision == "excluded" and not reason.strip():
            raise NotAllowedError("E508")
        payload = events.GapDecided(gap=gap_id, decision=decision, reason=reason.strip())
        self.store.append(case_id, payload, actor.id, seen)

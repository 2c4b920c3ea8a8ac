"""The opinion: worded and composed; what was signed is kept."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date

from assessment import opinions, permissions
from assessment.messages import NotAllowedError, OpinionError
from assessment.opinions.inputs import Draft, Edit, FindingDecision, OpinionInput
from assessment.opinions.models import Opinion
from assessment.records import events
from assessment.records.accounts import Account
from assessment.usecases.recorded import RecordedUseCases
from assessment.views import CaseView, Row


class PaperUseCases(RecordedUseCases):
    """From confirmed findings and submitted sheets to the signed papers."""

    def edit_recommendation(
        self,
        actor: Account,
        case_id: str,
        recommendation: str,
        problem: str,
        basis: Sequence[str],
        proposal: str,
        included: bool,
        seen: int,
    ) -> None:
        """Word one recommendation of the opinion; the machine's wording stays in the screening."""
        self._check(actor, "write_opinion", case_id)
        payload = events.RecommendationEdited(
            recommendation=recommendation,
            problem=problem.strip(),
            basis=tuple(entry.strip() for entry in basis if entry.strip()),
            proposal=proposal.strip(),
            included=included,
        )
        self.store.append(case_id, payload, actor.id, seen)

    def choose_conclusion(
        self,
        actor: Account,
        case_id: str,
        conclusion: str,
        explanation: str,
        addressee: str,
        reply_days: int,
        contact: str,
        seen: int,
    ) -> None:
        """Choose the overall conclusion and say to whom the opinion goes."""
        self._check(actor, "write_opinion", case_id)
        payload = events.ConclusionChosen(
            conclusion=conclusion,
            explanation=explanation.strip(),
            addressee=addressee.strip(),
            reply_days=reply_days,
            contact=contact.strip(),
        )
        self.store.append(case_id, payload, actor.id, seen)

    def recommendations(self, actor: Account, case_id: str) -> dict[str, Row]:
        """Recommendation id to the wording a person gave it."""
        self._see_inside(actor, case_id)
        return {row["recommendation"]: row for row in self.store.of_case("recommendations", case_id)}

    def conclusion(self, actor: Account, case_id: str) -> Row | None:
        """The conclusion chosen so far, or None."""
        self._see_inside(actor, case_id)
        return self._conclusion(case_id)

    def draft_opinion(self, actor: Account, case_id: str) -> Opinion:
        """The opinion as it would stand now, not stored."""
        self._see_inside(actor, case_id)
        with self.store.register.reading():
            return self._compose(self.case(actor, case_id))

    def compose_opinion(self, actor: Account, case_id: str, seen: int) -> str:
        """Freeze the opinion as it stands; its hash is returned. A conclusion must have been chosen."""
        self._check(actor, "write_opinion", case_id)
        case = self.case(actor, case_id)
        if self._conclusion(case_id) is None:
            raise OpinionError("E601")
        opinion = self._compose(case)
        file = self.store.files.put(opinions.to_json(opinion).encode())
        self.store.append(case_id, events.OpinionComposed(opinion=file), actor.id, seen)
        return file

    def composed_opinion(self, actor: Account, case_id: str) -> Opinion | None:
        """The opinion last frozen (signed or not), or None; the drafting unit reads the one last signed."""
        case = self._see(actor, case_id)
        outside = permissions.is_outsider(actor, self._panel(case_id))
        file = case["signed_opinion"] if outside else case["opinion"] or case["signed_opinion"]
        return self._load_opinion(file) if file else None

    def papers(self, actor: Account, case_id: str) -> tuple[bytes, bytes] | None:
        """The signed opinion as Word and Excel, exactly as signed; None before signing."""
        self._see(actor, case_id)
        rows = self.store.rows(
            "select docx, xlsx from opinions where case_id = ? and docx != '' order by signed_at desc limit 1",
            [case_id],
        )
        return (
            (self.store.files.get(rows[0]["docx"]), self.store.files.get(rows[0]["xlsx"])) if rows else None
        )

    def reopen(self, actor: Account, case_id: str, reason: str, seen: int) -> None:
        """Go on with a closed or signed case, with the reason."""
        self._check(actor, "reopen", case_id)
        if not reason.strip():
            raise NotAllowedError("E505")
        self.store.append(case_id, events.CaseReopened(reason=reason.strip()), actor.id, seen)

    def _see_inside(self, actor: Account, case_id: str) -> None:
        """Refuse (E552) whoever reads the case only as its drafting unit what was not sent to it."""
        self._see(actor, case_id)
        if permissions.is_outsider(actor, self._panel(case_id)):
            raise NotAllowedError("E552")

    def _load_opinion(self, file: str) -> Opinion:
        return opinions.from_json(self.store.files.get(file).decode())

    def _compose(self, case: CaseView) -> Opinion:
        chosen = self._conclusion(case.id) or {}
        sheets = self._counted(case.id)
        kept = ("conclusion", "explanation", "addressee", "reply_days", "contact")
        return opinions.compose(
            OpinionInput(
                draft=_draft(case),
                document=case.document,
                screening=case.screening,
                site_name=self.store.site_name,
                composed_on=date.today(),
                decisions={
                    view.finding.id: FindingDecision(
                        view.decision, view.kind, view.types, view.severity, view.reason
                    )
                    for view in case.findings
                    if not view.added
                },
                added=tuple(
                    view.finding for view in case.findings if view.added and view.decision == "confirmed"
                ),
                gap_decisions={view.gap.id: view.decision for view in case.gaps},
                edits={
                    row["recommendation"]: Edit(
                        row["problem"],
                        tuple(json.loads(row["basis"])),
                        row["proposal"],
                        bool(row["included"]),
                    )
                    for row in self.store.of_case("recommendations", case.id)
                },
                relevance=self._relevance_rows(case),
                process=self._dated(case, sheets),
                checklists=case.checklists,
                sheets=self._named(sheets),
                settled=self._settled(case.id),
                self_assessed=self._self_assessed(case),
                affected=self._affected(case.id),
                data_gaps=self._data_missing(case.id),
                skipped=self._skipped(case),
                journal_head=str(case.row["head"]),
                **{key: chosen[key] for key in kept if key in chosen},
            )
        )

    def _conclusion(self, case_id: str) -> Row | None:
        rows = self.store.of_case("conclusions", case_id)
        return rows[0] if rows else None


def _draft(case: CaseView) -> Draft:
    return Draft(
        title=case.row["title"],
        kind=case.row["document_kind"],
        stage=case.row["stage"],
        version=case.row["version"],
        file_name=case.row["file_name"],
        sha256=case.row["file"],
        drafting_unit=case.row["drafting_unit"],
    )

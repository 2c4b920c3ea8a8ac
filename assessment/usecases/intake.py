"""A draft comes in: read, stored and screened; then relevance, checklists and panel are decided."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from assessment import checklists as checklist_files
from assessment import documents, permissions, screening
from assessment.checklists import Checklist
from assessment.documents.models import Document
from assessment.messages import NotAllowedError
from assessment.paths import CHECKLISTS
from assessment.records import events
from assessment.records.accounts import Account
from assessment.records.store import new_case_id
from assessment.screening.models import Lens, RelevanceLevel, Screening
from assessment.usecases.base import SCREENING, UseCases
from assessment.views import Row


@dataclass(frozen=True, slots=True)
class Description:
    """What is known of a draft besides its text; proposed by the reader, corrected by a person."""

    title: str
    document_kind: str
    stage: str
    drafting_unit: str = ""
    drafting_started: date | None = None


class IntakeUseCases(UseCases):
    """From a file to a case that experts can work on."""

    def preview(self, data: bytes, name: str) -> Document:
        """Read a draft without storing anything; DocumentError says what is wrong with it."""
        return documents.read(data, name)

    def same_file(self, actor: Account, document: Document) -> list[Row]:
        """Cases (that ``actor`` may see) holding exactly this file already."""
        rows = self.store.rows(
            "select distinct cases.* from versions join cases on cases.id = versions.case_id"
            " where versions.file = ?",
            [document.sha256],
        )
        return [row for row in rows if permissions.may_see(actor, row, self._panel(row["id"]))]

    def receive(self, actor: Account, data: bytes, name: str, description: Description) -> str:
        """Open a case: the draft is read, stored and screened, or nothing is stored at all.

        Returns:
            the new case's id.
        """
        permissions.check(actor, "receive")
        document = documents.read(data, name)
        result = screening.screen(document)
        file = self.store.files.put(data)
        case_id = new_case_id()
        received = events.DraftReceived(
            title=description.title.strip() or document.title,
            document_kind=description.document_kind,
            stage=description.stage,
            drafting_unit=description.drafting_unit.strip(),
            drafting_started=description.drafting_started,
            file_name=name,
            file=file,
            document=self._put_document(document),
        )
        self.store.append_many(case_id, [received, self._screening_done(1, result)], actor.id)
        return case_id

    def describe(self, actor: Account, case_id: str, description: Description, seen: int) -> None:
        """Correct title, kind, stage or drafting unit."""
        self._check(actor, "describe", case_id)
        payload = events.CaseDescribed(
            title=description.title.strip(),
            document_kind=description.document_kind,
            stage=description.stage,
            drafting_unit=description.drafting_unit.strip(),
            drafting_started=description.drafting_started,
        )
        self.store.append(case_id, payload, actor.id, seen)

    def attach(self, actor: Account, case_id: str, data: bytes, name: str, purpose: str) -> None:
        """Keep a paper that goes with the draft (起草说明, 征求意见汇总表)."""
        self._check(actor, "attach", case_id)
        payload = events.AttachmentAdded(name=name, purpose=purpose, file=self.store.files.put(data))
        self.store.append(case_id, payload, actor.id)

    def rescreen(self, actor: Account, case_id: str) -> None:
        """Screen the current version again with the engine of today; decisions stay."""
        case = self._check(actor, "screen", case_id)
        result = screening.screen(self._document(case["document"]))
        self.store.append(case_id, self._screening_done(case["version"], result), actor.id)

    def decide_relevance(
        self, actor: Account, case_id: str, lens: Lens, level: RelevanceLevel, reason: str, seen: int
    ) -> None:
        """Decide whether the draft bears on one lens; a written reason is always needed."""
        case = self._check(actor, "decide_relevance", case_id)
        if not reason.strip():
            raise NotAllowedError("E505")
        proposed = self._screening(case["screening"]).relevance[lens]
        payload = events.RelevanceDecided(
            lens=lens,
            level=level,
            reason=reason.strip(),
            machine_level=proposed.level,
            machine_reason=proposed.reason,
        )
        self.store.append(case_id, payload, actor.id, seen)

    def offered_checklists(self) -> tuple[Checklist, ...]:
        """The checklists a case can be given today."""
        return checklist_files.load_all(CHECKLISTS)

    def experts(self) -> list[Account]:
        """Active accounts that may sit on a panel."""
        return [
            account
            for account in self.store.accounts.list()
            if account.active and {"expert", "leader"} & set(account.roles)
        ]

    def appoint(
        self, actor: Account, case_id: str, checklists: Sequence[str], experts: Sequence[str], seen: int
    ) -> None:
        """Give the case its checklists, each pinned at today's version, and the people who fill a sheet.

        A checklist pinned before keeps its version. One that somebody has answered, or a person who has
        answered, cannot be taken away (E507).
        """
        self._check(actor, "appoint", case_id)
        if not checklists or not experts:
            raise NotAllowedError("E504")
        answers = [row for row in self.store.of_case("answers", case_id) if row["answer"]]
        gone = {row["checklist"] for row in answers} - set(checklists)
        if gone or {row["expert"] for row in answers} - set(experts):
            raise NotAllowedError("E507")
        if not set(experts) <= {account.id for account in self.experts()} | set(self._panel(case_id)):
            raise NotAllowedError("E506")
        payloads: list[events.AnyPayload] = [
            events.ChecklistsChosen(checklists=self._pin(case_id, checklists)),
            events.PanelAppointed(experts=tuple(experts)),
        ]
        self.store.append_many(case_id, payloads, actor.id, seen)

    def _pin(self, case_id: str, ids: Sequence[str]) -> tuple[tuple[str, int, str], ...]:
        pinned = {row["checklist"]: row for row in self._pinned(case_id)}
        today = {checklist.id: checklist for checklist in self.offered_checklists()}
        chosen = []
        for checklist_id in ids:
            if checklist_id in pinned:
                row = pinned[checklist_id]
                chosen.append((checklist_id, int(row["checklist_version"]), str(row["file"])))
            else:
                checklist = today[checklist_id]
                file = self.store.files.put((CHECKLISTS / f"{checklist_id}.yaml").read_bytes())
                chosen.append((checklist_id, checklist.version, file))
        return tuple(chosen)

    def _put_document(self, document: Document) -> str:
        return self.store.files.put(documents.to_json(document).encode())

    def _screening_done(self, version: int, result: Screening) -> events.ScreeningDone:
        return events.ScreeningDone(
            version=version,
            screening=self.store.files.put(SCREENING.dump_json(result)),
            engine=result.engine.version,
            model=result.engine.model,
            lexicon=result.engine.lexicon,
            findings=len(result.findings),
            concerns=sum(finding.kind == "concern" for finding in result.findings),
            gaps=len(result.gaps),
        )

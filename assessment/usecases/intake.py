"""A draft comes in: read, stored and screened; then relevance, checklists and panel are decided."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from hashlib import sha256

from assessment import checklists as checklist_files
from assessment import documents, permissions, screening
from assessment.checklists import Checklist
from assessment.documents.apart import Progress, open_bundle_apart, page_image_apart
from assessment.documents.bundle import Bundle
from assessment.documents.models import Document
from assessment.messages import NotAllowedError
from assessment.paths import CHECKLISTS
from assessment.records import events
from assessment.records.accounts import Account
from assessment.records.events import Lane
from assessment.records.store import new_case_id
from assessment.screening.models import Lens, RelevanceLevel, Screening
from assessment.usecases.base import SCREENING, UseCases
from assessment.views import Row


@dataclass(frozen=True, slots=True)
class Description:
    """What is known of a draft besides its text; proposed by the reader, corrected by a person.

    ``lane`` is the way it came to be assessed; None where nobody said, and in a correction: as it is.
    """

    title: str
    document_kind: str
    stage: str
    drafting_unit: str = ""
    drafting_started: date | None = None
    lane: Lane | None = None


@dataclass(frozen=True, slots=True)
class Incoming:
    """A file that came in.

    Attributes:
        document: as read for a preview; read again if absent or of other bytes.
        corrected: the whole text as a person corrected it, where it was recognised from pictures.
    """

    data: bytes
    name: str
    document: Document | None = None
    corrected: str | None = None


@dataclass(frozen=True, slots=True)
class Paper:
    """A paper that goes with a draft; ``purpose`` is one of ``documents.bundle.PURPOSES``."""

    name: str
    purpose: str
    data: bytes


class IntakeUseCases(UseCases):
    """From a file to a case that experts can work on."""

    def preview(self, data: bytes, name: str, progress: Progress | None = None) -> Document:
        """Read a draft without storing anything; DocumentError says what is wrong with it.

        Args:
            progress: told (pages done, pages in all) while pictures of text are recognised.
        """
        return self.read(data, name, progress=progress)

    def preview_page(self, data: bytes, name: str, page: int) -> bytes:
        """A page of a draft not stored yet, as PNG, to check recognised text against; E143 if it has none."""
        return page_image_apart(data, name, page)

    def unpack(self, data: bytes, name: str) -> Bundle:
        """Open a ZIP of several papers without storing anything; DocumentError says what is wrong with it."""
        return open_bundle_apart(data, name)

    def same_file(self, actor: Account, document: Document) -> list[Row]:
        """Cases (that ``actor`` may see) holding exactly this file already."""
        rows = self.store.rows(
            "select distinct cases.* from versions join cases on cases.id = versions.case_id"
            " where versions.file = ?",
            [document.sha256],
        )
        return [row for row in rows if permissions.may_see(actor, row, self._panel(row["id"]))]

    def receive(
        self, actor: Account, draft: Incoming, description: Description, papers: Sequence[Paper] = ()
    ) -> str:
        """Open a case: the draft is read, stored and screened, or nothing is stored at all.

        Args:
            papers: what came with the draft (起草说明, 征求意见汇总表); each becomes an attachment.

        Returns:
            the new case's id.
        """
        permissions.check(actor, "receive")
        return self._receive(actor, draft, description, papers)

    def _receive(
        self,
        actor: Account,
        draft: Incoming,
        description: Description,
        papers: Sequence[Paper] = (),
        follows: str = "",
    ) -> str:
        document, recognised = self._read(draft)
        result = screening.screen(document)
        case_id = new_case_id()
        received = events.DraftReceived(
            title=description.title.strip() or document.title,
            document_kind=description.document_kind,
            stage=description.stage,
            drafting_unit=description.drafting_unit.strip(),
            drafting_started=description.drafting_started,
            file_name=draft.name,
            file=self.store.files.put(draft.data),
            document=self._put_document(document),
            recognised=self._put_document(recognised) if recognised else None,
            lane=description.lane,
            follows=follows,
        )
        attached = [self._attached(paper) for paper in papers]
        self.store.append_many(case_id, [received, self._screening_done(1, result), *attached], actor.id)
        return case_id

    def _read(self, draft: Incoming) -> tuple[Document, Document | None]:
        """The document to work on, and the one recognised at first if a person corrected its text."""
        document = draft.document
        if document is None or document.sha256 != sha256(draft.data).hexdigest():
            document = self.read(draft.data, draft.name)
        if draft.corrected is None or draft.corrected == document.text:
            return document, None
        return documents.corrected(document, draft.corrected), document

    def describe(self, actor: Account, case_id: str, description: Description, seen: int) -> None:
        """Correct title, kind, stage or drafting unit."""
        self._check(actor, "describe", case_id)
        payload = events.CaseDescribed(
            title=description.title.strip(),
            document_kind=description.document_kind,
            stage=description.stage,
            drafting_unit=description.drafting_unit.strip(),
            drafting_started=description.drafting_started,
            lane=description.lane,
        )
        self.store.append(case_id, payload, actor.id, seen)

    def attach(self, actor: Account, case_id: str, paper: Paper) -> None:
        """Keep a paper that goes with the draft."""
        self._check(actor, "attach", case_id)
        if not paper.data:
            raise NotAllowedError("E520", name=paper.name)
        self.store.append(case_id, self._attached(paper), actor.id)

    def _attached(self, paper: Paper) -> events.AttachmentAdded:
        return events.AttachmentAdded(
            name=paper.name, purpose=paper.purpose, file=self.store.files.put(paper.data)
        )

    def attachments(self, actor: Account, case_id: str) -> list[Row]:
        """The papers that go with the draft: ``name``, ``purpose``, ``file``, who and when."""
        self._see(actor, case_id)
        return self.store.of_case("attachments", case_id)

    def attachment(self, actor: Account, case_id: str, file: str) -> bytes:
        """The bytes of one paper of this case."""
        if file not in {row["file"] for row in self.attachments(actor, case_id)}:
            raise NotAllowedError("E515")
        return self.store.files.get(file)

    def attachment_text(self, actor: Account, case_id: str, file: str) -> Document:
        """A paper of this case as read, to quote from; DocumentError if it cannot be read as text."""
        names = {row["file"]: row["name"] for row in self.attachments(actor, case_id)}
        if file not in names:
            raise NotAllowedError("E515")
        return self._paper(file, names[file])

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
        panel = self._panel(case_id)
        answers = [r for r in self.store.of_case("answers", case_id) if r["answer"] and r["expert"] in panel]
        gone = {row["checklist"] for row in answers} - set(checklists)
        if gone or {row["expert"] for row in answers} - set(experts):
            raise NotAllowedError("E507")
        declared = {r["expert"] for r in self.store.of_case("declarations", case_id) if r["conflict"]}
        if declared & set(experts):
            raise NotAllowedError("E540")
        if not set(experts) <= {account.id for account in self.experts()} | set(self._panel(case_id)):
            raise NotAllowedError("E506")
        payloads: list[events.AnyPayload] = [
            events.ChecklistsChosen(checklists=self._pin(case_id, checklists)),
            *(events.PanelMemberRemoved(expert=e, reason="名单调整") for e in panel if e not in experts),
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

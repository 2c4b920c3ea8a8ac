"""The use cases: one method for each thing a person does, with who may and in which state.

Pages and the command line call these and nothing below them. Every method that changes something takes the
acting account and, where two people could collide, ``seen``: the case's last event number the caller read
(``CaseView.seen``). A collision raises ConflictError and writes nothing.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache, partial
from typing import Any

from pydantic import TypeAdapter

from assessment import checklists as checklist_files
from assessment import documents, opinions, permissions, screening
from assessment.checklists import Answer, Checklist
from assessment.documents.models import Clause, Document
from assessment.messages import NotAllowedError, OpinionError
from assessment.opinions.models import Opinion
from assessment.paths import CHECKLISTS
from assessment.records import events
from assessment.records.accounts import Account
from assessment.records.store import Store, new_case_id
from assessment.screening.models import LENSES, Lens, RelevanceLevel, Screening
from assessment.views import CaseView, Decision, FindingView, GapView, Row, SheetView, finding_views, gap_views

_SCREENING: TypeAdapter[Screening] = TypeAdapter(Screening)
FULL_ROLES = ("admin", "officer", "secretariat", "expert", "leader")
"""Roles of the first account, so that one person can carry a draft all the way."""

@dataclass(frozen=True, slots=True)
class Description:
    """What is known of a draft besides its text; proposed by the reader, corrected by a person."""

    title: str
    document_kind: str
    stage: str
    drafting_unit: str = ""
    drafting_started: date | None = None


@dataclass(frozen=True, slots=True)
class Task:
    """Something that waits for a person: the case's row, the page to do it on, and what it is in Chinese."""

    case: Row
    page: str
    what: str


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


class Workbench:
    """All use cases over one store. Holds no connection; safe to share between threads."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self._document = lru_cache(maxsize=64)(self._load_document)
        self._screening = lru_cache(maxsize=64)(self._load_screening)
        self._checklist = lru_cache(maxsize=64)(self._load_checklist)

    # -- people --------------------------------------------------------------------------------

    def create_first_account(self, name: str, display_name: str, unit: str, password: str) -> str:
        """Create the first account of an empty store and open a session; its token is returned."""
        if self.store.accounts.count():
            raise NotAllowedError("E503")
        account = self.store.accounts.create(name, password, FULL_ROLES, display_name, unit)
        self.store.rename(unit)
        return self.store.accounts.open_session(account.id)

    def sign_in(self, name: str, password: str) -> str:
        """Check name and password (AccountError if wrong or locked); the new session's token is returned."""
        return self.store.accounts.open_session(self.store.accounts.authenticate(name, password).id)

    def create_account(
        self, actor: Account, name: str, display_name: str, roles: Sequence[str], unit: str, password: str
    ) -> Account:
        """An administrator adds a person."""
        permissions.check(actor, "manage_accounts")
        return self.store.accounts.create(name, password, roles, display_name, unit, must_change=True)

    def set_roles(self, actor: Account, account_id: str, roles: Sequence[str]) -> None:
        """An administrator changes a person's roles; the last administrator keeps that role."""
        permissions.check(actor, "manage_accounts")
        self.store.accounts.set_roles(account_id, roles)

    def set_active(self, actor: Account, account_id: str, active: bool) -> None:
        """An administrator closes or reopens an account; the last administrator stays."""
        permissions.check(actor, "manage_accounts")
        self.store.accounts.set_active(account_id, active)

    def reset_password(self, actor: Account, account_id: str, password: str) -> None:
        """An administrator gives a person a new first password, to be changed at the next sign-in."""
        permissions.check(actor, "manage_accounts")
        self.store.accounts.set_password(account_id, password, must_change=True)

    def change_password(self, actor: Account, old: str, new: str) -> None:
        """A person changes the own password; AccountError if ``old`` is wrong."""
        self.store.accounts.authenticate(actor.name, old)
        self.store.accounts.set_password(actor.id, new, must_change=False)

    def accounts(self, actor: Account) -> list[Account]:
        """All accounts, for an administrator."""
        permissions.check(actor, "manage_accounts")
        return self.store.accounts.list()

    def people(self) -> dict[str, str]:
        """Account id to display name."""
        return {account.id: account.display_name for account in self.store.accounts.list()}

    def experts(self) -> list[Account]:
        """Active accounts that may sit on a panel."""
        return [
            account
            for account in self.store.accounts.list()
            if account.active and {"expert", "leader"} & set(account.roles)
        ]

    # -- intake --------------------------------------------------------------------------------

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

    # -- checklists and panel ------------------------------------------------------------------

    def offered_checklists(self) -> tuple[Checklist, ...]:
        """The checklists a case can be given today."""
        return checklist_files.load_all(CHECKLISTS)

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
        payloads = [
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

    # -- review of findings --------------------------------------------------------------------

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
        clause, unit = _clause_at(document, mark.start, mark.end)
        finding_id = f"h-{secrets.token_hex(4)}"
        basis = screening.basis_of(mark.lens, mark.types)
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

    # -- sheets --------------------------------------------------------------------------------

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

    def reopen_sheet(
        self, actor: Account, case_id: str, expert: str, checklist_id: str, reason: str
    ) -> None:
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
        panel = self._panel(case_id)
        shown = []
        for row in self._pinned(case_id):
            sheets = [self._sheet(case_id, expert, row["checklist"]) for expert in panel]
            scoring = any(sheet.expert == actor.id and not sheet.submitted for sheet in sheets)
            if not scoring:
                shown += [sheet for sheet in sheets if sheet.submitted]
        return tuple(shown)

    def progress(self, actor: Account, case_id: str) -> list[tuple[str, Checklist, int, bool]]:
        """For each panel member and checklist: expert id, checklist, answers given, submitted. No answers."""
        self._see(actor, case_id)
        sheets = [
            self._sheet(case_id, expert, row["checklist"])
            for expert in self._panel(case_id)
            for row in self._pinned(case_id)
        ]
        return [(s.expert, s.checklist, len(s.given), s.submitted) for s in sheets]

    # -- opinion -------------------------------------------------------------------------------

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

    def draft_opinion(self, actor: Account, case_id: str) -> Opinion:
        """The opinion as it would stand now, not stored."""
        case = self.case(actor, case_id)
        return self._compose(case, number="", signatory="")

    def compose_opinion(self, actor: Account, case_id: str, seen: int) -> str:
        """Freeze the opinion as it stands; its hash is returned. A conclusion must have been chosen."""
        self._check(actor, "write_opinion", case_id)
        case = self.case(actor, case_id)
        if self._conclusion(case_id) is None:
            raise OpinionError("E601")
        opinion = self._compose(case, number="", signatory="")
        file = self.store.files.put(opinions.to_json(opinion).encode())
        self.store.append(case_id, events.OpinionComposed(opinion=file), actor.id, seen)
        return file

    def composed_opinion(self, actor: Account, case_id: str) -> Opinion | None:
        """The opinion last frozen (signed or not), or None."""
        case = self._see(actor, case_id)
        file = case["signed_opinion"] or case["opinion"]
        return opinions.from_json(self.store.files.get(file).decode()) if file else None

    def sign_opinion(self, actor: Account, case_id: str, number: str, opinion: str, seen: int) -> None:
        """Sign exactly the frozen opinion with hash ``opinion``; the Word and Excel papers are kept.

        Raises:
            NotAllowedError: the opinion is not the one last frozen (E514), or wrong role or state.
        """
        case = self._check(actor, "sign", case_id)
        if case["opinion"] != opinion:
            raise NotAllowedError("E514")
        frozen = opinions.from_json(self.store.files.get(opinion).decode())
        signed = frozen.model_copy(update={"number": number.strip(), "signatory": actor.display_name})
        file = self.store.files.put(opinions.to_json(signed).encode())
        payload = events.OpinionSigned(
            opinion=file,
            number=number.strip(),
            signatory=actor.display_name,
            docx=self.store.files.put(opinions.render_docx(signed)),
            xlsx=self.store.files.put(opinions.render_xlsx(signed)),
        )
        self.store.append(case_id, payload, actor.id, seen)

    def papers(self, actor: Account, case_id: str) -> tuple[bytes, bytes] | None:
        """The signed opinion as Word and Excel, exactly as signed; None before signing."""
        self._see(actor, case_id)
        rows = self.store.rows(
            "select docx, xlsx from opinions where case_id = ? and docx != '' order by signed_at desc limit 1",
            [case_id],
        )
        return (self.store.files.get(rows[0]["docx"]), self.store.files.get(rows[0]["xlsx"])) if rows else None

    def close(self, actor: Account, case_id: str, reason: str, seen: int) -> None:
        """End the work on a case, with the reason."""
        self._check(actor, "close", case_id)
        self.store.append(case_id, events.CaseClosed(reason=reason.strip() or "已办结"), actor.id, seen)

    def reopen(self, actor: Account, case_id: str, reason: str, seen: int) -> None:
        """Go on with a closed or signed case, with the reason."""
        self._check(actor, "reopen", case_id)
        if not reason.strip():
            raise NotAllowedError("E505")
        self.store.append(case_id, events.CaseReopened(reason=reason.strip()), actor.id, seen)

    # -- reading -------------------------------------------------------------------------------

    def cases(self, actor: Account) -> list[Row]:
        """The cases the actor may see, the last changed first."""
        panels: dict[str, list[str]] = {}
        for row in self.store.rows("select case_id, expert from panel"):
            panels.setdefault(row["case_id"], []).append(row["expert"])
        rows = self.store.rows("select * from cases order by updated_at desc")
        return [row for row in rows if permissions.may_see(actor, row, panels.get(row["id"], ()))]

    def waiting(self, actor: Account) -> list[Task]:
        """What waits for the actor, across all cases the actor may see, the oldest case first."""
        tasks: list[Task] = []
        for row in reversed(self.cases(actor)):
            tasks += self._tasks(actor, row)
        return tasks

    def case(self, actor: Account, case_id: str) -> CaseView:
        """Everything a permitted person reads of a case, but for sheets."""
        row = self._see(actor, case_id)
        result = self._screening(row["screening"])
        return CaseView(
            row=row,
            document=self._document(row["document"]),
            screening=result,
            findings=self._findings(row),
            gaps=gap_views(result, self.store.of_case("gap_decisions", case_id)),
            relevance={r["lens"]: r for r in self.store.of_case("relevance", case_id)},
            panel=self._panel(case_id),
            checklists=tuple(self._checklist(r["file"]) for r in self._pinned(case_id)),
        )

    def recommendations(self, actor: Account, case_id: str) -> dict[str, Row]:
        """Recommendation id to the wording a person gave it."""
        self._see(actor, case_id)
        return {row["recommendation"]: row for row in self.store.of_case("recommendations", case_id)}

    def conclusion(self, actor: Account, case_id: str) -> Row | None:
        """The conclusion chosen so far, or None."""
        self._see(actor, case_id)
        return self._conclusion(case_id)

    def timeline(self, actor: Account, case_id: str) -> list[Row]:
        """Who did what when. Another's answers are left out while they may not be read."""
        self._see(actor, case_id)
        readable = {sheet.expert for sheet in self.readable_sheets(actor, case_id)} | {actor.id}
        return [
            row
            for row in self.store.timeline(case_id)
            if row["kind"] != "ItemScored" or row["actor"] in readable
        ]

    def permits(self, actor: Account, act: str, case_id: str) -> bool:
        """Whether the actor may do ``act`` on the case now; for pages, to show or hide a control."""
        case = self._row(case_id)
        return permissions.may(actor, act, case, self._panel(case_id))

    def _tasks(self, actor: Account, row: Row) -> list[Task]:
        panel = self._panel(row["id"])
        may = partial(permissions.may, actor, case=row, panel=panel)
        tasks: list[Task] = []
        if row["state"] == "screened" and may("decide_relevance"):
            tasks.append(Task(row, "intake", "作相关性判断"))
        if row["state"] == "reviewing" and may("appoint") and not (panel and self._pinned(row["id"])):
            tasks.append(Task(row, "intake", "选定清单和评分人员"))
        if row["state"] == "reviewing" and may("decide_finding"):
            undecided = sum(view.decision == "undecided" for view in self._findings(row))
            if undecided:
                tasks.append(Task(row, "review", f"处理标注：还有 {undecided} 条"))
        if row["state"] == "reviewing" and actor.id in panel:
            for sheet in self.own_sheets(actor, row["id"]):
                left = len(sheet.checklist.items) - len(sheet.given)
                if not sheet.submitted:
                    what = f"还有 {left} 项" if left else "已答完，待提交"
                    tasks.append(Task(row, "scoring", f"{sheet.checklist.title}：{what}"))
        if row["state"] == "reviewing" and may("write_opinion") and self._all_submitted(row["id"]):
            tasks.append(Task(row, "opinion", "编写评估意见"))
        if row["state"] == "composed" and may("sign"):
            tasks.append(Task(row, "opinion", "签发评估意见"))
        return tasks

    def _all_submitted(self, case_id: str) -> bool:
        panel, pinned = self._panel(case_id), self._pinned(case_id)
        submitted = [r for r in self.store.of_case("sheets", case_id) if r["status"] == "submitted"]
        return bool(panel and pinned) and len(submitted) == len(panel) * len(pinned)

    # -- inside --------------------------------------------------------------------------------

    def _row(self, case_id: str) -> Row:
        rows = self.store.rows("select * from cases where id = ?", [case_id])
        if not rows:
            raise NotAllowedError("E515")
        return rows[0]

    def _see(self, actor: Account, case_id: str) -> Row:
        row = self._row(case_id)
        if not permissions.may_see(actor, row, self._panel(case_id)):
            raise NotAllowedError("E515")
        return row

    def _check(self, actor: Account, act: str, case_id: str) -> Row:
        row = self._see(actor, case_id)
        permissions.check(actor, act, row, self._panel(case_id))
        return row

    def _panel(self, case_id: str) -> tuple[str, ...]:
        return tuple(row["expert"] for row in self.store.of_case("panel", case_id))

    def _pinned(self, case_id: str) -> list[Row]:
        return self.store.of_case("checklists", case_id)

    def _conclusion(self, case_id: str) -> Row | None:
        rows = self.store.of_case("conclusions", case_id)
        return rows[0] if rows else None

    def _finding(self, case_id: str, finding_id: str) -> FindingView:
        for view in self._findings(self._row(case_id)):
            if view.finding.id == finding_id:
                return view
        raise NotAllowedError("E516")

    def _findings(self, row: Row) -> tuple[FindingView, ...]:
        decisions = self.store.of_case("finding_decisions", row["id"])
        return finding_views(self._screening(row["screening"]), decisions)

    def _sheet(self, case_id: str, expert: str, checklist_id: str) -> SheetView:
        if expert not in self._panel(case_id):
            raise NotAllowedError("E517")
        pinned = [row for row in self._pinned(case_id) if row["checklist"] == checklist_id]
        if not pinned:
            raise NotAllowedError("E518")
        own = [("expert", expert), ("checklist", checklist_id)]
        answers = [row for row in self.store.of_case("answers", case_id) if all(row[k] == v for k, v in own)]
        sheets = [row for row in self.store.of_case("sheets", case_id) if all(row[k] == v for k, v in own)]
        return SheetView(
            expert=expert,
            checklist=self._checklist(pinned[0]["file"]),
            answers={row["item"]: row | {"quotes": json.loads(row["quotes"])} for row in answers},
            submitted=bool(sheets) and sheets[0]["status"] == "submitted",
            note=sheets[0]["note"] if sheets else "",
        )

    def _put_document(self, document: Document) -> str:
        return self.store.files.put(documents.to_json(document).encode())

    def _screening_done(self, version: int, result: Screening) -> events.ScreeningDone:
        return events.ScreeningDone(
            version=version,
            screening=self.store.files.put(_SCREENING.dump_json(result)),
            engine=result.engine.version,
            model=result.engine.model,
            lexicon=result.engine.lexicon,
            findings=len(result.findings),
            concerns=sum(finding.kind == "concern" for finding in result.findings),
            gaps=len(result.gaps),
        )

    def _load_document(self, file: str) -> Document:
        return documents.from_json(self.store.files.get(file).decode())

    def _load_screening(self, file: str) -> Screening:
        return _SCREENING.validate_json(self.store.files.get(file))

    def _load_checklist(self, file: str) -> Checklist:
        return checklist_files.loads(self.store.files.get(file).decode(), "清单存档")


def _clause_at(document: Document, start: int, end: int) -> tuple[Clause, Clause]:
    """The smallest clause that holds start..end, and the unit that holds its beginning."""
    holders = [clause for clause in document.clauses if clause.start <= start and end <= clause.end]
    units = [unit for unit in document.units if unit.start <= start < unit.end]
    if not holders or not units:
        raise NotAllowedError("E510")
    return min(holders, key=lambda clause: clause.end - clause.start), units[0]

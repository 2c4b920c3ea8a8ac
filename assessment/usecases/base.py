"""What every use case stands on: the store, the checks, and cases loaded for reading."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Protocol

from pydantic import TypeAdapter

from assessment import checklists as checklist_files
from assessment import documents, permissions
from assessment.checklists import Checklist
from assessment.documents.apart import Progress, read_apart
from assessment.documents.models import Clause, Document
from assessment.messages import NotAllowedError
from assessment.records.accounts import Account
from assessment.records.store import Store
from assessment.screening.models import Screening
from assessment.views import CaseView, FindingView, Row, SheetView, finding_views, gap_views

SCREENING: TypeAdapter[Screening] = TypeAdapter(Screening)


class Reader(Protocol):
    """Turns the bytes of a file and its name into a Document; DocumentError if it cannot."""

    def __call__(self, data: bytes, name: str, *, progress: Progress | None = None) -> Document: ...


class UseCases:
    """Reads cases over one store and checks who may. Holds no connection; safe to share between threads.

    Args:
        store: the records.
        read: turns a file into a Document; by default in a process of its own, for what strangers send.
    """

    def __init__(self, store: Store, read: Reader = read_apart) -> None:
        self.store = store
        self.read = read
        self._document = lru_cache(maxsize=64)(self._load_document)
        self._screening = lru_cache(maxsize=64)(self._load_screening)
        self._checklist = lru_cache(maxsize=64)(self._load_checklist)
        self._paper = lru_cache(maxsize=16)(self._load_paper)

    def case(self, actor: Account, case_id: str) -> CaseView:
        """Everything a permitted person reads of a case, but for sheets.

        The drafting unit reads what the program proposed, not what the office decided about it.
        """
        row = self._see(actor, case_id)
        if not row["screening"]:
            raise NotAllowedError("E519")
        result = self._screening(row["screening"])
        outside = permissions.is_outsider(actor, self._panel(case_id))
        return CaseView(
            row=row,
            document=self._document(row["document"]),
            screening=result,
            findings=finding_views(result, []) if outside else self._findings(row),
            gaps=gap_views(result, [] if outside else self.store.of_case("gap_decisions", case_id)),
            relevance={r["lens"]: r for r in self.store.of_case("relevance", case_id)},
            panel=self._panel(case_id),
            checklists=tuple(self._checklist(r["file"]) for r in self._pinned(case_id)),
        )

    def permits(self, actor: Account, act: str, case_id: str) -> bool:
        """Whether the actor may do ``act`` on the case now; for pages, to show or hide a control."""
        case = self._row(case_id)
        return permissions.may(actor, act, case, self._panel(case_id))

    def people(self) -> dict[str, str]:
        """Account id to display name."""
        return {account.id: account.display_name for account in self.store.accounts.list()}

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

    def _finding(self, case_id: str, finding_id: str) -> FindingView:
        for view in self._findings(self._row(case_id)):
            if view.finding.id == finding_id:
                return view
        raise NotAllowedError("E516")

    def _findings(self, row: Row) -> tuple[FindingView, ...]:
        decisions = self.store.of_case("finding_decisions", row["id"])
        return finding_views(self._screening(row["screening"]), decisions)

    def _pinned_checklist(self, case_id: str, checklist_id: str) -> Checklist:
        """A checklist of the case, as pinned; E518 if the case has none of this id."""
        for row in self._pinned(case_id):
            if row["checklist"] == checklist_id:
                return self._checklist(row["file"])
        raise NotAllowedError("E518")

    def _sheet(self, case_id: str, expert: str, checklist_id: str) -> SheetView:
        """One panel member's sheet; E517 for another person, E518 for a checklist the case has not."""
        if expert not in self._panel(case_id):
            raise NotAllowedError("E517")
        checklist = self._pinned_checklist(case_id, checklist_id)
        return self._sheet_views(case_id, [(expert, checklist)], {"expert": expert})[0]

    def _sheets(self, case_id: str) -> list[SheetView]:
        """Every panel member's sheet on every pinned checklist, member by member."""
        checklists = [self._checklist(row["file"]) for row in self._pinned(case_id)]
        wanted = [(expert, checklist) for expert in self._panel(case_id) for checklist in checklists]
        return self._sheet_views(case_id, wanted, {}) if wanted else []

    def _sheet_views(
        self, case_id: str, wanted: Sequence[tuple[str, Checklist]], only: Mapping[str, str]
    ) -> list[SheetView]:
        """The sheets wanted, as expert and checklist, read together; ``only`` narrows what is read."""
        answers: dict[tuple[str, str], dict[str, Row]] = {}
        for row in self._current(case_id, "answers", only):
            quoted = row | {"quotes": json.loads(row["quotes"])}
            answers.setdefault((row["expert"], row["checklist"]), {})[row["item"]] = quoted
        kept = {(row["expert"], row["checklist"]): row for row in self._current(case_id, "sheets", only)}
        return [
            _sheet_view(
                expert, checklist, answers.get((expert, checklist.id), {}), kept.get((expert, checklist.id))
            )
            for expert, checklist in wanted
        ]

    def _current(self, case_id: str, table: str, only: Mapping[str, str]) -> list[Row]:
        """The current version's rows of ``answers`` or ``sheets`` whose columns have the values in ``only``."""
        where = "".join(f" and {column} = ?" for column in only)
        return self.store.rows(
            f"select * from {table} where case_id = ? and version = (select version from cases where id = ?){where}"
            " order by expert, checklist",
            [case_id, case_id, *only.values()],
        )

    def _load_document(self, file: str) -> Document:
        return documents.from_json(self.store.files.get(file).decode())

    def _load_paper(self, file: str, name: str) -> Document:
        return self.read(self.store.files.get(file), name)

    def _load_screening(self, file: str) -> Screening:
        return SCREENING.validate_json(self.store.files.get(file))

    def _load_checklist(self, file: str) -> Checklist:
        return checklist_files.loads(self.store.files.get(file).decode(), "清单存档")


def _sheet_view(expert: str, checklist: Checklist, answers: Mapping[str, Row], kept: Row | None) -> SheetView:
    return SheetView(
        expert=expert,
        checklist=checklist,
        answers=answers,
        submitted=kept is not None and kept["status"] == "submitted",
        note=kept["note"] if kept else "",
        submitted_at=(kept["submitted_at"] or "") if kept else "",
    )


def clause_at(document: Document, start: int, end: int) -> tuple[Clause, Clause]:
    """The smallest clause that holds start..end, and the unit that holds its beginning; E510 if none."""
    holders = [clause for clause in document.clauses if clause.start <= start and end <= clause.end]
    units = [unit for unit in document.units if unit.start <= start < unit.end]
    if not holders or not units:
        raise NotAllowedError("E510")
    return min(holders, key=lambda clause: clause.end - clause.start), units[0]

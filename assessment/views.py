"""What a person reads of a case: machine proposals and human decisions side by side, sheets, progress."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Literal

from assessment.checklists import Answer, Checklist, Score, score
from assessment.documents.models import Document
from assessment.screening.models import Finding, FindingKind, Gap, Lens, Screening, Severity

Decision = Literal["undecided", "confirmed", "excluded"]
Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class FindingView:
    """A finding as it stands: the machine's (or a person's) own, and what was decided about it.

    Attributes:
        finding: as proposed; never changed by a decision.
        decision: undecided, confirmed or excluded. One added by hand is confirmed from the start.
        kind, types, severity: as decided, else as proposed.
        reason: the person's reason; empty while undecided.
        by, at: account id and time of the decision; empty while undecided.
        carried_from: version of the draft the decision was made on, if not the current one.
    """

    finding: Finding
    decision: Decision
    kind: FindingKind
    types: tuple[str, ...]
    severity: Severity
    reason: str = ""
    by: str = ""
    at: str = ""
    carried_from: int | None = None

    @property
    def added(self) -> bool:
        """True for a finding added by hand."""
        return self.finding.source == "person"


@dataclass(frozen=True, slots=True)
class GapView:
    """A gap the engine proposed, and what was decided about it."""

    gap: Gap
    decision: Decision
    reason: str = ""


@dataclass(frozen=True, slots=True)
class SheetView:
    """One person's sheet on one checklist.

    Attributes:
        expert: account id.
        checklist: the checklist as pinned for the case.
        answers: item id to the latest answer row (``answer``, ``reason``, ``quotes``).
        submitted: True once locked.
        note: the expert's closing note.
        submitted_at: when it was locked last; empty before.
    """

    expert: str
    checklist: Checklist
    answers: Mapping[str, Row]
    submitted: bool
    note: str = ""
    submitted_at: str = ""

    @property
    def given(self) -> dict[str, Answer]:
        """Item id to answer, for the items answered so far."""
        return {item: row["answer"] for item, row in self.answers.items() if row["answer"]}

    @property
    def score(self) -> Score:
        """The score of the answers given so far."""
        return score(self.checklist, dict(self.given))

    @property
    def complete(self) -> bool:
        """True when every item has an answer."""
        return len(self.given) == len(self.checklist.items)


@dataclass(frozen=True, slots=True)
class CaseView:
    """A case as a permitted person sees it.

    Attributes:
        row: the register's row of the case (``id``, ``title``, ``state``, ``case_seq``, ...).
        document: the current version as read.
        screening: the machine's result on it.
        findings: in reading order, hand-added ones among them.
        gaps: as proposed, with decisions.
        relevance: lens to the decision row, for lenses decided.
        panel: account ids of those who score.
        checklists: pinned for the case, in the order chosen.
    """

    row: Row
    document: Document
    screening: Screening
    findings: tuple[FindingView, ...]
    gaps: tuple[GapView, ...]
    relevance: Mapping[Lens, Row]
    panel: tuple[str, ...]
    checklists: tuple[Checklist, ...]

    @property
    def id(self) -> str:
        """The case's id."""
        return str(self.row["id"])

    @property
    def seen(self) -> int:
        """The case's last event number at the time of reading; name it when saving."""
        return int(self.row["case_seq"])

    @property
    def state(self) -> str:
        """The case's state id."""
        return str(self.row["state"])

    def finding(self, finding_id: str) -> FindingView:
        """The finding with this id; KeyError if there is none."""
        for view in self.findings:
            if view.finding.id == finding_id:
                return view
        raise KeyError(finding_id)


@dataclass(frozen=True, slots=True)
class Task:
    """Something that waits for a person.

    Attributes:
        case: the case's register row.
        page: the page to do it on.
        what: what it is, in Chinese.
        step: the step of the procedure it belongs to, empty where it has no time limit.
        due: by when; None where there is no limit.
        overdue: by how many working days that has passed; 0 if it has not.
    """

    case: Row
    page: str
    what: str
    step: str = ""
    due: date | None = None
    overdue: int = 0


def finding_views(screening: Screening, decisions: Iterable[Row]) -> tuple[FindingView, ...]:
    """Machine findings with their decisions, and the hand-added ones, in reading order."""
    by_id = {row["finding"]: row for row in decisions}
    machine = [_decided(finding, by_id.get(finding.id)) for finding in screening.findings]
    added = [_added(row) for row in by_id.values() if row["source"] == "person"]
    return tuple(sorted([*machine, *added], key=lambda view: (view.finding.start, view.finding.id)))


def _decided(finding: Finding, row: Row | None) -> FindingView:
    if row is None:
        return FindingView(finding, "undecided", finding.kind, finding.types, finding.severity)
    return FindingView(
        finding,
        row["decision"],
        row["finding_kind"],
        tuple(json.loads(row["types"])),
        row["severity"],
        row["decision_reason"] or "",
        row["actor"],
        row["at"],
        row["carried_from"],
    )


def _added(row: Row) -> FindingView:
    finding = Finding(
        id=row["finding"],
        clause=row["clause"],
        unit=row["unit"],
        lens=row["lens"],
        kind=row["finding_kind"],
        types=tuple(json.loads(row["types"])),
        domains=tuple(json.loads(row["domains"])),
        start=row["start"],
        end=row["end"],
        quote=row["quote"],
        confidence=1.0,
        severity=row["severity"],
        reason=row["reason"],
        basis=tuple(json.loads(row["basis"])),
        lookalike="",
        suggestion=row["suggestion"],
        goals=(),
        source="person",
    )
    return replace(_decided(finding, row), finding=finding)


def gap_views(screening: Screening, decisions: Iterable[Row]) -> tuple[GapView, ...]:
    """The gaps of the screening with their decisions."""
    by_id = {row["gap"]: row for row in decisions}
    return tuple(
        GapView(gap, by_id[gap.id]["decision"], by_id[gap.id]["reason"])
        if gap.id in by_id
        else GapView(gap, "undecided")
        for gap in screening.gaps
    )

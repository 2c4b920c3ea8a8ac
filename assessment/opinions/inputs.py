"""What an opinion is composed from: plain data, so that a notebook can compose one with no database."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from assessment.checklists import Answer, Checklist
from assessment.documents.models import Document
from assessment.opinions.models import (
    AffectedGroups,
    DataGap,
    PanelAnswer,
    ProcessStep,
    RelevanceRow,
    SelfAnswer,
)
from assessment.screening.models import Finding, FindingKind, Screening, Severity

Decision = Literal["confirmed", "excluded", "undecided"]


@dataclass(frozen=True, slots=True)
class Draft:
    """The draft under review, as a person described it.

    Attributes:
        title, kind, stage: as corrected by a person, e.g. ``××条例（草案）``, 地方性法规, 征求意见.
        version: number of the version assessed, from 1.
        file_name, sha256: of the file that came in.
        drafting_unit: who drafted it; may be empty.
    """

    title: str
    kind: str
    stage: str
    version: int
    file_name: str
    sha256: str
    drafting_unit: str = ""


@dataclass(frozen=True, slots=True)
class FindingDecision:
    """What a person decided about one finding; ``types`` and ``severity`` as the person set them."""

    decision: Decision
    kind: FindingKind
    types: tuple[str, ...] = ()
    severity: Severity = "none"
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Edit:
    """One recommendation as a person worded it; ``included`` False leaves it out of the opinion."""

    problem: str
    basis: tuple[str, ...]
    proposal: str
    included: bool = True


@dataclass(frozen=True, slots=True)
class SheetAnswer:
    """One expert's answer to one item."""

    answer: Answer
    reason: str = ""
    quotes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class OpinionInput:
    """Everything ``compose`` needs.

    Attributes:
        draft: description of the draft.
        document: the version assessed, as read; gives clauses their names.
        screening: the engine's result on it.
        site_name: the office that issues the opinion.
        composed_on: date of the opinion.
        decisions: finding id to decision, machine findings only; one not named is undecided.
        added: findings added by hand, as they stand now; all of them count as confirmed.
        gap_decisions: gap id to decision.
        edits: finding or gap id to wording.
        relevance: decided lenses; a lens without a row has not been assessed.
        process: dated steps, in order.
        checklists: pinned for the case.
        sheets: expert's display name to checklist id to item id to answer.
        settled: checklist id to item id to what the panel settled.
        self_assessed: checklist id to item id to the drafting unit's own answer, where handed in.
        affected: who is affected, lens by lens.
        data_gaps: figures missing still.
        skipped: steps of the procedure left out, by name.
        conclusion, explanation, addressee, reply_days, contact: as chosen by a person.
        number, signatory: empty until signed.
        further_basis: local plans and the like, named after the statutes.
        journal_head: hash of the case's last event.
    """

    draft: Draft
    document: Document
    screening: Screening
    site_name: str
    composed_on: date
    decisions: Mapping[str, FindingDecision] = field(default_factory=dict)
    added: tuple[Finding, ...] = ()
    gap_decisions: Mapping[str, Decision] = field(default_factory=dict)
    edits: Mapping[str, Edit] = field(default_factory=dict)
    relevance: tuple[RelevanceRow, ...] = ()
    process: tuple[ProcessStep, ...] = ()
    checklists: tuple[Checklist, ...] = ()
    sheets: Mapping[str, Mapping[str, Mapping[str, SheetAnswer]]] = field(default_factory=dict)
    settled: Mapping[str, Mapping[str, PanelAnswer]] = field(default_factory=dict)
    self_assessed: Mapping[str, Mapping[str, SelfAnswer]] = field(default_factory=dict)
    affected: tuple[AffectedGroups, ...] = ()
    data_gaps: tuple[DataGap, ...] = ()
    skipped: tuple[str, ...] = ()
    conclusion: str = ""
    explanation: str = ""
    addressee: str = ""
    reply_days: int = 30
    contact: str = ""
    number: str = ""
    signatory: str = ""
    further_basis: tuple[str, ...] = ()
    journal_head: str = ""

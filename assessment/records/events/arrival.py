"""The draft comes in, is screened, and its relevance is decided."""

from __future__ import annotations

from datetime import date
from typing import Literal

from assessment.records.events.base import Lane, Lens, Number, Payload, RelevanceLevel, Sha256, named


class DraftReceived(Payload):
    """A case begins: a draft came in and was read.

    ``recognised`` names the document as the program first recognised it, where a person then corrected the text.
    ``lane`` is the way the draft came to be assessed, where that is known. ``follows`` is the case whose
    follow-up led to this one.
    """

    kind: Literal["DraftReceived"] = "DraftReceived"
    title: str
    document_kind: str
    stage: str
    drafting_unit: str = ""
    drafting_started: date | None = None
    file_name: str
    file: Sha256
    document: Sha256
    recognised: Sha256 | None = None
    lane: Lane | None = None
    follows: str = ""

    def files(self) -> tuple[str, ...]:
        return named(self.file, self.document, self.recognised)


class VersionAdded(Payload):
    """A further version of the draft came in; ``recognised`` as for ``DraftReceived``.

    ``adopted``: the text as issued. It is held against the recommendations and not assessed anew.
    """

    kind: Literal["VersionAdded"] = "VersionAdded"
    version: Number
    stage: str
    file_name: str
    file: Sha256
    document: Sha256
    note: str = ""
    recognised: Sha256 | None = None
    adopted: bool = False

    def files(self) -> tuple[str, ...]:
        return named(self.file, self.document, self.recognised)


class CaseDescribed(Payload):
    """Title, kind, stage, drafting unit or lane were corrected by a person; ``lane`` None leaves it as it is."""

    kind: Literal["CaseDescribed"] = "CaseDescribed"
    title: str
    document_kind: str
    stage: str
    drafting_unit: str = ""
    drafting_started: date | None = None
    lane: Lane | None = None

    def subject(self) -> str:
        return "description"


class AttachmentAdded(Payload):
    """A paper that goes with the draft (起草说明, 征求意见汇总表) was stored."""

    kind: Literal["AttachmentAdded"] = "AttachmentAdded"
    name: str
    purpose: str
    file: Sha256

    def subject(self) -> str:
        return f"attachment/{self.file}"

    def files(self) -> tuple[str, ...]:
        return (self.file,)


class ScreeningDone(Payload):
    """The engine screened a version; the whole result lies in the file store."""

    kind: Literal["ScreeningDone"] = "ScreeningDone"
    version: Number
    screening: Sha256
    engine: str
    model: str
    lexicon: str
    findings: Number
    concerns: Number
    gaps: Number

    def subject(self) -> str:
        return "screening"

    def files(self) -> tuple[str, ...]:
        return (self.screening,)


class RelevanceDecided(Payload):
    """Whether, and how much, the draft bears on one lens, with a written reason.

    ``settles``: it ends a difference between the first and the second reader.
    """

    kind: Literal["RelevanceDecided"] = "RelevanceDecided"
    lens: Lens
    level: RelevanceLevel
    reason: str
    machine_level: RelevanceLevel
    machine_reason: str
    settles: bool = False

    def subject(self) -> str:
        return f"relevance/{self.lens}"


class RelevanceReviewed(Payload):
    """A second reader confirmed the relevance decision on one lens, or would have decided otherwise."""

    kind: Literal["RelevanceReviewed"] = "RelevanceReviewed"
    lens: Lens
    agrees: bool
    level: RelevanceLevel
    reason: str = ""

    def subject(self) -> str:
        return f"relevance/{self.lens}/second"


class GroupsAffected(Payload):
    """Who is affected under one lens: cells of sex, age group, group of people and effect."""

    kind: Literal["GroupsAffected"] = "GroupsAffected"
    lens: Lens
    cells: tuple[tuple[str, str, str, str], ...]
    note: str = ""

    def subject(self) -> str:
        return f"affected/{self.lens}"

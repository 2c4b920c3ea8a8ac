"""The checklists of the case, and what the drafting unit says: self-assessment, material, missing figures."""

from __future__ import annotations

from datetime import date
from typing import Literal

from assessment.records.events.base import Answer, Lens, Number, Payload, Sha256, named


class ChecklistsChosen(Payload):
    """The checklists of the case, pinned: id, version and the file-store copy of the YAML text."""

    kind: Literal["ChecklistsChosen"] = "ChecklistsChosen"
    checklists: tuple[tuple[str, Number, Sha256], ...]

    def subject(self) -> str:
        return "checklists"

    def files(self) -> tuple[str, ...]:
        return tuple(sha for _, _, sha in self.checklists)


class SelfAnswered(Payload):
    """One answer of the drafting unit on its own draft, with its evidence; a later one replaces it."""

    kind: Literal["SelfAnswered"] = "SelfAnswered"
    checklist: str
    item: str
    answer: Answer | None
    reason: str = ""
    quotes: tuple[str, ...] = ()
    attachments: tuple[Sha256, ...] = ()
    measure: str = ""

    def subject(self) -> str:
        return f"self/{self.checklist}/{self.item}"

    def files(self) -> tuple[str, ...]:
        return self.attachments


class SelfAssessmentSubmitted(Payload):
    """The drafting unit's self-assessment on one checklist is finished; ``responsible`` answers for it."""

    kind: Literal["SelfAssessmentSubmitted"] = "SelfAssessmentSubmitted"
    checklist: str
    responsible: str
    note: str = ""

    def subject(self) -> str:
        return f"self/{self.checklist}"


class SelfAssessmentReturned(Payload):
    """A self-assessment was given back to the drafting unit, with a reason."""

    kind: Literal["SelfAssessmentReturned"] = "SelfAssessmentReturned"
    checklist: str
    reason: str

    def subject(self) -> str:
        return f"self/{self.checklist}"


class MaterialRequested(Payload):
    """The drafting unit was asked for something more, by a day."""

    kind: Literal["MaterialRequested"] = "MaterialRequested"
    request: str
    what: str
    due: date

    def subject(self) -> str:
        return f"material/{self.request}"


class MaterialAnswered(Payload):
    """A request for material was answered, with papers or with words."""

    kind: Literal["MaterialAnswered"] = "MaterialAnswered"
    request: str
    answer: str
    attachments: tuple[Sha256, ...] = ()

    def subject(self) -> str:
        return f"material/{self.request}"

    def files(self) -> tuple[str, ...]:
        return self.attachments


class DataGapRecorded(Payload):
    """A figure by sex or age is missing: which, who holds it, promised when. A later one corrects it."""

    kind: Literal["DataGapRecorded"] = "DataGapRecorded"
    gap: str
    lens: Lens
    figure: str
    breakdown: str
    holder: str = ""
    promised: date | None = None
    item: str = ""

    def subject(self) -> str:
        return f"data/{self.gap}"


class DataReceived(Payload):
    """A missing figure came in."""

    kind: Literal["DataReceived"] = "DataReceived"
    gap: str
    received: date
    value: str
    source: str = ""
    attachment: Sha256 | None = None

    def subject(self) -> str:
        return f"data/{self.gap}"

    def files(self) -> tuple[str, ...]:
        return named(self.attachment)

"""The kinds of event a case is made of: each a small frozen model, all in this file.

An event's payload says what a person did (or what the engine produced, in a person's name). The journal
wraps it in an ``Event`` envelope and chains it by hash within its case. Nothing else is ever written, so
a payload holds everything its readers need; big things (a draft, a parsed document, a screening, an
opinion) lie in the file store and the payload names them by SHA-256.

``subject`` names the one thing an event changes. Two people conflict only if they change the same
subject: two experts filling their own sheets on one case never do.
"""

from __future__ import annotations

import json
from datetime import date, datetime
from typing import Annotated, Any, ClassVar, Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter

Lens = Literal["gender", "child"]
RelevanceLevel = Literal["none", "general", "key"]
Answer = Literal["符合", "部分符合", "不符合", "不适用", "证据不足"]
Sha256 = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
Number = Annotated[int, Field(ge=0, le=2**31 - 1)]


class Payload(BaseModel):
    """What happened. Subclasses add the fields; ``kind`` is the class name."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    kind: str

    def subject(self) -> str:
        """The thing this event changes, within its case."""
        return "case"

    def files(self) -> tuple[str, ...]:
        """SHA-256 of every file of the file store this event rests on."""
        return ()

    def conflicts_with(self, subject: str) -> bool:
        """Whether a change of ``subject``, made after the writer last looked, must stop this event.

        It must if the whole case changed, or the same thing, or a part or the whole of it: a sheet
        cannot be submitted over an answer its writer has not seen.
        """
        own = self.subject()
        return (
            subject == "case"
            or subject == own
            or subject.startswith(f"{own}/")
            or own.startswith(f"{subject}/")
        )


def _named(*files: str | None) -> tuple[str, ...]:
    return tuple(file for file in files if file)


class DraftReceived(Payload):
    """A case begins: a draft came in and was read.

    ``recognised`` names the document as the program first recognised it, where a person then corrected the text.
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

    def files(self) -> tuple[str, ...]:
        return _named(self.file, self.document, self.recognised)


class VersionAdded(Payload):
    """A further version of the draft came in; ``recognised`` as for ``DraftReceived``."""

    kind: Literal["VersionAdded"] = "VersionAdded"
    version: Number
    stage: str
    file_name: str
    file: Sha256
    document: Sha256
    note: str = ""
    recognised: Sha256 | None = None

    def files(self) -> tuple[str, ...]:
        return _named(self.file, self.document, self.recognised)


class CaseDescribed(Payload):
    """Title, kind, stage or drafting unit were corrected by a person."""

    kind: Literal["CaseDescribed"] = "CaseDescribed"
    title: str
    document_kind: str
    stage: str
    drafting_unit: str = ""
    drafting_started: date | None = None

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


class RelevanceDecided(Payload):
    """Whether, and how much, the draft bears on one lens, with a written reason."""

    kind: Literal["RelevanceDecided"] = "RelevanceDecided"
    lens: Lens
    level: RelevanceLevel
    reason: str
    machine_level: RelevanceLevel
    machine_reason: str

    def subject(self) -> str:
        return f"relevance/{self.lens}"


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


class FindingDecided(Payload):
    """A person confirmed, excluded or retyped a machine finding. The machine's own stays in the screening.

    ``carried_from`` is the version a decision was carried over from, where the clause has not changed since.
    """

    kind: Literal["FindingDecided"] = "FindingDecided"
    finding: str
    decision: Literal["confirmed", "excluded", "undecided"]
    finding_kind: Literal["relevant", "protective", "concern"]
    types: tuple[str, ...] = ()
    severity: Literal["high", "medium", "hint", "none"] = "none"
    reason: str = ""
    carried_from: Number | None = None

    def subject(self) -> str:
        return f"finding/{self.finding}"


class FindingAdded(Payload):
    """A person marked words the machine had not; ``carried_from`` as for ``FindingDecided``."""

    kind: Literal["FindingAdded"] = "FindingAdded"
    finding: str
    clause: str
    unit: str
    lens: Lens
    finding_kind: Literal["relevant", "protective", "concern"]
    types: tuple[str, ...] = ()
    domains: tuple[str, ...] = ()
    start: Number
    end: Number
    quote: str
    severity: Literal["high", "medium", "hint", "none"] = "none"
    reason: str
    basis: tuple[str, ...] = ()
    suggestion: str = ""
    carried_from: Number | None = None

    def subject(self) -> str:
        return f"finding/{self.finding}"


class GapDecided(Payload):
    """A person kept or set aside a gap the engine proposed."""

    kind: Literal["GapDecided"] = "GapDecided"
    gap: str
    decision: Literal["confirmed", "excluded", "undecided"]
    reason: str = ""

    def subject(self) -> str:
        return f"gap/{self.gap}"


class ChecklistsChosen(Payload):
    """The checklists of the case, pinned: id, version and the file-store copy of the YAML text."""

    kind: Literal["ChecklistsChosen"] = "ChecklistsChosen"
    checklists: tuple[tuple[str, Number, Sha256], ...]

    def subject(self) -> str:
        return "checklists"

    def files(self) -> tuple[str, ...]:
        return tuple(sha for _, _, sha in self.checklists)


class PanelAppointed(Payload):
    """Who fills a sheet on this case (account ids)."""

    kind: Literal["PanelAppointed"] = "PanelAppointed"
    experts: tuple[str, ...]

    def subject(self) -> str:
        return "panel"


class ItemScored(Payload):
    """One answer on one person's sheet; a later one for the same item replaces it."""

    kind: Literal["ItemScored"] = "ItemScored"
    expert: str
    checklist: str
    item: str
    answer: Answer | None
    reason: str = ""
    quotes: tuple[str, ...] = ()

    def subject(self) -> str:
        return f"sheet/{self.expert}/{self.checklist}/{self.item}"


class SheetSubmitted(Payload):
    """One person's sheet on one checklist is finished and locked."""

    kind: Literal["SheetSubmitted"] = "SheetSubmitted"
    expert: str
    checklist: str
    note: str = ""

    def subject(self) -> str:
        return f"sheet/{self.expert}/{self.checklist}"


class SheetReopened(Payload):
    """A submitted sheet was given back, with a reason."""

    kind: Literal["SheetReopened"] = "SheetReopened"
    expert: str
    checklist: str
    reason: str

    def subject(self) -> str:
        return f"sheet/{self.expert}/{self.checklist}"


class ItemSettled(Payload):
    """The panel's common answer on one item."""

    kind: Literal["ItemSettled"] = "ItemSettled"
    checklist: str
    item: str
    answer: Answer
    reason: str = ""

    def subject(self) -> str:
        return f"settled/{self.checklist}/{self.item}"


class RecommendationEdited(Payload):
    """One clause-by-clause recommendation of the opinion, as a person worded it."""

    kind: Literal["RecommendationEdited"] = "RecommendationEdited"
    recommendation: str
    problem: str
    basis: tuple[str, ...]
    proposal: str
    included: bool = True

    def subject(self) -> str:
        return f"recommendation/{self.recommendation}"


class ConclusionChosen(Payload):
    """The overall conclusion, with its explanation, addressee and reply term."""

    kind: Literal["ConclusionChosen"] = "ConclusionChosen"
    conclusion: str
    explanation: str = ""
    addressee: str = ""
    reply_days: int = Field(default=30, ge=0, le=3650)
    contact: str = ""

    def subject(self) -> str:
        return "conclusion"


class OpinionComposed(Payload):
    """An opinion was put together; its JSON lies in the file store."""

    kind: Literal["OpinionComposed"] = "OpinionComposed"
    opinion: Sha256

    def subject(self) -> str:
        return "opinion"

    def files(self) -> tuple[str, ...]:
        return (self.opinion,)


class OpinionSigned(Payload):
    """A named person signed exactly the opinion with this hash; the papers made from it are kept."""

    kind: Literal["OpinionSigned"] = "OpinionSigned"
    opinion: Sha256
    number: str
    signatory: str
    docx: Sha256
    xlsx: Sha256

    def subject(self) -> str:
        return "opinion"

    def files(self) -> tuple[str, ...]:
        return (self.opinion, self.docx, self.xlsx)

    def conflicts_with(self, subject: str) -> bool:
        """Anything the paper could speak of counts: what is signed must be what the signatory saw."""
        return not subject.startswith(("comment/", "attachment/"))


class CommitteeDecided(Payload):
    """The committee decided on exactly the opinion with this hash."""

    kind: Literal["CommitteeDecided"] = "CommitteeDecided"
    opinion: Sha256
    decision: str
    conditions: str = ""
    votes: dict[str, Number] = Field(default_factory=dict)

    def files(self) -> tuple[str, ...]:
        return (self.opinion,)


class ReplyRecorded(Payload):
    """The drafting unit answered one recommendation."""

    kind: Literal["ReplyRecorded"] = "ReplyRecorded"
    recommendation: str
    reply: Literal["采纳", "部分采纳", "不采纳", "另行研究"]
    reason: str = ""

    def subject(self) -> str:
        return f"reply/{self.recommendation}"


class FollowUpScheduled(Payload):
    """When the effects of the adopted text are to be looked at."""

    kind: Literal["FollowUpScheduled"] = "FollowUpScheduled"
    due: date
    note: str = ""


class CommentAdded(Payload):
    """A remark on a clause, finding or item."""

    kind: Literal["CommentAdded"] = "CommentAdded"
    comment: str
    anchor: str
    text: str

    def subject(self) -> str:
        return f"comment/{self.comment}"


class CaseClosed(Payload):
    """Work on the case has ended, with the reason."""

    kind: Literal["CaseClosed"] = "CaseClosed"
    reason: str


class CaseReopened(Payload):
    """Work on a closed or signed case goes on, with the reason."""

    kind: Literal["CaseReopened"] = "CaseReopened"
    reason: str


AnyPayload = Annotated[
    DraftReceived
    | VersionAdded
    | CaseDescribed
    | AttachmentAdded
    | RelevanceDecided
    | ScreeningDone
    | FindingDecided
    | FindingAdded
    | GapDecided
    | ChecklistsChosen
    | PanelAppointed
    | ItemScored
    | SheetSubmitted
    | SheetReopened
    | ItemSettled
    | RecommendationEdited
    | ConclusionChosen
    | OpinionComposed
    | OpinionSigned
    | CommitteeDecided
    | ReplyRecorded
    | FollowUpScheduled
    | CommentAdded
    | CaseClosed
    | CaseReopened,
    Field(discriminator="kind"),
]
"""Any event payload; ``kind`` tells which."""

_PAYLOAD: TypeAdapter[AnyPayload] = TypeAdapter(AnyPayload)


def payload_from_json(text: str) -> AnyPayload:
    """Read a payload back from the JSON the journal stored; pydantic.ValidationError if it is none."""
    return _PAYLOAD.validate_json(text)


class Event(BaseModel):
    """The envelope the journal keeps.

    Attributes:
        site: id of the office that wrote it.
        seq: 1, 2, 3, ... without holes within the site.
        case: id of the case.
        case_seq: 1, 2, 3, ... without holes within the case.
        kind: the payload's kind.
        at: when, UTC.
        actor: account id of who did it.
        payload: what happened.
        previous_hash: hash of the case's previous event; 64 zeros for the first.
        hash: SHA-256 over the canonical JSON of everything above.
    """

    model_config = ConfigDict(frozen=True)
    genesis: ClassVar[str] = "0" * 64

    site: str
    seq: Number
    case: str
    case_seq: Number
    kind: str
    at: datetime
    actor: str
    payload: AnyPayload
    previous_hash: str
    hash: str


def canonical_json(value: Any) -> str:
    """JSON with sorted keys, no spaces and raw Unicode: the form that is hashed."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))

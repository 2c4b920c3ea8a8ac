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
Lane = Literal["部门自评", "专项重点", "动态触发"]
Adoption = Literal["已落实", "部分落实", "未落实", "待核"]
Outcome = Literal["保留", "修改", "废止"]
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
        return _named(self.file, self.document, self.recognised)


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
        return _named(self.file, self.document, self.recognised)


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
        return _named(self.attachment)


class PanelAppointed(Payload):
    """Who fills a sheet on this case (account ids)."""

    kind: Literal["PanelAppointed"] = "PanelAppointed"
    experts: tuple[str, ...]

    def subject(self) -> str:
        return "panel"


class InterestDeclared(Payload):
    """An expert declared to have an interest in the draft, or none; one who has is off the panel."""

    kind: Literal["InterestDeclared"] = "InterestDeclared"
    expert: str
    conflict: bool
    statement: str = ""

    def subject(self) -> str:
        return f"declaration/{self.expert}"


class PanelMemberRemoved(Payload):
    """An expert was taken off the panel, with a reason; the sheets stay in the journal and count no more."""

    kind: Literal["PanelMemberRemoved"] = "PanelMemberRemoved"
    expert: str
    reason: str

    def subject(self) -> str:
        return f"sheet/{self.expert}"


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


class SettlementOpened(Payload):
    """All sheets are in and the panel sits down over them."""

    kind: Literal["SettlementOpened"] = "SettlementOpened"
    note: str = ""

    def subject(self) -> str:
        return "settlement"


class ItemSettled(Payload):
    """The panel's common answer on one item.

    ``votes`` is answer to number of votes; ``minority`` keeps the view that did not prevail; ``agreed`` tells
    an answer all sheets gave alike from one that was argued out.
    """

    kind: Literal["ItemSettled"] = "ItemSettled"
    checklist: str
    item: str
    answer: Answer
    reason: str = ""
    votes: dict[str, Number] = Field(default_factory=dict)
    minority: str = ""
    agreed: bool = False

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


class OpinionPayload(Payload):
    """What is decided on a whole paper: anything the paper could speak of stops it if it changed meanwhile."""

    def conflicts_with(self, subject: str) -> bool:
        return not subject.startswith(("comment/", "attachment/"))


class OpinionSigned(OpinionPayload):
    """A named person signed exactly the opinion with this hash; the papers made from it are kept.

    ``composed`` is the paper as composed, before number and signature; ``skipped`` the steps of the procedure
    this office does not use and that were left out; ``overridden`` the checks signed over, and why.
    """

    kind: Literal["OpinionSigned"] = "OpinionSigned"
    opinion: Sha256
    number: str
    signatory: str
    docx: Sha256
    xlsx: Sha256
    composed: Sha256 | None = None
    skipped: tuple[str, ...] = ()
    overridden: tuple[str, ...] = ()
    override_reason: str = ""

    def subject(self) -> str:
        return "opinion"

    def files(self) -> tuple[str, ...]:
        return _named(self.opinion, self.composed, self.docx, self.xlsx)


class CommitteeConvened(OpinionPayload):
    """Exactly the opinion with this hash was laid before the committee."""

    kind: Literal["CommitteeConvened"] = "CommitteeConvened"
    opinion: Sha256
    note: str = ""

    def subject(self) -> str:
        return "opinion"

    def files(self) -> tuple[str, ...]:
        return (self.opinion,)


class CommitteeDecided(OpinionPayload):
    """The committee decided on exactly the opinion with this hash."""

    kind: Literal["CommitteeDecided"] = "CommitteeDecided"
    opinion: Sha256
    decision: str
    conditions: str = ""
    votes: dict[str, Number] = Field(default_factory=dict)

    def files(self) -> tuple[str, ...]:
        return (self.opinion,)


class ReplyRecorded(Payload):
    """The drafting unit answered one recommendation; ``due`` is when it means to have done what it says."""

    kind: Literal["ReplyRecorded"] = "ReplyRecorded"
    recommendation: str
    reply: Literal["采纳", "部分采纳", "不采纳", "另行研究"]
    reason: str = ""
    due: date | None = None
    responsible: str = ""

    def subject(self) -> str:
        return f"reply/{self.recommendation}"


class ReplyClosed(Payload):
    """The reply is in, or will not come: ``unanswered`` names the recommendations left without one."""

    kind: Literal["ReplyClosed"] = "ReplyClosed"
    note: str = ""
    unanswered: tuple[str, ...] = ()

    def subject(self) -> str:
        return "reply"


class AdoptionChecked(Payload):
    """Whether the adopted text does what a recommendation asked; ``proposed`` is what the program thought."""

    kind: Literal["AdoptionChecked"] = "AdoptionChecked"
    recommendation: str
    version: Number
    result: Adoption
    proposed: Adoption
    reason: str = ""

    def subject(self) -> str:
        return f"adoption/{self.recommendation}"


class FollowUpScheduled(Payload):
    """When the effects of the adopted text are to be looked at."""

    kind: Literal["FollowUpScheduled"] = "FollowUpScheduled"
    due: date
    note: str = ""


class FollowUpRecorded(Payload):
    """What became of it: each effect predicted against what was found, and what should become of the text.

    ``effects`` holds (predicted, found, 相符/部分相符/不相符/无法判断); ``figures`` holds (what, sex, age group,
    value, source).
    """

    kind: Literal["FollowUpRecorded"] = "FollowUpRecorded"
    effects: tuple[tuple[str, str, str], ...]
    figures: tuple[tuple[str, str, str, str, str], ...] = ()
    complaints: str = ""
    conclusion: Outcome
    reason: str


class CommentAdded(Payload):
    """A remark on a clause, finding or item, or an answer to one; ``mentions`` are the accounts it calls."""

    kind: Literal["CommentAdded"] = "CommentAdded"
    comment: str
    anchor: str
    text: str
    reply_to: str = ""
    mentions: tuple[str, ...] = ()

    def subject(self) -> str:
        return f"comment/{self.comment}"


class CommentResolved(Payload):
    """A thread was dealt with, or taken up again."""

    kind: Literal["CommentResolved"] = "CommentResolved"
    comment: str
    resolved: bool

    def subject(self) -> str:
        return f"comment/{self.comment}"


class CaseClosed(Payload):
    """Work on the case has ended, with the reason; ``skipped`` are the steps that were not taken."""

    kind: Literal["CaseClosed"] = "CaseClosed"
    reason: str
    skipped: tuple[str, ...] = ()


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
    | RelevanceReviewed
    | GroupsAffected
    | ScreeningDone
    | FindingDecided
    | FindingAdded
    | GapDecided
    | ChecklistsChosen
    | SelfAnswered
    | SelfAssessmentSubmitted
    | SelfAssessmentReturned
    | MaterialRequested
    | MaterialAnswered
    | DataGapRecorded
    | DataReceived
    | PanelAppointed
    | InterestDeclared
    | PanelMemberRemoved
    | ItemScored
    | SheetSubmitted
    | SheetReopened
    | SettlementOpened
    | ItemSettled
    | RecommendationEdited
    | ConclusionChosen
    | OpinionComposed
    | OpinionSigned
    | CommitteeConvened
    | CommitteeDecided
    | ReplyRecorded
    | ReplyClosed
    | AdoptionChecked
    | FollowUpScheduled
    | FollowUpRecorded
    | CommentAdded
    | CommentResolved
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

"""Any payload in the envelope the journal keeps, and the JSON that is hashed."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Annotated, Any, ClassVar

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter

from assessment.records.events.after import (
    AdoptionChecked,
    CaseClosed,
    CaseReopened,
    FollowUpRecorded,
    FollowUpScheduled,
    ReplyClosed,
    ReplyRecorded,
)
from assessment.records.events.arrival import (
    AttachmentAdded,
    CaseDescribed,
    DraftReceived,
    GroupsAffected,
    RelevanceDecided,
    RelevanceReviewed,
    ScreeningDone,
    VersionAdded,
)
from assessment.records.events.base import Number
from assessment.records.events.drafting import (
    ChecklistsChosen,
    DataGapRecorded,
    DataReceived,
    MaterialAnswered,
    MaterialRequested,
    SelfAnswered,
    SelfAssessmentReturned,
    SelfAssessmentSubmitted,
)
from assessment.records.events.panel import (
    InterestDeclared,
    ItemScored,
    ItemSettled,
    PanelAppointed,
    PanelMemberRemoved,
    SettlementOpened,
    SheetReopened,
    SheetSubmitted,
)
from assessment.records.events.paper import (
    CommitteeConvened,
    CommitteeDecided,
    ConclusionChosen,
    OpinionComposed,
    OpinionSigned,
    RecommendationEdited,
)
from assessment.records.events.review import (
    CommentAdded,
    CommentResolved,
    FindingAdded,
    FindingDecided,
    GapDecided,
)

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

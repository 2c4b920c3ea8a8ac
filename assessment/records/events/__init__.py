"""The kinds of event a case is made of: each a small frozen model, in the module of its part of the procedure.

An event's payload says what a person did (or what the engine produced, in a person's name). The journal
wraps it in an ``Event`` envelope and chains it by hash within its case. Nothing else is ever written, so
a payload holds everything its readers need; big things (a draft, a parsed document, a screening, an
opinion) lie in the file store and the payload names them by SHA-256.

``subject`` names the one thing an event changes. Two people conflict only if they change the same
subject: two experts filling their own sheets on one case never do.
"""

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
from assessment.records.events.base import (
    Adoption,
    Answer,
    Lane,
    Lens,
    Number,
    Outcome,
    Payload,
    RelevanceLevel,
    Sha256,
)
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
from assessment.records.events.envelope import AnyPayload, Event, canonical_json, payload_from_json
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
    OpinionPayload,
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

__all__ = [
    "Adoption",
    "AdoptionChecked",
    "Answer",
    "AnyPayload",
    "AttachmentAdded",
    "CaseClosed",
    "CaseDescribed",
    "CaseReopened",
    "ChecklistsChosen",
    "CommentAdded",
    "CommentResolved",
    "CommitteeConvened",
    "CommitteeDecided",
    "ConclusionChosen",
    "DataGapRecorded",
    "DataReceived",
    "DraftReceived",
    "Event",
    "FindingAdded",
    "FindingDecided",
    "FollowUpRecorded",
    "FollowUpScheduled",
    "GapDecided",
    "GroupsAffected",
    "InterestDeclared",
    "ItemScored",
    "ItemSettled",
    "Lane",
    "Lens",
    "MaterialAnswered",
    "MaterialRequested",
    "Number",
    "OpinionComposed",
    "OpinionPayload",
    "OpinionSigned",
    "Outcome",
    "PanelAppointed",
    "PanelMemberRemoved",
    "Payload",
    "RecommendationEdited",
    "RelevanceDecided",
    "RelevanceLevel",
    "RelevanceReviewed",
    "ReplyClosed",
    "ReplyRecorded",
    "ScreeningDone",
    "SelfAnswered",
    "SelfAssessmentReturned",
    "SelfAssessmentSubmitted",
    "SettlementOpened",
    "Sha256",
    "SheetReopened",
    "SheetSubmitted",
    "VersionAdded",
    "canonical_json",
    "payload_from_json",
]

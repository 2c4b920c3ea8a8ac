"""Where a case stands, and what moves it: one table, from which the diagram in the documentation is drawn."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from assessment.records.events import AnyPayload


class CaseState(StrEnum):
    """The state of a case, computed from its events and never stored by hand."""

    RECEIVED = "received"
    SCREENED = "screened"
    NOT_RELEVANT = "not_relevant"
    REVIEWING = "reviewing"
    SETTLING = "settling"
    COMPOSED = "composed"
    DELIBERATING = "deliberating"
    SIGNED = "signed"
    TRACKING = "tracking"
    FOLLOWING = "following"
    FOLLOWED_UP = "followed_up"
    CLOSED = "closed"


STATE_NAMES: dict[CaseState, str] = {
    CaseState.RECEIVED: "待筛查",
    CaseState.SCREENED: "待相关性决定",
    CaseState.NOT_RELEVANT: "不涉及",
    CaseState.REVIEWING: "评估中",
    CaseState.SETTLING: "合议中",
    CaseState.COMPOSED: "待签发",
    CaseState.DELIBERATING: "待委员会审议",
    CaseState.SIGNED: "已签发",
    CaseState.TRACKING: "落实跟踪中",
    CaseState.FOLLOWING: "待实施后评估",
    CaseState.FOLLOWED_UP: "已实施后评估",
    CaseState.CLOSED: "已办结",
}

OUTDATES_OPINION = frozenset(
    {
        "CaseDescribed",
        "ChecklistsChosen",
        "ConclusionChosen",
        "FindingAdded",
        "FindingDecided",
        "GapDecided",
        "ItemScored",
        "ItemSettled",
        "PanelAppointed",
        "PanelMemberRemoved",
        "RecommendationEdited",
        "RelevanceDecided",
        "ScreeningDone",
        "SheetReopened",
        "SheetSubmitted",
    }
)
"""Kinds of event that change what an opinion says: one composed before them is out of date."""

FROZEN = (CaseState.COMPOSED, CaseState.DELIBERATING)
"""States in which a composed opinion stands; a change of what it says takes the case out of them."""

Levels = Mapping[str, str]
_LENSES = 2
_Condition = Callable[[AnyPayload, Levels], bool]


def _always(_payload: AnyPayload, _levels: Levels) -> bool:
    return True


def _undecided(_payload: AnyPayload, levels: Levels) -> bool:
    return len(levels) < _LENSES


def _outside(_payload: AnyPayload, levels: Levels) -> bool:
    return len(levels) == _LENSES and set(levels.values()) == {"none"}


def _relevant(payload: AnyPayload, levels: Levels) -> bool:
    return not _undecided(payload, levels) and not _outside(payload, levels)


def _for_assessment(payload: AnyPayload, _levels: Levels) -> bool:
    return payload.kind == "VersionAdded" and not payload.adopted


def _sent_back(payload: AnyPayload, _levels: Levels) -> bool:
    return payload.kind == "CommitteeDecided" and payload.decision == "退回"


def _passed(payload: AnyPayload, _levels: Levels) -> bool:
    return payload.kind == "CommitteeDecided" and payload.decision in ("通过", "附条件通过")


@dataclass(frozen=True, slots=True)
class Move:
    """What takes a case from some states to another.

    Attributes:
        kinds: kinds of event.
        sources: states it starts from; from any other state the event moves nothing.
        target: the state after it.
        label: what the diagram says beside the arrow.
        holds: whether the move applies to this event, given lens → relevance level.
    """

    kinds: frozenset[str]
    sources: tuple[CaseState, ...]
    target: CaseState
    label: str
    holds: _Condition = _always


def _moves(
    kinds: str | Iterable[str],
    sources: Iterable[CaseState],
    target: CaseState,
    label: str,
    holds: _Condition = _always,
) -> Move:
    named = {kinds} if isinstance(kinds, str) else kinds
    return Move(frozenset(named), tuple(sources), target, label, holds)


S = CaseState
_OPEN_TO_RELEVANCE = (S.SCREENED, S.NOT_RELEVANT, S.REVIEWING)
_AFTER_SIGNING = (S.SIGNED, S.TRACKING, S.FOLLOWING, S.FOLLOWED_UP)

MOVES: tuple[Move, ...] = (
    _moves("ScreeningDone", [S.RECEIVED], S.SCREENED, "完成筛查", _undecided),
    _moves("ScreeningDone", [S.RECEIVED], S.NOT_RELEVANT, "完成筛查，两方面均已判断不涉及", _outside),
    _moves("ScreeningDone", [S.RECEIVED], S.REVIEWING, "完成筛查，相关性已判断", _relevant),
    _moves("RelevanceDecided", _OPEN_TO_RELEVANCE, S.NOT_RELEVANT, "两方面均判断不涉及", _outside),
    _moves("RelevanceDecided", _OPEN_TO_RELEVANCE, S.REVIEWING, "判断为相关", _relevant),
    _moves("SettlementOpened", [S.REVIEWING], S.SETTLING, "评分表收齐，开始合议"),
    _moves(
        ("ChecklistsChosen", "PanelAppointed", "SheetReopened"),
        [S.SETTLING],
        S.REVIEWING,
        "清单、专家或评分表有变动",
    ),
    _moves("OpinionComposed", [S.REVIEWING, S.SETTLING, *FROZEN], S.COMPOSED, "评估意见成文"),
    _moves(OUTDATES_OPINION, FROZEN, S.REVIEWING, "评估内容有变动，需重新成文"),
    _moves("CommitteeConvened", [S.COMPOSED], S.DELIBERATING, "提请委员会审议"),
    _moves("CommitteeDecided", [S.DELIBERATING], S.COMPOSED, "通过或附条件通过", _passed),
    _moves("CommitteeDecided", [S.DELIBERATING], S.REVIEWING, "退回", _sent_back),
    _moves("OpinionSigned", [S.COMPOSED], S.SIGNED, "签发"),
    _moves("ReplyClosed", [S.SIGNED], S.TRACKING, "反馈结束"),
    _moves("FollowUpScheduled", [S.TRACKING], S.FOLLOWING, "安排实施后评估"),
    _moves("FollowUpRecorded", [S.FOLLOWING], S.FOLLOWED_UP, "填写实施后评估"),
    _moves("CaseClosed", [S.NOT_RELEVANT, *_AFTER_SIGNING], S.CLOSED, "办结"),
    _moves("CaseReopened", [S.NOT_RELEVANT, *_AFTER_SIGNING, S.CLOSED], S.REVIEWING, "重新启动评估"),
    _moves(
        "VersionAdded",
        [S.SCREENED, S.NOT_RELEVANT, S.REVIEWING, S.SETTLING, *FROZEN, *_AFTER_SIGNING],
        S.RECEIVED,
        "收到新版本",
        _for_assessment,
    ),
)
"""Every move there is. The first that fits an event counts; an event that fits none leaves the state as it is."""


def next_state(state: CaseState, payload: AnyPayload, levels: Levels) -> CaseState:
    """The state after an event.

    Args:
        state: the state before it.
        payload: what happened.
        levels: lens → relevance level decided for the current version, this event included.
    """
    for move in MOVES:
        if payload.kind in move.kinds and state in move.sources and move.holds(payload, levels):
            return move.target
    return state


def diagram() -> str:
    """The moves as a Mermaid state diagram, with Chinese names; moves that stay in their state are left out."""
    lines = ["stateDiagram-v2", f"    [*] --> {S.RECEIVED}: 收到草案"]
    lines += [f"    {state}: {name}" for state, name in STATE_NAMES.items()]
    lines += [
        f"    {source} --> {move.target}: {move.label}"
        for move in MOVES
        for source in move.sources
        if source is not move.target
    ]
    return "\n".join([*lines, f"    {S.CLOSED} --> [*]", ""])

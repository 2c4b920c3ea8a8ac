"""Where a case stands, and what moves it."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from assessment.records.events import AnyPayload


class CaseState(StrEnum):
    """The state of a case, computed from its events and never stored by hand."""

    RECEIVED = "received"
    SCREENED = "screened"
    NOT_RELEVANT = "not_relevant"
    REVIEWING = "reviewing"
    COMPOSED = "composed"
    SIGNED = "signed"
    CLOSED = "closed"


STATE_NAMES: dict[CaseState, str] = {
    CaseState.RECEIVED: "待筛查",
    CaseState.SCREENED: "待相关性决定",
    CaseState.NOT_RELEVANT: "不涉及",
    CaseState.REVIEWING: "评估中",
    CaseState.COMPOSED: "待签发",
    CaseState.SIGNED: "已签发",
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
        "RecommendationEdited",
        "RelevanceDecided",
        "ScreeningDone",
        "SheetReopened",
        "SheetSubmitted",
    }
)
"""Kinds of event that change what an opinion says: one composed before them is out of date."""

_LENSES = 2


def next_state(state: CaseState, payload: AnyPayload, levels: Mapping[str, str]) -> CaseState:
    """The state after an event.

    Args:
        state: the state before it.
        payload: what happened.
        levels: lens → relevance level decided for the current version, this event included.
    """
    match payload.kind:
        case "DraftReceived" | "VersionAdded":
            return CaseState.RECEIVED
        case "OpinionComposed":
            return CaseState.COMPOSED
        case "OpinionSigned":
            return CaseState.SIGNED
        case "CaseClosed":
            return CaseState.CLOSED
        case "CaseReopened":
            return CaseState.REVIEWING
        case "ScreeningDone" if state is CaseState.RECEIVED:
            return _by_relevance(levels)
        case "RelevanceDecided" if state not in (CaseState.RECEIVED, CaseState.SIGNED, CaseState.CLOSED):
            return _by_relevance(levels)
        case kind if kind in OUTDATES_OPINION and state is CaseState.COMPOSED:
            return CaseState.REVIEWING
    return state


def _by_relevance(levels: Mapping[str, str]) -> CaseState:
    if len(levels) < _LENSES:
        return CaseState.SCREENED
    if all(level == "none" for level in levels.values()):
        return CaseState.NOT_RELEVANT
    return CaseState.REVIEWING

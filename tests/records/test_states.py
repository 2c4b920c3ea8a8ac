"""Where a case stands after each event."""

from __future__ import annotations

import pytest

from assessment.records import events as ev
from assessment.records.states import STATE_NAMES, CaseState, next_state
from tests.records.cases import (
    FILE,
    added,
    concluded,
    decided,
    received,
    relevance,
    scored,
    screened,
    signed,
    version,
)
from tests.records.sequences import EXAMPLES

S = CaseState
BOTH = {"gender": "key", "child": "none"}
NONE = {"gender": "none", "child": "none"}
COMPOSED = ev.OpinionComposed(opinion=FILE)


@pytest.mark.parametrize(
    ("before", "payload", "levels", "after"),
    [
        (S.RECEIVED, received(), {}, S.RECEIVED),
        (S.RECEIVED, screened(), {}, S.SCREENED),
        (S.RECEIVED, relevance("gender", "key"), {"gender": "key"}, S.RECEIVED),
        (S.RECEIVED, screened(), BOTH, S.REVIEWING),  # decided before the screening was ready
        (S.SCREENED, relevance("gender", "key"), {"gender": "key"}, S.SCREENED),
        (S.SCREENED, relevance("child", "none"), BOTH, S.REVIEWING),
        (S.SCREENED, relevance("child", "none"), NONE, S.NOT_RELEVANT),
        (S.NOT_RELEVANT, relevance("child", "general"), {"gender": "none", "child": "general"}, S.REVIEWING),
        (S.NOT_RELEVANT, ev.CaseClosed(reason="r"), {}, S.CLOSED),
        (S.REVIEWING, relevance("gender", "none"), NONE, S.NOT_RELEVANT),
        (S.REVIEWING, relevance("gender", "general"), BOTH, S.REVIEWING),
        (S.REVIEWING, screened(), BOTH, S.REVIEWING),
        (S.REVIEWING, COMPOSED, {}, S.COMPOSED),
        (S.REVIEWING, version(2), {}, S.RECEIVED),
        (S.COMPOSED, decided(), {}, S.REVIEWING),
        (S.COMPOSED, added(), {}, S.REVIEWING),
        (S.COMPOSED, scored("e", "q"), {}, S.REVIEWING),
        (S.COMPOSED, concluded(), {}, S.REVIEWING),
        (S.COMPOSED, relevance("gender", "key"), BOTH, S.REVIEWING),
        (S.COMPOSED, ev.CommentAdded(comment="c", anchor="a", text="t"), {}, S.COMPOSED),
        (S.COMPOSED, COMPOSED, {}, S.COMPOSED),
        (S.COMPOSED, signed(), {}, S.SIGNED),
        (S.SIGNED, ev.ReplyRecorded(recommendation="r", reply="采纳"), {}, S.SIGNED),
        (S.SIGNED, decided(), {}, S.SIGNED),
        (S.SIGNED, relevance("gender", "none"), NONE, S.SIGNED),
        (S.SIGNED, version(2), {}, S.RECEIVED),
        (S.SIGNED, ev.CaseReopened(reason="r"), {}, S.REVIEWING),
        (S.SIGNED, ev.CaseClosed(reason="r"), {}, S.CLOSED),
        (S.CLOSED, ev.CaseReopened(reason="r"), {}, S.REVIEWING),
        (S.CLOSED, relevance("gender", "key"), BOTH, S.CLOSED),
    ],
)
def test_next_state(before: S, payload: ev.AnyPayload, levels: dict[str, str], after: S) -> None:
    assert next_state(before, payload, levels) is after


KEEP_COMPOSED = {
    "AttachmentAdded",
    "CommentAdded",
    "CommitteeDecided",
    "FollowUpScheduled",
    "OpinionComposed",
    "ReplyRecorded",
}


@pytest.mark.parametrize("payload", EXAMPLES, ids=lambda payload: payload.kind)
def test_a_composed_opinion_never_outlives_a_change_of_what_it_says(payload: ev.AnyPayload) -> None:
    after = next_state(S.COMPOSED, payload, BOTH)
    assert (after is S.COMPOSED) == (payload.kind in KEEP_COMPOSED)


def test_every_state_has_a_chinese_name() -> None:
    assert set(STATE_NAMES) == set(CaseState)
    assert len(set(STATE_NAMES.values())) == len(CaseState)

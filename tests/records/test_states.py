"""Where a case stands after each event."""

from __future__ import annotations

from datetime import date

import pytest

from assessment.records import events as ev
from assessment.records.states import MOVES, STATE_NAMES, CaseState, next_state
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
        (S.REVIEWING, ev.SettlementOpened(), {}, S.SETTLING),
        (S.SETTLING, ev.ItemSettled(checklist="c", item="q", answer="符合"), {}, S.SETTLING),
        (S.SETTLING, ev.SheetReopened(expert="e", checklist="c", reason="r"), {}, S.REVIEWING),
        (S.SETTLING, COMPOSED, {}, S.COMPOSED),
        (S.COMPOSED, ev.CommitteeConvened(opinion=FILE), {}, S.DELIBERATING),
        (S.DELIBERATING, ev.CommitteeDecided(opinion=FILE, decision="通过"), {}, S.COMPOSED),
        (S.DELIBERATING, ev.CommitteeDecided(opinion=FILE, decision="附条件通过"), {}, S.COMPOSED),
        (S.DELIBERATING, ev.CommitteeDecided(opinion=FILE, decision="暂缓"), {}, S.DELIBERATING),
        (S.DELIBERATING, ev.CommitteeDecided(opinion=FILE, decision="退回"), {}, S.REVIEWING),
        (S.DELIBERATING, decided(), {}, S.REVIEWING),
        (S.DELIBERATING, signed(), {}, S.DELIBERATING),
        (S.COMPOSED, ev.CommitteeDecided(opinion=FILE, decision="退回"), {}, S.COMPOSED),
        (S.SIGNED, ev.ReplyClosed(), {}, S.TRACKING),
        (S.SIGNED, version(2).model_copy(update={"adopted": True}), {}, S.SIGNED),
        (S.TRACKING, ev.FollowUpScheduled(due=date(2027, 1, 1)), {}, S.FOLLOWING),
        (S.SIGNED, ev.FollowUpScheduled(due=date(2027, 1, 1)), {}, S.SIGNED),
        (S.FOLLOWING, ev.FollowUpRecorded(effects=(), conclusion="保留", reason="r"), {}, S.FOLLOWED_UP),
        (S.FOLLOWED_UP, ev.CaseClosed(reason="r"), {}, S.CLOSED),
        (S.REVIEWING, ev.CaseClosed(reason="r"), {}, S.REVIEWING),
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
    "AdoptionChecked",
    "AttachmentAdded",
    "CaseClosed",
    "CaseReopened",
    "CommentAdded",
    "CommentResolved",
    "CommitteeDecided",
    "DataGapRecorded",
    "DataReceived",
    "DraftReceived",
    "FollowUpRecorded",
    "FollowUpScheduled",
    "GroupsAffected",
    "InterestDeclared",
    "MaterialAnswered",
    "MaterialRequested",
    "OpinionComposed",
    "RelevanceReviewed",
    "ReplyClosed",
    "ReplyRecorded",
    "SelfAnswered",
    "SelfAssessmentReturned",
    "SelfAssessmentSubmitted",
    "SettlementOpened",
}


@pytest.mark.parametrize("payload", EXAMPLES, ids=lambda payload: payload.kind)
def test_a_composed_opinion_never_outlives_a_change_of_what_it_says(payload: ev.AnyPayload) -> None:
    after = next_state(S.COMPOSED, payload, BOTH)
    kept = {S.COMPOSED, S.DELIBERATING} if payload.kind == "CommitteeConvened" else {S.COMPOSED}
    assert (after in kept) == (payload.kind in KEEP_COMPOSED | {"CommitteeConvened"})


def test_every_state_can_be_reached_and_left() -> None:
    ways = {(source, move.target) for move in MOVES for source in move.sources}
    reached, found = set(), {S.RECEIVED}
    while found:
        reached |= found
        found = {target for source, target in ways if source in reached} - reached
    assert reached == set(CaseState)
    assert {source for source, target in ways if source is not target} == set(CaseState)


def test_every_kind_a_move_names_exists() -> None:
    kinds = {kind for move in MOVES for kind in move.kinds}
    assert kinds <= {payload.kind for payload in EXAMPLES}


def test_every_state_has_a_chinese_name() -> None:
    assert set(STATE_NAMES) == set(CaseState)
    assert len(set(STATE_NAMES.values())) == len(CaseState)

"""From one event to rows of the register: one small function per kind of event."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from functools import cache
from typing import Any

import sqlite_utils

from assessment.records import events as ev
from assessment.records.events import Event
from assessment.records.schema import TABLES
from assessment.records.states import FROZEN, OUTDATES_OPINION, CaseState, next_state
from assessment.records.summaries import summary

Row = dict[str, Any]


class Change:
    """One event being applied: the case as it was, and where its rows are written."""

    def __init__(self, db: sqlite_utils.Database, event: Event) -> None:
        self.db = db
        self.event = event
        self.at: str = event.model_dump(mode="json", include={"at"})["at"]
        self.case = self._rows("SELECT * FROM cases WHERE id = ?")[0] if event.case_seq > 1 else {}

    @property
    def version(self) -> int:
        """Number of the draft's current version."""
        return int(self.case["version"])

    def put(self, table: str, row: Row, *, who: bool = True) -> None:
        """Write a row of this case; columns not given keep their value. ``who`` adds time and actor."""
        full = {"case_id": self.event.case, **row}
        if TABLES[table].per_version:
            full["version"] = self.version
        if who:
            full |= {"at": self.at, "actor": self.event.actor}
        self.db.conn.execute(_upsert_sql(table, tuple(full)), list(full.values()))

    def set_case(self, row: Row) -> None:
        """Change columns of the case itself."""
        self.case |= row
        full = {"id": self.event.case, **row}
        self.db.conn.execute(_upsert_sql("cases", tuple(full)), list(full.values()))

    def clear(self, table: str) -> None:
        """Remove the case's rows of a table that is always written whole."""
        self.db.conn.execute(f"DELETE FROM {table} WHERE case_id = ?", [self.event.case])

    def levels(self) -> dict[str, str]:
        """Lens → relevance level decided for the current version."""
        rows = self._rows("SELECT lens, level FROM relevance WHERE case_id = ? AND version = ?", self.version)
        return {row["lens"]: row["level"] for row in rows}

    def first(self, table: str, lens: str) -> Row:
        """The row of one lens in a table kept by lens for the current version; empty if there is none."""
        sql = f"SELECT * FROM {table} WHERE case_id = ? AND version = ? AND lens = ?"
        return next(iter(self._rows(sql, self.version, lens)), {})

    def _rows(self, sql: str, *more: object) -> list[Row]:
        return list(self.db.query(sql, [self.event.case, *more]))


@cache
def _upsert_sql(table: str, columns: tuple[str, ...]) -> str:
    key = TABLES[table].key
    names = ", ".join(f'"{name}"' for name in columns)
    marks = ", ".join("?" for _ in columns)
    changes = ", ".join(f'"{name}" = excluded."{name}"' for name in columns if name not in key)
    action = f"DO UPDATE SET {changes}" if changes else "DO NOTHING"
    return f'INSERT INTO "{table}" ({names}) VALUES ({marks}) ON CONFLICT ({", ".join(key)}) {action}'


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)


def apply_event(db: sqlite_utils.Database, event: Event) -> None:
    """Bring the register's rows of one case from before the event to after it."""
    change = Change(db, event)
    _HANDLERS[event.kind](change, event.payload)
    _advance(change)
    change.put(
        "timeline",
        {
            "case_seq": event.case_seq,
            "kind": event.kind,
            "subject": event.payload.subject(),
            "summary": summary(event.payload),
            "hash": event.hash,
            "site": event.site,
            "seq": event.seq,
        },
    )


def _advance(change: Change) -> None:
    before = CaseState(change.case["state"])
    payload = change.event.payload
    after = next_state(before, payload, change.levels() if payload.kind in _BY_RELEVANCE else {})
    row: Row = {
        "state": after.value,
        "updated_at": change.at,
        "case_seq": change.event.case_seq,
        "head": change.event.hash,
    }
    if before in FROZEN and payload.kind in OUTDATES_OPINION:
        row["opinion"] = None
    change.set_case(row)


_BY_RELEVANCE = ("ScreeningDone", "RelevanceDecided")


def _draft_received(change: Change, payload: ev.DraftReceived) -> None:
    change.set_case(
        {
            "site": change.event.site,
            "state": CaseState.RECEIVED.value,
            "opened_at": change.at,
            "opened_by": change.event.actor,
            "version": 1,
            "file": payload.file,
            "file_name": payload.file_name,
            "document": payload.document,
            "lane": payload.lane,
            "arrival_stage": payload.stage,
            "follows": payload.follows,
            **_description(payload),
        }
    )
    row = payload.model_dump(include={"stage", "file_name", "file", "document", "recognised"})
    change.put("versions", {"version": 1, "note": "", **row})


def _version_added(change: Change, payload: ev.VersionAdded) -> None:
    change.put("versions", payload.model_dump(exclude={"kind"}))
    if payload.adopted:
        return
    change.set_case(
        {
            "version": payload.version,
            "stage": payload.stage,
            "file": payload.file,
            "file_name": payload.file_name,
            "document": payload.document,
            "screening": None,
            "relevance_gender": None,
            "relevance_child": None,
            "conclusion": None,
            "opinion": None,
        }
    )


def _case_described(change: Change, payload: ev.CaseDescribed) -> None:
    row = _description(payload)
    if payload.lane is not None:
        row["lane"] = payload.lane
    if change.version == 1:
        row["arrival_stage"] = payload.stage
    change.set_case(row)


def _description(payload: ev.DraftReceived | ev.CaseDescribed) -> Row:
    return payload.model_dump(
        mode="json", include={"title", "document_kind", "stage", "drafting_unit", "drafting_started"}
    )


def _attachment_added(change: Change, payload: ev.AttachmentAdded) -> None:
    change.put("attachments", payload.model_dump(exclude={"kind"}))


def _relevance_decided(change: Change, payload: ev.RelevanceDecided) -> None:
    change.put("relevance", payload.model_dump(exclude={"kind", "settles"}))
    if payload.settles:
        row = {"lens": payload.lens, "settled_at": change.at, "settled_by": change.event.actor}
        change.put("relevance_reviews", row, who=False)
    else:
        change.db.conn.execute(
            "DELETE FROM relevance_reviews WHERE case_id = ? AND version = ? AND lens = ?",
            [change.event.case, change.version, payload.lens],
        )
    change.set_case({f"relevance_{payload.lens}": payload.level})


def _relevance_reviewed(change: Change, payload: ev.RelevanceReviewed) -> None:
    first = change.first("relevance", payload.lens)
    row = payload.model_dump(exclude={"kind"})
    row |= {"first_level": first.get("level"), "first_reason": first.get("reason")}
    row |= {"first_reader": first.get("actor"), "settled_at": None, "settled_by": None}
    change.put("relevance_reviews", row)


def _groups_affected(change: Change, payload: ev.GroupsAffected) -> None:
    change.put("affected", payload.model_dump(exclude={"kind", "cells"}) | {"cells": _json(payload.cells)})


def _screening_done(change: Change, payload: ev.ScreeningDone) -> None:
    change.put("versions", {**payload.model_dump(exclude={"kind"}), "screened_at": change.at}, who=False)
    if payload.version == change.version:
        change.set_case({"screening": payload.screening})


def _finding_decided(change: Change, payload: ev.FindingDecided) -> None:
    row = payload.model_dump(exclude={"kind", "types", "reason"})
    row |= {"types": _json(payload.types), "decision_reason": payload.reason}
    change.put("finding_decisions", row)
    change.db.conn.execute(
        "UPDATE finding_decisions SET source = coalesce(source, 'machine'),"
        " reason = CASE source WHEN 'person' THEN reason ELSE decision_reason END"
        " WHERE case_id = ? AND version = ? AND finding = ?",
        [change.event.case, change.version, payload.finding],
    )


def _finding_added(change: Change, payload: ev.FindingAdded) -> None:
    row = payload.model_dump(exclude={"kind", "types", "domains", "basis"})
    lists = {name: _json(getattr(payload, name)) for name in ("types", "domains", "basis")}
    change.put("finding_decisions", {**row, **lists, "source": "person", "decision": "confirmed"})


def _gap_decided(change: Change, payload: ev.GapDecided) -> None:
    change.put("gap_decisions", payload.model_dump(exclude={"kind"}))


def _checklists_chosen(change: Change, payload: ev.ChecklistsChosen) -> None:
    change.clear("checklists")
    for rank, (checklist, version, file) in enumerate(payload.checklists, start=1):
        row = {"checklist": checklist, "rank": rank, "checklist_version": version, "file": file}
        change.put("checklists", row, who=False)


def _self_answered(change: Change, payload: ev.SelfAnswered) -> None:
    row = payload.model_dump(exclude={"kind", "quotes", "attachments"})
    row |= {"quotes": _json(payload.quotes), "attachments": _json(payload.attachments)}
    change.put("self_answers", row)
    change.db.conn.execute(
        "INSERT OR IGNORE INTO self_assessments (case_id, version, checklist, status, at, actor)"
        " VALUES (?, ?, ?, 'open', ?, ?)",
        [change.event.case, change.version, payload.checklist, change.at, change.event.actor],
    )


def _self_assessment_submitted(change: Change, payload: ev.SelfAssessmentSubmitted) -> None:
    row = payload.model_dump(exclude={"kind"})
    row |= {"status": "submitted", "submitted_at": change.at, "return_reason": None}
    change.put("self_assessments", row)


def _self_assessment_returned(change: Change, payload: ev.SelfAssessmentReturned) -> None:
    row: Row = {"checklist": payload.checklist, "return_reason": payload.reason}
    change.put("self_assessments", {**row, "status": "open", "submitted_at": None})


def _material_requested(change: Change, payload: ev.MaterialRequested) -> None:
    row = payload.model_dump(mode="json", exclude={"kind"})
    asked = {"asked_at": change.at, "asked_by": change.event.actor}
    change.put("material_requests", {**row, **asked}, who=False)


def _material_answered(change: Change, payload: ev.MaterialAnswered) -> None:
    row: Row = {"request": payload.request, "answer": payload.answer}
    row |= {"attachments": _json(payload.attachments), "answered_at": change.at}
    change.put("material_requests", {**row, "answered_by": change.event.actor}, who=False)


def _data_gap_recorded(change: Change, payload: ev.DataGapRecorded) -> None:
    change.put("data_gaps", payload.model_dump(mode="json", exclude={"kind"}))


def _data_received(change: Change, payload: ev.DataReceived) -> None:
    change.put("data_gaps", payload.model_dump(mode="json", exclude={"kind"}))


def _interest_declared(change: Change, payload: ev.InterestDeclared) -> None:
    change.put("declarations", payload.model_dump(exclude={"kind"}))
    if payload.conflict:
        _off_panel(change, payload.expert)


def _panel_member_removed(change: Change, payload: ev.PanelMemberRemoved) -> None:
    _off_panel(change, payload.expert)


def _off_panel(change: Change, expert: str) -> None:
    change.db.conn.execute("DELETE FROM panel WHERE case_id = ? AND expert = ?", [change.event.case, expert])


def _panel_appointed(change: Change, payload: ev.PanelAppointed) -> None:
    change.clear("panel")
    for rank, expert in enumerate(payload.experts, start=1):
        change.put("panel", {"expert": expert, "rank": rank})


def _item_scored(change: Change, payload: ev.ItemScored) -> None:
    change.put("answers", payload.model_dump(exclude={"kind", "quotes"}) | {"quotes": _json(payload.quotes)})
    change.db.conn.execute(
        "INSERT OR IGNORE INTO sheets (case_id, version, expert, checklist, status, note, at, actor)"
        " VALUES (?, ?, ?, ?, 'open', '', ?, ?)",
        [change.event.case, change.version, payload.expert, payload.checklist, change.at, change.event.actor],
    )


def _sheet_submitted(change: Change, payload: ev.SheetSubmitted) -> None:
    row = payload.model_dump(exclude={"kind"})
    change.put("sheets", {**row, "status": "submitted", "submitted_at": change.at, "reopen_reason": None})


def _sheet_reopened(change: Change, payload: ev.SheetReopened) -> None:
    row: Row = {"expert": payload.expert, "checklist": payload.checklist, "reopen_reason": payload.reason}
    change.put("sheets", {**row, "status": "open", "submitted_at": None})


def _item_settled(change: Change, payload: ev.ItemSettled) -> None:
    change.put("settled", payload.model_dump(exclude={"kind", "votes"}) | {"votes": _json(payload.votes)})


def _recommendation_edited(change: Change, payload: ev.RecommendationEdited) -> None:
    row = payload.model_dump(exclude={"kind", "basis"}) | {"basis": _json(payload.basis)}
    change.put("recommendations", row)


def _conclusion_chosen(change: Change, payload: ev.ConclusionChosen) -> None:
    change.put("conclusions", payload.model_dump(exclude={"kind"}))
    change.set_case({"conclusion": payload.conclusion})


def _opinion_composed(change: Change, payload: ev.OpinionComposed) -> None:
    row = {"opinion": payload.opinion, "version": change.version}
    change.put("opinions", {**row, "composed_at": change.at, "composed_by": change.event.actor}, who=False)
    change.set_case({"opinion": payload.opinion})


def _opinion_signed(change: Change, payload: ev.OpinionSigned) -> None:
    row = {**payload.model_dump(exclude={"kind"}), "version": change.version}
    row |= {"skipped": _json(payload.skipped), "overridden": _json(payload.overridden)}
    change.put("opinions", {**row, "signed_at": change.at, "signed_by": change.event.actor}, who=False)
    change.set_case(
        {
            "opinion": payload.opinion,
            "signed_opinion": payload.opinion,
            "signed_at": change.at,
            "number": payload.number,
            "reply_due": _reply_due(change),
            "reply_closed_at": None,
        }
    )


def _reply_due(change: Change) -> str | None:
    days = change.db.execute(
        "SELECT reply_days FROM conclusions WHERE case_id = ? AND version = ?",
        [change.event.case, change.version],
    ).fetchone()
    return (change.event.at.date() + timedelta(days=days[0])).isoformat() if days else None


def _nothing(_change: Change, _payload: ev.AnyPayload) -> None:
    """What only moves the case or is only told in its timeline."""


def _committee_convened(change: Change, payload: ev.CommitteeConvened) -> None:
    row: Row = {"opinion": payload.opinion, "convened_at": change.at, "convened_by": change.event.actor}
    change.put("opinions", row, who=False)


def _committee_decided(change: Change, payload: ev.CommitteeDecided) -> None:
    row = payload.model_dump(exclude={"kind", "votes"}) | {"votes": _json(payload.votes)}
    change.put("committee_decisions", {"case_seq": change.event.case_seq, **row})


def _reply_recorded(change: Change, payload: ev.ReplyRecorded) -> None:
    answered = change.case.get("signed_opinion") or ""
    change.put("replies", {**payload.model_dump(mode="json", exclude={"kind"}), "opinion": answered})


def _reply_closed(change: Change, _payload: ev.ReplyClosed) -> None:
    change.set_case({"reply_closed_at": change.at})


def _adoption_checked(change: Change, payload: ev.AdoptionChecked) -> None:
    row = payload.model_dump(exclude={"kind", "version"}) | {"adopted_version": payload.version}
    change.put("adoptions", {**row, "opinion": change.case.get("signed_opinion") or ""})


def _follow_up_scheduled(change: Change, payload: ev.FollowUpScheduled) -> None:
    row = payload.model_dump(mode="json", exclude={"kind"})
    change.put("follow_ups", {"case_seq": change.event.case_seq, **row})
    change.set_case({"follow_up_due": row["due"]})


def _follow_up_recorded(change: Change, payload: ev.FollowUpRecorded) -> None:
    row = payload.model_dump(exclude={"kind", "effects", "figures"})
    row |= {"effects": _json(payload.effects), "figures": _json(payload.figures)}
    change.put("follow_up_reports", {"case_seq": change.event.case_seq, **row})
    change.set_case({"outcome": payload.conclusion})


def _comment_added(change: Change, payload: ev.CommentAdded) -> None:
    row = payload.model_dump(exclude={"kind", "mentions"}) | {"mentions": _json(payload.mentions)}
    change.put("comments", row)


def _comment_resolved(change: Change, payload: ev.CommentResolved) -> None:
    row: Row = {"comment": payload.comment, "resolved_at": None, "resolved_by": None}
    if payload.resolved:
        row |= {"resolved_at": change.at, "resolved_by": change.event.actor}
    change.put("comments", row, who=False)


def _case_closed(change: Change, payload: ev.CaseClosed) -> None:
    change.set_case({"closed_at": change.at, "closed_reason": payload.reason})


def _case_reopened(change: Change, _payload: ev.CaseReopened) -> None:
    change.set_case({"closed_at": None, "closed_reason": None, "opinion": None})


_HANDLERS: dict[str, Callable[[Change, Any], None]] = {
    "DraftReceived": _draft_received,
    "VersionAdded": _version_added,
    "CaseDescribed": _case_described,
    "AttachmentAdded": _attachment_added,
    "RelevanceDecided": _relevance_decided,
    "RelevanceReviewed": _relevance_reviewed,
    "GroupsAffected": _groups_affected,
    "ScreeningDone": _screening_done,
    "FindingDecided": _finding_decided,
    "FindingAdded": _finding_added,
    "GapDecided": _gap_decided,
    "ChecklistsChosen": _checklists_chosen,
    "SelfAnswered": _self_answered,
    "SelfAssessmentSubmitted": _self_assessment_submitted,
    "SelfAssessmentReturned": _self_assessment_returned,
    "MaterialRequested": _material_requested,
    "MaterialAnswered": _material_answered,
    "DataGapRecorded": _data_gap_recorded,
    "DataReceived": _data_received,
    "PanelAppointed": _panel_appointed,
    "InterestDeclared": _interest_declared,
    "PanelMemberRemoved": _panel_member_removed,
    "ItemScored": _item_scored,
    "SheetSubmitted": _sheet_submitted,
    "SheetReopened": _sheet_reopened,
    "SettlementOpened": _nothing,
    "ItemSettled": _item_settled,
    "RecommendationEdited": _recommendation_edited,
    "ConclusionChosen": _conclusion_chosen,
    "OpinionComposed": _opinion_composed,
    "OpinionSigned": _opinion_signed,
    "CommitteeConvened": _committee_convened,
    "CommitteeDecided": _committee_decided,
    "ReplyRecorded": _reply_recorded,
    "ReplyClosed": _reply_closed,
    "AdoptionChecked": _adoption_checked,
    "FollowUpScheduled": _follow_up_scheduled,
    "FollowUpRecorded": _follow_up_recorded,
    "CommentAdded": _comment_added,
    "CommentResolved": _comment_resolved,
    "CaseClosed": _case_closed,
    "CaseReopened": _case_reopened,
}

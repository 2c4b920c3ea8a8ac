"""An event as a row of the journal's table, and back."""

from __future__ import annotations

import json
from typing import Any

import sqlite_utils

from assessment.records.events import Event, canonical_json

Row = dict[str, Any]


def insert_event(db: sqlite_utils.Database, event: Event) -> None:
    """Write an event as the last of its case."""
    stored: dict[str, Any] = event.model_dump(mode="json", exclude_unset=True)
    db.execute(
        "INSERT INTO events (site, seq, case_id, case_seq, kind, subject, at, actor, payload, previous_hash, hash)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        [
            event.site,
            event.seq,
            event.case,
            event.case_seq,
            event.kind,
            event.payload.subject(),
            stored["at"],
            event.actor,
            canonical_json(stored["payload"]),
            event.previous_hash,
            event.hash,
        ],
    )
    db.execute("INSERT OR REPLACE INTO heads VALUES (?, ?, ?)", [event.case, event.case_seq, event.hash])


def event_of(row: Row) -> Event:
    """The event a row holds; ValueError (pydantic's or JSON's) if it is none."""
    return Event(
        site=row["site"],
        seq=row["seq"],
        case=row["case_id"],
        case_seq=row["case_seq"],
        kind=row["kind"],
        at=row["at"],
        actor=row["actor"],
        payload=json.loads(row["payload"]),
        previous_hash=row["previous_hash"],
        hash=row["hash"],
    )

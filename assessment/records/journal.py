"""The journal: the append-only list of everything that ever happened, chained by hash within each case."""

from __future__ import annotations

import secrets
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path
from typing import Protocol

import sqlite_utils

from assessment.messages import ConflictError, RecordsError
from assessment.records.chain import CASE_ID, Head, Problem, event_hash, faults
from assessment.records.database import open_database, transaction
from assessment.records.events import AnyPayload, Event
from assessment.records.rows import event_of, insert_event
from assessment.records.summaries import summary
from assessment.records.verification import verify_journal

_BATCH = 1000
_COLUMNS = "position, site, seq, case_id, case_seq, kind, subject, at, actor, payload, previous_hash, hash"
_SCHEMA = """
CREATE TABLE IF NOT EXISTS meta (key TEXT PRIMARY KEY, value TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS events (
    position INTEGER PRIMARY KEY AUTOINCREMENT,
    site TEXT NOT NULL, seq INTEGER NOT NULL,
    case_id TEXT NOT NULL, case_seq INTEGER NOT NULL,
    kind TEXT NOT NULL, subject TEXT NOT NULL, at TEXT NOT NULL, actor TEXT NOT NULL,
    payload TEXT NOT NULL, previous_hash TEXT NOT NULL, hash TEXT NOT NULL,
    UNIQUE (site, seq), UNIQUE (case_id, case_seq)
);
CREATE TABLE IF NOT EXISTS heads (case_id TEXT PRIMARY KEY, case_seq INTEGER NOT NULL, hash TEXT NOT NULL);
CREATE TRIGGER IF NOT EXISTS events_are_never_changed BEFORE UPDATE ON events
    BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END;
CREATE TRIGGER IF NOT EXISTS events_are_never_deleted BEFORE DELETE ON events
    BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END;
"""


class Journal(Protocol):
    """What the records need of a journal, so that another database can stand in SQLite's place."""

    def append(self, case: str, payload: AnyPayload, actor: str, seen: int | None = None) -> Event:
        """Write one event at the end of a case; ``ConflictError`` if what it changes changed after ``seen``."""

    def append_many(
        self, case: str, payloads: Sequence[AnyPayload], actor: str, seen: int | None = None
    ) -> list[Event]:
        """Write several events of one case, all or none."""

    def adopt(self, events: Sequence[Event]) -> None:
        """Write events of another site exactly as they are, all or none."""

    def read_from(self, position: int = 0, case: str | None = None) -> Iterator[tuple[int, Event]]:
        """Events after ``position`` with their positions, in the order they arrived here."""

    def head(self, case: str) -> Head:
        """The end of a case's chain; number 0 and ``Event.genesis`` for an unknown case."""

    def verify(self) -> list[Problem]:
        """Recompute everything; an empty list means nothing was altered, lost or swapped."""


def utc_now() -> datetime:
    """This moment, UTC."""
    return datetime.now(UTC)


def open_site(path: Path, name: str | None) -> tuple[str, str]:
    """Make the journal file if absent; return the id and the name of the site it belongs to.

    Args:
        path: the journal's database file.
        name: the site's name; None keeps the one recorded.
    """
    with open_database(path, durable=True) as db:
        db.conn.executescript(f"BEGIN IMMEDIATE; {_SCHEMA} COMMIT;")
        with transaction(db):
            db.execute("INSERT OR IGNORE INTO meta VALUES ('site', ?)", [secrets.token_hex(4)])
            db.execute("INSERT OR IGNORE INTO meta VALUES ('site_name', ?)", [name or ""])
            if name is not None:
                db.execute("UPDATE meta SET value = ? WHERE key = 'site_name'", [name])
        meta = dict(db.execute("SELECT key, value FROM meta").fetchall())
    return meta["site"], meta["site_name"]


def read_meta(path: Path, key: str) -> str | None:
    """What is kept under ``key`` beside the events; None if nothing is."""
    with open_database(path) as db:
        row = db.execute("SELECT value FROM meta WHERE key = ?", [key]).fetchone()
    return str(row[0]) if row else None


def write_meta(path: Path, key: str, value: str) -> None:
    """Keep ``value`` under ``key`` beside the events, in place of what was there."""
    with open_database(path, durable=True) as db, transaction(db):
        db.execute("INSERT OR REPLACE INTO meta VALUES (?, ?)", [key, value])


class SqliteJournal:
    """A journal in one SQLite file, made by ``open_site``.

    Args:
        path: the database file.
        site: id of the site whose people write here.
        clock: tells the time of an event, UTC.
    """

    def __init__(self, path: Path, site: str, clock: Callable[[], datetime] = utc_now) -> None:
        self.path = path
        self.site = site
        self.clock = clock

    def append(self, case: str, payload: AnyPayload, actor: str, seen: int | None = None) -> Event:
        """Write one event at the end of a case and wait until the disk has it.

        Args:
            case: id of the case.
            payload: what happened.
            actor: account id of who did it.
            seen: number of the last event of the case the writer knew; None skips the check.

        Raises:
            ConflictError: E401, what the payload changes was changed after ``seen``.
            RecordsError: E402 unknown case, E403 case exists already, E404 no case id, E414 disk refuses.
        """
        return self.append_many(case, [payload], actor, seen)[0]

    def append_many(
        self, case: str, payloads: Sequence[AnyPayload], actor: str, seen: int | None = None
    ) -> list[Event]:
        """Write several events of one case, all or none; errors as for ``append``."""
        if not CASE_ID.fullmatch(case):
            raise RecordsError("E404", case=case[:80])
        with open_database(self.path, durable=True) as db, transaction(db):
            if seen is not None:
                _refuse_conflict(db, case, payloads, seen)
            return [self._write_next(db, case, payload, actor) for payload in payloads]

    def adopt(self, events: Sequence[Event]) -> None:
        """Write events of other sites exactly as they are, each at the end of its case's chain, all or none.

        Raises:
            RecordsError: E408 an event does not continue its case's chain or its hash does not fit,
                E409 the site used its number for another event, E414 the disk refuses.
        """
        try:
            with open_database(self.path, durable=True) as db, transaction(db):
                for event in events:
                    if wrong := faults(event, _head(db, event.case)):
                        raise RecordsError("E408", case=event.case, case_seq=event.case_seq, reason=wrong[0])
                    insert_event(db, event)
        except sqlite3.IntegrityError as error:
            raise RecordsError("E409", site=event.site, seq=event.seq) from error

    def missing(self, site: str) -> list[tuple[int, int]]:
        """Holes in the numbers of a site's events kept here, as first and last number of each hole."""
        with open_database(self.path) as db:
            numbers = db.execute("SELECT seq FROM events WHERE site = ? ORDER BY seq", [site]).fetchall()
        kept = [0, *(number for (number,) in numbers)]
        return [(before + 1, after - 1) for before, after in pairwise(kept) if after > before + 1]

    def read_from(self, position: int = 0, case: str | None = None) -> Iterator[tuple[int, Event]]:
        """Events after ``position``, of one case or of all, with their positions, in order of arrival.

        Read in batches, each with its own connection: the reader may take its time.
        """
        which = "position > :position ORDER BY position"
        if case is not None:
            which = "case_id = :case AND position > :position ORDER BY case_seq"
        sql = f"SELECT {_COLUMNS} FROM events WHERE {which} LIMIT {_BATCH}"
        while True:
            with open_database(self.path) as db:
                rows = list(db.query(sql, {"case": case, "position": position}))
            for row in rows:
                position = row["position"]
                yield position, event_of(row)
            if len(rows) < _BATCH:
                return

    def head(self, case: str) -> Head:
        """The end of a case's chain; number 0 and ``Event.genesis`` for an unknown case."""
        with open_database(self.path) as db:
            return _head(db, case)

    def verify(self) -> list[Problem]:
        """Recompute every hash and number; an empty list means nothing was altered, lost or swapped."""
        with open_database(self.path) as db:
            db.conn.execute("BEGIN")  # one moment for all that is read, though others go on writing
            return verify_journal(db, self.site)

    def _write_next(self, db: sqlite_utils.Database, case: str, payload: AnyPayload, actor: str) -> Event:
        head = _head(db, case)
        if head.case_seq == 0 and payload.kind != "DraftReceived":
            raise RecordsError("E402", case=case)
        if head.case_seq > 0 and payload.kind == "DraftReceived":
            raise RecordsError("E403", case=case)
        seq = db.execute("SELECT coalesce(max(seq), 0) + 1 FROM events WHERE site = ?", [self.site])
        event = Event.model_validate(
            {
                "site": self.site,
                "seq": seq.fetchone()[0],
                "case": case,
                "case_seq": head.case_seq + 1,
                "kind": payload.kind,
                "at": self.clock(),
                "actor": actor,
                "payload": payload.model_dump(mode="json"),
                "previous_hash": head.hash,
                "hash": "",
            }
        )
        event = event.model_copy(update={"hash": event_hash(event)})
        insert_event(db, event)
        return event


def _refuse_conflict(db: sqlite_utils.Database, case: str, payloads: Sequence[AnyPayload], seen: int) -> None:
    later = db.execute(
        "SELECT subject, max(position) FROM events WHERE case_id = ? AND case_seq > ? GROUP BY subject",
        [case, seen],
    )
    for subject, position in later.fetchall():
        if any(payload.conflicts_with(subject) for payload in payloads):
            row = next(db.query(f"SELECT {_COLUMNS} FROM events WHERE position = ?", [position]))
            event = event_of(row)
            raise ConflictError(
                "E401", what=summary(event.payload), at=f"{event.at.astimezone():%m-%d %H:%M}"
            )


def _head(db: sqlite_utils.Database, case: str) -> Head:
    row = db.execute("SELECT case_seq, hash FROM heads WHERE case_id = ?", [case]).fetchone()
    return Head(*row) if row else Head(0, Event.genesis)

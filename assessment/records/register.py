"""The register: tables made from the journal, which may be thrown away at any time and made again."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any, NamedTuple

import sqlite_utils

from assessment.records.database import open_database, transaction
from assessment.records.events import Event
from assessment.records.journal import Journal
from assessment.records.reducer import apply_event
from assessment.records.schema import SCHEMA_VERSION, create_tables

Row = dict[str, Any]


class Applied(NamedTuple):
    """How far the register has come: position and hash of the last event applied."""

    position: int
    hash: str


class Register:
    """The tables in one SQLite file, kept level with a journal.

    Args:
        path: the database file; missing, damaged or of another schema, it is made anew.
        journal: what it is made from.
    """

    def __init__(self, path: Path, journal: Journal) -> None:
        self.path = path
        self.journal = journal

    def catch_up(self) -> None:
        """Apply what the journal has and the register has not, in one transaction.

        Safe to call from several threads and processes: each event is applied once.
        """
        try:
            with open_database(self.path) as db, transaction(db):
                self._bring_level(db)
        except sqlite3.OperationalError:
            raise
        except sqlite3.DatabaseError:
            self._discard()
            self.catch_up()

    def rebuild(self) -> None:
        """Make every table again from nothing, in one transaction: readers see the old or the new."""
        try:
            with open_database(self.path) as db, transaction(db):
                self._make_anew(db)
        except sqlite3.OperationalError:
            raise
        except sqlite3.DatabaseError:
            self._discard()
            self.rebuild()

    def rows(self, sql: str, params: Iterable[Any] | dict[str, Any] = ()) -> list[Row]:
        """Rows of a query over the register's tables."""
        with open_database(self.path) as db:
            db.conn.execute("PRAGMA query_only=ON")
            return list(db.query(sql, params if isinstance(params, dict) else list(params)))

    def _bring_level(self, db: sqlite_utils.Database) -> None:
        applied = _applied(db)
        if applied is None:
            self._make_anew(db)
            return
        events = self.journal.read_from(max(applied.position - 1, 0))
        if applied.position > 0:
            last = next(events, None)
            if last is None or (last[0], last[1].hash) != applied:
                self._make_anew(db)
                return
        _apply(db, events, applied)

    def _make_anew(self, db: sqlite_utils.Database) -> None:
        for name in db.table_names():
            db.table(name).drop()
        create_tables(db)
        _apply(db, self.journal.read_from(), Applied(0, ""))

    def _discard(self) -> None:
        for suffix in ("", "-wal", "-shm"):
            with suppress(FileNotFoundError):
                self.path.with_name(self.path.name + suffix).unlink()


def _applied(db: sqlite_utils.Database) -> Applied | None:
    """How far the tables have come; None if the tables are absent or of another schema."""
    if "applied" not in db.table_names():
        return None
    row = db.execute("SELECT schema, position, hash FROM applied").fetchone()
    return Applied(row[1], row[2]) if row and row[0] == SCHEMA_VERSION else None


def _apply(db: sqlite_utils.Database, events: Iterator[tuple[int, Event]], applied: Applied) -> None:
    for position, event in events:
        apply_event(db, event)
        applied = Applied(position, event.hash)
    db.execute("INSERT OR REPLACE INTO applied VALUES (1, ?, ?, ?)", [SCHEMA_VERSION, *applied])

"""The register: tables made from the journal, which may be thrown away at any time and made again."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from itertools import takewhile
from pathlib import Path
from typing import Any, NamedTuple

import sqlite_utils

from assessment.messages import RecordsError
from assessment.records.chain import Problem
from assessment.records.database import open_database, transaction
from assessment.records.events import Event
from assessment.records.journal import Journal
from assessment.records.reducer import apply_event
from assessment.records.schema import SCHEMA_VERSION, TABLES, create_tables

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
        self._thread = threading.local()

    def catch_up(self) -> None:
        """Apply what the journal has and the register has not, in one transaction.

        Safe to call from several threads and processes: each event is applied once.
        """
        self._write(self._bring_level)

    def rebuild(self) -> None:
        """Make every table again from nothing, in one transaction: readers see the old or the new."""
        self._write(self._make_anew)

    def rows(self, sql: str, params: Iterable[Any] | dict[str, Any] = ()) -> list[Row]:
        """Rows of a query over the register's tables."""
        with self.reading() as db:
            return list(db.query(sql, params if isinstance(params, dict) else list(params)))

    @contextmanager
    def reading(self) -> Iterator[sqlite_utils.Database]:
        """One connection for all ``rows`` this thread asks for inside; it cannot write.

        Each query still sees what was committed before it: no transaction is held open.
        """
        shared: sqlite_utils.Database | None = getattr(self._thread, "db", None)
        if shared is not None:
            yield shared
            return
        with open_database(self.path) as db:
            db.conn.execute("PRAGMA query_only=ON")
            self._thread.db = db
            try:
                yield db
            finally:
                del self._thread.db

    def differences(self, scratch: Path) -> list[Problem]:
        """Tables that are not what the journal makes of them, found by making them again in ``scratch``."""
        with open_database(self.path) as db, open_database(scratch) as fresh:
            db.conn.execute("BEGIN")
            applied = _applied(db)
            if applied is None:
                return [Problem("台账", "缺失或版本不符，请重建")]
            create_tables(fresh)
            events = self.journal.read_from()
            with transaction(fresh):
                _apply(fresh, takewhile(lambda item: item[0] <= applied.position, events), Applied(0, ""))
            return [
                Problem(f"台账 {table}", "与流水不一致，请重建")
                for table in [*TABLES, "applied"]
                if table_rows(db, table) != table_rows(fresh, table)
            ]

    def _write(self, work: Callable[[sqlite_utils.Database], None]) -> None:
        """Do ``work`` in one transaction; a damaged register is thrown away first."""
        try:
            with open_database(self.path) as db, transaction(db):
                work(db)
        except RecordsError as error:
            if error.code != "E415":
                raise
            self._discard()
            with open_database(self.path) as db, transaction(db):
                self._bring_level(db)

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


def table_rows(db: sqlite_utils.Database, table: str) -> list[tuple[Any, ...]]:
    """All rows of a table in the order of their contents' text, for comparing."""
    return sorted(db.execute(f'SELECT * FROM "{table}"').fetchall(), key=repr)


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

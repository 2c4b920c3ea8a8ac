"""SQLite as the records use it: one connection per unit of work, one way to write.

``Database.atomic()`` of sqlite-utils begins a deferred transaction; under several writers its upgrade from
reading to writing fails at once with "database is locked". ``transaction`` takes the write lock first.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import sqlite_utils

from assessment.messages import RecordsError

BUSY_SECONDS = 30.0
"""How long a writer waits for its turn before giving up."""

_REFUSALS = (
    "SQLITE_BUSY",
    "SQLITE_CANTOPEN",
    "SQLITE_FULL",
    "SQLITE_IOERR",
    "SQLITE_PERM",
    "SQLITE_READONLY",
)
_DAMAGE = ("SQLITE_CORRUPT", "SQLITE_NOTADB")


@contextmanager
def open_database(path: Path, *, durable: bool = False) -> Iterator[sqlite_utils.Database]:
    """A connection for one unit of work, closed afterwards; never shared between threads.

    Args:
        path: the database file; made if absent, its folder must exist.
        durable: wait for the disk at every commit (what is acknowledged survives a power cut). Without
            it a power cut may lose the last commits, never the file.

    Raises:
        RecordsError: E414 the disk refuses or the file stays locked, E415 the file is no sound database.
    """
    connection = None
    try:
        connection = sqlite3.connect(path, timeout=BUSY_SECONDS)
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute(f"PRAGMA synchronous={'FULL' if durable else 'NORMAL'}")
        connection.execute("PRAGMA foreign_keys=ON")
        yield sqlite_utils.Database(connection, execute_plugins=False)
    except sqlite3.DatabaseError as error:
        name = getattr(error, "sqlite_errorname", "")
        if name.startswith(_REFUSALS):
            raise RecordsError("E414", reason=str(error)) from error
        if name.startswith(_DAMAGE):
            raise RecordsError("E415", name=path.name) from error
        raise
    finally:
        if connection is not None:
            connection.close()


@contextmanager
def transaction(db: sqlite_utils.Database) -> Iterator[None]:
    """All writes inside are kept together or not at all; other writers wait from the first line on."""
    db.conn.execute("BEGIN IMMEDIATE")
    try:
        yield
    except BaseException:
        db.conn.rollback()
        raise
    db.conn.commit()

"""SQLite as the records use it: one connection per unit of work, one way to write.

``Database.atomic()`` of sqlite-utils begins a deferred transaction; under several writers its upgrade from
reading to writing fails at once with "database is locked". ``transaction`` takes the write lock first.
"""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import sqlite_utils

from assessment.messages import RecordsError

BUSY_SECONDS = 30.0
"""How long a writer waits for its turn before giving up."""

_queues: dict[str, threading.Lock] = {}

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


def idle_connection(path: Path) -> sqlite3.Connection:
    """A connection that does no work but stays open.

    SQLite folds the write-ahead log back into the file whenever the last connection closes; with a
    connection per unit of work that would be after every write.
    """
    connection = sqlite3.connect(path, check_same_thread=False)
    connection.execute("SELECT count(*) FROM sqlite_master").fetchall()
    return connection


@contextmanager
def transaction(db: sqlite_utils.Database) -> Iterator[None]:
    """All writes inside are kept together or not at all; other writers wait from the first line on.

    SQLite makes waiters poll, and an unlucky one starves for seconds. The threads of one process therefore
    queue at a lock, and only other processes poll.
    """
    file = db.execute("PRAGMA database_list").fetchone()[2]
    queue = _queues.setdefault(file, threading.Lock())
    if not queue.acquire(timeout=BUSY_SECONDS):
        raise RecordsError("E414", reason="database is locked")
    try:
        db.conn.execute("BEGIN IMMEDIATE")
        yield
        db.conn.commit()
    except BaseException:
        db.conn.rollback()
        raise
    finally:
        queue.release()

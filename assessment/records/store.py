"""A data folder as a whole: journal, register, files and accounts, and the one way to write to it."""

from __future__ import annotations

import secrets
import sqlite3
import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from assessment.messages import RecordsError
from assessment.records.accounts import Accounts
from assessment.records.chain import Problem
from assessment.records.database import idle_connection
from assessment.records.events import AnyPayload, Event
from assessment.records.files import FileStore
from assessment.records.journal import SqliteJournal, open_site, read_meta, utc_now, write_meta
from assessment.records.register import Register, Row
from assessment.records.schema import TABLES

JOURNAL = "journal.db"
REGISTER = "register.db"
ACCOUNTS = "accounts.db"
FILES = "files"
TEMPORARY = "tmp"


def new_case_id() -> str:
    """A case id no other site will ever make: 16 random hexadecimal digits."""
    return secrets.token_hex(8)


class Store:
    """The records of one office. Make it with ``Store.open``; threads may share it.

    Every read and write opens a connection of its own.

    Attributes:
        folder: the data folder.
        site: id of the office, made at the first opening.
        site_name: its name.
        journal, register, files, accounts: the parts.
    """

    def __init__(
        self, folder: Path, site: str, site_name: str, clock: Callable[[], datetime] = utc_now
    ) -> None:
        self.folder = folder
        self.site = site
        self.site_name = site_name
        self.journal = SqliteJournal(folder / JOURNAL, site, clock)
        self.register = Register(folder / REGISTER, self.journal)
        self.files = FileStore(folder / FILES, folder / TEMPORARY)
        self.accounts = Accounts(folder / ACCOUNTS)
        self._idle: list[sqlite3.Connection] = []

    @classmethod
    def open(
        cls, folder: Path, site_name: str | None = None, clock: Callable[[], datetime] = utc_now
    ) -> Store:
        """Open a data folder, making what is missing and bringing the register level.

        Args:
            folder: the data folder; made if absent.
            site_name: the office's name; None keeps the recorded one.
            clock: tells the time of events, UTC.
        """
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        store = cls(folder, *open_site(folder / JOURNAL, site_name), clock)
        store.register.catch_up()
        store._idle = [idle_connection(folder / name) for name in (JOURNAL, REGISTER, ACCOUNTS)]
        return store

    def close(self) -> None:
        """Let go of the files, so that the folder can be moved; the store stays usable, if slower."""
        while self._idle:
            self._idle.pop().close()

    def rename(self, site_name: str) -> None:
        """Record the office's name; its id stays."""
        _, self.site_name = open_site(self.folder / JOURNAL, site_name)

    def setting(self, key: str) -> str | None:
        """What the office keeps under ``key``: the same for all cases, in backups, never exchanged."""
        return read_meta(self.folder / JOURNAL, key)

    def set_setting(self, key: str, value: str) -> None:
        """Keep ``value`` for the whole office."""
        write_meta(self.folder / JOURNAL, key, value)

    def append(self, case: str, payload: AnyPayload, actor: str, seen: int | None = None) -> Event:
        """Write one event and bring the register level; see ``SqliteJournal.append``.

        Raises:
            ConflictError: E401, somebody else changed the same thing after ``seen``.
            RecordsError: E405, a file the event names is not in the file store; E416, the event
                is kept but the register could not follow; and the journal's own.
        """
        return self.append_many(case, [payload], actor, seen)[0]

    def append_many(
        self, case: str, payloads: Sequence[AnyPayload], actor: str, seen: int | None = None
    ) -> list[Event]:
        """Write several events of one case, all or none; errors as for ``append``."""
        for payload in payloads:
            for name in payload.files():
                if name not in self.files:
                    raise RecordsError("E405", name=name)
        events = self.journal.append_many(case, payloads, actor, seen)
        self._catch_up()
        return events

    def adopt(self, events: Sequence[Event]) -> None:
        """Write other sites' events, whose files are kept already, and bring the register level."""
        self.journal.adopt(events)
        self._catch_up()

    def rows(self, sql: str, params: Iterable[Any] | dict[str, Any] = ()) -> list[Row]:
        """Rows of any query over the register; the tables are listed in ``schema.TABLES``."""
        return self.register.rows(sql, params)

    def case(self, case: str) -> Row:
        """One case; its ``case_seq`` is what a later ``append`` passes as ``seen``.

        Raises:
            RecordsError: E402, there is no such case.
        """
        rows = self.rows("SELECT * FROM cases WHERE id = ?", [case])
        if not rows:
            raise RecordsError("E402", case=case)
        return rows[0]

    def cases(self, *states: str) -> list[Row]:
        """All cases, or those in the given states, last touched first."""
        marks = ", ".join("?" for _ in states)
        where = f"WHERE state IN ({marks})" if states else ""
        return self.rows(f"SELECT * FROM cases {where} ORDER BY updated_at DESC, id", states)

    def of_case(self, table: str, case: str, version: int | None = None) -> list[Row]:
        """A case's rows of one table, in the order of its key.

        Args:
            table: a name in ``schema.TABLES``.
            case: id of the case.
            version: for a table kept per version of the draft: which one; None means the current one.
        """
        spec = TABLES[table]
        where, params = '"case_id" = :case', {"case": case, "version": version}
        if spec.per_version:
            where += " AND version = coalesce(:version, (SELECT version FROM cases WHERE id = :case))"
        rank = ["rank"] if "rank" in spec.columns else []
        order = ", ".join([*rank, *spec.key])
        return self.rows(f"SELECT * FROM {table} WHERE {where} ORDER BY {order}", params)

    def timeline(self, case: str) -> list[Row]:
        """What happened on a case, oldest first: case_seq, kind, at, actor, summary, hash."""
        return self.of_case("timeline", case)

    def verify(self) -> list[Problem]:
        """Recompute the journal and the account log, look into every file, compare the register with the journal.

        An empty list means all is sound.
        """
        problems = [*self.journal.verify(), *self.accounts.verify()]
        try:
            problems += list(self._file_problems())
            with tempfile.TemporaryDirectory(dir=self._temporary()) as scratch:
                problems += self.register.differences(Path(scratch) / REGISTER)
        except ValidationError:
            problems.append(Problem("流水", "有记录无法识别，文件和台账未能全部核对"))
        return problems

    def rebuild(self) -> None:
        """Make the register again from the journal alone."""
        self.register.rebuild()

    def _catch_up(self) -> None:
        try:
            self.register.catch_up()
        except RecordsError as error:
            raise RecordsError("E416", reason=error.message) from error

    def _temporary(self) -> Path:
        folder = self.folder / TEMPORARY
        folder.mkdir(exist_ok=True)
        return folder

    def _file_problems(self) -> Iterator[Problem]:
        checked: set[str] = set()
        for _, event in self.journal.read_from():
            for name in event.payload.files():
                if name in checked:
                    continue
                checked.add(name)
                try:
                    self.files.get(name)
                except RecordsError as error:
                    yield Problem(f"事项{event.case}第{event.case_seq}条", error.message)

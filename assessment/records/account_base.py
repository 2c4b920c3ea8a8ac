"""What everything about accounts stands on: the database, an account as read, and what may be written in one."""

from __future__ import annotations

import hashlib
import json
import secrets
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import sqlite_utils

from assessment.messages import AccountError
from assessment.records.account_log import AccountEvent, read_events, verify_events
from assessment.records.chain import Problem
from assessment.records.database import open_database, transaction

ROLES: dict[str, str] = {
    "admin": "管理员",
    "officer": "法制经办人",
    "secretariat": "妇儿工委办",
    "expert": "评估专家",
    "leader": "专家组组长",
    "committee": "委员",
    "drafter": "起草单位",
    "observer": "观察员",
}
"""Role → what it is called on the screen. One account may hold several."""

NAME_LENGTH, DISPLAY_LENGTH, UNIT_LENGTH, IDENTITY_LENGTH = 40, 40, 80, 120
"""The most characters of a sign-in name, a person's name, a unit, an e-mail address or employee number."""

MAX_AGE = timedelta(hours=12)
MAX_IDLE = timedelta(hours=2)

_SCHEMA = """
CREATE TABLE IF NOT EXISTS accounts (
    id TEXT PRIMARY KEY, name TEXT NOT NULL UNIQUE COLLATE NOCASE, display_name TEXT NOT NULL,
    roles TEXT NOT NULL, unit TEXT NOT NULL, password_hash TEXT NOT NULL, active INTEGER NOT NULL,
    created_at TEXT NOT NULL, must_change INTEGER NOT NULL
);
CREATE TABLE IF NOT EXISTS sessions (
    token_hash TEXT PRIMARY KEY, account TEXT NOT NULL REFERENCES accounts (id),
    created_at TEXT NOT NULL, last_seen TEXT NOT NULL, expires_at TEXT NOT NULL, revoked INTEGER NOT NULL
);
CREATE INDEX IF NOT EXISTS sessions_by_account ON sessions (account);
CREATE TABLE IF NOT EXISTS failures (
    key TEXT PRIMARY KEY, failures INTEGER NOT NULL, last_at TEXT NOT NULL, locked_until TEXT
);
CREATE TABLE IF NOT EXISTS invitations (
    id TEXT PRIMARY KEY, code_hash TEXT NOT NULL UNIQUE, display_name TEXT NOT NULL, roles TEXT NOT NULL,
    unit TEXT NOT NULL, email TEXT NOT NULL, employee_no TEXT NOT NULL,
    invited_by TEXT NOT NULL, created_at TEXT NOT NULL, expires_at TEXT NOT NULL
);
CREATE TABLE IF NOT EXISTS resets (
    account TEXT PRIMARY KEY REFERENCES accounts (id), code_hash TEXT NOT NULL UNIQUE,
    issued_by TEXT NOT NULL, expires_at TEXT NOT NULL
);
CREATE TABLE IF NOT EXISTS identities (
    issuer TEXT NOT NULL, subject TEXT NOT NULL, account TEXT NOT NULL REFERENCES accounts (id),
    linked_at TEXT NOT NULL, PRIMARY KEY (issuer, subject)
);
CREATE TABLE IF NOT EXISTS handshakes (
    state_hash TEXT PRIMARY KEY, browser_hash TEXT NOT NULL, nonce TEXT NOT NULL, verifier TEXT NOT NULL,
    target TEXT NOT NULL, expires_at TEXT NOT NULL
);
CREATE TABLE IF NOT EXISTS account_events (
    seq INTEGER PRIMARY KEY, at TEXT NOT NULL, kind TEXT NOT NULL, actor TEXT NOT NULL, account TEXT NOT NULL,
    address TEXT NOT NULL, detail TEXT NOT NULL, hash TEXT NOT NULL
);
CREATE TRIGGER IF NOT EXISTS account_events_are_never_changed BEFORE UPDATE ON account_events
    BEGIN SELECT RAISE(ABORT, 'the account log is append-only'); END;
CREATE TRIGGER IF NOT EXISTS account_events_are_never_deleted BEFORE DELETE ON account_events
    BEGIN SELECT RAISE(ABORT, 'the account log is append-only'); END;
CREATE TABLE IF NOT EXISTS secrets (name TEXT PRIMARY KEY, value TEXT NOT NULL);
DROP TABLE IF EXISTS attempts;
"""
_LATER: dict[str, tuple[str, ...]] = {
    "accounts": ("email", "employee_no"),
    "sessions": ("device", "address"),
}
"""Columns that came after the first release; added, empty, to a database that lacks them."""


@dataclass(frozen=True, slots=True)
class Account:
    """A person who may sign in.

    Attributes:
        id: random, never used again; what the journal names as actor.
        name: what is typed at sign-in.
        display_name: what is shown.
        roles: keys of ``ROLES``.
        unit: the office or drafting unit the person belongs to.
        active: whether the person may sign in.
        created_at: UTC.
        must_change: whether the password must be changed before anything else.
        email: what an identity provider must vouch for to link its identity to this account; may be empty.
        employee_no: the same, by employee number.
        has_password: whether the account can sign in with a password.
    """

    id: str
    name: str
    display_name: str
    roles: tuple[str, ...]
    unit: str
    active: bool
    created_at: datetime
    must_change: bool
    email: str = ""
    employee_no: str = ""
    has_password: bool = True


class AccountRecords:
    """The accounts database: one SQLite file, a connection per unit of work.

    Args:
        path: the database file; made if absent, brought up to date if it is an older one.
        clock: tells the time, UTC.
        max_age: a session ends this long after sign-in, whatever happens.
        max_idle: a session ends this long after its last use.
    """

    def __init__(
        self,
        path: Path,
        clock: Callable[[], datetime],
        max_age: timedelta = MAX_AGE,
        max_idle: timedelta = MAX_IDLE,
    ) -> None:
        self.path = path
        self.clock = clock
        self.max_age = max_age
        self.max_idle = max_idle
        with open_database(path, durable=True) as db:
            db.conn.executescript(f"BEGIN IMMEDIATE; {_SCHEMA} COMMIT;")
            with transaction(db):
                _add_later_columns(db)
                db.execute("INSERT OR IGNORE INTO secrets VALUES ('forms', ?)", [secrets.token_hex(32)])

    def form_secret(self) -> str:
        """What this server signs its forms with; made once, never shown."""
        with open_database(self.path) as db:
            return str(db.execute("SELECT value FROM secrets WHERE name = 'forms'").fetchone()[0])

    def events(self, limit: int = 200, account: str = "", before: int = 0) -> list[AccountEvent]:
        """What was done to accounts, newest first; see ``read_events``."""
        with open_database(self.path) as db:
            return read_events(db, limit, account, before)

    def verify(self) -> list[Problem]:
        """Recompute the chain of account events; an empty list means all is sound."""
        with open_database(self.path) as db:
            return verify_events(db)

    @contextmanager
    def _writing(self) -> Iterator[sqlite_utils.Database]:
        """One durable transaction."""
        with open_database(self.path, durable=True) as db, transaction(db):
            yield db


def _add_later_columns(db: sqlite_utils.Database) -> None:
    for table, columns in _LATER.items():
        present = db.table(table).columns_dict
        for column in columns:
            if column not in present:
                db.execute(f"ALTER TABLE {table} ADD COLUMN {column} TEXT NOT NULL DEFAULT ''")
    for column in _LATER["accounts"]:
        db.execute(
            f"CREATE UNIQUE INDEX IF NOT EXISTS accounts_by_{column} ON accounts ({column}) WHERE {column} <> ''"
        )


def account_row(db: sqlite_utils.Database, account: str) -> dict[str, Any]:
    """An account's row by id; E708 if there is none."""
    row = next(db.query("SELECT * FROM accounts WHERE id = ?", [account]), None)
    if row is None:
        raise AccountError("E708")
    return row


def account_of(row: dict[str, Any]) -> Account:
    """An account as read from its row."""
    return Account(
        id=row["id"],
        name=row["name"],
        display_name=row["display_name"],
        roles=tuple(json.loads(row["roles"])),
        unit=row["unit"],
        active=bool(row["active"]),
        created_at=datetime.fromisoformat(row["created_at"]),
        must_change=bool(row["must_change"]),
        email=row["email"],
        employee_no=row["employee_no"],
        has_password=bool(row["password_hash"]),
    )


def sign_in_name(name: str) -> str:
    """A sign-in name as it is kept and looked up: one spelling for what looks the same."""
    return unicodedata.normalize("NFKC", name).strip()


def require_name(name: str) -> str:
    """A sign-in name fit to keep; E718 for one with invisible or unusual characters or too long, E703 if empty."""
    kept = sign_in_name(name)
    if not kept:
        raise AccountError("E703", name=name)
    if len(kept) > NAME_LENGTH or not all(char.isalnum() or char in "._-@" for char in kept):
        raise AccountError("E718", limit=NAME_LENGTH)
    return kept


def require_line(value: str, limit: int) -> str:
    """One line of printable text, trimmed; E719 if it is longer than ``limit`` or holds control characters."""
    kept = value.strip()
    if len(kept) > limit or not kept.isprintable():
        raise AccountError("E719", limit=limit)
    return kept


def refuse_taken(
    db: sqlite_utils.Database, name: str = "", email: str = "", employee_no: str = "", but: str = ""
) -> None:
    """Refuse what another account than ``but`` has: E703 a sign-in name, E716 an e-mail address or number."""
    for column, value, code in (
        ("name", name, "E703"),
        ("email", email, "E716"),
        ("employee_no", employee_no, "E716"),
    ):
        found = db.execute(f"SELECT 1 FROM accounts WHERE {column} = ? AND id <> ?", [value, but]).fetchone()
        if value and found:
            raise AccountError(code, name=value)


def roles_json(roles: Iterable[str]) -> str:
    """Roles as kept; E707 for none or an unknown one."""
    given = set(roles)
    unknown = sorted(given - ROLES.keys())
    if unknown or not given:
        raise AccountError("E707", roles="、".join(unknown) or "（未选择）", known="、".join(ROLES.values()))
    return json.dumps([role for role in ROLES if role in given])


def hashed(token: str) -> str:
    """What is kept of a random token or code: nobody who reads the database can use it."""
    return hashlib.sha256(token.encode(errors="replace")).hexdigest()

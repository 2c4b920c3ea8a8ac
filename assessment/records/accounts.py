"""Accounts and sessions: a database of its own, outside the journal, never exchanged."""

from __future__ import annotations

import hashlib
import json
import secrets
import sqlite3
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import sqlite_utils

from assessment.messages import AccountError
from assessment.records.database import open_database, transaction
from assessment.records.journal import utc_now
from assessment.records.passwords import NOBODY, hash_password, matches, require_strong

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

MAX_FAILURES = 5
LOCK_OUT = timedelta(minutes=15)
MAX_AGE = timedelta(hours=12)
MAX_IDLE = timedelta(hours=2)

_SCHEMA = """
CREATE TABLE IF NOT EXISTS accounts (
    id TEXT PRIMARY KEY, name TEXT NOT NULL UNIQUE COLLATE NOCASE, display_name TEXT NOT NULL,
    roles TEXT NOT NULL, unit TEXT NOT NULL, password_hash TEXT NOT NULL, active INTEGER NOT NULL,
    created_at TEXT NOT NULL, must_change INTEGER NOT NULL
);
CREATE TABLE IF NOT EXISTS attempts (
    name TEXT PRIMARY KEY COLLATE NOCASE, failures INTEGER NOT NULL, last_at TEXT NOT NULL, locked_until TEXT
);
CREATE TABLE IF NOT EXISTS sessions (
    token_hash TEXT PRIMARY KEY, account TEXT NOT NULL REFERENCES accounts (id),
    created_at TEXT NOT NULL, last_seen TEXT NOT NULL, expires_at TEXT NOT NULL, revoked INTEGER NOT NULL
);
CREATE INDEX IF NOT EXISTS sessions_by_account ON sessions (account);
"""


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
        must_change: whether the password must be changed at the next sign-in.
    """

    id: str
    name: str
    display_name: str
    roles: tuple[str, ...]
    unit: str
    active: bool
    created_at: datetime
    must_change: bool


class Accounts:
    """Accounts and sessions in one SQLite file.

    Args:
        path: the database file; made if absent.
        clock: tells the time, UTC.
        max_age: a session ends this long after sign-in, whatever happens.
        max_idle: a session ends this long after its last use.
    """

    def __init__(
        self,
        path: Path,
        clock: Callable[[], datetime] = utc_now,
        max_age: timedelta = MAX_AGE,
        max_idle: timedelta = MAX_IDLE,
    ) -> None:
        self.path = path
        self.clock = clock
        self.max_age = max_age
        self.max_idle = max_idle
        with open_database(path) as db:
            db.conn.executescript(f"BEGIN IMMEDIATE; {_SCHEMA} COMMIT;")

    def count(self) -> int:
        """How many accounts there are, inactive ones too."""
        with open_database(self.path) as db:
            return int(db.table("accounts").count)

    def create(
        self,
        name: str,
        password: str,
        roles: Iterable[str],
        display_name: str = "",
        unit: str = "",
        must_change: bool = False,
    ) -> Account:
        """Make an account.

        Raises:
            AccountError: E703 the name is taken or empty, E704 to E706 the password is weak, E707 unknown role.
        """
        name = name.strip()
        if not name:
            raise AccountError("E703", name=name)
        require_strong(password, name)
        row: dict[str, Any] = {
            "id": secrets.token_hex(6),
            "name": name,
            "display_name": display_name.strip() or name,
            "roles": _roles_json(roles),
            "unit": unit.strip(),
            "password_hash": hash_password(password),
            "active": 1,
            "created_at": self.clock().isoformat(),
            "must_change": int(must_change),
        }
        try:
            with open_database(self.path, durable=True) as db, transaction(db):
                db.table("accounts").insert(row)
        except sqlite3.IntegrityError as error:
            raise AccountError("E703", name=name) from error
        return self.get(row["id"])

    def get(self, account: str) -> Account:
        """An account by id; E708 if there is none."""
        with open_database(self.path) as db:
            return _account(_row(db, "id", account))

    def list(self) -> list[Account]:
        """All accounts, oldest first."""
        with open_database(self.path) as db:
            return [_account(row) for row in db.query("SELECT * FROM accounts ORDER BY created_at, id")]

    def authenticate(self, name: str, password: str) -> Account:
        """The account, if name and password fit.

        An unknown name takes as long as a wrong password and is answered in the same words.

        Raises:
            AccountError: E701 they do not fit, E702 locked after too many failures, E709 account inactive.
        """
        name = name.strip()
        self._count_attempt(name)
        with open_database(self.path) as db:
            row = next(db.query("SELECT * FROM accounts WHERE name = ?", [name]), None)
        if not matches(password, row["password_hash"] if row else NOBODY) or row is None:
            raise AccountError("E701")
        self._write("DELETE FROM attempts WHERE name = ?", name)
        if not row["active"]:
            raise AccountError("E709")
        return _account(row)

    def open_session(self, account: str) -> str:
        """Begin a session and return its token, which is kept nowhere but with the caller."""
        token = secrets.token_urlsafe(32)
        now = self.clock()
        row = {
            "token_hash": _token_hash(token),
            "account": account,
            "created_at": now.isoformat(),
            "last_seen": now.isoformat(),
            "expires_at": (now + self.max_age).isoformat(),
            "revoked": 0,
        }
        with open_database(self.path) as db, transaction(db):
            db.execute("DELETE FROM sessions WHERE expires_at < ?", [now.isoformat()])
            db.table("sessions").insert(row)
        return token

    def session_account(self, token: str) -> Account | None:
        """Who a session belongs to; None if it has ended, was revoked or the account is inactive."""
        now = self.clock()
        with open_database(self.path) as db:
            row = next(db.query("SELECT * FROM sessions WHERE token_hash = ?", [_token_hash(token)]), None)
            if row is None or row["revoked"] or now >= datetime.fromisoformat(row["expires_at"]):
                return None
            idle = now - datetime.fromisoformat(row["last_seen"])
            if idle >= self.max_idle:
                return None
            if idle >= self.max_idle / 60:
                with transaction(db):
                    db.execute(
                        "UPDATE sessions SET last_seen = ? WHERE token_hash = ?",
                        [now.isoformat(), row["token_hash"]],
                    )
            account = _account(_row(db, "id", row["account"]))
        return account if account.active else None

    def close_session(self, token: str) -> None:
        """End one session; an unknown token changes nothing."""
        self._write("UPDATE sessions SET revoked = 1 WHERE token_hash = ?", _token_hash(token))

    def close_sessions(self, account: str) -> None:
        """End every session of an account."""
        self._write("UPDATE sessions SET revoked = 1 WHERE account = ?", account)

    def set_password(self, account: str, password: str, must_change: bool = False) -> None:
        """Give a new password, end every session and lift a lock-out; E704 to E706 if it is weak."""
        name = self.get(account).name
        require_strong(password, name)
        hashed = hash_password(password)
        self._write(
            "UPDATE accounts SET password_hash = ?, must_change = ? WHERE id = ?",
            hashed,
            int(must_change),
            account,
        )
        self._write("DELETE FROM attempts WHERE name = ?", name)
        self.close_sessions(account)

    def set_active(self, account: str, active: bool) -> None:
        """Let an account sign in or not; a deactivated one loses its sessions. E710 for the last admin."""
        if not active:
            self._refuse_last_admin(account)
            self.close_sessions(account)
        self._write("UPDATE accounts SET active = ? WHERE id = ?", int(active), account)

    def set_roles(self, account: str, roles: Iterable[str]) -> None:
        """Change what an account may do. E707 for an unknown role, E710 for the last admin."""
        text = _roles_json(roles)
        if "admin" not in json.loads(text):
            self._refuse_last_admin(account)
        self._write("UPDATE accounts SET roles = ? WHERE id = ?", text, account)

    def _refuse_last_admin(self, account: str) -> None:
        admins = [other.id for other in self.list() if other.active and "admin" in other.roles]
        if admins == [account]:
            raise AccountError("E710")

    def _count_attempt(self, name: str) -> None:
        """Count an attempt as failed before it is judged, so that many at once cannot slip through."""
        now = self.clock()
        with open_database(self.path) as db, transaction(db):
            db.execute("DELETE FROM attempts WHERE last_at < ?", [(now - LOCK_OUT).isoformat()])
            row = db.execute("SELECT failures, locked_until FROM attempts WHERE name = ?", [name]).fetchone()
            failures, until = row or (0, None)
            if until:
                raise AccountError("E702", until=f"{datetime.fromisoformat(until).astimezone():%H:%M}")
            until = (now + LOCK_OUT).isoformat() if failures + 1 >= MAX_FAILURES else None
            db.execute(
                "INSERT OR REPLACE INTO attempts VALUES (?, ?, ?, ?)",
                [name, failures + 1, now.isoformat(), until],
            )

    def _write(self, sql: str, *params: object) -> None:
        with open_database(self.path, durable=True) as db, transaction(db):
            db.execute(sql, params)


def _row(db: sqlite_utils.Database, column: str, value: str) -> dict[str, Any]:
    row = next(db.query(f"SELECT * FROM accounts WHERE {column} = ?", [value]), None)
    if row is None:
        raise AccountError("E708")
    return row


def _account(row: dict[str, Any]) -> Account:
    return Account(
        id=row["id"],
        name=row["name"],
        display_name=row["display_name"],
        roles=tuple(json.loads(row["roles"])),
        unit=row["unit"],
        active=bool(row["active"]),
        created_at=datetime.fromisoformat(row["created_at"]),
        must_change=bool(row["must_change"]),
    )


def _roles_json(roles: Iterable[str]) -> str:
    given = set(roles)
    unknown = sorted(given - ROLES.keys())
    if unknown or not given:
        raise AccountError("E707", roles="、".join(unknown) or "（未选择）", known="、".join(ROLES.values()))
    return json.dumps([role for role in ROLES if role in given])


def _token_hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()

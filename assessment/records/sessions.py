"""Sessions: a random token at the browser, its hash here, until it is too old, idle, ended or the account closed."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime

from assessment.records.account_base import Account, AccountRecords, account_of, account_row, hashed
from assessment.records.account_log import write_event
from assessment.records.database import open_database, transaction

_ID = 16
_DEVICE_LENGTH = 300


@dataclass(frozen=True, slots=True)
class Session:
    """One place where somebody is signed in.

    Attributes:
        id: names it on a page; says nothing of the token.
        device: what the browser said of itself.
        address: the network address of the sign-in.
        created_at, last_seen, expires_at: UTC; ``last_seen`` is kept to about a minute.
    """

    id: str
    device: str
    address: str
    created_at: datetime
    last_seen: datetime
    expires_at: datetime


class SessionRecords(AccountRecords):
    """Opens, finds and ends sessions."""

    def open_session(self, account: str, device: str = "", address: str = "", way: str = "密码") -> str:
        """Begin a session and return its token, which is kept nowhere but with the caller."""
        token = secrets.token_urlsafe(32)
        now = self.clock()
        row = {
            "token_hash": hashed(token),
            "account": account,
            "created_at": now.isoformat(),
            "last_seen": now.isoformat(),
            "expires_at": (now + self.max_age).isoformat(),
            "revoked": 0,
            "device": device[:_DEVICE_LENGTH],
            "address": address,
        }
        with open_database(self.path) as db, transaction(db):
            db.execute("DELETE FROM sessions WHERE expires_at < ?", [now.isoformat()])
            db.table("sessions").insert(row)
            write_event(db, now, "SignedIn", actor=account, account=account, address=address, way=way)
        return token

    def session_account(self, token: str) -> Account | None:
        """Who a session belongs to; None if it has ended, was revoked or the account is inactive."""
        now = self.clock()
        with open_database(self.path) as db:
            row = next(db.query("SELECT * FROM sessions WHERE token_hash = ?", [hashed(token)]), None)
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
            account = account_of(account_row(db, row["account"]))
        return account if account.active else None

    def sessions(self, account: str) -> list[Session]:
        """Where an account is signed in now, last used first."""
        now = self.clock()
        with open_database(self.path) as db:
            rows = db.query(
                "SELECT * FROM sessions WHERE account = ? AND NOT revoked AND expires_at > ? AND last_seen > ? "
                "ORDER BY last_seen DESC, created_at DESC",
                [account, now.isoformat(), (now - self.max_idle).isoformat()],
            )
            return [
                Session(
                    id=row["token_hash"][:_ID],
                    device=row["device"],
                    address=row["address"],
                    created_at=datetime.fromisoformat(row["created_at"]),
                    last_seen=datetime.fromisoformat(row["last_seen"]),
                    expires_at=datetime.fromisoformat(row["expires_at"]),
                )
                for row in rows
            ]

    def close_session(self, token: str) -> None:
        """End one session; an unknown token changes nothing."""
        with self._writing() as db:
            row = db.execute(
                "UPDATE sessions SET revoked = 1 WHERE token_hash = ? AND NOT revoked RETURNING account",
                [hashed(token)],
            ).fetchone()
            if row:
                write_event(db, self.clock(), "SignedOut", actor=row[0], account=row[0])

    def end_session(self, account: str, session: str, actor: str = "") -> None:
        """End one of an account's sessions by its id; another account's is not touched."""
        with self._writing() as db:
            ended = db.execute(
                "UPDATE sessions SET revoked = 1 WHERE account = ? AND substr(token_hash, 1, ?) = ? "
                "AND NOT revoked RETURNING device",
                [account, _ID, session],
            ).fetchone()
            if ended:
                write_event(db, self.clock(), "SessionEnded", actor=actor, account=account, device=ended[0])

    def close_sessions(self, account: str, actor: str = "", keep: str | None = None) -> None:
        """End every session of an account, but for the one whose token is ``keep``."""
        with self._writing() as db:
            db.execute(
                "UPDATE sessions SET revoked = 1 WHERE account = ? AND token_hash IS NOT ?",
                [account, hashed(keep) if keep else None],
            )
            write_event(db, self.clock(), "SessionsEnded", actor=actor, account=account)

    @staticmethod
    def session_id(token: str) -> str:
        """The id under which ``sessions`` lists the session of a token."""
        return hashed(token)[:_ID]

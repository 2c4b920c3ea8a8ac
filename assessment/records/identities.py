"""Who an identity provider says somebody is, linked to an account by issuer and subject; and logins under way."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlite_utils

from assessment.messages import AccountError
from assessment.records.account_base import (
    DISPLAY_LENGTH,
    NAME_LENGTH,
    Account,
    AccountRecords,
    account_of,
    account_row,
    hashed,
    sign_in_name,
)
from assessment.records.account_log import write_event
from assessment.records.database import open_database
from assessment.records.invitations import take_up

HANDSHAKE = timedelta(minutes=10)
"""How long a person may take at the identity provider."""
_MOST_HANDSHAKES = 5000


@dataclass(frozen=True, slots=True)
class Identity:
    """What a verified ID token says.

    Attributes:
        issuer, subject: together name the person for ever.
        email: an address the provider has verified, else empty.
        employee_no: the employee number, if the provider gives one.
        name: the person's name, for a new account.
        login: a sign-in name to propose for a new account.
    """

    issuer: str
    subject: str
    email: str = ""
    employee_no: str = ""
    name: str = ""
    login: str = ""


@dataclass(frozen=True, slots=True)
class Handshake:
    """What must come back unchanged from the identity provider, and where to go then."""

    nonce: str
    verifier: str
    target: str


class IdentityRecords(AccountRecords):
    """Identities and the logins that are under way at the provider."""

    def begin_handshake(self, state: str, browser: str, handshake: Handshake) -> None:
        """Remember a login that leaves for the provider, under its ``state`` and this one browser."""
        now = self.clock()
        row = {
            "state_hash": hashed(state),
            "browser_hash": hashed(browser),
            "nonce": handshake.nonce,
            "verifier": handshake.verifier,
            "target": handshake.target,
            "expires_at": (now + HANDSHAKE).isoformat(),
        }
        with self._writing() as db:
            db.execute("DELETE FROM handshakes WHERE expires_at <= ?", [now.isoformat()])
            db.execute(
                "DELETE FROM handshakes WHERE state_hash IN "
                "(SELECT state_hash FROM handshakes ORDER BY expires_at DESC LIMIT -1 OFFSET ?)",
                [_MOST_HANDSHAKES],
            )
            db.table("handshakes").insert(row)

    def take_handshake(self, state: str, browser: str) -> Handshake:
        """The login that left under ``state`` from this browser; it is used up.

        Raises:
            AccountError: E730 unknown, too old, from another browser, or come back a second time.
        """
        with self._writing() as db:
            row = db.execute(
                "DELETE FROM handshakes WHERE state_hash = ? AND browser_hash = ? AND expires_at > ? "
                "RETURNING nonce, verifier, target",
                [hashed(state), hashed(browser), self.clock().isoformat()],
            ).fetchone()
        if row is None:
            raise AccountError("E730")
        return Handshake(*row)

    def recognise(self, identity: Identity, address: str = "") -> Account:
        """The account of an identity; the first time, the one or the invitation it was announced for.

        Raises:
            AccountError: E709 the account is inactive, E732 nobody announced this identity, E733 what it was
                announced for is not clear or is linked to another identity of this provider.
        """
        with self._writing() as db:
            linked = db.execute(
                "SELECT account FROM identities WHERE issuer = ? AND subject = ?",
                [identity.issuer, identity.subject],
            ).fetchone()
            account = (
                account_of(account_row(db, linked[0]))
                if linked
                else self._link(db, identity, _announced(db, identity, self.clock()), address)
            )
        if not account.active:
            raise AccountError("E709")
        return account

    def identities(self, account: str) -> list[tuple[str, str]]:
        """Issuer and subject of every identity linked to an account."""
        with open_database(self.path) as db:
            rows = db.execute("SELECT issuer, subject FROM identities WHERE account = ?", [account])
            return [(issuer, subject) for issuer, subject in rows.fetchall()]

    def unlink(self, account: str, actor: str = "") -> None:
        """Forget the identities of an account and end its sessions; it can be linked anew."""
        with self._writing() as db:
            for issuer, subject in db.execute(
                "DELETE FROM identities WHERE account = ? RETURNING issuer, subject", [account]
            ).fetchall():
                write_event(
                    db,
                    self.clock(),
                    "IdentityUnlinked",
                    actor=actor,
                    account=account,
                    issuer=issuer,
                    subject=subject,
                )
            db.execute("UPDATE sessions SET revoked = 1 WHERE account = ?", [account])

    def _link(
        self,
        db: sqlite_utils.Database,
        identity: Identity,
        announced: tuple[str, dict[str, Any]],
        address: str,
    ) -> Account:
        where, row = announced
        now = self.clock()
        if where == "invitations":
            name = _free_name(db, identity)
            shown = row["display_name"] or identity.name[:DISPLAY_LENGTH]
            account = take_up(db, row, now, name, shown, "", address)
        else:
            account = account_of(row)
        taken = "SELECT 1 FROM identities WHERE account = ? AND issuer = ?"
        if db.execute(taken, [account.id, identity.issuer]).fetchone():
            raise AccountError("E733")
        db.execute(
            "INSERT INTO identities VALUES (?, ?, ?, ?)",
            [identity.issuer, identity.subject, account.id, now.isoformat()],
        )
        write_event(
            db,
            now,
            "IdentityLinked",
            actor=account.id,
            account=account.id,
            address=address,
            issuer=identity.issuer,
            subject=identity.subject,
        )
        return account


def _announced(db: sqlite_utils.Database, identity: Identity, now: datetime) -> tuple[str, dict[str, Any]]:
    """The account, else the open invitation, that was announced for this address or number."""
    known = {
        column: value
        for column, value in (("email", identity.email.casefold()), ("employee_no", identity.employee_no))
        if value
    }
    for table, condition in (("accounts", "'' <> ?"), ("invitations", "expires_at > ?")):
        found = {
            row["id"]: row
            for column, value in known.items()
            for row in db.query(
                f"SELECT * FROM {table} WHERE {column} = ? AND {condition}", [value, now.isoformat()]
            )
        }
        if len(found) > 1:
            raise AccountError("E733")
        if found:
            return table, next(iter(found.values()))
    raise AccountError("E732")


def _free_name(db: sqlite_utils.Database, identity: Identity) -> str:
    wished = sign_in_name(identity.login or identity.email.split("@")[0] or identity.employee_no)
    wished = "".join(char for char in wished if char.isalnum() or char in "._-")[: NAME_LENGTH - 5] or "user"
    name = wished
    while db.execute("SELECT 1 FROM accounts WHERE name = ?", [name]).fetchone():
        name = f"{wished}-{secrets.randbelow(9000) + 1000}"
    return name

"""One-time codes an administrator hands over: to join, or to set a new password. No mail server is needed."""

from __future__ import annotations

import json
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlite_utils

from assessment.messages import AccountError
from assessment.records.account_base import (
    DISPLAY_LENGTH,
    IDENTITY_LENGTH,
    UNIT_LENGTH,
    Account,
    AccountRecords,
    account_of,
    account_row,
    hashed,
    refuse_taken,
    require_line,
    require_name,
    roles_json,
)
from assessment.records.account_log import write_event
from assessment.records.database import open_database
from assessment.records.lockout import (
    ADDRESS_FAILURES,
    address_key,
    count_attempt,
    forget,
    name_key,
    take_back,
)
from assessment.records.passwords import hash_password, require_strong

_LETTERS = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
"""No letter or digit that is mistaken for another when read out."""
_GROUPS, _GROUP = 4, 4
DAYS = 7
"""An invitation is good for this many days unless said otherwise."""
MOST_DAYS = 30
RESET_HOURS = 24


@dataclass(frozen=True, slots=True)
class Invitation:
    """A place kept for a person who has not joined yet.

    Attributes:
        id: names it on a page; says nothing of the code.
        display_name: the person's name, as the administrator wrote it; may be empty.
        roles, unit: what the account will have; the person cannot change them.
        email, employee_no: what an identity provider may vouch for instead of the code.
        invited_by: account id.
        expires_at: UTC.
    """

    id: str
    display_name: str
    roles: tuple[str, ...]
    unit: str
    email: str
    employee_no: str
    invited_by: str
    expires_at: datetime


class InvitationRecords(AccountRecords):
    """Invitations and one-time codes for a new password."""

    def invite(
        self,
        roles: Iterable[str],
        display_name: str = "",
        unit: str = "",
        email: str = "",
        employee_no: str = "",
        days: int = DAYS,
        actor: str = "",
    ) -> tuple[Invitation, str]:
        """Keep a place for a person; the code that opens it is returned and kept nowhere.

        Raises:
            AccountError: E707 roles, E716 the address or number belongs to an account, E719 a field too long,
                E720 days out of range.
        """
        if not 1 <= days <= MOST_DAYS:
            raise AccountError("E720", limit=MOST_DAYS)
        code = _new_code()
        now = self.clock()
        row = {
            "id": secrets.token_hex(6),
            "code_hash": hashed(code),
            "display_name": require_line(display_name, DISPLAY_LENGTH),
            "roles": roles_json(roles),
            "unit": require_line(unit, UNIT_LENGTH),
            "email": require_line(email, IDENTITY_LENGTH).casefold(),
            "employee_no": require_line(employee_no, IDENTITY_LENGTH),
            "invited_by": actor,
            "created_at": now.isoformat(),
            "expires_at": (now + timedelta(days=days)).isoformat(),
        }
        with self._writing() as db:
            db.execute("DELETE FROM invitations WHERE expires_at <= ?", [now.isoformat()])
            refuse_taken(db, email=str(row["email"]), employee_no=str(row["employee_no"]))
            db.table("invitations").insert(row)
            write_event(db, now, "Invited", actor=actor, **_preset(row))
        return _invitation(row), written(code)

    def invitations(self) -> list[Invitation]:
        """Open invitations, the one that ends first first."""
        with open_database(self.path) as db:
            rows = db.query(
                "SELECT * FROM invitations WHERE expires_at > ? ORDER BY expires_at",
                [self.clock().isoformat()],
            )
            return [_invitation(row) for row in rows]

    def revoke_invitation(self, invitation: str, actor: str = "") -> None:
        """Take an invitation back; one that is gone already changes nothing."""
        with self._writing() as db:
            row = next(db.query("SELECT * FROM invitations WHERE id = ?", [invitation]), None)
            if row:
                db.execute("DELETE FROM invitations WHERE id = ?", [invitation])
                write_event(db, self.clock(), "InvitationRevoked", actor=actor, **_preset(row))

    def invitation(self, code: str, address: str = "") -> Invitation:
        """What a code opens; E715 if nothing, E714 after too many guesses from one address."""
        self._count_guess(address)
        with open_database(self.path) as db:
            found = _invitation(_open_invitation(db, code, self.clock()))
        self._right_guess(address)
        return found

    def join(self, code: str, name: str, display_name: str, password: str, address: str = "") -> Account:
        """Make the account an invitation keeps a place for; the code is used up.

        Raises:
            AccountError: E715 no such code any more, E714 too many guesses, E703 and E718 the name, E704 to E706
                and E717 the password, E719 a field too long.
        """
        self._count_guess(address)
        name = require_name(name)
        require_strong(password, name)
        kept = hash_password(password)
        with self._writing() as db:
            row = _open_invitation(db, code, self.clock())
            account = take_up(db, row, self.clock(), name, display_name, kept, address)
        self._right_guess(address)
        return account

    def issue_reset(self, account: str, actor: str = "") -> str:
        """Void a password, end the sessions, and return a one-time code to set a new one with."""
        code = _new_code()
        now = self.clock()
        with self._writing() as db:
            row = account_row(db, account)
            expires = (now + timedelta(hours=RESET_HOURS)).isoformat()
            db.execute(
                "INSERT OR REPLACE INTO resets VALUES (?, ?, ?, ?)", [account, hashed(code), actor, expires]
            )
            db.execute("UPDATE accounts SET password_hash = '', must_change = 0 WHERE id = ?", [account])
            db.execute("UPDATE sessions SET revoked = 1 WHERE account = ?", [account])
            forget(db, name_key(row["name"]))
            write_event(db, now, "ResetIssued", actor=actor, account=account)
        return written(code)

    def reset_account(self, code: str, address: str = "") -> Account:
        """Whose password a code resets; E715 if nobody's, E714 after too many guesses from one address."""
        self._count_guess(address)
        with open_database(self.path) as db:
            account = account_of(_open_reset(db, code, self.clock()))
        self._right_guess(address)
        return account

    def redeem_reset(self, code: str, password: str, address: str = "") -> Account:
        """Set a new password by a one-time code, which is used up; errors as for ``join``."""
        account = self.reset_account(code, address)
        require_strong(password, account.name)
        kept = hash_password(password)
        with self._writing() as db:
            row = _open_reset(db, code, self.clock())
            db.execute("DELETE FROM resets WHERE account = ?", [row["id"]])
            db.execute("UPDATE accounts SET password_hash = ? WHERE id = ?", [kept, row["id"]])
            write_event(
                db, self.clock(), "PasswordReset", actor=row["id"], account=row["id"], address=address
            )
            return account_of(account_row(db, row["id"]))

    def _count_guess(self, address: str) -> None:
        with self._writing() as db:
            count_attempt(db, self.clock(), address_key(address), ADDRESS_FAILURES, "E714")

    def _right_guess(self, address: str) -> None:
        with self._writing() as db:
            take_back(db, address_key(address))


def take_up(
    db: sqlite_utils.Database,
    invitation: dict[str, Any],
    now: datetime,
    name: str,
    display_name: str,
    password_hash: str,
    address: str,
) -> Account:
    """Turn an invitation's row into an account, inside a transaction; E703 or E716 for what is taken meanwhile."""
    refuse_taken(db, name, invitation["email"], invitation["employee_no"])
    row = {
        "id": secrets.token_hex(6),
        "name": name,
        "display_name": require_line(display_name, DISPLAY_LENGTH) or invitation["display_name"] or name,
        "roles": invitation["roles"],
        "unit": invitation["unit"],
        "password_hash": password_hash,
        "active": 1,
        "created_at": now.isoformat(),
        "must_change": 0,
        "email": invitation["email"],
        "employee_no": invitation["employee_no"],
    }
    db.table("accounts").insert(row)
    db.execute("DELETE FROM invitations WHERE id = ?", [invitation["id"]])
    write_event(db, now, "Joined", actor=row["id"], account=row["id"], address=address, **_preset(invitation))
    return account_of(row)


def withdraw_codes(db: sqlite_utils.Database, actor: str) -> None:
    """Take back what an administrator handed out, who no longer is one."""
    db.execute("DELETE FROM invitations WHERE invited_by = ?", [actor])
    db.execute("DELETE FROM resets WHERE issued_by = ?", [actor])


def written(code: str) -> str:
    """A code as it is shown and read out: groups of four."""
    return "-".join(code[start : start + _GROUP] for start in range(0, len(code), _GROUP))


def _new_code() -> str:
    return "".join(secrets.choice(_LETTERS) for _ in range(_GROUPS * _GROUP))


def _typed(code: str) -> str:
    return "".join(char for char in code.upper()[:64] if char in _LETTERS)


def _open_invitation(db: sqlite_utils.Database, code: str, now: datetime) -> dict[str, Any]:
    row = next(db.query("SELECT * FROM invitations WHERE code_hash = ?", [hashed(_typed(code))]), None)
    if row is None or now >= datetime.fromisoformat(row["expires_at"]):
        raise AccountError("E715")
    return row


def _open_reset(db: sqlite_utils.Database, code: str, now: datetime) -> dict[str, Any]:
    reset = next(db.query("SELECT * FROM resets WHERE code_hash = ?", [hashed(_typed(code))]), None)
    if reset is None or now >= datetime.fromisoformat(reset["expires_at"]):
        raise AccountError("E715")
    row = account_row(db, reset["account"])
    if not row["active"]:
        raise AccountError("E709")
    return row


def _preset(row: dict[str, Any]) -> dict[str, Any]:
    kept = {key: row[key] for key in ("display_name", "unit", "email", "employee_no") if row[key]}
    return kept | {"roles": json.loads(row["roles"])}


def _invitation(row: dict[str, Any]) -> Invitation:
    return Invitation(
        id=row["id"],
        display_name=row["display_name"],
        roles=tuple(json.loads(row["roles"])),
        unit=row["unit"],
        email=row["email"],
        employee_no=row["employee_no"],
        invited_by=row["invited_by"],
        expires_at=datetime.fromisoformat(row["expires_at"]),
    )

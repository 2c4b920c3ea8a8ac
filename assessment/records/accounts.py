"""Accounts and sessions: a database of its own, outside the journal, never exchanged."""

from __future__ import annotations

import json
import secrets
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import sqlite_utils

from assessment.messages import AccountError
from assessment.records.account_base import (
    DISPLAY_LENGTH,
    IDENTITY_LENGTH,
    MAX_AGE,
    MAX_IDLE,
    NAME_LENGTH,
    ROLES,
    UNIT_LENGTH,
    Account,
    account_of,
    account_row,
    refuse_taken,
    require_line,
    require_name,
    roles_json,
    sign_in_name,
)
from assessment.records.account_log import write_event
from assessment.records.database import open_database
from assessment.records.identities import IdentityRecords
from assessment.records.invitations import InvitationRecords, withdraw_codes
from assessment.records.journal import utc_now
from assessment.records.lockout import (
    ADDRESS_FAILURES,
    NAME_FAILURES,
    address_key,
    count_attempt,
    forget,
    name_key,
    take_back,
    waits,
)
from assessment.records.passwords import hash_password, matches, nobody, outdated, require_strong
from assessment.records.sessions import SessionRecords

__all__ = ["MAX_AGE", "MAX_IDLE", "ROLES", "Account", "Accounts"]


class Accounts(SessionRecords, InvitationRecords, IdentityRecords):
    """Everything about the people who may sign in, in one SQLite file.

    What changes an account takes ``actor``, the account id of who does it (empty where nobody is signed in), and
    leaves an event (``events``) in the same transaction.
    """

    def __init__(
        self,
        path: Path,
        clock: Callable[[], datetime] = utc_now,
        max_age: timedelta = MAX_AGE,
        max_idle: timedelta = MAX_IDLE,
    ) -> None:
        super().__init__(path, clock, max_age, max_idle)

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
        actor: str = "",
        only_first: bool = False,
    ) -> Account:
        """Make an account.

        Args:
            only_first: refuse unless there is no account yet.

        Raises:
            AccountError: E703 the name is taken or empty, E718 it has unusual characters, E704 to E706 and E717 the
                password is weak or too long, E707 unknown role, E719 a field too long, E721 not the first.
        """
        kept = require_name(name)
        require_strong(password, kept)
        now = self.clock()
        row = {
            "id": secrets.token_hex(6),
            "name": kept,
            "display_name": require_line(display_name, DISPLAY_LENGTH) or kept,
            "roles": roles_json(roles),
            "unit": require_line(unit, UNIT_LENGTH),
            "password_hash": hash_password(password),
            "active": 1,
            "created_at": now.isoformat(),
            "must_change": int(must_change),
            "email": "",
            "employee_no": "",
        }
        with self._writing() as db:
            if only_first and db.table("accounts").count:
                raise AccountError("E721")
            refuse_taken(db, kept)
            db.table("accounts").insert(row)
            kind = "FirstAccountMade" if only_first else "AccountMade"
            write_event(
                db,
                now,
                kind,
                actor=actor or str(row["id"]),
                account=str(row["id"]),
                roles=json.loads(str(row["roles"])),
                unit=row["unit"],
            )
        return account_of(row)

    def get(self, account: str) -> Account:
        """An account by id; E708 if there is none."""
        with open_database(self.path) as db:
            return account_of(account_row(db, account))

    def list(self) -> list[Account]:
        """All accounts, oldest first."""
        with open_database(self.path) as db:
            return [account_of(row) for row in db.query("SELECT * FROM accounts ORDER BY created_at, id")]

    def authenticate(self, name: str, password: str, address: str = "") -> Account:
        """The account, if name and password fit.

        An unknown name takes as long as a wrong password and is answered in the same words.

        Args:
            address: network address of the browser, for counting failures; empty counts by name only.

        Raises:
            AccountError: E701 they do not fit, E702 the name waits after too many failures, E714 the address
                does, E709 account inactive.
        """
        name = sign_in_name(name[: 2 * NAME_LENGTH])
        begins_to_wait = self._count_attempt(name, address)
        with open_database(self.path) as db:
            row = next(db.query("SELECT * FROM accounts WHERE name = ?", [name]), None)
        stored = (row and row["password_hash"]) or nobody()
        if not matches(password, stored) or row is None:
            if begins_to_wait and row:
                with self._writing() as db:
                    write_event(db, self.clock(), "LockedOut", account=row["id"], address=address)
            raise AccountError("E701")
        with self._writing() as db:
            forget(db, name_key(name))
            if address:
                take_back(db, address_key(address))
            if outdated(stored):
                better = hash_password(password)
                db.execute("UPDATE accounts SET password_hash = ? WHERE id = ?", [better, row["id"]])
        if not row["active"]:
            raise AccountError("E709")
        return account_of(row)

    def set_password(
        self,
        account: str,
        password: str,
        must_change: bool = False,
        actor: str = "",
        keep: str | None = None,
    ) -> None:
        """Give a new password, lift a lock-out, and end every session but the one whose token is ``keep``.

        Raises:
            AccountError: E704 to E706 and E717 if it is weak or too long.
        """
        name = self.get(account).name
        require_strong(password, name)
        stored = hash_password(password)
        with self._writing() as db:
            db.execute(
                "UPDATE accounts SET password_hash = ?, must_change = ? WHERE id = ?",
                [stored, int(must_change), account],
            )
            db.execute("DELETE FROM resets WHERE account = ?", [account])
            forget(db, name_key(name))
            write_event(db, self.clock(), "PasswordChanged", actor=actor, account=account)
        self.close_sessions(account, actor, keep)

    def set_active(self, account: str, active: bool, actor: str = "") -> None:
        """Let an account sign in or not; a deactivated one loses its sessions. E710 for the last admin."""
        with self._writing() as db:
            if not active:
                _refuse_last_admin(db, account)
                db.execute("UPDATE sessions SET revoked = 1 WHERE account = ?", [account])
                withdraw_codes(db, account)
            db.execute("UPDATE accounts SET active = ? WHERE id = ?", [int(active), account])
            kind = "Reactivated" if active else "Deactivated"
            write_event(db, self.clock(), kind, actor=actor, account=account)

    def set_roles(self, account: str, roles: Iterable[str], actor: str = "") -> None:
        """Change what an account may do. E707 for an unknown role, E710 for the last admin."""
        text = roles_json(roles)
        with self._writing() as db:
            before = json.loads(account_row(db, account)["roles"])
            if "admin" not in json.loads(text):
                _refuse_last_admin(db, account)
                withdraw_codes(db, account)
            db.execute("UPDATE accounts SET roles = ? WHERE id = ?", [text, account])
            write_event(
                db,
                self.clock(),
                "RolesChanged",
                actor=actor,
                account=account,
                before=before,
                after=json.loads(text),
            )

    def describe(
        self,
        account: str,
        display_name: str,
        unit: str,
        email: str = "",
        employee_no: str = "",
        actor: str = "",
    ) -> None:
        """Correct a person's name, unit, and what an identity provider must vouch for.

        Raises:
            AccountError: E716 the address or number is another account's, E719 a field too long.
        """
        after = {
            "display_name": require_line(display_name, DISPLAY_LENGTH),
            "unit": require_line(unit, UNIT_LENGTH),
            "email": require_line(email, IDENTITY_LENGTH).casefold(),
            "employee_no": require_line(employee_no, IDENTITY_LENGTH),
        }
        with self._writing() as db:
            row = account_row(db, account)
            after["display_name"] = after["display_name"] or row["name"]
            refuse_taken(db, email=after["email"], employee_no=after["employee_no"], but=account)
            changed: dict[str, Any] = {
                key: [row[key], value] for key, value in after.items() if row[key] != value
            }
            if changed:
                db.table("accounts").update(account, after)
                write_event(db, self.clock(), "Described", actor=actor, account=account, **changed)

    def waiting(self) -> dict[str, datetime]:
        """Ids of accounts whose sign-in waits after failures, with the end of the wait (UTC)."""
        with open_database(self.path) as db:
            ends = waits(db, self.clock())
        return {
            account.id: ends[name_key(account.name)]
            for account in self.list()
            if name_key(account.name) in ends
        }

    def unlock(self, account: str, actor: str = "") -> None:
        """Lift the wait of an account."""
        with self._writing() as db:
            forget(db, name_key(account_row(db, account)["name"]))
            write_event(db, self.clock(), "Unlocked", actor=actor, account=account)

    def _count_attempt(self, name: str, address: str) -> bool:
        now = self.clock()
        with self._writing() as db:
            if address:
                count_attempt(db, now, address_key(address), ADDRESS_FAILURES, "E714")
            return count_attempt(db, now, name_key(name), NAME_FAILURES, "E702")


def _refuse_last_admin(db: sqlite_utils.Database, account: str) -> None:
    admins = [row["id"] for row in db.query("SELECT * FROM accounts WHERE active") if "admin" in row["roles"]]
    if admins == [account]:
        raise AccountError("E710")

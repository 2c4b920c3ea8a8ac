"""Accounts: the first one, joining, signing in, one's own account, and what an administrator does."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from assessment import permissions
from assessment.messages import AccountError, NotAllowedError
from assessment.records.account_log import AccountEvent
from assessment.records.accounts import Account
from assessment.records.identities import Identity
from assessment.records.invitations import DAYS, Invitation
from assessment.records.sessions import Session
from assessment.usecases.base import UseCases

FULL_ROLES = ("admin", "officer", "secretariat", "expert", "leader")
"""Roles of the first account, so that one person can carry a draft all the way."""


class PeopleUseCases(UseCases):
    """What concerns accounts and sessions.

    ``device`` and ``address`` are what the browser says of itself and where it asks from.
    """

    def create_first_account(
        self, name: str, display_name: str, unit: str, password: str, device: str = "", address: str = ""
    ) -> str:
        """Create the first account of an empty store and open a session; its token is returned."""
        if self.store.accounts.count():
            raise NotAllowedError("E503")
        account = self.store.accounts.create(name, password, FULL_ROLES, display_name, unit, only_first=True)
        self.store.rename(unit)
        return self.store.accounts.open_session(account.id, device, address)

    def sign_in(self, name: str, password: str, device: str = "", address: str = "") -> str:
        """Check name and password (AccountError if wrong or locked); the new session's token is returned."""
        account = self.store.accounts.authenticate(name, password, address)
        return self.store.accounts.open_session(account.id, device, address)

    def sign_in_by_identity(self, identity: Identity, device: str = "", address: str = "") -> str:
        """Open a session for a verified identity: a known one, or one an administrator announced."""
        account = self.store.accounts.recognise(identity, address)
        return self.store.accounts.open_session(account.id, device, address, "统一身份认证")

    def invitation(self, code: str, address: str = "") -> Invitation:
        """What an invitation's code offers, before joining."""
        return self.store.accounts.invitation(code, address)

    def join(
        self, code: str, name: str, display_name: str, password: str, device: str = "", address: str = ""
    ) -> str:
        """Make one's account by an invitation's code and open a session; its token is returned."""
        account = self.store.accounts.join(code, name, display_name, password, address)
        return self.store.accounts.open_session(account.id, device, address, "邀请")

    def reset_name(self, code: str, address: str = "") -> str:
        """The sign-in name of the account whose password a one-time code resets."""
        return self.store.accounts.reset_account(code, address).name

    def redeem_reset(self, code: str, password: str, device: str = "", address: str = "") -> str:
        """Set a new password by a one-time code and open a session; its token is returned."""
        account = self.store.accounts.redeem_reset(code, password, address)
        return self.store.accounts.open_session(account.id, device, address, "一次性代码")

    def change_password(self, actor: Account, old: str, new: str, device: str = "", address: str = "") -> str:
        """Change one's own password, end every session, and open a new one; its token is returned.

        Raises:
            AccountError: E701 ``old`` is wrong, E702 or E714 after too many tries, E704 to E706 and E717 ``new``.
        """
        self.store.accounts.authenticate(actor.name, old, address)
        self.store.accounts.set_password(actor.id, new, actor=actor.id)
        return self.store.accounts.open_session(actor.id, device, address)

    def rename_self(self, actor: Account, display_name: str) -> None:
        """Correct one's own name; unit, roles and what an identity provider vouches for stay."""
        self.store.accounts.describe(
            actor.id, display_name, actor.unit, actor.email, actor.employee_no, actor.id
        )

    def own_sessions(self, actor: Account) -> list[Session]:
        """Where one is signed in."""
        return self.store.accounts.sessions(actor.id)

    def end_session(self, actor: Account, session_id: str) -> None:
        """End one of one's own sessions."""
        self.store.accounts.end_session(actor.id, session_id, actor.id)

    def end_other_sessions(self, actor: Account, keep: str | None) -> None:
        """End all of one's own sessions but the one whose token is ``keep``."""
        self.store.accounts.close_sessions(actor.id, actor.id, keep)

    def create_account(
        self,
        actor: Account,
        name: str,
        display_name: str,
        roles: Sequence[str],
        unit: str,
        password: str,
        must_change: bool = False,
    ) -> Account:
        """An administrator adds a person directly, with a first password."""
        permissions.check(actor, "manage_accounts")
        return self.store.accounts.create(
            name, password, roles, display_name, unit, must_change=must_change, actor=actor.id
        )

    def invite(
        self,
        actor: Account,
        roles: Sequence[str],
        display_name: str = "",
        unit: str = "",
        email: str = "",
        employee_no: str = "",
        days: int = DAYS,
    ) -> tuple[Invitation, str]:
        """An administrator keeps a place for a person; the one-time code is returned and shown once."""
        permissions.check(actor, "manage_accounts")
        return self.store.accounts.invite(roles, display_name, unit, email, employee_no, days, actor.id)

    def invitations(self, actor: Account) -> list[Invitation]:
        """Open invitations, for an administrator."""
        permissions.check(actor, "manage_accounts")
        return self.store.accounts.invitations()

    def revoke_invitation(self, actor: Account, invitation_id: str) -> None:
        """An administrator takes an invitation back."""
        permissions.check(actor, "manage_accounts")
        self.store.accounts.revoke_invitation(invitation_id, actor.id)

    def set_roles(self, actor: Account, account_id: str, roles: Sequence[str]) -> None:
        """An administrator changes a person's roles; the last administrator keeps that role."""
        permissions.check(actor, "manage_accounts")
        self.store.accounts.set_roles(account_id, roles, actor.id)

    def describe_account(
        self,
        actor: Account,
        account_id: str,
        display_name: str,
        unit: str,
        email: str = "",
        employee_no: str = "",
    ) -> None:
        """An administrator corrects a person's name and unit, and what identity is linked at its first sign-in."""
        permissions.check(actor, "manage_accounts")
        self.store.accounts.describe(account_id, display_name, unit, email, employee_no, actor.id)

    def set_active(self, actor: Account, account_id: str, active: bool) -> None:
        """An administrator closes or reopens an account; the last administrator stays."""
        permissions.check(actor, "manage_accounts")
        self.store.accounts.set_active(account_id, active, actor.id)

    def reset_password(self, actor: Account, account_id: str) -> str:
        """An administrator voids a person's password; a one-time code to set a new one is returned, shown once."""
        permissions.check(actor, "manage_accounts")
        if account_id == actor.id:
            raise AccountError("E723")
        return self.store.accounts.issue_reset(account_id, actor.id)

    def unlock(self, actor: Account, account_id: str) -> None:
        """An administrator lifts the wait after too many failures."""
        permissions.check(actor, "manage_accounts")
        self.store.accounts.unlock(account_id, actor.id)

    def sign_out_everywhere(self, actor: Account, account_id: str) -> None:
        """An administrator ends every session of a person."""
        permissions.check(actor, "manage_accounts")
        self.store.accounts.close_sessions(account_id, actor.id)

    def unlink_identity(self, actor: Account, account_id: str) -> None:
        """An administrator cuts an account off from the identity provider's person."""
        permissions.check(actor, "manage_accounts")
        self.store.accounts.unlink(account_id, actor.id)

    def identities(self, actor: Account, account_id: str) -> list[tuple[str, str]]:
        """Issuer and subject of what is linked to an account: one's own, or any for an administrator."""
        if account_id != actor.id:
            permissions.check(actor, "manage_accounts")
        return self.store.accounts.identities(account_id)

    def accounts(self, actor: Account) -> list[Account]:
        """All accounts, for an administrator."""
        permissions.check(actor, "manage_accounts")
        return self.store.accounts.list()

    def waiting_accounts(self, actor: Account) -> dict[str, datetime]:
        """Accounts whose sign-in waits after failures, with the end of the wait, for an administrator."""
        permissions.check(actor, "manage_accounts")
        return self.store.accounts.waiting()

    def account_events(self, actor: Account, limit: int = 200, account_id: str = "") -> list[AccountEvent]:
        """What was done to accounts, newest first: one's own, or any for an administrator."""
        if account_id != actor.id:
            permissions.check(actor, "manage_accounts")
        return self.store.accounts.events(limit, account_id)

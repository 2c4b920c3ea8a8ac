"""Accounts: the first one, signing in, and what an administrator does."""

from __future__ import annotations

from collections.abc import Sequence

from assessment import permissions
from assessment.messages import NotAllowedError
from assessment.records.accounts import Account
from assessment.usecases.base import UseCases

FULL_ROLES = ("admin", "officer", "secretariat", "expert", "leader")
"""Roles of the first account, so that one person can carry a draft all the way."""


class PeopleUseCases(UseCases):
    """What concerns accounts and sessions."""

    def create_first_account(self, name: str, display_name: str, unit: str, password: str) -> str:
        """Create the first account of an empty store and open a session; its token is returned."""
        if self.store.accounts.count():
            raise NotAllowedError("E503")
        account = self.store.accounts.create(name, password, FULL_ROLES, display_name, unit)
        self.store.rename(unit)
        return self.store.accounts.open_session(account.id)

    def sign_in(self, name: str, password: str) -> str:
        """Check name and password (AccountError if wrong or locked); the new session's token is returned."""
        return self.store.accounts.open_session(self.store.accounts.authenticate(name, password).id)

    def create_account(
        self, actor: Account, name: str, display_name: str, roles: Sequence[str], unit: str, password: str
    ) -> Account:
        """An administrator adds a person."""
        permissions.check(actor, "manage_accounts")
        return self.store.accounts.create(name, password, roles, display_name, unit, must_change=True)

    def set_roles(self, actor: Account, account_id: str, roles: Sequence[str]) -> None:
        """An administrator changes a person's roles; the last administrator keeps that role."""
        permissions.check(actor, "manage_accounts")
        self.store.accounts.set_roles(account_id, roles)

    def set_active(self, actor: Account, account_id: str, active: bool) -> None:
        """An administrator closes or reopens an account; the last administrator stays."""
        permissions.check(actor, "manage_accounts")
        self.store.accounts.set_active(account_id, active)

    def reset_password(self, actor: Account, account_id: str, password: str) -> None:
        """An administrator gives a person a new first password, to be changed at the next sign-in."""
        permissions.check(actor, "manage_accounts")
        self.store.accounts.set_password(account_id, password, must_change=True)

    def change_password(self, actor: Account, old: str, new: str) -> None:
        """A person changes the own password; AccountError if ``old`` is wrong."""
        self.store.accounts.authenticate(actor.name, old)
        self.store.accounts.set_password(actor.id, new, must_change=False)

    def accounts(self, actor: Account) -> list[Account]:
        """All accounts, for an administrator."""
        permissions.check(actor, "manage_accounts")
        return self.store.accounts.list()

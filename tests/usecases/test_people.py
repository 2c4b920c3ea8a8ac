"""Accounts through the workbench."""

from __future__ import annotations

import pytest

from assessment.messages import AccountError, NotAllowedError
from assessment.web.signin import safe_target
from tests.offices import PASSWORD, Office


def test_the_first_account_can_do_everything_and_is_the_only_first(office: Office) -> None:
    assert set(office.chief.roles) == {"admin", "officer", "secretariat", "expert", "leader"}
    with pytest.raises(NotAllowedError, match="E503"):
        office.bench.create_first_account("x", "x", "x", PASSWORD)
    assert office.bench.store.site_name == "某市妇儿工委办"


@pytest.mark.parametrize("who", ["officer", "secretary", "expert", "observer"])
def test_only_administrators_manage_people(office: Office, who: str) -> None:
    person = getattr(office, who)
    for act in (
        lambda: office.bench.accounts(person),
        lambda: office.bench.create_account(person, "y", "y", ["expert"], "", PASSWORD),
        lambda: office.bench.set_roles(person, office.expert.id, ["admin"]),
        lambda: office.bench.set_active(person, office.expert.id, False),
        lambda: office.bench.reset_password(person, office.expert.id, PASSWORD),
    ):
        with pytest.raises(NotAllowedError, match="E501"):
            act()


def test_changing_the_own_password_needs_the_old_one(office: Office) -> None:
    with pytest.raises(AccountError):
        office.bench.change_password(office.expert, "wrong-password-1", "brand-new-pass-1")
    office.bench.change_password(office.expert, PASSWORD, "brand-new-pass-1")
    assert office.bench.sign_in("expert", "brand-new-pass-1")


@pytest.mark.parametrize(
    ("target", "safe"),
    [
        ("/", "/"),
        ("/review?case=ab", "/review?case=ab"),
        ("//evil.example/x", "/"),
        ("/\\evil.example", "/"),
        ("https://evil.example", "/"),
        ("javascript:alert(1)", "/"),
        ("", "/"),
    ],
)
def test_sign_in_leads_only_to_this_server(target: str, safe: str) -> None:
    assert safe_target(target) == safe

"""Accounts through the workbench."""

from __future__ import annotations

import pytest

from assessment.messages import AccountError, NotAllowedError
from assessment.web.doors import safe_target
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
        lambda: office.bench.reset_password(person, office.chief.id),
        lambda: office.bench.describe_account(person, person.id, "新名", "另一单位"),
        lambda: office.bench.invite(person, ["admin"]),
        lambda: office.bench.invitations(person),
        lambda: office.bench.revoke_invitation(person, "x"),
        lambda: office.bench.unlock(person, person.id),
        lambda: office.bench.sign_out_everywhere(person, office.chief.id),
        lambda: office.bench.unlink_identity(person, person.id),
        lambda: office.bench.identities(person, office.chief.id),
        lambda: office.bench.waiting_accounts(person),
        lambda: office.bench.account_events(person),
        lambda: office.bench.account_events(person, 9, office.chief.id),
    ):
        with pytest.raises(NotAllowedError, match="E501"):
            act()


def test_changing_the_own_password_needs_the_old_one(office: Office) -> None:
    with pytest.raises(AccountError):
        office.bench.change_password(office.expert, "wrong-password-1", "brand-new-pass-1")
    office.bench.change_password(office.expert, PASSWORD, "brand-new-pass-1")
    assert office.bench.sign_in("expert", "brand-new-pass-1")


def test_a_new_password_ends_all_sessions_but_the_one_it_opens(office: Office) -> None:
    bench = office.bench
    before = bench.sign_in("expert", PASSWORD)
    after = bench.change_password(office.expert, PASSWORD, "brand-new-pass-1", "Edge", "10.0.0.1")
    assert bench.store.accounts.session_account(before) is None
    assert bench.store.accounts.session_account(after) == office.expert
    assert [place.address for place in bench.own_sessions(office.expert)] == ["10.0.0.1"]


def test_one_renames_oneself_but_not_ones_unit_or_roles(office: Office) -> None:
    office.bench.rename_self(office.expert, "专家甲")
    after = office.bench.store.accounts.get(office.expert.id)
    assert (after.display_name, after.unit, after.roles) == ("专家甲", office.expert.unit, ("expert",))
    assert [event.kind for event in office.bench.account_events(office.expert, 1, office.expert.id)] == [
        "Described"
    ]


def test_one_ends_ones_own_sessions_only(office: Office) -> None:
    bench = office.bench
    own, other = bench.sign_in("expert", PASSWORD), bench.sign_in("expert", PASSWORD)
    foreign = bench.sign_in("officer", PASSWORD)
    bench.end_session(office.expert, bench.store.accounts.session_id(foreign))
    bench.end_other_sessions(office.expert, own)
    live = [bench.store.accounts.session_account(token) for token in (own, other, foreign)]
    assert live == [office.expert, None, office.officer]


def test_an_administrator_does_not_reset_the_own_password(office: Office) -> None:
    with pytest.raises(AccountError, match="E723"):
        office.bench.reset_password(office.chief, office.chief.id)
    code = office.bench.reset_password(office.chief, office.expert.id)
    assert office.bench.reset_name(code) == "expert"
    token = office.bench.redeem_reset(code, "brand-new-pass-1")
    assert office.bench.store.accounts.session_account(token) == office.expert


def test_invited_and_joined_with_what_was_preset(office: Office) -> None:
    _, code = office.bench.invite(office.chief, ["drafter"], "赵某", "文旅局")
    token = office.bench.join(code, "zhaomou", "赵某", "brand-new-pass-1")
    joined = office.bench.store.accounts.session_account(token)
    assert joined is not None
    assert (joined.roles, joined.unit) == (("drafter",), "文旅局")
    assert office.bench.invitations(office.chief) == []
    kinds = [event.kind for event in office.bench.account_events(office.chief, 3)]
    assert kinds == ["SignedIn", "Joined", "Invited"]


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
        ("/\t/evil.example", "/"),
        ("/\r\nSet-Cookie: a=b", "/"),
        ("http:/evil.example", "/"),
        ("//[evil", "/"),
    ],
)
def test_sign_in_leads_only_to_this_server(target: str, safe: str) -> None:
    assert safe_target(target) == safe

"""One-time codes, and identities an administrator announced."""

from __future__ import annotations

import threading
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from sqlite3 import connect

import pytest

from assessment.messages import AccountError
from assessment.records.accounts import Accounts
from assessment.records.identities import HANDSHAKE, Handshake, Identity
from assessment.records.invitations import DAYS, RESET_HOURS
from assessment.records.lockout import ADDRESS_FAILURES
from tests.records.conftest import Clock

GOOD = "correct horse"
ISSUER = "https://id.example.cn"


@pytest.fixture
def accounts(tmp_path: Path, clock: Clock) -> Accounts:
    return Accounts(tmp_path / "accounts.db", clock)


def test_an_invitation_gives_exactly_what_was_preset_and_only_once(accounts: Accounts) -> None:
    boss = accounts.create("boss", GOOD, ["admin"])
    invitation, code = accounts.invite(["expert", "leader"], "王某", "某大学", "W@x.cn", "007", actor=boss.id)
    assert accounts.invitation(code.lower().replace("-", " ")) == invitation
    made = accounts.join(code, "wang", "", GOOD, "10.0.0.1")
    assert (made.display_name, made.roles, made.unit) == ("王某", ("expert", "leader"), "某大学")
    assert (made.email, made.employee_no, made.must_change) == ("w@x.cn", "007", False)
    assert accounts.authenticate("wang", GOOD) == made
    assert accounts.invitations() == []
    with pytest.raises(AccountError, match="E715"):
        accounts.join(code, "second", "", GOOD)
    kinds = [(event.kind, event.actor) for event in accounts.events(2)]
    assert kinds == [("Joined", made.id), ("Invited", boss.id)]


def test_a_refused_join_leaves_the_invitation_open(accounts: Accounts) -> None:
    accounts.create("boss", GOOD, ["admin"])
    _, code = accounts.invite(["expert"])
    for name, password, refusal in (("boss", GOOD, "E703"), ("wang", "short", "E704"), ("a b", GOOD, "E718")):
        with pytest.raises(AccountError, match=refusal):
            accounts.join(code, name, "", password)
    assert accounts.join(code, "wang", "", GOOD).display_name == "wang"


def test_an_invitation_ends(accounts: Accounts, clock: Clock) -> None:
    _, late = accounts.invite(["expert"])
    taken_back, code = accounts.invite(["expert"])
    accounts.revoke_invitation(taken_back.id)
    accounts.revoke_invitation("unknown")
    with pytest.raises(AccountError, match="E715"):
        accounts.invitation(code)
    clock.now += timedelta(days=DAYS)
    with pytest.raises(AccountError, match="E715"):
        accounts.join(late, "wang", "", GOOD)
    for days in (0, 31):
        with pytest.raises(AccountError, match="E720"):
            accounts.invite(["expert"], days=days)


@pytest.mark.parametrize("leave", ["deactivate", "demote"])
def test_codes_of_who_is_no_longer_administrator_are_void(accounts: Accounts, leave: str) -> None:
    accounts.create("boss", GOOD, ["admin"])
    rogue = accounts.create("rogue", GOOD, ["admin"])
    victim = accounts.create("victim", GOOD, ["officer"])
    _, code = accounts.invite(["admin"], actor=rogue.id)
    reset = accounts.issue_reset(victim.id, rogue.id)
    if leave == "deactivate":
        accounts.set_active(rogue.id, False)
    else:
        accounts.set_roles(rogue.id, ["observer"])
    with pytest.raises(AccountError, match="E715"):
        accounts.join(code, "again", "", GOOD)
    with pytest.raises(AccountError, match="E715"):
        accounts.redeem_reset(reset, "battery staple")


def test_one_code_makes_one_account_however_many_try(accounts: Accounts) -> None:
    _, code = accounts.invite(["expert"])
    outcomes: list[str] = []

    def attempt(number: int) -> None:
        try:
            outcomes.append(accounts.join(code, f"wang{number}", "", GOOD).name)
        except AccountError as error:
            outcomes.append(error.code)

    threads = [threading.Thread(target=attempt, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert outcomes.count("E715") == 7
    assert accounts.count() == 1


def test_guessing_codes_is_slow(accounts: Accounts) -> None:
    _, code = accounts.invite(["expert"])
    for number in range(ADDRESS_FAILURES):
        with pytest.raises(AccountError, match="E715"):
            accounts.invitation(f"AAAA-{number:04}", "10.0.0.9")
    for guess in (
        lambda: accounts.invitation(code, "10.0.0.9"),
        lambda: accounts.join(code, "x", "", GOOD, "10.0.0.9"),
        lambda: accounts.redeem_reset(code, GOOD, "10.0.0.9"),
    ):
        with pytest.raises(AccountError, match="E714"):
            guess()
    assert accounts.invitation(code, "10.0.0.10")


def test_codes_are_kept_only_as_hashes(accounts: Accounts) -> None:
    made = accounts.create("wang", GOOD, ["admin"])
    _, code = accounts.invite(["expert"])
    reset = accounts.issue_reset(made.id)
    with closing(connect(accounts.path)) as db:
        dump = "\n".join(db.iterdump())
    for secret in (code, reset):
        assert secret not in dump
        assert secret.replace("-", "") not in dump
        assert len(set(secret)) > 4


def test_a_reset_voids_at_once_and_works_once(accounts: Accounts, clock: Clock) -> None:
    made = accounts.create("wang", GOOD, ["officer"])
    token = accounts.open_session(made.id)
    code = accounts.issue_reset(made.id)
    assert accounts.session_account(token) is None
    with pytest.raises(AccountError, match="E701"):
        accounts.authenticate("wang", GOOD)
    with pytest.raises(AccountError, match="E705"):
        accounts.redeem_reset(code, "wang-battery-9")
    assert accounts.reset_account(code).name == "wang"
    accounts.redeem_reset(code, "battery staple")
    assert accounts.authenticate("wang", "battery staple").id == made.id
    with pytest.raises(AccountError, match="E715"):
        accounts.redeem_reset(code, "another staple")
    first, second = accounts.issue_reset(made.id), accounts.issue_reset(made.id)
    with pytest.raises(AccountError, match="E715"):
        accounts.reset_account(first)
    accounts.set_active(made.id, False)
    with pytest.raises(AccountError, match="E709"):
        accounts.reset_account(second)
    accounts.set_active(made.id, True)
    clock.now += timedelta(hours=RESET_HOURS)
    with pytest.raises(AccountError, match="E715"):
        accounts.reset_account(second)


def test_a_handshake_comes_back_once_to_the_same_browser_in_time(accounts: Accounts, clock: Clock) -> None:
    handshake = Handshake("nonce", "verifier", "/review")
    accounts.begin_handshake("state", "browser", handshake)
    for state, browser in (("other", "browser"), ("state", "other"), ("state", "")):
        with pytest.raises(AccountError, match="E730"):
            accounts.take_handshake(state, browser)
    assert accounts.take_handshake("state", "browser") == handshake
    with pytest.raises(AccountError, match="E730"):
        accounts.take_handshake("state", "browser")
    accounts.begin_handshake("late", "browser", handshake)
    clock.now += HANDSHAKE
    with pytest.raises(AccountError, match="E730"):
        accounts.take_handshake("late", "browser")


def test_an_announced_identity_is_linked_once_and_then_known_by_its_subject(accounts: Accounts) -> None:
    made = accounts.create("wang", GOOD, ["officer"])
    with pytest.raises(AccountError, match="E732"):
        accounts.recognise(Identity(ISSUER, "s1", "w@x.cn", "007"))
    accounts.describe(made.id, "王某", "某局", "W@x.cn")
    assert accounts.recognise(Identity(ISSUER, "s1", "w@X.cn")).id == made.id
    assert accounts.recognise(Identity(ISSUER, "s1", "changed@x.cn")).id == made.id
    assert accounts.identities(made.id) == [(ISSUER, "s1")]
    with pytest.raises(AccountError, match="E733"):
        accounts.recognise(Identity(ISSUER, "s2", "w@x.cn"))
    with pytest.raises(AccountError, match="E732"):
        accounts.recognise(Identity("https://other.cn", "s1"))
    accounts.set_active(made.id, False)
    with pytest.raises(AccountError, match="E709"):
        accounts.recognise(Identity(ISSUER, "s1"))
    accounts.set_active(made.id, True)
    token = accounts.open_session(made.id)
    accounts.unlink(made.id)
    assert accounts.session_account(token) is None
    with pytest.raises(AccountError, match="E732"):
        accounts.recognise(Identity(ISSUER, "s1"))


def test_an_invited_identity_joins_without_a_password(accounts: Accounts) -> None:
    accounts.create("li", GOOD, ["admin"])
    accounts.invite(["drafter"], "", "文旅局", employee_no="007")
    made = accounts.recognise(Identity(ISSUER, "s1", employee_no="007", name="李某", login="li"))
    assert (made.display_name, made.roles, made.unit, made.has_password) == (
        "李某",
        ("drafter",),
        "文旅局",
        False,
    )
    assert made.name.startswith("li-")
    assert accounts.invitations() == []
    with pytest.raises(AccountError, match="E701"):
        accounts.authenticate(made.name, "")


def test_an_address_and_a_number_of_different_people_link_nothing(accounts: Accounts) -> None:
    for name, email, number in (("wang", "w@x.cn", ""), ("li", "", "007")):
        made = accounts.create(name, GOOD, ["officer"])
        accounts.describe(made.id, name, "", email, number)
    with pytest.raises(AccountError, match="E733"):
        accounts.recognise(Identity(ISSUER, "s1", "w@x.cn", "007"))
    with pytest.raises(AccountError, match="E716"):
        accounts.invite(["expert"], email="w@x.cn")
    with pytest.raises(AccountError, match="E716"):
        accounts.describe(accounts.list()[0].id, "wang", "", "w@x.cn", "007")

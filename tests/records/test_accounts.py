"""Accounts and sessions."""

from __future__ import annotations

import hashlib
import threading
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from sqlite3 import connect

import pytest

from assessment.messages import AccountError
from assessment.records.accounts import LOCK_OUT, MAX_AGE, MAX_FAILURES, MAX_IDLE, ROLES, Accounts
from assessment.records.passwords import NOBODY, hash_password, matches, require_strong
from tests.records.conftest import Clock

GOOD = "correct horse"


@pytest.fixture
def accounts(tmp_path: Path, clock: Clock) -> Accounts:
    return Accounts(tmp_path / "accounts.db", clock)


@pytest.fixture
def quick_hash(monkeypatch: pytest.MonkeyPatch) -> None:
    """Cheap hashing, where the hash is not what is tested."""
    monkeypatch.setattr("assessment.records.passwords._N", 2)


def test_roles_are_the_eight_of_the_design() -> None:
    assert list(ROLES) == [
        "admin",
        "officer",
        "secretariat",
        "expert",
        "leader",
        "committee",
        "drafter",
        "observer",
    ]


def test_create_and_read(accounts: Accounts) -> None:
    assert accounts.count() == 0
    made = accounts.create(" wang ", GOOD, ["expert", "officer"], "王某", "某局", must_change=True)
    assert (made.name, made.display_name, made.unit) == ("wang", "王某", "某局")
    assert (made.roles, made.active, made.must_change) == (("officer", "expert"), True, True)
    assert accounts.get(made.id) == made
    other = accounts.create("li", GOOD, ["observer"])
    assert (other.display_name, other.must_change) == ("li", False)
    assert accounts.list() == [made, other]
    assert accounts.count() == 2
    assert made.id != other.id


def test_ids_differ_though_the_name_is_the_same(tmp_path: Path, quick_hash: None) -> None:
    ids = {Accounts(tmp_path / f"{n}.db").create("wang", GOOD, ["officer"]).id for n in range(20)}
    assert len(ids) == 20


@pytest.mark.parametrize(
    ("name", "password", "roles", "code"),
    [
        ("", GOOD, ["officer"], "E703"),
        ("WANG", GOOD, ["officer"], "E703"),
        ("li", "short1A", ["officer"], "E704"),
        ("li", "lowercase", ["officer"], "E704"),
        ("lixiaoming", "LiXiaoMing-2026", ["officer"], "E705"),
        ("li", "Password123", ["officer"], "E706"),
        ("li", "aaaaaaaaaaaa", ["officer"], "E706"),
        ("li", GOOD, ["king"], "E707"),
        ("li", GOOD, [], "E707"),
    ],
)
def test_create_refuses(
    accounts: Accounts, quick_hash: None, name: str, password: str, roles: list[str], code: str
) -> None:
    accounts.create("wang", GOOD, ["officer"])
    with pytest.raises(AccountError, match=code):
        accounts.create(name, password, roles)
    assert accounts.count() == 1


@pytest.mark.parametrize("password", ["tenletters", "Abcdef-1", "密码要够长十个字以上", "abcDEF12"])
def test_strong_passwords_pass(password: str) -> None:
    require_strong(password, "wang")


def test_hash_is_salted_scrypt() -> None:
    first, second = hash_password(GOOD), hash_password(GOOD)
    assert first != second
    assert first.startswith("scrypt$32768$8$1$")
    assert GOOD not in first
    assert matches(GOOD, first)
    assert matches(GOOD, second)
    assert not matches("correct horsf", first)


def test_authenticate(accounts: Accounts) -> None:
    made = accounts.create("wang", GOOD, ["officer"])
    assert accounts.authenticate(" Wang ", GOOD) == made
    with pytest.raises(AccountError, match="E701"):
        accounts.authenticate("wang", "wrong horse")


def test_unknown_name_costs_one_hash_and_the_same_words(
    accounts: Accounts, monkeypatch: pytest.MonkeyPatch
) -> None:
    accounts.create("wang", GOOD, ["officer"])
    calls: list[object] = []
    real = hashlib.scrypt

    def counted(*args: object, **kwargs: object) -> bytes:
        calls.append((kwargs["n"], kwargs["r"], kwargs["p"]))
        return real(*args, **kwargs)  # type: ignore[arg-type]

    monkeypatch.setattr(hashlib, "scrypt", counted)
    messages = []
    for name in ("wang", "nobody"):
        with pytest.raises(AccountError) as refusal:
            accounts.authenticate(name, "wrong horse")
        messages.append(str(refusal.value))
    assert calls == [(2**15, 8, 1)] * 2
    assert messages[0] == messages[1]


def test_nothing_fits_nobody() -> None:
    assert not matches("", NOBODY)
    assert not matches(GOOD, NOBODY)


@pytest.mark.parametrize("name", ["wang", "nobody"])
def test_lock_out_after_five_failures(accounts: Accounts, clock: Clock, quick_hash: None, name: str) -> None:
    accounts.create("wang", GOOD, ["officer"])
    for _ in range(MAX_FAILURES):
        with pytest.raises(AccountError, match="E701"):
            accounts.authenticate(name, "wrong horse")
    with pytest.raises(AccountError, match="E702"):
        accounts.authenticate(name, GOOD)
    clock.now += LOCK_OUT - timedelta(minutes=1)
    with pytest.raises(AccountError, match="E702"):
        accounts.authenticate(name.upper(), GOOD)
    clock.now += timedelta(minutes=2)
    if name == "wang":
        assert accounts.authenticate(name, GOOD).name == name
    else:
        with pytest.raises(AccountError, match="E701"):
            accounts.authenticate(name, GOOD)


def test_success_forgets_the_failures(accounts: Accounts, quick_hash: None) -> None:
    accounts.create("wang", GOOD, ["officer"])
    for _ in range(3):
        for _ in range(MAX_FAILURES - 1):
            with pytest.raises(AccountError, match="E701"):
                accounts.authenticate("wang", "wrong horse")
        accounts.authenticate("wang", GOOD)


def test_guesses_at_once_cannot_slip_through(accounts: Accounts, quick_hash: None) -> None:
    accounts.create("wang", GOOD, ["officer"])
    codes: list[str] = []

    def guess() -> None:
        try:
            accounts.authenticate("wang", "wrong horse")
        except AccountError as error:
            codes.append(error.code)

    threads = [threading.Thread(target=guess) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(codes) == ["E701"] * MAX_FAILURES + ["E702"] * (20 - MAX_FAILURES)


def test_new_password_lifts_the_lock_and_ends_the_sessions(accounts: Accounts, quick_hash: None) -> None:
    made = accounts.create("wang", GOOD, ["officer"], must_change=True)
    token = accounts.open_session(made.id)
    for _ in range(MAX_FAILURES):
        with pytest.raises(AccountError):
            accounts.authenticate("wang", "wrong horse")
    accounts.set_password(made.id, "battery staple")
    assert accounts.authenticate("wang", "battery staple").must_change is False
    assert accounts.session_account(token) is None
    with pytest.raises(AccountError, match="E704"):
        accounts.set_password(made.id, "short")
    with pytest.raises(AccountError, match="E708"):
        accounts.set_password("absent", GOOD)


def test_inactive_account_is_told_only_to_who_knows_the_password(
    accounts: Accounts, quick_hash: None
) -> None:
    made = accounts.create("wang", GOOD, ["officer"])
    token = accounts.open_session(made.id)
    accounts.set_active(made.id, False)
    assert accounts.session_account(token) is None
    with pytest.raises(AccountError, match="E709"):
        accounts.authenticate("wang", GOOD)
    with pytest.raises(AccountError, match="E701"):
        accounts.authenticate("wang", "wrong horse")
    assert accounts.session_account(accounts.open_session(made.id)) is None
    accounts.set_active(made.id, True)
    assert accounts.authenticate("wang", GOOD).active


def test_roles_change(accounts: Accounts, quick_hash: None) -> None:
    made = accounts.create("wang", GOOD, ["officer"])
    accounts.set_roles(made.id, ["leader", "expert"])
    assert accounts.get(made.id).roles == ("expert", "leader")
    with pytest.raises(AccountError, match=r"E707.*管理员"):
        accounts.set_roles(made.id, ["king"])


def test_last_admin_stays(accounts: Accounts, quick_hash: None) -> None:
    admin = accounts.create("root-admin", GOOD, ["admin"])
    with pytest.raises(AccountError, match="E710"):
        accounts.set_active(admin.id, False)
    with pytest.raises(AccountError, match="E710"):
        accounts.set_roles(admin.id, ["officer"])
    accounts.create("second", GOOD, ["admin"])
    accounts.set_roles(admin.id, ["officer"])
    assert accounts.get(admin.id).roles == ("officer",)


def test_session_lives_while_used_and_no_longer_than_its_age(accounts: Accounts, clock: Clock) -> None:
    made = accounts.create("wang", GOOD, ["officer"])
    token = accounts.open_session(made.id)
    begun = clock.now
    while clock.now - begun < MAX_AGE - timedelta(hours=1):
        clock.now += timedelta(minutes=59)
        assert accounts.session_account(token) == made
    clock.now = begun + MAX_AGE
    assert accounts.session_account(token) is None


def test_session_ends_when_idle(accounts: Accounts, clock: Clock) -> None:
    token = accounts.open_session(accounts.create("wang", GOOD, ["officer"]).id)
    clock.now += MAX_IDLE
    assert accounts.session_account(token) is None
    clock.now -= timedelta(minutes=10)
    assert accounts.session_account(token) is not None


def test_session_terms_are_parameters(tmp_path: Path, clock: Clock) -> None:
    accounts = Accounts(tmp_path / "a.db", clock, max_age=timedelta(minutes=3), max_idle=timedelta(minutes=1))
    token = accounts.open_session(accounts.create("wang", GOOD, ["officer"]).id)
    for _ in range(3):
        clock.now += timedelta(seconds=50)
        assert accounts.session_account(token) is not None
    clock.now += timedelta(seconds=50)
    assert accounts.session_account(token) is None


def test_close_one_or_all(accounts: Accounts) -> None:
    made = accounts.create("wang", GOOD, ["officer"])
    first, second, third = (accounts.open_session(made.id) for _ in range(3))
    accounts.close_session(first)
    assert [accounts.session_account(token) is None for token in (first, second, third)] == [
        True,
        False,
        False,
    ]
    accounts.close_sessions(made.id)
    assert accounts.session_account(second) is None
    accounts.close_session("unknown")
    assert accounts.session_account("unknown") is None


def test_neither_password_nor_token_is_stored(accounts: Accounts) -> None:
    made = accounts.create("wang", GOOD, ["officer"])
    token = accounts.open_session(made.id)
    assert len(token) >= 43
    with closing(connect(accounts.path)) as db:
        dump = "\n".join(db.iterdump())
    assert token not in dump
    assert GOOD not in dump
    assert hashlib.sha256(token.encode()).hexdigest() in dump


def test_expired_sessions_are_cleared_away(accounts: Accounts, clock: Clock) -> None:
    made = accounts.create("wang", GOOD, ["officer"])
    accounts.open_session(made.id)
    clock.now += MAX_AGE + timedelta(hours=1)
    accounts.open_session(made.id)
    with closing(connect(accounts.path)) as db:
        assert db.execute("SELECT count(*) FROM sessions").fetchone() == (1,)

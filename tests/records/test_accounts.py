"""Accounts and sessions."""

from __future__ import annotations

import hashlib
import threading
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from sqlite3 import IntegrityError, connect

import pytest

from assessment.messages import AccountError
from assessment.records import passwords
from assessment.records.accounts import MAX_AGE, MAX_IDLE, ROLES, Accounts
from assessment.records.lockout import ADDRESS_FAILURES, FIRST_WAIT, FORGOTTEN, LONGEST_WAIT, NAME_FAILURES
from assessment.records.passwords import COST, MOST, hash_password, matches, nobody, outdated, require_strong
from tests.records.conftest import Clock

GOOD = "correct horse"


@pytest.fixture
def accounts(tmp_path: Path, clock: Clock) -> Accounts:
    return Accounts(tmp_path / "accounts.db", clock)


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


def test_ids_differ_though_the_name_is_the_same(tmp_path: Path) -> None:
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
        ("li", "x" * (MOST + 1), ["officer"], "E717"),
        ("l\u200bi", GOOD, ["officer"], "E718"),
        ("李 某", GOOD, ["officer"], "E718"),
        ("x" * 41, GOOD, ["officer"], "E718"),
        ("ＷＡＮＧ", GOOD, ["officer"], "E703"),
        ("li", GOOD, ["king"], "E707"),
        ("li", GOOD, [], "E707"),
    ],
)
def test_create_refuses(accounts: Accounts, name: str, password: str, roles: list[str], code: str) -> None:
    accounts.create("wang", GOOD, ["officer"])
    with pytest.raises(AccountError, match=code):
        accounts.create(name, password, roles)
    assert accounts.count() == 1


@pytest.mark.parametrize("password", ["tenletters", "Abcdef-1", "密码要够长十个字以上", "abcDEF12"])
def test_strong_passwords_pass(password: str) -> None:
    require_strong(password, "wang")


@pytest.mark.parametrize(
    "password",
    [
        "Admin@2026!!",
        "PASSWORD-2026",
        "woaini20260101",
        "13812345678",
        "19850101198501",
        "abcabcabcabc",
        "qwertyuiopas",
        "zyxwvutsrqpo",
        "ababababab",
    ],
)
def test_easily_guessed_passwords_do_not_pass(password: str) -> None:
    with pytest.raises(AccountError, match="E706"):
        require_strong(password, "somebody")


def test_hash_is_salted_scrypt(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("assessment.records.passwords.COST", COST)
    first, second = hash_password(GOOD), hash_password(GOOD)
    assert first != second
    assert first.startswith("scrypt$32768$8$3$")
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
    wang = accounts.create("wang", GOOD, ["officer"])
    accounts.create("void", GOOD, ["officer"])
    accounts.issue_reset(accounts.list()[1].id)
    assert wang.has_password
    calls: list[object] = []
    real = hashlib.scrypt

    def counted(*args: object, **kwargs: object) -> bytes:
        calls.append((kwargs["n"], kwargs["r"], kwargs["p"]))
        return real(*args, **kwargs)  # type: ignore[arg-type]

    monkeypatch.setattr(hashlib, "scrypt", counted)
    messages = []
    for name in ("wang", "void", "nobody"):
        with pytest.raises(AccountError) as refusal:
            accounts.authenticate(name, "wrong horse")
        messages.append(str(refusal.value))
    assert calls == [passwords.COST] * 3
    assert len(set(messages)) == 1


def test_nothing_fits_nobody() -> None:
    assert not matches("", nobody())
    assert not matches(GOOD, nobody())


def test_a_hash_of_older_cost_is_made_anew_at_sign_in(
    accounts: Accounts, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("assessment.records.passwords.COST", (2**4, 8, 1))
    accounts.create("wang", GOOD, ["officer"])
    monkeypatch.setattr("assessment.records.passwords.COST", (2**5, 8, 2))

    def stored() -> str:
        with closing(connect(accounts.path)) as db:
            return str(db.execute("SELECT password_hash FROM accounts").fetchone()[0])

    with pytest.raises(AccountError):
        accounts.authenticate("wang", "wrong horse")
    assert stored().startswith("scrypt$16$8$1$")
    assert outdated(stored())
    accounts.authenticate("wang", GOOD)
    assert stored().startswith("scrypt$32$8$2$")
    assert accounts.authenticate("wang", GOOD)


@pytest.mark.parametrize("name", ["wang", "nobody"])
def test_each_failure_after_the_fifth_doubles_the_wait(accounts: Accounts, clock: Clock, name: str) -> None:
    accounts.create("wang", GOOD, ["officer"])
    for _ in range(NAME_FAILURES - 1):
        with pytest.raises(AccountError, match="E701"):
            accounts.authenticate(name, "wrong horse")
    for wait in (FIRST_WAIT, 2 * FIRST_WAIT, 4 * FIRST_WAIT):
        with pytest.raises(AccountError, match="E701"):
            accounts.authenticate(name, "wrong horse")
        clock.now += wait - timedelta(seconds=10)
        with pytest.raises(AccountError, match="E702"):
            accounts.authenticate(name.upper(), GOOD)
        clock.now += timedelta(seconds=12)
    for _ in range(20):
        clock.now += LONGEST_WAIT
        with pytest.raises(AccountError, match="E701"):
            accounts.authenticate(name, "wrong horse")
    assert [event.kind for event in accounts.events()].count("LockedOut") == (23 if name == "wang" else 0)
    clock.now += FORGOTTEN
    with pytest.raises(AccountError, match="E701"):
        accounts.authenticate(name, "wrong horse")
    assert accounts.waiting() == {}


def test_an_address_waits_whatever_the_names(accounts: Accounts, clock: Clock) -> None:
    accounts.create("wang", GOOD, ["officer"])
    for number in range(ADDRESS_FAILURES):
        accounts.authenticate("wang", GOOD, "2001:db8::1")
        with pytest.raises(AccountError, match="E701"):
            accounts.authenticate(f"guess{number}", "wrong horse", f"2001:db8::{number + 2:x}")
    with pytest.raises(AccountError, match="E714"):
        accounts.authenticate("wang", GOOD, "2001:db8::ffff")
    assert accounts.authenticate("wang", GOOD, "10.0.0.8")
    clock.now += FIRST_WAIT
    assert accounts.authenticate("wang", GOOD, "2001:db8::1")


def test_an_administrator_lifts_the_wait(accounts: Accounts) -> None:
    made = accounts.create("wang", GOOD, ["officer"])
    for _ in range(NAME_FAILURES):
        with pytest.raises(AccountError):
            accounts.authenticate("wang", "wrong horse")
    assert list(accounts.waiting()) == [made.id]
    accounts.unlock(made.id, actor="boss")
    assert accounts.waiting() == {}
    assert accounts.authenticate("wang", GOOD)
    assert [(e.kind, e.actor) for e in accounts.events(1)] == [("Unlocked", "boss")]


def test_success_forgets_the_failures(accounts: Accounts) -> None:
    accounts.create("wang", GOOD, ["officer"])
    for _ in range(3):
        for _ in range(NAME_FAILURES - 1):
            with pytest.raises(AccountError, match="E701"):
                accounts.authenticate("wang", "wrong horse")
        accounts.authenticate("wang", GOOD)


def test_guesses_at_once_cannot_slip_through(accounts: Accounts) -> None:
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
    assert sorted(codes) == ["E701"] * NAME_FAILURES + ["E702"] * (20 - NAME_FAILURES)


def test_new_password_lifts_the_lock_and_ends_the_sessions(accounts: Accounts) -> None:
    made = accounts.create("wang", GOOD, ["officer"], must_change=True)
    token = accounts.open_session(made.id)
    for _ in range(NAME_FAILURES):
        with pytest.raises(AccountError):
            accounts.authenticate("wang", "wrong horse")
    accounts.set_password(made.id, "battery staple")
    assert accounts.authenticate("wang", "battery staple").must_change is False
    assert accounts.session_account(token) is None
    with pytest.raises(AccountError, match="E704"):
        accounts.set_password(made.id, "short")
    with pytest.raises(AccountError, match="E708"):
        accounts.set_password("absent", GOOD)


def test_inactive_account_is_told_only_to_who_knows_the_password(accounts: Accounts) -> None:
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


def test_roles_change(accounts: Accounts) -> None:
    made = accounts.create("wang", GOOD, ["officer"])
    accounts.set_roles(made.id, ["leader", "expert"])
    assert accounts.get(made.id).roles == ("expert", "leader")
    with pytest.raises(AccountError, match=r"E707.*管理员"):
        accounts.set_roles(made.id, ["king"])


def test_last_admin_stays(accounts: Accounts) -> None:
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


def test_sessions_are_listed_and_ended_one_by_one(accounts: Accounts, clock: Clock) -> None:
    made = accounts.create("wang", GOOD, ["officer"])
    other = accounts.create("li", GOOD, ["officer"])
    first = accounts.open_session(made.id, "Firefox", "10.0.0.1")
    second = accounts.open_session(made.id, "Edge" * 200, "10.0.0.2")
    foreign = accounts.open_session(other.id)
    listed = accounts.sessions(made.id)
    assert [(s.id, s.address) for s in listed] == [
        (accounts.session_id(second), "10.0.0.2"),
        (accounts.session_id(first), "10.0.0.1"),
    ]
    assert len(listed[0].device) == 300
    accounts.end_session(made.id, accounts.session_id(foreign))
    assert accounts.session_account(foreign) == other
    accounts.end_session(made.id, accounts.session_id(first))
    assert accounts.session_account(first) is None
    third = accounts.open_session(made.id)
    accounts.close_sessions(made.id, keep=second)
    assert (accounts.session_account(third), accounts.session_account(second)) == (None, made)
    clock.now += MAX_IDLE
    assert accounts.sessions(made.id) == []


def test_every_act_leaves_an_event_and_the_chain_holds(accounts: Accounts) -> None:
    boss = accounts.create("boss", GOOD, ["admin"], only_first=True)
    made = accounts.create("wang", GOOD, ["officer"], unit="甲局", actor=boss.id)
    accounts.set_roles(made.id, ["expert"], boss.id)
    accounts.describe(made.id, "王某", "乙局", "W@X.cn", "", boss.id)
    accounts.set_active(made.id, False, boss.id)
    newest = accounts.events(3)
    assert [(e.seq, e.kind, e.actor, e.account) for e in newest] == [
        (5, "Deactivated", boss.id, made.id),
        (4, "Described", boss.id, made.id),
        (3, "RolesChanged", boss.id, made.id),
    ]
    assert newest[1].detail == {
        "display_name": ["wang", "王某"],
        "unit": ["甲局", "乙局"],
        "email": ["", "w@x.cn"],
    }
    assert newest[2].detail == {"before": ["officer"], "after": ["expert"]}
    assert [e.seq for e in accounts.events(9, account=made.id, before=4)] == [3, 2]
    assert accounts.verify() == []


@pytest.mark.parametrize(
    "tampering",
    ["UPDATE account_events SET actor = 'x' WHERE seq = 2", "DELETE FROM account_events WHERE seq = 1"],
)
def test_the_account_log_cannot_be_altered_unseen(accounts: Accounts, tampering: str) -> None:
    for name in ("boss", "wang", "li"):
        accounts.create(name, GOOD, ["admin"])
    with closing(connect(accounts.path)) as db, db:
        with pytest.raises(IntegrityError, match="append-only"):
            db.execute(tampering)
        for trigger in ("account_events_are_never_changed", "account_events_are_never_deleted"):
            db.execute(f"DROP TRIGGER {trigger}")
        db.execute(tampering)
    assert len(accounts.verify()) == 1


def test_two_cannot_both_be_first(accounts: Accounts) -> None:
    accounts.create("boss", GOOD, ["admin"], only_first=True)
    with pytest.raises(AccountError, match="E721"):
        accounts.create("late", GOOD, ["admin"], only_first=True)


def test_a_database_of_the_first_release_opens(tmp_path: Path, clock: Clock) -> None:
    path = tmp_path / "accounts.db"
    with closing(connect(path)) as db, db:
        db.executescript(
            """
            CREATE TABLE accounts (
                id TEXT PRIMARY KEY, name TEXT NOT NULL UNIQUE COLLATE NOCASE, display_name TEXT NOT NULL,
                roles TEXT NOT NULL, unit TEXT NOT NULL, password_hash TEXT NOT NULL, active INTEGER NOT NULL,
                created_at TEXT NOT NULL, must_change INTEGER NOT NULL);
            CREATE TABLE attempts (name TEXT PRIMARY KEY COLLATE NOCASE, failures INTEGER NOT NULL,
                last_at TEXT NOT NULL, locked_until TEXT);
            CREATE TABLE sessions (token_hash TEXT PRIMARY KEY, account TEXT NOT NULL REFERENCES accounts (id),
                created_at TEXT NOT NULL, last_seen TEXT NOT NULL, expires_at TEXT NOT NULL,
                revoked INTEGER NOT NULL);
            """
        )
        row = (
            "a1",
            "wang",
            "王某",
            '["admin"]',
            "某局",
            hash_password(GOOD),
            1,
            "2026-01-01T00:00:00+00:00",
            0,
        )
        db.execute("INSERT INTO accounts VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", row)
    accounts = Accounts(path, clock)
    assert accounts.authenticate("wang", GOOD).display_name == "王某"
    token = accounts.open_session("a1", "Edge", "10.0.0.1")
    assert Accounts(path, clock).session_account(token) == accounts.get("a1")


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

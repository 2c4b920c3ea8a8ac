"""The journal: numbers without holes, conflicts, tampering, and what survives a kill."""

from __future__ import annotations

import multiprocessing
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from sqlite_utils import Database

from assessment.messages import ConflictError, RecordsError
from assessment.records import events as ev
from assessment.records.chain import event_hash
from assessment.records.database import open_database, transaction
from assessment.records.journal import SqliteJournal, open_site
from assessment.records.store import Store
from tests.records.cases import decided, open_case, received, reviewing_case, scored, signed


@pytest.fixture
def journal(tmp_path: Path) -> SqliteJournal:
    site, _ = open_site(tmp_path / "journal.db", "甲市")
    return SqliteJournal(tmp_path / "journal.db", site)


def _filled(journal: SqliteJournal) -> SqliteJournal:
    for case in ("one", "two"):
        journal.append(case, received(case), "officer")
    for item in ("q1", "q2", "q3"):
        for case in ("one", "two"):
            journal.append(case, scored("e1", item), "e1")
    return journal


def test_append_numbers_site_and_case_without_holes(journal: SqliteJournal) -> None:
    events = [event for _, event in _filled(journal).read_from()]
    assert [event.seq for event in events] == list(range(1, 9))
    assert [event.case_seq for event in events if event.case == "two"] == [1, 2, 3, 4]
    assert {event.site for event in events} == {journal.site}


def test_append_chains_each_case_by_itself(journal: SqliteJournal) -> None:
    previous = {"one": ev.Event.genesis, "two": ev.Event.genesis}
    for _, event in _filled(journal).read_from():
        assert event.previous_hash == previous[event.case]
        assert event.hash == event_hash(event)
        previous[event.case] = event.hash
    assert journal.head("one") == (4, previous["one"])
    assert journal.head("unknown") == (0, ev.Event.genesis)


def test_append_returns_what_is_read_back(journal: SqliteJournal) -> None:
    written = journal.append("one", received(), "officer")
    assert [event for _, event in journal.read_from()] == [written]


def test_append_many_writes_all_or_none(journal: SqliteJournal) -> None:
    journal.append("one", received(), "officer")
    with pytest.raises(RecordsError, match="E403"):
        journal.append_many("one", [decided(), received()], "officer")
    assert journal.head("one").case_seq == 1
    events = journal.append_many("one", [decided("f1"), decided("f2")], "officer")
    assert [event.case_seq for event in events] == [2, 3]
    assert journal.verify() == []


def test_read_from_goes_on_after_a_position_and_across_batches(
    journal: SqliteJournal, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("assessment.records.journal._BATCH", 3)
    positions = [position for position, _ in _filled(journal).read_from()]
    assert positions == list(range(1, 9))
    assert [position for position, _ in journal.read_from(5)] == [6, 7, 8]
    assert [event.case for _, event in journal.read_from(2, case="two")] == ["two"] * 3


@pytest.mark.parametrize(
    ("case", "payload", "code"),
    [
        ("absent", decided(), "E402"),
        ("one", received(), "E403"),
        ("../one", received(), "E404"),
        ("", received(), "E404"),
        ("x" * 65, received(), "E404"),
    ],
)
def test_append_refuses(journal: SqliteJournal, case: str, payload: ev.AnyPayload, code: str) -> None:
    _filled(journal)
    with pytest.raises(RecordsError, match=code):
        journal.append(case, payload, "officer")
    assert len(list(journal.read_from())) == 8


def test_second_writer_of_one_subject_gets_a_conflict(journal: SqliteJournal) -> None:
    seen = journal.append("one", received(), "officer").case_seq
    journal.append("one", decided("f1"), "anna", seen)
    with pytest.raises(ConflictError) as refusal:
        journal.append("one", decided("f1", "别的理由"), "berta", seen)
    assert refusal.value.code == "E401"
    assert "他人已先保存" in refusal.value.message
    assert "f1" in refusal.value.message
    assert journal.head("one").case_seq == 2
    journal.append("one", decided("f2"), "berta", seen)
    journal.append("one", decided("f1", "看过再写"), "berta", 3)


def test_change_of_the_whole_case_stops_every_writer_who_has_not_seen_it(journal: SqliteJournal) -> None:
    journal.append("one", received(), "officer")
    journal.append("one", ev.CaseClosed(reason="撤回"), "officer", 1)
    with pytest.raises(ConflictError):
        journal.append("one", scored("e1", "q1"), "e1", 1)


def test_signing_stops_if_anything_the_paper_says_changed(journal: SqliteJournal) -> None:
    journal.append("one", received(), "officer")
    journal.append("one", ev.CommentAdded(comment="m", anchor="c1", text="t"), "e1")
    journal.append("one", signed(), "leader", 1)
    journal.append("one", decided("f1"), "officer")
    with pytest.raises(ConflictError):
        journal.append("one", signed(), "leader", 3)


def test_two_threads_on_one_subject_one_wins(journal: SqliteJournal) -> None:
    seen = journal.append("one", received(), "officer").case_seq
    barrier = threading.Barrier(8)
    outcomes: list[str] = []

    def write(name: int) -> None:
        barrier.wait()
        try:
            journal.append("one", decided("f1", f"{name}"), f"{name}", seen)
            outcomes.append("kept")
        except ConflictError:
            outcomes.append("conflict")

    threads = [threading.Thread(target=write, args=(name,)) for name in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["conflict"] * 7 + ["kept"]


@pytest.mark.parametrize("statement", ["UPDATE events SET actor = 'x'", "DELETE FROM events"])
def test_triggers_refuse_change(journal: SqliteJournal, statement: str) -> None:
    _filled(journal)
    with (
        closing(sqlite3.connect(journal.path)) as raw,
        pytest.raises(sqlite3.IntegrityError, match="append-only"),
    ):
        raw.execute(statement)
    assert journal.verify() == []


_SWAP = "UPDATE events SET {0} = CASE position WHEN 3 THEN (SELECT {0} FROM events WHERE position = 5) ELSE (SELECT {0} FROM events WHERE position = 3) END WHERE position IN (3, 5)"
TAMPERINGS = {
    "payload changed": "UPDATE events SET payload = replace(payload, '\"符合\"', '\"不符合\"') WHERE position = 5",
    "payload unreadable": "UPDATE events SET payload = '{' WHERE position = 5",
    "payload of an unknown kind": 'UPDATE events SET payload = \'{"kind":"Nothing"}\' WHERE position = 5',
    "actor changed": "UPDATE events SET actor = 'other' WHERE position = 5",
    "time changed": "UPDATE events SET at = '2020-01-01T00:00:00Z' WHERE position = 5",
    "subject changed": "UPDATE events SET subject = 'sheet/e9/quick/q1' WHERE position = 5",
    "kind changed": "UPDATE events SET kind = 'CaseClosed' WHERE position = 5",
    "site changed": "UPDATE events SET site = 'other' WHERE position = 8",
    "case changed": "UPDATE events SET case_id = 'three' WHERE position = 8",
    "first deleted": "DELETE FROM events WHERE position = 1",
    "middle deleted": "DELETE FROM events WHERE position = 5",
    "last deleted": "DELETE FROM events WHERE position = 8",
    "last deleted, head rolled back": (
        "UPDATE heads SET case_seq = 3, hash = (SELECT hash FROM events WHERE position = 6) WHERE case_id = 'two';"
        "DELETE FROM events WHERE position = 8"
    ),
    "last deleted, counter rolled back": (
        "DELETE FROM events WHERE position = 8; UPDATE sqlite_sequence SET seq = 7 WHERE name = 'events'"
    ),
    "whole case deleted, traces tidied": (
        "DELETE FROM events WHERE case_id = 'two'; DELETE FROM heads WHERE case_id = 'two';"
        "UPDATE events SET position = (position + 1) / 2;"
        "UPDATE sqlite_sequence SET seq = 4 WHERE name = 'events'"
    ),
    "whole case deleted": "DELETE FROM events WHERE case_id = 'two'; DELETE FROM heads WHERE case_id = 'two'",
    "everything deleted": "DELETE FROM events; DELETE FROM heads",
    "payloads swapped": _SWAP.format("payload"),
    "positions swapped": (
        "UPDATE events SET position = 99 WHERE position = 3; UPDATE events SET position = 3 WHERE position = 5;"
        "UPDATE events SET position = 5 WHERE position = 99"
    ),
    "numbers swapped": (
        "UPDATE events SET case_seq = 99 WHERE position = 3; UPDATE events SET case_seq = 2 WHERE position = 5;"
        "UPDATE events SET case_seq = 3 WHERE position = 3"
    ),
    "event forged at the end": (
        "INSERT INTO events (site, seq, case_id, case_seq, kind, subject, at, actor, payload, previous_hash, hash)"
        " SELECT site, 9, case_id, 5, kind, subject, at, actor, payload, hash, hash FROM events WHERE position = 8"
    ),
}


@pytest.mark.parametrize("statements", TAMPERINGS.values(), ids=TAMPERINGS.keys())
def test_verify_finds(journal: SqliteJournal, statements: str) -> None:
    assert _filled(journal).verify() == []
    with closing(sqlite3.connect(journal.path)) as raw:
        raw.executescript(
            "DROP TRIGGER events_are_never_changed; DROP TRIGGER events_are_never_deleted;" + statements
        )
        raw.commit()
    assert journal.verify()


def test_verify_finds_a_change_whose_own_hash_was_made_to_fit(journal: SqliteJournal) -> None:
    events = [event for _, event in _filled(journal).read_from(case="one")]
    forged = events[1].model_copy(update={"actor": "other"})
    with closing(sqlite3.connect(journal.path)) as raw:
        raw.execute("DROP TRIGGER events_are_never_changed")
        raw.execute(
            "UPDATE events SET actor = 'other', hash = ? WHERE case_id = 'one' AND case_seq = 2",
            [event_hash(forged)],
        )
        raw.commit()
    assert any("第3条" in problem.place for problem in journal.verify())


def test_verify_finds_that_another_site_s_case_was_deleted(journal: SqliteJournal, tmp_path: Path) -> None:
    site, _ = open_site(tmp_path / "other.db", "乙县")
    other = SqliteJournal(tmp_path / "other.db", site)
    journal.adopt([other.append("theirs", received(), "officer")])
    _filled(journal)
    with closing(sqlite3.connect(journal.path)) as raw:
        raw.execute("DROP TRIGGER events_are_never_deleted")
        raw.execute("DELETE FROM events WHERE case_id = 'theirs'")
        raw.execute("DELETE FROM heads WHERE case_id = 'theirs'")
        raw.commit()
    assert journal.verify()


def test_failed_transaction_leaves_nothing(journal: SqliteJournal) -> None:
    _filled(journal)

    def fail_halfway() -> None:
        with open_database(journal.path) as db, transaction(db):
            db.execute("INSERT INTO meta VALUES ('half', 'done')")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail_halfway()
    with open_database(journal.path) as db:
        assert db.execute("SELECT count(*) FROM meta WHERE key = 'half'").fetchone()[0] == 0


def test_damaged_journal_is_named(tmp_path: Path) -> None:
    (tmp_path / "journal.db").write_bytes(b"this is no database" * 100)
    with pytest.raises(RecordsError, match=r"E415.*journal\.db"):
        open_site(tmp_path / "journal.db", None)


def test_locked_journal_is_refused_in_words(journal: SqliteJournal, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("assessment.records.database.BUSY_SECONDS", 0.05)
    with open_database(journal.path) as db, transaction(db), pytest.raises(RecordsError, match="E414"):
        journal.append("one", received(), "officer")


def test_ten_experts_at_once_lose_nothing(store: Store) -> None:
    case = reviewing_case(store)
    start = store.case(case)["case_seq"]
    failures: list[BaseException] = []

    def fill(expert: str) -> None:
        seen = start
        try:
            for item in range(200):
                seen = store.append(case, scored(expert, f"q{item}"), expert, seen).case_seq
        except BaseException as error:
            failures.append(error)

    threads = [threading.Thread(target=fill, args=(f"e{number}",)) for number in range(10)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert store.case(case)["case_seq"] == start + 2000
    answers = {(row["expert"], row["item"]) for row in store.of_case("answers", case)}
    assert answers == {(f"e{number}", f"q{item}") for number in range(10) for item in range(200)}
    assert store.verify() == []


def _answer(folder: Path, case: str, expert: str) -> None:
    store = Store.open(folder)
    for item in range(60):
        store.append(case, scored(expert, f"q{item}"), expert, 1)


def test_three_processes_at_once_lose_nothing(store: Store) -> None:
    case = open_case(store)
    context = multiprocessing.get_context("spawn")
    workers = [context.Process(target=_answer, args=(store.folder, case, f"e{n}")) for n in range(3)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert [worker.exitcode for worker in workers] == [0, 0, 0]
    assert len(store.of_case("answers", case)) == 180
    assert store.verify() == []


def test_append_waits_for_the_disk(journal: SqliteJournal, monkeypatch: pytest.MonkeyPatch) -> None:
    levels: list[int] = []

    @contextmanager
    def watched(db: Database) -> Iterator[None]:
        levels.append(db.execute("PRAGMA synchronous").fetchone()[0])
        with transaction(db):
            yield

    monkeypatch.setattr("assessment.records.journal.transaction", watched)
    journal.append("one", received(), "officer")
    full = 2
    assert levels == [full]


_WRITER = """
import sys, threading
from pathlib import Path
from assessment.records.store import Store
from tests.records.cases import scored
store = Store.open(Path(sys.argv[1]))
def fill(expert):
    for item in range(100000):
        event = store.append(sys.argv[2], scored(expert, f"q{item}"), expert)
        sys.stdout.write(f"{event.case_seq} {event.hash}\\n")
        sys.stdout.flush()
for expert in ("e1", "e2", "e3"):
    threading.Thread(target=fill, args=(expert,)).start()
"""


@pytest.mark.parametrize("acknowledged", [1, 40, 173])
def test_kill_in_the_midst_of_writing_keeps_what_was_acknowledged(store: Store, acknowledged: int) -> None:
    case = open_case(store)
    command = [sys.executable, "-c", _WRITER, str(store.folder), case]
    child = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    assert child.stdout is not None
    lines = [child.stdout.readline() for _ in range(acknowledged)]
    child.kill()
    lines += child.stdout.readlines()
    child.wait()
    promised = [tuple(line.split()) for line in lines if line.endswith("\n")]
    assert len(promised) >= acknowledged
    survivor = Store.open(store.folder)
    assert survivor.verify() == []
    kept = {(str(event.case_seq), event.hash) for _, event in survivor.journal.read_from()}
    assert set(promised) <= kept
    assert survivor.append(case, scored("e4", "q1"), "e4").case_seq == len(kept) + 1

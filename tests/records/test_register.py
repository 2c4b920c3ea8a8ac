"""The register: what each event does to the tables, and that it can always be made again."""

from __future__ import annotations

import json
import multiprocessing
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assessment.messages import RecordsError
from assessment.records import events as ev
from assessment.records.database import open_database
from assessment.records.journal import SqliteJournal, open_site
from assessment.records.register import Register, table_rows
from assessment.records.schema import SCHEMA_VERSION, TABLES
from assessment.records.store import Store
from tests.records.cases import (
    added,
    concluded,
    decided,
    open_case,
    received,
    relevance,
    reviewing_case,
    scored,
    screened,
    signed,
    version,
)
from tests.records.sequences import EXAMPLES, PAYLOADS


def _everything(path: Path) -> dict[str, list[tuple[object, ...]]]:
    with open_database(path) as db:
        return {table: table_rows(db, table) for table in [*TABLES, "applied"]}


@settings(max_examples=40, deadline=None)
@given(
    st.lists(st.tuples(st.sampled_from(["one", "two"]), PAYLOADS, st.booleans()), max_size=20),
)
def test_step_by_step_equals_rebuild(steps: list[tuple[str, ev.AnyPayload, bool]]) -> None:
    with TemporaryDirectory() as folder:
        site, _ = open_site(Path(folder) / "journal.db", None)
        journal = SqliteJournal(Path(folder) / "journal.db", site)
        stepwise = Register(Path(folder) / "stepwise.db", journal)
        for case in ("one", "two"):
            journal.append(case, received(case), "officer")
        for case, payload, level in steps:
            journal.append(case, payload, "officer")
            if level:
                stepwise.catch_up()
        stepwise.catch_up()
        anew = Register(Path(folder) / "anew.db", journal)
        anew.rebuild()
        assert _everything(stepwise.path) == _everything(anew.path)
        assert stepwise.differences(Path(folder) / "scratch.db") == []
        assert len(stepwise.rows("SELECT * FROM timeline")) == len(steps) + 2


def _rows_without_who(
    store: Store, table: str, case: str, version: int | None = None
) -> list[dict[str, object]]:
    return [
        {key: value for key, value in row.items() if key not in ("case_id", "at", "actor", "version")}
        for row in store.of_case(table, case, version)
    ]


def _in(store: Store, case: str, *payloads: ev.AnyPayload) -> dict[str, object]:
    """The case after some payloads whose files are made up."""
    store.journal.append_many(case, payloads, "officer")
    store.register.catch_up()
    return store.case(case)


def test_received_case(store: Store) -> None:
    row = store.case(open_case(store))
    assert row["state"] == "received"
    assert (row["title"], row["drafting_unit"], row["drafting_started"]) == (
        "某市养老服务条例（草案）",
        "某局",
        "2026-01-05",
    )
    assert (row["version"], row["case_seq"], row["site"], row["opened_by"]) == (1, 1, store.site, "officer")
    assert row["opened_at"] == row["updated_at"] == "2026-03-02T09:00:01Z"
    assert row["head"] == store.journal.head(row["id"]).hash


def test_life_of_a_case(store: Store) -> None:
    case = open_case(store)
    states = [
        _in(store, case, payload)["state"]
        for payload in (
            screened(),
            relevance("gender", "key"),
            relevance("child", "none"),
            decided(),
            concluded(days=30),
            ev.OpinionComposed(opinion="b" * 64),
            scored("e1", "q1"),
            ev.OpinionComposed(opinion="c" * 64),
            signed(opinion="c" * 64),
            ev.ReplyRecorded(recommendation="r1", reply="采纳"),
            ev.CaseClosed(reason="已反馈"),
            ev.CaseReopened(reason="有误"),
        )
    ]
    assert states == [
        "screened",
        "screened",
        "reviewing",
        "reviewing",
        "reviewing",
        "composed",
        "reviewing",
        "composed",
        "signed",
        "signed",
        "closed",
        "reviewing",
    ]
    row = store.case(case)
    assert (row["signed_opinion"], row["number"], row["opinion"]) == ("c" * 64, "评〔2026〕1号", None)
    assert row["reply_due"] == "2026-04-01"
    assert row["closed_reason"] is None
    assert [opinion["opinion"] for opinion in store.of_case("opinions", case)] == ["b" * 64, "c" * 64]
    assert store.of_case("replies", case)[0]["opinion"] == "c" * 64


def test_outdated_opinion_is_no_longer_the_case_s_opinion(store: Store) -> None:
    case = reviewing_case(store)
    assert _in(store, case, ev.OpinionComposed(opinion="b" * 64))["opinion"] == "b" * 64
    assert _in(store, case, decided())["opinion"] is None


def test_further_version_starts_empty_and_leaves_the_earlier_readable(store: Store) -> None:
    case = reviewing_case(store)
    _in(store, case, decided("f1"), scored("e1", "q1"), concluded(), relevance("gender", "key"))
    row = _in(store, case, version(2))
    assert (row["state"], row["version"], row["stage"], row["file_name"]) == (
        "received",
        2,
        "决策中贯彻",
        "草案2.docx",
    )
    assert [row[name] for name in ("screening", "relevance_gender", "conclusion", "opinion")] == [None] * 4
    for table in ("finding_decisions", "answers", "sheets", "conclusions", "relevance"):
        assert store.of_case(table, case) == []
        assert store.of_case(table, case, version=1) != []
    assert _in(store, case, screened(2))["state"] == "screened"
    assert [row["version"] for row in store.of_case("versions", case)] == [1, 2]


def test_late_screening_of_an_earlier_version_is_not_the_current_one(store: Store) -> None:
    case = open_case(store)
    row = _in(store, case, version(2), screened(1, "b" * 64))
    assert row["screening"] is None
    assert store.of_case("versions", case)[0]["screening"] == "b" * 64


def test_finding_decided_keeps_the_machine_apart(store: Store) -> None:
    case = reviewing_case(store)
    _in(store, case, decided("f1", "确有"), decided("f1"))
    assert _rows_without_who(store, "finding_decisions", case) == [
        {
            "finding": "f1",
            "source": "machine",
            "carried_from": None,
            "decision": "confirmed",
            "finding_kind": "concern",
            "types": '["t"]',
            "severity": "high",
            "reason": "",
            "decision_reason": "",
            "clause": None,
            "unit": None,
            "lens": None,
            "domains": None,
            "start": None,
            "end": None,
            "quote": None,
            "basis": None,
            "suggestion": None,
        }
    ]


def test_hand_added_finding_keeps_its_reason_when_decided_on(store: Store) -> None:
    case = reviewing_case(store)
    payload = added("p1")
    verdict = ev.FindingDecided(
        finding="p1",
        decision="excluded",
        finding_kind="concern",
        types=("t",),
        severity="none",
        reason="重复",
    )
    _in(store, case, payload, verdict)
    (row,) = store.of_case("finding_decisions", case)
    assert (row["source"], row["decision"], row["reason"], row["decision_reason"]) == (
        "person",
        "excluded",
        "补充理由",
        "重复",
    )
    assert (row["clause"], row["start"], row["end"], row["quote"]) == ("c2", 10, 14, "原文四字")
    assert json.loads(row["basis"]) == ["某法第一条"]


def test_answer_is_replaced_and_withdrawn(store: Store) -> None:
    case = reviewing_case(store)
    _in(
        store,
        case,
        scored("e1", "q1"),
        scored("e2", "q1"),
        scored("e1", "q1", "不符合"),
        scored("e2", "q1", None),
    )
    answers = {row["expert"]: row["answer"] for row in store.of_case("answers", case)}
    assert answers == {"e1": "不符合", "e2": None}


def test_sheet_is_opened_submitted_and_given_back(store: Store) -> None:
    case = reviewing_case(store)
    _in(store, case, scored("e1", "q1"))
    assert store.of_case("sheets", case)[0]["status"] == "open"
    _in(store, case, ev.SheetSubmitted(expert="e1", checklist="quick", note="完"))
    sheet = store.of_case("sheets", case)[0]
    assert (sheet["status"], sheet["note"]) == ("submitted", "完")
    assert sheet["submitted_at"]
    _in(store, case, ev.SheetReopened(expert="e1", checklist="quick", reason="补理由"))
    sheet = store.of_case("sheets", case)[0]
    assert (sheet["status"], sheet["reopen_reason"], sheet["submitted_at"]) == ("open", "补理由", None)


def test_panel_and_checklists_are_written_whole_in_order(store: Store) -> None:
    case = reviewing_case(store)
    _in(store, case, ev.PanelAppointed(experts=("z", "a")), ev.PanelAppointed(experts=("m", "a")))
    assert [row["expert"] for row in store.of_case("panel", case)] == ["m", "a"]
    chosen = ev.ChecklistsChosen(checklists=(("z", 2, "a" * 64), ("b", 1, "b" * 64)))
    _in(store, case, chosen)
    assert [row["checklist"] for row in store.of_case("checklists", case)] == ["z", "b"]


def test_replies_are_kept_per_signed_opinion(store: Store) -> None:
    case = reviewing_case(store)
    reply = ev.ReplyRecorded(recommendation="r1", reply="不采纳", reason="理由")
    _in(store, case, signed("b" * 64), reply, ev.CaseReopened(reason="r"), signed("c" * 64))
    _in(store, case, ev.ReplyRecorded(recommendation="r1", reply="采纳"))
    replies = {row["opinion"][0]: row["reply"] for row in store.of_case("replies", case)}
    assert replies == {"b": "不采纳", "c": "采纳"}


@pytest.mark.parametrize("payload", EXAMPLES[1:], ids=lambda payload: payload.kind)
def test_every_kind_shows_in_the_timeline(store: Store, payload: ev.AnyPayload) -> None:
    case = open_case(store)
    row = _in(store, case, payload)
    last = store.timeline(case)[-1]
    assert (last["kind"], last["case_seq"], last["actor"]) == (payload.kind, 2, "officer")
    assert last["hash"] == row["head"] == store.journal.head(case).hash


@pytest.mark.parametrize("harm", ["missing", "garbage", "older schema", "emptied"])
def test_unusable_register_is_made_again_by_itself(store: Store, harm: str) -> None:
    case = reviewing_case(store)
    path = store.register.path
    before = _everything(path)
    if harm == "missing":
        path.unlink()
    elif harm == "garbage":
        path.write_bytes(b"\x00garbage" * 4096)
    else:
        with open_database(path) as db:
            db.execute(
                "DELETE FROM applied"
                if harm == "emptied"
                else f"UPDATE applied SET schema = {SCHEMA_VERSION - 1}"
            )
            db.execute("UPDATE cases SET title = 'spoilt'")
    assert Store.open(store.folder).case(case)["state"] == "reviewing"
    assert _everything(path) == before


@pytest.mark.parametrize("length", [1, 2])
def test_register_of_another_journal_is_made_again(store: Store, tmp_path: Path, length: int) -> None:
    open_case(store)
    other = Store.open(tmp_path / "other")
    foreign = [open_case(other) for _ in range(length)]
    other.close()
    store.close()
    (store.folder / "register.db").write_bytes((other.folder / "register.db").read_bytes())
    again = Store.open(store.folder)
    assert len(again.cases()) == 1
    with pytest.raises(RecordsError, match="E402"):
        again.case(foreign[0])


def test_damaged_journal_does_not_cost_the_register(store: Store) -> None:
    case = open_case(store)
    store.journal.path.write_bytes(b"garbage" * 4096)
    with pytest.raises(RecordsError, match=r"E415.*journal\.db"):
        store.register.catch_up()
    assert store.journal.path.read_bytes().startswith(b"garbage")
    assert case


def test_verify_finds_a_changed_register(store: Store) -> None:
    case = reviewing_case(store)
    assert store.verify() == []
    with open_database(store.register.path) as db:
        db.execute("UPDATE relevance SET level = 'none' WHERE case_id = ?", [case])
    assert [problem.place for problem in store.verify()] == ["台账 relevance"]
    store.rebuild()
    assert store.verify() == []


def _catch_up(folder: Path, barrier: object) -> None:
    store = Store(folder, "site", "")
    barrier.wait()  # type: ignore[attr-defined]
    store.register.catch_up()


def test_processes_catching_up_at_once_apply_each_event_once(store: Store) -> None:
    case = reviewing_case(store)
    for item in range(150):
        store.journal.append(case, scored("e1", f"q{item}"), "e1")
    context = multiprocessing.get_context("spawn")
    barrier = context.Barrier(3)
    workers = [context.Process(target=_catch_up, args=(store.folder, barrier)) for _ in range(3)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert [worker.exitcode for worker in workers] == [0, 0, 0]
    assert store.case(case)["case_seq"] == 154
    assert store.verify() == []


@pytest.mark.parametrize("statement", ["DELETE FROM cases", "DELETE FROM cases RETURNING id"])
def test_rows_cannot_write(store: Store, statement: str) -> None:
    case = open_case(store)
    with pytest.raises(RecordsError, match="E414"):
        store.rows(statement)
    assert store.case(case)["id"] == case

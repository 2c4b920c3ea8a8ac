"""A data folder as a whole."""

from __future__ import annotations

import multiprocessing
import threading
from pathlib import Path
from typing import Any

import pytest

from assessment.messages import RecordsError
from assessment.records.database import open_database
from assessment.records.store import Store, new_case_id
from tests.records.cases import decided, open_case, received, reviewing_case, scored


def test_first_opening_makes_a_site_and_later_ones_keep_it(tmp_path: Path) -> None:
    first = Store.open(tmp_path / "deep" / "data", "甲市")
    again = Store.open(tmp_path / "deep" / "data")
    assert (again.site, again.site_name) == (first.site, "甲市")
    assert Store.open(tmp_path / "deep" / "data", "甲市妇儿工委办").site == first.site
    assert Store.open(tmp_path / "deep" / "data").site_name == "甲市妇儿工委办"
    assert Store.open(tmp_path / "other").site != first.site


def test_rename_keeps_the_id(store: Store) -> None:
    site = store.site
    store.rename("乙县")
    assert (store.site, store.site_name) == (site, "乙县")
    assert Store.open(store.folder).site_name == "乙县"


def _open_and_report(folder: Path, queue: Any) -> None:
    queue.put(Store.open(folder).site)


def test_processes_opening_a_new_folder_at_once_agree_on_the_site(tmp_path: Path) -> None:
    context = multiprocessing.get_context("spawn")
    queue = context.Queue()
    workers = [context.Process(target=_open_and_report, args=(tmp_path / "data", queue)) for _ in range(4)]
    for worker in workers:
        worker.start()
    sites = {queue.get(timeout=60) for _ in workers}
    for worker in workers:
        worker.join()
    assert sites == {Store.open(tmp_path / "data").site}


def test_append_needs_the_files_it_names(store: Store) -> None:
    with pytest.raises(RecordsError, match="E405"):
        store.append(new_case_id(), received(), "officer")
    assert store.cases() == []
    assert store.verify() == []


def test_cases_by_state_last_touched_first(store: Store) -> None:
    old, reviewing, new = open_case(store), reviewing_case(store), open_case(store)
    assert [row["id"] for row in store.cases()] == [new, reviewing, old]
    assert [row["id"] for row in store.cases("reviewing")] == [reviewing]
    store.append(old, decided(), "officer")
    assert [row["id"] for row in store.cases("received")] == [old, new]
    assert store.cases("closed") == []


def test_unknown_case_is_refused(store: Store) -> None:
    with pytest.raises(RecordsError, match="E402"):
        store.case("absent")


@pytest.mark.parametrize("harm", ["missing", "damaged"])
def test_verify_finds_a_file_that_is(store: Store, harm: str) -> None:
    case = open_case(store)
    path = store.files.path(store.case(case)["file"])
    path.unlink() if harm == "missing" else path.write_bytes(b"other")
    (problem,) = store.verify()
    assert case in str(problem)
    assert ("找不到" if harm == "missing" else "损坏") in problem.text


def test_verify_reports_an_unreadable_event_and_goes_on(store: Store) -> None:
    open_case(store)
    with open_database(store.journal.path) as db:
        db.conn.execute("DROP TRIGGER events_are_never_changed")
        db.execute("UPDATE events SET payload = '{}'")
    assert [problem.text for problem in store.verify()] == [
        "内容无法识别",
        "有记录无法识别，文件和台账未能全部核对",
    ]


def test_event_is_kept_even_if_the_register_cannot_follow(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = open_case(store)

    def refuse() -> None:
        raise RecordsError("E414", reason="database or disk is full")

    with monkeypatch.context() as patch:
        patch.setattr(store.register, "catch_up", refuse)
        with pytest.raises(RecordsError, match=r"E416.*已经保存"):
            store.append(case, scored("e1", "q1"), "e1")
    assert Store.open(store.folder).of_case("answers", case)[0]["answer"] == "符合"


def test_verify_while_others_write_raises_no_false_alarm(store: Store) -> None:
    case = reviewing_case(store)
    stop = threading.Event()

    def write() -> None:
        number = 0
        while not stop.is_set():
            store.append(case, scored("e1", f"q{number}"), "e1")
            number += 1

    writer = threading.Thread(target=write)
    writer.start()
    try:
        found = [store.verify() for _ in range(15)]
    finally:
        stop.set()
        writer.join()
    assert found == [[]] * 15

"""Backups: consistent while in use; restoration changes nothing unless all is sound."""

from __future__ import annotations

import hashlib
import json
import os
import sqlite3
import threading
import zipfile
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from assessment.messages import AccountError, RecordsError
from assessment.records.backup import backup, restore
from assessment.records.bundles import Limits
from assessment.records.exchange import export_cases
from assessment.records.store import Store
from tests.records.cases import open_case, reviewing_case, scored

Entries = dict[str, bytes]


def _tree(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def _entries(path: Path) -> Entries:
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def _rewrite(path: Path, entries: Entries, *, listed: bool = True) -> None:
    """Write ``entries`` as the zip file at ``path``, with a manifest that lists them as they now are."""
    manifest = json.loads(entries["manifest.json"])
    if listed:
        manifest["entries"] = {
            name: hashlib.sha256(content).hexdigest()
            for name, content in entries.items()
            if name != "manifest.json"
        }
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in (entries | {"manifest.json": json.dumps(manifest).encode()}).items():
            archive.writestr(name, content)


def test_restored_store_is_the_same(store: Store, tmp_path: Path) -> None:
    case = reviewing_case(store)
    account = store.accounts.create("wang", "correct horse", ["officer"])
    token = store.accounts.open_session(account.id)
    manifest = backup(store, tmp_path / "backup.zip")
    assert (manifest.kind, manifest.site, manifest.site_name) == ("backup", store.site, "甲市")
    assert restore(tmp_path / "backup.zip", tmp_path / "fresh") is None
    again = Store.open(tmp_path / "fresh")
    assert (again.site, again.site_name) == (store.site, "甲市")
    assert again.timeline(case) == store.timeline(case)
    assert list(again.files.names()) == list(store.files.names())
    assert again.accounts.authenticate("wang", "correct horse") == account
    assert again.accounts.session_account(token) is None
    assert again.verify() == []
    assert again.append(case, scored("e1", "q1"), "e1").case_seq == store.case(case)["case_seq"] + 1


def test_backup_lists_and_hashes_every_entry(store: Store, tmp_path: Path) -> None:
    reviewing_case(store)
    manifest = backup(store, tmp_path / "backup.zip")
    entries = _entries(tmp_path / "backup.zip")
    assert manifest.entries == {
        name: hashlib.sha256(content).hexdigest()
        for name, content in entries.items()
        if name != "manifest.json"
    }
    assert {"journal.db", "accounts.db"} < manifest.entries.keys()
    assert "register.db" not in manifest.entries
    assert [path.name for path in (store.folder / "tmp").iterdir()] == []


def test_backup_while_writing_is_one_moment(store: Store, tmp_path: Path) -> None:
    case = reviewing_case(store)
    stop = threading.Event()

    def write() -> None:
        number = 0
        while not stop.is_set():
            store.append(case, scored("e1", f"q{number}"), "e1")
            open_case(store, os.urandom(2000))
            number += 1

    writers = [threading.Thread(target=write) for _ in range(2)]
    for writer in writers:
        writer.start()
    try:
        for number in range(4):
            backup(store, tmp_path / f"{number}.zip")
    finally:
        stop.set()
        for writer in writers:
            writer.join()
    everything = [event.hash for _, event in store.journal.read_from()]
    lengths = []
    for number in range(4):
        restore(tmp_path / f"{number}.zip", tmp_path / f"restored{number}")
        kept = [event.hash for _, event in Store.open(tmp_path / f"restored{number}").journal.read_from()]
        assert kept == everything[: len(kept)]
        lengths.append(len(kept))
    assert lengths == sorted(lengths)
    assert lengths[0] < lengths[-1]
    assert store.verify() == []


def test_failed_backup_leaves_the_earlier_one(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    open_case(store)
    backup(store, tmp_path / "backup.zip")
    before = (tmp_path / "backup.zip").read_bytes()

    def full(_descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", full)
        with pytest.raises(RecordsError, match="E426"):
            backup(store, tmp_path / "backup.zip")
    assert (tmp_path / "backup.zip").read_bytes() == before
    assert sorted(path.name for path in tmp_path.iterdir()) == ["backup.zip", "data"]


def test_backup_to_a_folder_that_is_not_there(store: Store, tmp_path: Path) -> None:
    with pytest.raises(RecordsError, match="E426"):
        backup(store, tmp_path / "nowhere" / "backup.zip")


def test_restore_refuses_a_folder_in_use_unless_told(store: Store, tmp_path: Path) -> None:
    case = open_case(store)
    backup(store, tmp_path / "backup.zip")
    later = open_case(store)
    with pytest.raises(RecordsError, match="E423"):
        restore(tmp_path / "backup.zip", store.folder)
    assert {row["id"] for row in store.cases()} == {case, later}
    former = restore(tmp_path / "backup.zip", store.folder, replace=True)
    assert former is not None
    assert [row["id"] for row in Store.open(store.folder).cases()] == [case]
    assert {row["id"] for row in Store.open(former).cases()} == {case, later}


def test_restore_into_an_empty_folder_needs_no_telling(store: Store, tmp_path: Path) -> None:
    open_case(store)
    backup(store, tmp_path / "backup.zip")
    (tmp_path / "empty").mkdir()
    assert restore(tmp_path / "backup.zip", tmp_path / "empty") is None
    assert len(Store.open(tmp_path / "empty").cases()) == 1


def test_failed_swap_puts_the_former_folder_back(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    open_case(store)
    backup(store, tmp_path / "backup.zip")
    before = _tree(store.folder)
    real = os.rename

    def refuse(source: Path, target: Path) -> None:
        if Path(source).name == "store":
            raise OSError(13, "Permission denied")
        real(source, target)

    monkeypatch.setattr(os, "rename", refuse)
    with pytest.raises(RecordsError, match="E425"):
        restore(tmp_path / "backup.zip", store.folder, replace=True)
    assert _tree(store.folder) == before


def _file_entry(entries: Entries) -> str:
    return next(name for name in entries if name.startswith("files/"))


def _not_a_zip(path: Path, _entries: Entries) -> None:
    path.write_bytes(b"PK\x03\x04 no")


def _cut_short(path: Path, _entries: Entries) -> None:
    path.write_bytes(path.read_bytes()[:-40])


def _damaged_bytes(path: Path, _entries: Entries) -> None:
    content = bytearray(path.read_bytes())
    with zipfile.ZipFile(path) as archive:
        info = archive.getinfo("journal.db")
    middle = info.header_offset + 100 + info.compress_size // 2
    content[middle : middle + 8] = b"\xff" * 8
    path.write_bytes(bytes(content))


def _no_manifest(path: Path, entries: Entries) -> None:
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("journal.db", entries["journal.db"])


def _manifest_of_another_format(path: Path, entries: Entries) -> None:
    manifest = json.loads(entries["manifest.json"]) | {"format": 99}
    _rewrite(path, entries | {"manifest.json": json.dumps(manifest).encode()})


def _manifest_not_json(path: Path, entries: Entries) -> None:
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("journal.db", entries["journal.db"])
        archive.writestr("manifest.json", b"[1")


def _path_traversal(path: Path, entries: Entries) -> None:
    _rewrite(path, entries | {"../../evil": b"x"})


def _absolute_path(path: Path, entries: Entries) -> None:
    _rewrite(path, entries | {"/tmp/evil": b"x"})


def _file_in_the_wrong_drawer(path: Path, entries: Entries) -> None:
    _rewrite(path, entries | {f"files/00/{'a' * 64}": b"x"})


def _unlisted_entry(path: Path, entries: Entries) -> None:
    _rewrite(path, entries | {f"files/aa/{'a' * 64}": b"x"}, listed=False)


def _listed_entry_absent(path: Path, entries: Entries) -> None:
    _rewrite(
        path,
        {name: content for name, content in entries.items() if name != _file_entry(entries)},
        listed=False,
    )


def _entry_twice(path: Path, entries: Entries) -> None:
    with pytest.warns(UserWarning, match="Duplicate"), zipfile.ZipFile(path, "a") as archive:
        archive.writestr("journal.db", entries["journal.db"])


def _content_changed(path: Path, entries: Entries) -> None:
    _rewrite(path, entries | {_file_entry(entries): b"other"}, listed=False)


def _file_not_what_its_name_says(path: Path, entries: Entries) -> None:
    _rewrite(path, entries | {_file_entry(entries): b"other"})


def _file_left_out(path: Path, entries: Entries) -> None:
    _rewrite(path, {name: content for name, content in entries.items() if name != _file_entry(entries)})


def _no_accounts(path: Path, entries: Entries) -> None:
    _rewrite(path, {name: content for name, content in entries.items() if name != "accounts.db"})


def _journal_not_a_database(path: Path, entries: Entries) -> None:
    _rewrite(path, entries | {"journal.db": b"garbage" * 1000})


def _journal_tampered(path: Path, entries: Entries) -> None:
    scratch = path.with_suffix(".db")
    scratch.write_bytes(entries["journal.db"])
    with closing(sqlite3.connect(scratch)) as db:
        db.execute("DROP TRIGGER events_are_never_changed")
        db.execute("UPDATE events SET actor = 'other' WHERE position = 1")
        db.commit()
    _rewrite(path, entries | {"journal.db": scratch.read_bytes()})
    scratch.unlink()


@pytest.mark.parametrize(
    ("harm", "code"),
    [
        (_not_a_zip, "E420"),
        (_cut_short, "E420"),
        (_no_manifest, "E420"),
        (_manifest_of_another_format, "E420"),
        (_manifest_not_json, "E420"),
        (_path_traversal, "E420"),
        (_absolute_path, "E420"),
        (_file_in_the_wrong_drawer, "E420"),
        (_damaged_bytes, "E421"),
        (_unlisted_entry, "E421"),
        (_listed_entry_absent, "E421"),
        (_entry_twice, "E421"),
        (_content_changed, "E421"),
        (_no_accounts, "E421"),
        (_file_not_what_its_name_says, "E424"),
        (_file_left_out, "E424"),
        (_journal_not_a_database, "E424"),
        (_journal_tampered, "E424"),
    ],
)
def test_bad_backup_is_refused_and_changes_nothing(
    store: Store, tmp_path: Path, harm: Callable[[Path, Entries], None], code: str
) -> None:
    open_case(store)
    archive = tmp_path / "backup.zip"
    backup(store, archive)
    harm(archive, _entries(archive))
    before = _tree(store.folder)
    for target, replace in ((tmp_path / "fresh", False), (store.folder, True)):
        with pytest.raises(RecordsError, match=code):
            restore(archive, target, replace=replace)
    assert _tree(store.folder) == before
    assert sorted(path.name for path in tmp_path.iterdir()) == ["backup.zip", "data"]


def test_exchange_package_is_no_backup(store: Store, tmp_path: Path) -> None:
    open_case(store)
    export_cases(store, None, tmp_path / "package.zip")
    with pytest.raises(RecordsError, match=r"E420.*这是交换包"):
        restore(tmp_path / "package.zip", tmp_path / "fresh")


@pytest.mark.parametrize("limits", [Limits(entries=2), Limits(entry_bytes=1000), Limits(total_bytes=5000)])
def test_backup_over_the_limits_is_refused(store: Store, tmp_path: Path, limits: Limits) -> None:
    open_case(store)
    backup(store, tmp_path / "backup.zip")
    with pytest.raises(RecordsError, match="E422"):
        restore(tmp_path / "backup.zip", tmp_path / "fresh", limits=limits)
    assert not (tmp_path / "fresh").exists()


def test_one_time_codes_do_not_come_back_with_a_backup(tmp_path: Path) -> None:
    store = Store.open(tmp_path / "data")
    account = store.accounts.create("chief", "correct-horse-9", ["admin"], "主任")
    code = store.accounts.issue_reset(account.id)
    backup(store, tmp_path / "b.zip")
    restore(tmp_path / "b.zip", tmp_path / "other")
    again = Store.open(tmp_path / "other")
    with pytest.raises(AccountError, match="E715"):
        again.accounts.redeem_reset(code, "another-horse-10")
    assert again.verify() == []


def test_an_altered_account_log_is_found(tmp_path: Path) -> None:
    store = Store.open(tmp_path / "data")
    store.accounts.create("chief", "correct-horse-9", ["admin"], "主任")
    with sqlite3.connect(store.folder / "accounts.db") as db:
        db.execute("DROP TRIGGER account_events_are_never_changed")
        db.execute("UPDATE account_events SET kind = 'SignedIn' WHERE seq = 1")
    assert store.verify() != []

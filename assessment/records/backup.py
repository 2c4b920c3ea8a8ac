"""Backup and restoration of a whole data folder."""

from __future__ import annotations

import os
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

from assessment.messages import RecordsError
from assessment.records.bundles import Bundle, Limits, Manifest, open_bundle, write_bundle
from assessment.records.store import ACCOUNTS, FILES, JOURNAL, TEMPORARY, Store

MODELS = "models"
"""Below the data folder: the office's own models, and the record of which it chose to use."""


OPEN_DOORS = ("sessions", "invitations", "resets", "handshakes")
"""Tables of what lets somebody in for a while: used or void by the time a backup is restored."""


def backup(store: Store, path: Path) -> Manifest:
    """Write everything but the register, which can be made again, and open sessions and
    one-time codes to one zip file.

    Works while the store is in use: the journal is copied in one moment, and every file it names was kept
    before and is never changed.

    Args:
        store: what to back up.
        path: the zip file to make; an existing one is replaced.

    Raises:
        RecordsError: E426, the disk refuses (an existing file at ``path`` is left alone).
    """
    scratch = store.folder / TEMPORARY
    scratch.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(dir=scratch) as folder:
        return write_bundle(
            path,
            "backup",
            (store.site, store.site_name),
            store.journal.clock().isoformat(),
            _backup_entries(store, Path(folder)),
        )


def _backup_entries(store: Store, scratch: Path) -> Iterator[tuple[str, Path]]:
    for name in (JOURNAL, ACCOUNTS):
        _copy_database(store.folder / name, scratch / name)
        yield name, scratch / name
    for name in store.files.names():
        yield f"{FILES}/{name[:2]}/{name}", store.files.path(name)
    for pattern in ("[0-9][0-9][0-9][0-9]/*", "choices/*.json", "reserved.json"):
        for path in sorted((store.folder / MODELS).glob(pattern)):
            yield f"{MODELS}/{path.relative_to(store.folder / MODELS).as_posix()}", path


def _copy_database(source: Path, target: Path) -> None:
    with closing(sqlite3.connect(source)) as live, closing(sqlite3.connect(target)) as copy:
        live.backup(copy)
        copy.execute("PRAGMA journal_mode=DELETE")
        if target.name == ACCOUNTS:
            for table in OPEN_DOORS:
                copy.execute(f"DELETE FROM {table}")
            copy.commit()


def restore(
    archive: Path, folder: Path, *, replace: bool = False, limits: Limits | None = None
) -> Path | None:
    """Make a data folder from a backup; nothing is changed unless all of it proves sound.

    Args:
        archive: a zip file made by ``backup``.
        folder: the data folder to make; must not be a mount point.
        replace: allow a folder that holds a store; what was in it is kept beside it.
        limits: the most the archive may hold.

    Returns:
        Where the former folder is kept, or None if there was none.

    Raises:
        RecordsError: E420 to E422 the archive is refused, E423 the folder is in use, E424 the records in
            the archive do not verify, E425 the folder cannot be swapped.
    """
    folder = folder.absolute()
    occupied = folder.is_dir() and any(folder.iterdir())
    if occupied and not replace:
        raise RecordsError("E423", folder=folder)
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder.parent, prefix=f".{folder.name}.") as scratch:
        fresh = Path(scratch) / "store"
        fresh.mkdir(mode=0o700)
        with open_bundle(archive, "backup", limits) as bundle:
            _unpack(bundle, fresh)
        _require_sound(fresh)
        return _swap(fresh, folder)


def _unpack(bundle: Bundle, folder: Path) -> None:
    for name in (JOURNAL, ACCOUNTS):
        bundle.extract(name, folder / name)
    for name in bundle.files():
        bundle.extract(f"{FILES}/{name[:2]}/{name}", folder / FILES / name[:2] / name)
    for name in bundle.models():
        bundle.extract(name, folder / name)


def _require_sound(folder: Path) -> None:
    try:
        with closing(Store.open(folder)) as store:
            problems = store.verify()
    except (RecordsError, sqlite3.DatabaseError) as error:
        raise RecordsError("E424", place=JOURNAL, reason="数据库无法读取") from error
    if problems:
        raise RecordsError("E424", place=problems[0].place, reason=problems[0].text)


def _swap(fresh: Path, folder: Path) -> Path | None:
    former = folder.with_name(f"{folder.name}.before-{datetime.now(UTC):%Y%m%dT%H%M%S%f}")
    try:
        if not folder.exists():
            os.rename(fresh, folder)
            return None
        os.rename(folder, former)
        try:
            os.rename(fresh, folder)
        except OSError:
            os.rename(former, folder)
            raise
    except OSError as error:
        raise RecordsError("E425", reason=error.strerror or str(error)) from error
    if any(former.iterdir()):
        return former
    former.rmdir()
    return None

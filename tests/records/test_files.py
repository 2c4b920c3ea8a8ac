"""The file store: whole or not at all, and never another content under a name."""

from __future__ import annotations

import errno
import hashlib
import os
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from assessment.messages import RecordsError
from assessment.records.files import FileStore


@pytest.fixture
def files(tmp_path: Path) -> FileStore:
    return FileStore(tmp_path / "files", tmp_path / "tmp")


def _leftovers(files: FileStore) -> list[Path]:
    return [path for path in files.temporary.rglob("*") if path.is_file()] if files.temporary.exists() else []


@pytest.mark.parametrize("content", [b"", b"draft", bytes(range(256)) * 4096])
def test_put_and_get(files: FileStore, content: bytes) -> None:
    name = files.put(content)
    assert name == hashlib.sha256(content).hexdigest()
    assert files.get(name) == content
    assert name in files
    assert files.path(name) == files.folder / name[:2] / name
    assert _leftovers(files) == []


def test_putting_again_changes_nothing(files: FileStore) -> None:
    name = files.put(b"draft")
    before = files.path(name).stat()
    assert files.put(b"draft") == name
    assert files.path(name).stat().st_mtime_ns == before.st_mtime_ns
    assert list(files.names()) == [name]


def test_put_mends_a_truncated_file(files: FileStore) -> None:
    name = files.put(b"draft")
    files.path(name).write_bytes(b"dra")
    files.put(b"draft")
    assert files.get(name) == b"draft"


def test_many_threads_putting_the_same(files: FileStore) -> None:
    content = os.urandom(200_000)
    threads = [threading.Thread(target=files.put, args=(content,)) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert files.get(hashlib.sha256(content).hexdigest()) == content
    assert _leftovers(files) == []


@pytest.mark.parametrize(
    "name", ["", "../../etc/passwd", "A" * 64, "a" * 63, "a" * 65, "a" * 64 + "\n", "/" * 64]
)
def test_only_hashes_are_names(files: FileStore, name: str) -> None:
    for ask in (files.get, files.path, files.__contains__):
        with pytest.raises(RecordsError, match="E411"):
            ask(name)


def test_missing_and_damaged_files_are_told_apart(files: FileStore) -> None:
    with pytest.raises(RecordsError, match="E412"):
        files.get("a" * 64)
    name = files.put(b"draft")
    files.path(name).write_bytes(b"drift")
    with pytest.raises(RecordsError, match="E413"):
        files.get(name)


def _full(*_args: object, **_kwargs: object) -> None:
    raise OSError(errno.ENOSPC, "No space left on device")


@pytest.mark.parametrize("step", ["os.fsync", "os.replace", "tempfile.mkstemp"])
def test_full_disk_leaves_nothing_half_written(
    files: FileStore, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    kept = files.put(b"earlier")
    with monkeypatch.context() as patch:
        patch.setattr(step, _full)
        with pytest.raises(RecordsError, match=r"E410.*No space left.*磁盘空间"):
            files.put(b"draft")
    assert list(files.names()) == [kept]
    assert _leftovers(files) == []
    assert files.get(files.put(b"draft")) == b"draft"


def test_full_disk_while_writing_the_bytes(files: FileStore, monkeypatch: pytest.MonkeyPatch) -> None:
    real: Callable[..., object] = os.fdopen

    class Full:
        def __init__(self, stream: object) -> None:
            self.stream = stream

        def __enter__(self) -> Full:
            return self

        def __exit__(self, *_error: object) -> None:
            self.stream.close()  # type: ignore[attr-defined]

        def write(self, content: bytes) -> None:
            self.stream.write(content[:2])  # type: ignore[attr-defined]
            _full()

    monkeypatch.setattr(os, "fdopen", lambda *args, **kwargs: Full(real(*args, **kwargs)))
    with pytest.raises(RecordsError, match="E410"):
        files.put(b"draft")
    assert list(files.names()) == []
    assert _leftovers(files) == []

"""The file store: immutable files, each named by the SHA-256 of its bytes."""

from __future__ import annotations

import hashlib
import os
import re
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from assessment.messages import RecordsError

_NAME = re.compile(r"[0-9a-f]{64}")


class FileStore:
    """Files under ``<folder>/ab/<sha256>``, written whole or not at all.

    Args:
        folder: where the files lie.
        temporary: where a file is written before it gets its name; must be on the same disk.
    """

    def __init__(self, folder: Path, temporary: Path) -> None:
        self.folder = folder
        self.temporary = temporary

    def put(self, content: bytes) -> str:
        """Keep ``content`` and return its name; keeping the same bytes again changes nothing.

        Raises:
            RecordsError: E410, the disk refuses the write (nothing is left half written).
        """
        name = hashlib.sha256(content).hexdigest()
        target = self.path(name)
        if target.is_file() and target.stat().st_size == len(content):
            return name
        try:
            target.parent.mkdir(parents=True, exist_ok=True)
            self._write(target, content)
        except OSError as error:
            raise RecordsError("E410", reason=error.strerror or str(error)) from error
        return name

    def get(self, name: str) -> bytes:
        """The bytes of a file, checked against its name.

        Raises:
            RecordsError: E411 not a file name of this store, E412 missing, E413 damaged.
        """
        try:
            content = self.path(name).read_bytes()
        except FileNotFoundError as error:
            raise RecordsError("E412", name=name) from error
        if hashlib.sha256(content).hexdigest() != name:
            raise RecordsError("E413", name=name)
        return content

    def __contains__(self, name: str) -> bool:
        return self.path(name).is_file()

    def names(self) -> Iterator[str]:
        """Names of all files kept, in order."""
        for path in sorted(self.folder.glob("??/*")):
            if _NAME.fullmatch(path.name):
                yield path.name

    def path(self, name: str) -> Path:
        """Where a file lies or would lie; E411 if ``name`` is no SHA-256."""
        if not _NAME.fullmatch(name):
            raise RecordsError("E411", name=name[:80])
        return self.folder / name[:2] / name

    def _write(self, target: Path, content: bytes) -> None:
        self.temporary.mkdir(parents=True, exist_ok=True)
        handle, draft = tempfile.mkstemp(dir=self.temporary)
        try:
            with os.fdopen(handle, "wb") as stream:
                stream.write(content)
                stream.flush()
                os.fsync(stream.fileno())
            os.replace(draft, target)
        except BaseException:
            with suppress(FileNotFoundError):
                os.unlink(draft)
            raise
        sync_folder(target.parent)


def sync_folder(folder: Path) -> None:
    """Make names just put into ``folder`` survive a power cut, where the system can (not on Windows)."""
    if os.name != "posix":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)

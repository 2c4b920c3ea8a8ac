"""Zip files with a manifest: how backups and exchange packages are written, and read without trust."""

from __future__ import annotations

import hashlib
import json
import os
import re
import tempfile
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO, Literal

from pydantic import BaseModel, ConfigDict, ValidationError

from assessment.messages import RecordsError
from assessment.records.events import Sha256

MANIFEST = "manifest.json"
FORMAT = 1
Kind = Literal["backup", "exchange"]
KIND_NAMES: dict[Kind, str] = {"backup": "备份文件", "exchange": "交换包"}

_NAME = re.compile(
    r"journal\.db|accounts\.db|events\.jsonl|files/([0-9a-f]{2})/(\1[0-9a-f]{62})"
    r"|models/([0-9]{4}/[a-z]+\.(json|jsonl|skops)|choices/[0-9]{6}\.json|reserved\.json)"
)
_BROKEN = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, ValueError)
"""What reading a damaged or hostile zip may raise: bad structure, bad stream, early end, encryption."""

_CHUNK = 1 << 20
_MANIFEST_BYTES = 64 << 20


@dataclass(frozen=True, slots=True)
class Limits:
    """The most a bundle may hold: number of entries, bytes of one entry and of all, unpacked."""

    entries: int = 200_000
    entry_bytes: int = 4 << 30
    total_bytes: int = 64 << 30


class Manifest(BaseModel):
    """What a bundle says of itself.

    Attributes:
        format: version of this layout.
        kind: backup or exchange.
        site, site_name: who made it.
        created: when, UTC, ISO.
        entries: name → SHA-256 of every other entry.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")
    format: int
    kind: Kind
    site: str
    site_name: str
    created: str
    entries: dict[str, Sha256]


def write_bundle(
    path: Path, kind: Kind, site: tuple[str, str], created: str, entries: Iterable[tuple[str, Path | bytes]]
) -> Manifest:
    """Write a bundle whole or not at all.

    Args:
        path: the zip file to make; an existing one is replaced.
        kind: backup or exchange.
        site: id and name of who makes it.
        created: when, UTC, ISO.
        entries: names and contents.

    Raises:
        RecordsError: E426, the disk refuses.
    """
    draft = None
    try:
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
        draft = Path(name)
        with os.fdopen(handle, "wb") as stream:
            manifest = _write_zip(stream, kind, site, created, entries)
            stream.flush()
            os.fsync(stream.fileno())
        os.replace(draft, path)
    except OSError as error:
        raise RecordsError("E426", path=path, reason=error.strerror or str(error)) from error
    finally:
        if draft is not None:
            with suppress(FileNotFoundError):
                draft.unlink()
    return manifest


def _write_zip(
    stream: BinaryIO,
    kind: Kind,
    site: tuple[str, str],
    created: str,
    entries: Iterable[tuple[str, Path | bytes]],
) -> Manifest:
    hashes: dict[str, str] = {}
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in entries:
            digest = hashlib.sha256()
            with archive.open(name, "w", force_zip64=True) as target:
                for chunk in _chunks(content):
                    digest.update(chunk)
                    target.write(chunk)
            hashes[name] = digest.hexdigest()
        manifest = Manifest(
            format=FORMAT, kind=kind, site=site[0], site_name=site[1], created=created, entries=hashes
        )
        archive.writestr(MANIFEST, json.dumps(manifest.model_dump(), ensure_ascii=False, indent=1))
    return manifest


def _chunks(content: Path | bytes) -> Iterator[bytes]:
    if isinstance(content, bytes):
        yield content
        return
    with content.open("rb") as stream:
        while chunk := stream.read(_CHUNK):
            yield chunk


@dataclass(frozen=True, slots=True)
class Bundle:
    """A bundle whose manifest, entry names and sizes have been checked; contents are checked as they are read."""

    archive: zipfile.ZipFile
    manifest: Manifest

    def files(self) -> list[str]:
        """SHA-256 of every file-store entry."""
        return [name.rsplit("/", 1)[1] for name in self.manifest.entries if name.startswith("files/")]

    def models(self) -> list[str]:
        """Names of the entries that belong to the office's own models."""
        return [name for name in self.manifest.entries if name.startswith("models/")]

    def read(self, name: str) -> bytes:
        """One entry's bytes; E421 if it is not there or its hash does not fit."""
        return b"".join(self._checked(name))

    def extract(self, name: str, target: Path) -> None:
        """Write one entry to ``target``; errors as for ``read``."""
        target.parent.mkdir(parents=True, exist_ok=True)
        with target.open("xb") as stream:
            for chunk in self._checked(name):
                stream.write(chunk)
            stream.flush()
            os.fsync(stream.fileno())

    def _checked(self, name: str) -> Iterator[bytes]:
        if name not in self.manifest.entries:
            raise RecordsError("E421", name=name)
        digest = hashlib.sha256()
        left = self.archive.getinfo(name).file_size
        try:
            with self.archive.open(name) as source:
                while chunk := source.read(min(_CHUNK, left + 1)):
                    left -= len(chunk)
                    if left < 0:
                        raise RecordsError("E421", name=name)
                    digest.update(chunk)
                    yield chunk
        except _BROKEN as error:
            raise RecordsError("E421", name=name) from error
        if digest.hexdigest() != self.manifest.entries[name]:
            raise RecordsError("E421", name=name)


@contextmanager
def open_bundle(path: Path, kind: Kind, limits: Limits | None = None) -> Iterator[Bundle]:
    """Open a bundle of unknown origin.

    Raises:
        RecordsError: E420 not a bundle of this kind, E421 an entry missing or unlisted, E422 too large.
    """
    wanted = KIND_NAMES[kind]
    try:
        archive = zipfile.ZipFile(path)
    except (OSError, *_BROKEN) as error:
        raise RecordsError("E420", wanted=wanted, reason="无法打开") from error
    with archive:
        _check_sizes(archive, limits or Limits())
        manifest = _manifest(archive, wanted)
        if manifest.kind != kind:
            raise RecordsError("E420", wanted=wanted, reason=f"这是{KIND_NAMES[manifest.kind]}")
        names = [info.filename for info in archive.infolist() if info.filename != MANIFEST]
        for name in names:
            if not _NAME.fullmatch(name):
                raise RecordsError("E420", wanted=wanted, reason=f"含有不应有的内容 {name[:80]!r}")
        if sorted(names) != sorted(manifest.entries):
            unlisted = sorted(set(names) ^ manifest.entries.keys()) or names
            raise RecordsError("E421", name=unlisted[0])
        yield Bundle(archive, manifest)


def _check_sizes(archive: zipfile.ZipFile, limits: Limits) -> None:
    infos = archive.infolist()
    if len(infos) > limits.entries:
        raise RecordsError("E422", reason=f"{len(infos)}个文件，上限{limits.entries}个")
    for size, limit in (
        (max((info.file_size for info in infos), default=0), limits.entry_bytes),
        (sum(info.file_size for info in infos), limits.total_bytes),
    ):
        if size > limit:
            raise RecordsError("E422", reason=f"展开后{size >> 20}MB，上限{limit >> 20}MB")


def _manifest(archive: zipfile.ZipFile, wanted: str) -> Manifest:
    try:
        info = archive.getinfo(MANIFEST)
        if info.file_size > _MANIFEST_BYTES:
            raise RecordsError("E422", reason="清单过大")
        with archive.open(info) as stream:
            raw: dict[str, Any] = json.loads(stream.read(_MANIFEST_BYTES))
        if raw["format"] != FORMAT:
            raise RecordsError("E420", wanted=wanted, reason=f"格式版本{raw['format']}，本程序只认{FORMAT}")
        return Manifest.model_validate(raw)
    except (KeyError, TypeError, ValidationError, *_BROKEN) as error:
        raise RecordsError("E420", wanted=wanted, reason="清单缺失或有误") from error

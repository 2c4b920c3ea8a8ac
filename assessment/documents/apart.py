"""Reading in a process of its own: a hostile file can spoil that process and nothing else.

A worker is a Python process that has loaded the readers and waits on its standard input. It serves one
file and ends, so nothing of one file reaches the next; a spare one is kept waiting, so that a small
file does not pay for Python's start. What comes back is JSON, never a pickle.
"""

from __future__ import annotations

import atexit
import base64
import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import IO, Any

from assessment.documents import worker
from assessment.documents.bundle import Bundle, Member
from assessment.documents.models import Document, Guess
from assessment.documents.processes import end, group, stop
from assessment.documents.read import MAX_BYTES
from assessment.documents.serial import from_json
from assessment.messages import DocumentError

Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Limits:
    """What a worker may use.

    Attributes:
        quiet: seconds without a result or, where pages are recognised, without another page done.
        total: seconds in all.
        memory: bytes of address space; not enforced on Windows, nor where the system has no such limit.
        recognising: the same once a recognition engine is loaded, which maps 1.6 GB for one page.
    """

    quiet: float = 75
    total: float = 1800
    memory: int = 1536 * 1024 * 1024
    recognising: int = 3 * 1024 * 1024 * 1024


LIMITS = Limits()
AT_ONCE = max(1, (os.cpu_count() or 2) - 1)
"""Workers that read at the same time; more wait for their turn."""


def read_apart(
    data: bytes,
    name: str,
    max_bytes: int = MAX_BYTES,
    progress: Progress | None = None,
    limits: Limits = LIMITS,
) -> Document:
    """As ``read``, in a process of its own.

    Args:
        data: the whole file.
        name: its file name.
        max_bytes: the largest size to accept.
        progress: told (pages done, pages in all) while pictures are recognised.
        limits: of time and memory.

    Raises:
        DocumentError: what ``read`` raises; E133 too much memory, E134 too slow, E135 the reader failed.
    """
    answer = _call({"do": "read", "name": name, "max_bytes": max_bytes}, data, limits, progress)
    return from_json(json.dumps(answer, ensure_ascii=False))


def page_image_apart(data: bytes, name: str, page: int, limits: Limits = LIMITS) -> bytes:
    """As ``page_image``, in a process of its own: a page as PNG."""
    answer = _call({"do": "picture", "name": name, "page": page}, data, limits)
    return base64.b64decode(answer["png"])


def open_bundle_apart(data: bytes, name: str, limits: Limits = LIMITS) -> Bundle:
    """As ``open_bundle``, in a process of its own."""
    answer = _call({"do": "bundle", "name": name}, data, limits)
    members = tuple(
        Member(**{**item, "data": base64.b64decode(item["data"]), "purpose": Guess(**item["purpose"])})
        for item in answer["members"]
    )
    return Bundle(answer["name"], members, answer["draft"], answer["reason"])


def warm_up() -> None:
    """Start the spare worker ahead of the first file."""
    _SPARES.refill()


class _Spares:
    """One worker kept waiting."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._waiting: subprocess.Popen[bytes] | None = None

    def take(self) -> subprocess.Popen[bytes]:
        """A worker that has served nobody yet."""
        with self._lock:
            spare, self._waiting = self._waiting, None
        if spare is not None and spare.poll() is None:
            return spare
        return _start()

    def refill(self) -> None:
        with self._lock:
            if self._waiting is None or self._waiting.poll() is not None:
                self._waiting = _start()

    def close(self) -> None:
        with self._lock:
            if self._waiting is not None:
                end(self._waiting)
                self._waiting = None


_SPARES = _Spares()
_TURNS = threading.BoundedSemaphore(AT_ONCE)
atexit.register(_SPARES.close)


def _start() -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-m", worker.__name__],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(path for path in sys.path if path)},
        **group(),
    )


class _Watch:
    """Ends a process when it is silent or busy for too long."""

    def __init__(self, process: subprocess.Popen[bytes], limits: Limits) -> None:
        self.expired = False
        self._process, self._limits = process, limits
        self._last = time.monotonic()
        self._until = self._last + limits.total
        self._stopped = threading.Event()
        threading.Thread(target=self._look, daemon=True).start()

    def heard(self) -> None:
        self._last = time.monotonic()

    def stop(self) -> None:
        self._stopped.set()

    def _look(self) -> None:
        while True:
            left = min(self._last + self._limits.quiet, self._until) - time.monotonic()
            if left <= 0:
                self.expired = True
                stop(self._process)
                return
            if self._stopped.wait(left):
                return


def _call(
    request: dict[str, Any], data: bytes, limits: Limits, progress: Progress | None = None
) -> dict[str, Any]:
    """What a worker answers to a request; DocumentError if it refuses or fails."""
    with _TURNS:
        process = _SPARES.take()
        watch = _Watch(process, limits)
        try:
            header = {
                **request,
                "size": len(data),
                "memory": limits.memory,
                "recognising": limits.recognising,
            }
            answer = _exchange(process, json.dumps(header).encode() + b"\n", data, watch, progress)
        finally:
            watch.stop()
            stop(process)
            _SPARES.refill()
    if watch.expired:
        raise DocumentError("E134", seconds=int(limits.quiet))
    if "refused" in answer:
        raise DocumentError(answer["refused"], **answer["fields"])
    if "answer" not in answer:
        raise DocumentError("E135")
    result: dict[str, Any] = answer["answer"]
    return result


def _exchange(
    process: subprocess.Popen[bytes], header: bytes, data: bytes, watch: _Watch, progress: Progress | None
) -> dict[str, Any]:
    """The last line a worker wrote; empty if it ended without any."""
    try:
        _stream(process.stdin).write(header + data)
        _stream(process.stdin).flush()
        for line in _stream(process.stdout):
            watch.heard()
            said: dict[str, Any] = json.loads(line)
            if "done" not in said:
                return said
            if progress is not None:
                progress(said["done"], said["total"])
    except (OSError, ValueError):
        return {}
    return {}


def _stream(pipe: IO[bytes] | None) -> IO[bytes]:
    if pipe is None:
        raise OSError("no pipe")
    return pipe

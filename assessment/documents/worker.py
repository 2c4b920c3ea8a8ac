"""The process that ``apart`` starts: one request on standard input, JSON lines on standard output.

The request is a line of JSON with ``do``, ``name`` and ``size``, then that many bytes. Each answer is a
line: ``{"done", "total"}`` while pages are recognised, at last ``{"answer"}`` or ``{"refused", "fields"}``.
"""

from __future__ import annotations

import base64
import contextlib
import json
import os
import signal
import sys
from collections.abc import Callable
from dataclasses import asdict
from typing import Any, NoReturn

from assessment.documents.bundle import Bundle, open_bundle
from assessment.documents.formats import Means
from assessment.documents.ocr import OcrEngine, default_engine
from assessment.documents.picture import page_image
from assessment.documents.read import read
from assessment.documents.serial import to_json
from assessment.messages import DocumentError

Say = Callable[[dict[str, Any]], None]


def serve() -> None:
    """Answer one request and return; return at once if standard input ends before one comes."""
    signal.signal(signal.SIGTERM, _leave)
    say = _speaker()
    line = sys.stdin.buffer.readline()
    if not line:
        return
    request = json.loads(line)
    data = sys.stdin.buffer.read(request["size"])
    _limit_memory(request["memory"])
    try:
        say({"answer": _answer(request, data, say)})
    except DocumentError as error:
        say({"refused": error.code, "fields": error.fields})
    except MemoryError:
        say({"refused": "E133", "fields": {}})


def _answer(request: dict[str, Any], data: bytes, say: Say) -> dict[str, Any]:
    name = request["name"]
    if request["do"] == "picture":
        return {"png": base64.b64encode(page_image(data, name, request["page"])).decode()}
    if request["do"] == "bundle":
        return _bundle(open_bundle(data, name))

    def engine() -> OcrEngine:
        _limit_memory(request["recognising"])
        return default_engine()

    means = Means(engine, lambda done, total: say({"done": done, "total": total}))
    document: dict[str, Any] = json.loads(to_json(read(data, name, request["max_bytes"], means)))
    return document


def _bundle(bundle: Bundle) -> dict[str, Any]:
    members = [
        {**asdict(member), "data": base64.b64encode(member.data).decode()} for member in bundle.members
    ]
    return {"name": bundle.name, "members": members, "draft": bundle.draft, "reason": bundle.reason}


def _speaker() -> Say:
    """Writes answers to what was standard output; what libraries print goes nowhere."""
    out = os.fdopen(os.dup(1), "wb")
    silent = os.open(os.devnull, os.O_WRONLY)
    os.dup2(silent, 1)

    def say(said: dict[str, Any]) -> None:
        out.write(json.dumps(said, ensure_ascii=True, default=str).encode() + b"\n")
        out.flush()

    return say


def _limit_memory(size: int) -> None:
    """Bound the address space; the hard limit stays, so that recognition may raise it again."""
    if sys.platform == "win32":
        return
    import resource

    with contextlib.suppress(ValueError, OSError):
        _, hard = resource.getrlimit(resource.RLIMIT_AS)
        resource.setrlimit(resource.RLIMIT_AS, (size, hard))


def _leave(number: int, frame: object) -> NoReturn:
    raise SystemExit(1)


if __name__ == "__main__":
    serve()

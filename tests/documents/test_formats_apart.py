"""Reading in a process of its own: the same document comes back, and whatever goes wrong there stays there."""

from __future__ import annotations

import io
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from PIL import Image

from assessment.documents import apart, read
from assessment.documents.processes import group
from assessment.messages import DocumentError

from .builders import page, pdf, word
from .ofd_writer import packed

DRAFT = word(["云川市托育规定", "第一条 为了托育。", "第二条 收费公开。"])


def code_of(data: bytes, name: str, limits: apart.Limits = apart.LIMITS) -> str:
    with pytest.raises(DocumentError) as refusal:
        apart.read_apart(data, name, limits=limits)
    assert "请" in refusal.value.message
    return refusal.value.code


def alive(process_id: str) -> bool:
    state = subprocess.run(
        ["ps", "-o", "stat=", "-p", process_id], capture_output=True, text=True, check=False
    )
    return state.stdout.strip() not in {"", "Z"}


def test_the_same_document_comes_back() -> None:
    assert apart.read_apart(DRAFT, "托育.docx") == read(DRAFT, "托育.docx")


def test_refusals_come_back_with_their_number_and_fields() -> None:
    with pytest.raises(DocumentError) as refusal:
        apart.read_apart(DRAFT, "托育.docx", max_bytes=1024 * 100 // 100)
    assert refusal.value.code == "E102"
    assert "MB" in refusal.value.message
    assert code_of(DRAFT[:200], "断.docx") == "E104"


def test_the_readers_after_a_refusal_are_unharmed() -> None:
    for data, name in [
        (b"\x00\x01", "x"),
        (DRAFT, "托育.docx"),
        (b"%PDF-1.7", "x.pdf"),
        (DRAFT, "托育.docx"),
    ]:
        if data is DRAFT:
            assert apart.read_apart(data, name).title == "云川市托育规定"
        else:
            code_of(data, name)


def test_several_at_once() -> None:
    drafts = [word([f"第一条 第{number}份。"]) for number in range(6)]
    with ThreadPoolExecutor(6) as pool:
        texts = list(pool.map(lambda data: apart.read_apart(data, "x.docx").text, drafts))
    assert texts == [f"第一条 第{number}份。" for number in range(6)]


def test_bundles_and_pictures_of_pages() -> None:
    bundle = apart.open_bundle_apart(packed({"草案.docx": DRAFT, "说明.txt": "起草说明。".encode()}), "x.zip")
    assert bundle.draft == 0
    assert bundle.members[0].data == DRAFT
    assert bundle.members[1].purpose.value == "起草说明"
    data = pdf([page(["第一条 甲。"]), page(["第二条 乙。"])])
    with Image.open(io.BytesIO(apart.page_image_apart(data, "x.pdf", 2))) as picture:
        assert picture.format == "PNG"
    with pytest.raises(DocumentError) as refusal:
        apart.page_image_apart(data, "x.pdf", 3)
    assert refusal.value.code == "E143"


@pytest.mark.skipif(sys.platform == "win32", reason="no limit on address space there")
def test_memory_is_bounded() -> None:
    data = ("第一条 " + "甲" * 9_000_000).encode()
    small = apart.Limits(memory=140 * 1024 * 1024)
    assert code_of(data, "长.txt", small) in {"E133", "E135"}


@pytest.mark.skipif(sys.platform == "win32", reason="uses a shell script")
def test_a_silent_reader_is_ended_with_what_it_started(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    slow = tmp_path / "soffice"
    slow.write_text(f"#!/bin/sh\nsleep 300 &\necho $! > {tmp_path}/child\nwait\n")
    slow.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    monkeypatch.setattr(apart, "_SPARES", apart._Spares())
    started = time.monotonic()
    assert code_of(b"{\\rtf1 abc}", "慢.rtf", apart.Limits(quiet=3)) == "E134"
    assert time.monotonic() - started < 10
    assert not alive((tmp_path / "child").read_text().strip())
    apart._SPARES.close()


@pytest.mark.parametrize(
    "program",
    [
        "import os; os.abort()",
        "raise SystemExit",
        "print('not json', flush=True)",
        "import sys; sys.stdin.read(10)",
    ],
    ids=["abort", "exit", "nonsense", "half read"],
)
def test_a_reader_that_dies_is_said_to(monkeypatch: pytest.MonkeyPatch, program: str) -> None:
    def start() -> subprocess.Popen[bytes]:
        command = [sys.executable, "-c", program]
        return subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, **group()
        )

    monkeypatch.setattr(apart, "_start", start)
    monkeypatch.setattr(apart, "_SPARES", apart._Spares())
    assert code_of(DRAFT * 20, "x.docx") == "E135"
    apart._SPARES.close()


def test_a_spare_worker_waits_and_ends_with_its_master() -> None:
    spares = apart._Spares()
    spares.refill()
    worker = spares.take()
    assert worker.poll() is None
    assert worker.stdin is not None
    worker.stdin.close()
    assert worker.wait(20) == 0
    assert worker.stdout is not None
    worker.stdout.close()

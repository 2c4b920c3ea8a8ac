"""Old Word, WPS, RTF and OpenDocument files by way of LibreOffice."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from assessment.documents import read
from assessment.documents.formats import libreoffice
from assessment.messages import DocumentError

from .builders import level, numbered

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
STREAM = "WordDocument".encode("utf-16-le")
DRAFT = numbered(
    {1: level(0, "chineseCountingThousand", "第%1条")},
    {1: (1, "")},
    [("云川市托育规定", None, 0), ("为了托育。", 1, 0), ("收费公开。", 1, 0)],
)
with_office = pytest.mark.skipif(libreoffice.find() is None, reason="LibreOffice is not installed")


@pytest.fixture(scope="module")
def converted(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """The draft in the formats LibreOffice writes, one run for all."""
    folder = tmp_path_factory.mktemp("office")
    (folder / "draft.docx").write_bytes(DRAFT)
    for ending in ("doc", "rtf", "odt"):
        subprocess.run(
            [str(libreoffice.find()), f"-env:UserInstallation={(folder / 'profile').as_uri()}", "--headless",
             "--convert-to", ending, "--outdir", str(folder), str(folder / "draft.docx")],
            capture_output=True, timeout=120, check=True,
        )  # fmt: skip
    return {ending: (folder / f"draft.{ending}").read_bytes() for ending in ("doc", "rtf", "odt")}


@with_office
@pytest.mark.parametrize(
    ("ending", "name"),
    [("doc", "稿.doc"), ("doc", "稿.wps"), ("rtf", "稿.rtf"), ("rtf", "稿.doc"), ("odt", "稿.odt")],
)
def test_converted_and_read_with_its_numbers(converted: dict[str, bytes], ending: str, name: str) -> None:
    document = read(converted[ending], name)
    assert document.format == ending
    assert document.title == "云川市托育规定"
    assert [clause.label for clause in document.units] == ["第一条", "第二条"]
    assert not any("已按内容读取" in note for note in document.notes)
    assert any("LibreOffice" in note for note in document.notes)


def code_of(data: bytes, name: str) -> str:
    with pytest.raises(DocumentError) as refusal:
        read(data, name)
    assert "请" in refusal.value.message
    return refusal.value.code


def test_without_libreoffice_the_message_says_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(libreoffice, "find", lambda: None)
    assert code_of(b"{\\rtf1 abc}", "旧.rtf") == "E106"
    assert code_of(OLE + b"\0" * 600 + STREAM, "旧.wps") == "E106"


def test_a_program_that_hangs_is_ended_with_its_children(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    slow = tmp_path / "soffice"
    slow.write_text(f"#!/bin/sh\nsleep 300 &\necho $! > {tmp_path}/child\nwait\n")
    slow.chmod(0o755)
    monkeypatch.setattr(libreoffice, "find", lambda: str(slow))
    with pytest.raises(DocumentError) as refusal:
        libreoffice.to_docx(b"{\\rtf1 abc}", ".rtf", seconds=1.0)
    assert refusal.value.code == "E126"
    child = (tmp_path / "child").read_text().strip()
    state = subprocess.run(
        ["ps", "-o", "stat=", "-p", child], capture_output=True, text=True, check=False
    ).stdout
    assert state.strip() in {"", "Z"}


def test_what_libreoffice_makes_nothing_of_is_refused(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    idle = tmp_path / "soffice"
    idle.write_text("#!/bin/sh\nexit 0\n")
    idle.chmod(0o755)
    monkeypatch.setattr(libreoffice, "find", lambda: str(idle))
    assert code_of(OLE + b"\0" * 600 + STREAM, "旧.doc") == "E125"


def old_word(flags: int) -> bytes:
    """An OLE container whose directory names a Word stream in its first sector, with these header flags."""
    header = bytearray(OLE + b"\0" * 504)
    header[30:32] = (9).to_bytes(2, "little")
    stream = bytearray(512)
    stream[0:2] = (0xA5EC).to_bytes(2, "little")
    stream[10:12] = flags.to_bytes(2, "little")
    entry = STREAM.ljust(116, b"\0") + (0).to_bytes(4, "little") + (4096).to_bytes(8, "little")
    return bytes(header + stream + entry.ljust(512, b"\0"))


def test_old_word_is_told_from_locked_files(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(libreoffice, "find", lambda: None)
    assert code_of(old_word(0), "旧.doc") == "E106"
    assert code_of(old_word(0x0100), "旧.doc") == "E105"
    assert code_of(OLE + b"\0" * 600 + "EncryptedPackage".encode("utf-16-le"), "密.docx") == "E105"

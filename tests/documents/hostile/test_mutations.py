"""Real-looking files of every format, damaged at random: a document or a numbered refusal comes of each, soon.

The usual run damages a few hundred; ``ASSESSMENT_MUTATIONS=5000`` asks for more, and then LibreOffice is given its
share too. Figures are printed: ``pytest -s tests/documents/hostile/test_mutations.py``.
"""

from __future__ import annotations

import io
import os
import random
import subprocess
import time
import zipfile
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from PIL import Image, ImageDraw

from assessment.documents import read
from assessment.documents.bundle import open_bundle
from assessment.documents.formats import Means, libreoffice
from assessment.documents.ocr import RecognisedLine
from assessment.messages import DocumentError

from ..builders import level, numbered, page, pdf, wrapped
from ..ofd_writer import ofd, packed, set_in_pages
from ..test_formats_pdf import drawn, ruled, shown
from ..test_properties import check

COUNT = int(os.environ.get("ASSESSMENT_MUTATIONS", "300"))
THROUGH_LIBREOFFICE = COUNT // 50 if COUNT >= 5_000 else 0
SECONDS = 30
PARAGRAPHS = [
    "云川市托育服务规定",
    *(
        f"第{n}条 托育机构应当按照本条的要求公开收费标准，并接受监督；第{n}条的要求另行公布。"
        for n in "一二三四五六七八九十"
    ),
]
POLICY = "# 云川市方案\n\n一、目标\n\n（一）提高入托率。\n\n| 区 | 数 |\n|---|---|\n| 甲区 | 3 |\n\n二、措施\n1. 建设。\n"
HTML = (
    "<!DOCTYPE html><html><head><style>p{}</style></head><body><h1>云川市规定</h1>"
    + "".join(f"<p>{line}</p>" for line in PARAGRAPHS)
    + "<table><tr><th>岗</th><th>数</th></tr><tr><td rowspan=2>甲</td><td>1</td></tr><tr><td>2</td></tr></table></body></html>"
)


class Sees:
    def recognise(self, picture: Image.Image) -> Sequence[RecognisedLine]:
        return [RecognisedLine("第一条 图中的字。", 10, 10, 200, 40, 0.9)]


def picture(kind: str) -> bytes:
    canvas = Image.new("RGB", (300, 400), "white")
    ImageDraw.Draw(canvas).rectangle((40, 40, 200, 60), fill="black")
    buffer = io.BytesIO()
    canvas.save(buffer, kind)
    return buffer.getvalue()


def word_file() -> bytes:
    levels = level(0, "chineseCountingThousand", "第%1条") + level(1, "chineseCounting", "（%2）")
    return numbered(
        {1: levels}, {1: (1, "")}, [(line[4:], 1, row % 2) for row, line in enumerate(PARAGRAPHS)]
    )


def seeds() -> dict[str, bytes]:
    """File name to bytes, one of each format that is read without another program."""
    table = drawn(shown(60, 760, "一、岗位。") + ruled([["岗位", "人数"], ["护士", "3"], ["司机", "2"]], 700))
    draft = word_file()
    return {
        "a.docx": draft,
        "a.pdf": pdf([page(wrapped(PARAGRAPHS[start : start + 6], 26)) for start in (0, 6)]),
        "b.pdf": table,
        "c.pdf": picture("PDF"),
        "a.ofd": ofd(set_in_pages(PARAGRAPHS)),
        "a.html": HTML.encode(),
        "b.html": HTML.encode("gb18030"),
        "a.md": POLICY.encode(),
        "a.txt": "\n".join(PARAGRAPHS).encode(),
        "b.txt": "\r\n".join(PARAGRAPHS).encode("gb18030"),
        "c.txt": "\n".join(PARAGRAPHS).encode("utf-16"),
        "a.png": picture("PNG"),
        "a.jpg": picture("JPEG"),
        "a.tif": picture("TIFF"),
        "a.zip": packed({"草案.docx": draft, "说明.txt": "起草说明".encode()}),
    }


Mutation = Callable[[bytearray, random.Random], None]


def _flip(data: bytearray, chance: random.Random) -> None:
    for _ in range(chance.choice((1, 3, 30))):
        data[chance.randrange(len(data))] ^= 1 << chance.randrange(8)


def _cut(data: bytearray, chance: random.Random) -> None:
    start = chance.randrange(len(data))
    del data[start : start + chance.choice((1, 16, 400, len(data)))]


def _repeat(data: bytearray, chance: random.Random) -> None:
    start = chance.randrange(len(data))
    data[start:start] = data[start : start + chance.choice((4, 60, 2000))] * chance.choice((1, 5, 60))


def _noise(data: bytearray, chance: random.Random) -> None:
    start = chance.randrange(len(data))
    data[start:start] = chance.randbytes(chance.choice((1, 9, 300)))


def _zeros(data: bytearray, chance: random.Random) -> None:
    start = chance.randrange(len(data))
    data[start : start + 40] = bytes(40)


def _numbers(data: bytearray, chance: random.Random) -> None:
    """Digits replaced: sizes, counts, places and references go wrong, the syntax stays."""
    digits = [index for index, byte in enumerate(data) if 48 <= byte <= 57]
    for index in chance.sample(digits, min(len(digits), chance.choice((1, 4, 20)))):
        data[index] = 48 + chance.randrange(10)


MUTATIONS: tuple[Mutation, ...] = (_flip, _cut, _repeat, _noise, _zeros, _numbers)


def mutated(data: bytes, chance: random.Random) -> bytes:
    """Damaged as a whole, or, if it is a ZIP, as often inside one of its parts."""
    if data.startswith(b"PK") and chance.random() < 0.6:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            entries = {name: archive.read(name) for name in archive.namelist()}
        name = chance.choice([name for name, content in entries.items() if content])
        return packed({**entries, name: damaged(entries[name], chance)})
    return damaged(data, chance)


def damaged(data: bytes, chance: random.Random) -> bytes:
    changed = bytearray(data)
    for _ in range(chance.choice((1, 1, 2, 4))):
        if changed:
            chance.choice(MUTATIONS)(changed, chance)
    return bytes(changed)


def ended(data: bytes, name: str) -> str:
    """What became of a file: its refusal's number, or 'read'; every property of a document holds."""
    try:
        if name.endswith(".zip"):
            open_bundle(data, name)
        else:
            check(read(data, name, means=Means(engine=Sees)))
    except DocumentError as error:
        return error.code
    return "read"


def run(cases: Sequence[tuple[bytes, str]]) -> tuple[Counter[str], float]:
    """How many ended how, and the slowest in seconds."""
    ends: Counter[str] = Counter()
    slowest = 0.0
    for data, name in cases:
        started = time.perf_counter()
        ends[ended(data, name)] += 1
        slowest = max(slowest, time.perf_counter() - started)
    return ends, slowest


@pytest.mark.timeout(3600)
def test_damaged_files_end_well() -> None:
    chance = random.Random(3)
    originals = seeds()
    names = [*originals]
    cases = (
        (mutated(originals[name], chance), name) for name in (names[n % len(names)] for n in range(COUNT))
    )
    before = _memory()
    ends, slowest = run([*cases])
    print(
        f"\n{COUNT} damaged: {ends.most_common()}; slowest {slowest:.2f} s; peak memory {before} → {_memory()} MB"
    )
    assert sum(ends.values()) == COUNT
    assert ends["read"] > COUNT / 10
    assert ends["read"] < COUNT
    assert slowest < SECONDS


@pytest.mark.skipif(libreoffice.find() is None, reason="LibreOffice is not installed")
@pytest.mark.skipif(not THROUGH_LIBREOFFICE, reason="set ASSESSMENT_MUTATIONS=5000")
@pytest.mark.timeout(3600)
def test_damaged_files_through_libreoffice_end_well(tmp_path: Path) -> None:
    chance = random.Random(4)
    (tmp_path / "a.docx").write_bytes(word_file())
    cases = []
    for ending in ("doc", "rtf", "odt"):
        subprocess.run(
            [str(libreoffice.find()), f"-env:UserInstallation={(tmp_path / 'p').as_uri()}", "--headless",
             "--convert-to", ending, "--outdir", str(tmp_path), str(tmp_path / "a.docx")],
            capture_output=True, timeout=120, check=True,
        )  # fmt: skip
        original = (tmp_path / f"a.{ending}").read_bytes()
        cases += [(mutated(original, chance), f"a.{ending}") for _ in range(THROUGH_LIBREOFFICE // 3)]
    ends, slowest = run(cases)
    print(f"\n{len(cases)} through LibreOffice: {ends.most_common()}; slowest {slowest:.2f} s")
    assert slowest < libreoffice.SECONDS + SECONDS


def _memory() -> int:
    """Peak memory of this process in megabytes."""
    resource = pytest.importorskip("resource")
    return int(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss) // 1024

"""The same real regulations in every format: the same labels, and the same text.

``ASSESSMENT_CONVERSIONS=60 pytest -s tests/documents/test_formats_shared.py`` measures sixty; the usual run two.
``ASSESSMENT_SCANS`` says how many of them are also scanned, by default one.
"""

from __future__ import annotations

import os
import random
import shutil
import time
from pathlib import Path
from statistics import mean

import pytest

from assessment.documents import Document, read
from assessment.documents.formats import libreoffice
from assessment.documents.ocr import default_engine
from assessment.messages import DocumentError

from . import conversions as made
from .conversions import Difference, difference

pytestmark = [pytest.mark.shared, pytest.mark.timeout(4 * 3600)]
COUNT = int(os.environ.get("ASSESSMENT_CONVERSIONS", "2"))
SCANS = int(os.environ.get("ASSESSMENT_SCANS", "1"))
SHORT = 4_000
"""The usual run takes regulations shorter than this, so that it stays short itself."""

needs_office = pytest.mark.skipif(libreoffice.find() is None, reason="LibreOffice is not installed")


@pytest.fixture(scope="module")
def texts(shared: Path) -> dict[str, str]:
    """Name to text of the regulations measured, the same ones every time."""
    paths = sorted(path for path in (shared / "laws").glob("*/*.txt") if path.parent.name != "national")
    if COUNT < 10:
        paths = [path for path in paths if path.stat().st_size < 3 * SHORT]
    chosen = random.Random(60).sample(paths, COUNT)
    return {f"{number:02d}": path.read_text("utf-8") for number, path in enumerate(chosen)}


@pytest.fixture(scope="module")
def plain(texts: dict[str, str]) -> dict[str, Document]:
    return {name: read(text.encode(), "x.txt") for name, text in texts.items()}


@pytest.fixture(scope="module")
def converted(texts: dict[str, str], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a .docx of each, and what LibreOffice makes of it: .doc and .pdf."""
    folder = tmp_path_factory.mktemp("converted")
    for name, text in texts.items():
        (folder / f"{name}.docx").write_bytes(made.as_word(text))
    files = sorted(folder.glob("*.docx"))
    for ending in ("doc", "pdf"):
        made.convert(files, ending, folder)
    return folder


def report(kind: str, found: list[Difference], seconds: float) -> None:
    print(
        f"\n{kind}: {len(found)} documents; characters different {mean(f.characters for f in found):.4%}, worst "
        f"{max(f.characters for f in found):.4%}; all labels the same in {sum(f.same_labels for f in found)}; labels the "
        f"same {mean(f.labels for f in found):.3%}; {seconds:.1f} s"
    )


def measured(
    kind: str, files: dict[str, bytes], plain: dict[str, Document], widths: bool = True
) -> list[Difference]:
    started = time.perf_counter()
    ending = kind.split()[0]
    documents = {name: read(data, f"x.{ending}") for name, data in files.items()}
    exact = [difference(plain[name], document) for name, document in documents.items()]
    report(kind, exact, time.perf_counter() - started)
    if widths:
        return exact
    folded = [difference(plain[name], document, widths=False) for name, document in documents.items()]
    report(f"{kind}, width of punctuation aside", folded, time.perf_counter() - started)
    return folded


def check(found: list[Difference]) -> None:
    assert mean(difference.characters for difference in found) < 0.001
    assert mean(difference.labels for difference in found) > 0.999


def test_word(texts: dict[str, str], plain: dict[str, Document]) -> None:
    check(measured("docx", {name: made.as_word(text) for name, text in texts.items()}, plain))


def test_ofd(texts: dict[str, str], plain: dict[str, Document]) -> None:
    check(measured("ofd", {name: made.as_ofd(text) for name, text in texts.items()}, plain))


@needs_office
def test_old_word(converted: Path, plain: dict[str, Document]) -> None:
    check(measured("doc", {path.stem: path.read_bytes() for path in sorted(converted.glob("*.doc"))}, plain))


@needs_office
def test_pdf_of_a_word_processor(converted: Path, plain: dict[str, Document]) -> None:
    check(measured("pdf", {path.stem: path.read_bytes() for path in sorted(converted.glob("*.pdf"))}, plain))


def test_pdf_of_a_browser(texts: dict[str, str], plain: dict[str, Document], tmp_path: Path) -> None:
    browser = shutil.which("chromium") or shutil.which("google-chrome")
    if browser is None:
        pytest.skip("no Chromium is installed")
    files = {}
    for name, text in texts.items():
        (tmp_path / f"{name}.html").write_text(made.as_html(text), "utf-8")
        files[name] = made.printed(browser, tmp_path / f"{name}.html")
    check(measured("pdf printed", files, plain))


@needs_office
def test_scans(converted: Path, plain: dict[str, Document]) -> None:
    try:
        default_engine()
    except DocumentError:
        pytest.skip("no recognition engine is installed")
    files = sorted(converted.glob("*.pdf"), key=lambda path: path.stat().st_size)[:SCANS]
    scans = {path.stem: made.scanned(path.read_bytes()) for path in files}
    found = measured("pdf scanned", scans, plain, widths=False)
    assert mean(difference.characters for difference in found) < 0.01
    assert mean(difference.labels for difference in found) >= 0.97

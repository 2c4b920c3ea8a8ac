"""What reading costs beside the bare libraries: .docx beside python-docx, .pdf beside PDFium, one beside the other.

Best of several runs, in processor time, on the same bytes in the same process; the .pdf is made by LibreOffice. Any
.pdf named behind it (``python -m benchmarks reading *.pdf``) is measured too.
The bare pass only walks over the text; reading also puts lines together, resolves numbers and divides the clauses.
"""

from __future__ import annotations

import io
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import docx
import pypdfium2 as pdfium

from assessment.documents import read
from assessment.documents.apart import read_apart, warm_up
from assessment.documents.formats import libreoffice
from assessment.documents.numerals import counting
from tests.documents.conversions import as_word, convert

ARTICLES = (40, 400)
TRIES = 7


def draft(articles: int) -> str:
    """A regulation with three lines to an article."""
    body = "".join(
        f"第{counting(n)}条 有关单位应当依法履行职责，接受社会监督，并将执行本条的情况向社会公布：\n（一）公开信息；\n（二）听取意见。\n"
        for n in range(1, articles + 1)
    )
    return f"云川市测试条例\n{body}"


def main(*files: str) -> None:
    """Print each cost and its ratio; those of the PDF ``files`` too."""
    for articles in ARTICLES:
        word = as_word(draft(articles))
        _compare(
            f".docx, {articles} articles",
            lambda word=word: _bare_word(word),
            lambda word=word: read(word, "x.docx"),
        )
        if libreoffice.find() is not None:
            page = _as_pdf(word)
            _compare(
                f".pdf, {articles} articles",
                lambda page=page: _bare_pdf(page),
                lambda page=page: read(page, "x.pdf"),
            )
    for path in map(Path, files):
        data = path.read_bytes()
        _compare(path.name, lambda data=data: _bare_pdf(data), lambda data=data: read(data, "x.pdf"))
    _apart(as_word(draft(ARTICLES[0])))


def _compare(what: str, bare: Callable[[], object], reading: Callable[[], object]) -> None:
    peer, own = _best(bare, reading)
    print(f"{what}: bare {peer * 1000:.1f} ms, read {own * 1000:.1f} ms, ratio {own / peer:.2f}")


def _best(*works: Callable[[], object]) -> list[float]:
    """The least seconds of each, taken in turns so that a busy moment falls on all of them."""
    taken: list[list[float]] = [[] for _ in works]
    for _ in range(TRIES):
        for work, times in zip(works, taken, strict=True):
            started = time.process_time()
            work()
            times.append(time.process_time() - started)
    return [min(times) for times in taken]


def _bare_word(data: bytes) -> int:
    document = docx.Document(io.BytesIO(data))
    cells = (cell.text for table in document.tables for row in table.rows for cell in row.cells)
    return sum(map(len, (*(paragraph.text for paragraph in document.paragraphs), *cells)))


def _bare_pdf(data: bytes) -> int:
    document = pdfium.PdfDocument(data)
    total = sum(len(page.get_textpage().get_text_range()) for page in document)
    document.close()
    return total


def _as_pdf(word: bytes) -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder, "draft.docx")
        source.write_bytes(word)
        convert([source], "pdf", Path(folder))
        return source.with_suffix(".pdf").read_bytes()


def _apart(word: bytes) -> None:
    """Seconds by the clock, since the work is another process's."""
    warm_up()
    taken = []
    for _ in range(TRIES):
        time.sleep(1)
        started = time.perf_counter()
        read_apart(word, "x.docx")
        taken.append(time.perf_counter() - started)
    inside = _best(lambda: read(word, "x.docx"))[0]
    print(
        f"apart, .docx, {ARTICLES[0]} articles: {min(taken) * 1000:.0f} ms, of which reading {inside * 1000:.0f} ms"
    )


if __name__ == "__main__":
    main()

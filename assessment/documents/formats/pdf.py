"""PDF with a text layer, read with PDFium; pictures of text are refused, not guessed at."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pypdfium2 as pdfium
import pypdfium2.raw as pdfium_c

from assessment.documents.formats.base import Extract, Format
from assessment.documents.formats.pages import Line, Page, paragraphs
from assessment.messages import DocumentError

MAX_PAGES = 2_000
EMPTY_PAGE = 20
"""Fewer characters than this on a page mean that its text is a picture."""

_LOCK = threading.Lock()
"""PDFium keeps global state: only one thread may be inside it."""


def _recognises(data: bytes, name: str) -> bool:
    return b"%PDF-" in data[:1024]


def _extract(data: bytes) -> Extract:
    with _LOCK:
        pages = _pages(data)
    sizes = [sum(len(line.text.strip()) for line in page.lines) for page in pages]
    if sum(sizes) < EMPTY_PAGE * max(len(pages), 1) / 2 and max(sizes, default=0) < EMPTY_PAGE * 5:
        raise DocumentError("E109")
    return Extract(tuple(paragraphs(pages)), tuple(_notes(sizes)))


FORMAT = Format("pdf", _recognises, _extract, damaged="E108")


def _pages(data: bytes) -> list[Page]:
    try:
        document = pdfium.PdfDocument(data)
    except pdfium.PdfiumError as error:
        locked = error.err_code in {pdfium_c.FPDF_ERR_PASSWORD, pdfium_c.FPDF_ERR_SECURITY}
        raise DocumentError("E107" if locked else "E108") from error
    try:
        if len(document) > MAX_PAGES:
            raise DocumentError("E112", pages=len(document), limit=MAX_PAGES)
        return [_page(document, index) for index in range(len(document))]
    finally:
        document.close()


def _page(document: pdfium.PdfDocument, index: int) -> Page:
    page = document[index]
    try:
        text_page = page.get_textpage()
        try:
            return Page(index + 1, page.get_height(), tuple(_lines(text_page)))
        finally:
            text_page.close()
    finally:
        page.close()


def _lines(text_page: pdfium.PdfTextPage) -> Iterator[Line]:
    """The lines of a page as PDFium sees them, with the place of their first and last sign."""
    raw = text_page.raw
    start = 0
    codes: list[int] = []
    count = text_page.count_chars()
    for index in range(count + 1):
        code = pdfium_c.FPDFText_GetUnicode(raw, index) if index < count else 10
        if code not in (10, 13):
            codes.append(code)
            continue
        line = _line(text_page, start, codes)
        if line is not None:
            yield line
        start, codes = index + 1, []


def _line(text_page: pdfium.PdfTextPage, start: int, codes: list[int]) -> Line | None:
    visible = [offset for offset, code in enumerate(codes) if not _blank(code)]
    if not visible:
        return None
    left, bottom, _, top = text_page.get_charbox(start + visible[0], loose=True)
    _, _, right, _ = text_page.get_charbox(start + visible[-1], loose=True)
    text = "".join(map(_character, codes[visible[0] : visible[-1] + 1]))
    return Line(text.encode("utf-16", "surrogatepass").decode("utf-16", "replace"), left, right, top, bottom)


def _blank(code: int) -> bool:
    return code in (0, 2, 0xFFFE, 0xFFFF) or _character(code).isspace()


def _character(code: int) -> str:
    """PDFium marks a broken hyphenated word with U+0002 or U+FFFE; neither is text."""
    return "" if code in (0, 2, 0xFFFE, 0xFFFF) or code > 0x10FFFF else chr(code)


def _notes(sizes: list[int]) -> Iterator[str]:
    empty = [str(number) for number, size in enumerate(sizes, 1) if size < EMPTY_PAGE]
    if empty:
        listed = "、".join(empty[:10]) + ("等" if len(empty) > 10 else "")
        yield f"第 {listed} 页几乎没有文字，可能是图片或空白页，未读入的内容请人工核对。"
    yield "PDF 中的表格按文字行读入，未还原行列；有表格时请对照原件，或改用 .docx。"

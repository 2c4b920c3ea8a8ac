"""The text layer of a PDF page as lines with their places."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pypdfium2 as pdfium
import pypdfium2.raw as pdfium_c

from assessment.documents.formats.pages import Line

BREAK = re.compile(r"[\r\n]+")
NO_TEXT = re.compile("[\x00\x02\ufffe\uffff\ud800-\udfff]")
"""PDFium marks a broken hyphenated word with U+0002 or U+FFFE; neither is text."""


def page_lines(page: pdfium.PdfPage) -> tuple[Line, ...]:
    """The lines of a page in the order PDFium gives them."""
    text_page = page.get_textpage()
    try:
        return tuple(_lines(text_page))
    finally:
        text_page.close()


def _lines(text_page: pdfium.PdfTextPage) -> Iterator[Line]:
    text = _characters(text_page)
    start = 0
    for mark in (*BREAK.finditer(text), None):
        end = mark.start() if mark else len(text)
        line = _line(text_page, text, start, end)
        if line is not None:
            yield line
        start = mark.end() if mark else end


def _characters(text_page: pdfium.PdfTextPage) -> str:
    """The page's text, one character for each index PDFium counts."""
    count = text_page.count_chars()
    text = text_page.get_text_range() if count else ""
    if len(text) == count and not NO_TEXT.search(text):
        return text
    codes = (pdfium_c.FPDFText_GetUnicode(text_page.raw, index) for index in range(count))
    return "".join(chr(code) if code < 0x110000 else "\ufffe" for code in codes)


def _line(text_page: pdfium.PdfTextPage, text: str, start: int, end: int) -> Line | None:
    """The line between two indices of the page's text; None if nothing on it can be seen."""
    piece = NO_TEXT.sub(" ", text[start:end])
    first, last = len(piece) - len(piece.lstrip()), len(piece.rstrip())
    if first >= last:
        return None
    left, bottom, _, top = text_page.get_charbox(start + first, loose=True)
    _, _, right, _ = text_page.get_charbox(start + last - 1, loose=True)
    return Line(_readable(text[start + first : start + last]), left, right, top, bottom)


def _readable(text: str) -> str:
    """Without PDFium's marks, and with surrogate pairs made one character."""
    if not NO_TEXT.search(text):
        return text
    return re.sub(
        "[\x00\x02\ufffe\uffff]", "", text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    )

"""The text layer of a PDF page as lines with their places."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from dataclasses import replace

import pypdfium2 as pdfium
import pypdfium2.raw as pdfium_c

from assessment.documents.formats.lines import Line
from assessment.documents.formats.pdfium_calls import Glyphs

SLANT = 3.0
WIDE = 1.0
"""Heights of the line from which a gap may part columns."""

APART = 0.6
NARROW = 0.45
MIXED = re.compile(r"[\u2e80-\u9fff\uf900-\ufaff][!-~]|[!-~][\u2e80-\u9fff\uf900-\ufaff]")
SPACES = re.compile(" +")
BREAK = re.compile(r"[\r\n]+")
NO_TEXT = re.compile("[\x00\x02\ufffe\uffff\ud800-\udfff]")
"""PDFium marks a broken hyphenated word with U+0002 or U+FFFE; neither is text."""


def page_lines(page: pdfium.PdfPage) -> tuple[tuple[Line, ...], int]:
    """The lines of a page in the order PDFium gives them, and how many at an angle were left out."""
    text_page = page.get_textpage()
    try:
        lines = list(_lines(text_page))
        upright = tuple(line for line in lines if line is not None)
        return upright, len(lines) - len(upright)
    finally:
        text_page.close()


def _lines(text_page: pdfium.PdfTextPage) -> Iterator[Line | None]:
    """Every line; None for one that is set at an angle, as watermarks are."""
    text, glyphs = _characters(text_page), Glyphs(text_page)
    marked = NO_TEXT.search(text) is not None
    start = 0
    for mark in (*BREAK.finditer(text), None):
        end = mark.start() if mark else len(text)
        piece = NO_TEXT.sub(" ", text[start:end]) if marked else text[start:end]
        first, last = len(piece) - len(piece.lstrip()), len(piece.rstrip())
        if first < last:
            yield _line(glyphs, text[start + first : start + last], start + first, marked)
        start = mark.end() if mark else end


def _characters(text_page: pdfium.PdfTextPage) -> str:
    """The page's text, one character for each index PDFium counts."""
    count = text_page.count_chars()
    text = text_page.get_text_range() if count else ""
    if len(text) == count and not NO_TEXT.search(text):
        return text
    codes = (pdfium_c.FPDFText_GetUnicode(text_page.raw, index) for index in range(count))
    return "".join(chr(code) if code < 0x110000 else "\ufffe" for code in codes)


def _line(glyphs: Glyphs, text: str, start: int, marked: bool) -> Line | None:
    """The line that begins at an index of the page's text, without white space around it.

    ``marked`` says whether PDFium's marks or halves of surrogate pairs stand anywhere on the page.
    """
    turned = math.degrees(glyphs.angle(start)) % 90
    if SLANT < turned < 90 - SLANT:
        return None
    left, top, _, bottom = glyphs.box(start)
    right = glyphs.box(start + len(text) - 1)[2]
    if marked and NO_TEXT.search(text):
        return Line(_readable(text), left, right, top, bottom)
    if " " not in text:
        return Line(text, left, right, top, bottom)
    return _blanks_settled(glyphs, Line(text, left, right, top, bottom), start)


def _blanks_settled(glyphs: Glyphs, line: Line, start: int) -> Line:
    """The line with its wide gaps noted, and without the blanks PDFium puts between Chinese and figures.

    A word processor that takes quotation marks from another font writes them behind the rest of the line; such a
    line is put in order.
    """
    height, gaps, text, done = line.top - line.bottom, [], "", 0
    for blank in SPACES.finditer(line.text):
        before, _, end, _ = glyphs.box(start + blank.start() - 1)
        begin = glyphs.box(start + blank.end())[0]
        earlier = glyphs.box(start + max(blank.start() - 2, 0))[0]
        if begin < before or before < earlier:
            return _in_order(glyphs, line, start)
        text += line.text[done : blank.start()]
        beside = line.text[blank.start() - 1] + line.text[blank.end()]
        mixed = begin - end < NARROW * height and MIXED.fullmatch(beside)
        if not (mixed and pdfium_c.FPDFText_IsGenerated(glyphs.raw, start + blank.start()) == 1):
            text += blank[0]
        if begin - end > WIDE * height:
            gaps.append((len(text), end, begin))
        done = blank.end()
    text += line.text[done:]
    return replace(line, text=text, gaps=tuple(gaps)) if gaps or text != line.text else line


def _in_order(glyphs: Glyphs, line: Line, start: int) -> Line:
    """The line's characters from left to right, parted where they stand well apart."""
    placed = sorted(
        (*glyphs.box(start + index)[::2], character)
        for index, character in enumerate(line.text)
        if not character.isspace()
    )
    text, end = "", placed[0][0]
    for left, right, character in placed:
        text += " " * (left - end > APART * (line.top - line.bottom)) + character
        end = right
    return replace(line, text=text, left=placed[0][0], right=max(right for _, right, _ in placed))


def _readable(text: str) -> str:
    """Without PDFium's marks, and with surrogate pairs made one character."""
    return re.sub(
        "[\x00\x02\ufffe\uffff]", "", text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    )

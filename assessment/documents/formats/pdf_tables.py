"""Ruled tables of a PDF page: pdfplumber finds the cells, PDFium reads them.

pdfplumber gives radical code points for many fonts and takes thirty times as long as PDFium, so it is asked only
for the lines of pages that have enough of them.
"""

from __future__ import annotations

import ctypes
import io
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

import pypdfium2 as pdfium
import pypdfium2.raw as pdfium_c

from assessment.documents.formats.joining import glue, opens
from assessment.documents.formats.lines import Grid, Line, Page
from assessment.documents.formats.pdfium_calls import object_types
from assessment.documents.formats.tables import Table

THIN = 3.0
LONG = 12.0
FEWEST = 3
"""Rules across, and down, that a table of two rows and two columns has at least."""

MAX_OBJECTS = 20_000
"""A page with more holds a drawing, and looking for tables in it would take minutes."""


def is_ruled(page: pdfium.PdfPage) -> bool:
    """Whether a page has rules enough for a table of two columns and two rows."""
    count = pdfium_c.FPDFPage_CountObjects(page.raw)
    if count > MAX_OBJECTS or page.get_rotation():
        return False
    across = down = boxes = 0
    edges = [ctypes.c_float() for _ in range(4)]
    for index, kind in enumerate(object_types(page)):
        if kind != pdfium_c.FPDF_PAGEOBJ_PATH:
            continue
        pdfium_c.FPDFPageObj_GetBounds(pdfium_c.FPDFPage_GetObject(page.raw, index), *edges)
        left, bottom, right, top = (edge.value for edge in edges)
        across += right - left > LONG and top - bottom < THIN
        down += top - bottom > LONG and right - left < THIN
        boxes += right - left > LONG and top - bottom > LONG
        if (across >= FEWEST and down >= FEWEST) or boxes > FEWEST:
            return True
    return False


def with_tables(data: bytes, pages: Sequence[Page], ruled: Sequence[int]) -> list[Page]:
    """The pages, the lines inside ruled tables replaced by the tables.

    Args:
        data: the PDF.
        pages: all its pages.
        ruled: numbers of those that may hold tables; one that cannot be taken apart is left as it is.
    """
    import pdfplumber  # here, because it takes as long to load as all the rest of the readers

    complete = list(pages)
    document = pdfium.PdfDocument(data)
    try:
        with pdfplumber.open(io.BytesIO(data)) as plumber:
            for number in ruled:
                found = _tables(plumber, document, number)
                complete[number - 1] = _placed(complete[number - 1], found)
    except Exception:  # pdfminer may fail in any way on what PDFium reads; the lines are there already
        return complete
    finally:
        document.close()
    return complete


def _tables(plumber: Any, document: pdfium.PdfDocument, number: int) -> list[Line]:
    """The tables of a page as lines that hold a grid."""
    sheet = plumber.pages[number - 1]
    height = float(sheet.mediabox[3])
    page = document[number - 1]
    text_page = page.get_textpage()
    try:
        tables = []
        for table in sheet.find_tables():
            grid = _grid(table, text_page, height)
            left, top, right, bottom = table.bbox
            if len(grid) > 1 and len(grid[0]) > 1:
                tables.append(Line("", left, right, height - top, height - bottom, grid=grid))
        sheet.close()
        return tables
    finally:
        text_page.close()
        page.close()


def _grid(table: Any, text_page: pdfium.PdfTextPage, height: float) -> Grid:
    rows: list[list[str]] = []
    boxes: list[list[Any]] = []
    for row in table.rows:
        boxes.append(list(row.cells))
        rows.append([])
        for column, box in enumerate(row.cells):
            if box is not None:
                rows[-1].append(_cell(text_page, box, height))
            elif column and _reaches(boxes[-1][:column], row.bbox):
                rows[-1].append(Table.LEFT)
            else:
                rows[-1].append(Table.SAME)
    return tuple(tuple(row) for row in rows)


def _reaches(cells: Sequence[Any], row: Sequence[float]) -> bool:
    """Whether a missing cell belongs to the one on its left, and not to one above."""
    last = next((cell for cell in reversed(cells) if cell is not None), None)
    return last is not None and last[3] <= row[3] + 1 and cells[-1] is not None


def _cell(text_page: pdfium.PdfTextPage, box: Sequence[float], height: float) -> str:
    """The text in a box, broken lines joined, lines that open with a marker kept apart."""
    left, top, right, bottom = box
    raw = text_page.get_text_bounded(left, height - bottom, right, height - top)
    text = ""
    for line in raw.replace("\r", "\n").split("\n"):
        bare = line.replace("\x02", "").replace("\ufffe", "").strip()
        if bare:
            text = f"{text}\n{bare}" if text and opens(bare) else glue(text, bare)
    return text


def _placed(page: Page, tables: Sequence[Line]) -> Page:
    """The page with its tables where their first line stood."""
    lines: list[Line] = []
    waiting = sorted((table for table in tables if _holds_text(table)), key=lambda table: -table.top)
    for line in page.lines:
        inside = next((table for table in waiting if _contains(table, line)), None)
        if inside is None:
            lines.append(line)
        elif inside not in lines:
            lines.append(inside)
    return replace(page, lines=tuple(lines))


def _holds_text(table: Line) -> bool:
    return any(cell not in {"", Table.SAME, Table.LEFT} for row in table.grid for cell in row)


def _contains(table: Line, line: Line) -> bool:
    across, up = (line.left + line.right) / 2, (line.top + line.bottom) / 2
    return table.left <= across <= table.right and table.bottom <= up <= table.top


def note(pages: Sequence[Page]) -> Iterator[str]:
    """The Chinese remark on the tables of a PDF."""
    count = sum(bool(line.grid) for page in pages for line in page.lines)
    if count:
        yield f"含 {count} 个有框线的表格，已逐行读出，每行带列名；跨页、合并的单元格请对照原件。"

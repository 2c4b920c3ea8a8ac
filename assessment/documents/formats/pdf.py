"""PDF, read with PDFium: the text layer where there is one, recognised pictures of pages where there is none."""

from __future__ import annotations

import math
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import pypdfium2 as pdfium
import pypdfium2.raw as pdfium_c
from PIL import Image

from assessment.documents.formats import pdf_tables, scan
from assessment.documents.formats.base import Extract, Format, Means
from assessment.documents.formats.lines import Page
from assessment.documents.formats.pages import paragraphs
from assessment.documents.formats.pdf_text import page_lines
from assessment.documents.formats.pdfium_calls import object_types
from assessment.documents.models import RecognisedPage
from assessment.messages import DocumentError

MAX_PAGES = 2_000
EMPTY_PAGE = 20
"""Fewer characters than this on a page mean that its text is a picture."""

_LOCK = threading.Lock()
"""PDFium keeps global state: only one thread may be inside it."""


def _recognises(data: bytes, name: str) -> bool:
    return b"%PDF-" in data[:1024]


def _extract(data: bytes, means: Means) -> Extract:
    pages, pictured, dropped = _written(data)
    recognised: list[RecognisedPage] = []
    if pictured:
        pages, recognised = _with_recognised(data, pages, pictured, means)
    sizes = [page.size for page in pages]
    if sum(sizes) < EMPTY_PAGE * max(len(pages), 1) / 2 and max(sizes, default=0) < EMPTY_PAGE * 5:
        if not recognised:
            raise DocumentError("E109")
        if not any(sizes):
            raise DocumentError("E130")
    return Extract(
        tuple(paragraphs(pages)), tuple(_notes(pages, sizes, recognised, dropped)), tuple(recognised)
    )


FORMAT = Format("pdf", _recognises, _extract, damaged="E108")


@contextmanager
def opened(data: bytes) -> Iterator[pdfium.PdfDocument]:
    """The document, with no other thread inside PDFium; DocumentError E107, E108 or E112."""
    with _LOCK:
        try:
            document = pdfium.PdfDocument(data)
        except pdfium.PdfiumError as error:
            locked = error.err_code in {pdfium_c.FPDF_ERR_PASSWORD, pdfium_c.FPDF_ERR_SECURITY}
            raise DocumentError("E107" if locked else "E108") from error
        try:
            if len(document) > MAX_PAGES:
                raise DocumentError("E112", pages=len(document), limit=MAX_PAGES)
            yield document
        finally:
            document.close()


def draw(data: bytes, number: int, dots: float = scan.DOTS) -> Image.Image:
    """A page, counted from 1, as an RGB picture; IndexError if there is none."""
    with opened(data) as document:
        if not 0 < number <= len(document):
            raise IndexError(number)
        page = document[number - 1]
        try:
            area = max(page.get_width() * page.get_height(), 1)
            scale = min(dots / 72, math.sqrt(scan.MAX_PIXELS / area))
            picture: Image.Image = page.render(scale=scale, may_draw_forms=False).to_pil()
            return picture.convert("RGB")
        finally:
            page.close()


def _written(data: bytes) -> tuple[list[Page], list[int], int]:
    """The pages with their text layers and tables, the numbers of those that seem to be pictures, and
    how many lines set at an angle were left out."""
    pages: list[Page] = []
    pictured, ruled, dropped = [], [], 0
    with opened(data) as document:
        for index in range(len(document)):
            page = document[index]
            try:
                lines, slanted = page_lines(page)
                dropped += slanted
                pages.append(Page(index + 1, page.get_height(), lines))
                if pages[-1].size < EMPTY_PAGE and _is_drawn(page):
                    pictured.append(index + 1)
                elif pdf_tables.is_ruled(page):
                    ruled.append(index + 1)
            finally:
                page.close()
        if ruled:
            pages = pdf_tables.with_tables(data, pages, ruled)
    return pages, pictured, dropped


def _is_drawn(page: pdfium.PdfPage) -> bool:
    """Whether anything but text stands on a page."""
    return any(kind != pdfium_c.FPDF_PAGEOBJ_TEXT for kind in object_types(page))


def _with_recognised(
    data: bytes, pages: Sequence[Page], pictured: Sequence[int], means: Means
) -> tuple[list[Page], list[RecognisedPage]]:
    """The pages, pictures of text replaced by what was recognised; unchanged if only some lack text
    and no engine is installed."""
    if len(pictured) > scan.MAX_PAGES:
        raise DocumentError("E132", pages=len(pictured), limit=scan.MAX_PAGES)
    try:
        engine = means.engine()
    except DocumentError:
        if any(page.size >= EMPTY_PAGE for page in pages):
            return list(pages), []
        raise
    complete, recognised = list(pages), []
    for done, number in enumerate(pictured, 1):
        page, how = scan.recognise(draw(data, number), number, engine)
        if page.size > complete[number - 1].size:
            complete[number - 1] = page
            recognised.append(how)
        means.progress(done, len(pictured))
    return complete, recognised


def _notes(
    pages: Sequence[Page], sizes: Sequence[int], recognised: Sequence[RecognisedPage], dropped: int
) -> Iterator[str]:
    if recognised:
        yield scan.note(recognised)
    empty = [str(page.number) for page, size in zip(pages, sizes, strict=True) if size < EMPTY_PAGE]
    if empty:
        listed = "、".join(empty[:10]) + ("等" if len(empty) > 10 else "")
        yield f"第 {listed} 页几乎没有文字，可能是图片或空白页，未读入的内容请人工核对。"
    if dropped:
        yield f"{dropped} 处斜排文字（多为水印）未读入。"
    yield from pdf_tables.note(pages)
    yield "PDF 中没有框线的表格按文字行读入，未还原行列；有表格时请对照原件，或改用 .docx。"

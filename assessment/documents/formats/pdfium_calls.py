"""The four PDFium functions asked thousands of times a file, called with plain addresses.

pypdfium2's own wrappers make an object of every pointer and let other threads in around every call, which costs more
than the answers. Whoever calls these holds the lock of ``pdf.opened``.
"""

from __future__ import annotations

import ctypes
from collections.abc import Callable, Iterator
from itertools import repeat
from typing import Any

import pypdfium2 as pdfium
import pypdfium2.raw as pdfium_c


def _plain(function: Any, result: Any, *arguments: Any) -> Callable[..., Any]:
    """A PDFium function with other types in its signature; addresses are integers."""
    address = ctypes.cast(function, ctypes.c_void_p).value
    return ctypes.PYFUNCTYPE(result, *arguments)(address or 0)


_ADDRESS, _INT = ctypes.c_void_p, ctypes.c_int
_OBJECT = _plain(pdfium_c.FPDFPage_GetObject, _ADDRESS, _ADDRESS, _INT)
_TYPE = _plain(pdfium_c.FPDFPageObj_GetType, _INT, _ADDRESS)
_BOX = _plain(pdfium_c.FPDFText_GetLooseCharBox, _INT, _ADDRESS, _INT, _ADDRESS)
_ANGLE = _plain(pdfium_c.FPDFText_GetCharAngle, ctypes.c_float, _ADDRESS, _INT)


def object_types(page: pdfium.PdfPage) -> Iterator[int]:
    """The type of each object of a page, in the order of the file."""
    count = pdfium_c.FPDFPage_CountObjects(page.raw)
    return map(_TYPE, map(_OBJECT, repeat(_address(page.raw)), range(count)))


class Glyphs:
    """Where the characters of a page stand; usable as long as its text page is open."""

    def __init__(self, text_page: pdfium.PdfTextPage) -> None:
        self.raw = text_page.raw
        self._page = _address(text_page.raw)
        self._edges = (ctypes.c_float * 4)()
        self._answer = ctypes.addressof(self._edges)

    def box(self, index: int) -> tuple[float, float, float, float]:
        """(left, top, right, bottom) of a character, the full height of its font; PdfiumError if there is none."""
        if not _BOX(self._page, index, self._answer):
            raise pdfium.PdfiumError(f"no box for character {index}")
        left, top, right, bottom = self._edges
        return left, top, right, bottom

    def angle(self, index: int) -> float:
        """Radians by which a character is turned."""
        turned: float = _ANGLE(self._page, index)
        return turned


def _address(pointer: Any) -> int:
    return ctypes.cast(pointer, ctypes.c_void_p).value or 0

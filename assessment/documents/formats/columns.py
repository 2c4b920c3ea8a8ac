"""Pages set in two columns: their lines in reading order, the right column moved under the left."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from statistics import median

from assessment.documents.formats.lines import Line, Page

FEWEST = 6
"""Lines a column must have at least."""

FILLED = 0.6
"""Share of its column's width that the usual line of running text takes."""

CROSSING = 0.35
MIDDLE = (0.3, 0.7)
COARSE = 8.0
"""Points within which the lefts of a column's lines may lie, first-line indents aside."""

MAX_EDGES = 8


def regions(page: Page) -> Iterator[Page]:
    """The page itself, or its parts in reading order if it is set in two columns.

    Lines across both columns (titles) part the columns above from those below. Lines of the right
    column are moved left by the distance of the columns, so that margins and indents compare.
    """
    pieces = [piece for line in page.lines for piece in _pieces(line)]
    gutter = _gutter(pieces)
    if gutter is None:
        yield page
        return
    band: list[Line] = []
    across: list[Line] = []
    distance = _margin([piece for piece in pieces if piece.left >= gutter]) - _margin(
        [piece for piece in pieces if piece.right <= gutter]
    )
    for piece in [*sorted(pieces, key=lambda piece: -piece.top), None]:
        crossing = piece is not None and piece.left < gutter < piece.right
        if band and (piece is None or crossing):
            yield Page(page.number, page.height, _read(band, gutter, distance), column=True)
            band = []
        if across and not crossing:
            yield Page(page.number, page.height, tuple(across))
            across = []
        if piece is not None:
            (across if crossing else band).append(piece)


def _read(band: Sequence[Line], gutter: float, distance: float) -> tuple[Line, ...]:
    """The left column from top to bottom, then the right one in its place."""
    left = [line for line in band if line.left < gutter]
    right = [
        replace(line, left=line.left - distance, right=line.right - distance)
        for line in band
        if line.left >= gutter
    ]
    return (*left, *right)


def _pieces(line: Line) -> Iterator[Line]:
    """A line cut where it leaps over a wide gap."""
    start, left = 0, line.left
    for index, end, begin in line.gaps:
        yield replace(line, text=line.text[start:index].rstrip(), left=left, right=end, gaps=())
        start, left = index, begin
    yield replace(line, text=line.text[start:].lstrip(), left=left, gaps=()) if start else line


def _gutter(pieces: Sequence[Line]) -> float | None:
    """Where the gap between two columns of running text lies; None if there are none."""
    written = [piece for piece in pieces if not piece.grid]
    if len(written) < 2 * FEWEST or len(written) < len(pieces):
        return None
    left, right = min(piece.left for piece in written), max(piece.right for piece in written)
    low, high = (left + (right - left) * share for share in MIDDLE)
    seen = Counter(round(piece.left / COARSE) for piece in written if low < piece.left < high)
    for place, _ in seen.most_common(MAX_EDGES):
        edge = min(piece.left for piece in written if round(piece.left / COARSE) == place) - 0.1
        if _parts(written, edge, left, right):
            return edge
    return None


def _parts(pieces: Sequence[Line], gutter: float, left: float, right: float) -> bool:
    before = [piece for piece in pieces if piece.right <= gutter]
    after = [piece for piece in pieces if piece.left >= gutter]
    if min(len(before), len(after)) < FEWEST or len(before) + len(after) < len(pieces) * (1 - CROSSING):
        return False
    full = median(piece.right - piece.left for piece in before) >= FILLED * (gutter - left)
    return full and median(piece.right - piece.left for piece in after) >= FILLED * (right - gutter)


def _margin(lines: Sequence[Line]) -> float:
    """The left margin of a column, a line or two that stick out aside."""
    lefts = sorted(line.left for line in lines)
    return lefts[min(1, len(lefts) - 1)]

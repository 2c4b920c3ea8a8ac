"""Lines placed on pages become paragraphs: running heads off, broken lines joined."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from statistics import median

from assessment.documents.formats.base import Paragraph
from assessment.documents.formats.columns import regions
from assessment.documents.formats.joining import ENDS, glue, opens
from assessment.documents.formats.lines import Line, Page
from assessment.documents.formats.tables import Table, rows
from assessment.documents.radicals import ordinary

PAGE_NUMBER = re.compile(
    r"[-—–－─·\s]*(?:第\s*)?[0-9０-９]{1,4}(?:\s*页)?(?:\s*[/／，,]?\s*(?:共\s*)?[0-9０-９]{1,4}(?:\s*页)?)?[-—–－─·\s]*"
    r"|第\s*[一二三四五六七八九十百]+\s*页|[-—\s]*[ivxIVX]{1,5}[-—\s]*"
)
FIGURES = re.compile(r"[0-9０-９\s]+")
EDGE_LINES = 3
INDENT = 1.2
FIRST_LINE = 3.0
"""Characters a first line may be set in: two, and the empty half of a bracket where ink is measured."""

TOLERANCE = 2.0
"""Characters a full line may end before the margin."""

RAGGED = 5.0
"""The same where paragraphs are indented and no sentence ends: a bracket or figure moved to the next line whole."""

LOOSE = 1.35
SHORT = 0.5


@dataclass(frozen=True, slots=True)
class Measure:
    """The body of a page: margins, one character's width, step from line to line, first-line indents."""

    left: float
    right: float
    character: float
    step: float
    indents: bool = False


def paragraphs(pages: Sequence[Page]) -> Iterator[Paragraph]:
    """The paragraphs of the body in reading order, each with the page it begins on."""
    bodies = [region for page in _without_furniture(pages) for region in regions(page)]
    overall = _overall(bodies)
    text, page_number, previous, before = "", 0, None, overall
    tables = 0
    for number, line, measure in _joined_tables(bodies, overall):
        if line.grid:
            if text:
                yield Paragraph(ordinary(text), page_number)
            text, previous, tables = "", None, tables + 1
            yield from rows(Table(line.grid, tables, page=number))
            continue
        if text and previous is not None and _runs_on(previous, before, line, measure, text):
            text = glue(text, line.text)
        else:
            if text:
                yield Paragraph(ordinary(text), page_number)
            text, page_number = line.text, number
        previous, before = line, measure
    if text:
        yield Paragraph(ordinary(text), page_number)


def _joined_tables(bodies: Sequence[Page], overall: Measure) -> Iterator[tuple[int, Line, Measure]]:
    """(page, line, measure) in order; a table that goes on over the page is one table."""
    held: tuple[int, Line, Measure] | None = None
    for page in bodies:
        measure = _measure(page, overall)
        for line in page.lines:
            if held is not None and held[1].grid and _goes_on(held[1], line, page.number - held[0]):
                again = line.grid[0] == held[1].grid[0]
                held = (held[0], replace(held[1], grid=held[1].grid + line.grid[again:]), measure)
                continue
            if held is not None:
                yield held
            held = (page.number, line, measure)
    if held is not None:
        yield held


def _goes_on(table: Line, line: Line, distance: int) -> bool:
    """Whether a table on a later page, with nothing in between, continues the one before."""
    return bool(line.grid) and distance > 0 and len(line.grid[0]) == len(table.grid[0])


def _runs_on(previous: Line, before: Measure, line: Line, measure: Measure, text: str) -> bool:
    """Whether ``line`` continues the paragraph that ``previous`` belongs to."""
    slack = RAGGED if measure.indents and not text.endswith(ENDS) else TOLERANCE
    full = previous.right >= before.right - slack * before.character
    indented = line.left > measure.left + INDENT * measure.character
    started_flush = previous.left <= before.left + FIRST_LINE * before.character
    if not full or indented or not started_flush or opens(ordinary(line.text)):
        return False
    if measure.indents or not text.endswith(ENDS):
        return True
    # Without indents only the shape of the last line and the space below it tell a paragraph's end.
    short = previous.right < before.right - SHORT * before.character
    parted = previous.top - line.top > LOOSE * measure.step
    return not short and not parted


def _measure(page: Page, overall: Measure) -> Measure:
    """This page's margins, where its own lines show them; the document's otherwise."""
    lines = [line for line in page.lines if not line.grid]
    if len(lines) < 5:
        return overall
    left = _left(lines)
    right = max(line.right for line in lines)
    if page.column:
        return Measure(left, right, overall.character, overall.step, overall.indents)
    if abs(left - overall.left) > 3 * overall.character or right < overall.right - 3 * overall.character:
        return overall
    return Measure(left, right, overall.character, overall.step, overall.indents)


def _overall(pages: Sequence[Page]) -> Measure:
    lines = [line for page in pages for line in page.lines if not line.grid]
    if not lines:
        return Measure(0, 0, 10, 20)
    widths = [(line.right - line.left) / max(_columns(line.text), 1) for line in lines if len(line.text) > 8]
    steps = [
        upper.top - lower.top
        for page in pages
        for upper, lower in zip(page.lines, page.lines[1:], strict=False)
        if upper.top > lower.top and not upper.grid and not lower.grid
    ]
    rights = sorted(line.right for line in lines)
    left, character = _left(lines), median(widths or [10])
    indented = sum(INDENT * character < line.left - left < 4 * character for line in lines)
    return Measure(
        left, rights[int(len(rights) * 0.9)], character, median(steps or [20]), indented > len(lines) * 0.1
    )


def _left(lines: Sequence[Line]) -> float:
    """The left margin: nearly the smallest left, a few lines that stick out left aside."""
    lefts = sorted(line.left for line in lines)
    return lefts[min(max(1, len(lefts) // 12), len(lefts) - 1)]


def _columns(text: str) -> float:
    """Length in full-width characters."""
    return len(text) - len(text.encode("ascii", "ignore")) * 0.5


def _without_furniture(pages: Sequence[Page]) -> list[Page]:
    """The pages without running heads, page numbers and what is printed on every page at one place."""
    repeated, fixed = _repeated(pages), _fixed(pages)
    return [
        replace(page, lines=tuple(_body_lines(page, frozenset(_edges(page)), repeated, fixed)))
        for page in pages
    ]


def _body_lines(
    page: Page, edges: frozenset[Line], repeated: frozenset[str], fixed: frozenset[tuple[str, int, int]]
) -> Iterator[Line]:
    for line in page.lines:
        numbered = _near_edge(line, page) and PAGE_NUMBER.fullmatch(line.text.strip()) is not None
        running = line in edges and (numbered or _pattern(line.text) in repeated)
        if line.grid or not (running or (fixed and _place(line) in fixed)):
            yield line


def _fixed(pages: Sequence[Page]) -> frozenset[tuple[str, int, int]]:
    """Text with its place that comes back on at least half of the pages: watermarks, margin notes.

    Of two pages only what stands near the edge of both is taken for such, wherever a scan has put it exactly.
    """
    if len(pages) < 2:
        return frozenset()
    full = [page for page in pages if len(page.lines) > 2 * EDGE_LINES]
    if len(pages) == 2:
        edges = [{line.text: line for line in page.lines if _near_edge(line, page)} for page in full]
        common = set(edges[0]).intersection(*edges[1:]) if len(edges) == 2 else set()
        return frozenset(_place(edge[text]) for edge in edges for text in common)
    texts = Counter(line.text for page in full for line in page.lines)
    seen = Counter(
        place for page in full for place in {_place(line) for line in page.lines if texts[line.text] > 1}
    )
    return frozenset(place for place, count in seen.items() if count >= max(3, len(pages) * 0.5))


def _near_edge(line: Line, page: Page) -> bool:
    return line.bottom < page.height * 0.12 or line.top > page.height * 0.9


def _place(line: Line) -> tuple[str, int, int]:
    return line.text, round(line.left), round(line.top)


def _edges(page: Page) -> tuple[Line, ...]:
    by_height = sorted((line for line in page.lines if not line.grid), key=lambda line: -line.top)
    return (*by_height[:EDGE_LINES], *by_height[-EDGE_LINES:])


def _repeated(pages: Sequence[Page]) -> frozenset[str]:
    """What stands at the edge of at least half of the pages, figures left aside."""
    if len(pages) < 3:
        return frozenset()
    seen = Counter(pattern for page in pages for pattern in {_pattern(line.text) for line in _edges(page)})
    return frozenset(pattern for pattern, count in seen.items() if count >= max(3, len(pages) * 0.5))


def _pattern(text: str) -> str:
    return FIGURES.sub("#", text.strip())

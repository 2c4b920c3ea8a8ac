"""Lines placed on pages become paragraphs: running heads off, broken lines joined."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from statistics import median

from assessment.documents.formats.base import Paragraph
from assessment.documents.formats.joining import ENDS, glue, opens
from assessment.documents.radicals import ordinary

PAGE_NUMBER = re.compile(
    r"[-—–－─·\s]*(?:第\s*)?[0-9０-９]{1,4}(?:\s*页)?(?:\s*[/／，,]?\s*(?:共\s*)?[0-9０-９]{1,4}(?:\s*页)?)?[-—–－─·\s]*"
    r"|第\s*[一二三四五六七八九十百]+\s*页|[-—\s]*[ivxIVX]{1,5}[-—\s]*"
)
EDGE_LINES = 3
INDENT = 1.2
TOLERANCE = 2.0
LOOSE = 1.35
SHORT = 0.5


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a page; left, right, top and bottom in points, upwards from the lower left."""

    text: str
    left: float
    right: float
    top: float
    bottom: float


@dataclass(frozen=True, slots=True)
class Page:
    """A page: its number from 1, its height in points and its lines in reading order."""

    number: int
    height: float
    lines: tuple[Line, ...]

    @property
    def size(self) -> int:
        """How many characters stand on it."""
        return sum(len(line.text.strip()) for line in self.lines)


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
    bodies = _without_running_heads(pages)
    overall = _overall(bodies)
    text, page_number, previous, before = "", 0, None, overall
    for page in bodies:
        measure = _measure(page, overall)
        for line in page.lines:
            if text and previous is not None and _runs_on(previous, before, line, measure, text):
                text = glue(text, line.text)
            else:
                if text:
                    yield Paragraph(ordinary(text), page_number)
                text, page_number = line.text, page.number
            previous, before = line, measure
    if text:
        yield Paragraph(ordinary(text), page_number)


def _runs_on(previous: Line, before: Measure, line: Line, measure: Measure, text: str) -> bool:
    """Whether ``line`` continues the paragraph that ``previous`` belongs to."""
    full = previous.right >= before.right - TOLERANCE * before.character
    indented = line.left > measure.left + INDENT * measure.character
    started_flush = previous.left <= before.left + 2.5 * before.character
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
    if len(page.lines) < 5:
        return overall
    left = _left(page.lines)
    right = max(line.right for line in page.lines)
    if abs(left - overall.left) > 3 * overall.character or right < overall.right - 3 * overall.character:
        return overall
    return Measure(left, right, overall.character, overall.step, overall.indents)


def _overall(pages: Sequence[Page]) -> Measure:
    lines = [line for page in pages for line in page.lines]
    if not lines:
        return Measure(0, 0, 10, 20)
    widths = [(line.right - line.left) / max(_columns(line.text), 1) for line in lines if len(line.text) > 8]
    steps = [
        upper.top - lower.top
        for page in pages
        for upper, lower in zip(page.lines, page.lines[1:], strict=False)
        if upper.top > lower.top
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
    return sum(0.5 if character.isascii() else 1 for character in text)


def _without_running_heads(pages: Sequence[Page]) -> list[Page]:
    repeated = _repeated(pages)
    return [
        Page(page.number, page.height, tuple(_body_lines(page, frozenset(_edges(page)), repeated)))
        for page in pages
    ]


def _body_lines(page: Page, edges: frozenset[Line], repeated: frozenset[str]) -> Iterator[Line]:
    for line in page.lines:
        near_edge = line.bottom < page.height * 0.12 or line.top > page.height * 0.9
        numbered = near_edge and PAGE_NUMBER.fullmatch(line.text.strip()) is not None
        if line not in edges or not (numbered or _pattern(line.text) in repeated):
            yield line


def _edges(page: Page) -> tuple[Line, ...]:
    by_height = sorted(page.lines, key=lambda line: -line.top)
    return (*by_height[:EDGE_LINES], *by_height[-EDGE_LINES:])


def _repeated(pages: Sequence[Page]) -> frozenset[str]:
    """What stands at the edge of at least half of the pages, figures left aside."""
    if len(pages) < 3:
        return frozenset()
    seen = Counter(pattern for page in pages for pattern in {_pattern(line.text) for line in _edges(page)})
    return frozenset(pattern for pattern, count in seen.items() if count >= max(3, len(pages) * 0.5))


def _pattern(text: str) -> str:
    return re.sub(r"[0-9０-９\s]+", "#", text.strip())

"""The text of a document, and its lines with their places and the markers they carry."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from assessment.documents.articles import Candidate, accepted
from assessment.documents.formats.base import Paragraph, Role
from assessment.documents.markers import Marker, match, tighten
from assessment.documents.quotations import quoted
from assessment.documents.runin import run_in_items

BLANK = " \t\u3000\xa0\u2002\u2003\u200b\ufeff"
HEADING_KINDS = frozenset({"part", "subpart", "chapter", "section"})
TITLE_LENGTH = 30


@dataclass(frozen=True, slots=True)
class Segment:
    """A line, or the part of one that opens an article of its own; never blank.

    Attributes:
        text: ``document_text[start:end]``, without white space around it.
        start, end: code-point offsets into the document's text.
        page: page it begins on, or None.
        row: (table, row) if it is a table row.
        role: contents if the format says that it belongs to a table of contents.
        marker: the outline marker it opens with, if any and if it holds.
    """

    text: str
    start: int
    end: int
    page: int | None = None
    row: tuple[int, int] | None = None
    role: Role = "text"
    marker: Marker | None = None

    @property
    def is_heading(self) -> bool:
        """Whether it is the heading of a 编, 章 or 节."""
        return self.marker is not None and self.marker.kind in HEADING_KINDS

    @property
    def body(self) -> int:
        """Offset into the document's text just behind the marker."""
        return self.start + (self.marker.end if self.marker else 0)


def lay_out(paragraphs: Sequence[Paragraph]) -> tuple[str, list[Segment]]:
    """(text, segments): the paragraphs one to a line, and the lines that are not blank."""
    segments, position = [], 0
    for paragraph in paragraphs:
        bare = paragraph.text.strip().strip(BLANK)
        if bare:
            start = position + paragraph.text.index(bare)
            marker = None if paragraph.row else match(bare)
            segments.append(
                Segment(bare, start, start + len(bare), paragraph.page, paragraph.row, paragraph.role, marker)
            )
        position += len(paragraph.text) + 1
    return "\n".join(paragraph.text for paragraph in paragraphs), _settled(segments)


def _settled(segments: list[Segment]) -> list[Segment]:
    """The segments with only those markers left that hold, cut where one runs in behind another."""
    lines = [segment.text for segment in segments]
    inside = quoted(lines)
    segments = [
        replace(segment, marker=None) if hidden else segment
        for segment, hidden in zip(segments, inside, strict=True)
    ]
    markers = [None if segment.role == "contents" else segment.marker for segment in segments]
    by_line: dict[int, list[Candidate]] = {}
    for candidate in accepted(lines, markers, inside):
        by_line.setdefault(candidate.line, []).append(candidate)
    settled: list[Segment] = []
    for index, segment in enumerate(segments):
        pieces = _cut(segment, by_line.get(index, []))
        listed = inside[index] or segment.row or segment.role == "contents"
        settled += pieces if listed else [item for piece in pieces for item in _items(piece)]
    return _with_titles(settled)


def _items(segment: Segment) -> list[Segment]:
    """A segment, cut where items run on in it."""
    found = run_in_items(segment.text)
    if not found:
        return [segment]
    starts = [0, *found]
    pieces = []
    for at, until in zip(starts, [*starts[1:], len(segment.text)], strict=True):
        text = segment.text[at:until].rstrip()
        start = segment.start + at
        marker = match(text) if at else segment.marker
        pieces.append(replace(segment, text=text, start=start, end=start + len(text), marker=marker))
    return pieces


def _cut(segment: Segment, candidates: list[Candidate]) -> list[Segment]:
    if segment.marker is not None and segment.marker.kind == "article" and segment.role == "text":
        segment = replace(segment, marker=None)
    if not candidates:
        return [segment]
    starts = [0, *(candidate.at for candidate in candidates if candidate.at)]
    opened = {candidate.at: candidate for candidate in candidates}
    pieces = []
    for at, until in zip(starts, [*starts[1:], len(segment.text)], strict=True):
        text = segment.text[at:until].rstrip()
        marker = segment.marker if at == 0 else None
        if at in opened:
            marker = replace(opened[at].marker, end=opened[at].marker.end - at)
        elif len(starts) > 1:
            marker = match(text)
        start = segment.start + at
        pieces.append(replace(segment, text=text, start=start, end=start + len(text), marker=marker))
    return pieces


def _with_titles(segments: list[Segment]) -> list[Segment]:
    """Headings completed: a title on the line below is taken in, a lost number is put up with."""
    joined: list[Segment] = []
    for index, segment in enumerate(segments):
        last = joined[-1] if joined else None
        opens = _opens(segments[index + 1]) if index + 1 < len(segments) else False
        if last is not None and _is_title(segment) and _takes_title(last, opens):
            joined[-1] = _titled(last, segment)
        elif last is not None and opens and _is_lost_heading(segment, last):
            marker = Marker("section", 0, tighten(segment.text), len(segment.text))
            joined.append(replace(segment, marker=marker))
        else:
            joined.append(segment)
    return joined


def _opens(segment: Segment) -> bool:
    """Whether it begins a heading or an article."""
    return segment.is_heading or (segment.marker is not None and segment.marker.kind == "article")


def _takes_title(heading: Segment, before_opening: bool) -> bool:
    """第五章 ⏎ 法律责任 always; 第三章 市人大常委会 ⏎ 立法程序 only if no text comes in between."""
    marker = heading.marker
    if marker is None or not heading.is_heading or marker.number == 0:
        return False
    return marker.title == "" or before_opening


def _titled(heading: Segment, line: Segment) -> Segment:
    if heading.marker is None:
        return heading
    title = tighten(heading.marker.title + line.text)
    marker = replace(heading.marker, title=title, end=line.end - heading.start)
    return replace(heading, text=f"{heading.text}\n{line.text}", end=line.end, marker=marker)


def _is_title(segment: Segment) -> bool:
    bare = segment.marker is None or (segment.marker.kind == "chapter" and segment.marker.number == 0)
    short = len(segment.text) <= TITLE_LENGTH and not re.search(r"[。；，：:;]", segment.text)
    return bare and short and segment.row is None and segment.role == "text"


def _is_lost_heading(segment: Segment, last: Segment) -> bool:
    """A short line between a finished sentence and the next article: a heading without its number."""
    return (
        segment.marker is None and _is_title(segment) and len(segment.text) <= 20 and last.text.endswith("。")
    )

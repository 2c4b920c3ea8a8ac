"""The text of a document, and its lines with their places and the markers they carry."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from assessment.documents.articles import Candidate, accepted
from assessment.documents.formats.base import Paragraph, Role
from assessment.documents.markers import Marker, match, tighten

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
    """The segments with only those article markers left that hold, cut where one runs in behind another."""
    markers = [None if segment.role == "contents" else segment.marker for segment in segments]
    by_line: dict[int, list[Candidate]] = {}
    for candidate in accepted([segment.text for segment in segments], markers):
        by_line.setdefault(candidate.line, []).append(candidate)
    settled: list[Segment] = []
    for index, segment in enumerate(segments):
        settled += _cut(segment, by_line.get(index, []))
    return _with_titles(settled)


def _cut(segment: Segment, candidates: list[Candidate]) -> list[Segment]:
    if segment.marker is not None and segment.marker.kind == "article" and segment.role == "text":
        segment = replace(segment, marker=None)
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
    """A heading whose title stands on the next line takes it in: 第五章 ⏎ 法律责任."""
    joined: list[Segment] = []
    for segment in segments:
        last = joined[-1] if joined else None
        if last is not None and _lacks_title(last) and _is_title(segment):
            text = f"{last.text}\n{segment.text}"
            gap = segment.start - last.end
            if last.marker is not None and gap >= 1:
                marker = replace(last.marker, title=tighten(segment.text), end=segment.end - last.start)
                joined[-1] = replace(last, text=text, end=segment.end, marker=marker)
                continue
        joined.append(segment)
    return joined


def _lacks_title(segment: Segment) -> bool:
    return (
        segment.is_heading
        and segment.marker is not None
        and segment.marker.number > 0
        and segment.marker.title == ""
    )


def _is_title(segment: Segment) -> bool:
    named = segment.marker is None or (segment.marker.kind == "chapter" and segment.marker.number == 0)
    return (
        named
        and segment.row is None
        and len(segment.text) <= TITLE_LENGTH
        and not re.search(r"[。；，：:;]", segment.text)
    )

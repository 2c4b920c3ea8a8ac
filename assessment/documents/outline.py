"""Segments become clauses: the outline of a regulation (编章节条款项目) or of a policy (一、（一）1.（1）).

Spans: an article covers its 款, 项 and 目; a heading covers its own line; a numbered policy clause
covers its own lines, and only its first line once numbered clauses or table rows stand below it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from assessment.documents.attachments import find_listings
from assessment.documents.emission import emit
from assessment.documents.frame import (
    APPENDIX,
    find_contents,
    find_signature,
    find_title,
    is_boilerplate,
    is_note,
)
from assessment.documents.models import Clause, Style
from assessment.documents.segments import Segment
from assessment.documents.walk import LEVEL, Node, Walk


@dataclass(frozen=True, slots=True)
class Outline:
    """What the outline says of a document: its title ('' if none), style and clauses."""

    title: str
    style: Style
    clauses: tuple[Clause, ...]


def outline(segments: Sequence[Segment], text: str) -> Outline:
    """Divide a document into clauses.

    Args:
        segments: from ``segments.lay_out``.
        text: the document's text.
    """
    contents = find_contents(segments)
    title = find_title(segments, contents)
    opening = _opening(segments, contents | title.indices)
    signature = find_signature(segments, _first_prose(segments, contents | title.indices))
    listings = find_listings(segments, signature)
    walk = Walk(opening, _last_article(segments))
    for index, segment in enumerate(segments):
        if index in title.indices:
            continue
        if index in contents:
            walk.grouped("contents", segment)
        elif index in signature:
            walk.sign(segment)
        elif index in listings:
            walk.grouped("listing", segment)
        else:
            walk.take(index, segment)
    return Outline(title.text, walk.style, emit(_substantial(walk.nodes), text))


def _substantial(nodes: list[Node]) -> list[Node]:
    """The nodes; where all of them are notes, their lines are the text after all."""
    if any(node.kind not in {"note", "contents", "listing", "signature"} for node in nodes):
        return nodes
    return [
        Node("paragraph" if node.kind == "note" else node.kind, [segment])
        for node in nodes
        for segment in node.segments
    ]


def _opening(segments: Sequence[Segment], skipped: frozenset[int]) -> int:
    """Index of the first segment of the body: a marker, an attachment, or in plain text the first prose."""
    prose = _first_prose(segments, skipped)
    for index, segment in enumerate(segments):
        if index in skipped or segment.row:
            continue
        marker = segment.marker
        if marker is None:
            if index > prose and APPENDIX.fullmatch(segment.text):
                return index
            continue
        stray = marker.kind in LEVEL and marker.number != 1 and marker.kind != "comma"
        noted = marker.number == 0 and index + 1 < len(segments) and is_note(segments[index + 1].text)
        if not stray and not noted:
            return index
    return prose


def _first_prose(segments: Sequence[Segment], skipped: frozenset[int]) -> int:
    """Index of the first segment below the title that says something of substance."""
    for index, segment in enumerate(segments):
        if index not in skipped and (segment.row or not is_boilerplate(segment.text)):
            return index
    return len(segments)


def _last_article(segments: Sequence[Segment]) -> int:
    articles = [
        index for index, segment in enumerate(segments) if segment.marker and segment.marker.kind == "article"
    ]
    return articles[-1] if articles else -1

"""Segments become clauses: the outline of a regulation (编章节条款项目) or of a policy (一、（一）1.（1）).

Spans: an article covers its 款, 项 and 目; a heading covers its own line; a numbered policy clause
covers its own lines, and only its first line once numbered clauses or table rows stand below it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from assessment.documents.articleparts import ClauseSink, add_article
from assessment.documents.frame import (
    APPENDIX,
    CLOSING,
    find_contents,
    find_signature,
    find_title,
    is_boilerplate,
    is_note,
    is_note_end,
    opens_note,
)
from assessment.documents.markers import Marker, tighten
from assessment.documents.models import Clause, ClauseKind, Style
from assessment.documents.segments import Segment

HEADING_RANK = {"part": 0, "subpart": 1, "chapter": 2, "section": 3}
HEADING_KIND: dict[str, ClauseKind] = {
    "part": "part",
    "subpart": "part",
    "chapter": "chapter",
    "section": "section",
}
HEADING_ID = {"part": "b", "subpart": "f", "chapter": "c", "section": "s"}
LEVEL = {"comma": 1, "bracket": 2, "digit": 3, "digit_bracket": 4, "circle": 5}
LEVEL_KIND: tuple[ClauseKind, ...] = ("level1", "level2", "level3", "level4", "level4")
MAX_SKIP = 5
PROSE_LENGTH = 40
CAPTION_LENGTH = 20
CAPTION_STEP = 0.5
"""A caption stands half a level above the count it names."""


@dataclass(frozen=True, slots=True)
class Outline:
    """What the outline says of a document: its title ('' if none), style and clauses."""

    title: str
    style: Style
    clauses: tuple[Clause, ...]


@dataclass(slots=True)
class Node:
    """A block of the body on its way to becoming a clause."""

    kind: str
    segments: list[Segment]
    parent: Node | None = None
    divided: bool = False
    depth: float = 0
    clause: Clause | None = None

    @property
    def marker(self) -> Marker | None:
        return self.segments[0].marker


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
    walk = _Walk(opening, _last_article(segments))
    for index, segment in enumerate(segments):
        if index in title.indices:
            continue
        if index in contents:
            walk.grouped("contents", segment)
        elif index in signature:
            walk.sign(segment)
        else:
            walk.take(index, segment)
    return Outline(title.text, walk.style, _emit(_substantial(walk.nodes), text))


def _substantial(nodes: list[Node]) -> list[Node]:
    """The nodes; where all of them are notes, their lines are the text after all."""
    if any(node.kind not in {"note", "contents", "signature"} for node in nodes):
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


class _Walk:
    """Takes the segments one by one and keeps what is open: headings, an article, policy levels."""

    def __init__(self, opening: int, last_article: int) -> None:
        self.nodes: list[Node] = []
        self._opening = opening
        self._last_article = last_article
        self._headings: list[Node] = []
        self._levels: list[Node] = []
        self._article: Node | None = None
        self._numbers: dict[int, int] = {}
        self._captions = False
        self._broken_note = False
        self._previous = ""

    @property
    def style(self) -> Style:
        kinds = {node.kind for node in self.nodes}
        if "article" in kinds:
            return "regulation"
        return "policy" if "level" in kinds or "heading" in kinds else "plain"

    def take(self, index: int, segment: Segment) -> None:
        """Place one segment of the body or of what stands before it."""
        marker = segment.marker
        if segment.row:
            self._row(segment)
        elif index < self._opening:
            self._before(segment)
        elif segment.is_heading:
            self._heading(segment)
        elif marker is not None and marker.kind == "article":
            self._close()
            self._article = self._add("article", segment, self._top_heading())
        elif APPENDIX.fullmatch(segment.text) and marker is None:
            self._appendix(segment)
        elif self._article is not None and not self._leaves_article(index, marker):
            self._article.segments.append(segment)
        elif marker is not None and self._is_level(marker):
            self._level(segment, marker)
        else:
            self._paragraph(segment)
        self._previous = segment.text

    def grouped(self, kind: str, segment: Segment) -> None:
        """Add to the run of segments of this kind, or begin one."""
        if self.nodes and self.nodes[-1].kind == kind:
            self.nodes[-1].segments.append(segment)
        else:
            self._add(kind, segment, None)

    def sign(self, segment: Segment) -> None:
        """A signature ends what is open; captions of an attachment may follow."""
        self._close()
        self._headings = []
        self._captions = True
        self.grouped("signature", segment)

    def _add(self, kind: str, segment: Segment, parent: Node | None) -> Node:
        node = Node(kind, [segment], parent)
        self.nodes.append(node)
        if kind not in {"contents", "signature", "note"}:
            self._captions = self._captions and kind == "preamble"
        return node

    def _close(self) -> None:
        self._article = None
        self._levels = []

    def _top_heading(self) -> Node | None:
        return self._headings[-1] if self._headings else None

    def _before(self, segment: Segment) -> None:
        broken = self._broken_note and not segment.text.endswith("。")
        if broken or is_boilerplate(segment.text):
            self.grouped("note", segment)
            self._broken_note = (broken or opens_note(segment.text)) and not is_note_end(segment.text)
        else:
            self._broken_note = False
            self._add("preamble", segment, None)

    def _heading(self, segment: Segment) -> None:
        self._close()
        rank = HEADING_RANK[segment.marker.kind] if segment.marker else 0
        while self._headings and _rank(self._headings[-1]) >= rank:
            self._headings.pop()
        self._headings.append(self._add("heading", segment, self._top_heading()))

    def _appendix(self, segment: Segment) -> None:
        self._close()
        self._headings = []
        self._headings.append(self._add("appendix", segment, None))
        self._captions = True

    def _leaves_article(self, index: int, marker: Marker | None) -> bool:
        """Whether 一、 behind the last article begins an attachment, and not a list within it."""
        lists = self._previous.endswith(("：", ":"))
        if marker is None or marker.kind != "comma" or index <= self._last_article or lists:
            return False
        return self._is_level(marker)

    def _is_level(self, marker: Marker) -> bool:
        """Whether the number continues a count; a stray 3. or （2） is only text."""
        level = LEVEL.get(marker.kind, 0)
        last = self._numbers.get(level)
        if level == 0 or marker.number < 1:
            return False
        if last is None:
            return marker.number == 1 or level == 1
        return marker.number == 1 or last <= marker.number <= last + MAX_SKIP

    def _level(self, segment: Segment, marker: Marker) -> None:
        self._article = None
        level = LEVEL[marker.kind]
        caption = self._caption() if marker.number == 1 else None
        while self._levels and self._levels[-1].depth >= level:
            self._levels.pop()
        if caption is not None:
            self._open_caption(caption, level)
        parent = self._levels[-1] if self._levels else self._top_heading()
        if parent is not None:
            parent.divided = True
        self._numbers[level] = marker.number
        self._levels.append(self._add("level", segment, parent))
        self._levels[-1].depth = level

    def _caption(self) -> Segment | None:
        """The unnumbered line just above, if it only names the count that begins: 主要目标："""
        last = self.nodes[-1] if self.nodes else None
        if last is None or last.kind not in {"level", "paragraph"} or not _names_count(last.segments[-1]):
            return None
        if last.kind == "paragraph":
            self.nodes.pop()
            return last.segments[0]
        return last.segments.pop() if len(last.segments) > 1 else None

    def _open_caption(self, segment: Segment, level: int) -> None:
        """Put a caption between the clause above and the count below."""
        while self._levels and self._levels[-1].depth >= level - CAPTION_STEP:
            self._levels.pop()
        parent = self._levels[-1] if self._levels else self._top_heading()
        if parent is not None:
            parent.divided = True
        self._levels.append(self._add("caption", segment, parent))
        self._levels[-1].depth = level - CAPTION_STEP

    def _row(self, segment: Segment) -> None:
        if self._article is not None:
            self._article.segments.append(segment)
            return
        parent = self._levels[-1] if self._levels else self._top_heading()
        if parent is not None:
            parent.divided = True
        self._add("row", segment, parent)

    def _paragraph(self, segment: Segment) -> None:
        if CLOSING.match(segment.text):
            self._levels = []
        if self._levels and not self._levels[-1].divided:
            self._levels[-1].segments.append(segment)
        elif self._captions and is_boilerplate(segment.text):
            self.grouped("note", segment)
        else:
            self._add("paragraph", segment, self._levels[-1] if self._levels else self._top_heading())


def _rank(node: Node) -> int:
    return HEADING_RANK[node.marker.kind] if node.marker and node.kind == "heading" else -1


def _names_count(segment: Segment) -> bool:
    bare = segment.marker is None and segment.row is None and len(segment.text) <= CAPTION_LENGTH
    return bare and not any(sign in segment.text for sign in "。；，")


def _emit(nodes: Sequence[Node], text: str) -> tuple[Clause, ...]:
    sink = ClauseSink(text)
    emitter = _Emitter(sink)
    for node in nodes:
        node.clause = EMIT[node.kind](emitter, node)
    return sink.ordered()


class _Emitter:
    """Turns nodes into clauses; one method for each kind of node."""

    def __init__(self, sink: ClauseSink) -> None:
        self._sink = sink
        self._counts: dict[str, int] = {}

    def heading(self, node: Node) -> Clause:
        marker, parent = _marker(node), _parent(node)
        prefix = f"{parent.id}." if parent else ""
        name = f"{marker.label} {marker.title}".strip()
        return self._sink.add(
            f"{prefix}{HEADING_ID[marker.kind]}{marker.number or 'x'}",
            HEADING_KIND[marker.kind],
            marker.label,
            node.segments,
            parent,
            path_label=name,
        )

    def appendix(self, node: Node) -> Clause:
        found = APPENDIX.fullmatch(node.segments[0].text)
        label = tighten(found["label"]) if found else node.segments[0].text
        title = tighten(found["title"] or "") if found else ""
        return self._sink.add(
            f"f{self._next('appendix')}",
            "part",
            label,
            node.segments,
            None,
            path_label=f"{label} {title}".strip(),
        )

    def article(self, node: Node) -> Clause:
        return add_article(self._sink, node.segments, _parent(node))

    def level(self, node: Node) -> Clause:
        marker, parent = _marker(node), _parent(node)
        above = _level_above(node)
        level = LEVEL[marker.kind]
        sign = _level_sign(marker)
        prose = _is_prose(node.segments[0], marker)
        named = not prose and (node.divided or len(node.segments) > 1)
        inner = "" if above else "n"
        clause = self._sink.add(
            f"{parent.id}.{inner}{marker.number}" if parent else f"n{marker.number}",
            LEVEL_KIND[level - 1],
            (above.label if above else "") + sign,
            node.segments[:1] if node.divided else node.segments,
            parent,
            unit=prose or not node.divided,
            path_label=sign + tighten(node.segments[0].text[marker.end :]).rstrip("。：:") if named else sign,
        )
        self._lines(node, clause)
        return clause

    def caption(self, node: Node) -> Clause:
        parent = _parent(node)
        name = node.segments[0].text.rstrip("：:")
        prefix = f"{parent.id}." if parent else ""
        number = self._next(f"caption of {prefix}")
        clause = self._sink.add(f"{prefix}h{number}", "paragraph", name, node.segments[:1], parent)
        self._lines(node, clause)
        return clause

    def _lines(self, node: Node, clause: Clause) -> None:
        """The lines below a numbered clause: units of their own once the clause is divided."""
        rest = node.segments[1:] if node.divided else node.segments
        if not node.divided and len(node.segments) == 1:
            return
        if not node.divided and node.segments[0].body >= node.segments[0].end:
            rest = rest[1:]
        for number, segment in enumerate(rest, 1):
            first = segment is node.segments[0]
            self._sink.add(
                f"{clause.id}.k{number}",
                "paragraph",
                f"{clause.label}第{number}段",
                [segment],
                clause,
                unit=node.divided,
                start=segment.body if first else segment.start,
                path_label=f"第{number}段",
            )

    def row(self, node: Node) -> Clause:
        table, row = node.segments[0].row or (0, 0)
        return self._sink.add(
            f"t{table}.r{row}", "row", f"表{table}第{row}行", node.segments, _parent(node), unit=True
        )

    def paragraph(self, node: Node) -> Clause:
        number = self._next("paragraph")
        return self._sink.add(
            f"p{number}", "paragraph", f"第{number}段", node.segments, _parent(node), unit=True
        )

    def preamble(self, node: Node) -> Clause:
        number = self._next("preamble")
        return self._sink.add(f"pre{number}", "preamble", f"序言第{number}段", node.segments, None, unit=True)

    def note(self, node: Node) -> Clause:
        return self._sink.add(f"note{self._next('note')}", "preamble", "题注", node.segments, None)

    def contents(self, node: Node) -> Clause:
        return self._sink.add(f"toc{self._next('contents')}", "contents", "目录", node.segments, None)

    def signature(self, node: Node) -> Clause:
        return self._sink.add(f"sig{self._next('signature')}", "signature", "落款", node.segments, None)

    def _next(self, kind: str) -> int:
        self._counts[kind] = self._counts.get(kind, 0) + 1
        return self._counts[kind]


EMIT = {
    "heading": _Emitter.heading,
    "appendix": _Emitter.appendix,
    "article": _Emitter.article,
    "level": _Emitter.level,
    "caption": _Emitter.caption,
    "row": _Emitter.row,
    "paragraph": _Emitter.paragraph,
    "preamble": _Emitter.preamble,
    "note": _Emitter.note,
    "contents": _Emitter.contents,
    "signature": _Emitter.signature,
}


def _marker(node: Node) -> Marker:
    if node.marker is None:
        raise ValueError(f"a {node.kind} has a marker")
    return node.marker


def _parent(node: Node) -> Clause | None:
    return node.parent.clause if node.parent else None


def _level_above(node: Node) -> Clause | None:
    """The nearest numbered policy clause above, captions passed over."""
    above = node.parent
    while above is not None and above.kind == "caption":
        above = above.parent
    return above.clause if above is not None and above.kind == "level" else None


def _level_sign(marker: Marker) -> str:
    """The sign in its usual form: 一、 (二) 3. (4) ⑤."""
    bare = marker.label.strip("、．.（）()")
    signs = {"comma": f"{bare}、", "bracket": f"({bare})", "digit": f"{bare}.", "digit_bracket": f"({bare})"}
    return signs.get(marker.kind, marker.label)


def _is_prose(segment: Segment, marker: Marker) -> bool:
    """Whether a numbered line says something itself and does not only name what follows."""
    words = segment.text[marker.end :].rstrip("。：:")
    return len(words) > PROSE_LENGTH or any(sign in words for sign in "。；，")

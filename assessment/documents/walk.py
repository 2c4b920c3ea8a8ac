"""The body of a document taken line by line: what is open, and what each line belongs to."""

from __future__ import annotations

from dataclasses import dataclass

from assessment.documents.frame import (
    APPENDIX,
    CLOSING,
    SUMS_UP,
    is_boilerplate,
    is_note_end,
    opens_note,
)
from assessment.documents.markers import Marker
from assessment.documents.models import Clause, Style
from assessment.documents.segments import Segment

HEADING_RANK = {"part": 0, "subpart": 1, "chapter": 2, "section": 3}
LEVEL = {"comma": 1, "bracket": 2, "digit": 3, "digit_bracket": 4, "circle": 5, "ordinal": 6}
"""How deep each sign stands in policy style; 第一、 stands just below what is open when it begins."""
ORDINAL_STEP = 0.25
MAX_SKIP = 5
CAPTION_LENGTH = 20
CAPTION_STEP = 0.5
"""A caption stands half a level above the count it names."""


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


class Walk:
    """Takes the segments one by one and keeps what is open: headings, an article, policy levels."""

    def __init__(self, opening: int, last_article: int) -> None:
        self.nodes: list[Node] = []
        self._opening = opening
        self._last_article = last_article
        self._headings: list[Node] = []
        self._levels: list[Node] = []
        self._article: Node | None = None
        self._numbers: dict[int, int] = {}
        self._ordinal_depth = 0.0
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
        if kind not in {"contents", "listing", "signature", "note"}:
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
        caption = self._caption() if marker.number == 1 else None
        depth = self._depth(marker)
        while self._levels and self._levels[-1].depth >= depth:
            self._levels.pop()
        if caption is not None:
            self._open_caption(caption, depth)
        parent = self._levels[-1] if self._levels else self._top_heading()
        if parent is not None:
            parent.divided = True
        self._numbers[LEVEL[marker.kind]] = marker.number
        self._levels.append(self._add("level", segment, parent))
        self._levels[-1].depth = depth

    def _depth(self, marker: Marker) -> float:
        if marker.kind != "ordinal":
            if marker.number == 1 and not self._previous.endswith(("：", ":")):
                self._levels = [node for node in self._levels if not _is_ordinal(node)]
            return LEVEL[marker.kind]
        if marker.number == 1:
            self._ordinal_depth = (self._levels[-1].depth if self._levels else 0.5) + ORDINAL_STEP
        return self._ordinal_depth

    def _caption(self) -> Segment | None:
        """The unnumbered line just above, if it only names the count that begins: 主要目标："""
        last = self.nodes[-1] if self.nodes else None
        if last is None or last.kind not in {"level", "paragraph"} or not _names_count(last.segments[-1]):
            return None
        if last.kind == "paragraph":
            self.nodes.pop()
            return last.segments[0]
        return last.segments.pop() if len(last.segments) > 1 else None

    def _open_caption(self, segment: Segment, depth: float) -> None:
        """Put a caption between the clause above and the count below, which stands at ``depth``."""
        own = depth - (CAPTION_STEP if depth == int(depth) else ORDINAL_STEP / 2)
        while self._levels and self._levels[-1].depth >= own:
            self._levels.pop()
        parent = self._levels[-1] if self._levels else self._top_heading()
        if parent is not None:
            parent.divided = True
        self._levels.append(self._add("caption", segment, parent))
        self._levels[-1].depth = own

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
        elif SUMS_UP.match(segment.text) or self._count_closed():
            self._leave_count()
        if self._levels and not self._levels[-1].divided:
            self._levels[-1].segments.append(segment)
        elif self._captions and is_boilerplate(segment.text):
            self.grouped("note", segment)
        else:
            self._add("paragraph", segment, self._levels[-1] if self._levels else self._top_heading())

    def _count_closed(self) -> bool:
        """Whether the count has come to its full stop: …； …； …。"""
        if len(self._levels) < 2 or len(self.nodes) < 2 or len(self._levels[-1].segments) > 1:
            return False
        last, before = self.nodes[-1], self.nodes[-2]
        siblings = before.kind == "level" and before.parent is last.parent and last is self._levels[-1]
        return siblings and _last_text(before).endswith(("；", ";")) and _last_text(last).endswith("。")

    def _leave_count(self) -> None:
        """A sentence on 上述各项 belongs to the clause above the count it sums up."""
        if self._levels and (len(self._levels) > 1 or self._levels[-1].divided):
            self._levels.pop()


def _last_text(node: Node) -> str:
    return node.segments[-1].text


def _is_ordinal(node: Node) -> bool:
    return node.marker is not None and node.marker.kind == "ordinal"


def _rank(node: Node) -> int:
    return HEADING_RANK[node.marker.kind] if node.marker and node.kind == "heading" else -1


def _names_count(segment: Segment) -> bool:
    bare = segment.marker is None and segment.row is None and len(segment.text) <= CAPTION_LENGTH
    return bare and not any(sign in segment.text for sign in "。；，")

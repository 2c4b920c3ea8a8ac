"""Nodes become clauses: ids, labels, paths, spans, and which of them are units."""

from __future__ import annotations

from collections.abc import Sequence

from assessment.documents.articleparts import ClauseSink, add_article
from assessment.documents.frame import APPENDIX
from assessment.documents.markers import Marker, tighten
from assessment.documents.models import Clause, ClauseKind
from assessment.documents.segments import Segment
from assessment.documents.walk import LEVEL, Node

HEADING_KIND: dict[str, ClauseKind] = {
    "part": "part",
    "subpart": "part",
    "chapter": "chapter",
    "section": "section",
}
HEADING_ID = {"part": "b", "subpart": "f", "chapter": "c", "section": "s"}
LEVEL_KIND: tuple[ClauseKind, ...] = ("level1", "level2", "level3", "level4", "level4", "level4")
PROSE_LENGTH = 40


def emit(nodes: Sequence[Node], text: str) -> tuple[Clause, ...]:
    """The clauses of ``nodes`` in reading order."""
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

    def listing(self, node: Node) -> Clause:
        return self._sink.add(f"att{self._next('listing')}", "preamble", "附件清单", node.segments, None)

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
    "listing": _Emitter.listing,
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
    signs["ordinal"] = f"{bare.rstrip('，,：:')}、"
    return signs.get(marker.kind, marker.label)


def _is_prose(segment: Segment, marker: Marker) -> bool:
    """Whether a numbered line says something itself and does not only name what follows."""
    words = segment.text[marker.end :].rstrip("。：:")
    return len(words) > PROSE_LENGTH or any(sign in words for sign in "。；，")

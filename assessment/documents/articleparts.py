"""One article becomes clauses: the article, its 款, their 项, and 目 below those."""

from __future__ import annotations

from collections.abc import Sequence

from assessment.documents.models import Clause, ClauseKind
from assessment.documents.numerals import counting
from assessment.documents.segments import Segment

ITEM_KINDS: dict[str, ClauseKind] = {
    "comma": "item",
    "bracket": "item",
    "ordinal": "item",
    "digit": "subitem",
    "digit_bracket": "subitem",
    "circle": "subitem",
}
ITEM_RANK = {"comma": 0, "ordinal": 0, "bracket": 1, "digit": 2, "digit_bracket": 3, "circle": 4}


class ClauseSink:
    """Collects clauses and keeps their ids unique.

    Args:
        text: the document's text, from which every clause's text is cut.
    """

    def __init__(self, text: str) -> None:
        self._text = text
        self._clauses: list[Clause] = []
        self._used: dict[str, int] = {}

    def add(
        self,
        clause_id: str,
        kind: ClauseKind,
        label: str,
        segments: Sequence[Segment],
        parent: Clause | None,
        *,
        unit: bool = False,
        start: int | None = None,
        path_label: str = "",
    ) -> Clause:
        """Add the clause that covers ``segments`` (from ``start``, if given) and return it."""
        count = self._used[clause_id] = self._used.get(clause_id, 0) + 1
        begin = segments[0].start if start is None else start
        end = segments[-1].end
        clause = Clause(
            id=clause_id if count == 1 else f"{clause_id}_{count}",
            kind=kind,
            label=label,
            path=(*(parent.path if parent else ()), path_label or label),
            text=self._text[begin:end],
            start=begin,
            end=end,
            page=segments[0].page,
            parent=parent.id if parent else None,
            unit=unit,
        )
        self._clauses.append(clause)
        return clause

    def ordered(self) -> tuple[Clause, ...]:
        """The clauses in reading order, parents before children."""
        return tuple(sorted(self._clauses, key=lambda clause: (clause.start, -clause.end)))


def add_article(sink: ClauseSink, segments: Sequence[Segment], parent: Clause | None) -> Clause:
    """Add an article and its parts.

    A 款 is a clause of its own only where there are several: an article of one is cited by its
    number alone. Everything numbered belongs to the 款 above it.
    """
    marker = segments[0].marker
    if marker is None:
        raise ValueError("an article has a marker")
    sub = f"-{marker.sub}" if marker.sub else ""
    article = sink.add(f"a{marker.number}{sub}", "article", marker.label, segments, parent, unit=True)
    groups = _paragraphs(segments)
    for number, group in enumerate(groups, 1):
        owner = article
        if len(groups) > 1:
            owner = _add_paragraph(sink, group, number, article)
        _add_items(sink, group[1:] if _is_lead(group[0], segments[0]) else group, owner)
    return article


def _is_lead(segment: Segment, first: Segment) -> bool:
    return segment is first or segment.marker is None or segment.marker.kind not in ITEM_KINDS


def _paragraphs(segments: Sequence[Segment]) -> list[list[Segment]]:
    """The segments of an article by 款: each unnumbered line begins one, rows and numbers go on."""
    groups: list[list[Segment]] = [[segments[0]]]
    bare = len(segments[0].text) <= (segments[0].marker.end if segments[0].marker else 0)
    for segment in segments[1:]:
        numbered = segment.row is not None or (
            segment.marker is not None and segment.marker.kind in ITEM_KINDS
        )
        if numbered or (bare and len(groups) == 1 and len(groups[0]) == 1):
            groups[-1].append(segment)
        else:
            groups.append([segment])
    return groups


def _add_paragraph(sink: ClauseSink, group: Sequence[Segment], number: int, article: Clause) -> Clause:
    first = group[0]
    start = first.body if first.start == article.start else first.start
    if start >= first.end and len(group) > 1:
        start = group[1].start
    return sink.add(
        f"{article.id}.k{number}", "paragraph", f"第{counting(number)}款", group, article, start=start
    )


def _add_items(sink: ClauseSink, group: Sequence[Segment], owner: Clause) -> None:
    """Numbered lines and rows below a 款; each numbered line covers the deeper ones after it."""
    open_items: list[tuple[int, Clause]] = []
    for index, segment in enumerate(group):
        if segment.row:
            table, row = segment.row
            above = open_items[-1][1] if open_items else owner
            sink.add(f"{owner.id}.t{table}.r{row}", "row", f"表{table}第{row}行", [segment], above)
            continue
        marker = segment.marker
        if marker is None or marker.kind not in ITEM_RANK:
            continue
        rank = ITEM_RANK[marker.kind]
        while open_items and open_items[-1][0] >= rank:
            open_items.pop()
        above = open_items[-1][1] if open_items else owner
        covered = [segment, *_deeper(group, index + 1, rank)]
        letter = "x" if ITEM_KINDS[marker.kind] == "item" else "m"
        clause = sink.add(
            f"{above.id}.{letter}{marker.number}", ITEM_KINDS[marker.kind], marker.label, covered, above
        )
        open_items.append((rank, clause))


def _deeper(group: Sequence[Segment], begin: int, rank: int) -> list[Segment]:
    """The segments from ``begin`` up to the next number of the same or a higher rank."""
    end = begin
    while end < len(group):
        marker = group[end].marker
        if marker is not None and ITEM_RANK.get(marker.kind, 9) <= rank:
            break
        end += 1
    return list(group[begin:end])

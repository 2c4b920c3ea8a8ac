"""Two versions of a draft compared: which clauses stayed, changed, moved, split, merged, came or went.

``compare`` says it row by row, ``carried`` and ``relocate`` take over what was decided on the old
version to the new one.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from assessment.documents.alignment import Group, Part, align, in_order
from assessment.documents.markers import match
from assessment.documents.models import Clause, Document
from assessment.documents.plaintext import plain
from assessment.documents.redline import Change, Span, redline

Status = Literal["unchanged", "edited", "moved", "renumbered", "split", "merged", "added", "removed"]
"""edited: other words; moved: same words in another order; renumbered: same words and order, another
number; split, merged: one clause became several, several became one."""

Carried = Literal["same", "look again"]

SAME: frozenset[Status] = frozenset({"unchanged", "moved", "renumbered"})
BY_POSITION = frozenset({"paragraph", "row", "preamble", "signature"})
"""Clauses whose label only counts them; another count is no other number."""


@dataclass(frozen=True, slots=True)
class Row:
    """Clauses of both versions that belong together.

    Attributes:
        status: see ``Status``.
        old, new: their ids, in reading order; one side is empty for added and removed.
        moved: whether it stands in another order among its neighbours; may be true of edited, split
            and merged rows too.
        renumbered: whether its number differs.
        successor: the new unit that keeps most of the old words; empty if added or removed.
        changes: for edited, split and merged rows the redline, numbers included; else empty.
    """

    status: Status
    old: tuple[str, ...]
    new: tuple[str, ...]
    moved: bool = False
    renumbered: bool = False
    successor: str = ""
    changes: tuple[Change, ...] = ()


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two versions beside each other.

    Attributes:
        rows: every unit of either version exactly once, in the order of the new version; what was
            removed stands where it stood.
        frame: the same for headings, notes under the title and signatures.
    """

    rows: tuple[Row, ...]
    frame: tuple[Row, ...]

    @property
    def counts(self) -> dict[Status, int]:
        """How many rows have each status; those that do not occur are left out."""
        return dict(Counter(row.status for row in self.rows))


def compare(old: Document, new: Document) -> Comparison:
    """Compare two versions of a draft by the words and numbers of their clauses.

    White space of the layout and the width of punctuation are no difference; a line break that parts two 款 is.
    """
    return Comparison(
        rows=_rows(old, old.units, new, new.units),
        frame=_rows(old, _frame(old), new, _frame(new)),
    )


def carried(comparison: Comparison) -> Mapping[str, tuple[str, Carried]]:
    """For each old unit that lives on, the new unit and whether what was decided on it still stands.

    Of a clause that was split, the part that kept most of its words. Removed units are left out.
    """
    found: dict[str, tuple[str, Carried]] = {}
    for row in comparison.rows:
        if row.successor:
            how: Carried = "same" if row.status in SAME else "look again"
            found |= dict.fromkeys(row.old, (row.successor, how))
    return found


def relocate(old: Document, new: Document, comparison: Comparison, start: int, end: int) -> Span | None:
    """Where the words ``old.text[start:end]`` stand in the new version.

    Exact for words of a clause that is unchanged, moved or renumbered (its number aside), and for words that
    stayed in one that was edited, split or merged; the new words are equal but for white space
    and the width of punctuation. None where
    they changed, went, or lie in no single unit.
    """
    unit = next((unit for unit in old.units if unit.start <= start < end <= unit.end), None)
    row = next((row for row in comparison.rows if unit and unit.id in row.old and row.new), None)
    if unit is None or row is None:
        return None
    for before, after in _stayed(old, unit, new, row):
        if before[0] <= start and end <= before[1]:
            place = _within(old, before, new, after, (start, end))
            if place is not None:
                return place
    return None


def _stayed(old: Document, old_unit: Clause, new: Document, row: Row) -> Iterator[tuple[Span, Span]]:
    """The stretches of an old unit whose words stand in the new version, each with its place there."""
    if row.status not in SAME:
        yield from ((change.old, change.new) for change in row.changes if change.kind == "same")
        return
    new_unit = new.clause(row.new[0])
    if not row.renumbered:
        yield (old_unit.start, old_unit.end), (new_unit.start, new_unit.end)
    yield (_body(old_unit), old_unit.end), (_body(new_unit), new_unit.end)


def _within(old: Document, before: Span, new: Document, after: Span, words: Span) -> Span | None:
    """Where ``words``, a part of ``before``, stand in ``after``, which says the same."""
    old_words, new_words = plain(old.text, *before), plain(new.text, *after)
    first, last = (bisect_left(old_words.offsets, place) for place in words)
    if old_words.text != new_words.text or first == last:
        return None
    return new_words.offsets[first], new_words.offsets[last - 1] + 1


def _rows(
    old: Document, old_clauses: Sequence[Clause], new: Document, new_clauses: Sequence[Clause]
) -> tuple[Row, ...]:
    olds, news = [_part(old, c) for c in old_clauses], [_part(new, c) for c in new_clauses]
    groups = align(olds, news)
    paired = sorted((group[0][0], group[1][0]) for group in groups if group[0] and group[1])
    kept = set(in_order(olds, news, paired))
    ordered = _ordered(groups, kept)
    rows = []
    for old_at, new_at in ordered:
        moved = bool(old_at and new_at) and (old_at[0], new_at[0]) not in kept
        same = [olds[i].words for i in old_at] == [news[j].words for j in new_at]
        successor = (
            max(new_at, key=lambda j: len(olds[old_at[0]].runs & news[j].runs)) if old_at and new_at else -1
        )
        row = _row(
            old,
            [old_clauses[i] for i in old_at],
            new,
            [new_clauses[j] for j in new_at],
            moved=moved,
            same=same,
        )
        rows.append(replace(row, successor=news[successor].id) if successor >= 0 else row)
    return tuple(rows)


def _part(document: Document, clause: Clause) -> Part:
    return Part(
        clause.id,
        clause.label,
        plain(document.text, _body(clause), clause.end).text,
    )


def _body(clause: Clause) -> int:
    """Offset of the clause's words behind its number; a clause that is only a number keeps it."""
    marker = match(clause.text) if clause.kind not in BY_POSITION else None
    is_heading = clause.kind in {"part", "chapter", "section"}
    if marker is None:
        return clause.start
    skipped = len(marker.label) if is_heading and clause.text.startswith(marker.label) else marker.end
    return clause.start + (skipped if skipped < len(clause.text) else 0)


def _frame(document: Document) -> list[Clause]:
    """The clauses outside all units, but for tables of contents."""
    found, covered = [], -1
    for clause in document.clauses:
        if clause.unit:
            covered = max(covered, clause.end)
        elif clause.start >= covered and clause.kind != "contents":
            found.append(clause)
            covered = clause.end if clause.kind in {"preamble", "signature"} else covered
    return found


def _ordered(groups: Sequence[Group], kept: set[tuple[int, int]]) -> list[Group]:
    """The groups by their first new clause; removed ones behind the clause they stood behind."""
    staying = {olds[-1]: news[0] for olds, news in groups if olds and news and (olds[0], news[0]) in kept}
    behind: dict[int, int] = {}
    last = -1
    for index in sorted(olds[-1] for olds, _ in groups if olds):
        behind[index] = last
        last = staying.get(index, last)

    def place(group: Group) -> tuple[int, int, int]:
        olds, news = group
        return (news[0], 0, 0) if news else (behind[olds[-1]], 1, olds[0])

    return sorted(groups, key=place)


def _row(
    old: Document, olds: Sequence[Clause], new: Document, news: Sequence[Clause], *, moved: bool, same: bool
) -> Row:
    old_ids, new_ids = tuple(clause.id for clause in olds), tuple(clause.id for clause in news)
    if not olds or not news:
        return Row("removed" if olds else "added", old_ids, new_ids)
    numbered = not {olds[0].kind, news[0].kind} <= BY_POSITION
    renumbered = numbered and olds[0].label != news[0].label
    status = _status(len(olds), len(news), moved=moved, renumbered=renumbered, same=same)
    changes: tuple[Change, ...] = ()
    if status not in SAME:
        changes = redline(
            old.text, [(c.start, c.end) for c in olds], new.text, [(c.start, c.end) for c in news]
        )
    return Row(status, old_ids, new_ids, moved, renumbered, changes=changes)


def _status(olds: int, news: int, *, moved: bool, renumbered: bool, same: bool) -> Status:
    if news > 1:
        return "split"
    if olds > 1:
        return "merged"
    if not same:
        return "edited"
    if moved:
        return "moved"
    return "renumbered" if renumbered else "unchanged"

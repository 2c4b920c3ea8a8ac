"""What changed between two wordings, character by character.

The shortest edit script of two Chinese sentences matches stray single characters (的, 应) between
unrelated words; equal runs that are not longer than the changes on both sides are given up, as a
reader would.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

from rapidfuzz.distance import Indel

from assessment.documents.plaintext import Plain, plain

Span = tuple[int, int]
LARGEST = 100_000_000
"""Product of two lengths beyond which sentences are compared first (the bits of the edit matrix)."""
SENTENCE = re.compile(r"[^。；\n]*[。；\n]?")


@dataclass(frozen=True, slots=True)
class Change:
    """A run of characters that stayed, went or came.

    Attributes:
        kind: same, removed or added. Text that stayed is equal but for white space
            and the width of punctuation.
        old, new: its spans in the texts of the two documents; for removed and added text the span on
            the other side is empty and says where.
    """

    kind: Literal["same", "removed", "added"]
    old: Span
    new: Span


Block = tuple[bool, int, int, int, int]
"""(equal, old start, old end, new start, new end) in plain characters."""


def redline(
    old_text: str, old_spans: Sequence[Span], new_text: str, new_spans: Sequence[Span]
) -> tuple[Change, ...]:
    """The changes from the old spans, read one after the other, to the new ones.

    On each side the changes tile the spans: together they cover every character once, in order.
    """
    old, new = _Side(old_text, old_spans), _Side(new_text, new_spans)
    blocks = _settled(_blocks(old.text, new.text))
    return tuple(change for block in blocks for change in _changes(block, old, new))


class _Side:
    """The plain text of several spans, and the way from it back to the document."""

    def __init__(self, text: str, spans: Sequence[Span]) -> None:
        parts: list[Plain] = [plain(text, *span) for span in spans]
        self.text = "".join(part.text for part in parts)
        self._starts: list[int] = []
        self._ends: list[int] = []
        for part, span in zip(parts, spans, strict=True):
            self._starts += part.offsets
            self._ends += [*part.offsets[1:], span[1]] if part.offsets else []
        self._last = spans[-1][1]
        lengths = [len(part.text) for part in parts]
        self.seams = {sum(lengths[:count]) for count in range(1, len(lengths))}

    def span(self, start: int, end: int) -> Span:
        if start == end:
            place = self._starts[start] if start < len(self._starts) else self._last
            return place, place
        return self._starts[start], self._ends[end - 1]


def _blocks(old: str, new: str) -> Iterator[Block]:
    if len(old) * len(new) > LARGEST:
        yield from _by_sentences(old, new)
        return
    for step in Indel.opcodes(old, new):
        yield step.tag == "equal", step.src_start, step.src_end, step.dest_start, step.dest_end


def _by_sentences(old: str, new: str) -> Iterator[Block]:
    """Blocks of two long texts: whole sentences first, characters only within what differs."""
    olds, news = SENTENCE.findall(old), SENTENCE.findall(new)
    old_at, new_at = _cumulated(olds), _cumulated(news)
    for tag, a, b, c, d in difflib.SequenceMatcher(None, olds, news, autojunk=False).get_opcodes():
        old_start, old_end, new_start, new_end = old_at[a], old_at[b], new_at[c], new_at[d]
        small = (old_end - old_start) * (new_end - new_start) <= LARGEST
        if tag != "replace" or not small:
            yield tag == "equal", old_start, old_end, new_start, new_end
            continue
        for equal, w, x, y, z in _blocks(old[old_start:old_end], new[new_start:new_end]):
            yield equal, old_start + w, old_start + x, new_start + y, new_start + z


def _cumulated(pieces: Sequence[str]) -> list[int]:
    places = [0]
    for piece in pieces:
        places.append(places[-1] + len(piece))
    return places


def _settled(blocks: Iterator[Block]) -> list[Block]:
    """The blocks, changed ones joined, and equal runs given up that only part two larger changes."""
    settled: list[Block] = []
    for block in blocks:
        settled.append(block)
        while _joins(settled):
            tail = settled[-3:] if settled[-2][0] else settled[-2:]
            del settled[-len(tail) :]
            settled.append((False, tail[0][1], tail[-1][2], tail[0][3], tail[-1][4]))
    return settled


def _joins(blocks: list[Block]) -> bool:
    """Whether the last change joins the one before it, with or without an equal run between them."""
    if len(blocks) < 2 or blocks[-1][0]:
        return False
    if not blocks[-2][0]:
        return True
    length = blocks[-2][2] - blocks[-2][1]
    return len(blocks) > 2 and length <= min(_weight(blocks[-3]), _weight(blocks[-1]))


def _weight(block: Block) -> int:
    return max(block[2] - block[1], block[4] - block[3])


def _changes(block: Block, old: _Side, new: _Side) -> Iterator[Change]:
    equal, a, b, c, d = block
    if equal:
        cuts = sorted({0, b - a} | {seam - a for seam in old.seams} | {seam - c for seam in new.seams})
        cuts = [cut for cut in cuts if 0 <= cut <= b - a]
        for start, end in pairwise(cuts):
            yield Change("same", old.span(a + start, a + end), new.span(c + start, c + end))
        return
    for start, end in _cut(a, b, old.seams):
        yield Change("removed", old.span(start, end), new.span(c, c))
    for start, end in _cut(c, d, new.seams):
        yield Change("added", old.span(b, b), new.span(start, end))


def _cut(start: int, end: int, seams: set[int]) -> Iterator[Span]:
    cuts = [start, *sorted(seam for seam in seams if start < seam < end), end]
    return ((a, b) for a, b in pairwise(cuts) if a < b)

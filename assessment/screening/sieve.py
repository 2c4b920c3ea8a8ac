"""Which of many regular expressions can match a text at all, told from its pairs of characters in one pass.

For each expression literals are worked out of which every match holds at least one. The pairs of neighbours in a text
are numbered by a table; an expression none of whose literals has all its pairs in the text cannot match, and where
one can, it holds a place where a literal may begin. The sieve never loses a match.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Sequence
from functools import reduce
from itertools import pairwise
from re import _constants as codes  # type: ignore[attr-defined]
from re import _parser as parser  # type: ignore[attr-defined]
from typing import Any

import numpy as np

from assessment.screening.vectors import Array

MOST_TEXTS = 200
"""Literals of an expression are written out up to this many."""

Texts = frozenset[str] | None


def literals_of(pattern: re.Pattern[str]) -> Texts:
    """Texts of which every match of an expression holds one; None where nothing of the kind is sure."""
    return None if pattern.flags & re.IGNORECASE else _needed(list(parser.parse(pattern.pattern)))


def _needed(parts: Iterable[Any]) -> Texts:
    """The most telling literals of parts that all must match in a row."""
    options: list[Texts] = []
    run: frozenset[str] = frozenset({""})
    for part in parts:
        texts = _exact([part])
        if texts and len(run) * len(texts) <= MOST_TEXTS:
            run = frozenset(first + last for first in run for last in texts)
        else:
            options += [run, _inside(*part)]
            run = texts or frozenset({""})
    found = [texts for texts in (*options, run) if texts and "" not in texts]
    return max(found, key=lambda texts: (min(2, min(map(len, texts))), -len(texts)), default=None)


def _exact(parts: Sequence[Any]) -> Texts:
    """All texts that parts in a row match, if they can be written out."""
    found = [_texts(*part) for part in parts]
    if any(texts is None for texts in found):
        return None
    joined = reduce(
        lambda left, right: frozenset(a + b for a in left for b in right or ()), found, frozenset({""})
    )
    return joined if joined and len(joined) <= MOST_TEXTS else None


def _texts(kind: Any, value: Any) -> Texts:
    if kind is codes.LITERAL:
        return frozenset({chr(value)})
    if kind is codes.IN and all(inner is codes.LITERAL for inner, _ in value):
        return frozenset(chr(char) for _, char in value)
    if kind is codes.SUBPATTERN:
        return _exact(value[-1])
    if kind is codes.BRANCH:
        branches = [_exact(branch) for branch in value[1]]
        return None if None in branches else frozenset().union(*(texts or () for texts in branches))
    return None


def _inside(kind: Any, value: Any) -> Texts:
    """What a part that cannot be written out still needs."""
    if kind is codes.SUBPATTERN:
        return _needed(value[-1])
    if kind in (codes.MAX_REPEAT, codes.MIN_REPEAT) and value[0] > 0:
        return _needed(value[-1])
    if kind is codes.BRANCH:
        branches = [_needed(branch) for branch in value[1]]
        return None if None in branches else frozenset().union(*(texts or () for texts in branches))
    return None


class Sieve:
    """Regular expressions by number, ready to be told apart.

    Args:
        patterns: the expressions; a number is the place in this row.
    """

    def __init__(self, patterns: Sequence[re.Pattern[str]]) -> None:
        needed = [literals_of(pattern) for pattern in patterns]
        literals = sorted(frozenset().union(*(texts or () for texts in needed)))
        chars = sorted(set("".join(literals)))
        number = {char: index for index, char in enumerate(chars, 1)}
        self._number = np.zeros(max(map(ord, chars)) + 2, dtype=np.int32)
        self._number[list(map(ord, chars))] = np.arange(1, len(chars) + 1)
        self._width = len(chars) + 1
        # A sign is a pair of characters of a literal, or the only character of one; sign 0 is none of them.
        signs = {
            sign: index
            for index, sign in enumerate(sorted({s for text in literals for s in _signs(text)}), 1)
        }
        self._pair = np.zeros(self._width * self._width, dtype=np.int32)
        self._single = np.zeros(self._width, dtype=np.int32)
        for sign, index in signs.items():
            if len(sign) == 1:
                self._single[number[sign]] = index
            else:
                self._pair[number[sign[0]] * self._width + number[sign[1]]] = index
        self._count = len(signs) + 1
        self._signs, self._sign_begins = _joined(
            [[signs[sign] for sign in _signs(text)] for text in literals]
        )
        self._first = self._signs[self._sign_begins]
        place = {text: index for index, text in enumerate(literals)}
        self._sure = np.array([texts is not None for texts in needed])
        self._literals = [np.array([place[text] for text in texts or literals[:1]]) for texts in needed]
        self._needed, self._needed_begins = _joined(self._literals)

    def of(self, text: str) -> Sifted:
        """What of the expressions can match a text, and where."""
        encoded = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype=np.uint32)
        units = self._number[np.minimum(encoded, len(self._number) - 1)]
        pairs = self._pair[units[:-1] * self._width + units[1:]]
        singles = self._single[units]
        seen = np.zeros(self._count, dtype=bool)
        seen[pairs] = True
        seen[singles] = True
        held = np.logical_and.reduceat(seen[self._signs], self._sign_begins)
        possible = np.logical_or.reduceat(held[self._needed], self._needed_begins) | ~self._sure
        return Sifted(self, pairs, singles, held, possible.tolist())

    def beginnings(self, pattern: int, pairs: Array, singles: Array, held: Array) -> list[int] | None:
        """Where literals of an expression may begin, ascending; None if it may match anywhere.

        Args:
            pattern: its number.
            pairs, singles: the sign that begins at each place of a text, by its two characters and by one.
            held: the literals the text may hold.
        """
        if not self._sure[pattern]:
            return None
        literals = self._literals[pattern]
        begins = np.zeros(self._count, dtype=bool)
        begins[self._first[literals[held[literals]]]] = True
        begins_here = begins[singles]
        begins_here[:-1] |= begins[pairs]
        return np.flatnonzero(begins_here).tolist()


def _joined(rows: Sequence[Sequence[int] | Array]) -> tuple[Array, Array]:
    """Rows of numbers one behind the other, and where each begins."""
    ends = np.cumsum([len(row) for row in rows])
    return np.concatenate([np.asarray(row) for row in rows]), np.concatenate([[0], ends[:-1]])


def _signs(text: str) -> list[str]:
    return [text] if len(text) == 1 else [first + second for first, second in pairwise(text)]


class Sifted:
    """A text against the expressions of a sieve."""

    def __init__(self, sieve: Sieve, pairs: Array, singles: Array, held: Array, possible: list[bool]) -> None:
        self._sieve = sieve
        self._pairs = pairs
        self._singles = singles
        self._held = held
        self._possible = possible
        self._places: dict[int, list[int] | None] = {}

    def possible(self, pattern: int) -> bool:
        """Whether an expression can match."""
        return self._possible[pattern]

    def within(self, pattern: int, start: int, end: int) -> bool:
        """Whether an expression can match between two offsets."""
        if pattern not in self._places:
            self._places[pattern] = self._sieve.beginnings(pattern, self._pairs, self._singles, self._held)
        places = self._places[pattern]
        if places is None:
            return True
        at = bisect_left(places, start)
        return at < len(places) and places[at] < end

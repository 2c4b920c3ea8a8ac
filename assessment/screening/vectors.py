"""Texts become numbers: their terms counted column by column, weighed, and laid out as sparse rows.

The counting is that of scikit-learn's vectorisers, term for term, but by number: a run of characters or words is
looked up through the number of the run before it, so that a text costs a few array operations and no dictionary.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

Array = Any
ABSENT = -1


@dataclass(frozen=True, slots=True)
class Rows:
    """Sparse rows: the terms of row ``i`` are ``columns[starts[i]:starts[i + 1]]``, ascending, with their ``values``."""

    starts: Array
    columns: Array
    values: Array

    def __len__(self) -> int:
        return len(self.starts) - 1

    def row(self, number: int) -> Rows:
        """One row by itself."""
        start, end = self.starts[number], self.starts[number + 1]
        return Rows(np.array([0, end - start]), self.columns[start:end], self.values[start:end])

    def chosen(self, numbers: Array) -> Rows:
        """Some of the rows, in the order given."""
        lengths = np.diff(self.starts)[numbers]
        starts = np.concatenate([[0], np.cumsum(lengths)])
        places = np.arange(starts[-1]) + np.repeat(self.starts[:-1][numbers] - starts[:-1], lengths)
        return Rows(starts, self.columns[places], self.values[places])

    def followed_by(self, others: Rows) -> Rows:
        """These rows and behind them the others."""
        return Rows(
            np.concatenate([self.starts, others.starts[1:] + self.starts[-1]]),
            np.concatenate([self.columns, others.columns]),
            np.concatenate([self.values, others.values]),
        )

    def times(self, weights: Array) -> Array:
        """The product with dense weights of the shape (terms, labels): shape (rows, labels)."""
        found = np.empty((len(self), weights.shape[1]))
        for row, (start, end) in enumerate(zip(self.starts[:-1], self.starts[1:], strict=True)):
            found[row] = self.values[start:end] @ weights[self.columns[start:end]].astype(np.float64)
        return found


class Runs:
    """Looks up runs of units (characters or words) given as numbers.

    Args:
        runs: the known runs by column, shape (columns, longest run), filled up with 0. A run of two or more
            is known only if the run without its last unit is.
        units: how many unit numbers there are; 0 is any unknown unit.
    """

    def __init__(self, runs: Array, units: int) -> None:
        self._units = units
        lengths = (runs > 0).sum(axis=1)
        one = np.flatnonzero(lengths == 1)
        self._single = np.full(units, ABSENT, dtype=np.int64)
        self._single[runs[one, 0]] = one
        self._longer: list[tuple[Array, Array]] = []
        for length in range(2, runs.shape[1] + 1):
            columns = np.flatnonzero(lengths == length)
            before = self._single[runs[columns, 0]]
            for upto, (keys, known) in enumerate(self._longer, start=1):
                before = known[np.searchsorted(keys, before * units + runs[columns, upto])]
            keys = before * units + runs[columns, length - 1]
            order = np.argsort(keys)
            self._longer.append((keys[order], columns[order]))

    def find(self, units: Array) -> list[tuple[Array, Array]]:
        """The known runs in a row of units: for each length the places where they begin, and their columns."""
        columns = self._single[units]
        places = np.flatnonzero(columns != ABSENT)
        found = [(places, columns[places])]
        for length, (keys, known) in enumerate(self._longer, start=2):
            places, columns = found[-1]
            inside = places <= len(units) - length
            places, columns = places[inside], columns[inside]
            wanted = columns * self._units + units[places + length - 1]
            at = np.minimum(np.searchsorted(keys, wanted), len(keys) - 1)
            same = keys[at] == wanted if len(keys) else np.zeros(len(at), dtype=bool)
            found.append((places[same], known[at[same]] if len(keys) else at[same]))
        return found


class Characters:
    """Runs of one to three characters of a text."""

    def __init__(self, terms: Sequence[str]) -> None:
        codes = np.array(terms, dtype="U3").view(np.uint32).reshape(len(terms), 3)
        known = np.unique(codes)
        self._number = np.zeros(int(known[-1]) + 2, dtype=np.int64)
        self._number[known] = np.arange(len(known))
        self._runs = Runs(self._number[codes], len(known))

    def find(self, texts: Sequence[str]) -> tuple[Array, Array]:
        """Row and column of every known run in the texts."""
        codes = np.frombuffer("\0".join(texts).encode("utf-32-le", "surrogatepass"), dtype=np.uint32)
        units = self._number[np.minimum(codes, len(self._number) - 1)]
        return _placed(self._runs.find(units), [len(text) for text in texts])


class Words:
    """Words of a text and pairs of neighbours, the words parted by blanks."""

    def __init__(self, terms: Sequence[str]) -> None:
        number = {word: count for count, word in enumerate((term for term in terms if " " not in term), 1)}
        parts = [term.partition(" ") for term in terms]
        first = [number[one] for one, _, _ in parts]
        second = [number[other] if other else 0 for _, _, other in parts]
        self._number = number
        self._runs = Runs(np.array([first, second], dtype=np.int64).T, len(number) + 1)

    def find(self, texts: Sequence[str]) -> tuple[Array, Array]:
        """Row and column of every known run in the texts."""
        number = self._number.get
        split = [text.split() for text in texts]
        units = np.array([number(w, 0) for words in split for w in (*words, "")], dtype=np.int64)
        return _placed(self._runs.find(units), [len(words) for words in split])


class Signs:
    """Words of a text, counted once."""

    def __init__(self, terms: Sequence[str]) -> None:
        self._column = {term: column for column, term in enumerate(terms)}

    def find(self, texts: Sequence[str]) -> tuple[Array, Array]:
        """Row and column of every known word in the texts."""
        column = self._column
        found = [
            (row, column[w])
            for row, text in enumerate(texts)
            for w in dict.fromkeys(text.split())
            if w in column
        ]
        return tuple(np.array(found, dtype=np.int64).reshape(-1, 2).T)  # type: ignore[return-value]


def _placed(found: Sequence[tuple[Array, Array]], lengths: Sequence[int]) -> tuple[Array, Array]:
    """Runs of a row of texts, each with one unit behind it that parts it from the next, by text."""
    ends = np.cumsum(np.array(lengths) + 1)
    places = np.concatenate([places for places, _ in found])
    return np.searchsorted(ends, places, side="right"), np.concatenate([columns for _, columns in found])


FINDERS: dict[str, Callable[[Sequence[str]], Characters | Words | Signs]] = {
    "characters": Characters,
    "words": Words,
    "rules": Signs,
    "roles": Signs,
    "pairs": Signs,
}


class Vectoriser:
    """Lays texts out as rows of weighed terms.

    Args:
        terms: column of the views to its terms, in the order of the views.
        idf: column to inverse document frequencies, for the columns that are weighed as tf-idf (sublinear,
            each row of length 1); the terms of the others count once.
        weights: column to its weight beside the others.
    """

    def __init__(
        self, terms: Mapping[str, Sequence[str]], idf: Mapping[str, Array], weights: Mapping[str, float]
    ):
        self._names = list(terms)
        self._finders = [FINDERS[name](own) for name, own in terms.items()]
        self._first = np.cumsum([0, *map(len, terms.values())])
        self._idf = [idf.get(name) for name in terms]
        self._weights = [weights[name] for name in terms]

    def rows(self, texts: Sequence[tuple[str, ...]]) -> Rows:
        """Texts, given as their views, as rows."""
        parts = [
            self._weighed(index, [views[index] for views in texts]) for index in range(len(self._finders))
        ]
        return self._laid_out(parts, len(texts))

    def rows_of(self, name: str, texts: Sequence[str]) -> Rows:
        """Texts as rows of the terms of one column alone, given as that view; the terms keep their numbers."""
        return self._laid_out([self._weighed(self._names.index(name), texts)], len(texts))

    def _weighed(self, index: int, texts: Sequence[str]) -> tuple[Array, Array]:
        """Row and term, as one ascending number, and value of every term of a column in the texts."""
        width, idf = self._first[-1], self._idf[index]
        row, column = self._finders[index].find(texts)
        keys, counts = np.unique(row * width + column + self._first[index], return_counts=True)
        row, column = np.divmod(keys, width)
        values = np.ones(len(keys))
        if idf is not None:
            values = (np.log(counts) + 1) * idf[column - self._first[index]]
            values /= np.sqrt(np.bincount(row, values * values, len(texts)))[row]
        return keys, values * self._weights[index]

    def _laid_out(self, parts: Sequence[tuple[Array, Array]], texts: int) -> Rows:
        keys = np.concatenate([keys for keys, _ in parts])
        order = np.argsort(keys, kind="stable")
        row, column = np.divmod(keys[order], self._first[-1])
        starts = np.searchsorted(row, np.arange(texts + 1))
        return Rows(starts, column, np.concatenate([values for _, values in parts])[order])

"""Heads that look at passages, learned from labels of whole texts.

A label is given to a whole text, yet in a long article one passage may carry it. Where a text has the label, only the
passage that shows it most is learned from; where it does not, all of its passages are. (Multiple-instance learning with
one witness a text: Andrews, Tsochantaridis and Hofmann, 2003, with a fixed choice.)
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_matrix, vstack
from sklearn.svm import LinearSVC

from assessment.screening.classifier import Vocabulary
from assessment.screening.features import Views
from assessment.screening.vectors import Rows
from assessment.training.heads import Matrix, Task, head


@dataclass(frozen=True, slots=True)
class Passages:
    """All passages of the examples in order; a text of one passage is its own.

    Attributes:
        features: shape (passages, terms).
        owner: the example each belongs to, ascending.
    """

    features: Matrix
    owner: np.ndarray

    @property
    def starts(self) -> np.ndarray:
        """Where the passages of each example begin."""
        return np.flatnonzero(np.diff(self.owner, prepend=-1))

    def foremost(self, scores: np.ndarray) -> np.ndarray:
        """Which passages have the highest score of their example (of equals the first), as flags."""
        order = np.lexsort((np.arange(len(scores)), -scores, self.owner))
        flags = np.zeros(len(scores), dtype=bool)
        flags[order[self.starts]] = True
        return flags

    def of(self, examples: np.ndarray) -> np.ndarray:
        """Which passages belong to some examples, as flags."""
        return np.isin(self.owner, examples)


def laid_out(rows: Rows, width: int) -> Matrix:
    """Rows as a sparse matrix."""
    return csr_matrix((rows.values, rows.columns, rows.starts), (len(rows), width))


def passages_of(texts: tuple[Views, ...], features: Matrix, vocabulary: Vocabulary) -> Passages:
    """The passages of texts whose whole features are known."""
    several = [number for number, text in enumerate(texts) for _ in text.passages]
    alone = [number for number, text in enumerate(texts) if not text.passages]
    rows = vocabulary.vectoriser().rows([passage for text in texts for passage in text.passages])
    owner = np.array([*several, *alone], dtype=np.int64)
    order = np.argsort(owner, kind="stable")
    together = vstack([laid_out(rows, features.shape[1]), features[alone]]).tocsr()
    return Passages(together[order], owner[order])


def witnessed(
    passages: Passages, task: Task, inside: np.ndarray, guides: Sequence[LinearSVC]
) -> list[LinearSVC]:
    """One head a label over passages.

    Args:
        passages: of all examples.
        task: what the heads have to learn.
        inside: the examples they learn from.
        guides: a head a label that learned from those texts as a whole; it tells which passage of a text with the
            label shows it most.
    """
    owner, own = passages.owner, passages.of(inside)
    found = []
    for label, guide in enumerate(guides):
        wanted = task.wanted[owner, label]
        witness = passages.foremost(guide.decision_function(passages.features))
        mine = np.flatnonzero(own & task.rows[owner, label] & ((wanted == 0) | witness))
        found.append(head(passages.features[mine], wanted[mine]))
    return found

"""Linear heads: one a label, learned from the texts that can teach it, and asked of texts they never saw."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from sklearn.svm import LinearSVC

from assessment.screening.classifier import WEIGHT_STEPS, Heads

SEED = 0
Matrix = Any
Folds = Sequence[tuple[np.ndarray, np.ndarray]]


@dataclass(frozen=True, slots=True)
class Task:
    """What a group of heads has to learn.

    Attributes:
        wanted: 0 or 1, shape (examples, labels).
        rows: which examples each head learns from, shape (examples, labels).
    """

    wanted: np.ndarray
    rows: np.ndarray


def fitted(features: Matrix, task: Task, inside: np.ndarray) -> list[LinearSVC]:
    """One head a label, each learning from its own of the examples inside."""
    found = []
    for wanted, rows in zip(task.wanted.T, task.rows.T, strict=True):
        mine = inside[rows[inside]]
        found.append(head(features[mine], wanted[mine]))
    return found


def head(features: Matrix, wanted: np.ndarray) -> LinearSVC:
    """A head with coarse weights, so that the model file stays small; constant where the label has one value."""
    found = LinearSVC(C=1.0, random_state=SEED)
    if len(set(wanted)) > 1:
        found.fit(features, wanted)
    else:
        found.classes_ = np.array([0, 1])
        found.coef_ = np.zeros((1, features.shape[1]))
        found.intercept_ = np.array([1.0 if wanted.any() else -1.0])
    found.coef_ = np.round(found.coef_ * WEIGHT_STEPS) / WEIGHT_STEPS
    return found.sparsify()


def scores(heads: Sequence[LinearSVC], features: Matrix) -> np.ndarray:
    """Uncalibrated scores, shape (rows, labels)."""
    return np.column_stack([head.decision_function(features) for head in heads])


def joined(heads: Sequence[LinearSVC]) -> Heads:
    """Heads side by side, as the model keeps them."""
    weights = np.column_stack([head.coef_.toarray()[0] for head in heads]) * WEIGHT_STEPS
    offsets = np.concatenate([np.atleast_1d(head.intercept_) for head in heads]).astype(float)
    # One more than the heaviest weight: a negative number reaches one further than a positive one.
    return Heads(weights.astype(np.min_scalar_type(-int(np.abs(weights).max(initial=0)) - 1)), offsets)

"""Boosted trees: learned with scikit-learn, kept as plain arrays."""

from __future__ import annotations

import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

import numpy as np
from sklearn.ensemble import HistGradientBoostingClassifier
from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

from assessment.screening.trees import Trees
from assessment.training.heads import SEED, Folds


def boosted(evidence: np.ndarray, tasks: Sequence[tuple[np.ndarray, np.ndarray]]) -> list[Trees]:
    """Trees for several tasks, as many at a time as there are processors.

    Args:
        evidence: shape (examples, columns).
        tasks: for each, 0 or 1 for every example, and the examples to learn from.
    """

    def learn(task: tuple[np.ndarray, np.ndarray]) -> Trees:
        wanted, rows = task
        return as_arrays(_booster().fit(evidence[rows], wanted[rows]))

    # Each on one thread: on a busy machine OpenMP's threads wait for each other, and take many times as long.
    with threadpool_limits(1), ThreadPoolExecutor(os.cpu_count()) as pool:
        return list(pool.map(learn, tasks))


def _booster() -> HistGradientBoostingClassifier:
    return HistGradientBoostingClassifier(
        max_iter=200,
        learning_rate=0.08,
        max_leaf_nodes=12,
        min_samples_leaf=40,
        max_features=0.2,
        l2_regularization=5.0,
        early_stopping=False,
        random_state=SEED,
    )


def as_arrays(boosted: HistGradientBoostingClassifier) -> Trees:
    """The trees of a fitted two-class booster as plain arrays."""
    nodes = [predictors[0].nodes for predictors in boosted._predictors]
    shape = len(nodes), max(len(tree) for tree in nodes)
    feature, left, right = (np.zeros(shape, dtype=np.int32) for _ in range(3))
    limit, value = np.zeros(shape), np.zeros(shape)
    for row, tree in enumerate(nodes):
        own, leaf = np.arange(len(tree)), tree["is_leaf"].astype(bool)
        feature[row, own] = np.where(leaf, 0, tree["feature_idx"])
        limit[row, own] = np.where(leaf, 0.0, tree["num_threshold"])
        left[row, own] = np.where(leaf, own, tree["left"])
        right[row, own] = np.where(leaf, own, tree["right"])
        value[row, own] = np.where(leaf, tree["value"], 0.0)
    return Trees(feature, limit, left, right, value, float(boosted._baseline_prediction.item()))


def outside_trees(evidence: np.ndarray, wanted: np.ndarray, folds: Folds) -> np.ndarray:
    """Every example's score by trees that saw neither it nor its family."""
    weighed = np.zeros(len(wanted))
    grown = boosted(evidence, [(wanted, inside) for inside, _ in folds])
    for trees, (_, outside) in zip(grown, folds, strict=True):
        weighed[outside] = trees.scores(evidence[outside])
    return weighed

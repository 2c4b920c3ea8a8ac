"""Fitting: trees as arrays say what the booster says; thresholds keep the precision they were chosen for."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.sparse import csr_matrix
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.model_selection import GroupKFold

from assessment.screening.classifier import WEIGHT_STEPS, Glance
from assessment.screening.vectors import Rows
from assessment.training.boosting import as_arrays
from assessment.training.fit import ENOUGH_TO_GLANCE, best_f1, for_precision, learn_glance
from assessment.training.heads import Task, fitted, joined


def test_trees_as_arrays_score_like_the_booster() -> None:
    chance = np.random.default_rng(3)
    rows = chance.normal(size=(400, 5))
    truth = (rows[:, 0] * rows[:, 1] + 0.3 * rows[:, 2] > 0.2).astype(int)
    booster = HistGradientBoostingClassifier(max_iter=30, max_leaf_nodes=8, random_state=0).fit(rows, truth)
    fresh = chance.normal(size=(200, 5))
    assert np.allclose(as_arrays(booster).scores(fresh), booster.decision_function(fresh))


@pytest.mark.parametrize("wanted", [0.6, 0.8, 0.95])
def test_a_threshold_keeps_its_precision_and_wastes_no_recall(wanted: float) -> None:
    chance = np.random.default_rng(5)
    truth = chance.integers(0, 2, 500)
    probability = np.clip(0.5 * truth + chance.normal(0.25, 0.25, 500), 0, 1)
    threshold = for_precision(truth, probability, wanted)
    assert truth[probability >= threshold].mean() >= wanted
    for lower in np.unique(probability[probability < threshold]):
        assert truth[probability >= lower].mean() < wanted


def test_a_precision_never_reached_lets_nothing_through() -> None:
    assert for_precision(np.array([0, 1, 0]), np.array([0.9, 0.5, 0.1]), 0.99) == 1.0


def test_the_best_f1_is_the_best() -> None:
    truth, probability = np.array([1, 0, 1, 1, 0, 0]), np.array([0.9, 0.8, 0.7, 0.6, 0.5, 0.1])
    assert best_f1(truth, probability) == 0.6


def _learned(texts: int) -> tuple[Glance, Rows, np.ndarray]:
    """A first look at texts of two runs of characters, of which the first tells whether they bear on a lens."""
    bears = np.arange(texts) % 2 == 0
    features = csr_matrix(np.column_stack([bears, ~bears]).astype(float))
    folds = list(GroupKFold(5).split(bears, groups=np.arange(texts)))
    all_weak = np.ones(texts, dtype=bool)
    glance = learn_glance(features, np.where(bears, 0.99, 0.01), all_weak, bears, folds)
    return glance, Rows(features.indptr, features.indices, features.data), bears


def test_the_first_look_keeps_what_bears_on_a_lens_and_passes_over_the_rest() -> None:
    glance, rows, bears = _learned(4 * ENOUGH_TO_GLANCE)
    assert glance.keeps(rows) == bears.tolist()


def test_with_too_few_texts_the_first_look_keeps_all() -> None:
    glance, rows, _ = _learned(ENOUGH_TO_GLANCE)
    assert all(glance.keeps(rows))


@pytest.mark.parametrize("weight", [127, 128, -128, -129, 32767, 32768])
def test_a_heavy_weight_is_kept_as_it_is(weight: int) -> None:
    (made,) = fitted(csr_matrix(np.eye(2)), Task(np.array([[0], [1]]), np.ones((2, 1), bool)), np.arange(2))
    made.coef_ = csr_matrix([[weight / WEIGHT_STEPS, 0.0]])
    assert joined([made]).weights[:, 0].tolist() == [weight, 0]

"""Labelled clauses become a model: features, heads, calibration and thresholds, all deterministic.

Scores for calibration and thresholds come from grouped cross-validation inside the training examples, so
that no threshold is chosen on a text whose sibling the model has seen.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GroupKFold
from sklearn.multiclass import OneVsRestClassifier
from sklearn.svm import LinearSVC

from assessment.screening.classifier import (
    GROUPS,
    Classifier,
    Thresholds,
    Vocabulary,
    calibrated,
    labels_of,
    learn_vocabulary,
    matrix_of,
    scores,
)
from assessment.screening.features import columns, read
from assessment.screening.models import LENSES, Lens
from assessment.screening.rules import RuleBook, load_rules
from assessment.training.dataset import Example

FOLDS = 5
SEED = 0
KEPT_FEATURES = {"characters": 16000, "words": 9000, "pairs": 3000}
"""The heaviest features of each column that stay; the others hold rules and roles and stay whole."""
KEPT_WEIGHTS = 6000
WEIGHT_STEPS = 1024
"""The heaviest weights of each head that stay, rounded to one part in this many."""
CONCERN_PRECISION = 0.97
RULED_PRECISION = 0.95
"""Precision asked in validation of a concern without and with a rule. A quarter of the corpus are concerns but
only about one in a hundred real articles is, so what is asked here is stricter than what a reviewer needs."""

Matrix = Any


@dataclass(frozen=True, slots=True)
class Prepared:
    """Examples with what the classifier sees of them, computed once.

    Attributes:
        examples: the labelled clauses.
        views: their ``features.columns``.
        ruled: by lens, whether a concern rule fired.
    """

    examples: tuple[Example, ...]
    views: tuple[tuple[str, ...], ...]
    ruled: dict[Lens, np.ndarray]

    def part(self, chosen: Callable[[Example], bool]) -> Prepared:
        """The examples that satisfy a condition."""
        keep = np.array([chosen(example) for example in self.examples])
        return Prepared(
            tuple(example for example, kept in zip(self.examples, keep, strict=True) if kept),
            tuple(view for view, kept in zip(self.views, keep, strict=True) if kept),
            {lens: flags[keep] for lens, flags in self.ruled.items()},
        )


def prepare(examples: Sequence[Example], rules: RuleBook | None = None) -> Prepared:
    """Read every example with the lexicon and the rules (the shipped ones unless given)."""
    book = rules or load_rules()
    views, ruled = [], {lens: np.zeros(len(examples), dtype=bool) for lens in LENSES}
    for row, example in enumerate(examples):
        readings = read(example.text, book)
        views.append(columns(example.text, readings))
        for hit in (hit for reading in readings for hit in reading.hits):
            if hit.rule.kind == "concern":
                ruled[hit.rule.lens][row] = True
    return Prepared(tuple(examples), tuple(views), ruled)


def targets(examples: Sequence[Example], lens: Lens, group: str) -> np.ndarray:
    """The labels of a group as 0/1, shape (examples, labels)."""
    rows = []
    for example in examples:
        label = example.labels[lens]
        if group == "kind":
            rows.append([label.relevant, label.kind == "protective", label.kind == "concern"])
        else:
            held = label.domains if group == "domain" else label.concerns
            rows.append([name in held for name in labels_of(group, lens)])
    return np.array(rows, dtype=int)


def learners(examples: Sequence[Example], lens: Lens, group: str) -> np.ndarray:
    """Which examples a group of heads learns from: domains from relevant ones, types from concerns."""
    kinds = {"kind": None, "domain": ("relevant", "protective", "concern"), "type": ("concern",)}[group]
    return np.array([kinds is None or example.labels[lens].kind in kinds for example in examples])


def fit(prepared: Prepared) -> Classifier:
    """Fit a model on all prepared examples; thresholds and calibration by grouped cross-validation."""
    groups = [example.family for example in prepared.examples]
    folds = list(GroupKFold(FOLDS, shuffle=True, random_state=SEED).split(groups, groups=groups))
    vocabulary = _vocabulary(prepared)
    features = matrix_of(prepared.views, vocabulary.vectorisers())
    heads, sigmoids, outside = {}, {}, {}
    for lens in LENSES:
        for group in GROUPS:
            name = f"{lens}.{group}"
            rows = learners(prepared.examples, lens, group)
            wanted = targets(prepared.examples, lens, group)
            raw = _outside_scores(features, wanted, rows, folds)
            sigmoids[name] = _sigmoids(raw[rows], wanted[rows])
            outside[name] = calibrated(raw, sigmoids[name])
            heads[name] = _light(_head(features[rows], wanted[rows]))
    return Classifier(vocabulary, heads, sigmoids, _thresholds(prepared, outside))


def _vocabulary(prepared: Prepared) -> Vocabulary:
    """The features; of the long columns only those that weigh most with the kind of a clause stay."""
    full = learn_vocabulary(prepared.views, {})
    features = matrix_of(prepared.views, full.vectorisers())
    weight = np.zeros(features.shape[1])
    for lens in LENSES:
        head = _head(features, targets(prepared.examples, lens, "kind"))
        for estimator in head.estimators_:
            weight = np.maximum(weight, np.abs(estimator.coef_).ravel())
    kept, position = {}, 0
    for name, terms in full.terms.items():
        mine = weight[position : position + len(terms)]
        position += len(terms)
        if name in KEPT_FEATURES:
            best = np.argsort(-mine, kind="stable")[: KEPT_FEATURES[name]]
            kept[name] = sorted(terms[index] for index in best)
    return learn_vocabulary(prepared.views, kept)


def _head(features: Matrix, wanted: np.ndarray) -> OneVsRestClassifier:
    return OneVsRestClassifier(LinearSVC(C=1.0, random_state=SEED)).fit(features, wanted)


def _light(head: OneVsRestClassifier) -> OneVsRestClassifier:
    """The same heads with few and coarse weights, so that the model file stays small."""
    for estimator in head.estimators_:
        weight = np.abs(estimator.coef_).ravel()
        if len(weight) > KEPT_WEIGHTS:
            estimator.coef_[0, np.argsort(-weight, kind="stable")[KEPT_WEIGHTS:]] = 0.0
        estimator.coef_ = np.round(estimator.coef_ * WEIGHT_STEPS) / WEIGHT_STEPS
        estimator.sparsify()
    return head


def _outside_scores(
    features: Matrix, wanted: np.ndarray, rows: np.ndarray, folds: Sequence[Any]
) -> np.ndarray:
    """Every example's scores by a model that saw neither it nor its family."""
    raw = np.zeros(wanted.shape)
    for inside, outside in folds:
        learned = inside[rows[inside]]
        raw[outside] = scores(_head(features[learned], wanted[learned]), features[outside])
    return raw


def _sigmoids(raw: np.ndarray, wanted: np.ndarray) -> np.ndarray:
    """Slope and offset by label that turn scores into probabilities; constant where a label has one value."""
    found = []
    for column in range(wanted.shape[1]):
        truth = wanted[:, column]
        if truth.min() == truth.max():
            found.append((0.0, 8.0 if truth.min() else -8.0))
            continue
        curve = LogisticRegression(C=1e6).fit(raw[:, [column]], truth)
        found.append((curve.coef_[0, 0], curve.intercept_[0]))
    return np.array(found)


def _thresholds(prepared: Prepared, outside: dict[str, np.ndarray]) -> Thresholds:
    chosen: dict[str, dict[Lens, float]] = {name: {} for name in Thresholds.__dataclass_fields__}
    for lens in LENSES:
        kind, truth = outside[f"{lens}.kind"], targets(prepared.examples, lens, "kind")
        ruled = prepared.ruled[lens]
        chosen["relevant"][lens] = best_f1(truth[:, 0], kind[:, 0])
        chosen["concern"][lens] = for_precision(truth[~ruled, 2], kind[~ruled, 2], CONCERN_PRECISION)
        chosen["ruled"][lens] = for_precision(truth[ruled, 2], kind[ruled, 2], RULED_PRECISION)
        for group in ("domain", "type"):
            rows = learners(prepared.examples, lens, group)
            wanted = targets(prepared.examples, lens, group)[rows]
            chosen[group][lens] = best_f1(wanted.ravel(), outside[f"{lens}.{group}"][rows].ravel())
    return Thresholds(**chosen)


def for_precision(truth: np.ndarray, probability: np.ndarray, wanted: float) -> float:
    """The lowest threshold at or above which precision is as wanted (1.0 where it never is)."""
    order = np.argsort(-probability, kind="stable")
    right = np.cumsum(truth[order]) / np.arange(1, len(order) + 1)
    good = np.flatnonzero(right >= wanted)
    return float(probability[order[good[-1]]]) if len(good) else 1.0


def best_f1(truth: np.ndarray, probability: np.ndarray) -> float:
    """The threshold with the highest F1 (0.5 where nothing is true)."""
    order = np.argsort(-probability, kind="stable")
    right = np.cumsum(truth[order])
    if not len(order) or right[-1] == 0:
        return 0.5
    f1 = 2 * right / (np.arange(1, len(order) + 1) + right[-1])
    return float(probability[order[int(np.argmax(f1))]])

"""Labelled clauses become a model: features, heads, calibration and thresholds, all deterministic.

Scores for calibration and thresholds come from grouped cross-validation inside the training examples, so
that no threshold is chosen on a text whose sibling the model has seen.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.sparse import csr_matrix
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression, Ridge
from sklearn.model_selection import GroupKFold
from sklearn.svm import LinearSVC
from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

from assessment.messages import TrainingError
from assessment.screening.classifier import (
    GROUPS,
    SEEN,
    WEIGHT_STEPS,
    WEIGHTS,
    Classifier,
    Glance,
    Heads,
    Thresholds,
    Vocabulary,
    calibrated,
    evidence,
    labels_of,
)
from assessment.screening.features import columns, read
from assessment.screening.lexicon import load_lexicon
from assessment.screening.models import LENSES, Lens
from assessment.screening.rules import RuleBook, load_rules
from assessment.screening.trees import Trees
from assessment.screening.verdicts import RARE_IN, SURELY_RELEVANT
from assessment.training.dataset import Example, Label

FOLDS = 5
SEED = 0
KEPT_WEIGHTS = 40000
"""The heaviest weights of each head that stay."""
CONCERN_PRECISION = 0.94
COMMON_PRECISION = 0.9
"""Precision asked in validation of a concern where concerns are rare and where they are common. A quarter of the
corpus are concerns but hardly one in a thousand articles of real regulations is, so that what is asked for
those is stricter than what a reviewer needs."""

GLANCE_RECALL = 0.98
"""Share of the surely relevant texts without a strong cue that the first look keeps in validation."""
ENOUGH_TO_GLANCE = 50
"""With fewer of them in the corpus the first look keeps every text."""

Matrix = Any
Folds = Sequence[tuple[np.ndarray, np.ndarray]]


@dataclass(frozen=True, slots=True)
class Prepared:
    """Examples with what the classifier sees of them, computed once.

    Attributes:
        examples: the labelled clauses.
        views: their ``features.columns``.
        cues: by lens, how strong a cue the text holds: none, weak or strong.
    """

    examples: tuple[Example, ...]
    views: tuple[tuple[str, ...], ...]
    cues: dict[Lens, np.ndarray]

    def rare(self) -> np.ndarray:
        """Which examples are written for documents where concerns are rare."""
        return np.array([example.register in RARE_IN for example in self.examples])

    def part(self, chosen: Callable[[Example], bool]) -> Prepared:
        """The examples that satisfy a condition."""
        keep = np.array([chosen(example) for example in self.examples])
        return Prepared(
            tuple(example for example, kept in zip(self.examples, keep, strict=True) if kept),
            tuple(view for view, kept in zip(self.views, keep, strict=True) if kept),
            {lens: flags[keep] for lens, flags in self.cues.items()},
        )


def prepare(examples: Sequence[Example], rules: RuleBook | None = None) -> Prepared:
    """Read every example with the lexicon and the rules (the shipped ones unless given)."""
    book, lexicon = rules or load_rules(), load_lexicon()
    readings = [read(example.text, book) for example in examples]
    hits = [lexicon.scan(example.text) for example in examples]
    return Prepared(
        tuple(examples),
        tuple(columns(example.text, found) for example, found in zip(examples, readings, strict=True)),
        {lens: np.array([lexicon.strongest(found, lens) for found in hits]) for lens in LENSES},
    )


_SPACED = {"token_pattern": r"\S+", "lowercase": False}
_COUNTING: dict[str, dict[str, Any]] = {
    "characters": {"analyzer": "char", "ngram_range": (1, 3), "lowercase": False},
    "words": {**_SPACED, "ngram_range": (1, 2)},
    "rules": _SPACED,
    "roles": _SPACED,
    "pairs": _SPACED,
}
"""How the terms of each column are counted; ``screening.vectors`` counts the same way."""
_BY_RARITY = ("characters", "words")


def learn_vocabulary(texts: Sequence[tuple[str, ...]]) -> Vocabulary:
    """Every term seen in at least ``SEEN`` texts, column by column; nothing is chosen by its label."""
    terms, idf = {}, {}
    for index, name in enumerate(WEIGHTS):
        vectoriser = TfidfVectorizer(min_df=SEEN, **_COUNTING[name]).fit([views[index] for views in texts])
        terms[name] = [str(term) for term in vectoriser.get_feature_names_out()]
        if name in _BY_RARITY:
            idf[name] = vectoriser.idf_
    return Vocabulary(terms, idf)


def targets(examples: Sequence[Example], lens: Lens, group: str) -> np.ndarray:
    """The labels of a group as 0/1, shape (examples, labels)."""
    return np.array([_target(example.labels[lens], lens, group) for example in examples], dtype=int)


def _target(label: Label, lens: Lens, group: str) -> list[bool]:
    if group == "kind":
        return [label.relevant, label.kind == "protective", label.kind == "concern"]
    if group == "turn":
        return [label.kind == "concern", *(name in label.concerns for name in labels_of("type", lens))]
    held = label.domains if group == "domain" else label.concerns
    return [name in held for name in labels_of(group, lens)]


def learners(examples: Sequence[Example], lens: Lens, group: str) -> np.ndarray:
    """Which examples each head of a group learns from, shape (examples, labels).

    Kinds learn from all; domains from relevant texts; types from concerns, so that they tell one from
    another; turns from relevant texts at large, and for a type from its own texts beside all but concerns.
    """
    relevant = np.array([[example.labels[lens].relevant] for example in examples])
    concern = np.array([[example.labels[lens].kind == "concern"] for example in examples])
    shape = (len(examples), len(labels_of(group, lens)))
    if group == "turn":
        own = targets(examples, lens, "type").astype(bool)
        return np.hstack([relevant, own | ~concern])
    return np.broadcast_to(
        {"kind": np.ones_like(relevant), "domain": relevant, "type": concern}[group], shape
    )


def fit(prepared: Prepared) -> Classifier:
    """Fit a model on all prepared examples; thresholds and calibration by grouped cross-validation.

    Raises:
        TrainingError: E905 a lens has too few families with or without concerns to be cross-validated.
    """
    _check_enough(prepared.examples)
    groups = [example.family for example in prepared.examples]
    folds = list(GroupKFold(FOLDS, shuffle=True, random_state=SEED).split(groups, groups=groups))
    vocabulary = learn_vocabulary(prepared.views)
    laid_out = vocabulary.vectoriser().rows(prepared.views)
    width = sum(map(len, vocabulary.terms.values()))
    features = csr_matrix((laid_out.values, laid_out.columns, laid_out.starts), (len(laid_out), width))
    signs = vocabulary.signs(prepared.views, laid_out)
    heads: dict[str, Heads] = {}
    raw: dict[str, np.ndarray] = {}
    for lens in LENSES:
        for group in GROUPS:
            wanted, rows = targets(prepared.examples, lens, group), learners(prepared.examples, lens, group)
            raw[f"{lens}.{group}"] = _outside_scores(features, wanted, rows, folds)
            heads[f"{lens}.{group}"] = _joined(_light(_heads(features, wanted, rows)))
    sigmoids, outside, trees = {}, {}, {}
    for lens in LENSES:
        for group in ("domain", "type"):
            name = f"{lens}.{group}"
            rows = learners(prepared.examples, lens, group)[:, 0]
            sigmoids[name] = _sigmoids(raw[name][rows], targets(prepared.examples, lens, group)[rows])
            outside[name] = calibrated(raw[name], sigmoids[name])
        kinds, seen = targets(prepared.examples, lens, "kind"), evidence(lens, raw, signs)
        weighed = np.column_stack([_outside_trees(seen, kind, folds) for kind in kinds.T])
        sigmoids[f"{lens}.kind"] = _sigmoids(weighed, kinds)
        outside[f"{lens}.kind"] = calibrated(weighed, sigmoids[f"{lens}.kind"])
        for label, kind in zip(labels_of("kind", lens), kinds.T, strict=True):
            trees[f"{lens}.{label}"] = _boosted(seen, kind)
    characters = features[:, : len(vocabulary.terms["characters"])]
    glance = learn_glance(characters, *_sureness(prepared, outside), folds)
    return Classifier(vocabulary, heads, trees, sigmoids, _thresholds(prepared, outside), glance)


def _check_enough(examples: Sequence[Example]) -> None:
    for lens in LENSES:
        for kind, wanted in (("concern", True), ("其他", False)):
            families = {e.family for e in examples if (e.labels[lens].kind == "concern") is wanted}
            if len(families) < 2 * FOLDS:
                raise TrainingError("E905", lens=lens, kind=kind, count=len(families), needed=2 * FOLDS)


def _heads(features: Matrix, wanted: np.ndarray, rows: np.ndarray) -> list[LinearSVC]:
    """One linear head a label, each learning from its own rows."""
    return [_head(features[mine], column[mine]) for column, mine in zip(wanted.T, rows.T, strict=True)]


def _head(features: Matrix, wanted: np.ndarray) -> LinearSVC:
    head = LinearSVC(C=1.0, random_state=SEED)
    if len(set(wanted)) > 1:
        return head.fit(features, wanted)
    head.classes_ = np.array([0, 1])
    head.coef_ = np.zeros((1, features.shape[1]))
    head.intercept_ = np.array([1.0 if wanted.any() else -1.0])
    return head


def _light(heads: list[LinearSVC]) -> list[LinearSVC]:
    """The same heads with few and coarse weights, so that the model file stays small."""
    for head in heads:
        weight = np.abs(head.coef_).ravel()
        if len(weight) > KEPT_WEIGHTS:
            head.coef_[0, np.argsort(-weight, kind="stable")[KEPT_WEIGHTS:]] = 0.0
        head.coef_ = np.round(head.coef_ * WEIGHT_STEPS) / WEIGHT_STEPS
        head.sparsify()
    return heads


def _outside_scores(features: Matrix, wanted: np.ndarray, rows: np.ndarray, folds: Folds) -> np.ndarray:
    """Every example's scores by heads that saw neither it nor its family."""
    raw = np.zeros(wanted.shape)
    for inside, outside in folds:
        heads = _light(_heads(features[inside], wanted[inside], rows[inside]))
        raw[outside] = np.column_stack([head.decision_function(features[outside]) for head in heads])
    return raw


def _joined(heads: Sequence[LinearSVC]) -> Heads:
    """Light heads side by side, as the model keeps them."""
    weights = np.column_stack([head.coef_.toarray()[0] for head in heads]) * WEIGHT_STEPS
    small = np.abs(weights).max(initial=0) <= np.iinfo(np.int16).max
    offsets = np.concatenate([np.atleast_1d(head.intercept_) for head in heads]).astype(float)
    return Heads(weights.astype(np.int16 if small else np.int32), offsets)


def _boosted(evidence: np.ndarray, wanted: np.ndarray) -> Trees:
    booster = HistGradientBoostingClassifier(
        max_iter=200,
        learning_rate=0.08,
        max_leaf_nodes=12,
        min_samples_leaf=40,
        max_features=0.2,
        l2_regularization=5.0,
        early_stopping=False,
        random_state=SEED,
    )
    # One thread: on a busy machine OpenMP's threads wait for each other, and training takes many times as long.
    with threadpool_limits(1):
        return as_arrays(booster.fit(evidence, wanted))


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


def _outside_trees(evidence: np.ndarray, wanted: np.ndarray, folds: Folds) -> np.ndarray:
    """Every example's score by trees that saw neither it nor its family."""
    weighed = np.zeros(len(wanted))
    for inside, outside in folds:
        weighed[outside] = _boosted(evidence[inside], wanted[inside]).scores(evidence[outside])
    return weighed


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


def _sureness(
    prepared: Prepared, outside: dict[str, np.ndarray]
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """What ``learn_glance`` learns from: how probably a text bears on a lens that it holds a cue for, which texts
    hold weak cues only, and which of these, of kinds of documents that are glanced at, surely bear on a lens."""
    chance = np.max(
        [np.where(prepared.cues[lens] == "none", 0.0, outside[f"{lens}.kind"][:, 0]) for lens in LENSES],
        axis=0,
    )
    weak = (chance > 0) & ~np.any([prepared.cues[lens] == "strong" for lens in LENSES], axis=0)
    return chance, weak, weak & prepared.rare() & (chance >= SURELY_RELEVANT)


def learn_glance(
    characters: Matrix, chance: np.ndarray, weak: np.ndarray, sure: np.ndarray, folds: Folds
) -> Glance:
    """The first look: learned to foretell from the characters what the whole machinery makes of texts with weak cues.

    The limit keeps nearly all of those that the machinery would call surely relevant.

    Args:
        characters: the features of the texts that are runs of characters.
        chance: how probably each bears on a lens, as foretold by a machinery that saw neither it nor its family.
        weak: which of them hold weak cues only: those it learns from.
        sure: which of those it must keep.
        folds: of the texts, so that the limit is chosen on texts not learned from.
    """
    if sure.sum() < ENOUGH_TO_GLANCE:
        return Glance(np.zeros(characters.shape[1], dtype=np.float32), 0.0, 0.0)
    clipped = np.clip(chance, 0.001, 0.999)
    wanted = np.log(clipped / (1 - clipped))
    seen = np.zeros(len(chance))
    for inside, outside in folds:
        mine = inside[weak[inside]]
        seen[outside] = Ridge().fit(characters[mine], wanted[mine]).predict(characters[outside])
    whole = Ridge().fit(characters[weak], wanted[weak])
    limit = float(np.quantile(seen[sure], 1 - GLANCE_RECALL))
    return Glance(whole.coef_.astype(np.float32), float(whole.intercept_), limit)


def _thresholds(prepared: Prepared, outside: dict[str, np.ndarray]) -> Thresholds:
    chosen: dict[str, dict[Lens, float]] = {name: {} for name in Thresholds.__dataclass_fields__}
    rare = prepared.rare()
    for lens in LENSES:
        kind, truth = outside[f"{lens}.kind"], targets(prepared.examples, lens, "kind")
        seen = rare & (prepared.cues[lens] != "none")
        chosen["relevant"][lens] = best_f1(truth[seen, 0], kind[seen, 0])
        chosen["bearing"][lens] = best_f1(truth[:, 0], kind[:, 0])
        bears = (prepared.cues[lens] == "strong") | (kind[:, 0] >= SURELY_RELEVANT)
        chosen["concern"][lens] = for_precision(truth[bears, 2], kind[bears, 2], CONCERN_PRECISION)
        chosen["common"][lens] = for_precision(truth[:, 2], kind[:, 2], COMMON_PRECISION)
        for group in ("domain", "type"):
            rows = learners(prepared.examples, lens, group)[:, 0]
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

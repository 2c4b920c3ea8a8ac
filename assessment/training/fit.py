"""Labelled clauses become a model: features, heads, calibration and thresholds, all deterministic.

Scores for calibration and thresholds come from grouped cross-validation inside the training examples, so
that no threshold is chosen on a text whose sibling the model has seen.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression, Ridge
from sklearn.model_selection import GroupKFold
from sklearn.svm import LinearSVC

from assessment.messages import TrainingError
from assessment.screening.classifier import (
    FIRST,
    GROUPS,
    KIND_LABELS,
    SEEN,
    TYPES,
    WEIGHTS,
    WHOLE,
    Classifier,
    Glance,
    Heads,
    Thresholds,
    Vocabulary,
    calibrated,
    evidence,
    labels_of,
    strongest,
    typed,
)
from assessment.screening.features import Views, read, views
from assessment.screening.lexicon import load_lexicon
from assessment.screening.models import LENSES, Lens
from assessment.screening.rules import RuleBook, load_rules
from assessment.screening.trees import Trees
from assessment.screening.verdicts import RARE_IN, SURELY_RELEVANT
from assessment.training.boosting import boosted, outside_trees
from assessment.training.dataset import Example, Label
from assessment.training.heads import SEED, Folds, Matrix, Task, fitted, joined, scores
from assessment.training.parts import Passages, laid_out, passages_of, witnessed

FOLDS = 5
CONCERN_PRECISION = 0.94
COMMON_PRECISION = 0.9
"""Precision asked in validation of a concern where concerns are rare and where they are common. A quarter of the
corpus are concerns but hardly one in a thousand articles of real regulations is, so that what is asked for
those is stricter than what a reviewer needs."""

GLANCE_RECALL = 0.98
"""Share of the surely relevant texts without a strong cue that the first look keeps in validation."""
ENOUGH_TO_GLANCE = 50
"""With fewer of them in the corpus the first look keeps every text."""


@dataclass(frozen=True, slots=True)
class Prepared:
    """Examples with what the classifier sees of them, computed once.

    Attributes:
        examples: the labelled clauses.
        views: their ``features.views``.
        cues: by lens, how strong a cue the text holds: none, weak or strong.
    """

    examples: tuple[Example, ...]
    views: tuple[Views, ...]
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
        tuple(views(example.text, found) for example, found in zip(examples, readings, strict=True)),
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


def task(examples: Sequence[Example], lens: Lens, group: str) -> Task:
    """What the heads of a group have to learn.

    Kinds learn from all; domains from relevant texts; types from concerns, so that they tell one from
    another; turns from relevant texts at large, and for a type from its own texts beside all but concerns.
    Parts ask what kinds and turns ask.
    """
    if group == "part":
        kind, turn = (task(examples, lens, own) for own in FIRST)
        return Task(np.hstack([kind.wanted, turn.wanted]), np.hstack([kind.rows, turn.rows]))
    labels = [example.labels[lens] for example in examples]
    wanted = np.array([_target(label, lens, group) for label in labels], dtype=int)
    relevant = np.array([[label.relevant] for label in labels])
    concern = np.array([[label.kind == "concern"] for label in labels])
    if group == "turn":
        return Task(wanted, np.hstack([relevant, wanted[:, 1:].astype(bool) | ~concern]))
    rows = {"kind": np.ones_like(relevant), "domain": relevant, "type": concern}[group]
    return Task(wanted, np.broadcast_to(rows, wanted.shape))


def _target(label: Label, lens: Lens, group: str) -> list[bool]:
    if group == "kind":
        return [label.relevant, label.kind == "protective", label.kind == "concern"]
    if group == "turn":
        return [label.kind == "concern", *(name in label.concerns for name in labels_of("type", lens))]
    held = label.domains if group == "domain" else label.concerns
    return [name in held for name in labels_of(group, lens)]


def fit(prepared: Prepared) -> Classifier:
    """Fit a model on all prepared examples; thresholds and calibration by grouped cross-validation.

    Raises:
        TrainingError: E905 a lens has too few families with or without concerns to be cross-validated.
    """
    _check_enough(prepared.examples)
    groups = [example.family for example in prepared.examples]
    folds = list(GroupKFold(FOLDS, shuffle=True, random_state=SEED).split(groups, groups=groups))
    wholes = [text.whole for text in prepared.views]
    vocabulary = learn_vocabulary(wholes)
    rows = vocabulary.vectoriser().rows(wholes)
    features = laid_out(rows, sum(map(len, vocabulary.terms.values())))
    passages = passages_of(prepared.views, features, vocabulary)
    tasks = {f"{lens}.{group}": task(prepared.examples, lens, group) for lens in LENSES for group in GROUPS}
    heads: dict[str, Heads] = {}
    raw: dict[str, np.ndarray] = {}
    for lens in LENSES:
        mine = {group: tasks[f"{lens}.{group}"] for group in GROUPS}
        heads |= {f"{lens}.{group}": one for group, one in _heads(mine, features, passages).items()}
        raw |= {f"{lens}.{group}": one for group, one in _outside(mine, features, passages, folds).items()}
    sigmoids: dict[str, np.ndarray] = {}
    outside: dict[str, np.ndarray] = {}
    trees: dict[str, Trees] = {}
    signs = vocabulary.signs(wholes, rows)
    for lens in LENSES:
        most = strongest(raw[f"{lens}.part"], passages.starts)
        scores_of = {"domain": raw[f"{lens}.domain"], "type": typed(raw[f"{lens}.type"], most[:, TYPES])}
        for group, found in scores_of.items():
            name = f"{lens}.{group}"
            own = tasks[name].rows[:, 0]
            sigmoids[name] = _sigmoids(found[own], tasks[name].wanted[own])
            outside[name] = calibrated(found, sigmoids[name])
        kinds = tasks[f"{lens}.kind"].wanted
        seen = evidence(lens, raw, signs, most)
        weighed = np.column_stack([outside_trees(seen, kind, folds) for kind in kinds.T])
        sigmoids[f"{lens}.kind"] = _sigmoids(weighed, kinds)
        outside[f"{lens}.kind"] = calibrated(weighed, sigmoids[f"{lens}.kind"])
        grown = boosted(seen, [(kind, np.arange(len(seen))) for kind in kinds.T])
        trees |= {f"{lens}.{label}": one for label, one in zip(KIND_LABELS, grown, strict=True)}
    characters = features[:, : len(vocabulary.terms["characters"])]
    glance = learn_glance(characters, *_sureness(prepared, outside), folds)
    return Classifier(vocabulary, heads, trees, sigmoids, _thresholds(prepared, tasks, outside), glance)


def _heads(tasks: dict[str, Task], features: Matrix, passages: Passages) -> dict[str, Heads]:
    """The heads of one lens by group, learned from all."""
    learned = _learned(tasks, features, passages, np.arange(features.shape[0]))
    return {group: joined(heads) for group, heads in learned.items()}


def _outside(
    tasks: dict[str, Task], features: Matrix, passages: Passages, folds: Folds
) -> dict[str, np.ndarray]:
    """By group, the scores of every example (``part``: of every passage) by heads that saw neither it nor its family."""
    raw = {group: np.zeros(tasks[group].wanted.shape) for group in WHOLE}
    raw["part"] = np.zeros((len(passages.owner), tasks["part"].wanted.shape[1]))
    for inside, outside in folds:
        learned = _learned(tasks, features, passages, inside)
        for group in WHOLE:
            raw[group][outside] = scores(learned[group], features[outside])
        theirs = np.flatnonzero(passages.of(outside))
        raw["part"][theirs] = scores(learned["part"], passages.features[theirs])
    return raw


def _learned(
    tasks: dict[str, Task], features: Matrix, passages: Passages, inside: np.ndarray
) -> dict[str, list[LinearSVC]]:
    """The heads of one lens by group, learned from the examples inside."""
    whole = {group: fitted(features, tasks[group], inside) for group in WHOLE}
    guides = [head for group in FIRST for head in whole[group]]
    return {**whole, "part": witnessed(passages, tasks["part"], inside, guides)}


def _check_enough(examples: Sequence[Example]) -> None:
    for lens in LENSES:
        for kind, wanted in (("concern", True), ("其他", False)):
            families = {e.family for e in examples if (e.labels[lens].kind == "concern") is wanted}
            if len(families) < 2 * FOLDS:
                raise TrainingError("E905", lens=lens, kind=kind, count=len(families), needed=2 * FOLDS)


def _sigmoids(raw: np.ndarray, wanted: np.ndarray) -> np.ndarray:
    """By label, slopes and offset that turn scores into probabilities (``calibrated``); constant where a label has one
    value."""
    inputs = raw if raw.ndim == 3 else raw[:, :, None]
    found = []
    for label, truth in enumerate(wanted.T):
        if truth.min() == truth.max():
            found.append(np.append(np.zeros(inputs.shape[2]), 8.0 if truth.min() else -8.0))
            continue
        curve = LogisticRegression(C=1e6, max_iter=1000).fit(inputs[:, label], truth)
        found.append(np.append(curve.coef_[0], curve.intercept_[0]))
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


def _thresholds(prepared: Prepared, tasks: dict[str, Task], outside: dict[str, np.ndarray]) -> Thresholds:
    chosen: dict[str, dict[Lens, float]] = {name: {} for name in Thresholds.__dataclass_fields__}
    rare = prepared.rare()
    for lens in LENSES:
        kind, truth = outside[f"{lens}.kind"], tasks[f"{lens}.kind"].wanted
        seen = rare & (prepared.cues[lens] != "none")
        chosen["relevant"][lens] = best_f1(truth[seen, 0], kind[seen, 0])
        chosen["bearing"][lens] = best_f1(truth[:, 0], kind[:, 0])
        bears = (prepared.cues[lens] == "strong") | (kind[:, 0] >= SURELY_RELEVANT)
        chosen["concern"][lens] = for_precision(truth[bears, 2], kind[bears, 2], CONCERN_PRECISION)
        chosen["common"][lens] = for_precision(truth[:, 2], kind[:, 2], COMMON_PRECISION)
        for group in ("domain", "type"):
            name = f"{lens}.{group}"
            rows = tasks[name].rows[:, 0]
            wanted = tasks[name].wanted[rows]
            chosen[group][lens] = best_f1(wanted.ravel(), outside[name][rows].ravel())
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

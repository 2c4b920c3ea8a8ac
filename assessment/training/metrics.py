"""The figures of one comparison: precision, recall and F1 of each decision, flags, calibration."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import ClassVar

from assessment.screening.models import Lens
from assessment.screening.taxonomy import load_taxonomy
from assessment.training.dataset import KINDS, Label
from assessment.training.peers import Opinion

BINS = 10


@dataclass(frozen=True, slots=True)
class Score:
    """Precision, recall and F1 of one yes-no decision; 0 where it is undefined."""

    right: int
    said: int
    true: int

    @property
    def precision(self) -> float:
        """Share of what was said that is true."""
        return self.right / self.said if self.said else 0.0

    @property
    def recall(self) -> float:
        """Share of what is true that was said."""
        return self.right / self.true if self.true else 0.0

    @property
    def f1(self) -> float:
        """Harmonic mean of precision and recall."""
        return 2 * self.right / (self.said + self.true) if self.said + self.true else 0.0

    def __str__(self) -> str:
        return f"{self.precision:.2f} / {self.recall:.2f} / {self.f1:.3f}"


@dataclass(frozen=True, slots=True)
class Figures:
    """How well one system did on one set under one lens.

    Attributes:
        relevance: relevant or not.
        concern: a concern or not.
        kind: mean F1 of the kinds that occur.
        domain: F1 over all domains named.
        type: mean F1 of the concern types that occur.
        false_flags: clauses that are no concern and were flagged.
        negatives: clauses that are no concern.
        calibration: expected calibration error of the concern probability; None without one.
    """

    relevance: Score
    concern: Score
    kind: float
    domain: float
    type: float
    false_flags: int
    negatives: int
    calibration: float | None

    HEADS: ClassVar[tuple[str, ...]] = (
        "relevance P / R / F1",
        "kind macro-F1",
        "domain micro-F1",
        "concern P / R / F1",
        "type macro-F1",
        "false flags (per 1,000)",
        "calibration error",
    )

    def cells(self) -> tuple[str, ...]:
        """The figures as text, in the order of ``HEADS``."""
        share = 1000 * self.false_flags / self.negatives if self.negatives else 0.0
        return (
            str(self.relevance),
            f"{self.kind:.3f}",
            f"{self.domain:.3f}",
            str(self.concern),
            f"{self.type:.3f}",
            f"{self.false_flags} of {self.negatives} ({share:.1f})",
            "–" if self.calibration is None else f"{self.calibration:.3f}",
        )


def figures(lens: Lens, labels: Sequence[Label], opinions: Sequence[Opinion]) -> Figures:
    """Compare opinions with labels, both in the same order."""
    truth = [label.kind == "concern" for label in labels]
    said = [opinion.kind == "concern" for opinion in opinions]
    domains = [(set(label.domains), opinion.domains) for label, opinion in zip(labels, opinions, strict=True)]
    types = [(set(label.concerns), opinion.types) for label, opinion in zip(labels, opinions, strict=True)]
    kinds = [({label.kind}, {opinion.kind}) for label, opinion in zip(labels, opinions, strict=True)]
    chances = [opinion.concern for opinion in opinions]
    return Figures(
        relevance=score(
            [label.relevant for label in labels], [opinion.kind != "none" for opinion in opinions]
        ),
        concern=score(truth, said),
        kind=_macro(kinds, KINDS),
        domain=_micro(domains),
        type=_macro(types, load_taxonomy().concerns[lens]),
        false_flags=sum(flag and not true for flag, true in zip(said, truth, strict=True)),
        negatives=truth.count(False),
        calibration=calibration_error(truth, [chance for chance in chances if chance is not None]),
    )


def score(truth: Sequence[bool], said: Sequence[bool]) -> Score:
    """Compare two lists of decisions in the same order."""
    right = sum(a and b for a, b in zip(truth, said, strict=True))
    return Score(right, sum(said), sum(truth))


def _micro(pairs: Sequence[tuple[Collection[str], Collection[str]]]) -> float:
    right = sum(len(set(true) & set(said)) for true, said in pairs)
    return Score(right, sum(len(said) for _, said in pairs), sum(len(true) for true, _ in pairs)).f1


def _macro(pairs: Sequence[tuple[Collection[str], Collection[str]]], labels: Collection[str]) -> float:
    occurring = [label for label in labels if any(label in true for true, _ in pairs)]
    f1s = [
        score([label in true for true, _ in pairs], [label in said for _, said in pairs]).f1
        for label in occurring
    ]
    return sum(f1s) / len(f1s) if f1s else 0.0


def calibration_error(truth: Sequence[bool], chances: Sequence[float]) -> float | None:
    """Expected calibration error over ten equal bins; None unless every item has a probability."""
    if not truth or len(chances) != len(truth):
        return None
    total = 0.0
    for step in range(BINS):
        inside = [i for i, chance in enumerate(chances) if min(int(chance * BINS), BINS - 1) == step]
        if inside:
            share = sum(truth[i] for i in inside) / len(inside)
            total += len(inside) * abs(share - sum(chances[i] for i in inside) / len(inside))
    return total / len(truth)

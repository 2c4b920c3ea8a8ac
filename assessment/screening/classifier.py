"""The trained part of screening: calibrated probabilities for kind, domains and concern types.

Linear heads look at a text as a whole, others at each of its passages; boosted trees weigh what they say.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from assessment.screening.features import Views, characters
from assessment.screening.models import LENSES, Lens
from assessment.screening.taxonomy import load_taxonomy
from assessment.screening.trees import Trees
from assessment.screening.vectors import Array, Rows, Vectoriser

WHOLE = ("kind", "domain", "type", "turn")
GROUPS = (*WHOLE, "part")
"""Groups of heads: those that look at a text as a whole, and the one that looks at its passages."""
FIRST = ("kind", "turn")
"""Groups that every text is asked."""
CALIBRATED = ("kind", "domain", "type")
"""Groups whose probabilities are asked for; those of kinds are of the trees."""
KIND_LABELS = ("relevant", "protective", "concern")
TURN = "turn"
BEST_TYPES = 2
"""How many of a passage's likeliest types the trees are told of beside each type's likeliest passage."""
TYPES = slice(len(KIND_LABELS) + 1, -BEST_TYPES)
"""The types in what ``strongest`` finds."""
_LIKENESS = KIND_LABELS.index("concern")


def labels_of(group: str, lens: Lens) -> tuple[str, ...]:
    """The labels of a group of heads, in the order of their columns.

    ``turn`` asks what turns a relevant text into a concern: once at large, once for each concern type. ``part`` asks
    all this of a passage.
    """
    taxonomy = load_taxonomy()
    if group == "kind":
        return KIND_LABELS
    if group == "turn":
        return (TURN, *taxonomy.concerns[lens])
    if group == "part":
        return tuple(label for own in FIRST for label in labels_of(own, lens))
    return tuple(taxonomy.domains[lens] if group == "domain" else taxonomy.concerns[lens])


@dataclass(frozen=True, slots=True)
class Judgement:
    """What the classifier thinks of one text under one lens.

    Attributes:
        kind: calibrated probabilities of relevant, protective, concern; they are not exclusive (a concern is
            also relevant).
        features: the text as a single row.
        passages: how much each of its passages reads like a concern, uncalibrated, in reading order.
        types: of each concern type, the score at its likeliest passage, shape (types,).
    """

    kind: dict[str, float]
    features: Rows
    passages: tuple[float, ...]
    types: Array


@dataclass(frozen=True, slots=True)
class Thresholds:
    """From which probability on a proposal is made, by lens.

    Attributes:
        relevant: a text is relevant, in documents where concerns are rare.
        bearing: a text is relevant, in documents where concerns are common.
        concern: a text is a concern, in documents where concerns are rare, or without a cue in others.
        common: a text is a concern, in documents where concerns are common.
        domain, type: a further domain or type is named beside the strongest.
    """

    relevant: dict[Lens, float]
    bearing: dict[Lens, float]
    concern: dict[Lens, float]
    common: dict[Lens, float]
    domain: dict[Lens, float]
    type: dict[Lens, float]

    def to_json(self) -> dict[str, dict[str, float]]:
        """Plain data for the manifest, four decimals."""
        return {
            name: {lens: round(value, 4) for lens, value in getattr(self, name).items()}
            for name in self.__dataclass_fields__
        }


SEEN = 2
"""A term must occur in this many texts to be a feature."""
WEIGHTS = {"characters": 1.0, "words": 0.7, "rules": 0.3, "roles": 0.1, "pairs": 0.05}
"""Each column of the views with its weight beside the others; characters and words are counted as tf-idf."""
WEIGHT_STEPS = 48
"""Weights of heads are kept as whole multiples of one part in this many."""


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The features of a model, by column: their terms in order, and the weight of each where it has one.

    Attributes:
        terms: column to its terms, in the order of ``WEIGHTS``.
        idf: column to inverse document frequencies, for the columns that are counted as tf-idf.
    """

    terms: dict[str, list[str]]
    idf: dict[str, Array]

    def vectoriser(self) -> Vectoriser:
        """What lays texts out by these features."""
        return Vectoriser(self.terms, self.idf, WEIGHTS)

    def range(self, first: str, last: str) -> tuple[int, int]:
        """The features of the columns ``first`` to ``last``: from this one up to but not that one."""
        sizes = [len(terms) for terms in self.terms.values()]
        names = list(self.terms)
        return sum(sizes[: names.index(first)]), sum(sizes[: names.index(last) + 1])

    def signs(self, texts: Sequence[tuple[str, ...]], rows: Rows) -> Array:
        """Which rules fired and which roles occur, and how long the text is: shape (texts, signs)."""
        begin, end = self.range("rules", "roles")
        found = np.zeros((len(texts), end - begin + 2))
        for number, views in enumerate(texts):
            columns = rows.columns[rows.starts[number] : rows.starts[number + 1]]
            found[number, columns[(columns >= begin) & (columns < end)] - begin] = 1.0
            found[number, -2:] = len(views[0]), views[0].count("。")
        return found


@dataclass(frozen=True, slots=True)
class Heads:
    """The linear heads of a group of labels, side by side.

    Attributes:
        weights: in parts of ``WEIGHT_STEPS``, whole numbers, shape (features, labels).
        offsets: shape (labels,).
    """

    weights: Array
    offsets: Array

    def scores(self, rows: Rows) -> Array:
        """Uncalibrated scores, shape (texts, labels)."""
        return rows.times(self.weights) / WEIGHT_STEPS + self.offsets


@dataclass(frozen=True, slots=True)
class Glance:
    """A first look at the characters of a text alone, so that what surely bears on nothing is not read further.

    Attributes:
        weights: of the runs of characters in the vocabulary, shape (runs,).
        offset: added to the score.
        limit: a text with a lower score is passed over.
    """

    weights: Array
    offset: float
    limit: float

    def keeps(self, rows: Rows) -> list[bool]:
        """Which texts, given as rows of their characters, are to be read."""
        kept: list[bool] = (rows.times(self.weights[:, None])[:, 0] + self.offset >= self.limit).tolist()
        return kept


class Classifier:
    """A fitted model; read-only and safe to share between threads.

    Args:
        vocabulary: its features.
        heads: ``<lens>.<group>`` to the heads of its labels.
        trees: ``<lens>.<kind>`` to the boosted trees that weigh heads, rules and roles for a kind.
        sigmoids: ``<lens>.<group>`` to what ``calibrated`` takes by label; for kinds, of the trees.
        thresholds: chosen on validation data.
        glance: the first look.
        identity: what ``identify`` finds, where it is known.
    """

    def __init__(
        self,
        vocabulary: Vocabulary,
        heads: dict[str, Heads],
        trees: dict[str, Trees],
        sigmoids: dict[str, Array],
        thresholds: Thresholds,
        glance: Glance,
        identity: str = "",
    ) -> None:
        self._vocabulary = vocabulary
        self._vectoriser = vocabulary.vectoriser()
        self._glance = glance
        self._heads = heads
        self._first = self._together([f"{lens}.{group}" for lens in LENSES for group in FIRST])
        self._parts = self._together([f"{lens}.part" for lens in LENSES])
        self._trees = trees
        self._sigmoids = sigmoids
        self.thresholds = thresholds
        self.identity = identity or self.identify()

    def _together(self, names: Sequence[str]) -> Heads:
        """Several groups of heads as one table, of which each group becomes a part."""
        own = [self._heads[name] for name in names]
        joined = Heads(np.hstack([one.weights for one in own]), np.concatenate([one.offsets for one in own]))
        end = 0
        for name, one in zip(names, own, strict=True):
            start, end = end, end + len(one.offsets)
            self._heads[name] = Heads(joined.weights[:, start:end], one.offsets)
        return joined

    def identify(self) -> str:
        """A hash of everything learned (12 hex digits): equal parameters, equal identity."""
        digest = hashlib.sha256()
        for name, array in sorted(self.parts().items()):
            digest.update(name.encode() + np.ascontiguousarray(array).tobytes())
        return digest.hexdigest()[:12]

    def parts(self) -> dict[str, Array]:
        """What a model file holds: arrays of numbers by name."""
        terms = self._vocabulary.terms
        return {
            **{
                f"terms.{name}": np.frombuffer("\n".join(own).encode(), np.uint8)
                for name, own in terms.items()
            },
            **{f"idf.{name}": idf for name, idf in self._vocabulary.idf.items()},
            **{f"weights.{name}": heads.weights for name, heads in self._heads.items()},
            **{f"offsets.{name}": heads.offsets for name, heads in self._heads.items()},
            **{
                f"trees.{kind}.{name}": np.asarray(part)
                for kind, trees in self._trees.items()
                for name, part in trees.parts().items()
            },
            **{f"sigmoids.{name}": sigmoid for name, sigmoid in self._sigmoids.items()},
            **{
                f"glance.{name}": np.asarray(getattr(self._glance, name))
                for name in Glance.__dataclass_fields__
            },
        }

    @classmethod
    def from_parts(cls, parts: dict[str, Array], thresholds: Thresholds, identity: str = "") -> Classifier:
        """The inverse of ``parts``; takes the large arrays out of them, so that none is held twice."""
        terms = {name: parts[f"terms.{name}"].tobytes().decode().split("\n") for name in WEIGHTS}
        idf = {name: parts[f"idf.{name}"] for name in WEIGHTS if f"idf.{name}" in parts}
        groups = [f"{lens}.{group}" for lens in LENSES for group in GROUPS]
        heads = {name: Heads(parts.pop(f"weights.{name}"), parts[f"offsets.{name}"]) for name in groups}
        trees = {
            f"{lens}.{kind}": Trees(
                **{name: parts[f"trees.{lens}.{kind}.{name}"] for name in Trees.__dataclass_fields__}
            )
            for lens in LENSES
            for kind in KIND_LABELS
        }
        sigmoids = {
            f"{lens}.{group}": parts[f"sigmoids.{lens}.{group}"] for lens in LENSES for group in CALIBRATED
        }
        glance = Glance(parts["glance.weights"], float(parts["glance.offset"]), float(parts["glance.limit"]))
        return cls(Vocabulary(terms, idf), heads, trees, sigmoids, thresholds, glance, identity)

    def keeps(self, texts: Sequence[str]) -> list[bool]:
        """Which texts may surely bear on a lens; the others need not be read."""
        return self._glance.keeps(self._vectoriser.rows_of("characters", list(map(characters, texts))))

    def judge(self, texts: Sequence[Views]) -> list[dict[Lens, Judgement]]:
        """Judge texts given as their ``features.views``; one entry a text, in order."""
        if not texts:
            return []
        wholes = [text.whole for text in texts]
        rows = self._vectoriser.rows(wholes)
        raw = self._split(self._first.scores(rows), FIRST)
        passages, starts = self._passages(texts, rows)
        parts = self._split(self._parts.scores(passages), ("part",))
        signs = self._vocabulary.signs(wholes, rows)
        most = {lens: strongest(parts[f"{lens}.part"], starts) for lens in LENSES}
        kinds = {lens: self._kinds(lens, raw, signs, most[lens]).tolist() for lens in LENSES}
        like = {lens: parts[f"{lens}.part"][:, _LIKENESS].tolist() for lens in LENSES}
        ends = [*starts[1:].tolist(), len(passages)]
        return [
            {
                lens: Judgement(
                    dict(zip(KIND_LABELS, kinds[lens][number], strict=True)),
                    rows.row(number),
                    tuple(like[lens][start:end]),
                    most[lens][number, TYPES],
                )
                for lens in LENSES
            }
            for number, (start, end) in enumerate(zip(starts.tolist(), ends, strict=True))
        ]

    def _passages(self, texts: Sequence[Views], rows: Rows) -> tuple[Rows, Array]:
        """The passages of all texts as rows, and where those of each text begin; a text of one passage is its own."""
        single = [number for number, text in enumerate(texts) if not text.passages]
        own = self._vectoriser.rows([passage for text in texts for passage in text.passages])
        counts = np.array([len(text.passages) or 1 for text in texts])
        starts = np.cumsum(counts) - counts
        order = np.empty(counts.sum(), dtype=np.int64)
        alone = np.zeros(len(order), dtype=bool)
        alone[starts[single]] = True
        order[~alone] = np.arange(len(own))
        order[alone] = len(own) + np.arange(len(single))
        return own.followed_by(rows.chosen(np.array(single, dtype=np.int64))).chosen(order), starts

    def _split(self, scores: Array, groups: Sequence[str]) -> dict[str, Array]:
        """The scores of heads that stand side by side, by lens and group."""
        names = [f"{lens}.{group}" for lens in LENSES for group in groups]
        ends = np.cumsum([len(self._heads[name].offsets) for name in names])
        return dict(zip(names, np.split(scores, ends[:-1], axis=1), strict=True))

    def _kinds(self, lens: Lens, raw: dict[str, Array], signs: Array, parts: Array) -> Array:
        """Probabilities of the kinds, shape (texts, kinds)."""
        seen = evidence(lens, raw, signs, parts)
        weighed = [self._trees[f"{lens}.{kind}"].scores(seen) for kind in KIND_LABELS]
        return calibrated(np.column_stack(weighed), self._sigmoids[f"{lens}.kind"])

    def likeness(self, passages: Sequence[tuple[str, ...]], lens: Lens) -> list[float]:
        """How much passages, each given as its views, read like a concern (``Judgement.passages``)."""
        scores = self._heads[f"{lens}.part"].scores(self._vectoriser.rows(passages))
        found: list[float] = scores[:, _LIKENESS].tolist()
        return found

    def likely(self, judgement: Judgement, lens: Lens, group: str) -> dict[str, float]:
        """Probabilities of the domains (given that the text is relevant) or types (given that it is a concern).

        Args:
            judgement: of the text under the lens.
            lens: the lens.
            group: domain or type.
        """
        name = f"{lens}.{group}"
        scores = self._heads[name].scores(judgement.features)
        raw = typed(scores, judgement.types[None]) if group == "type" else scores
        (found,) = calibrated(raw, self._sigmoids[name]).tolist()
        return dict(zip(labels_of(group, lens), found, strict=True))


def strongest(parts: Array, starts: Array) -> Array:
    """What the passages of each text say at the most.

    Args:
        parts: scores of the ``part`` heads of one lens, shape (passages, labels).
        starts: where the passages of each text begin.

    Returns:
        The highest score of each label, and of the likeliest types of a passage; shape (texts, labels + BEST_TYPES).
        ``TYPES`` are the columns of the types.
    """
    best = np.sort(parts[:, len(KIND_LABELS) + 1 :], axis=1)[:, : -BEST_TYPES - 1 : -1]
    found: Array = np.maximum.reduceat(np.hstack([parts, best]), starts, axis=0)
    return found


def evidence(lens: Lens, raw: dict[str, Array], signs: Array, parts: Array) -> Array:
    """What the trees weigh for a kind: the heads of both lenses, the three foremost types, the signs, and what the
    passages say under the lens (``strongest``)."""
    heads = [raw[f"{name}.{group}"] for name in LENSES for group in FIRST]
    foremost = np.sort(raw[f"{lens}.turn"][:, 1:], axis=1)[:, :-4:-1]
    return np.hstack([*heads, foremost, signs, parts])


def typed(whole: Array, parts: Array) -> Array:
    """What tells how probable each concern type is: its head over the text, its likeliest passage, and its strongest
    rival in either.

    Args:
        whole, parts: scores of the types over texts and at their likeliest passages, shape (texts, types).

    Returns:
        Shape (texts, types, inputs).
    """
    return np.stack([whole, parts, _rivals(whole), _rivals(parts)], axis=2)


def _rivals(scores: Array) -> Array:
    """For each label the highest score of another."""
    second, first = np.sort(scores, axis=1)[:, -2:].T
    own = np.arange(scores.shape[1]) == scores.argmax(axis=1)[:, None]
    return np.where(own, second[:, None], first[:, None])


def calibrated(raw: Array, sigmoid: Array) -> Array:
    """Scores as probabilities.

    Args:
        raw: shape (texts, labels) or (texts, labels, inputs).
        sigmoid: by label, a slope for each input and the offset.
    """
    inputs = raw if raw.ndim == 3 else raw[:, :, None]
    weighed = (inputs * sigmoid[:, :-1]).sum(axis=2) + sigmoid[:, -1]
    # The logistic function in a form that cannot overflow.
    return (1 + np.tanh(weighed / 2)) / 2

"""The trained part of screening: calibrated probabilities for kind, domains and concern types.

A model is one file of plain arrays (npz) with its manifest beside it. Nothing but numbers is ever loaded from it,
and a file that is missing, altered or made for another version is refused.
"""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from assessment.messages import ScreeningError
from assessment.screening.features import VERSION as FEATURES
from assessment.screening.features import characters
from assessment.screening.models import LENSES, Lens
from assessment.screening.taxonomy import load_taxonomy
from assessment.screening.trees import Trees
from assessment.screening.vectors import Array, Rows, Vectoriser

MODEL_FILE = "screening.npz"
MANIFEST_FILE = "manifest.json"
GROUPS = ("kind", "domain", "type", "turn")
CALIBRATED = ("kind", "domain", "type")
"""Groups whose probabilities are asked for; those of kinds are of the trees."""
KIND_LABELS = ("relevant", "protective", "concern")


def labels_of(group: str, lens: Lens) -> tuple[str, ...]:
    """The labels of a group of heads, in the order of their columns.

    ``turn`` asks what turns a relevant text into a concern: once at large, once for each concern type.
    """
    taxonomy = load_taxonomy()
    if group == "kind":
        return KIND_LABELS
    if group == "turn":
        return ("concern", *taxonomy.concerns[lens])
    return tuple(taxonomy.domains[lens] if group == "domain" else taxonomy.concerns[lens])


@dataclass(frozen=True, slots=True)
class Judgement:
    """What the classifier thinks of one text under one lens.

    Attributes:
        kind: calibrated probabilities of relevant, protective, concern; they are not exclusive (a concern is
            also relevant).
        features: the text as a single row.
    """

    kind: dict[str, float]
    features: Rows


@dataclass(frozen=True, slots=True)
class Thresholds:
    """From which probability on a proposal is made, by lens.

    Attributes:
        relevant: a text is relevant, in documents where concerns are rare.
        bearing: a text is relevant, in documents where concerns are common.
        concern: a text is a concern, in documents where concerns are rare.
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
WEIGHT_STEPS = 1024
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
        sigmoids: ``<lens>.<group>`` to slope and offset by label, shape (labels, 2); for kinds, of the trees.
        thresholds: chosen on validation data.
        glance: the first look.
    """

    def __init__(
        self,
        vocabulary: Vocabulary,
        heads: dict[str, Heads],
        trees: dict[str, Trees],
        sigmoids: dict[str, Array],
        thresholds: Thresholds,
        glance: Glance,
    ) -> None:
        self._vocabulary = vocabulary
        self._vectoriser = vocabulary.vectoriser()
        self._glance = glance
        self._heads = heads
        first = [heads[f"{lens}.{group}"] for lens in LENSES for group in ("kind", "turn")]
        self._first = Heads(
            np.hstack([one.weights for one in first]), np.concatenate([one.offsets for one in first])
        )
        self._trees = trees
        self._sigmoids = sigmoids
        self.thresholds = thresholds
        self.identity = self._identify()

    def _identify(self) -> str:
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
    def from_parts(cls, parts: dict[str, Array], thresholds: Thresholds) -> Classifier:
        """The inverse of ``parts``."""
        terms = {name: parts[f"terms.{name}"].tobytes().decode().split("\n") for name in WEIGHTS}
        idf = {name: parts[f"idf.{name}"] for name in WEIGHTS if f"idf.{name}" in parts}
        groups = [f"{lens}.{group}" for lens in LENSES for group in GROUPS]
        heads = {name: Heads(parts[f"weights.{name}"], parts[f"offsets.{name}"]) for name in groups}
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
        return cls(Vocabulary(terms, idf), heads, trees, sigmoids, thresholds, glance)

    def keeps(self, texts: Sequence[str]) -> list[bool]:
        """Which texts may surely bear on a lens; the others need not be read."""
        return self._glance.keeps(self._vectoriser.rows_of("characters", list(map(characters, texts))))

    def judge(self, texts: Sequence[tuple[str, ...]]) -> list[dict[Lens, Judgement]]:
        """Judge texts given as their ``features.columns``; one entry a text, in order."""
        if not texts:
            return []
        rows = self._vectoriser.rows(texts)
        raw = self._split(self._first.scores(rows))
        signs = self._vocabulary.signs(texts, rows)
        kinds = {lens: self._kinds(lens, raw, signs).tolist() for lens in LENSES}
        return [
            {
                lens: Judgement(dict(zip(KIND_LABELS, kinds[lens][row], strict=True)), rows.row(row))
                for lens in LENSES
            }
            for row in range(len(texts))
        ]

    def _split(self, scores: Array) -> dict[str, Array]:
        """The scores of the heads that are always asked, by lens and group."""
        names = [f"{lens}.{group}" for lens in LENSES for group in ("kind", "turn")]
        ends = np.cumsum([len(self._heads[name].offsets) for name in names])
        return dict(zip(names, np.split(scores, ends[:-1], axis=1), strict=True))

    def _kinds(self, lens: Lens, raw: dict[str, Array], signs: Array) -> Array:
        """Probabilities of the kinds, shape (texts, kinds)."""
        seen = evidence(lens, raw, signs)
        weighed = [self._trees[f"{lens}.{kind}"].scores(seen) for kind in KIND_LABELS]
        return calibrated(np.column_stack(weighed), self._sigmoids[f"{lens}.kind"])

    def likely(self, judgement: Judgement, lens: Lens, group: str) -> dict[str, float]:
        """Probabilities of the domains (given that the text is relevant) or types (given that it is a concern).

        Args:
            judgement: of the text under the lens.
            lens: the lens.
            group: domain or type.
        """
        name = f"{lens}.{group}"
        (found,) = calibrated(self._heads[name].scores(judgement.features), self._sigmoids[name]).tolist()
        return dict(zip(labels_of(group, lens), found, strict=True))

    def words(self, judgement: Judgement, text: str, lens: Lens, label: str) -> tuple[str, ...]:
        """The words of a judged text that weigh most for a kind, strongest first, at most five."""
        begin, end = self._vocabulary.range("words", "words")
        weights = self._heads[f"{lens}.kind"].weights[:, KIND_LABELS.index(label)]
        terms = self._vocabulary.terms["words"]
        columns, values = judgement.features.columns, judgement.features.values
        weighed = {
            terms[column - begin]: float(value * weights[column])
            for column, value in zip(columns, values, strict=True)
            if begin <= column < end and len(terms[column - begin]) > 1 and terms[column - begin] in text
        }
        best = sorted((term for term in weighed if weighed[term] > 0), key=lambda term: -weighed[term])
        return tuple(best[:5])


def evidence(lens: Lens, raw: dict[str, Array], signs: Array) -> Array:
    """What the trees weigh for a kind: the heads of both lenses, the three foremost types, the signs."""
    heads = [raw[f"{name}.{group}"] for name in LENSES for group in ("kind", "turn")]
    foremost = np.sort(raw[f"{lens}.turn"][:, 1:], axis=1)[:, :-4:-1]
    return np.hstack([*heads, foremost, signs])


def calibrated(raw: Array, sigmoid: Array) -> Array:
    """Scores as probabilities; ``sigmoid`` holds slope and offset by label, shape (labels, 2)."""
    # The logistic function in a form that cannot overflow.
    return (1 + np.tanh((raw * sigmoid[:, 0] + sigmoid[:, 1]) / 2)) / 2


def load_classifier(folder: Path) -> Classifier:
    """Load the model of a folder.

    Raises:
        ScreeningError: E202 a file is missing; E203 the model is not the one the manifest names, or is
            damaged; E204 it was made for another version; E205 it holds anything but numbers.
    """
    manifest = _manifest(folder)
    path = folder / MODEL_FILE
    if not path.is_file():
        raise ScreeningError("E202", file=path.name)
    content = path.read_bytes()
    if hashlib.sha256(content).hexdigest() != manifest["sha256"]:
        raise ScreeningError("E203", file=path.name)
    _check_versions(manifest)
    try:
        return Classifier.from_parts(_arrays(content), Thresholds(**manifest["thresholds"]))
    except _StrangeTypeError as strange:
        raise ScreeningError("E205", file=path.name, types=str(strange)) from strange
    except Exception as error:
        raise ScreeningError("E203", file=path.name) from error


class _StrangeTypeError(Exception):
    """A model file holds an array of something else than numbers."""


def _arrays(content: bytes) -> dict[str, Array]:
    """The arrays of a model file; nothing in it is ever run."""
    with zipfile.ZipFile(io.BytesIO(content)) as file:
        return {name.removesuffix(".npy"): _array(file.read(name)) for name in file.namelist()}


def _array(content: bytes) -> Array:
    stream = io.BytesIO(content)
    np.lib.format.read_magic(stream)
    _, _, kind = np.lib.format.read_array_header_1_0(stream)
    if kind.kind not in "iuf":
        raise _StrangeTypeError(str(kind))
    return np.load(io.BytesIO(content), allow_pickle=False)


def _manifest(folder: Path) -> dict[str, Any]:
    path = folder / MANIFEST_FILE
    if not path.is_file():
        raise ScreeningError("E202", file=path.name)
    try:
        manifest: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        needed: Iterable[str] = ("model", "sha256", "sklearn", "features", "thresholds", "labels")
        missing = [key for key in needed if key not in manifest]
    except (ValueError, TypeError) as error:
        raise ScreeningError("E203", file=path.name) from error
    if missing:
        raise ScreeningError("E203", file=path.name)
    return manifest


def _check_versions(manifest: dict[str, Any]) -> None:
    for what, made, here in (
        ("特征", manifest["features"], FEATURES),
        ("分类体系", manifest["labels"], labels_fingerprint()),
    ):
        if made != here:
            raise ScreeningError("E204", what=what, made=made, here=here)


def labels_fingerprint() -> str:
    """A hash of every label in its order: a model fits one taxonomy only."""
    lists = [[lens, group, list(labels_of(group, lens))] for lens in LENSES for group in GROUPS]
    return hashlib.sha256(json.dumps(lists).encode()).hexdigest()[:12]

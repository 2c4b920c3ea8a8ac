"""The trained part of screening: calibrated probabilities for kind, domains and concern types.

A model is one skops file with its manifest beside it. Only the scikit-learn types listed here are ever
loaded from it, and a file that is missing, altered or made for another version is refused.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from assessment.messages import ScreeningError
from assessment.screening.features import VERSION as FEATURES
from assessment.screening.models import LENSES, Lens
from assessment.screening.taxonomy import load_taxonomy
from assessment.screening.trees import Trees

MODEL_FILE = "screening.skops"
MANIFEST_FILE = "manifest.json"
GROUPS = ("kind", "domain", "type", "turn")
KIND_LABELS = ("relevant", "protective", "concern")

TRUSTED = (
    "scipy.sparse._csr.csr_matrix",
    "sklearn.svm._classes.LinearSVC",
)
"""The only types a model file may hold besides numbers, texts and lists."""


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
    """Calibrated probabilities for one text under one lens, by label.

    Attributes:
        kind: relevant, protective, concern; they are not exclusive (a concern is also relevant).
        domain: the plan domains of the lens, given that the text is relevant.
        type: the concern types of the lens, given that the text is a concern.
    """

    kind: dict[str, float]
    domain: dict[str, float]
    type: dict[str, float]


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


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The features of a model, by column: their terms in order, and the weight of each where it has one.

    Attributes:
        terms: column to its terms.
        idf: column to inverse document frequencies, for the columns that are counted as tf-idf.
    """

    terms: dict[str, list[str]]
    idf: dict[str, Any]

    def vectorisers(self) -> list[tuple[float, Any]]:
        """A ready scikit-learn vectoriser for each column, with the column's weight."""
        ready = []
        for name, (weight, kind, options) in VECTORISERS.items():
            vectoriser = _vectoriser(kind, {**options, "vocabulary": self.terms[name]})
            if name in self.idf:
                vectoriser.idf_ = self.idf[name]
            ready.append((weight, vectoriser))
        return ready


SEEN = 2
"""A term must occur in this many texts to be a feature."""
_SPACED = {"token_pattern": r"\S+", "lowercase": False}
VECTORISERS: dict[str, tuple[float, str, dict[str, Any]]] = {
    "characters": (
        1.0,
        "tfidf",
        {"analyzer": "char", "ngram_range": (1, 3), "lowercase": False, "sublinear_tf": True},
    ),
    "words": (0.7, "tfidf", {**_SPACED, "ngram_range": (1, 2), "sublinear_tf": True}),
    "rules": (0.3, "count", {**_SPACED, "binary": True}),
    "roles": (0.1, "count", {**_SPACED, "binary": True}),
    "pairs": (0.05, "count", {**_SPACED, "binary": True}),
}
"""Column to its weight, its way of counting, and the options of its vectoriser."""


def _vectoriser(kind: str, options: dict[str, Any]) -> Any:
    from sklearn.feature_extraction.text import CountVectorizer, TfidfVectorizer

    return TfidfVectorizer(**options) if kind == "tfidf" else CountVectorizer(**options)


def learn_vocabulary(texts: Sequence[tuple[str, ...]]) -> Vocabulary:
    """Every term seen in at least ``SEEN`` texts, column by column; nothing is chosen by its label."""
    terms, idf = {}, {}
    for index, (name, (_, kind, options)) in enumerate(VECTORISERS.items()):
        vectoriser = _vectoriser(kind, {**options, "min_df": SEEN})
        vectoriser.fit([views[index] for views in texts])
        terms[name] = [str(term) for term in vectoriser.get_feature_names_out()]
        if kind == "tfidf":
            idf[name] = vectoriser.idf_
    return Vocabulary(terms, idf)


def matrix_of(texts: Sequence[tuple[str, ...]], vectorisers: Sequence[tuple[float, Any]]) -> Any:
    """Texts as a sparse matrix, one row each: the columns' vectorisers side by side."""
    from scipy.sparse import hstack

    return hstack(
        [
            vectoriser.transform([views[index] for views in texts]) * weight
            for index, (weight, vectoriser) in enumerate(vectorisers)
        ]
    ).tocsr()


class Classifier:
    """A fitted model; read-only and safe to share between threads.

    Args:
        vocabulary: its features.
        heads: ``<lens>.<group>`` to one fitted LinearSVC a label.
        trees: lens to the boosted trees, one for each kind, that weigh heads, rules and roles.
        sigmoids: ``<lens>.<group>`` to slope and offset by label, shape (labels, 2); for kinds, of the trees.
        thresholds: chosen on validation data.
    """

    def __init__(
        self,
        vocabulary: Vocabulary,
        heads: dict[str, Any],
        trees: dict[Lens, list[Trees]],
        sigmoids: dict[str, Any],
        thresholds: Thresholds,
    ) -> None:
        self._vocabulary = vocabulary
        self._vectorisers = vocabulary.vectorisers()
        self._heads = heads
        self._trees = trees
        self._sigmoids = sigmoids
        self.thresholds = thresholds
        self.identity = self._identify()

    def _identify(self) -> str:
        """A hash of everything learned (12 hex digits): equal parameters, equal identity."""
        digest = hashlib.sha256(json.dumps(self._vocabulary.terms).encode())
        for name in sorted(self._heads):
            for estimator in self._heads[name]:
                digest.update(estimator.coef_.data.tobytes())
        for lens in LENSES:
            for trees in self._trees[lens]:
                digest.update(trees.value.tobytes())
        for name in sorted(self._sigmoids):
            digest.update(self._sigmoids[name].tobytes())
        return digest.hexdigest()[:12]

    def parts(self) -> dict[str, Any]:
        """What a model file holds."""
        return {
            "terms": {name: "\n".join(terms) for name, terms in self._vocabulary.terms.items()},
            "idf": self._vocabulary.idf,
            "heads": self._heads,
            "trees": {lens: [kind.parts() for kind in trees] for lens, trees in self._trees.items()},
            "sigmoids": self._sigmoids,
        }

    @classmethod
    def from_parts(cls, parts: dict[str, Any], thresholds: Thresholds) -> Classifier:
        """The inverse of ``parts``."""
        terms = {name: joined.split("\n") for name, joined in parts["terms"].items()}
        vocabulary = Vocabulary(terms, parts["idf"])
        trees = {lens: [Trees(**kind) for kind in parts["trees"][lens]] for lens in LENSES}
        return cls(vocabulary, parts["heads"], trees, parts["sigmoids"], thresholds)

    def judge(self, texts: Sequence[tuple[str, ...]]) -> list[dict[Lens, Judgement]]:
        """Judge texts given as their ``features.columns``; one entry a text, in order."""
        if not texts:
            return []
        matrix = matrix_of(texts, self._vectorisers)
        raw = {name: scores(head, matrix) for name, head in self._heads.items()}
        signs = signs_of(texts, matrix, self._vocabulary)
        tables = {lens: self._tables(lens, raw, signs) for lens in LENSES}
        return [
            {lens: Judgement(*(table[row] for table in tables[lens])) for lens in LENSES}
            for row in range(len(texts))
        ]

    def _tables(self, lens: Lens, raw: dict[str, Any], signs: Any) -> list[list[dict[str, float]]]:
        """Probabilities by label for kind, domain and type, each a list over the texts."""
        import numpy as np

        seen = evidence(lens, raw, signs)
        raw = raw | {f"{lens}.kind": np.column_stack([trees.scores(seen) for trees in self._trees[lens]])}
        tables = {
            group: calibrated(raw[f"{lens}.{group}"], self._sigmoids[f"{lens}.{group}"])
            for group in ("kind", "domain", "type")
        }
        return [
            [dict(zip(labels_of(group, lens), map(float, row), strict=True)) for row in table]
            for group, table in tables.items()
        ]

    def words(self, views: tuple[str, ...], lens: Lens, label: str) -> tuple[str, ...]:
        """The words of a text that weigh most for a kind, strongest first, at most five."""
        column = list(VECTORISERS).index("words")
        before = sum(len(self._vocabulary.terms[name]) for name in list(VECTORISERS)[:column])
        row = self._vectorisers[column][1].transform([views[column]])
        weights = self._heads[f"{lens}.kind"][KIND_LABELS.index(label)].coef_
        terms = self._vocabulary.terms["words"]
        weighed = {
            terms[index]: float(value * weights[0, before + index])
            for index, value in zip(row.indices, row.data, strict=True)
            if len(terms[index]) > 1 and terms[index] in views[0]
        }
        best = sorted((term for term in weighed if weighed[term] > 0), key=lambda term: -weighed[term])
        return tuple(best[:5])


def signs_of(texts: Sequence[tuple[str, ...]], matrix: Any, vocabulary: Vocabulary) -> Any:
    """Which rules fired and which roles occur, and how long the text is: shape (texts, signs)."""
    import numpy as np

    sizes = [len(vocabulary.terms[name]) for name in VECTORISERS]
    first = list(VECTORISERS).index("rules")
    begin, end = sum(sizes[:first]), sum(sizes[: first + 2])
    lengths = np.array([[len(views[0]), views[0].count("。")] for views in texts])
    return np.hstack([(matrix[:, begin:end] > 0).toarray(), lengths])


def evidence(lens: Lens, raw: dict[str, Any], signs: Any) -> Any:
    """What the trees weigh for a kind: the heads of both lenses, the three foremost types, the signs."""
    import numpy as np

    heads = [raw[f"{name}.{group}"] for name in LENSES for group in ("kind", "turn")]
    foremost = np.sort(raw[f"{lens}.turn"][:, 1:], axis=1)[:, :-4:-1]
    return np.hstack([*heads, foremost, signs])


def scores(heads: Sequence[Any], matrix: Any) -> Any:
    """Uncalibrated scores, shape (texts, labels)."""
    import numpy as np

    return np.column_stack([estimator.decision_function(matrix) for estimator in heads])


def calibrated(raw: Any, sigmoid: Any) -> Any:
    """Scores as probabilities; ``sigmoid`` holds slope and offset by label, shape (labels, 2)."""
    from scipy.special import expit

    return expit(raw * sigmoid[:, 0] + sigmoid[:, 1])


def load_classifier(folder: Path) -> Classifier:
    """Load the model of a folder.

    Raises:
        ScreeningError: E202 a file is missing; E203 the model is not the one the manifest names, or is
            damaged; E204 it was made for another version; E205 it holds a type that is not trusted.
    """
    import skops.io

    manifest = _manifest(folder)
    path = folder / MODEL_FILE
    if not path.is_file():
        raise ScreeningError("E202", file=path.name)
    content = path.read_bytes()
    if hashlib.sha256(content).hexdigest() != manifest["sha256"]:
        raise ScreeningError("E203", file=path.name)
    _check_versions(manifest)
    try:
        strange = set(skops.io.get_untrusted_types(data=content)) - set(TRUSTED)
        if strange:
            raise ScreeningError("E205", file=path.name, types="、".join(sorted(strange)))
        parts = skops.io.loads(content, trusted=list(TRUSTED))
    except ScreeningError:
        raise
    except Exception as error:
        raise ScreeningError("E203", file=path.name) from error
    return Classifier.from_parts(parts, Thresholds(**manifest["thresholds"]))


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
    import sklearn

    for what, made, here in (
        ("scikit-learn", manifest["sklearn"], sklearn.__version__),
        ("特征", manifest["features"], FEATURES),
        ("分类体系", manifest["labels"], labels_fingerprint()),
    ):
        if made != here:
            raise ScreeningError("E204", what=what, made=made, here=here)


def labels_fingerprint() -> str:
    """A hash of every label in its order: a model fits one taxonomy only."""
    lists = [[lens, group, list(labels_of(group, lens))] for lens in LENSES for group in GROUPS]
    return hashlib.sha256(json.dumps(lists).encode()).hexdigest()[:12]

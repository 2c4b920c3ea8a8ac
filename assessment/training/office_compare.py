"""The model in use and a candidate, side by side: how well each does, and every flag gained and lost.

Both are measured on what they have not learned from: on the held-out families of the corpus by models of the
same recipe without them, and on decisions by models that never saw the case a decision was made on.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from assessment.documents import from_json
from assessment.documents.models import Clause, Document
from assessment.screening.classifier import Classifier
from assessment.screening.engine import ScreeningEngine
from assessment.screening.models import LENSES, Finding, Lens
from assessment.screening.rules import load_rules
from assessment.screening.verdicts import Judge
from assessment.training.dataset import Example, is_held_out
from assessment.training.evaluate import Machinery
from assessment.training.fit import Prepared, fit
from assessment.training.metrics import Figures, Score, figures
from assessment.training.office_near import Near, grams
from assessment.training.peers import Opinion

FOLDS = 3
"""Decisions are measured in this many parts, whole cases in each."""

CORPUS, DECISIONS = "corpus", "decisions"
Told = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Measured:
    """How well one side does on one set of clauses under one lens; counts, so that a share is never alone.

    Attributes:
        relevance, concern: right, said and true, as three counts.
        kind, type: mean F1 over the kinds and concern types that occur.
        false_flags: clauses that are no concern and were flagged, of ``negatives``.
    """

    relevance: tuple[int, int, int]
    concern: tuple[int, int, int]
    kind: float
    type: float
    false_flags: int
    negatives: int


@dataclass(frozen=True, slots=True)
class Row:
    """Both sides on one set (``corpus`` or ``decisions``) under one lens."""

    on: str
    lens: Lens
    clauses: int
    old: Measured
    new: Measured


@dataclass(frozen=True, slots=True)
class Sides:
    """What the two sides learn from, prepared together once.

    Attributes:
        prepared: corpus and all decisions.
        corpus: ids of the corpus examples.
        old: ids of the decisions the model in use learned from; empty for the shipped one.
        new: the decisions the candidate learns from.
        in_use: the model in use itself.
    """

    prepared: Prepared
    corpus: frozenset[str]
    old: frozenset[str]
    new: tuple[Example, ...]
    in_use: Classifier

    def learn(self, wanted: Callable[[Example], bool]) -> Classifier:
        """A model of the examples that are wanted."""
        return fit(self.prepared.part(wanted))

    def candidate(self) -> Classifier:
        """The model of the whole corpus and the new decisions."""
        ids = self.corpus | {example.id for example in self.new}
        return self.learn(lambda example: example.id in ids)

    def without(self, part: Sequence[Example], decisions: frozenset[str]) -> Classifier:
        """A model of the corpus and of those decisions made on other cases and other clauses than the part's."""
        cases = {example.family for example in part}
        texts = {example.text for example in part}

        def wanted(example: Example) -> bool:
            if example.id in self.corpus:
                return True
            return example.id in decisions and example.family not in cases and example.text not in texts

        return self.learn(wanted)


def steps(sides: Sides) -> int:
    """How many models ``quality`` has to fit."""
    folds = len(_parts(sides.new))
    return 2 + folds * (2 if sides.old else 1)


def quality(sides: Sides, told: Told) -> list[Row]:
    """Measure both sides on held-out families and on decisions; ``told`` what is being done, before each fit."""
    return _on_corpus(sides, told) + _on_decisions(sides, told)


def _on_corpus(sides: Sides, told: Told) -> list[Row]:
    """Decisions that nearly equal a held-out clause are left out of both sides here."""
    held_out = [e for e in sides.prepared.examples if e.id in sides.corpus and is_held_out(e)]
    near = Near(grams(example.text) for example in held_out)
    fair = {e.id for e in sides.prepared.examples if e.id not in sides.corpus and not near.like(e.text)}
    base = {e.id for e in sides.prepared.examples if e.id in sides.corpus and not is_held_out(e)}
    new = {example.id for example in sides.new}
    told("在留出的语料上衡量现用模型")
    before = sides.learn(lambda example: example.id in base | (sides.old & fair))
    told("在留出的语料上衡量候选模型")
    after = sides.learn(lambda example: example.id in base | (new & fair))
    return _rows(CORPUS, held_out, _opinions(before, held_out), _opinions(after, held_out))


def _on_decisions(sides: Sides, told: Told) -> list[Row]:
    parts = _parts(sides.new)
    examples = [example for part in parts for example in part]
    before: list[dict[Lens, Opinion]] = []
    after: list[dict[Lens, Opinion]] = []
    new = frozenset(example.id for example in sides.new)
    for number, part in enumerate(parts, 1):
        told(f"按事项轮流留出，衡量候选模型（第 {number} 份，共 {len(parts)} 份）")
        after += _opinions(sides.without(part, new), part)
        old = sides.in_use
        if sides.old:
            told(f"按事项轮流留出，衡量现用模型（第 {number} 份，共 {len(parts)} 份）")
            old = sides.without(part, sides.old)
        before += _opinions(old, part)
    return _rows(DECISIONS, examples, before, after) if examples else []


def _parts(examples: Sequence[Example]) -> list[list[Example]]:
    """Decisions in parts of about equal size, no case in two; none unless there are two cases."""
    cases: dict[str, list[Example]] = {}
    for example in examples:
        cases.setdefault(example.family, []).append(example)
    if len(cases) < 2:
        return []
    parts: list[list[Example]] = [[] for _ in range(min(FOLDS, len(cases)))]
    order = sorted(cases, key=lambda case: (-len(cases[case]), hashlib.sha256(case.encode()).digest()))
    for case in order:
        min(parts, key=len).extend(cases[case])
    return parts


def _opinions(classifier: Classifier, examples: Sequence[Example]) -> list[dict[Lens, Opinion]]:
    return Machinery(Judge(load_rules(), classifier), examples).opinions(
        [example.text for example in examples]
    )


def _rows(
    on: str,
    examples: Sequence[Example],
    before: Sequence[dict[Lens, Opinion]],
    after: Sequence[dict[Lens, Opinion]],
) -> list[Row]:
    rows = []
    for lens in LENSES:
        labels = [example.labels[lens] for example in examples]
        old, new = (
            _measured(figures(lens, labels, [opinion[lens] for opinion in side])) for side in (before, after)
        )
        rows.append(Row(on, lens, len(examples), old, new))
    return rows


def _measured(found: Figures) -> Measured:
    def counts(score: Score) -> tuple[int, int, int]:
        return score.right, score.said, score.true

    return Measured(
        counts(found.relevance),
        counts(found.concern),
        round(found.kind, 4),
        round(found.type, 4),
        found.false_flags,
        found.negatives,
    )


@dataclass(frozen=True, slots=True)
class Stored:
    """A stored draft to screen again: its case, version and title, and where its parsed document lies."""

    case: str
    version: int
    title: str
    path: Path


@dataclass(frozen=True, slots=True)
class Flag:
    """A clause that one side flags as a concern and the other does not, or not as the same types.

    Attributes:
        case, version, title: the draft.
        unit, start: the clause, and where the words stand in the document's text.
        place: the clause as a reader names it, such as 第二章 第八条.
        quote: the words flagged.
        old, new: concern types named by each side; empty where it does not flag.
    """

    case: str
    version: int
    title: str
    unit: str
    start: int
    place: str
    lens: Lens
    quote: str
    old: tuple[str, ...]
    new: tuple[str, ...]


def flags(
    drafts: Iterable[Stored],
    old: ScreeningEngine,
    new: ScreeningEngine,
    told: Callable[[int], None] = lambda done: None,
) -> list[Flag]:
    """Screen every stored draft with both engines; ``told`` how many are done after each."""
    found = []
    for done, draft in enumerate(drafts, 1):
        document = from_json(draft.path.read_text(encoding="utf-8"))
        before, after = _concerns(old, document), _concerns(new, document)
        for unit, lens in sorted(before.keys() | after.keys()):
            one, other = before.get((unit, lens)), after.get((unit, lens))
            types = one.types if one else (), other.types if other else ()
            shown = other or one
            if shown is not None and set(types[0]) != set(types[1]):
                found.append(_flag(draft, document, shown, *types))
        told(done)
    return found


def _concerns(engine: ScreeningEngine, document: Document) -> dict[tuple[str, Lens], Finding]:
    """The concerns by unit and lens, the first of each."""
    concerns: dict[tuple[str, Lens], Finding] = {}
    for finding in engine.screen(document).findings:
        if finding.kind == "concern":
            concerns.setdefault((finding.unit, finding.lens), finding)
    return concerns


def _flag(
    draft: Stored, document: Document, finding: Finding, old: tuple[str, ...], new: tuple[str, ...]
) -> Flag:
    unit: Clause = document.clause(finding.unit)
    return Flag(
        draft.case,
        draft.version,
        draft.title,
        finding.unit,
        finding.start,
        " ".join(unit.path[-2:]),
        finding.lens,
        finding.quote,
        old,
        new,
    )

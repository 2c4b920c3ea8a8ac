"""Measure the machinery beside its two peers: on held-out families, on labelled real clauses, on regulations."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from assessment.documents import read
from assessment.paths import MODELS
from assessment.screening.engine import NOT_SCREENED
from assessment.screening.model_file import load_classifier
from assessment.screening.models import LENSES, Lens
from assessment.screening.rules import load_rules
from assessment.screening.verdicts import Judge, Look
from assessment.training.dataset import CLAUSES, Example, is_held_out, read_corpus, read_examples
from assessment.training.fit import Prepared, fit, prepare
from assessment.training.metrics import Figures, figures
from assessment.training.peers import Compared, Opinion, peers_of

HELD_OUT = "留出的语料族"
GOLD = "真实法规条文"


class Machinery:
    """The product as ``Compared``: lexicon, rules and a fitted model.

    Args:
        judge: what is measured.
        examples: tell for which kind of document each text is written; any other text is judged as a rule.
    """

    name = "本程序"

    def __init__(self, judge: Judge, examples: Sequence[Example] = ()) -> None:
        self._judge = judge
        self._kinds = {example.text: example.register for example in examples}

    def opinions(self, texts: Sequence[str]) -> list[dict[Lens, Opinion]]:
        """See ``Compared``."""
        found: list[dict[Lens, Opinion]] = [{} for _ in texts]
        kinds = [self._kinds.get(text, "") for text in texts]
        for kind in sorted(set(kinds)):
            rows = [row for row, own in enumerate(kinds) if own == kind]
            for row, look in zip(rows, self._judge.look([texts[row] for row in rows], kind), strict=True):
                found[row] = self._opinion(look, kind)
        return found

    def _opinion(self, look: Look, kind: str) -> dict[Lens, Opinion]:
        verdicts = self._judge.decide(look, kind)
        entry: dict[Lens, Opinion] = {}
        for lens in LENSES:
            chance = look.judged[lens].kind["concern"] if lens in look.cues else 0.0
            verdict = verdicts.get(lens)
            entry[lens] = (
                Opinion(verdict.kind, frozenset(verdict.domains), frozenset(verdict.types), chance)
                if verdict
                else Opinion("none", concern=chance)
            )
        return entry


@dataclass(frozen=True, slots=True)
class Row:
    """One system on one set of clauses under one lens."""

    on: str
    system: str
    lens: Lens
    figures: Figures


@dataclass(frozen=True, slots=True)
class QualityTable:
    """The quality table; ``held_out`` is the number of clauses in the held-out families."""

    rows: tuple[Row, ...]
    held_out: int

    def row(self, on: str, system: str, lens: Lens) -> Figures:
        """The figures of one system on one set under one lens; KeyError if it was not measured."""
        for row in self.rows:
            if (row.on, row.system, row.lens) == (on, system, lens):
                return row.figures
        raise KeyError((on, system, lens))

    def to_markdown(self) -> str:
        """The table as markdown, one line a set, system and lens."""
        heads = ("set", "system", "lens", *Figures.HEADS)
        lines = ["| " + " | ".join(heads) + " |", "|" + "---|" * len(heads)]
        lines += [
            f"| {row.on} | {row.system} | {row.lens} | " + " | ".join(row.figures.cells()) + " |"
            for row in self.rows
        ]
        return "\n".join(lines)


def measure(training: Prepared, held_out: Prepared, every_peer: bool = False) -> QualityTable:
    """Fit the machinery and its peers on one part and measure all on the other."""
    machinery = Machinery(Judge(load_rules(), fit(training)), held_out.examples)
    systems: list[Compared] = [machinery, *peers_of(training.examples, every_peer)]
    rows = _rows(HELD_OUT, systems, held_out.examples)
    return QualityTable(rows, len(held_out.examples))


def evaluate(gold: Path | None = None, corpus: Path = CLAUSES, every_peer: bool = False) -> QualityTable:
    """The quality table: held-out families with a model that never saw them, and labelled real clauses.

    Args:
        gold: a jsonl of labelled clauses, judged by the shipped model; the peers learn from the whole corpus.
        corpus: the labelled clauses that are trained on.
        every_peer: measure the slow peers too.

    Raises:
        TrainingError: E9xx a file of labels is not as it should be.
        ScreeningError: E2xx the shipped model cannot be used.
    """
    examples = read_corpus(corpus)
    prepared = prepare(examples)
    learned = prepared.part(lambda example: not is_held_out(example))
    table = measure(learned, prepared.part(is_held_out), every_peer)
    if gold is None:
        return table
    real = read_examples(gold)
    shipped = Machinery(Judge(load_rules(), load_classifier(MODELS)), real)
    systems: list[Compared] = [shipped, *peers_of(examples, every_peer)]
    return QualityTable(table.rows + _rows(GOLD, systems, real), table.held_out)


def _rows(on: str, systems: Sequence[Compared], examples: Sequence[Example]) -> tuple[Row, ...]:
    texts = [example.text for example in examples]
    rows = []
    for system in systems:
        opinions = system.opinions(texts)
        for lens in LENSES:
            labels = [example.labels[lens] for example in examples]
            found = figures(lens, labels, [opinion[lens] for opinion in opinions])
            rows.append(Row(on, system.name, lens, found))
    return tuple(rows)


@dataclass(frozen=True, slots=True)
class FlagCount:
    """Concern flags over a folder of regulations.

    Attributes:
        articles: articles screened.
        flags: flagged article and lens, each once: (file, label of the article, lens, first type, quote).
    """

    articles: int
    flags: tuple[tuple[str, str, Lens, str, str], ...]

    @property
    def per_thousand(self) -> float:
        """Articles flagged under either lens per 1,000."""
        return 1000 * len({flag[:2] for flag in self.flags}) / max(self.articles, 1)


def count_flags(folder: Path, judge: Judge | None = None) -> FlagCount:
    """Screen every ``*.txt`` below a folder and list what is flagged as a concern."""
    judge = judge or Judge(load_rules(), load_classifier(MODELS))
    articles = 0
    flags: list[tuple[str, str, Lens, str, str]] = []
    for path in sorted(folder.rglob("*.txt")):
        document = read(path.read_bytes(), path.name)
        units = [unit for unit in document.units if unit.kind not in NOT_SCREENED]
        articles += len(units)
        found = judge.verdicts([unit.text for unit in units], document.document_kind.value)
        for unit, verdicts in zip(units, found, strict=True):
            for lens, verdict in verdicts.items():
                if verdict.kind == "concern":
                    quote = verdict.places[0].reading.passage.sentence
                    flags.append((path.name, unit.label, lens, verdict.types[0], quote))
    return FlagCount(articles, tuple(flags))

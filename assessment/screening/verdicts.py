"""What the machinery thinks of one text under one lens, before it is put into words.

A text is read once by the lexicon and the rules; only texts that hold a cue are judged further. The
classifier weighs everything, rules included; where no rule fired, a concern needs a higher probability and
a passage that speaks of the people the lens is about.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from assessment.screening.classifier import Classifier, Judgement
from assessment.screening.features import Reading, columns, read
from assessment.screening.lexicon import Lexicon, load_lexicon
from assessment.screening.models import LENSES, FindingKind, Lens, Source
from assessment.screening.rules import RuleBook, RuleHit

MOST_TYPES = 3
MOST_DOMAINS = 2


@dataclass(frozen=True, slots=True)
class Place:
    """A passage that carries a verdict.

    Attributes:
        reading: the passage.
        hits: the rules of the verdict's lens and kind that fired in it.
        words: the words that weighed most, strongest first; only where no rule fired.
    """

    reading: Reading
    hits: tuple[RuleHit, ...]
    words: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Verdict:
    """One text under one lens.

    Attributes:
        kind: relevant, protective or concern.
        confidence: calibrated probability that a reviewer would say the same.
        types, domains: strongest first.
        places: the passages it rests on, in reading order; one, or several for a concern.
        source: what carries it.
    """

    kind: FindingKind
    confidence: float
    types: tuple[str, ...]
    domains: tuple[str, ...]
    places: tuple[Place, ...]
    source: Source


@dataclass(frozen=True, slots=True)
class Look:
    """One text as read and judged; ``lenses`` are those it holds a cue for."""

    lenses: tuple[Lens, ...]
    readings: tuple[Reading, ...]
    judged: dict[Lens, Judgement]


class Judge:
    """Lexicon, rules and classifier together; no state between calls."""

    def __init__(self, rules: RuleBook, classifier: Classifier, lexicon: Lexicon | None = None) -> None:
        self._rules = rules
        self._classifier = classifier
        self._lexicon = lexicon or load_lexicon()

    def look(self, texts: Sequence[str]) -> list[Look]:
        """Read and judge texts in one batch; a text without a cue is not judged."""
        lenses = [self._gate(text) for text in texts]
        readings = [
            read(text, self._rules) if found else () for text, found in zip(texts, lenses, strict=True)
        ]
        rows = [index for index, found in enumerate(lenses) if found]
        views = [columns(texts[index], readings[index]) for index in rows]
        judged = dict(zip(rows, self._classifier.judge(views), strict=True))
        return [Look(lenses[row], readings[row], judged.get(row, {})) for row in range(len(texts))]

    def verdicts(self, texts: Sequence[str]) -> list[dict[Lens, Verdict]]:
        """Judge texts in one batch; a lens that a text does not bear on is left out of its entry."""
        return [self.decide(look) for look in self.look(texts)]

    def decide(self, look: Look) -> dict[Lens, Verdict]:
        """The verdicts of one text, by lens; none for a lens it does not bear on."""
        found = {lens: self._verdict(lens, look.readings, look.judged[lens]) for lens in look.lenses}
        return {lens: verdict for lens, verdict in found.items() if verdict}

    def _gate(self, text: str) -> tuple[Lens, ...]:
        hits = self._lexicon.scan(text)
        return tuple(lens for lens in LENSES if self._lexicon.strongest(hits, lens) != "none")

    def _verdict(self, lens: Lens, readings: Sequence[Reading], judged: Judgement) -> Verdict | None:
        limits = self._classifier.thresholds
        ruled = bool(_hits(lens, "concern", readings))
        concern = judged.kind["concern"]
        likely = concern >= (limits.ruled if ruled else limits.concern)[lens]
        if likely and (places := self._concern_places(lens, readings)):
            types = _strongest(judged.type, limits.type[lens], MOST_TYPES)
            return Verdict(
                "concern", concern, types, self._domains(lens, judged), places, "both" if ruled else "model"
            )
        if judged.kind["relevant"] < limits.relevant[lens]:
            return None
        protects = judged.kind["protective"] >= judged.kind["relevant"] - judged.kind["protective"]
        kind: FindingKind = "protective" if protects else "relevant"
        confidence = judged.kind["protective" if protects else "relevant"]
        place = self._cue_place(lens, kind, readings)
        source: Source = "both" if place.hits else "model"
        return Verdict(kind, confidence, (), self._domains(lens, judged), (place,), source)

    def _domains(self, lens: Lens, judged: Judgement) -> tuple[str, ...]:
        return _strongest(judged.domain, self._classifier.thresholds.domain[lens], MOST_DOMAINS)

    def _concern_places(self, lens: Lens, readings: Sequence[Reading]) -> tuple[Place, ...]:
        """The passages with a concern rule, or the one that speaks of people of the lens and weighs most."""
        placed = [Place(reading, hits) for reading in readings if (hits := _hits(lens, "concern", [reading]))]
        if placed:
            return tuple(placed)
        told = [reading for reading in readings if self._terms(reading, lens)]
        views = [columns(reading.passage.text, [reading]) for reading in told]
        if not told:
            return ()
        judged = self._classifier.judge(views)
        best = max(range(len(told)), key=lambda index: judged[index][lens].kind["concern"])
        return (Place(told[best], (), self._classifier.words(views[best], lens, "concern")),)

    def _cue_place(self, lens: Lens, kind: FindingKind, readings: Sequence[Reading]) -> Place:
        """The passage with a rule of the kind, else the first with the strongest cue."""

        def rank(reading: Reading) -> tuple[bool, bool]:
            cue = self._lexicon.strongest(self._lexicon.scan(reading.passage.sentence), lens)
            return cue == "strong", bool(_hits(lens, kind, [reading]))

        best = max(readings, key=rank)
        return Place(best, _hits(lens, kind, [best]), self._terms(best, lens))

    def _terms(self, reading: Reading, lens: Lens) -> tuple[str, ...]:
        hits = self._lexicon.scan(reading.passage.sentence)
        return tuple(dict.fromkeys(hit.term for hit in hits if self._lexicon.cue(hit, lens) == "strong"))


def _hits(lens: Lens, kind: FindingKind, readings: Sequence[Reading]) -> tuple[RuleHit, ...]:
    return tuple(
        hit for reading in readings for hit in reading.hits if hit.rule.lens == lens and hit.rule.kind == kind
    )


def _strongest(by_label: dict[str, float], threshold: float, most: int) -> tuple[str, ...]:
    """The labels at or above a threshold, strongest first; the strongest in any case."""
    order = sorted(by_label, key=lambda label: -by_label[label])
    return tuple(
        label for rank, label in enumerate(order[:most]) if rank == 0 or by_label[label] >= threshold
    )

"""What the machinery thinks of one text under one lens, before it is put into words.

A text is read once by the lexicon and the rules, and the classifier weighs everything, rules included. In laws
and rules, where concerns are rare, only texts that hold a cue are judged, and a concern needs words that surely
bear on the lens and a higher probability than in other documents. In those a text without a cue needs it too: such
texts are far more frequent in life than in the corpus.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from assessment.screening.classifier import Classifier, Judgement
from assessment.screening.features import Reading, read, views, without
from assessment.screening.lexicon import Cue, Lexicon, load_lexicon
from assessment.screening.models import FindingKind, Lens, Source
from assessment.screening.rules import RuleBook, RuleHit

_BETWEEN_COMMAS = re.compile(r"[^，,；;：:。\n]*[^\s，,；;：:。][，,；;：:。\n]*")
MOST_TYPES = 3
MOST_DOMAINS = 2
SURELY_RELEVANT = 0.95
LIKELY_RELEVANT = 0.7
"""A text without a strong cue (with 作业, 罚款, 教育部门) bears on a lens only with at least the first probability in
documents where concerns are rare, and with the second in others: texts that bear on a lens are far more frequent
in the corpus, where the other thresholds are chosen, than in life."""
PROTECTIVE_SHARE = 0.4
"""A relevant text protects or promotes if that is at least this share as probable as that it is relevant; chosen in
validation for the mean F1 of the two kinds."""
RARE_IN = frozenset({"地方性法规", "政府规章", ""})
"""Kinds of documents in which hardly one clause in a thousand is a concern; in others concerns are common."""


@dataclass(frozen=True, slots=True)
class Place:
    """A passage that carries a verdict.

    Attributes:
        reading: the passage.
        hits: the rules of the verdict's lens and kind that fired in it.
        core: the words of a concern's sentence that weigh most, from comma to comma; only where no rule fired.
    """

    reading: Reading
    hits: tuple[RuleHit, ...]
    core: str = ""


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
    """One text as read and judged; ``cues`` holds the lenses it is judged under, and how strong its cue is."""

    cues: dict[Lens, Cue]
    readings: tuple[Reading, ...]
    judged: dict[Lens, Judgement]


class Judge:
    """Lexicon, rules and classifier together; no state between calls."""

    def __init__(self, rules: RuleBook, classifier: Classifier, lexicon: Lexicon | None = None) -> None:
        self._rules = rules
        self._classifier = classifier
        self._lexicon = lexicon or load_lexicon()

    def look(self, texts: Sequence[str], kind: str = "") -> list[Look]:
        """Read and judge texts of one kind of document in one batch; where concerns are rare, not those
        without a cue, nor those without a strong one that at first look surely bear on nothing."""
        cues = [self._cues(text, kind) for text in texts]
        if kind in RARE_IN:
            unsure = [row for row, found in enumerate(cues) if found and "strong" not in found.values()]
            for row, kept in zip(unsure, self._classifier.keeps([texts[row] for row in unsure]), strict=True):
                cues[row] = cues[row] if kept else {}
        readings = [read(text, self._rules) if found else () for text, found in zip(texts, cues, strict=True)]
        rows = [index for index, found in enumerate(readings) if found]
        seen = [views(texts[index], readings[index]) for index in rows]
        judged = dict(zip(rows, self._classifier.judge(seen), strict=True))
        return [
            Look(cues[row], readings[row], judged[row]) if row in judged else Look({}, (), {})
            for row in range(len(texts))
        ]

    def verdicts(self, texts: Sequence[str], kind: str = "") -> list[dict[Lens, Verdict]]:
        """Judge texts in one batch; a lens that a text does not bear on is left out of its entry.

        Args:
            texts: the units of one document.
            kind: what kind of document it is, as ``Document.document_kind`` names it.
        """
        return [self.decide(look, kind) for look in self.look(texts, kind)]

    def decide(self, look: Look, kind: str = "") -> dict[Lens, Verdict]:
        """The verdicts of one text, by lens; none for a lens it does not bear on."""
        found = {lens: self._verdict(lens, cue, look, kind) for lens, cue in look.cues.items()}
        return {lens: verdict for lens, verdict in found.items() if verdict}

    def _cues(self, text: str, kind: str) -> dict[Lens, Cue]:
        cues = self._lexicon.cues(text)
        return {lens: cue for lens, cue in cues.items() if cue != "none" or kind not in RARE_IN}

    def _verdict(self, lens: Lens, cue: Cue, look: Look, document: str) -> Verdict | None:
        limits, readings, judged = self._classifier.thresholds, look.readings, look.judged[lens]
        concern = judged.kind["concern"]
        rare = document in RARE_IN
        if rare and cue != "strong" and judged.kind["relevant"] < SURELY_RELEVANT:
            return None
        places: tuple[Place, ...] = ()
        if concern >= (limits.concern if rare or cue == "none" else limits.common)[lens]:
            places = self._concern_places(lens, readings, judged.passages)
        if places and not (rare and _forbidden(places[0])):
            source: Source = "both" if places[0].hits else "model"
            types = _strongest(self._classifier.likely(judged, lens, "type"), limits.type[lens], MOST_TYPES)
            return Verdict("concern", concern, types, self._domains(lens, judged), places, source)
        bearing = (limits.relevant if rare else limits.bearing)[lens]
        if judged.kind["relevant"] < (bearing if cue == "strong" else max(bearing, LIKELY_RELEVANT)):
            return None
        protects = judged.kind["protective"] >= PROTECTIVE_SHARE * judged.kind["relevant"]
        kind: FindingKind = "protective" if protects else "relevant"
        confidence = judged.kind["protective" if protects else "relevant"]
        place = self._cue_place(lens, kind, readings)
        source = "both" if place.hits else "model"
        return Verdict(kind, confidence, (), self._domains(lens, judged), (place,), source)

    def _domains(self, lens: Lens, judged: Judgement) -> tuple[str, ...]:
        likely = self._classifier.likely(judged, lens, "domain")
        return _strongest(likely, self._classifier.thresholds.domain[lens], MOST_DOMAINS)

    def _concern_places(
        self, lens: Lens, readings: Sequence[Reading], likeness: Sequence[float]
    ) -> tuple[Place, ...]:
        """The passages with a concern rule, or of those with a strong cue, if any, the one most like a concern."""
        placed = [Place(reading, hits) for reading in readings if (hits := _hits(lens, "concern", [reading]))]
        if placed:
            return tuple(placed)
        told = [number for number, reading in enumerate(readings) if self._told(reading, lens)]
        best = max(told or range(len(readings)), key=lambda number: likeness[number])
        return (Place(readings[best], (), self._core(lens, readings[best])),)

    def _core(self, lens: Lens, reading: Reading) -> str:
        """The part of a sentence without which it reads least like a concern."""
        text, body = reading.passage.text, reading.passage.body
        spans = [match.span() for match in _BETWEEN_COMMAS.finditer(text, body)] or [(body, len(text))]
        left = self._classifier.likeness([without(reading, *span) for span in spans], lens)
        start, end = min(zip(left, spans, strict=True))[1]
        return text[start:end]

    def _cue_place(self, lens: Lens, kind: FindingKind, readings: Sequence[Reading]) -> Place:
        """The passage with a rule of the kind, else the first with the strongest cue."""

        def rank(reading: Reading) -> tuple[bool, bool]:
            return self._told(reading, lens), bool(_hits(lens, kind, [reading]))

        best = max(readings, key=rank)
        return Place(best, _hits(lens, kind, [best]))

    def _told(self, reading: Reading, lens: Lens) -> bool:
        """Whether a passage holds a strong cue."""
        return self._lexicon.cues(reading.passage.sentence)[lens] == "strong"


def _forbidden(place: Place) -> bool:
    """Whether no rule fired and the passage is an item of what a lead-in forbids or threatens with a penalty."""
    body = place.reading.passage.body
    lead = {role for hit in place.reading.tokens.hits if hit.start < body for role in hit.roles}
    return not place.hits and not lead.isdisjoint({"BAN", "SANCTION"})


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

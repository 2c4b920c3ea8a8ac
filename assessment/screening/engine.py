"""A Document becomes a Screening: lexicon gate, rules, explanation, one finding at a time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from assessment.documents.models import Clause, Document
from assessment.screening.explain import text_for
from assessment.screening.figures import check_figures
from assessment.screening.gaps import find_gaps
from assessment.screening.lexicon import Lexicon, load_lexicon
from assessment.screening.links import link_goals
from assessment.screening.matching import Passage, passages
from assessment.screening.models import LENSES, Engine, Finding, Lens, Relevance, Screening
from assessment.screening.rules import RuleBook, RuleHit, load_rules
from assessment.screening.taxonomy import Taxonomy, load_taxonomy

VERSION = "1.0"
KEY_ARTICLES = 3


@dataclass(frozen=True, slots=True)
class _Read:
    passage: Passage
    hits: tuple[RuleHit, ...]


class ScreeningEngine:
    """Lexicon, rules and taxonomy, loaded once; holds no state between calls and is safe to share."""

    def __init__(self, lexicon: Lexicon, rules: RuleBook, taxonomy: Taxonomy) -> None:
        self._lexicon = lexicon
        self._rules = rules
        self._taxonomy = taxonomy
        self.identity = Engine(VERSION, "", lexicon.version)

    def screen(self, document: Document) -> Screening:
        """Screen every unit of a document under both lenses."""
        findings: list[Finding] = []
        for unit in document.units:
            inside = [clause for clause in document.clauses if unit.start <= clause.start < unit.end]
            findings.extend(self._unit_findings(document.text, unit, inside))
        relevance = {lens: _relevance(lens, findings) for lens in LENSES}
        return Screening(
            document_sha256=document.sha256,
            findings=tuple(findings),
            gaps=find_gaps(document, tuple(findings), relevance),
            figures=check_figures(document),
            relevance=relevance,
            engine=self.identity,
        )

    def classify(self, text: str) -> tuple[Finding, ...]:
        """Screen one clause given as text; offsets count from its beginning, its id is ``t1``."""
        unit = Clause("t1", "paragraph", "", (), text, 0, len(text), unit=True)
        return tuple(self._unit_findings(text, unit, [unit]))

    def _unit_findings(self, text: str, unit: Clause, inside: Sequence[Clause]) -> list[Finding]:
        found = []
        for lens in LENSES:
            reads = [
                _Read(passage, tuple(hit for hit in self._fire(passage) if hit.rule.lens == lens))
                for passage in passages(unit.text)
                if self._lexicon.strongest(self._lexicon.scan(passage.text), lens) != "none"
            ]
            found.extend(self._lens_findings(text, unit, inside, lens, reads))
        return found

    def _fire(self, passage: Passage) -> tuple[RuleHit, ...]:
        return self._rules.fire(self._rules.patterns.tokens(passage))

    def _lens_findings(
        self, text: str, unit: Clause, inside: Sequence[Clause], lens: Lens, reads: Sequence[_Read]
    ) -> list[Finding]:
        concerns = [
            self._finding(text, unit, inside, lens, "concern", read.passage, tuple(bad))
            for read in reads
            if (bad := [hit for hit in read.hits if hit.rule.kind == "concern"])
        ]
        if concerns:
            return concerns
        strong = [read for read in reads if self._lexicon.strongest(self._lexicon.scan(read.passage.sentence), lens) == "strong"]
        if not strong:
            return []
        good = [read for read in strong if any(hit.rule.kind == "protective" for hit in read.hits)]
        read = (good or strong)[0]
        kind = "protective" if good else "relevant"
        return [self._finding(text, unit, inside, lens, kind, read.passage, tuple(h for h in read.hits if h.rule.kind == kind))]

    def _finding(
        self, text: str, unit: Clause, inside: Sequence[Clause], lens: Lens, kind: str, passage: Passage, hits: tuple[RuleHit, ...]
    ) -> Finding:
        start, end = unit.start + passage.start, unit.start + passage.end
        types = tuple(dict.fromkeys(name for hit in hits for name in hit.rule.types))
        says = hits[0].rule.says if hits else "涉及本项评估关注的人群"
        explained = text_for(lens, types[0] if types else kind)
        clause = _smallest(inside, start, end) if kind == "concern" else unit
        return Finding(
            id=f"{clause.id}-{lens}-{kind}",
            clause=clause.id,
            unit=unit.id,
            lens=lens,
            kind=kind,  # type: ignore[arg-type]
            types=types,
            domains=(),
            start=start,
            end=end,
            quote=text[start:end],
            confidence=0.8,
            severity=self._taxonomy.gravest(lens, types),
            reason=f"“{text[start:end]}”{says}。{explained.reason}",
            basis=explained.basis,
            lookalike=explained.lookalike,
            suggestion=explained.suggestion if kind == "concern" else "",
            goals=link_goals(text[start:end], lens, ()),
            source="rule",
            rules=tuple(hit.rule.id for hit in hits),
        )


def _smallest(inside: Sequence[Clause], start: int, end: int) -> Clause:
    holding = [clause for clause in inside if clause.start <= start and end <= clause.end]
    return min(holding, key=lambda clause: clause.end - clause.start)


def _relevance(lens: Lens, findings: Sequence[Finding]) -> Relevance:
    mine = [finding for finding in findings if finding.lens == lens]
    units = len({finding.unit for finding in mine})
    concerns = len({finding.unit for finding in mine if finding.kind == "concern"})
    if not units:
        return Relevance("none", "各条均未发现与本项评估有关的内容。")
    counted = f"共有{units}条与本项评估有关" + (f"，其中{concerns}条含疑似问题" if concerns else "，未发现疑似问题") + "。"
    return Relevance("key" if concerns or units >= KEY_ARTICLES else "general", counted)


@cache
def load_engine() -> ScreeningEngine:
    """The shipped engine, loaded once."""
    return ScreeningEngine(load_lexicon(), load_rules(), load_taxonomy())


def screen(document: Document) -> Screening:
    """Screen a document with the shipped engine."""
    return load_engine().screen(document)


def classify(text: str) -> tuple[Finding, ...]:
    """Screen one clause of text with the shipped engine."""
    return load_engine().classify(text)

"""A Document becomes a Screening: each unit is judged, and each verdict is put into words.

A unit is an article with its 款 and 项, or a numbered clause of a policy. A concern is one finding for the
smallest clause that holds its words; a unit without concern has at most one finding in a lens.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path

from assessment.documents.models import Clause, Document
from assessment.documents.proposed import proposed_spans
from assessment.messages import ScreeningError
from assessment.paths import MODELS, data_folder, models_in_use
from assessment.screening.explain import explain
from assessment.screening.figures import check_figures
from assessment.screening.gaps import find_gaps
from assessment.screening.lexicon import load_lexicon
from assessment.screening.links import link_goals
from assessment.screening.model_file import load_classifier
from assessment.screening.models import LENSES, Engine, Finding, Lens, Relevance, Screening
from assessment.screening.rules import load_rules
from assessment.screening.taxonomy import Taxonomy, load_taxonomy
from assessment.screening.verdicts import Judge, Place, Verdict

VERSION = "1.0"
KEY_UNITS = 5
"""From this many articles on that bear on a lens, a draft is assessed as 重点 even without a concern."""
NOT_SCREENED = frozenset({"preamble", "signature", "contents"})


class ScreeningEngine:
    """Judge, taxonomy and explanations, loaded once; holds no state between calls and is safe to share."""

    def __init__(self, judge: Judge, taxonomy: Taxonomy, identity: Engine) -> None:
        self._judge = judge
        self._taxonomy = taxonomy
        self.identity = identity

    def screen(self, document: Document) -> Screening:
        """Screen every unit of a document under both lenses; find its gaps and check its figures.

        Of a comparison table or an amending paper only the words proposed are judged, not those of the law in force.
        """
        units = [unit for unit in document.units if unit.kind not in NOT_SCREENED]
        judged = list(_proposed(document, units))
        kind = document.document_kind.value
        findings = tuple(_told_apart(self._findings(document.text, judged, document.clauses, kind)))
        relevance = {lens: _relevance(lens, findings, len(units)) for lens in LENSES}
        return Screening(
            document_sha256=document.sha256,
            findings=findings,
            gaps=find_gaps(document, findings, relevance),
            figures=check_figures(document),
            relevance=relevance,
            engine=self.identity,
        )

    def classify(self, text: str) -> tuple[Finding, ...]:
        """Screen one clause given as text; offsets count from its beginning, its id is ``t1``."""
        unit = Clause("t1", "paragraph", "", (), text, 0, len(text), unit=True)
        return tuple(self._findings(text, [unit], [unit], ""))

    def _findings(
        self, text: str, units: Sequence[Clause], clauses: Sequence[Clause], kind: str
    ) -> list[Finding]:
        found: list[Finding] = []
        judged = self._judge.verdicts([unit.text for unit in units], kind)
        for unit, verdicts in zip(units, judged, strict=True):
            for lens, verdict in verdicts.items():
                taken: set[str] = set()
                for place in verdict.places:
                    clause = self._clause(unit, clauses, place) if verdict.kind == "concern" else unit
                    if clause.id not in taken:
                        taken.add(clause.id)
                        found.append(self._finding(text, unit, clause, lens, verdict, place))
        return found

    @staticmethod
    def _clause(unit: Clause, clauses: Sequence[Clause], place: Place) -> Clause:
        start, end = unit.start + place.reading.passage.start, unit.start + place.reading.passage.end
        holding = [
            clause
            for clause in clauses
            if unit.start <= clause.start <= start and end <= clause.end <= unit.end
        ]
        return min(holding, key=lambda clause: clause.end - clause.start, default=unit)

    def _finding(
        self, text: str, unit: Clause, clause: Clause, lens: Lens, verdict: Verdict, place: Place
    ) -> Finding:
        passage = place.reading.passage
        start, end = unit.start + passage.start, unit.start + passage.end
        explained = explain(
            lens, verdict.kind, verdict.types, passage, place.hits, verdict.domains, place.core
        )
        return Finding(
            id=f"{clause.id}-{lens}-{verdict.kind}",
            clause=clause.id,
            unit=unit.id,
            lens=lens,
            kind=verdict.kind,
            types=verdict.types,
            domains=verdict.domains,
            start=start,
            end=end,
            quote=text[start:end],
            confidence=round(verdict.confidence, 4),
            severity=self._taxonomy.gravest(lens, verdict.types),
            reason=explained.reason,
            basis=explained.basis,
            lookalike=explained.lookalike,
            suggestion=explained.suggestion,
            goals=link_goals(unit.text, lens, verdict.domains)[:3],
            source=verdict.source,
            rules=tuple(dict.fromkeys(hit.rule.id for hit in place.hits)),
        )


def _proposed(document: Document, units: Sequence[Clause]) -> Iterator[Clause]:
    """The units, cut to the words in them that are proposed."""
    spans = proposed_spans(document)
    for unit in units:
        if spans is None:
            yield unit
            continue
        for start, end in spans:
            if start < unit.end and unit.start < end:
                start, end = max(start, unit.start), min(end, unit.end)
                yield replace(unit, start=start, end=end, text=document.text[start:end])


def _told_apart(findings: Iterable[Finding]) -> Iterator[Finding]:
    """The findings, with a number behind the id of a second one on the same clause, lens and kind."""
    met: Counter[str] = Counter()
    for finding in findings:
        met[finding.id] += 1
        number = met[finding.id]
        yield replace(finding, id=f"{finding.id}-{number}") if number > 1 else finding


def _relevance(lens: Lens, findings: Sequence[Finding], units: int) -> Relevance:
    mine = [finding for finding in findings if finding.lens == lens]
    bearing = len({finding.unit for finding in mine})
    concerns = len({finding.unit for finding in mine if finding.kind == "concern"})
    protective = len({finding.unit for finding in mine if finding.kind == "protective"})
    if not bearing:
        return Relevance("none", f"全文{units}条（段）中未发现与本项评估有关的内容，请人工复核后确定。")
    reason = f"全文{units}条（段）中有{bearing}条与本项评估有关"
    reason += f"，其中{protective}条有保护促进内容" if protective else ""
    reason += f"，{concerns}条含疑似问题" if concerns else "，未发现疑似问题"
    return Relevance("key" if concerns or bearing >= KEY_UNITS else "general", f"{reason}。")


def load_engine(models: Path | None = None) -> ScreeningEngine:
    """The engine over the model in use (or over a folder's), loaded once.

    Raises:
        ScreeningError: E2xx model or lexicon cannot be used; E566 if it is a model of the office's own.
    """
    folder = models or models_in_use(data_folder())
    try:
        return _engine(folder)
    except ScreeningError as error:
        if folder == MODELS:
            raise
        raise ScreeningError("E566", problem=error.message) from error


@cache
def _engine(models: Path) -> ScreeningEngine:
    classifier = load_classifier(models)
    identity = Engine(VERSION, classifier.identity, load_lexicon().version)
    return ScreeningEngine(Judge(load_rules(), classifier), load_taxonomy(), identity)

"""Gaps of the whole document: what a document of its sort should provide for and does not.

Each gap is an entry of ``corpus/gaps.yaml``. Its gate says which documents ought to have the provision;
the reason that is shown names the clause that opened the gate. A gap without a gate would be true of
nearly every document, so every entry has one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

import yaml

from assessment.documents.models import Clause, Document
from assessment.paths import CORPUS
from assessment.screening.models import Finding, Gap, Lens, Relevance
from assessment.screening.sieve import Sieve, Sifted

_SENTENCE = re.compile(r"[^。；;\n]+")
_LEVELS = ("none", "general", "key")


@dataclass(frozen=True, slots=True)
class GapRule:
    """One entry of ``corpus/gaps.yaml``.

    Attributes:
        gap: what is reported; its reason holds ``{where}`` for the label of the clause.
        title: the title of the document must hold this, if given.
        kinds: kinds of document the gap belongs to; empty for all.
        clause: all of these must be found in one and the same sentence.
        unless: a sentence that holds this does not open the gate.
        excluded_title: a document whose title holds this is not expected to have the provision.
        minimum: how many units must open the gate.
        relevance: the least relevance of the document to the lens.
        present: found anywhere in the document, it fills the gap.
        covered_by: concern types that say the same of a clause already.
    """

    gap: Gap
    title: re.Pattern[str] | None
    kinds: frozenset[str]
    clause: tuple[re.Pattern[str], ...]
    unless: re.Pattern[str] | None
    excluded_title: re.Pattern[str] | None
    minimum: int
    relevance: str
    present: re.Pattern[str]
    covered_by: frozenset[str]


def find_gaps(
    document: Document, findings: Sequence[Finding], relevance: Mapping[Lens, Relevance]
) -> tuple[Gap, ...]:
    """The provisions this document ought to have and does not, in the order of the gap file.

    Args:
        document: the draft as read.
        findings: its findings; a concern that already says the same silences the gap.
        relevance: how much the document bears on each lens.
    """
    sifted = _sieve().of(document.text)
    concerns = {(f.lens, t) for f in findings if f.kind == "concern" for t in f.types}
    return tuple(
        gap
        for number, rule in enumerate(gap_rules())
        if _LEVELS.index(relevance[rule.gap.lens].level) >= _LEVELS.index(rule.relevance)
        and not any((rule.gap.lens, name) in concerns for name in rule.covered_by)
        for gap in _gap(rule, _PATTERNS * number, document, sifted)
    )


def _gap(rule: GapRule, first: int, document: Document, sifted: Sifted) -> Iterator[Gap]:
    """The gap, if the gate is open; ``first`` is the number of the rule's first expression in the sieve."""
    if rule.kinds and document.document_kind.value not in rule.kinds:
        return
    if rule.title and not rule.title.search(document.title):
        return
    if rule.excluded_title and rule.excluded_title.search(document.title):
        return
    clauses = range(first + 1, first + 1 + len(rule.clause))
    if not all(map(sifted.possible, clauses)):
        return
    if sifted.possible(first) and rule.present.search(document.text):
        return
    opened = [
        unit
        for unit in document.units
        if all(sifted.within(clause, unit.start, unit.end) for clause in clauses) and _opens(rule, unit)
    ]
    if len(opened) >= rule.minimum:
        where = "、".join(unit.label for unit in opened[:3])
        yield replace(rule.gap, reason=rule.gap.reason.format(where=where))


def _opens(rule: GapRule, unit: Clause) -> bool:
    return any(
        all(pattern.search(sentence) for pattern in rule.clause)
        and not (rule.unless and rule.unless.search(sentence))
        for sentence in _SENTENCE.findall(unit.text)
    )


_PATTERNS = 8
"""Numbers of the sieve set aside for each rule: what is present, then what a clause must hold."""


@cache
def _sieve() -> Sieve:
    nothing = re.compile("")
    rows = [(rule.present, *rule.clause) for rule in gap_rules()]
    return Sieve([pattern for row in rows for pattern in (*row, *[nothing] * (_PATTERNS - len(row)))])


@cache
def gap_rules() -> tuple[GapRule, ...]:
    """All gaps of ``corpus/gaps.yaml``, in its order."""
    data = yaml.safe_load((CORPUS / "gaps.yaml").read_text(encoding="utf-8"))
    return tuple(_rule(entry) for entry in data["gaps"])


def _rule(entry: Mapping[str, Any]) -> GapRule:
    gate = entry["gate"]
    return GapRule(
        gap=Gap(
            id=entry["id"],
            lens=entry["id"].partition(".")[0],
            title=entry["title"],
            reason=entry["reason"],
            items=tuple(entry["items"]),
            basis=tuple(entry["basis"]),
            suggestion=entry["suggestion"],
        ),
        title=_pattern(gate.get("title")),
        kinds=frozenset(gate.get("kinds", ())),
        clause=tuple(re.compile(text) for text in gate["clause"]),
        unless=_pattern(gate.get("unless")),
        excluded_title=_pattern(gate.get("excluded_title")),
        minimum=gate.get("minimum", 1),
        relevance=gate.get("relevance", "none"),
        present=re.compile(entry["present"]),
        covered_by=frozenset(entry.get("covered_by", ())),
    )


def _pattern(text: str | None) -> re.Pattern[str] | None:
    return re.compile(text) if text else None

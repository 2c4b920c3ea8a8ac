"""What screening says of a document: findings on clauses, gaps of the whole, figure checks."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

Lens = Literal["gender", "child"]
FindingKind = Literal["relevant", "protective", "concern"]
Severity = Literal["high", "medium", "hint", "none"]
Source = Literal["rule", "model", "both", "person"]
RelevanceLevel = Literal["none", "general", "key"]

LENSES: tuple[Lens, ...] = ("gender", "child")


@dataclass(frozen=True, slots=True)
class Finding:
    """A proposal about one clause under one lens; only a person can confirm it.

    Attributes:
        id: stable for the same document and engine: ``<clause>-<lens>-<kind>[-n]``.
        clause: id of the smallest clause that holds the quote (款 or 项 for a concern), or of
            the unit itself for a relevant or protective finding.
        unit: id of the unit (article) the clause belongs to.
        lens: gender or child.
        kind: relevant, protective or concern.
        types: concern types of the taxonomy, strongest first; empty unless kind is concern.
        domains: plan domains of the taxonomy.
        start, end: offsets into ``Document.text``; ``text[start:end] == quote`` always.
        quote: the words that carry the finding.
        confidence: calibrated probability in 0..1 that a reviewer would confirm it.
        severity: of the gravest type; ``none`` unless kind is concern.
        reason: Chinese, for a lawyer: what the words do and why that matters. Never "the model says".
        basis: citations such as ``妇女权益保障法第四十三条``.
        lookalike: the lawful clause it may be mistaken for, in Chinese; empty if none applies.
        suggestion: proposed wording or course, in Chinese; empty unless kind is concern.
        goals: ids of the plan goals it helps or hinders, best first, at most three.
        source: rule, model, both, or person for one added by hand.
        rules: ids of the rules that fired.
    """

    id: str
    clause: str
    unit: str
    lens: Lens
    kind: FindingKind
    types: tuple[str, ...]
    domains: tuple[str, ...]
    start: int
    end: int
    quote: str
    confidence: float
    severity: Severity
    reason: str
    basis: tuple[str, ...]
    lookalike: str
    suggestion: str
    goals: tuple[str, ...]
    source: Source
    rules: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Gap:
    """Something a document of this sort should provide for and does not.

    Attributes:
        id: stable id, e.g. ``gender.consultation``.
        lens: gender or child.
        title: Chinese, short.
        reason: Chinese: why this document is expected to have it (the gate) and what was not found.
        items: checklist item ids it bears on.
        basis: citations.
        suggestion: proposed wording, in Chinese.
    """

    id: str
    lens: Lens
    title: str
    reason: str
    items: tuple[str, ...]
    basis: tuple[str, ...] = ()
    suggestion: str = ""


@dataclass(frozen=True, slots=True)
class FigureCheck:
    """A number in the text held against a statute, standard or plan goal.

    Attributes:
        clause: id of the smallest clause that holds it.
        start, end, quote: where the figure stands.
        value: the figure as understood, with its unit, e.g. ``1:1``, ``16周岁``, ``30%``.
        expected: what the source asks for, e.g. ``不低于3:2``.
        verdict: ``meets`` 符合, ``below`` 低于, ``differs`` 不一致, ``check`` 须人工核对.
        basis: citation or plan goal.
        lens: gender or child.
    """

    clause: str
    start: int
    end: int
    quote: str
    value: str
    expected: str
    verdict: Literal["meets", "below", "differs", "check"]
    basis: str
    lens: Lens


@dataclass(frozen=True, slots=True)
class Relevance:
    """How much a document bears on one lens: none 不涉及, general 一般, key 重点; with the reason."""

    level: RelevanceLevel
    reason: str


@dataclass(frozen=True, slots=True)
class Engine:
    """Which engine made a screening: code version, model id, lexicon version."""

    version: str
    model: str
    lexicon: str


@dataclass(frozen=True, slots=True)
class Screening:
    """All that one run of the engine says about one document (``document_sha256``)."""

    document_sha256: str
    findings: tuple[Finding, ...]
    gaps: tuple[Gap, ...]
    figures: tuple[FigureCheck, ...]
    relevance: dict[Lens, Relevance]
    engine: Engine = field(default_factory=lambda: Engine("", "", ""))

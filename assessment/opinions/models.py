"""An assessment opinion (评估意见书) as plain data: what the DOCX, the XLSX twin and the preview are made from."""

from __future__ import annotations

from datetime import date
from typing import Literal

from pydantic import BaseModel, ConfigDict

CONCLUSIONS: tuple[str, ...] = (
    "不涉及",
    "未发现不利影响",
    "建议完善",
    "建议重点修改",
    "涉嫌与上位法不一致，建议提请合法性审核重点关注",
)
"""The overall conclusions, mildest first. No authority prescribes a list; this one is a proposal."""

ADVISORY = "本意见供决策参考，不代替合法性审核。"
"""The sentence every opinion carries."""


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Recommendation(_Frozen):
    """One row of the clause table: 条款 · 原文 · 问题 · 依据 · 建议. ``id`` is the finding's id.

    ``clause`` is its name as printed, e.g. 第十二条第二款; ``types`` are taxonomy ids, strongest first.
    """

    id: str
    lens: Literal["gender", "child"]
    clause: str
    quote: str
    types: tuple[str, ...]
    severity: Literal["high", "medium", "hint", "none"]
    problem: str
    basis: tuple[str, ...]
    lookalike: str
    proposal: str


class OpinionGap(_Frozen):
    """Something the draft does not provide for and should consider."""

    id: str
    lens: Literal["gender", "child"]
    title: str
    reason: str
    basis: tuple[str, ...]
    proposal: str


class ProtectiveClause(_Frozen):
    """A confirmed clause that protects or promotes, worth keeping."""

    lens: Literal["gender", "child"]
    clause: str
    quote: str
    note: str


class ItemScore(_Frozen):
    """The panel's result on one item: every expert's answer and the common one (None where they differ)."""

    item: str
    group: str
    question: str
    answers: tuple[str | None, ...]
    settled: str | None
    reasons: tuple[str, ...]
    quotes: tuple[str, ...]


class ChecklistScore(_Frozen):
    """One checklist as scored. ``value`` is 0..100, None when nothing could be counted."""

    checklist: str
    version: int
    title: str
    lens: Literal["gender", "child"]
    experts: tuple[str, ...]
    value: float | None
    formula: str
    counts: dict[str, int]
    items: tuple[ItemScore, ...]


class FigureRow(_Frozen):
    """A figure of the draft held against a statute, standard or plan goal."""

    clause: str
    quote: str
    value: str
    expected: str
    verdict: str
    basis: str


class RelevanceRow(_Frozen):
    """The relevance decision on one lens."""

    lens: Literal["gender", "child"]
    level: Literal["none", "general", "key"]
    reason: str


class ProcessStep(_Frozen):
    """A dated step of the assessment, for the 评估过程 section."""

    on: date
    what: str


class Opinion(_Frozen):
    """Everything the paper says, frozen. Its canonical JSON is hashed, and that hash is what gets signed."""

    title: str
    number: str
    addressee: str
    draft_title: str
    draft_kind: str
    draft_stage: str
    draft_version: int
    draft_file_name: str
    draft_sha256: str
    drafting_unit: str
    site_name: str
    basis: tuple[str, ...]
    process: tuple[ProcessStep, ...]
    relevance: tuple[RelevanceRow, ...]
    conclusion: str
    explanation: str
    recommendations: tuple[Recommendation, ...]
    gaps: tuple[OpinionGap, ...]
    protective: tuple[ProtectiveClause, ...]
    figures: tuple[FigureRow, ...]
    scores: tuple[ChecklistScore, ...]
    evidence_missing: tuple[str, ...]
    reply_days: int
    contact: str
    signatory: str
    composed_on: date
    engine: str
    journal_head: str
    advisory: str = ADVISORY

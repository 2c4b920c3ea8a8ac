"""An assessment opinion (评估意见书) as plain data: what the DOCX, the XLSX twin and the preview are made from."""

from __future__ import annotations

from datetime import date
from operator import not_
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from assessment.checklists import Answer

CONCLUSIONS: tuple[str, ...] = (
    "不涉及",
    "未发现不利影响",
    "建议完善",
    "建议重点修改",
    "涉嫌与上位法不一致，建议提请合法性审核重点关注",
)
"""The overall conclusions, mildest first. No authority prescribes a list; this one is a proposal."""

Level = Literal["none", "general", "key"]

ADVISORY = "本意见供决策参考，不代替合法性审核。"
"""The sentence every opinion carries."""


_IF_USED = Field(exclude_if=not_)
"""Left out of the JSON where empty, so that a paper signed before the field was there keeps its hash."""


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


class PanelAnswer(_Frozen):
    """What the panel settled on one item.

    ``votes`` is answer to number of votes, ``minority`` the view that did not prevail, ``agreed`` true where all
    sheets gave this answer before.
    """

    answer: Answer
    reason: str = ""
    votes: dict[str, int] = {}
    minority: str = ""
    agreed: bool = False


class SelfAnswer(_Frozen):
    """What the drafting unit answered on one item of its own draft."""

    answer: Answer
    reason: str = ""


class ItemScore(_Frozen):
    """The panel's result on one item: every expert's answer and the common one (None where they differ).

    ``panel`` is None where the panel settled nothing on it, ``own`` where the drafting unit handed in no answer.
    """

    item: str
    group: str
    question: str
    answers: tuple[str | None, ...]
    settled: str | None
    reasons: tuple[str, ...]
    quotes: tuple[str, ...]
    panel: Annotated[PanelAnswer | None, _IF_USED] = None
    own: Annotated[SelfAnswer | None, _IF_USED] = None

    @property
    def own_differs(self) -> bool:
        """Whether the drafting unit and the panel each gave an answer, and not the same."""
        return self.own is not None and self.settled is not None and self.own.answer != self.settled


class AgreementFigures(_Frozen):
    """How far the independent sheets agreed, as ``panel.Agreement`` measures it; None where not defined.

    ``kappa`` is Cohen's for two sheets, Fleiss' for more; ``percent`` 0..100.
    """

    items: int
    unanimous: int
    percent: float | None
    kappa: float | None
    alpha_nominal: float | None
    alpha_ordinal: float | None


class ChecklistScore(_Frozen):
    """One checklist as scored. ``value`` is 0..100, None when nothing could be counted.

    ``agreement`` is None where fewer than two sheets could be compared.
    """

    checklist: str
    version: int
    title: str
    lens: Literal["gender", "child"]
    experts: tuple[str, ...]
    value: float | None
    formula: str
    counts: dict[str, int]
    items: tuple[ItemScore, ...]
    agreement: Annotated[AgreementFigures | None, _IF_USED] = None


class FigureRow(_Frozen):
    """A figure of the draft held against a statute, standard or plan goal."""

    clause: str
    quote: str
    value: str
    expected: str
    verdict: str
    basis: str


class SecondReading(_Frozen):
    """What a second reader said of the first decision; ``settled`` once a difference was ended by a third."""

    agrees: bool
    level: Level
    reason: str
    first_level: Level
    first_reason: str
    settled: bool


class RelevanceRow(_Frozen):
    """The relevance decision on one lens that counts; ``second`` is None where nobody read it again."""

    lens: Literal["gender", "child"]
    level: Level
    reason: str
    second: Annotated[SecondReading | None, _IF_USED] = None


class AffectedGroups(_Frozen):
    """Who is affected under one lens: cells of sex, age group, group of people and effect."""

    lens: Literal["gender", "child"]
    cells: tuple[tuple[str, str, str, str], ...]
    note: str


class DataGap(_Frozen):
    """A figure by sex or age that is missing still: by what, who holds it, promised for when."""

    lens: Literal["gender", "child"]
    figure: str
    breakdown: str
    holder: str
    promised: date | None
    item: str


class CommitteeDecision(_Frozen):
    """The committee passed exactly this paper, before number and signature were put on it."""

    on: date
    decision: str
    conditions: str
    votes: dict[str, int]


class ProcessStep(_Frozen):
    """A dated step of the assessment, for the 评估过程 section."""

    on: date
    what: str


class Opinion(_Frozen):
    """Everything the paper says, frozen. Its canonical JSON is hashed, and that hash is what gets signed.

    ``skipped`` names steps of the procedure that were left out. ``committee`` comes in with the signature.
    """

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
    affected: Annotated[tuple[AffectedGroups, ...], _IF_USED] = ()
    data_gaps: Annotated[tuple[DataGap, ...], _IF_USED] = ()
    skipped: Annotated[tuple[str, ...], _IF_USED] = ()
    committee: Annotated[CommitteeDecision | None, _IF_USED] = None

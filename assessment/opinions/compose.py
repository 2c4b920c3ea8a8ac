"""A case's decisions, sheets and screening become an opinion. Only what a person confirmed goes in."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from assessment import panel
from assessment.checklists import Answer, Checklist, Item, score
from assessment.documents.models import Document
from assessment.opinions.citing import cite
from assessment.opinions.inputs import Edit, FindingDecision, OpinionInput, SheetAnswer
from assessment.opinions.models import (
    AgreementFigures,
    ChecklistScore,
    FigureRow,
    ItemScore,
    Opinion,
    OpinionGap,
    PanelAnswer,
    ProtectiveClause,
    Recommendation,
    SelfAnswer,
)
from assessment.opinions.words import ASSESSMENT, SEVERITIES, VERDICT
from assessment.screening.explain import text_for
from assessment.screening.models import LENSES, Finding, Gap

HOOKS = {"gender": "妇女权益保障法第八条", "child": "未成年人保护法第四条"}
"""The statute an assessment under each lens rests on."""

_Confirmed = tuple[Finding, FindingDecision]
_Sheets = Mapping[str, Mapping[str, SheetAnswer]]


def compose(case: OpinionInput) -> Opinion:
    """Make the opinion: pure, so the same input gives the same opinion and the same hash.

    Raises:
        KeyError: a finding or figure names a clause the document does not have.
        ChecklistError: an answer or a settled item that its checklist does not have.
    """
    confirmed = sorted(_confirmed(case), key=lambda pair: (pair[0].start, pair[0].id))
    scores = tuple(_score(checklist, case) for checklist in case.checklists)
    return Opinion(
        title=_title(case),
        number=case.number,
        addressee=case.addressee,
        draft_title=case.draft.title,
        draft_kind=case.draft.kind,
        draft_stage=case.draft.stage,
        draft_version=case.draft.version,
        draft_file_name=case.draft.file_name,
        draft_sha256=case.draft.sha256,
        drafting_unit=case.draft.drafting_unit,
        site_name=case.site_name,
        basis=_basis(case),
        process=case.process,
        relevance=tuple(sorted(case.relevance, key=lambda row: LENSES.index(row.lens))),
        conclusion=case.conclusion,
        explanation=case.explanation,
        recommendations=_recommendations(case, confirmed),
        gaps=tuple(_gap(gap, case.edits.get(gap.id)) for gap in _confirmed_gaps(case)),
        protective=tuple(
            ProtectiveClause(
                lens=finding.lens,
                clause=cite(case.document, finding.clause),
                quote=finding.quote,
                note=decision.reason or finding.reason,
            )
            for finding, decision in confirmed
            if decision.kind == "protective"
        ),
        figures=_figures(case),
        scores=scores,
        evidence_missing=tuple(line for result in scores for line in _missing(result)),
        reply_days=case.reply_days,
        contact=case.contact,
        signatory=case.signatory,
        composed_on=case.composed_on,
        engine=_engine(case),
        journal_head=case.journal_head,
        affected=tuple(sorted(case.affected, key=lambda groups: LENSES.index(groups.lens))),
        data_gaps=case.data_gaps,
        skipped=case.skipped,
    )


def _title(case: OpinionInput) -> str:
    outside = {row.lens for row in case.relevance if row.level == "none"}
    assessed = [lens for lens in LENSES if lens not in outside] or list(LENSES)
    return f"关于《{_nested(case.draft.title)}》{'和'.join(ASSESSMENT[lens] for lens in assessed)}的意见"


def _nested(title: str) -> str:
    return title.replace("《", "〈").replace("》", "〉")


def _basis(case: OpinionInput) -> tuple[str, ...]:
    hooks = [HOOKS[lens] for lens in LENSES]
    of_checklists = [citation for checklist in case.checklists for citation in checklist.basis]
    return tuple(dict.fromkeys([*hooks, *of_checklists, *case.further_basis]))


def _engine(case: OpinionInput) -> str:
    engine = case.screening.engine
    return f"条款筛查程序 {engine.version}，模型 {engine.model or '无'}，词表 {engine.lexicon or '无'}"


def _confirmed(case: OpinionInput) -> Iterable[_Confirmed]:
    for finding in case.screening.findings:
        decision = case.decisions.get(finding.id)
        if decision and decision.decision == "confirmed":
            yield finding, decision
    for finding in case.added:
        yield (
            finding,
            FindingDecision("confirmed", finding.kind, finding.types, finding.severity, finding.reason),
        )


def _confirmed_gaps(case: OpinionInput) -> list[Gap]:
    confirmed = [gap for gap in case.screening.gaps if case.gap_decisions.get(gap.id) == "confirmed"]
    return [gap for gap in confirmed if _included(case.edits.get(gap.id))]


def _recommendations(case: OpinionInput, confirmed: list[_Confirmed]) -> tuple[Recommendation, ...]:
    rows = [
        _recommendation(case.document, finding, decision, case.edits.get(finding.id))
        for finding, decision in confirmed
        if decision.kind == "concern" and _included(case.edits.get(finding.id))
    ]
    return tuple(sorted(rows, key=lambda row: SEVERITIES.index(row.severity)))


def _included(edit: Edit | None) -> bool:
    return edit is None or edit.included


def _recommendation(
    document: Document, finding: Finding, decision: FindingDecision, edit: Edit | None
) -> Recommendation:
    types = decision.types or finding.types
    retyped = types[:1] != finding.types[:1]
    text = text_for(finding.lens, types[0]) if types else None
    reason, basis = finding.reason, finding.basis
    lookalike, suggestion = finding.lookalike, finding.suggestion
    if text and retyped:
        reason = decision.reason or text.reason
    if text and (retyped or not basis):
        basis = text.basis
    if text and (retyped or not suggestion):
        lookalike, suggestion = text.lookalike, text.suggestion
    return Recommendation(
        id=finding.id,
        lens=finding.lens,
        clause=cite(document, finding.clause),
        quote=finding.quote,
        types=types,
        severity=decision.severity if decision.severity != "none" else finding.severity,
        problem=edit.problem if edit else reason,
        basis=edit.basis if edit else basis,
        lookalike=lookalike,
        proposal=edit.proposal if edit else suggestion,
    )


def _gap(gap: Gap, edit: Edit | None) -> OpinionGap:
    return OpinionGap(
        id=gap.id,
        lens=gap.lens,
        title=gap.title,
        reason=edit.problem if edit else gap.reason,
        basis=edit.basis if edit else gap.basis,
        proposal=edit.proposal if edit else gap.suggestion,
    )


def _figures(case: OpinionInput) -> tuple[FigureRow, ...]:
    return tuple(
        FigureRow(
            clause=cite(case.document, figure.clause),
            quote=figure.quote,
            value=figure.value,
            expected=figure.expected,
            verdict=VERDICT[figure.verdict],
            basis=figure.basis,
        )
        for figure in case.screening.figures
    )


def _score(checklist: Checklist, case: OpinionInput) -> ChecklistScore:
    sheets = {expert: kept[checklist.id] for expert, kept in case.sheets.items() if checklist.id in kept}
    settled, own = case.settled.get(checklist.id, {}), case.self_assessed.get(checklist.id, {})
    common = {
        item.id: settled[item.id].answer if item.id in settled else _unanimous(sheets, item.id)
        for item in checklist.items
    }
    result = score(checklist, common)
    return ChecklistScore(
        checklist=checklist.id,
        version=checklist.version,
        title=checklist.title,
        lens=checklist.lens,
        experts=tuple(sheets),
        value=result.value,
        formula=result.formula.replace("未作答", "未形成一致答案"),
        counts=result.counts,
        items=tuple(
            _item(item, sheets, common[item.id], settled.get(item.id), own.get(item.id))
            for item in checklist.items
        ),
        agreement=_agreement(checklist, sheets),
    )


def _agreement(checklist: Checklist, sheets: _Sheets) -> AgreementFigures | None:
    given = {name: {item: row.answer for item, row in sheet.items()} for name, sheet in sheets.items()}
    found = panel.agreement(checklist, given).overall
    if not found.items:
        return None
    return AgreementFigures(
        items=found.items,
        unanimous=found.unanimous,
        percent=found.percent,
        kappa=found.cohen if found.experts == 2 else found.fleiss,
        alpha_nominal=found.alpha_nominal,
        alpha_ordinal=found.alpha_ordinal,
    )


def _unanimous(sheets: _Sheets, item_id: str) -> Answer | None:
    given = {sheet[item_id].answer if item_id in sheet else None for sheet in sheets.values()}
    return given.pop() if len(given) == 1 else None


def _item(
    item: Item, sheets: _Sheets, common: Answer | None, settled: PanelAnswer | None, own: SelfAnswer | None
) -> ItemScore:
    answers = [sheet.get(item.id) for sheet in sheets.values()]
    return ItemScore(
        item=item.id,
        group=item.group,
        question=item.question,
        answers=tuple(answer.answer if answer else None for answer in answers),
        settled=common,
        reasons=tuple(answer.reason if answer else "" for answer in answers),
        quotes=tuple(dict.fromkeys(quote for answer in answers if answer for quote in answer.quotes)),
        panel=settled,
        own=own,
    )


def _missing(result: ChecklistScore) -> Iterable[str]:
    for item in result.items:
        said = [
            reason for answer, reason in zip(item.answers, item.reasons, strict=True) if answer == "证据不足"
        ]
        if item.settled == "证据不足" or (item.settled is None and said):
            why = "；".join(dict.fromkeys(reason.rstrip("。；") for reason in said if reason.strip()))
            yield f"{item.item} {item.question}{f'（{why}）' if why else ''}"

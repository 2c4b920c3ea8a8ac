"""体检: what contradicts itself or is missing before an opinion is signed, each with the page to go to."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, Literal

from assessment import lawindex
from assessment.lawindex import Law
from assessment.messages import NotAllowedError
from assessment.opinions import judging
from assessment.opinions.models import Opinion
from assessment.opinions.words import LENS
from assessment.records.accounts import Account
from assessment.screening.models import LENSES
from assessment.usecases.arrival import lateness
from assessment.usecases.committee import OUTDATED
from assessment.usecases.papers import PaperUseCases
from assessment.usecases.settings import STEPS
from assessment.views import CaseView, Row, SheetView

MUST: Final = "必须处理"
SHOULD: Final = "应当处理"
MAY: Final = "请留意"
LEVELS = (MUST, SHOULD, MAY)
LOW_AGREEMENT = 60
"""Below this percentage of equal answers a checklist wants a settlement, or better guidance."""
_PAGES = {
    "second_reader": "intake",
    "self_assessment": "drafting",
    "declaration": "scoring",
    "quotes": "scoring",
    "settlement": "settlement",
    "committee": "committee",
}


@dataclass(frozen=True, slots=True)
class Check:
    """Something to look at before signing.

    Attributes:
        id: stable, e.g. ``lens-outside-child``.
        level: 必须处理 stops the signature, 应当处理 and 请留意 do not.
        message: Chinese, what is wrong and what to do.
        page: where to do it.
    """

    id: str
    level: Literal["必须处理", "应当处理", "请留意"]
    message: str
    page: str


class CheckUseCases(PaperUseCases):
    """Every contradiction and hole of a case, computed from what it holds."""

    def checks(self, actor: Account, case_id: str) -> tuple[Check, ...]:
        """The checks that fail now, 必须处理 first; for those who write or sign opinions (E501)."""
        if not {"officer", "secretariat", "leader", "committee"} & set(actor.roles):
            raise NotAllowedError("E501", what="查看签发前检查")
        with self.store.register.reading():
            return self._checks(self.case(actor, case_id))

    def _checks(self, case: CaseView) -> tuple[Check, ...]:
        opinion = self._paper_of(case)
        found = [
            *self._of_procedure(case),
            *self._of_material(case),
            *_of_relevance(case),
            *_of_findings(case, opinion),
            *self._of_sheets(case),
            *_of_scores(opinion),
            *_of_conclusion(opinion),
            *_of_wording(opinion),
            *_of_law(opinion),
        ]
        return tuple(sorted(found, key=lambda check: LEVELS.index(check.level)))

    def _paper_of(self, case: CaseView) -> Opinion:
        frozen = case.row["opinion"]
        return self._load_opinion(frozen) if frozen else self._compose(case)

    def _of_procedure(self, case: CaseView) -> Iterator[Check]:
        procedure, done = self.procedure(), self._steps(case)
        for step, name in STEPS.items():
            if done[step]:
                continue
            if procedure.requires(step):
                yield Check(f"step-{step}", MUST, f"本单位要求的“{name}”还没有完成。", _PAGES[step])
            elif step != "quotes":
                yield Check(
                    f"step-{step}", MAY, f"没有经过“{name}”；签发时将如实记录为未采用。", _PAGES[step]
                )
        if self._committee(case.row).standing == OUTDATED:
            yield Check("committee-outdated", SHOULD, "委员会审议后意见书有改动，需重新审议。", "committee")
        for lens, reading in self._second_readings(case.id).items():
            if reading.open:
                text = f"{LENS[lens]}方面的相关性判断与复核意见不同，还没有处理。"
                yield Check(f"reader-difference-{lens}", MUST, text, "intake")
        late = lateness(case.row)
        if late.late or late.started is None:
            yield Check("late", MAY, late.text, "intake")

    def _of_material(self, case: CaseView) -> Iterator[Check]:
        asked = [r for r in self.store.of_case("material_requests", case.id) if not r["answered_at"]]
        if asked:
            yield Check("material-open", SHOULD, f"还有 {len(asked)} 项补充材料没有答复。", "material")
        gaps = [row for row in self.store.of_case("data_gaps", case.id) if not row["received"]]
        adrift = [row["figure"] for row in gaps if not row["holder"] or not row["promised"]]
        if adrift:
            text = f"数据缺口没有写明由谁提供、何时补齐：{'、'.join(adrift)}。"
            yield Check("data-gap-adrift", SHOULD, text, "material")
        purposes = {row["purpose"] for row in self.store.of_case("attachments", case.id)}
        if "起草说明" not in purposes:
            yield Check("no-explanation", MAY, "没有收到起草说明，程序和数据类问题缺少依据。", "intake")
        if not self.store.of_case("affected", case.id):
            yield Check("affected-empty", MAY, "还没有登记受影响人群。", "intake")
        threads = [
            row
            for row in self.store.of_case("comments", case.id)
            if not row["reply_to"] and not row["resolved_at"]
        ]
        if threads:
            yield Check("comments-open", SHOULD, f"还有 {len(threads)} 条批注没有处理。", "comments")

    def _of_sheets(self, case: CaseView) -> Iterator[Check]:
        sheets = self._sheets(case.id)
        missing = sum(not sheet.submitted for sheet in sheets)
        if missing:
            text = (
                f"还有 {missing} 份评分表没有提交；该清单的评分暂不计入意见书。请催交，或移出不能参加的专家。"
            )
            yield Check("sheets-open", MUST, text, "scoring")
        if len({sheet.expert for sheet in sheets}) == 1:
            yield Check("one-expert", MAY, "只有一位专家评分，没有可比较的独立意见。", "scoring")
        for sheet in self._counted(case.id):
            unquoted = self._unquoted(case.id, sheet)
            if unquoted:
                text = f"《{sheet.checklist.title}》有 {len(unquoted)} 项选“符合”却没有引用原文：{'、'.join(unquoted)}。"
                yield Check(f"unquoted-{sheet.checklist.id}-{sheet.expert}", SHOULD, text, "scoring")
            bare = [i for i, row in sheet.answers.items() if _needs_reason(row)]
            if bare:
                text = f"《{sheet.checklist.title}》选“不适用”“证据不足”却没有理由：{'、'.join(bare)}。"
                yield Check(f"no-reason-{sheet.checklist.id}-{sheet.expert}", MUST, text, "scoring")
        for group in {sheet.checklist.id: sheet for sheet in self._counted(case.id)}.values():
            yield from self._of_settlement(case.id, group)

    def _of_settlement(self, case_id: str, sheet: SheetView) -> Iterator[Check]:
        title, settlement = sheet.checklist.title, self._settling(case_id, sheet.checklist.id)
        split = [e.item.id for e in settlement.items if e.settled is None and e.proposed is None]
        if split:
            text = f"《{title}》有 {len(split)} 项专家意见不一，还没有合议：{'、'.join(split)}。"
            yield Check(f"split-{sheet.checklist.id}", SHOULD, text, "settlement")
        stale = [entry.item.id for entry in settlement.items if entry.stale]
        if stale:
            text = f"《{title}》合议之后评分表又有改动，请重新核对：{'、'.join(stale)}。"
            yield Check(f"settled-stale-{sheet.checklist.id}", SHOULD, text, "settlement")
        share = settlement.agreement.overall.percent
        if share is not None and share < LOW_AGREEMENT:
            text = f"《{title}》专家一致率只有 {share:.0f}%，建议充分合议并写明理由。"
            yield Check(f"low-agreement-{sheet.checklist.id}", MAY, text, "settlement")


def _needs_reason(row: Row) -> bool:
    return row["answer"] in ("不适用", "证据不足") and not row["reason"].strip()


def _of_relevance(case: CaseView) -> Iterator[Check]:
    for lens in LENSES:
        row = case.relevance.get(lens)
        confirmed = [
            view
            for view in case.findings
            if view.finding.lens == lens and view.decision == "confirmed" and view.kind == "concern"
        ]
        if row is None:
            text = f"{LENS[lens]}方面还没有作出相关性判断。"
            yield Check(f"relevance-{lens}", MUST, text, "intake")
        elif row["level"] == "none" and confirmed:
            text = f"{LENS[lens]}方面判断为“不涉及”，却确认了 {len(confirmed)} 条疑似问题条款。"
            yield Check(f"lens-outside-{lens}", MUST, text, "intake")
        elif row["level"] == "key" and lens not in {checklist.lens for checklist in case.checklists}:
            text = f"{LENS[lens]}方面列为重点评估，却没有选用这一方面的清单。"
            yield Check(f"key-unscored-{lens}", SHOULD, text, "intake")


def _of_findings(case: CaseView, opinion: Opinion) -> Iterator[Check]:
    undecided = [view for view in case.findings if view.decision == "undecided" and view.kind == "concern"]
    if undecided:
        text = f"还有 {len(undecided)} 条疑似问题条款没有处理，不进入意见书。"
        yield Check("undecided-concerns", SHOULD, text, "review")
    gaps = [view for view in case.gaps if view.decision == "undecided"]
    if gaps:
        yield Check("undecided-gaps", SHOULD, f"还有 {len(gaps)} 项缺项没有处理。", "review")
    high = [v for v in case.findings if v.decision == "excluded" and v.finding.severity == "high"]
    if high:
        text = f"有 {len(high)} 条程序标为“高”的条款被排除，请再看一遍排除理由。"
        yield Check("high-excluded", MAY, text, "review")
    treated = {row.clause for row in opinion.recommendations}
    low = [row for row in opinion.figures if row.verdict == "低于要求" and row.clause not in treated]
    if low:
        names = "、".join(f"{row.clause}“{row.quote}”" for row in low)
        yield Check("figure-below", SHOULD, f"指标低于要求却没有列入具体意见：{names}。", "review")


def _of_scores(opinion: Opinion) -> Iterator[Check]:
    for result in opinion.scores:
        thin = result.counts["证据不足"]
        if thin > len(result.items) * judging.LARGE_SHARE:
            text = f"《{result.title}》{len(result.items)} 项中有 {thin} 项证据不足，超过三分之一，请先补充材料。"
            yield Check(f"thin-{result.checklist}", SHOULD, text, "material")


def _of_conclusion(opinion: Opinion) -> Iterator[Check]:
    conclusion, rows = opinion.conclusion, opinion.recommendations
    high = [row.clause for row in rows if row.severity == "high"]
    mild = conclusion in (judging.OUTSIDE, judging.NO_HARM)
    if high and mild:
        text = f"{'、'.join(high)}的等级为“高”，总体结论却是“{conclusion}”。"
        yield Check("high-no-harm", MUST, text, "opinion")
    elif high and conclusion and conclusion != judging.UNLAWFUL:
        text = f"{'、'.join(high)}的等级为“高”（涉嫌与上位法不一致），总体结论是“{conclusion}”，请核对。"
        yield Check("high-mild", SHOULD, text, "opinion")
    elif mild and (rows or opinion.gaps):
        text = f"已提出 {len(rows) + len(opinion.gaps)} 条意见，总体结论却是“{conclusion}”。"
        yield Check("advice-no-harm", MUST, text, "opinion")
    if not rows and conclusion == judging.UNLAWFUL:
        yield Check("unlawful-empty", MUST, f"没有具体意见，总体结论却是“{conclusion}”。", "opinion")
    if not conclusion:
        yield Check("no-conclusion", MUST, "还没有选择总体结论。", "opinion")


def _of_wording(opinion: Opinion) -> Iterator[Check]:
    texts = [(f"{row.clause}的意见", f"{row.problem}{row.proposal}") for row in opinion.recommendations]
    for number, (where, text) in enumerate([*texts, ("总体结论的说明", opinion.explanation)]):
        if words := judging.verdicts(text):
            told = f"{where}用了“{'”“'.join(words)}”。评估意见只供参考，请改用“涉嫌”“可能”“建议”一类说法。"
            yield Check(f"verdict-{number}", MUST, told, "opinion")
    blank = [r.clause for r in opinion.recommendations if not (r.problem and r.basis and r.proposal)]
    if blank:
        text = f"{'、'.join(blank)}的意见没有写全问题、依据和建议。"
        yield Check("advice-blank", SHOULD, text, "opinion")
    for value, name, what in (
        (opinion.addressee, "addressee", "致送单位"),
        (opinion.contact, "contact", "联系人和联系方式"),
    ):
        if not value.strip():
            yield Check(f"no-{name}", MAY, f"没有写{what}。", "opinion")


def _of_law(opinion: Opinion) -> Iterator[Check]:
    cited = list(_cited(opinion))
    repealed = list(dict.fromkeys(law.name for law in cited if not law.in_force))
    if repealed:
        text = f"依据中有已不再施行的文件：{'、'.join(repealed)}。请改引现行规定。"
        yield Check("law-repealed", MUST, text, "opinion")
    unchecked = list(dict.fromkeys(law.name for law in cited if law.in_force and not law.checked))
    if unchecked:
        text = f"依据条文尚未与原文核对：{'、'.join(unchecked)}。"
        yield Check("law-unchecked", MAY, text, "opinion")


def _cited(opinion: Opinion) -> Iterator[Law]:
    basis = [text for row in opinion.recommendations for text in row.basis]
    basis += [text for gap in opinion.gaps for text in gap.basis]
    for citation in lawindex.citation("；".join(basis)):
        try:
            yield lawindex.statute(citation.law)
        except KeyError:
            continue

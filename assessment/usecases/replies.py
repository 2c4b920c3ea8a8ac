"""After the signature: the drafting unit's reply, and whether the adopted text does what it said."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from assessment import screening
from assessment.documents.compare import Comparison, compare, relocate
from assessment.documents.models import Document
from assessment.messages import NotAllowedError
from assessment.opinions.models import Opinion, OpinionGap, Recommendation
from assessment.permissions import OFFICE
from assessment.records import events
from assessment.records.accounts import Account
from assessment.records.events import Adoption
from assessment.screening.models import Finding, Screening
from assessment.usecases.intake import Incoming
from assessment.usecases.signing import SigningUseCases
from assessment.usecases.versions import VersionUseCases
from assessment.usecases.words import ADOPTIONS, REPLIES
from assessment.views import Row, finding_views

ADOPTED_STAGE = "公布"
AS_PROPOSED = 0.6
"""From this share of the proposal's new word pairs on, a changed clause is thought to say what was proposed."""


@dataclass(frozen=True, slots=True)
class ReplyView:
    """One recommendation of the signed opinion and what became of it.

    Attributes:
        recommendation: its id.
        clause: the clause's name, or 缺项.
        problem, proposal: as the opinion words them.
        reply: the register's row (``reply``, ``reason``, ``due``, ``responsible``, who, when), or None.
        adoption: the row (``result``, ``proposed``, ``reason``, ``adopted_version``, who, when), or None.
    """

    recommendation: str
    clause: str
    problem: str
    proposal: str
    reply: Row | None
    adoption: Row | None


@dataclass(frozen=True, slots=True)
class AdoptionProposal:
    """What the comparison of the assessed text with the adopted one suggests; a person decides.

    Attributes:
        result: one of ``words.ADOPTIONS``.
        reason: why, in Chinese.
        old, new: text of the clause before and after; empty where there is none.
    """

    result: Adoption
    reason: str
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class _Texts:
    """The assessed and the adopted text with what the engine finds in them."""

    old: Document
    new: Document
    comparison: Comparison
    before: dict[str, Finding]
    after: Screening


class ReplyUseCases(VersionUseCases, SigningUseCases):
    """From the signed opinion to the adopted text."""

    def replies(self, actor: Account, case_id: str) -> tuple[ReplyView, ...]:
        """Every recommendation and gap of the signed opinion with its reply; empty before the signature."""
        case = self._see(actor, case_id)
        if not case["signed_opinion"]:
            return ()
        rows = {
            table: {
                row["recommendation"]: row
                for row in self.store.of_case(table, case_id)
                if row["opinion"] == case["signed_opinion"]
            }
            for table in ("replies", "adoptions")
        }
        return tuple(
            ReplyView(
                entry.id,
                entry.clause if isinstance(entry, Recommendation) else f"缺项：{entry.title}",
                entry.problem if isinstance(entry, Recommendation) else entry.reason,
                entry.proposal,
                rows["replies"].get(entry.id),
                rows["adoptions"].get(entry.id),
            )
            for entry in self._advice(case)
        )

    def reply(
        self,
        actor: Account,
        case_id: str,
        recommendation: str,
        reply: str,
        reason: str,
        seen: int,
        due: date | None = None,
        responsible: str = "",
    ) -> None:
        """Answer one recommendation of the signed opinion.

        Args:
            reply: one of ``words.REPLIES``; all but 采纳 need a reason (E505).
            due: when it will have been done.
        """
        case = self._check(actor, "reply", case_id)
        self._advised(case, recommendation)
        if reply != "采纳" and not reason.strip():
            raise NotAllowedError("E505")
        if reply not in REPLIES:
            raise NotAllowedError("E548")
        payload = events.ReplyRecorded.model_validate(
            {
                "recommendation": recommendation,
                "reply": reply,
                "reason": reason.strip(),
                "due": due,
                "responsible": responsible.strip(),
            }
        )
        self.store.append(case_id, payload, actor.id, seen)

    def close_reply(self, actor: Account, case_id: str, note: str, seen: int) -> None:
        """The reply is complete. Only the office may end it with recommendations unanswered, saying why (E549)."""
        self._check(actor, "reply", case_id)
        left = tuple(view.recommendation for view in self.replies(actor, case_id) if view.reply is None)
        if left and not (OFFICE & set(actor.roles) and note.strip()):
            raise NotAllowedError("E549", number=len(left))
        payload = events.ReplyClosed(note=note.strip(), unanswered=left)
        self.store.append(case_id, payload, actor.id, seen)

    def add_adopted(self, actor: Account, case_id: str, draft: Incoming, seen: int, note: str = "") -> int:
        """Keep the text as issued, as a version that is compared and not assessed; its number is returned."""
        self._check(actor, "add_adopted", case_id)
        document, recognised = self._read(draft)
        number = self._next_version(case_id)
        added = self._version_added(number, draft, ADOPTED_STAGE, note, document, recognised, adopted=True)
        screened = self._screening_done(number, screening.screen(document))
        self.store.append_many(case_id, [added, screened], actor.id, seen)
        return number

    def adopted_version(self, actor: Account, case_id: str) -> Row | None:
        """The version that holds the text as issued, the last one if there are several; None before."""
        self._see(actor, case_id)
        return self._adopted(case_id)

    def adoption_proposals(self, actor: Account, case_id: str) -> dict[str, AdoptionProposal]:
        """Recommendation to what the comparison suggests; empty until the adopted text is there."""
        case = self._see(actor, case_id)
        texts = self._texts(case)
        if texts is None:
            return {}
        return {entry.id: _proposal(entry, texts) for entry in self._advice(case)}

    def check_adoption(
        self,
        actor: Account,
        case_id: str,
        recommendation: str,
        result: Adoption,
        reason: str,
        seen: int,
    ) -> None:
        """Decide whether the adopted text does what was recommended.

        Raises:
            NotAllowedError: E555 no adopted text yet, E505 another result than proposed without a reason,
                E548 an unknown result, E538 no such recommendation.
        """
        case = self._check(actor, "check_adoption", case_id)
        self._advised(case, recommendation)
        adopted = self._adopted(case_id)
        if adopted is None:
            raise NotAllowedError("E555")
        if result not in ADOPTIONS:
            raise NotAllowedError("E548")
        proposed = self.adoption_proposals(actor, case_id)[recommendation].result
        if result != proposed and not reason.strip():
            raise NotAllowedError("E505")
        payload = events.AdoptionChecked(
            recommendation=recommendation,
            version=int(adopted["version"]),
            result=result,
            proposed=proposed,
            reason=reason.strip(),
        )
        self.store.append(case_id, payload, actor.id, seen)

    def _advice(self, case: Row) -> tuple[Recommendation | OpinionGap, ...]:
        opinion: Opinion = self._load_opinion(case["signed_opinion"])
        return (*opinion.recommendations, *opinion.gaps)

    def _advised(self, case: Row, recommendation: str) -> None:
        if recommendation not in {entry.id for entry in self._advice(case)}:
            raise NotAllowedError("E538")

    def _adopted(self, case_id: str) -> Row | None:
        rows = [row for row in self.store.of_case("versions", case_id) if row["adopted"]]
        return rows[-1] if rows else None

    def _texts(self, case: Row) -> _Texts | None:
        adopted = self._adopted(case["id"])
        signed = [
            r for r in self.store.of_case("opinions", case["id"]) if r["opinion"] == case["signed_opinion"]
        ]
        assessed = self._version_row(case, int(signed[0]["version"])) if signed else None
        if adopted is None or assessed is None:
            return None
        old, new = self._document(assessed["document"]), self._document(adopted["document"])
        decided = self.store.of_case("finding_decisions", case["id"], version=assessed["version"])
        views = finding_views(self._screening(assessed["screening"]), decided)
        findings = {view.finding.id: view.finding for view in views}
        return _Texts(old, new, compare(old, new), findings, self._screening(adopted["screening"]))


def _proposal(entry: Recommendation | OpinionGap, texts: _Texts) -> AdoptionProposal:
    if isinstance(entry, OpinionGap):
        return _of_gap(entry, texts)
    finding = texts.before.get(entry.id)
    row = next((r for r in texts.comparison.rows if finding and finding.unit in r.old), None)
    if finding is None or row is None:
        return AdoptionProposal("待核", "找不到原条款，请人工核对。", entry.quote, "")
    old = texts.old.clause(finding.unit).text
    if not row.new:
        return AdoptionProposal("已落实", "公布文本已删去原条款。", old, "")
    new = "\n".join(texts.new.clause(unit).text for unit in row.new)
    if relocate(texts.old, texts.new, texts.comparison, finding.start, finding.end):
        return AdoptionProposal("未落实", "所指的原文在公布文本中没有改动。", old, new)
    share = _share(entry.proposal, old, new)
    if any(f.unit in row.new and f.lens == entry.lens and f.kind == "concern" for f in texts.after.findings):
        return AdoptionProposal("部分落实", "条款已改动，但改后的条款仍被标为疑似问题。", old, new)
    if share >= AS_PROPOSED:
        return AdoptionProposal("已落实", f"条款已改动，建议文字有{share:.0%}写入。", old, new)
    return AdoptionProposal("待核", "条款已改动，写法与建议不同，请人工核对。", old, new)


def _of_gap(gap: OpinionGap, texts: _Texts) -> AdoptionProposal:
    added = "\n".join(_added(texts))
    if gap.id not in {found.id for found in texts.after.gaps}:
        return AdoptionProposal("已落实", "公布文本已有相应内容，不再提示这一缺项。", "", added)
    if _share(gap.proposal, texts.old.text, added) >= AS_PROPOSED:
        return AdoptionProposal("部分落实", "公布文本新增内容与建议相近，但仍提示这一缺项。", "", added)
    return AdoptionProposal("未落实", "公布文本仍没有相应内容。", "", added)


def _added(texts: _Texts) -> Iterator[str]:
    for row in texts.comparison.rows:
        if not row.old or row.changes:
            yield from (texts.new.clause(unit).text for unit in row.new)


def _share(proposal: str, old: str, new: str) -> float:
    """The share (0..1) of the proposal's word pairs not in the old text that the new one has."""
    wanted = _pairs(proposal) - _pairs(old)
    return len(wanted & _pairs(new)) / len(wanted) if wanted else 0.0


def _pairs(text: str) -> set[str]:
    letters = [letter for letter in text if letter.isalnum()]
    return {a + b for a, b in pairwise(letters)}

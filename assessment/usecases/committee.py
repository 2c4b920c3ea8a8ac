"""The committee: a paper laid before it, and a decision tied to exactly that paper."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass

from assessment import permissions
from assessment.messages import NotAllowedError
from assessment.records import events
from assessment.records.accounts import Account
from assessment.usecases.base import UseCases
from assessment.usecases.words import DECISIONS
from assessment.views import Row

PASSED = ("通过", "附条件通过")
NOT_ASKED, SITTING, OUTDATED = "未审议", "审议中", "需重新审议"


@dataclass(frozen=True, slots=True)
class CommitteeView:
    """Where the committee stands.

    Attributes:
        opinion: hash of the paper that stands now, as composed; None while there is none.
        standing: 未审议, 审议中, one of ``words.DECISIONS``, or 需重新审议 where the paper changed since.
        decisions: every decision, oldest first (``opinion``, ``decision``, ``conditions``, ``votes``, who, when).
    """

    opinion: str | None
    standing: str
    decisions: tuple[Row, ...]

    @property
    def passed(self) -> bool:
        """True if the committee passed exactly the paper that stands now."""
        return self.standing in PASSED


class CommitteeUseCases(UseCases):
    """What is laid before the committee, and what it decides."""

    def convene_committee(
        self, actor: Account, case_id: str, opinion: str, seen: int, note: str = ""
    ) -> None:
        """Lay exactly the composed opinion with this hash before the committee; E514 if it is another by now."""
        case = self._check(actor, "convene_committee", case_id)
        if case["opinion"] != opinion:
            raise NotAllowedError("E514")
        payload = events.CommitteeConvened(opinion=opinion, note=note.strip())
        self.store.append(case_id, payload, actor.id, seen)

    def decide_committee(
        self,
        actor: Account,
        case_id: str,
        opinion: str,
        decision: str,
        seen: int,
        conditions: str = "",
        votes: Mapping[str, int] | None = None,
    ) -> None:
        """Record what the committee decided on exactly this opinion.

        Args:
            decision: one of ``words.DECISIONS`` (E547 for others).
            conditions: needed for all but 通过 (E505): the conditions, or why it was sent back or put off.
            votes: 同意, 反对, 弃权 to numbers, where it was voted on.
        """
        case = self._check(actor, "decide_committee", case_id)
        if case["opinion"] != opinion:
            raise NotAllowedError("E514")
        counted = {name: int(number) for name, number in (votes or {}).items() if number}
        if decision not in DECISIONS or any(number < 0 for number in counted.values()):
            raise NotAllowedError("E547")
        if decision != "通过" and not conditions.strip():
            raise NotAllowedError("E505")
        payload = events.CommitteeDecided(
            opinion=opinion, decision=decision, conditions=conditions.strip(), votes=counted
        )
        self.store.append(case_id, payload, actor.id, seen)

    def committee_view(self, actor: Account, case_id: str) -> CommitteeView:
        """What the committee decided and whether it still holds; the drafting unit reads nothing of it."""
        case = self._see(actor, case_id)
        if permissions.is_outsider(actor, self._panel(case_id)):
            return CommitteeView(None, NOT_ASKED, ())
        return self._committee(case)

    def _committee(self, case: Row) -> CommitteeView:
        decisions = tuple(
            row | {"votes": json.loads(row["votes"])}
            for row in self.store.of_case("committee_decisions", case["id"])
        )
        opinion = self._standing_paper(case)
        return CommitteeView(opinion, _standing(case["state"], opinion, decisions), decisions)

    def _standing_paper(self, case: Row) -> str | None:
        """The paper that stands now, as composed: before its number and signature."""
        if case["opinion"] != case["signed_opinion"]:
            return str(case["opinion"]) if case["opinion"] else None
        rows = self.store.of_case("opinions", case["id"])
        return next((row["composed"] for row in rows if row["opinion"] == case["signed_opinion"]), None)


def _standing(state: str, opinion: str | None, decisions: tuple[Row, ...]) -> str:
    last = decisions[-1] if decisions else None
    if last and last["opinion"] == opinion:
        return str(last["decision"])
    if state == "deliberating":
        return SITTING
    if last is None:
        return NOT_ASKED
    return "退回" if last["decision"] == "退回" and opinion is None else OUTDATED

"""The signature, and the end of a case: what stands in the way, and what was left out on the way."""

from __future__ import annotations

from assessment import opinions
from assessment.messages import NotAllowedError
from assessment.opinions.models import CommitteeDecision
from assessment.records import events
from assessment.records.accounts import Account
from assessment.usecases.arrival import local_day
from assessment.usecases.checks import MUST, CheckUseCases
from assessment.usecases.settings import STEPS
from assessment.views import Row


class SigningUseCases(CheckUseCases):
    """From a composed opinion to the signed papers, and from there to the end."""

    def sign_opinion(
        self,
        actor: Account,
        case_id: str,
        number: str,
        opinion: str,
        seen: int,
        override: str = "",
    ) -> None:
        """Sign exactly the frozen opinion with hash ``opinion``; the Word and Excel papers are kept.

        Args:
            override: why it is signed although a check says 必须处理; kept with the signature.

        Raises:
            NotAllowedError: the opinion is not the one last frozen (E514), a check says 必须处理 and no reason
                is given (E550), the committee this office requires has not passed it (E551), or wrong role or
                state.
        """
        case = self._check(actor, "sign", case_id)
        if case["opinion"] != opinion:
            raise NotAllowedError("E514")
        view = self.case(actor, case_id)
        done = self._steps(view)
        if self.procedure().committee and not done["committee"]:
            raise NotAllowedError("E551")
        musts = [check for check in self._checks(view) if check.level == MUST]
        if musts and not override.strip():
            raise NotAllowedError("E550", number=len(musts), first=musts[0].message)
        frozen = self._load_opinion(opinion)
        left_out = tuple(name for step, name in STEPS.items() if not done[step])
        signed = frozen.model_copy(
            update={
                "number": number.strip(),
                "signatory": actor.display_name,
                "skipped": left_out,
                "committee": self._passed(case),
            }
        )
        payload = events.OpinionSigned(
            opinion=self.store.files.put(opinions.to_json(signed).encode()),
            number=number.strip(),
            signatory=actor.display_name,
            docx=self.store.files.put(opinions.render_docx(signed)),
            xlsx=self.store.files.put(opinions.render_xlsx(signed)),
            composed=opinion,
            skipped=left_out,
            overridden=tuple(check.message for check in musts),
            override_reason=override.strip() if musts else "",
        )
        self.store.append(case_id, payload, actor.id, seen)

    def close(self, actor: Account, case_id: str, reason: str, seen: int) -> None:
        """End the work on a case, with the reason; the steps that were not taken are recorded."""
        case = self._check(actor, "close", case_id)
        payload = events.CaseClosed(reason=reason.strip() or "已办结", skipped=self._untaken(case))
        self.store.append(case_id, payload, actor.id, seen)

    def _passed(self, case: Row) -> CommitteeDecision | None:
        """The decision that passed exactly the paper that stands now; None where none did."""
        view = self._committee(case)
        if not view.passed:
            return None
        last = view.decisions[-1]
        return CommitteeDecision(
            on=local_day(last["at"]),
            decision=last["decision"],
            conditions=last["conditions"],
            votes=last["votes"],
        )

    def _untaken(self, case: Row) -> tuple[str, ...]:
        if not case["signed_opinion"]:
            return ()
        taken = {
            "反馈": case["reply_closed_at"],
            "公布文本核对": self.store.of_case("adoptions", case["id"]),
            "实施后评估": self.store.of_case("follow_up_reports", case["id"]),
        }
        return tuple(step for step, done in taken.items() if not done)

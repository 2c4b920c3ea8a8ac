"""What is missing: papers asked of the drafting unit, and figures by sex or age that nobody has given."""

from __future__ import annotations

import json
import secrets
from collections.abc import Sequence
from datetime import date

from assessment.messages import NotAllowedError
from assessment.records import events
from assessment.records.accounts import Account
from assessment.screening.models import Lens
from assessment.usecases.reading import ReadingUseCases
from assessment.usecases.selfassessment import SelfAssessmentUseCases
from assessment.views import Row


class MaterialUseCases(SelfAssessmentUseCases, ReadingUseCases):
    """Requests for material, and the data-gap register."""

    def request_material(self, actor: Account, case_id: str, what: str, due: date) -> str:
        """Ask the drafting unit for something more by a day; the request's id is returned."""
        self._check(actor, "request_material", case_id)
        if not what.strip():
            raise NotAllowedError("E537")
        request = f"m-{secrets.token_hex(4)}"
        payload = events.MaterialRequested(request=request, what=what.strip(), due=due)
        self.store.append(case_id, payload, actor.id)
        return request

    def answer_material(
        self,
        actor: Account,
        case_id: str,
        request: str,
        answer: str,
        attachments: Sequence[str],
        seen: int,
    ) -> None:
        """Answer a request, in words or with papers attached to the case before (``attach``).

        Raises:
            NotAllowedError: E538 no such request, E537 neither words nor papers, E535 not a paper of this case.
        """
        self._check(actor, "answer_material", case_id)
        if request not in {row["request"] for row in self.store.of_case("material_requests", case_id)}:
            raise NotAllowedError("E538")
        if not answer.strip() and not attachments:
            raise NotAllowedError("E537")
        self._require_attached(case_id, attachments)
        payload = events.MaterialAnswered(
            request=request, answer=answer.strip(), attachments=tuple(attachments)
        )
        self.store.append(case_id, payload, actor.id, seen)

    def material_requests(self, actor: Account, case_id: str) -> list[Row]:
        """Requests of a case, the one due first in front: ``what``, ``due``, ``answer``, ``attachments``, ..."""
        self._see(actor, case_id)
        rows = sorted(self.store.of_case("material_requests", case_id), key=lambda row: str(row["due"]))
        return [row | {"attachments": json.loads(row["attachments"] or "[]")} for row in rows]

    def record_data_gap(
        self,
        actor: Account,
        case_id: str,
        lens: Lens,
        figure: str,
        breakdown: str,
        holder: str = "",
        promised: date | None = None,
        item: str = "",
        gap: str | None = None,
        seen: int | None = None,
    ) -> str:
        """Enter a missing figure, or correct an entry (``gap``); its id is returned.

        Args:
            figure: which figure is missing, e.g. 申请人数.
            breakdown: by what, e.g. 分性别、分年龄段.
            holder: who has it.
            promised: when it was promised.
            item: the checklist item it was missed for.
        """
        self._check(actor, "record_data_gap", case_id)
        if not figure.strip() or not breakdown.strip():
            raise NotAllowedError("E539")
        if gap is not None and gap not in {row["gap"] for row in self.store.of_case("data_gaps", case_id)}:
            raise NotAllowedError("E538")
        gap = gap or f"d-{secrets.token_hex(4)}"
        payload = events.DataGapRecorded(
            gap=gap,
            lens=lens,
            figure=figure.strip(),
            breakdown=breakdown.strip(),
            holder=holder.strip(),
            promised=promised,
            item=item,
        )
        self.store.append(case_id, payload, actor.id, seen)
        return gap

    def receive_data(
        self,
        actor: Account,
        case_id: str,
        gap: str,
        value: str,
        received: date,
        source: str,
        seen: int,
        attachment: str | None = None,
    ) -> None:
        """A missing figure came in: what it says, from where, when; ``attachment`` a paper of this case."""
        self._check(actor, "record_data_gap", case_id)
        if gap not in {row["gap"] for row in self.store.of_case("data_gaps", case_id)}:
            raise NotAllowedError("E538")
        if not value.strip():
            raise NotAllowedError("E539")
        self._require_attached(case_id, [attachment] if attachment else [])
        payload = events.DataReceived(
            gap=gap, received=received, value=value.strip(), source=source.strip(), attachment=attachment
        )
        self.store.append(case_id, payload, actor.id, seen)

    def data_gaps(self, actor: Account, case_id: str | None = None) -> list[Row]:
        """The data-gap register of one case, or of every case the actor may see.

        Rows hold ``figure``, ``breakdown``, ``lens``, ``holder``, ``promised``, ``received``, ``value``,
        ``source``, ``case_id`` and the case's ``title``; those not received yet come first, by promised day.
        """
        cases = [self._see(actor, case_id)] if case_id else self.cases(actor)
        titles = {case["id"]: case["title"] for case in cases}
        rows = [
            row | {"title": titles[row["case_id"]]}
            for row in self.store.rows("select * from data_gaps")
            if row["case_id"] in titles
        ]
        return sorted(rows, key=lambda row: (bool(row["received"]), row["promised"] or "9999", row["gap"]))

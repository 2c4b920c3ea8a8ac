"""Arrival: was it in time, who reads the relevance decision a second time, who is affected."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from assessment import permissions, workdays
from assessment.messages import NotAllowedError
from assessment.records import events
from assessment.records.accounts import Account
from assessment.screening.models import LENSES, Lens, RelevanceLevel
from assessment.usecases.base import UseCases
from assessment.usecases.words import AGES, EFFECTS, GROUPS, LATE_STAGES, SEXES
from assessment.views import Row

Cell = tuple[str, str, str, str]
_WORDS = (SEXES, AGES, GROUPS, EFFECTS)


@dataclass(frozen=True, slots=True)
class Lateness:
    """How far the drafting had gone when the draft arrived.

    Attributes:
        stage: stage at arrival.
        late: True if advice at that stage comes late.
        started: when drafting began; None if nobody said.
        workdays: working days from then to arrival; None if unknown.
        text: the same in a Chinese sentence.
    """

    stage: str
    late: bool
    started: date | None
    workdays: int | None
    text: str


@dataclass(frozen=True, slots=True)
class SecondReading:
    """What the second reader said on one lens.

    Attributes:
        row: the register's row (``agrees``, ``level``, ``reason``, ``first_level``, ``first_reason``,
            ``first_reader``, ``actor``, ``at``, ``settled_by``, ``settled_at``).
        open: True where the two differ and the difference is not settled.
    """

    row: Row
    open: bool


def local_day(moment: str) -> date:
    """The day, here, of a stored moment (ISO, UTC)."""
    return datetime.fromisoformat(moment).astimezone().date()


def lateness(case: Row) -> Lateness:
    """How far the drafting had gone when the draft of this register row arrived."""
    stage = str(case["arrival_stage"])
    late = stage in LATE_STAGES
    started = date.fromisoformat(case["drafting_started"]) if case["drafting_started"] else None
    days = workdays.workdays_between(started, local_day(case["opened_at"])) if started else None
    told = [f"送评时已到{stage}阶段{'，介入偏晚' if late else ''}。"]
    told.append(f"起草启动后第 {days} 个工作日送评。" if days is not None else "没有填写起草启动日期。")
    return Lateness(stage, late, started, days, "".join(told))


class ArrivalUseCases(UseCases):
    """Relevance read twice, and the grid of who is affected."""

    def lateness(self, actor: Account, case_id: str) -> Lateness:
        """How far the drafting had gone when the draft arrived."""
        return lateness(self._see(actor, case_id))

    def review_relevance(
        self,
        actor: Account,
        case_id: str,
        lens: Lens,
        level: RelevanceLevel,
        reason: str,
        seen: int,
    ) -> None:
        """The second reader's own judgement on one lens; it agrees if the level is the same.

        Raises:
            NotAllowedError: E531 nothing decided yet, E532 the first reader reads a second time,
                E505 a different level without a reason.
        """
        self._check(actor, "review_relevance", case_id)
        first = self._relevance(case_id).get(lens)
        if first is None:
            raise NotAllowedError("E531")
        if first["actor"] == actor.id:
            raise NotAllowedError("E532")
        agrees = level == first["level"]
        if not agrees and not reason.strip():
            raise NotAllowedError("E505")
        payload = events.RelevanceReviewed(lens=lens, agrees=agrees, level=level, reason=reason.strip())
        self.store.append(case_id, payload, actor.id, seen)

    def settle_relevance(
        self,
        actor: Account,
        case_id: str,
        lens: Lens,
        level: RelevanceLevel,
        reason: str,
        seen: int,
    ) -> None:
        """End a difference between the readers: the level that counts, with a reason. E533 if there is none."""
        self._check(actor, "settle_relevance", case_id)
        reading = self._second_readings(case_id).get(lens)
        if reading is None or not reading.open:
            raise NotAllowedError("E533")
        if not reason.strip():
            raise NotAllowedError("E505")
        decided = self._relevance(case_id)[lens]
        payload = events.RelevanceDecided(
            lens=lens,
            level=level,
            reason=reason.strip(),
            machine_level=decided["machine_level"],
            machine_reason=decided["machine_reason"],
            settles=True,
        )
        self.store.append(case_id, payload, actor.id, seen)

    def second_readings(self, actor: Account, case_id: str) -> dict[Lens, SecondReading]:
        """Lens to what the second reader said, for lenses read twice; the drafting unit reads nothing of it."""
        self._see(actor, case_id)
        if permissions.is_outsider(actor, self._panel(case_id)):
            return {}
        return self._second_readings(case_id)

    def describe_affected(
        self, actor: Account, case_id: str, lens: Lens, cells: Iterable[Cell], note: str, seen: int
    ) -> None:
        """Say who is affected: cells (sex, age group, group, effect) of the words in ``words``; E534 if other."""
        self._check(actor, "describe_affected", case_id)
        chosen = tuple(dict.fromkeys(cells))
        if not all(part in words for cell in chosen for part, words in zip(cell, _WORDS, strict=True)):
            raise NotAllowedError("E534")
        payload = events.GroupsAffected(lens=lens, cells=chosen, note=note.strip())
        self.store.append(case_id, payload, actor.id, seen)

    def affected(self, actor: Account, case_id: str) -> dict[Lens, tuple[Cell, ...]]:
        """Lens to the cells of the grid, for lenses described."""
        self._see(actor, case_id)
        rows = self.store.of_case("affected", case_id)
        return {row["lens"]: tuple((a, b, c, d) for a, b, c, d in json.loads(row["cells"])) for row in rows}

    def _relevance(self, case_id: str) -> dict[Lens, Row]:
        rows = {row["lens"]: row for row in self.store.of_case("relevance", case_id)}
        return {lens: rows[lens] for lens in LENSES if lens in rows}

    def _second_readings(self, case_id: str) -> dict[Lens, SecondReading]:
        rows = {row["lens"]: row for row in self.store.of_case("relevance_reviews", case_id)}
        return {
            lens: SecondReading(rows[lens], not rows[lens]["agrees"] and not rows[lens]["settled_at"])
            for lens in LENSES
            if lens in rows
        }

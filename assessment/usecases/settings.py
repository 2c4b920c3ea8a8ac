"""How this office runs the procedure: which steps it takes, and within how many working days."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from assessment import permissions
from assessment.messages import NotAllowedError
from assessment.records.accounts import Account
from assessment.usecases.base import UseCases

_KEY = "procedure"
Days = int

STEPS: dict[str, str] = {
    "second_reader": "相关性复核",
    "self_assessment": "起草单位自评",
    "declaration": "利害关系声明",
    "quotes": "“符合”引用原文",
    "settlement": "合议",
    "committee": "委员会审议",
}
"""Steps an office may require or leave out, and what they are called. What was left out is recorded."""


class Limits(BaseModel):
    """Time limits in working days, each counted from the step before it."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    relevance: Days = Field(3, ge=1, le=250)
    self_assessment: Days = Field(10, ge=1, le=250)
    scoring: Days = Field(10, ge=1, le=250)
    settlement: Days = Field(5, ge=1, le=250)
    committee: Days = Field(10, ge=1, le=250)
    signing: Days = Field(5, ge=1, le=250)
    adoption: Days = Field(60, ge=1, le=250)


class Procedure(BaseModel):
    """The steps an office requires (none by default, so that one officer can carry a draft all the way).

    ``follow_up_months`` is proposed for the follow-up, counted from the day it is scheduled.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")
    second_reader: bool = False
    self_assessment: bool = False
    declaration: bool = False
    quotes: bool = False
    settlement: bool = False
    committee: bool = False
    limits: Limits = Limits()
    follow_up_months: int = Field(12, ge=1, le=60)

    def requires(self, step: str) -> bool:
        """Whether the office requires a step of ``STEPS``."""
        return bool(getattr(self, step))


class SettingsUseCases(UseCases):
    """What is set once for the whole office."""

    def procedure(self) -> Procedure:
        """How this office runs the procedure; the defaults until somebody sets it."""
        kept = self.store.setting(_KEY)
        return Procedure.model_validate_json(kept) if kept else Procedure()

    def set_procedure(self, actor: Account, **changes: object) -> Procedure:
        """Change some settings; NotAllowedError E530 for a name or number that is not allowed.

        Args:
            changes: fields of ``Procedure``; ``limits`` may be a dict of those to change.
        """
        permissions.check(actor, "configure")
        current = self.procedure().model_dump()
        limits = changes.pop("limits", {})
        if isinstance(limits, Limits):
            limits = limits.model_dump()
        merged = {**current, **changes, "limits": {**current["limits"], **dict(limits)}}  # type: ignore[call-overload]
        try:
            chosen = Procedure.model_validate(merged)
        except ValidationError as error:
            where = "、".join(".".join(str(part) for part in entry["loc"]) for entry in error.errors())
            raise NotAllowedError("E530", what=where) from error
        self.store.set_setting(_KEY, chosen.model_dump_json())
        return chosen

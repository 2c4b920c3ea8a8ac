"""After the signature: reply, adoption, follow-up, the end of a case and its reopening."""

from __future__ import annotations

from datetime import date
from typing import Literal

from assessment.records.events.base import Adoption, Number, Outcome, Payload


class ReplyRecorded(Payload):
    """The drafting unit answered one recommendation; ``due`` is when it means to have done what it says."""

    kind: Literal["ReplyRecorded"] = "ReplyRecorded"
    recommendation: str
    reply: Literal["采纳", "部分采纳", "不采纳", "另行研究"]
    reason: str = ""
    due: date | None = None
    responsible: str = ""

    def subject(self) -> str:
        return f"reply/{self.recommendation}"


class ReplyClosed(Payload):
    """The reply is in, or will not come: ``unanswered`` names the recommendations left without one."""

    kind: Literal["ReplyClosed"] = "ReplyClosed"
    note: str = ""
    unanswered: tuple[str, ...] = ()

    def subject(self) -> str:
        return "reply"


class AdoptionChecked(Payload):
    """Whether the adopted text does what a recommendation asked; ``proposed`` is what the program thought."""

    kind: Literal["AdoptionChecked"] = "AdoptionChecked"
    recommendation: str
    version: Number
    result: Adoption
    proposed: Adoption
    reason: str = ""

    def subject(self) -> str:
        return f"adoption/{self.recommendation}"


class FollowUpScheduled(Payload):
    """When the effects of the adopted text are to be looked at."""

    kind: Literal["FollowUpScheduled"] = "FollowUpScheduled"
    due: date
    note: str = ""


class FollowUpRecorded(Payload):
    """What became of it: each effect predicted against what was found, and what should become of the text.

    ``effects`` holds (predicted, found, 相符/部分相符/不相符/无法判断); ``figures`` holds (what, sex, age group,
    value, source).
    """

    kind: Literal["FollowUpRecorded"] = "FollowUpRecorded"
    effects: tuple[tuple[str, str, str], ...]
    figures: tuple[tuple[str, str, str, str, str], ...] = ()
    complaints: str = ""
    conclusion: Outcome
    reason: str


class CaseClosed(Payload):
    """Work on the case has ended, with the reason; ``skipped`` are the steps that were not taken."""

    kind: Literal["CaseClosed"] = "CaseClosed"
    reason: str
    skipped: tuple[str, ...] = ()


class CaseReopened(Payload):
    """Work on a closed or signed case goes on, with the reason."""

    kind: Literal["CaseReopened"] = "CaseReopened"
    reason: str

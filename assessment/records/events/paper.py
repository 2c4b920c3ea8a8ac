"""The opinion: worded, composed, before the committee, signed."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from assessment.records.events.base import Number, Payload, Sha256, named


class RecommendationEdited(Payload):
    """One clause-by-clause recommendation of the opinion, as a person worded it."""

    kind: Literal["RecommendationEdited"] = "RecommendationEdited"
    recommendation: str
    problem: str
    basis: tuple[str, ...]
    proposal: str
    included: bool = True

    def subject(self) -> str:
        return f"recommendation/{self.recommendation}"


class ConclusionChosen(Payload):
    """The overall conclusion, with its explanation, addressee and reply term."""

    kind: Literal["ConclusionChosen"] = "ConclusionChosen"
    conclusion: str
    explanation: str = ""
    addressee: str = ""
    reply_days: int = Field(default=30, ge=0, le=3650)
    contact: str = ""

    def subject(self) -> str:
        return "conclusion"


class OpinionComposed(Payload):
    """An opinion was put together; its JSON lies in the file store."""

    kind: Literal["OpinionComposed"] = "OpinionComposed"
    opinion: Sha256

    def subject(self) -> str:
        return "opinion"

    def files(self) -> tuple[str, ...]:
        return (self.opinion,)


class OpinionPayload(Payload):
    """What is decided on a whole paper: anything the paper could speak of stops it if it changed meanwhile."""

    def conflicts_with(self, subject: str) -> bool:
        return not subject.startswith(("comment/", "attachment/"))


class OpinionSigned(OpinionPayload):
    """A named person signed exactly the opinion with this hash; the papers made from it are kept.

    ``composed`` is the paper as composed, before number and signature; ``skipped`` the steps of the procedure
    this office does not use and that were left out; ``overridden`` the checks signed over, and why.
    """

    kind: Literal["OpinionSigned"] = "OpinionSigned"
    opinion: Sha256
    number: str
    signatory: str
    docx: Sha256
    xlsx: Sha256
    composed: Sha256 | None = None
    skipped: tuple[str, ...] = ()
    overridden: tuple[str, ...] = ()
    override_reason: str = ""

    def subject(self) -> str:
        return "opinion"

    def files(self) -> tuple[str, ...]:
        return named(self.opinion, self.composed, self.docx, self.xlsx)


class CommitteeConvened(OpinionPayload):
    """Exactly the opinion with this hash was laid before the committee."""

    kind: Literal["CommitteeConvened"] = "CommitteeConvened"
    opinion: Sha256
    note: str = ""

    def subject(self) -> str:
        return "opinion"

    def files(self) -> tuple[str, ...]:
        return (self.opinion,)


class CommitteeDecided(OpinionPayload):
    """The committee decided on exactly the opinion with this hash."""

    kind: Literal["CommitteeDecided"] = "CommitteeDecided"
    opinion: Sha256
    decision: str
    conditions: str = ""
    votes: dict[str, Number] = Field(default_factory=dict)

    def files(self) -> tuple[str, ...]:
        return (self.opinion,)

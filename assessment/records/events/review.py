"""What a person decides about the engine's findings and gaps, and what people say about them."""

from __future__ import annotations

from typing import Literal

from assessment.records.events.base import Lens, Number, Payload


class FindingDecided(Payload):
    """A person confirmed, excluded or retyped a machine finding. The machine's own stays in the screening.

    ``carried_from`` is the version a decision was carried over from, where the clause has not changed since.
    """

    kind: Literal["FindingDecided"] = "FindingDecided"
    finding: str
    decision: Literal["confirmed", "excluded", "undecided"]
    finding_kind: Literal["relevant", "protective", "concern"]
    types: tuple[str, ...] = ()
    severity: Literal["high", "medium", "hint", "none"] = "none"
    reason: str = ""
    carried_from: Number | None = None

    def subject(self) -> str:
        return f"finding/{self.finding}"


class FindingAdded(Payload):
    """A person marked words the machine had not; ``carried_from`` as for ``FindingDecided``."""

    kind: Literal["FindingAdded"] = "FindingAdded"
    finding: str
    clause: str
    unit: str
    lens: Lens
    finding_kind: Literal["relevant", "protective", "concern"]
    types: tuple[str, ...] = ()
    domains: tuple[str, ...] = ()
    start: Number
    end: Number
    quote: str
    severity: Literal["high", "medium", "hint", "none"] = "none"
    reason: str
    basis: tuple[str, ...] = ()
    suggestion: str = ""
    carried_from: Number | None = None

    def subject(self) -> str:
        return f"finding/{self.finding}"


class GapDecided(Payload):
    """A person kept or set aside a gap the engine proposed."""

    kind: Literal["GapDecided"] = "GapDecided"
    gap: str
    decision: Literal["confirmed", "excluded", "undecided"]
    reason: str = ""

    def subject(self) -> str:
        return f"gap/{self.gap}"


class CommentAdded(Payload):
    """A remark on a clause, finding or item, or an answer to one; ``mentions`` are the accounts it calls."""

    kind: Literal["CommentAdded"] = "CommentAdded"
    comment: str
    anchor: str
    text: str
    reply_to: str = ""
    mentions: tuple[str, ...] = ()

    def subject(self) -> str:
        return f"comment/{self.comment}"


class CommentResolved(Payload):
    """A thread was dealt with, or taken up again."""

    kind: Literal["CommentResolved"] = "CommentResolved"
    comment: str
    resolved: bool

    def subject(self) -> str:
        return f"comment/{self.comment}"

"""Experts, their sheets, and the common answers the panel settles."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from assessment.records.events.base import Answer, Number, Payload


class PanelAppointed(Payload):
    """Who fills a sheet on this case (account ids)."""

    kind: Literal["PanelAppointed"] = "PanelAppointed"
    experts: tuple[str, ...]

    def subject(self) -> str:
        return "panel"


class InterestDeclared(Payload):
    """An expert declared to have an interest in the draft, or none; one who has is off the panel."""

    kind: Literal["InterestDeclared"] = "InterestDeclared"
    expert: str
    conflict: bool
    statement: str = ""

    def subject(self) -> str:
        return f"declaration/{self.expert}"


class PanelMemberRemoved(Payload):
    """An expert was taken off the panel, with a reason; the sheets stay in the journal and count no more."""

    kind: Literal["PanelMemberRemoved"] = "PanelMemberRemoved"
    expert: str
    reason: str

    def subject(self) -> str:
        return f"sheet/{self.expert}"


class ItemScored(Payload):
    """One answer on one person's sheet; a later one for the same item replaces it."""

    kind: Literal["ItemScored"] = "ItemScored"
    expert: str
    checklist: str
    item: str
    answer: Answer | None
    reason: str = ""
    quotes: tuple[str, ...] = ()

    def subject(self) -> str:
        return f"sheet/{self.expert}/{self.checklist}/{self.item}"


class SheetSubmitted(Payload):
    """One person's sheet on one checklist is finished and locked."""

    kind: Literal["SheetSubmitted"] = "SheetSubmitted"
    expert: str
    checklist: str
    note: str = ""

    def subject(self) -> str:
        return f"sheet/{self.expert}/{self.checklist}"


class SheetReopened(Payload):
    """A submitted sheet was given back, with a reason."""

    kind: Literal["SheetReopened"] = "SheetReopened"
    expert: str
    checklist: str
    reason: str

    def subject(self) -> str:
        return f"sheet/{self.expert}/{self.checklist}"


class SettlementOpened(Payload):
    """All sheets are in and the panel sits down over them."""

    kind: Literal["SettlementOpened"] = "SettlementOpened"
    note: str = ""

    def subject(self) -> str:
        return "settlement"


class ItemSettled(Payload):
    """The panel's common answer on one item.

    ``votes`` is answer to number of votes; ``minority`` keeps the view that did not prevail; ``agreed`` tells
    an answer all sheets gave alike from one that was argued out.
    """

    kind: Literal["ItemSettled"] = "ItemSettled"
    checklist: str
    item: str
    answer: Answer
    reason: str = ""
    votes: dict[str, Number] = Field(default_factory=dict)
    minority: str = ""
    agreed: bool = False

    def subject(self) -> str:
        return f"settled/{self.checklist}/{self.item}"

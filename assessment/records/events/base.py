"""What every payload is, and the words several of them share."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

Lens = Literal["gender", "child"]
RelevanceLevel = Literal["none", "general", "key"]
Answer = Literal["符合", "部分符合", "不符合", "不适用", "证据不足"]
Lane = Literal["部门自评", "专项重点", "动态触发"]
Adoption = Literal["已落实", "部分落实", "未落实", "待核"]
Outcome = Literal["保留", "修改", "废止"]
Sha256 = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
Number = Annotated[int, Field(ge=0, le=2**31 - 1)]


class Payload(BaseModel):
    """What happened. Subclasses add the fields; ``kind`` is the class name."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    kind: str

    def subject(self) -> str:
        """The thing this event changes, within its case."""
        return "case"

    def files(self) -> tuple[str, ...]:
        """SHA-256 of every file of the file store this event rests on."""
        return ()

    def conflicts_with(self, subject: str) -> bool:
        """Whether a change of ``subject``, made after the writer last looked, must stop this event.

        It must if the whole case changed, or the same thing, or a part or the whole of it: a sheet
        cannot be submitted over an answer its writer has not seen.
        """
        own = self.subject()
        return (
            subject == "case"
            or subject == own
            or subject.startswith(f"{own}/")
            or own.startswith(f"{subject}/")
        )


def named(*files: str | None) -> tuple[str, ...]:
    """The files there are, without those an event did not bring."""
    return tuple(file for file in files if file)

"""How events hang together: the hash of one, the end of a chain, and what can be found wrong with it."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from datetime import timedelta
from typing import NamedTuple

from assessment.records.events import Event, canonical_json

CASE_ID = re.compile(r"[0-9A-Za-z_-]{1,64}")
"""What a case id may look like: it stands in addresses and file names."""


class Head(NamedTuple):
    """Where a case's chain ends: the number of its last event and that event's hash."""

    case_seq: int
    hash: str


@dataclass(frozen=True, slots=True)
class Problem:
    """Something ``verify`` found: where, and what is wrong (Chinese)."""

    place: str
    text: str

    def __str__(self) -> str:
        return f"{self.place}：{self.text}"


def event_hash(event: Event) -> str:
    """SHA-256 over the canonical JSON of the envelope without its own hash.

    Only fields that were written are hashed, so a field that gets a default in a later version of the
    program leaves the hashes of old events as they are.
    """
    envelope = event.model_dump(mode="json", exclude={"hash"}, exclude_unset=True)
    return hashlib.sha256(canonical_json(envelope).encode()).hexdigest()


def faults(event: Event, head: Head) -> list[str]:
    """What is wrong (Chinese) with ``event`` as the next one of a case whose chain ends at ``head``."""
    first = event.kind == "DraftReceived"
    checks = {
        f"事项内序号应为{head.case_seq + 1}，实为{event.case_seq}": event.case_seq == head.case_seq + 1,
        "与上一条记录的校验链不相连": event.previous_hash == head.hash,
        "种类与内容不符": event.kind == event.payload.kind,
        "收到草案应是且仅是第一条记录": first == (event.case_seq == 1),
        "事项编号无效": CASE_ID.fullmatch(event.case) is not None,
        "时间不是世界协调时": event.at.utcoffset() == timedelta(0),
        "内容与校验值不符": event_hash(event) == event.hash,
    }
    return [text for text, sound in checks.items() if not sound]

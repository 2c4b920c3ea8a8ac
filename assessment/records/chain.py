"""How events hang together: the hash of one, the end of a chain, and what can be found wrong with it."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import NamedTuple

from assessment.records.events import Event, canonical_json


class Head(NamedTuple):
    """Where a case's chain ends: the number of its last event and that event's hash."""

    case_seq: int
    hash: str


@dataclass(frozen=True, slots=True)
class Problem:
    """Something ``verify`` found: where, and what is wrong (Chinese)."""

    place: str
    text: str


def event_hash(event: Event) -> str:
    """SHA-256 over the canonical JSON of the envelope without its own hash.

    Only fields that were written are hashed, so a field that gets a default in a later version of the
    program leaves the hashes of old events as they are.
    """
    envelope = event.model_dump(mode="json", exclude={"hash"}, exclude_unset=True)
    return hashlib.sha256(canonical_json(envelope).encode()).hexdigest()

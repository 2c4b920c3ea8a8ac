"""An opinion as canonical JSON, and the hash that gets signed."""

from __future__ import annotations

import hashlib
import json

from pydantic import ValidationError

from assessment.messages import OpinionError
from assessment.opinions.models import Opinion


def to_json(opinion: Opinion) -> str:
    """JSON with sorted keys, no spaces and raw Unicode; the same opinion always gives the same text."""
    return json.dumps(
        opinion.model_dump(mode="json"), ensure_ascii=False, sort_keys=True, separators=(",", ":")
    )


def from_json(text: str) -> Opinion:
    """Read an opinion back; OpinionError E611 if the text is not one."""
    try:
        return Opinion.model_validate_json(text)
    except ValidationError as error:
        raise OpinionError("E611") from error


def opinion_hash(opinion: Opinion) -> str:
    """SHA-256 (hex) of the canonical JSON in UTF-8: the name of exactly this opinion."""
    return hashlib.sha256(to_json(opinion).encode()).hexdigest()

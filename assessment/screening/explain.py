"""What to tell a lawyer about each type of finding: meaning, reason, basis, look-alike, suggestion."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import yaml

from assessment.paths import CORPUS
from assessment.screening.models import Lens


@dataclass(frozen=True, slots=True)
class TypeText:
    """The Chinese texts that go with one type of finding.

    Attributes:
        meaning: what the type is.
        reason: why such words matter, as a possibility and never as a verdict.
        basis: citations in full form, e.g. ``妇女权益保障法第四十三条``.
        lookalike: the lawful clause it may be mistaken for, and how to tell.
        suggestion: wording or a course a drafter can paste; empty for relevant and protective.
    """

    meaning: str
    reason: str
    basis: tuple[str, ...]
    lookalike: str
    suggestion: str


def text_for(lens: Lens, concern_type: str) -> TypeText:
    """The texts for a concern type of the taxonomy, or for ``relevant`` or ``protective``.

    Raises:
        KeyError: the lens has no such type.
    """
    return _texts()[lens, concern_type]


@cache
def _texts() -> dict[tuple[str, str], TypeText]:
    data = yaml.safe_load((CORPUS / "explanations.yaml").read_text(encoding="utf-8"))
    return {
        (lens, name): TypeText(**{**entry, "basis": tuple(entry["basis"])})
        for lens in ("gender", "child")
        for name, entry in data[lens].items()
    }

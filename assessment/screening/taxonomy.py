"""The closed lists everything refers to: lenses, kinds, domains and concern types, from taxonomy.yaml."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import yaml

from assessment.paths import CORPUS
from assessment.screening.models import LENSES, Lens, Severity

_RANK: dict[Severity, int] = {"none": 0, "hint": 1, "medium": 2, "high": 3}


@dataclass(frozen=True, slots=True)
class ConcernType:
    """One way in which a clause can treat someone worse.

    Attributes:
        id: stable id, unique within its lens (``data_gap`` exists in both).
        lens: gender or child.
        label: Chinese name shown on the screen and in the opinion.
        severity: high, medium or hint.
        basis: short citations as the taxonomy writes them, e.g. ``妇女权益保障法43``.
    """

    id: str
    lens: Lens
    label: str
    severity: Severity
    basis: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Taxonomy:
    """Labels and lists; every mapping keeps the order of the file.

    Attributes:
        lenses: lens id to Chinese label.
        kinds: finding kind to Chinese label.
        domains: lens to (domain id to Chinese label).
        concerns: lens to (type id to ``ConcernType``).
    """

    lenses: dict[Lens, str]
    kinds: dict[str, str]
    domains: dict[Lens, dict[str, str]]
    concerns: dict[Lens, dict[str, ConcernType]]

    def gravest(self, lens: Lens, types: tuple[str, ...]) -> Severity:
        """The highest severity among concern types; ``none`` for an empty tuple."""
        found: list[Severity] = [self.concerns[lens][type_id].severity for type_id in types]
        return max(found, key=_RANK.__getitem__, default="none")


@cache
def load_taxonomy() -> Taxonomy:
    """The shipped taxonomy (``corpus/taxonomy.yaml``), read once."""
    raw = yaml.safe_load((CORPUS / "taxonomy.yaml").read_text(encoding="utf-8"))
    return Taxonomy(
        lenses={lens: raw["lenses"][lens]["zh"] for lens in LENSES},
        kinds={kind: entry["zh"] for kind, entry in raw["kinds"].items()},
        domains={lens: dict(raw["domains"][lens]) for lens in LENSES},
        concerns={lens: _concerns(lens, raw["concerns"][lens]) for lens in LENSES},
    )


def _concerns(lens: Lens, raw: dict[str, dict[str, object]]) -> dict[str, ConcernType]:
    return {
        type_id: ConcernType(
            id=type_id,
            lens=lens,
            label=str(entry["zh"]),
            severity=entry["severity"],  # type: ignore[arg-type]
            basis=tuple(str(item) for item in entry["basis"]),  # type: ignore[attr-defined]
        )
        for type_id, entry in raw.items()
    }

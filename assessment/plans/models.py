"""A development plan (妇女发展规划 / 儿童发展规划): domains, each with goals and measures."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Lens = Literal["gender", "child"]


@dataclass(frozen=True, slots=True)
class Goal:
    """A main goal (主要目标).

    Attributes:
        id: ``<lens>.<domain>.<n>``, e.g. ``gender.law.2``.
        number: its number within the domain, from 1.
        text: in the shipped index a paraphrase; in an imported plan the text as published.
        figures: the figures it sets, e.g. ``("孕产妇死亡率≤12/10万",)``.
        keywords: words that tie a clause to it (shipped index only).
    """

    id: str
    number: int
    text: str
    figures: tuple[str, ...] = ()
    keywords: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Measure:
    """A measure (策略措施): number within the domain and text as published."""

    number: int
    text: str


@dataclass(frozen=True, slots=True)
class Domain:
    """One field of a plan; ``id`` is the taxonomy's domain id, such as ``health``, or ``domain1`` if unknown."""

    id: str
    title: str
    goals: tuple[Goal, ...]
    measures: tuple[Measure, ...] = ()


@dataclass(frozen=True, slots=True)
class Plan:
    """One plan of one place for one lens."""

    title: str
    lens: Lens
    period: str
    domains: tuple[Domain, ...]

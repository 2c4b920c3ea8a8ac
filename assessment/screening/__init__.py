"""Clauses of a draft become findings, gaps and figure checks.

``screen(document)`` and ``classify(text)`` are the two ways in; ``load_engine()`` gives the engine itself.
Heavy libraries are loaded at the first call, not at import.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from assessment.documents.models import Document
from assessment.screening.models import Finding, Screening

if TYPE_CHECKING:
    from assessment.screening.engine import ScreeningEngine

__all__ = ["Finding", "Screening", "classify", "load_engine", "screen"]


def load_engine() -> ScreeningEngine:
    """The shipped engine, loaded once and safe to share between threads."""
    from assessment.screening import engine

    return engine.load_engine()


def screen(document: Document) -> Screening:
    """Screen every unit of a document under both lenses."""
    return load_engine().screen(document)


def classify(text: str) -> tuple[Finding, ...]:
    """Screen one clause given as text; offsets count from its beginning."""
    return load_engine().classify(text)

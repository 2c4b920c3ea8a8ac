"""A file becomes a ``Document``: clauses with number, path, text, page and offsets.

``read(data, name)`` is the one way in; ``to_json`` and ``from_json`` keep what it returns.
"""

from __future__ import annotations

from assessment.documents.guess import DOCUMENT_KINDS, STAGES
from assessment.documents.models import Clause, ClauseKind, Document, Guess, Style
from assessment.documents.read import MAX_BYTES, read
from assessment.documents.serial import from_json, to_json

__all__ = [
    "DOCUMENT_KINDS",
    "MAX_BYTES",
    "STAGES",
    "Clause",
    "ClauseKind",
    "Document",
    "Guess",
    "Style",
    "from_json",
    "read",
    "to_json",
]

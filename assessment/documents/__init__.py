"""A file becomes a ``Document``: clauses with number, path, text, page and offsets.

``read(data, name)`` is the one way in, and ``apart.read_apart`` the same in a process of its own, for what
strangers send; ``bundle.open_bundle`` opens a ZIP of several papers; ``corrected`` takes a person's text in
place of a recognised one; ``page_image`` draws a page to check it against; ``to_json`` and ``from_json``
keep what ``read`` returns.
"""

from __future__ import annotations

from assessment.documents.guess import DOCUMENT_KINDS, STAGES
from assessment.documents.models import Clause, ClauseKind, Document, Guess, RecognisedPage, Style
from assessment.documents.picture import page_image
from assessment.documents.read import MAX_BYTES, corrected, read
from assessment.documents.serial import from_json, to_json

__all__ = [
    "DOCUMENT_KINDS",
    "MAX_BYTES",
    "STAGES",
    "Clause",
    "ClauseKind",
    "Document",
    "Guess",
    "RecognisedPage",
    "Style",
    "corrected",
    "from_json",
    "page_image",
    "read",
    "to_json",
]

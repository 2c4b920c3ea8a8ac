"""A document as JSON and back, for the file store."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Any

from assessment.documents.models import Clause, Document, Guess, RecognisedPage
from assessment.messages import DocumentError

FORMAT_VERSION = 1


def to_json(document: Document) -> str:
    """The document as one line of JSON, keys in the order of the models; Chinese is not escaped."""
    return json.dumps({"version": FORMAT_VERSION, **asdict(document)}, ensure_ascii=False)


def from_json(text: str) -> Document:
    """The document that ``to_json`` wrote; DocumentError E124 if it is damaged or of another version."""
    try:
        fields = json.loads(text)
        if fields.pop("version") != FORMAT_VERSION:
            raise ValueError("another version")
        document = _document(fields)
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        raise DocumentError("E124") from error
    if any(document.text[clause.start : clause.end] != clause.text for clause in document.clauses):
        raise DocumentError("E124")
    return document


def _document(fields: dict[str, Any]) -> Document:
    return Document(
        **{
            **fields,
            "clauses": tuple(Clause(**{**item, "path": tuple(item["path"])}) for item in fields["clauses"]),
            "document_kind": Guess(**fields["document_kind"]),
            "stage": Guess(**fields["stage"]),
            "number": _optional(fields.get("number")),
            "drafting_unit": _optional(fields.get("drafting_unit")),
            "notes": tuple(fields["notes"]),
            "recognised": tuple(
                RecognisedPage(**{**item, "doubtful": tuple(item["doubtful"])})
                for item in fields.get("recognised", ())
            ),
        }
    )


def _optional(guess: dict[str, str] | None) -> Guess | None:
    return Guess(**guess) if guess is not None else None

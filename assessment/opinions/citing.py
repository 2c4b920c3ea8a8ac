"""How a person names a clause in writing: 第十二条第二款第（三）项."""

from __future__ import annotations

from assessment.documents.models import Clause, Document

_HEADINGS = ("part", "chapter", "section")


def cite(document: Document, clause_id: str) -> str:
    """The clause's full name, headings (编, 章, 节) left out; KeyError if the document has no such clause."""
    clause = document.clause(clause_id)
    own = _own_name(clause)
    if clause.parent is None or document.clause(clause.parent).kind in _HEADINGS:
        return own
    above = cite(document, clause.parent)
    return own if own.startswith(above) else above + own


def _own_name(clause: Clause) -> str:
    match clause.kind:
        case "item":
            return f"第{clause.label}项"
        case "subitem":
            return f"第{clause.label.rstrip('.．、')}目"
        case _:
            return clause.label

"""The words of a draft that are proposed law, where only part of it is: 对照表, 修正案草案, 修改决定.

A comparison table holds the current wording too, and an amending paper names the words it takes out. Neither is what
the drafter proposes, and a finding there would be one against the law as it stands.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from assessment.documents.amendments import Amendment, amendments
from assessment.documents.models import Clause, Document
from assessment.documents.parallel import Span, parallel_rows

ENACTS = frozenset({"modify", "add", "replace"})


def proposed_spans(document: Document) -> tuple[Span, ...] | None:
    """The spans of ``document.text`` that are proposed law, in reading order and apart from each other.

    Of a comparison table that is the proposed column (the current one where it says 不变); of an amending item its
    quoted new text, or where it quotes none, its words without those it takes out; nothing of an item that only takes
    out or renumbers. All other units count whole: they are the paper's own.

    Returns:
        The spans, none of them empty, perhaps no span at all; None for a document that neither amends nor compares,
        all of which is proposed.
    """
    rows = {row.clause: row.proposed for row in parallel_rows(document)}
    operations: dict[str, list[Amendment]] = {}
    for operation in amendments(document):
        if operation.clause not in rows:
            operations.setdefault(operation.clause, []).append(operation)
    if not operations and not rows:
        return None
    tables = [(clause.start, clause.end) for clause in document.clauses if clause.id in rows]
    found = {span for span in rows.values() if span is not None}
    for unit in document.units:
        if unit.id in operations:
            found.update(_enacted(unit, operations[unit.id]))
        else:
            found.update(_without((unit.start, unit.end), tables))
    return tuple(sorted(span for span in found if document.text[slice(*span)].strip()))


def _enacted(unit: Clause, operations: Sequence[Amendment]) -> Iterator[Span]:
    """What an amending item puts into the law."""
    quoted = [operation.new for operation in operations if operation.new is not None]
    if quoted:
        yield from quoted
    elif any(operation.action in ENACTS for operation in operations):
        gone = [span for operation in operations for span in operation.old]
        gone += [(one.start, one.end) for one in operations if one.action not in ENACTS]
        yield from _without((unit.start, unit.end), gone)


def _without(span: Span, holes: Iterable[Span]) -> Iterator[Span]:
    """What is left of a span outside the holes."""
    start, end = span
    for begin, until in sorted(holes):
        if until > start and begin < end:
            if begin > start:
                yield start, begin
            start = max(start, until)
    if start < end:
        yield start, end

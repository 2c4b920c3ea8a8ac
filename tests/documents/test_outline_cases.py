"""Golden files: a draft, a separator, and the outline it must become.

Run this module as a script with the name of a case to print the outline to be reviewed.
"""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from assessment.documents import Document, read

CASES = Path(__file__).parent / "cases"
SEPARATOR = "======== outline ========\n"
SHOWN = 22


def rendered(document: Document) -> str:
    """Title, guesses and one line a clause: unit mark, id, kind, label, path, beginning and end."""
    lines = [
        f"title: {document.title}",
        f"kind: {document.document_kind.value}  stage: {document.stage.value}  style: {document.style}",
    ]
    if document.number or document.drafting_unit:
        named = [guess.value if guess else "—" for guess in (document.number, document.drafting_unit)]
        lines.append(f"number: {named[0]}  unit: {named[1]}")
    for clause in document.clauses:
        mark = "*" if clause.unit else "-"
        lines.append(f"{mark} {clause.id} {clause.kind} {clause.label} | {' / '.join(clause.path)}")
        lines.append(f"      {_shortened(clause.text)}")
    return "\n".join(lines) + "\n"


def _shortened(text: str) -> str:
    text = text.replace("\n", "⏎").replace("\u3000", "□")
    return text if len(text) <= 2 * SHOWN else f"{text[:SHOWN]} … {text[-SHOWN:]}"


@pytest.mark.parametrize("case", sorted(CASES.glob("*.txt")), ids=lambda path: path.stem)
def test_outline_of_case(case: Path) -> None:
    draft, expected = case.read_text("utf-8").split(SEPARATOR)
    assert rendered(read(draft.encode(), f"{case.stem}.txt")) == expected


if __name__ == "__main__":
    source = (CASES / f"{sys.argv[1]}.txt").read_text("utf-8").split(SEPARATOR)[0]
    print(rendered(read(source.encode(), f"{sys.argv[1]}.txt")), end="")

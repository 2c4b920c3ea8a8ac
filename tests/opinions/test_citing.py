"""Names of clauses as a person writes them."""

from __future__ import annotations

import pytest

from assessment.documents.models import Clause, ClauseKind, Document, Guess
from assessment.opinions import cite
from tests.opinions import samples


@pytest.mark.parametrize(
    ("clause", "name"),
    [
        ("a12", "第十二条"),
        ("a12.k2", "第十二条第二款"),
        ("a12.k2.x1", "第十二条第二款第（一）项"),
        ("c1", "第一章"),
    ],
)
def test_cite_regulation(clause: str, name: str) -> None:
    assert cite(samples.DOCUMENT, clause) == name


def test_cite_unknown_clause() -> None:
    with pytest.raises(KeyError):
        cite(samples.DOCUMENT, "a99")


def _clause(clause_id: str, kind: ClauseKind, label: str, parent: str | None) -> Clause:
    return Clause(clause_id, kind, label, (label,), "", 0, 0, None, parent)


@pytest.mark.parametrize("label", ["（二）", "一、（二）"], ids=["own number", "full number"])
def test_cite_policy_does_not_repeat_the_heading_number(label: str) -> None:
    clauses = (_clause("l1", "level1", "一、", None), _clause("l1.2", "level2", label, "l1"))
    guess = Guess("", "")
    document = Document("方案.docx", "", "docx", "", clauses, "方案", guess, guess, "policy")
    assert cite(document, "l1.2") == "一、（二）"


def test_cite_subitem() -> None:
    clauses = (
        _clause("a1", "article", "第一条", None),
        _clause("a1.x1", "item", "（一）", "a1"),
        _clause("a1.x1.m2", "subitem", "2.", "a1.x1"),
    )
    guess = Guess("", "")
    document = Document("办法.docx", "", "docx", "", clauses, "办法", guess, guess, "regulation")
    assert cite(document, "a1.x1.m2") == "第一条第（一）项第2目"

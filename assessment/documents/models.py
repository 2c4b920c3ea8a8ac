"""What a draft becomes once it is read: a text, and the clauses that point into it.

Offsets are sacred: for every clause, ``document.text[clause.start:clause.end] == clause.text``.
Offsets count Unicode code points, as Python strings do.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

ClauseKind = Literal[
    "part",  # 编
    "chapter",  # 章
    "section",  # 节
    "article",  # 条
    "paragraph",  # 款 (an unnumbered paragraph below an article), or a plain paragraph elsewhere
    "item",  # 项 （一）
    "subitem",  # 目 1.
    "level1",  # 一、      policy style
    "level2",  # （一）    policy style
    "level3",  # 1.        policy style
    "level4",  # （1）     policy style
    "row",  # a table row carrying its column heads
    "preamble",  # what stands between the title and the first numbered clause
    "signature",  # issuing body and date at the end
    "contents",  # a printed table of contents
]
"""What part of the outline a clause is."""

Style = Literal["regulation", "policy", "plain"]
"""regulation: numbered 第…条; policy: 一、（一）1.（1）; plain: neither."""


@dataclass(frozen=True, slots=True)
class Clause:
    """One numbered (or, for 款 and plain text, positional) part of a document.

    Attributes:
        id: stable inside the document and readable, e.g. ``a12``, ``a12.k2``, ``a12.k2.x3``.
        kind: see ``ClauseKind``.
        label: the number as a person cites it: ``第十二条``, ``第二款``, ``（三）``, ``一、(二)3.``.
        path: labels from the top down to and including this clause, headings with their titles,
            e.g. ``("第二章 服务", "第十二条", "第二款", "（三）")``.
        text: exactly ``document.text[start:end]``; an article's text includes its 款 and 项.
        start, end: code-point offsets into ``Document.text``.
        page: page (from 1) on which the clause begins; None where the format has no pages.
        parent: id of the enclosing clause, or None at the top.
        unit: True for the clauses that are assessed one by one: every article; in other styles
            every leaf numbered clause, table row or free paragraph. Units never overlap and
            together cover all text but title, headings, contents and signature.
    """

    id: str
    kind: ClauseKind
    label: str
    path: tuple[str, ...]
    text: str
    start: int
    end: int
    page: int | None = None
    parent: str | None = None
    unit: bool = False


@dataclass(frozen=True, slots=True)
class Guess:
    """A value the program proposes and a person may correct.

    Attributes:
        value: the proposed value, in Chinese; kind and stage are from the closed lists in ``documents.guess``.
        reason: one Chinese phrase that says what it was inferred from.
    """

    value: str
    reason: str


@dataclass(frozen=True, slots=True)
class RecognisedPage:
    """A page whose text was recognised from its picture and must be checked by a person.

    Attributes:
        page: number from 1.
        confidence: mean over its characters of what the engine gave, 0 to 1; 0 if nothing was found.
        doubtful: the lines the engine was least sure of, as recognised.
    """

    page: int
    confidence: float
    doubtful: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Document:
    """A draft as read.

    Attributes:
        name: the file name it came under.
        sha256: hex digest of the original bytes.
        format: docx, doc, rtf, odt, pdf, ofd, image, txt, md or html, by content and not by file name.
        text: the whole text, line breaks of the layout joined, nothing else rewritten.
        clauses: in reading order, parents before children.
        title: as printed, or the file name without its ending.
        document_kind: guessed kind, e.g. 地方性法规, 政府规章, 行政规范性文件, 规划, 实施方案, 村规民约.
        stage: guessed stage, e.g. 起草, 征求意见, 送审, 公布.
        style: how it is numbered.
        notes: Chinese remarks of the reader, e.g. pages without text, tables that were flattened.
        recognised: the pages that are recognised text, in order; empty where all text was written as such.
        number: guessed number of the paper (文号), or None where none is printed.
        drafting_unit: guessed unit that drafted or issues it, or None where nothing says so.
    """

    name: str
    sha256: str
    format: str
    text: str
    clauses: tuple[Clause, ...]
    title: str
    document_kind: Guess
    stage: Guess
    style: Style
    notes: tuple[str, ...] = ()
    recognised: tuple[RecognisedPage, ...] = ()
    number: Guess | None = None
    drafting_unit: Guess | None = None

    @property
    def units(self) -> tuple[Clause, ...]:
        """The clauses that are assessed one by one, in reading order."""
        return tuple(clause for clause in self.clauses if clause.unit)

    def clause(self, clause_id: str) -> Clause:
        """Return the clause with this id; KeyError if the document has none."""
        for clause in self.clauses:
            if clause.id == clause_id:
                return clause
        raise KeyError(clause_id)

"""Comparison tables (对照表): rows that hold the current wording beside the proposed one.

A row's text carries its column heads (现行条文：…；修改后条文：…); a head is looked for only at the
beginning of the row or behind the semicolon that parts its columns, and is the one most rows of the table share.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from assessment.documents.models import Clause, Document

CURRENT = re.compile(
    r"(?:^|；)(?P<head>[^：；。]{0,12}(?:现行|原(?:条文|文|规定|条款|稿|内容)|修改前|修订前|现有|当前)[^：；。]{0,12})："
)
PROPOSED = re.compile(
    r"(?:^|；)(?P<head>(?![^：；。]{0,12}(?:现行|原(?:条文|文|规定|条款|稿|内容)|修改前|修订前))[^：；。]{0,12}"
    r"(?:修改后|修订后|修正后|拟修改|拟修订|修改稿|修订稿|修正案|草案|征求意见稿|送审稿|修改建议|修改条文|新条文|调整后)[^：；。]{0,12})："
)
OTHER_HEAD = re.compile(
    r"；(?:修改)?(?:说明|理由|依据|备注|修改说明|修改理由|修改依据|立法依据|序号|修改情况)："
)
REMOVED = re.compile(r"[（(【\[]?(?:删除|删去|此条删除|本条删除|无|——|-+|/)[）)】\]]?[。]?")
UNCHANGED = re.compile(r"[（(【\[]?(?:不变|未修改|同左|无修改|保持不变|不作修改|内容不变)[）)】\]]?[。]?")

Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class ParallelRow:
    """A row of a comparison table.

    Attributes:
        clause: id of the row.
        current, proposed: spans of the two wordings in ``Document.text``; None where the cell is empty,
            or says that the place is taken out.
        unchanged: whether the proposed cell says 不变; ``proposed`` is then the current wording.
    """

    clause: str
    current: Span | None
    proposed: Span | None
    unchanged: bool = False


def parallel_rows(document: Document) -> tuple[ParallelRow, ...]:
    """The rows of comparison tables in reading order; empty where there is no such table.

    A table is one if at least one of its rows has both a current and a proposed column.
    """
    rows = [clause for clause in document.clauses if clause.kind == "row"]
    tables: dict[str, list[Clause]] = {}
    for row in rows:
        tables.setdefault(_table(row), []).append(row)
    found: list[ParallelRow] = []
    for table in tables.values():
        if any(CURRENT.search(row.text) and PROPOSED.search(row.text) for row in table):
            current, proposed = _head(table, CURRENT), _head(table, PROPOSED)
            found += [_row(row, current, proposed) for row in table]
    return tuple(found)


def _table(row: Clause) -> str:
    return re.sub(r"\.?r\d+(?:_\d+)?$", "", row.id)


def _head(table: Sequence[Clause], pattern: re.Pattern[str]) -> re.Pattern[str]:
    """The head of a column, as a pattern: of all that look like one, that which most rows have."""
    seen = Counter(head for row in table for head in dict.fromkeys(pattern.findall(row.text)))
    return re.compile(rf"(?:^|；){re.escape(seen.most_common(1)[0][0])}：")


def _row(row: Clause, now: re.Pattern[str], then: re.Pattern[str]) -> ParallelRow:
    heads = [found for pattern in (now, then, OTHER_HEAD) if (found := pattern.search(row.text))]
    current = _cell(row, now.search(row.text), heads)
    proposed = _cell(row, then.search(row.text), heads)
    words = row.text[proposed[0] - row.start : proposed[1] - row.start] if proposed else ""
    if REMOVED.fullmatch(words):
        proposed = None
    if UNCHANGED.fullmatch(words):
        return ParallelRow(row.id, current, current, unchanged=True)
    return ParallelRow(row.id, current, proposed)


def _cell(row: Clause, head: re.Match[str] | None, heads: Sequence[re.Match[str]]) -> Span | None:
    """The words of a cell: from behind its head to the next head of the row."""
    if head is None:
        return None
    end = min((other.start() for other in heads if other.start() > head.start()), default=len(row.text))
    words = row.text[head.end() : end]
    start = row.start + head.end() + len(words) - len(words.lstrip())
    return (start, start + len(words.strip())) if words.strip() else None

"""Two versions as a redline: what went is struck out, what came is underlined, each clause with what became of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from heapq import merge
from typing import Literal

from assessment.documents.compare import Comparison, Row, Status
from assessment.documents.models import Clause, Document
from assessment.documents.redline import Change
from assessment.web.frame import text as escaped

View = Literal["inline", "beside"]
VIEWS: dict[View, str] = {"inline": "修订样式", "beside": "左右对照"}

STATUS: dict[Status, str] = {
    "edited": "修改",
    "added": "新增",
    "removed": "删除",
    "split": "拆分",
    "merged": "合并",
    "moved": "移动",
    "renumbered": "仅序号变化",
    "unchanged": "未变化",
}
CHANGED: tuple[Status, ...] = tuple(status for status in STATUS if status != "unchanged")

STYLE = """
<style>
.redline { border-top: 1px solid #c9d3dd; font-size: 15px; line-height: 1.9; background: #fff; }
.redline .row { display: grid; grid-template-columns: 9.5rem 1fr; border-bottom: 1px solid #dfe5eb; }
.redline .row.beside { grid-template-columns: 9.5rem 1fr 1fr; }
.redline .margin { padding: .45rem .6rem; background: #f3f6f9; font-size: .85rem; line-height: 1.6; color: #3c4a57; }
.redline .body { padding: .45rem .8rem; white-space: pre-wrap; overflow-wrap: anywhere; }
.redline .row.beside .body + .body { border-left: 1px solid #dfe5eb; }
.redline .frame .body { font-weight: 700; }
.redline .head { font-weight: 700; background: #e4eaf0; }
.redline del { color: #a3201a; background: #fdebe8; text-decoration: line-through; }
.redline ins { color: #14602f; background: #e2f2e6; text-decoration: underline; text-underline-offset: 3px; }
.redline .status { display: inline-block; font-weight: 700; }
.redline .edited .status, .redline .split .status, .redline .merged .status { color: #8a4a00; }
.redline .added .status { color: #14602f; } .redline .removed .status { color: #a3201a; }
.redline .moved .status, .redline .renumbered .status { color: #1f5f8b; }
.redline .note { display: block; color: #5b4a00; }
</style>
"""


def redline(
    old: Document,
    new: Document,
    comparison: Comparison,
    statuses: Iterable[Status],
    view: View = "inline",
    notes: Mapping[str, str] | None = None,
) -> str:
    """The comparison as HTML; everything from the drafts is escaped.

    Args:
        statuses: which rows to show.
        notes: id of a unit of the new version to a remark in the margin.
    """
    wanted = set(statuses)
    rows = [
        _row(old, new, row, view, framing, notes or {})
        for framing, row in _in_order(new, comparison)
        if row.status in wanted
    ]
    return f'{STYLE}<div class="redline">{_head(view)}{"".join(rows)}</div>'


def changed_words(old: Document, new: Document, row: Row) -> str:
    """The redline of one row alone, as HTML."""
    return f'{STYLE}<div class="redline"><div class="body">{_inline(old, new, row)}</div></div>'


def _head(view: View) -> str:
    if view == "inline":
        return ""
    return (
        '<div class="row beside head"><div class="margin"></div>'
        '<div class="body">原版本</div><div class="body">新版本</div></div>'
    )


def _in_order(new: Document, comparison: Comparison) -> Iterable[tuple[bool, Row]]:
    """Units and headings in the order of the new version, each with whether it is a heading."""

    def placed(rows: Iterable[Row], framing: bool) -> Iterable[tuple[int, bool, Row]]:
        place = 0
        for row in rows:
            place = new.clause(row.new[0]).start if row.new else place
            yield place, framing, row

    both = merge(
        placed(comparison.frame, True),
        placed(comparison.rows, False),
        key=lambda item: (item[0], not item[1]),
    )
    return ((framing, row) for _, framing, row in both)


def _row(old: Document, new: Document, row: Row, view: View, framing: bool, notes: Mapping[str, str]) -> str:
    classes = f"row {view} {row.status}{' frame' if framing else ''}"
    bodies = (
        [_inline(old, new, row)]
        if view == "inline"
        else [_side(old, row, row.old, "removed"), _side(new, row, row.new, "added")]
    )
    cells = "".join(f'<div class="body">{body}</div>' for body in bodies)
    margin = _margin(old, new, row, framing) + "".join(
        f'<span class="note">{escaped(notes[unit])}</span>' for unit in row.new if unit in notes
    )
    return f'<div class="{classes}"><div class="margin">{margin}</div>{cells}</div>'


def _margin(old: Document, new: Document, row: Row, framing: bool) -> str:
    """What became of the clause, and its numbers before and after."""
    if framing and row.status == "unchanged":
        return ""
    words = STATUS[row.status]
    if row.moved and row.status != "moved":
        words += "并移动"
    before, after = (_labels(old, row.old), _labels(new, row.new))
    numbers = before if before == after else " → ".join(part for part in (before, after) if part)
    return f'<span class="status">{words}</span><br>{escaped(numbers)}'


def _labels(document: Document, ids: Iterable[str]) -> str:
    return "、".join(document.clause(unit).label for unit in ids)


def _inline(old: Document, new: Document, row: Row) -> str:
    if row.changes:
        return "".join(_change(old, new, change) for change in row.changes)
    if row.status == "removed":
        return "<br>".join(f"<del>{escaped(old.clause(unit).text)}</del>" for unit in row.old)
    if row.status == "added":
        return "<br>".join(f"<ins>{escaped(new.clause(unit).text)}</ins>" for unit in row.new)
    return _renumbered(old.clause(row.old[0]), new.clause(row.new[0]))


def _renumbered(before: Clause, after: Clause) -> str:
    """A clause whose words stand as they were, its number struck out if it has another."""
    if before.label == after.label or not after.text.startswith(after.label):
        return escaped(after.text)
    rest = after.text[len(after.label) :]
    return f"<del>{escaped(before.label)}</del><ins>{escaped(after.label)}</ins>{escaped(rest)}"


def _change(old: Document, new: Document, change: Change) -> str:
    if change.kind == "removed":
        return f"<del>{escaped(old.text[slice(*change.old)])}</del>"
    words = escaped(new.text[slice(*change.new)])
    return f"<ins>{words}</ins>" if change.kind == "added" else words


def _side(document: Document, row: Row, ids: Iterable[str], kind: Literal["removed", "added"]) -> str:
    """One version's wording of a row, with what the other has not marked."""
    tag = "del" if kind == "removed" else "ins"
    if not row.changes:
        texts = "<br>".join(escaped(document.clause(unit).text) for unit in ids)
        return f"<{tag}>{texts}</{tag}>" if row.status == kind else texts
    parts = []
    for change in row.changes:
        words = escaped(document.text[slice(*(change.old if kind == "removed" else change.new))])
        if change.kind == kind:
            parts.append(f"<{tag}>{words}</{tag}>")
        elif change.kind == "same":
            parts.append(words)
    return "".join(parts)

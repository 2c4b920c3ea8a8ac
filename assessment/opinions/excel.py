"""The opinion as an Excel workbook: a sheet with the summary, and one for every table of the paper.

Texts are stored as texts. One that a spreadsheet would take for a formula is marked as quoted, so that it
shows as written and is never evaluated.
"""

from __future__ import annotations

import io
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from openpyxl import Workbook
from openpyxl.cell import Cell
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from assessment.opinions.models import ChecklistScore, Opinion
from assessment.opinions.serial import opinion_hash
from assessment.opinions.words import LENS, LEVEL, SEVERITIES, SEVERITY, clean, day, type_names

Value = str | float | int | None

_FORMULA_STARTS = ("=", "+", "-", "@", "\t")
_NOT_IN_A_SHEET_NAME = re.compile(r"[\[\]:*?/\\]")
_THIN = Side(style="thin", color="999999")


@dataclass(frozen=True, slots=True)
class _Sheet:
    name: str
    heads: tuple[str, ...]
    widths: tuple[int, ...]
    rows: tuple[tuple[Value, ...], ...]


def render_xlsx(opinion: Opinion) -> bytes:
    """The opinion as a .xlsx file."""
    book = Workbook()
    book.remove(book.active)
    for sheet in _sheets(opinion):
        _write(book.create_sheet(sheet_name(sheet.name, book.sheetnames)), sheet)
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def _sheets(opinion: Opinion) -> Iterator[_Sheet]:
    yield _Sheet("摘要", ("项目", "内容"), (24, 90), tuple(_summary(opinion)))
    yield _Sheet(
        "相关性判断",
        ("方面", "判断", "理由"),
        (14, 14, 90),
        tuple((LENS[row.lens], LEVEL[row.level], row.reason) for row in opinion.relevance),
    )
    yield _Sheet(
        "评估过程", ("日期", "事项"), (18, 90), tuple((day(step.on), step.what) for step in opinion.process)
    )
    yield _Sheet(
        "具体意见",
        ("序号", "方面", "等级", "问题类型", "条款", "原文", "问题", "依据", "相似而合法的情形", "建议"),
        (6, 10, 8, 16, 18, 40, 40, 28, 36, 40),
        tuple(
            (
                number,
                LENS[row.lens],
                SEVERITY[row.severity],
                type_names(row.lens, row.types),
                row.clause,
                row.quote,
                row.problem,
                "\n".join(row.basis),
                row.lookalike,
                row.proposal,
            )
            for number, row in enumerate(opinion.recommendations, start=1)
        ),
    )
    yield _Sheet(
        "缺项建议",
        ("序号", "方面", "缺项", "说明", "依据", "建议"),
        (6, 10, 24, 50, 28, 50),
        tuple(
            (number, LENS[gap.lens], gap.title, gap.reason, "\n".join(gap.basis), gap.proposal)
            for number, gap in enumerate(opinion.gaps, start=1)
        ),
    )
    yield _Sheet(
        "指标核对",
        ("条款", "原文", "文中数值", "要求", "核对结果", "依据"),
        (18, 50, 16, 20, 14, 30),
        tuple((f.clause, f.quote, f.value, f.expected, f.verdict, f.basis) for f in opinion.figures),
    )
    for result in opinion.scores:
        yield _score(result)
    yield _Sheet(
        "证据不足", ("序号", "清单项"), (6, 100), tuple(enumerate(opinion.evidence_missing, start=1))
    )
    yield _Sheet(
        "值得保留的条款",
        ("方面", "条款", "原文", "说明"),
        (10, 18, 60, 60),
        tuple((LENS[row.lens], row.clause, row.quote, row.note) for row in opinion.protective),
    )


def _summary(opinion: Opinion) -> Iterator[tuple[Value, ...]]:
    severities = Counter[str](row.severity for row in opinion.recommendations)
    yield "标题", opinion.title
    yield "文号", opinion.number
    yield "致送单位", opinion.addressee
    yield "评估单位", opinion.site_name
    yield "签发人", opinion.signatory
    yield "日期", day(opinion.composed_on)
    yield "评估文件", opinion.draft_title
    yield "文件类型", opinion.draft_kind
    yield "所处阶段", opinion.draft_stage
    yield "起草单位", opinion.drafting_unit
    yield "稿次", opinion.draft_version
    yield "总体结论", opinion.conclusion
    yield "结论说明", opinion.explanation
    for level in SEVERITIES[:3]:
        yield f"具体意见（{SEVERITY[level]}）", severities[level]
    yield "缺项建议", len(opinion.gaps)
    yield "证据不足的清单项", len(opinion.evidence_missing)
    for result in opinion.scores:
        yield f"得分：{result.title}", result.value
        yield "计算", result.formula
    yield "评估依据", "\n".join(opinion.basis)
    yield "反馈期限（日）", opinion.reply_days
    yield "联系人", opinion.contact
    yield "文件名", opinion.draft_file_name
    yield "文件SHA-256", opinion.draft_sha256
    yield "评估意见SHA-256", opinion_hash(opinion)
    yield "流水末端哈希", opinion.journal_head
    yield "筛查程序", opinion.engine
    yield "说明", opinion.advisory


def _score(result: ChecklistScore) -> _Sheet:
    experts = result.experts
    return _Sheet(
        f"评分 {result.title}",
        ("编号", "分组", "评估内容", *experts, "合议答案", "理由", "原文"),
        (8, 18, 50, *(12 for _ in experts), 12, 50, 50),
        tuple(
            (
                item.item,
                item.group,
                item.question,
                *(answer or "未作答" for answer in item.answers),
                item.settled or "未形成一致",
                "\n".join(f"{e}：{r}" for e, r in zip(experts, item.reasons, strict=True) if r.strip()),
                "\n".join(item.quotes),
            )
            for item in result.items
        ),
    )


def sheet_name(wanted: str, taken: Sequence[str]) -> str:
    """A sheet name Excel accepts: at most 31 characters, none of ``[]:*?/\\``, not used before."""
    name = _NOT_IN_A_SHEET_NAME.sub(" ", clean(wanted)).strip("' ")[:31]
    number = 2
    while name.lower() in (other.lower() for other in taken):
        name = f"{name[:27]} {number}"
        number += 1
    return name


def _write(target: Worksheet, sheet: _Sheet) -> None:
    for column, (head, width) in enumerate(zip(sheet.heads, sheet.widths, strict=True), start=1):
        cell = target.cell(1, column)
        _put(cell, head)
        cell.font = Font(bold=True)
        cell.fill = PatternFill("solid", start_color="EDEDED")
        target.column_dimensions[get_column_letter(column)].width = width
    for number, row in enumerate(sheet.rows, start=2):
        for column, value in enumerate(row, start=1):
            _put(target.cell(number, column), value)
    target.freeze_panes = "A2"
    target.print_title_rows = "1:1"
    target.page_setup.orientation = "landscape"
    target.page_setup.paperSize = target.PAPERSIZE_A4
    target.page_setup.fitToHeight = 0
    target.sheet_properties.pageSetUpPr.fitToPage = True


def _put(cell: Cell, value: Value) -> None:
    if isinstance(value, str):
        text = clean(value)
        cell.value = text
        cell.data_type = "s"
        cell.quotePrefix = text.startswith(_FORMULA_STARTS)
    else:
        cell.value = value
    cell.alignment = Alignment(wrap_text=True, vertical="top")
    cell.border = Border(_THIN, _THIN, _THIN, _THIN)

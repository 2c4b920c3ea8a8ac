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

from assessment.opinions.models import ChecklistScore, Opinion, PanelAnswer, SecondReading, SelfAnswer
from assessment.opinions.scoring import common_name
from assessment.opinions.serial import opinion_hash
from assessment.opinions.words import LENS, LEVEL, SEVERITIES, SEVERITY, clean, day, type_names, votes
from assessment.panel import METHOD

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
    yield _relevance(opinion)
    if opinion.affected:
        yield _Sheet(
            "受影响人群",
            ("方面", "性别", "年龄", "群体", "影响", "说明"),
            (14, 14, 14, 14, 14, 60),
            tuple(
                (LENS[groups.lens], *cell, groups.note)
                for groups in opinion.affected
                for cell in groups.cells
            ),
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
    if any(result.agreement for result in opinion.scores):
        yield _agreement(opinion)
    for result in opinion.scores:
        yield _score(result)
    yield _Sheet(
        "证据不足", ("序号", "清单项"), (6, 100), tuple(enumerate(opinion.evidence_missing, start=1))
    )
    if opinion.data_gaps:
        yield _Sheet(
            "数据缺口",
            ("缺少的数据", "分组要求", "方面", "提供单位", "预计补齐", "清单项"),
            (40, 30, 14, 24, 18, 12),
            tuple(
                (
                    gap.figure,
                    gap.breakdown,
                    LENS[gap.lens],
                    gap.holder,
                    day(gap.promised) if gap.promised else "",
                    gap.item,
                )
                for gap in opinion.data_gaps
            ),
        )
    yield _Sheet(
        "值得保留的条款",
        ("方面", "条款", "原文", "说明"),
        (10, 18, 60, 60),
        tuple((LENS[row.lens], row.clause, row.quote, row.note) for row in opinion.protective),
    )


def _relevance(opinion: Opinion) -> _Sheet:
    heads: tuple[str, ...] = ("方面", "判断", "理由")
    rows: list[tuple[Value, ...]] = [
        (LENS[row.lens], LEVEL[row.level], row.reason) for row in opinion.relevance
    ]
    if not any(row.second for row in opinion.relevance):
        return _Sheet("相关性判断", heads, (14, 14, 90), tuple(rows))
    readings = [row.second for row in opinion.relevance]
    seconds = [
        (LEVEL[r.first_level], r.first_reason, LEVEL[r.level], r.reason, _standing(r)) if r else ("",) * 5
        for r in readings
    ]
    return _Sheet(
        "相关性判断",
        (*heads, "初判", "初判理由", "复核", "复核理由", "复核结果"),
        (14, 14, 50, 14, 40, 14, 40, 16),
        tuple((*row, *second) for row, second in zip(rows, seconds, strict=True)),
    )


def _standing(reading: SecondReading) -> str:
    if reading.agrees:
        return "一致"
    return "不一致，已处理" if reading.settled else "不一致，尚未处理"


def _agreement(opinion: Opinion) -> _Sheet:
    return _Sheet(
        "专家一致程度",
        ("清单", "专家人数", "比较项", "一致项", "一致率（%）", "κ", "α（名义）", "α（次序）", "算法"),
        (36, 10, 10, 10, 14, 10, 12, 12, 70),
        tuple(
            (
                result.title,
                len(result.experts),
                figures.items,
                figures.unanimous,
                *map(
                    _rounded, (figures.percent, figures.kappa, figures.alpha_nominal, figures.alpha_ordinal)
                ),
                METHOD,
            )
            for result in opinion.scores
            if (figures := result.agreement)
        ),
    )


def _rounded(value: float | None) -> Value:
    return "没有定义" if value is None else round(value, 4)


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
    if opinion.committee:
        yield "委员会审议", f"{day(opinion.committee.on)}{opinion.committee.decision}"
        yield "委员会表决", "、".join(votes(opinion.committee.votes))
        yield "委员会条件", opinion.committee.conditions
    if opinion.skipped:
        yield "没有经过的环节", "、".join(opinion.skipped)
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
    panel = any(item.panel for item in result.items)
    own = any(item.own for item in result.items)
    return _Sheet(
        f"评分 {result.title}",
        (
            *("编号", "分组", "评估内容", *experts, common_name(result)),
            *(("表决", "合议理由", "少数意见") if panel else ()),
            *(("起草单位自评", "自评理由") if own else ()),
            *("理由", "原文"),
        ),
        (
            *(8, 18, 50, *(12 for _ in experts), 12),
            *((20, 40, 40) if panel else ()),
            *((12, 40) if own else ()),
            *(50, 50),
        ),
        tuple(
            (
                item.item,
                item.group,
                item.question,
                *(answer or "未作答" for answer in item.answers),
                item.settled or "未形成一致",
                *(_of_panel(item.panel) if panel else ()),
                *(_of_unit(item.own) if own else ()),
                "\n".join(f"{e}：{r}" for e, r in zip(experts, item.reasons, strict=True) if r.strip()),
                "\n".join(item.quotes),
            )
            for item in result.items
        ),
    )


def _of_panel(answer: PanelAnswer | None) -> tuple[Value, ...]:
    return ("、".join(votes(answer.votes)), answer.reason, answer.minority) if answer else ("", "", "")


def _of_unit(answer: SelfAnswer | None) -> tuple[Value, ...]:
    return (answer.answer, answer.reason) if answer else ("", "")


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

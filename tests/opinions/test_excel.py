"""The Excel twin, read again: every table, and no text that a spreadsheet would evaluate."""

from __future__ import annotations

import io

import openpyxl
import pytest
from openpyxl import Workbook

from assessment.opinions import compose, render_xlsx
from assessment.opinions.excel import sheet_name
from assessment.opinions.models import Opinion
from tests.opinions import samples

RICH = compose(samples.rich())


def opened(opinion: Opinion) -> Workbook:
    return openpyxl.load_workbook(io.BytesIO(render_xlsx(opinion)))


@pytest.fixture(scope="module")
def rich() -> Workbook:
    return opened(RICH)


def rows(book: Workbook, sheet: str) -> list[tuple[object, ...]]:
    return list(book[sheet].iter_rows(values_only=True))


def test_a_sheet_for_every_table(rich: Workbook) -> None:
    assert rich.sheetnames == [
        "摘要",
        "相关性判断",
        "评估过程",
        "具体意见",
        "缺项建议",
        "指标核对",
        "专家一致程度",
        "评分 法规政策儿童优先评估清单",
        "评分 法规政策性别平等评估清单",
        "证据不足",
        "值得保留的条款",
    ]


def test_recommendations(rich: Workbook) -> None:
    head, *found = rows(rich, "具体意见")
    assert head[:6] == ("序号", "方面", "等级", "问题类型", "条款", "原文")
    assert [row[0] for row in found] == list(range(1, 31))
    assert [(row[4], row[5], row[9]) for row in found] == [
        (entry.clause, entry.quote, entry.proposal) for entry in RICH.recommendations
    ]


def test_scores_have_a_column_for_each_expert(rich: Workbook) -> None:
    head, *found = rows(rich, "评分 法规政策性别平等评估清单")
    assert head[3:7] == ("陈一鸣", "李二平", "王三秋", "一致答案")
    assert len(found) == 35
    assert found[0][3:7] == ("符合", "部分符合", "不符合", "未形成一致")


def test_summary(rich: Workbook) -> None:
    summary = dict(row[:2] for row in rows(rich, "摘要"))
    assert summary["总体结论"] == RICH.conclusion
    assert summary["具体意见（高）"] == 16
    assert summary["得分：法规政策性别平等评估清单"] == RICH.scores[1].value
    assert summary["说明"] == RICH.advisory


def test_sheets_can_be_read_and_printed(rich: Workbook) -> None:
    for sheet in rich:
        assert sheet.freeze_panes == "A2"
        assert sheet.print_title_rows == "$1:$1"
        assert sheet.page_setup.orientation == "landscape"
        for column in range(1, sheet.max_column + 1):
            assert sheet.column_dimensions[openpyxl.utils.get_column_letter(column)].width >= 6
            assert sheet.cell(1, column).alignment.wrap_text


FORMULAS = ["=1+1", "+cmd|' /C calc'!A0", "-2+3", "@SUM(A1)", "\t=1", '=HYPERLINK("http://x")', "=", "#N/A"]


@pytest.mark.parametrize("text", FORMULAS)
def test_texts_are_never_formulas(text: str) -> None:
    book = opened(samples.hostile(text))
    found = [
        cell for sheet in book for line in sheet.iter_rows(min_row=2) for cell in line if cell.value == text
    ]
    assert len(found) > 60
    for cell in found:
        assert cell.data_type == "s"
        assert cell.quotePrefix == text.startswith(("=", "+", "-", "@", "\t"))


def test_hostile_characters_are_dropped() -> None:
    values = [str(value) for sheet in opened(samples.hostile()) for line in sheet.values for value in line]
    assert any("正文[31m<script>alert(1)</script>&amp;反" in value for value in values)
    for character in samples.HOSTILE_CHARACTERS:
        assert not any(character in value for value in values)


@pytest.mark.parametrize(
    ("wanted", "taken", "name"),
    [
        ("摘要", [], "摘要"),
        ("评分 甲/乙:[丙]?*\\", [], "评分 甲 乙  丙"),
        ("长" * 40, [], "长" * 31),
        ("长" * 40, ["长" * 31], "长" * 27 + " 2"),
        ("A", ["a", "a 2"], "A 2 3"),
    ],
)
def test_sheet_names(wanted: str, taken: list[str], name: str) -> None:
    assert sheet_name(wanted, taken) == name


def test_empty_opinion() -> None:
    book = opened(compose(samples.empty()))
    assert rows(book, "具体意见")[1:] == []


def test_what_the_procedure_recorded() -> None:
    book = opened(samples.through())
    scored = rows(book, "评分 法规政策性别平等评估清单")
    assert scored[0][6:12] == ("合议答案", "表决", "合议理由", "少数意见", "起草单位自评", "自评理由")
    assert scored[1][6:10] == (
        "部分符合",
        "符合1票、部分符合2票",
        "只有一处写明了联系方式",
        "陈一鸣认为已经写明",
    )
    assert rows(book, "受影响人群")[1][:5] == ("性别平等", "女", "18—60岁", "一般", "负向")
    assert [row[0] for row in rows(book, "数据缺口")[1:]] == ["公共租赁住房申请人数", "留守儿童人数"]
    assert [row[7] for row in rows(book, "相关性判断")] == ["复核结果", "不一致，已处理", "一致"]
    summary = dict(row[:2] for row in rows(book, "摘要"))
    assert summary["委员会审议"] == "2026年3月12日附条件通过"
    assert summary["没有经过的环节"] == "利害关系声明、“符合”引用原文"


def test_agreement_not_defined_says_so() -> None:
    first = RICH.scores[0]
    assert first.agreement is not None
    bare = first.agreement.model_copy(update={"kappa": None})
    opinion = RICH.model_copy(update={"scores": (first.model_copy(update={"agreement": bare}),)})
    assert rows(opened(opinion), "专家一致程度")[1][5] == "没有定义"

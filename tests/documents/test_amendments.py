from __future__ import annotations

from pathlib import Path

import docx
import pytest

from assessment.documents import Document, read
from assessment.documents.amendments import amended_law, amendments, is_amending
from assessment.documents.parallel import parallel_rows

from .builders import saved
from .test_outline_cases import CASES, SEPARATOR


def decision(*items: str) -> Document:
    lines = ["云川市人大常委会关于修改《云川市托育条例》的决定", *items]
    return read("\n".join(lines).encode(), "x.txt")


def proposed_text(document: Document) -> str:
    """What the proposed column of a comparison table says, one row a line."""
    spans = [row.proposed for row in parallel_rows(document)]
    return "\n".join(document.text[start:end] for start, end in filter(None, spans))


Short = tuple[str, str, str]


def short(document: Document) -> list[Short]:
    return [(a.action, a.target, a.becomes) for a in amendments(document)]


@pytest.mark.parametrize(
    ("item", "expected"),
    [
        ("一、将第十条修改为：“第十条　新。”", [("modify", "第十条", "")]),
        ("一、第十条第二款修改为：“新。”", [("modify", "第十条第二款", "")]),
        ("一、将第三条第一款第（二）项修改为：“（二）新；”", [("modify", "第三条第一款第（二）项", "")]),
        ("一、增加一条，作为第十一条：“第十一条　新。”", [("add", "", "第十一条")]),
        ("一、在第十条后增加一条，作为第十一条：“第十一条　新。”", [("add", "第十条", "第十一条")]),
        ("一、第九条增加一款，作为第二款：“新。”", [("add", "第九条", "第九条第二款")]),
        ("一、删去第九条第三款。", [("delete", "第九条第三款", "")]),
        ("一、第九条第三款删去。", [("delete", "第九条第三款", "")]),
        ("一、删去第九条、第十二条至第十四条。", [("delete", "第九条", ""), ("delete", "第十二条至第十四条", "")]),
        ("一、第九条第一款中的“甲”修改为“乙”。", [("replace", "第九条第一款", "")]),
        ("一、将第九条、第十条中的“甲”统一改为“乙”。", [("replace", "第九条", ""), ("replace", "第十条", "")]),
        ("一、将第九条改为第十条。", [("renumber", "第九条", "第十条")]),
        ("一、将第九条改为第十条，修改为：“第十条　新。”", [("renumber", "第九条", "第十条"), ("modify", "第九条", "")]),
        ("一、第九条、第十条合并，作为第九条：“第九条　新。”", [("modify", "第九条", "第九条"), ("modify", "第十条", "第九条")]),
        ("一、第三章第一节的标题修改为“新”。", [("modify", "第三章第一节", "")]),
        ("一、条例名称修改为“云川市普惠托育条例”。", [("modify", "条例名称", "")]),
        ("一、对条文顺序作相应调整。", []),
        ("一、将第九条修改为：“第九条　删去旧账，增加一条规矩，修改为新。”", [("modify", "第九条", "")]),
    ],
)  # fmt: skip
def test_operations(item: str, expected: list[Short]) -> None:
    assert short(decision(item, "二、删去第九十九条。"))[: len(expected)] == expected
    assert short(decision(item, "二、删去第九十九条。"))[len(expected) :] == [("delete", "第九十九条", "")]


def test_several_operations_of_one_item_share_its_article() -> None:
    document = decision("一、将第十条改为第十二条，第二款中的“甲”修改为“乙”，删去第三款。")
    assert short(document) == [
        ("renumber", "第十条", "第十二条"),
        ("replace", "第十条第二款", ""),
        ("delete", "第十条第三款", ""),
    ]
    replaced = amendments(document)[1]
    assert [document.text[start:end] for start, end in replaced.old] == ["甲"]
    assert replaced.new is not None
    assert document.text[slice(*replaced.new)] == "乙"


def test_article_named_above_completes_the_items_below() -> None:
    document = decision("一、对第二十条作如下修改：", "（一）删去第三款；", "（二）第一款修改为：“新。”")
    assert short(document) == [("delete", "第二十条第三款", ""), ("modify", "第二十条第一款", "")]
    assert [a.label for a in amendments(document)] == ["一、(一)", "一、(二)"]


@pytest.mark.parametrize(
    "lines",
    [
        ["“第四条　甲：", "（一）乙“丙”丁；", "（二）戊。", "己。”"],
        ["“第四条　甲。", "“第五条　乙。", "“第六条　丙。”"],
        ["“第二章　甲", "第四条　乙。", "一、丙；", "二、丁。”"],
    ],
)
def test_new_text_over_several_lines_is_no_outline(lines: list[str]) -> None:
    document = decision("一、增加内容，作为第四条：", *lines, "二、删去第九条。")
    assert [unit.label for unit in document.units] == ["一、", "二、"]
    added = amendments(document)[0]
    assert added.new is not None
    assert document.text[slice(*added.new)] == "\n".join(lines)[1:-1]


def test_new_text_that_is_never_closed_ends_at_the_next_item() -> None:
    document = decision("一、增加一条，作为第四条：", "“第四条　甲：", "（一）乙。", "二、删去第九条。")
    assert [unit.label for unit in document.units] == ["一、", "二、"]


def test_stray_mark_in_a_regulation_hides_no_article() -> None:
    document = read("测试条例\n第一条 甲：“乙。\n第二条 丙。\n第三条 丁。".encode(), "x.txt")
    assert [unit.label for unit in document.units] == ["第一条", "第二条", "第三条"]


def test_long_decision() -> None:
    draft = (CASES / "amendment_long.txt").read_text("utf-8").split(SEPARATOR)[0]
    document = read(draft.encode(), "x.txt")
    assert amended_law(document) == "云川市学前教育条例"
    assert [a.action for a in amendments(document)] == [
        *("modify", "add", "add", "add", "renumber", "replace", "delete", "delete", "delete"),
        *("modify", "delete", "add", "replace", "replace"),
    ]  # fmt: skip
    for amendment in amendments(document):
        unit = document.clause(amendment.clause)
        assert unit.start <= amendment.start < amendment.end <= unit.end
        for span in (*amendment.old, *([amendment.new] if amendment.new else [])):
            assert amendment.start <= span[0] < span[1] <= amendment.end
            assert document.text[span[0] - 1] == "“"
            assert document.text[span[1]] == "”"


def test_ordinary_regulation_has_no_amendments() -> None:
    document = read("测试条例\n第一条 删去第二条的，从其规定。\n第二条 甲。".encode(), "x.txt")
    assert not is_amending(document)
    assert amendments(document) == ()


def test_amendment_numbered_by_articles() -> None:
    draft = "云川市托育条例修正案（草案）\n第一条 将第三条修改为：“新。”\n第二条 删去第九条。"
    document = read(draft.encode(), "x.txt")
    assert amended_law(document) == "云川市托育条例"
    assert short(document) == [("modify", "第三条", ""), ("delete", "第九条", "")]


@pytest.mark.shared
def test_every_item_of_the_published_constitutional_amendments(shared: Path) -> None:
    for path in sorted((shared / "laws" / "national").glob("宪法修正案*.txt")):
        document = read(path.read_bytes(), path.name)
        found = {a.clause for a in amendments(document)}
        assert found >= {unit.id for unit in document.units if " 宪法" in unit.text[:14]}, path.name


ROWS = [
    ["现行条文", "修改后条文", "修改说明"],
    [
        "第三条 托育机构应当登记；未登记的不得开办。",
        "第三条 托育机构应当备案；未备案的不得收托。",
        "与上位法一致",
    ],
    ["第四条 每班不超过三十人。", "不变", ""],
    ["第五条 男职工不得入班。", "（删除）", "涉嫌歧视"],
    ["", "第六条 托育机构应当公示收费。", "新增"],
]


def table(rows: list[list[str]]) -> Document:
    document = docx.Document()
    document.add_paragraph("云川市托育条例修改对照表")
    grid = document.add_table(len(rows), len(rows[0]))
    for row, cells in zip(grid.rows, rows, strict=True):
        for cell, text in zip(row.cells, cells, strict=True):
            cell.text = text
    return read(saved(document), "x.docx")


def test_comparison_table_gives_its_proposed_column() -> None:
    document = table(ROWS)
    assert proposed_text(document).split("\n") == [ROWS[1][1], ROWS[2][0], ROWS[4][1]]
    rows = parallel_rows(document)
    assert [row.unchanged for row in rows] == [False, True, False, False]
    assert rows[3].current is None
    assert rows[2].proposed is None
    assert rows[2].current is not None
    assert document.text[slice(*rows[2].current)] == ROWS[3][0]


@pytest.mark.parametrize(
    "heads",
    [
        ("现行规定", "拟修改为（征求意见稿）"),
        ("原条文", "修改后"),
        ("修改前", "修订草案"),
        ("《条例》现行条款", "草案条款"),
        ("云川市托育条例（现行）", "云川市托育条例（修订草案）"),
    ],
)
def test_heads_of_comparison_tables(heads: tuple[str, str]) -> None:
    document = table([list(heads), ["第三条 甲。", "第三条 乙。"], ["第四条 丙。", "第四条 丁。"]])
    assert proposed_text(document) == "第三条 乙。\n第四条 丁。"


def test_proposed_column_on_the_left() -> None:
    document = table(
        [["修改后条文", "原条文"], ["第三条 乙。", "第三条 甲。"], ["第四条 丁。", "第四条 丙。"]]
    )
    assert proposed_text(document) == "第三条 乙。\n第四条 丁。"


def test_other_tables_have_no_proposed_column() -> None:
    assert proposed_text(table([["岗位", "人数"], ["教师", "2"], ["保育员", "3"]])) == ""

"""Which words of a comparison table or an amending paper are proposed law."""

from __future__ import annotations

import itertools

import docx

from assessment.documents import Document, read
from assessment.documents.proposed import proposed_spans

from .builders import saved
from .test_amendments import ROWS, decision, table


def proposed(document: Document) -> list[str]:
    spans = proposed_spans(document)
    assert spans is not None
    assert all(first[1] <= second[0] for first, second in itertools.pairwise(spans))
    return [document.text[start:end] for start, end in spans]


def test_all_of_an_ordinary_draft_is_proposed() -> None:
    assert proposed_spans(read("云川市托育条例\n第一条 甲。\n第二条 乙。".encode(), "x.txt")) is None


def test_of_a_comparison_table_the_proposed_column() -> None:
    assert proposed(table(ROWS)) == [ROWS[1][1], ROWS[2][0], ROWS[4][1]]


def test_words_around_a_comparison_table_are_the_papers_own() -> None:
    paper = docx.Document()
    paper.add_paragraph("云川市托育条例修改对照表")
    paper.add_paragraph("一、修改的条文如下表。")
    grid = paper.add_table(3, 2)
    for row, cells in zip(
        grid.rows, [("现行", "修改后"), ("甲。", "乙。"), ("丙。", "（删去）")], strict=True
    ):
        for cell, text in zip(row.cells, cells, strict=True):
            cell.text = text
    paper.add_paragraph("二、女职工的假期另行规定。")
    assert proposed(read(saved(paper), "x.docx")) == ["乙。", "二、女职工的假期另行规定。"]


def test_a_head_inside_a_cell_is_not_taken_for_the_column() -> None:
    document = table(
        [
            ["现行条文", "修订草案"],
            ["第三条 本市托育机构收托儿童；下列草案事项：登记。", "第三条 备案。"],
            ["第四条 收费。", "第四条 收费公开；现行标准：不变。"],
        ]
    )
    assert proposed(document) == ["第三条 备案。", "第四条 收费公开；现行标准：不变。"]


def test_of_an_amendment_the_quoted_new_text() -> None:
    document = decision(
        "一、将第三条修改为：“第三条　用人单位优先录用男性。”",
        "二、增加二条，作为第九条、第十条：\n“第九条　新一。\n第十条　新二。”",
        "三、第十二条中的“男职工”修改为“职工”。",
        "四、删去第二十条中的“女职工”。",
        "五、将第二十一条改为第二十二条。",
        "本决定自公布之日起施行。",
    )
    assert proposed(document) == [
        "第三条　用人单位优先录用男性。", "第九条　新一。\n第十条　新二。", "职工", "本决定自公布之日起施行。",
    ]  # fmt: skip


def test_an_item_that_quotes_nothing_new_keeps_its_words_but_those_taken_out() -> None:
    document = decision("一、第三条增加一款，女职工产假为一百天，删去“男职工”。", "二、删去第四条。")
    text = "".join(proposed(document))
    assert "女职工产假为一百天" in text
    assert "男职工" not in text
    assert "第四条" not in text


def test_articles_merged_by_one_item_are_proposed_once() -> None:
    assert proposed(decision("一、第九条、第十条合并，作为第九条：“第九条　新。”")) == ["第九条　新。"]


def test_nothing_is_proposed_where_all_is_taken_out() -> None:
    assert proposed(decision("一、删去第九条。", "二、删去第十条第二款。")) == []

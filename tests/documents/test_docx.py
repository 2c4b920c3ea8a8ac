from __future__ import annotations

import docx
import pytest
from docx.oxml import parse_xml

from assessment.documents import Document, read

from .builders import W, level, numbered, repacked, saved, with_body, word

ARTICLE = level(0, "chineseCountingThousand", "第%1条")
ITEM = level(1, "chineseCountingThousand", "（%2）")
SUBITEM = level(2, "decimal", "%3.")


def labels(document: Document, *kinds: str) -> list[str]:
    return [clause.label for clause in document.clauses if clause.kind in kinds]


def lines(data: bytes) -> list[str]:
    return read(data, "x.docx").text.split("\n")


def test_articles_and_items_numbered_by_word() -> None:
    data = numbered(
        {1: ARTICLE + ITEM + SUBITEM},
        {1: (1, "")},
        [
            ("测试条例", None, 0),
            ("为了测试，制定本条例。", 1, 0),
            ("应当提供下列服务：", 1, 0),
            ("托育；", 1, 1),
            ("养老，包括：", 1, 1),
            ("照料；", 1, 2),
            ("探访。", 1, 2),
            ("前款服务免费。", None, 0),
            ("不得有下列行为：", 1, 0),
            ("收费。", 1, 1),
        ],
    )
    document = read(data, "x.docx")
    assert document.style == "regulation"
    assert labels(document, "article") == ["第一条", "第二条", "第三条"]
    assert labels(document, "item", "subitem") == ["（一）", "（二）", "1.", "2.", "（一）"]
    assert document.clause("a2.k1.x2.m2").text == "2. 探访。"
    assert document.clause("a2.k2").text == "前款服务免费。"


@pytest.mark.parametrize(
    ("number_format", "expected"),
    [
        ("chineseCounting", ["第一条", "第二条", "第三条"]),
        ("chineseCountingThousand", ["第一条", "第二条", "第三条"]),
        ("japaneseCounting", ["第一条", "第二条", "第三条"]),
        ("decimal", ["第1条", "第2条", "第3条"]),
        ("decimalFullWidth", ["第１条", "第２条", "第３条"]),
    ],
)
def test_article_number_formats(number_format: str, expected: list[str]) -> None:
    data = numbered(
        {1: level(0, number_format, "第%1条")},
        {1: (1, "")},
        [(text, 1, 0) for text in ("甲。", "乙。", "丙。")],
    )
    assert labels(read(data, "x.docx"), "article") == expected


def test_more_than_a_hundred_articles_of_both_chinese_formats() -> None:
    for number_format, hundred in (("chineseCounting", "第一○○条"), ("chineseCountingThousand", "第一百条")):
        data = numbered(
            {1: level(0, number_format, "第%1条")}, {1: (1, "")}, [(f"内容{n}。", 1, 0) for n in range(105)]
        )
        found = labels(read(data, "x.docx"), "article")
        assert len(found) == 105
        assert found[99] == hundred


def test_policy_levels_numbered_by_word() -> None:
    levels = (
        level(0, "chineseCountingThousand", "%1、", extra='<w:suff w:val="nothing"/>')
        + level(1, "chineseCountingThousand", "（%2）", extra='<w:suff w:val="nothing"/>')
        + level(2, "decimal", "%3.", extra='<w:suff w:val="nothing"/>')
        + level(3, "decimal", "（%4）", extra='<w:suff w:val="nothing"/>')
    )
    data = numbered(
        {1: levels},
        {1: (1, "")},
        [
            ("某方案", None, 0),
            ("总体要求", 1, 0),
            ("目标", 1, 1),
            ("扩大供给。", 1, 2),
            ("任务", 1, 1),
            ("安排用地。", 1, 2),
            ("城区；", 1, 3),
            ("乡镇。", 1, 3),
            ("保障措施", 1, 0),
            ("加强领导。", 1, 1),
        ],
    )
    document = read(data, "x.docx")
    assert labels(document, "level1", "level2", "level3", "level4") == [
        "一、", "一、(一)", "一、(一)1.", "一、(二)", "一、(二)1.", "一、(二)1.(1)", "一、(二)1.(2)", "二、", "二、(一)",
    ]  # fmt: skip


def test_two_lists_of_one_abstract_go_on_counting() -> None:
    data = numbered({1: ARTICLE}, {1: (1, ""), 2: (1, "")}, [("甲。", 1, 0), ("乙。", 2, 0), ("丙。", 1, 0)])
    assert lines(data) == ["第一条 甲。", "第二条 乙。", "第三条 丙。"]


def test_start_override_restarts_once() -> None:
    override = '<w:lvlOverride w:ilvl="0"><w:startOverride w:val="1"/></w:lvlOverride>'
    data = numbered(
        {1: ARTICLE},
        {1: (1, ""), 2: (1, override)},
        [("甲。", 1, 0), ("乙。", 1, 0), ("丙。", 2, 0), ("丁。", 2, 0)],
    )
    assert lines(data) == ["第一条 甲。", "第二条 乙。", "第一条 丙。", "第二条 丁。"]


def test_level_override_replaces_the_level() -> None:
    override = f'<w:lvlOverride w:ilvl="0">{level(0, "decimal", "%1、", start=5)}</w:lvlOverride>'
    data = numbered({1: ARTICLE}, {1: (1, override)}, [("甲。", 1, 0), ("乙。", 1, 0)])
    assert lines(data) == ["5、 甲。", "6、 乙。"]


def test_level_that_never_restarts() -> None:
    article = level(1, "chineseCountingThousand", "第%2条", extra='<w:lvlRestart w:val="0"/>')
    data = numbered(
        {1: level(0, "chineseCountingThousand", "第%1章") + article},
        {1: (1, "")},
        [("总则", 1, 0), ("甲。", 1, 1), ("乙。", 1, 1), ("附则", 1, 0), ("丙。", 1, 1)],
    )
    assert lines(data) == ["第一章 总则", "第一条 甲。", "第二条 乙。", "第二章 附则", "第三条 丙。"]


def test_legal_numbering_shows_upper_levels_in_decimal() -> None:
    data = numbered(
        {1: level(0, "chineseCountingThousand", "%1、") + level(1, "decimal", "%1.%2", extra="<w:isLgl/>")},
        {1: (1, "")},
        [("甲", 1, 0), ("乙", 1, 1)],
    )
    assert lines(data) == ["一、 甲", "1.1 乙"]


def test_level_used_before_the_one_above_it() -> None:
    data = numbered(
        {1: level(0, "decimal", "%1.") + level(1, "decimal", "%1.%2")},
        {1: (1, "")},
        [("甲", 1, 1), ("乙", 1, 0)],
    )
    assert lines(data) == ["1.1 甲", "2. 乙"]


def test_empty_numbered_paragraph_takes_a_number() -> None:
    data = numbered({1: ARTICLE}, {1: (1, "")}, [("甲。", 1, 0), ("", 1, 0), ("丙。", 1, 0)])
    assert lines(data) == ["第一条 甲。", "第三条 丙。"]


def test_bullets_and_unknown_lists_add_nothing() -> None:
    data = numbered(
        {1: level(0, "bullet", "●")}, {1: (1, "")}, [("甲。", 1, 0), ("乙。", 9, 0), ("丙。", 0, 0)]
    )
    assert lines(data) == ["甲。", "乙。", "丙。"]


def test_numbering_through_a_paragraph_style() -> None:
    document = docx.Document()
    numbering = document.part.numbering_part.element
    numbering.append(
        parse_xml(
            f'<w:abstractNum {W} w:abstractNumId="90">'
            '<w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="chineseCountingThousand"/>'
            '<w:pStyle w:val="Heading1"/><w:lvlText w:val="第%1章"/></w:lvl>'
            '<w:lvl w:ilvl="1"><w:start w:val="1"/><w:numFmt w:val="chineseCountingThousand"/>'
            '<w:pStyle w:val="Heading2"/><w:lvlText w:val="第%2条"/></w:lvl></w:abstractNum>'
        )
    )
    numbering.append(parse_xml(f'<w:num {W} w:numId="90"><w:abstractNumId w:val="90"/></w:num>'))
    for name in ("Heading 1", "Heading 2"):
        properties = document.styles[name].element.get_or_add_pPr()
        properties.append(parse_xml(f'<w:numPr {W}><w:numId w:val="90"/></w:numPr>'))
    document.add_paragraph("总则", style="Heading 1")
    document.add_paragraph("为了测试。", style="Heading 2")
    document.add_paragraph("适用于测试。", style="Heading 2")
    assert lines(saved(document)) == ["第一章 总则", "第一条 为了测试。", "第二条 适用于测试。"]


def test_tracked_changes_insertions_in_deletions_out() -> None:
    data = with_body(
        "<w:p><w:r><w:t>第一条 应当</w:t></w:r>"
        '<w:ins w:id="1" w:author="甲"><w:r><w:t>平等</w:t></w:r></w:ins>'
        '<w:del w:id="2" w:author="甲"><w:r><w:delText>优先</w:delText></w:r></w:del>'
        "<w:r><w:t>对待。</w:t></w:r></w:p>"
        '<w:p><w:pPr><w:rPr><w:del w:id="3" w:author="甲"/></w:rPr></w:pPr><w:r><w:t>第二条 前半，</w:t></w:r></w:p>'
        "<w:p><w:r><w:t>后半。</w:t></w:r></w:p>"
    )
    document = read(data, "x.docx")
    assert document.text == "第一条 应当平等对待。\n第二条 前半，后半。"
    assert any("修订痕迹" in note for note in document.notes)


def test_hidden_text_fields_and_notes_are_left_out() -> None:
    data = with_body(
        "<w:p><w:r><w:t>第一条 看得见</w:t></w:r><w:r><w:rPr><w:vanish/></w:rPr><w:t>看不见</w:t></w:r>"
        '<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText>PAGE</w:instrText></w:r>'
        '<w:r><w:footnoteReference w:id="2"/></w:r><w:r><w:t>。</w:t></w:r></w:p>'
    )
    document = read(data, "x.docx")
    assert document.text == "第一条 看得见。"
    assert "脚注和尾注未读入。" in document.notes


def test_headers_and_footers_are_left_out() -> None:
    document = docx.Document()
    document.add_paragraph("第一条 正文。")
    document.sections[0].header.paragraphs[0].text = "页眉"
    document.sections[0].footer.paragraphs[0].text = "页脚"
    assert read(saved(document), "x.docx").text == "第一条 正文。"


def test_soft_line_breaks_part_paragraphs() -> None:
    data = with_body("<w:p><w:r><w:t>第一条 甲。</w:t><w:br/><w:t>第二条 乙。</w:t></w:r></w:p>")
    assert labels(read(data, "x.docx"), "article") == ["第一条", "第二条"]


def test_marked_table_of_contents_is_no_outline() -> None:
    data = with_body(
        '<w:sdt><w:sdtPr><w:docPartObj><w:docPartGallery w:val="Table of Contents"/></w:docPartObj></w:sdtPr>'
        "<w:sdtContent><w:p><w:r><w:t>第一章 总则</w:t></w:r><w:r><w:tab/><w:t>1</w:t></w:r></w:p></w:sdtContent></w:sdt>"
        "<w:p><w:r><w:t>第一章 总则</w:t></w:r></w:p><w:p><w:r><w:t>第一条 甲。</w:t></w:r></w:p>"
    )
    document = read(data, "x.docx")
    assert [clause.kind for clause in document.clauses] == ["contents", "chapter", "article"]


def table(rows: list[list[str]]) -> bytes:
    document = docx.Document()
    document.add_paragraph("某单位招聘公告")
    document.add_paragraph("一、岗位")
    grid = document.add_table(len(rows), len(rows[0]))
    for row, cells in zip(grid.rows, rows, strict=True):
        for cell, text in zip(row.cells, cells, strict=True):
            cell.text = text
    document.add_paragraph("二、报名")
    return saved(document)


def test_table_rows_carry_column_heads_in_body_order() -> None:
    document = read(table([["岗位", "性别", "人数"], ["护士", "女", "3"], ["保安", "男", ""]]), "x.docx")
    rows = [clause for clause in document.clauses if clause.kind == "row"]
    assert [row.text for row in rows] == ["岗位：护士；性别：女；人数：3", "岗位：保安；性别：男"]
    assert [row.path for row in rows] == [("一、岗位", "表1第1行"), ("一、岗位", "表1第2行")]
    assert all(row.unit for row in rows)
    assert not document.clause("n1").unit
    assert document.clauses[-1].label == "二、"


def test_merged_cells_keep_their_columns() -> None:
    document = docx.Document()
    grid = document.add_table(4, 3)
    for row, cells in zip(
        grid.rows,
        [["一览表"] * 3, ["类别", "岗位", "人数"], ["医疗", "护士", "3"], ["", "药师", "1"]],
        strict=True,
    ):
        for cell, text in zip(row.cells, cells, strict=True):
            cell.text = text
    grid.cell(0, 0).merge(grid.cell(0, 2)).text = "岗位一览表"
    grid.cell(2, 0).merge(grid.cell(3, 0)).text = "医疗"
    assert read(saved(document), "x.docx").text.split("\n") == [
        "岗位一览表",
        "类别：医疗；岗位：护士；人数：3",
        "类别：医疗；岗位：药师；人数：1",
    ]


def test_stacked_heads_are_joined() -> None:
    data = with_body(
        "<w:tbl>"
        '<w:tr><w:trPr><w:tblHeader/></w:trPr><w:tc><w:tcPr><w:vMerge w:val="restart"/></w:tcPr><w:p><w:r><w:t>岗位</w:t></w:r></w:p></w:tc>'
        '<w:tc><w:tcPr><w:gridSpan w:val="2"/></w:tcPr><w:p><w:r><w:t>人数</w:t></w:r></w:p></w:tc></w:tr>'
        "<w:tr><w:trPr><w:tblHeader/></w:trPr><w:tc><w:tcPr><w:vMerge/></w:tcPr><w:p/></w:tc>"
        "<w:tc><w:p><w:r><w:t>男</w:t></w:r></w:p></w:tc><w:tc><w:p><w:r><w:t>女</w:t></w:r></w:p></w:tc></w:tr>"
        "<w:tr><w:tc><w:p><w:r><w:t>教师</w:t></w:r></w:p></w:tc><w:tc><w:p><w:r><w:t>2</w:t></w:r></w:p></w:tc>"
        "<w:tc><w:p><w:r><w:t>8</w:t></w:r></w:p></w:tc></w:tr></w:tbl>"
    )
    assert read(data, "x.docx").text == "岗位：教师；人数/男：2；人数/女：8"


def test_layout_table_of_one_column_is_text() -> None:
    document = docx.Document()
    document.add_table(1, 1).cell(0, 0).text = "第一条 甲。\n第二条 乙。"
    assert labels(read(saved(document), "x.docx"), "article") == ["第一条", "第二条"]


def test_text_box_is_read_once() -> None:
    box = "<w:txbxContent><w:p><w:r><w:t>框中的话。</w:t></w:r></w:p></w:txbxContent>"
    mc = 'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"'
    data = with_body(
        f'<w:p><w:r><w:t>第一条 正文。</w:t></w:r><w:r><mc:AlternateContent {mc}><mc:Choice Requires="wps">{box}</mc:Choice>'
        f"<mc:Fallback><w:pict>{box}</w:pict></mc:Fallback></mc:AlternateContent></w:r></w:p>"
    )
    assert read(data, "x.docx").text == "第一条 正文。\n框中的话。"


def test_macros_are_mentioned_and_not_run() -> None:
    data = repacked(word(["第一条 甲。"]), {"word/vbaProject.bin": b"\x00macro"})
    assert "文件含有宏，未运行。" in read(data, "x.docx").notes


def test_strict_open_xml_is_read() -> None:
    import io
    import zipfile

    data = word(["第一条 甲。"])
    body = zipfile.ZipFile(io.BytesIO(data)).read("word/document.xml")
    strict = body.replace(
        b"http://schemas.openxmlformats.org/wordprocessingml/2006/main",
        b"http://purl.oclc.org/ooxml/wordprocessingml/main",
    )
    assert read(repacked(data, {"word/document.xml": strict}), "x.docx").text == "第一条 甲。"

from __future__ import annotations

import codecs

import pytest

from assessment.documents import Document, read

DRAFT = "测试条例\n第一条 为了测试，制定本条例。\n第二条 应当平等对待妇女和儿童。\n"


def articles(document: Document) -> list[str]:
    return [clause.text for clause in document.clauses if clause.kind == "article"]


@pytest.mark.parametrize(
    "data",
    [
        DRAFT.encode("utf-8"),
        codecs.BOM_UTF8 + DRAFT.encode("utf-8"),
        DRAFT.encode("utf-16"),
        codecs.BOM_UTF16_BE + DRAFT.encode("utf-16-be"),
        DRAFT.encode("utf-16-le"),
        DRAFT.encode("utf-16-be"),
        DRAFT.encode("gb18030"),
        DRAFT.replace("\n", "\r\n").encode("gb2312"),
    ],
    ids=["utf-8", "utf-8 bom", "utf-16", "utf-16-be bom", "utf-16-le", "utf-16-be", "gb18030", "gb2312 crlf"],
)
def test_encodings(data: bytes) -> None:
    assert read(data, "x.txt").text == DRAFT


def test_rare_characters_of_gb18030() -> None:
    assert "㐂𠮷" in read("第一条 㐂𠮷路的单位应当平等对待职工。".encode("gb18030"), "x.txt").text


def test_mixed_newlines() -> None:
    data = "测试条例\r第一条 甲。\r\n第二条 乙。\u2028第三条 丙。\x0b第四条 丁。".encode()
    assert articles(read(data, "x.txt")) == ["第一条 甲。", "第二条 乙。", "第三条 丙。", "第四条 丁。"]


def test_plain_text_is_kept_as_it_is() -> None:
    text = "测试条例\n\n　　第一条　甲。  \n\t第二款。\n"
    document = read(text.encode(), "x.txt")
    assert document.text == text
    assert document.clause("a1").text == "第一条　甲。  \n\t第二款。"


def test_character_cut_off_at_the_end_is_mentioned() -> None:
    for encoding in ("utf-8", "gb18030"):
        document = read("第一条 应当平等对待妇女和儿童".encode(encoding)[:-1], "x.txt")
        assert document.text.endswith("妇女和儿")
        assert any("不完整的字符" in note for note in document.notes)


def test_markdown_markup_is_taken_off() -> None:
    source = (
        "# 测试条例\n\n## 第一章 总则 ##\n\n**第一条** 为了*测试*，制定本条例。\n\n"
        "> 第二条 甲：\n\n- （一）乙；\n- （二）丙。\n\n---\n"
    )
    document = read(source.encode(), "x.md")
    assert document.format == "md"
    assert document.title == "测试条例"
    assert [clause.label for clause in document.clauses] == ["第一章", "第一条", "第二条", "（一）", "（二）"]
    assert document.clause("a1").text == "第一条 为了*测试*，制定本条例。"


def test_markdown_tables_become_rows() -> None:
    source = "# 公告\n\n一、岗位\n\n| 岗位 | 性别 |\n| --- | :-: |\n| 护士 | **女** |\n| 保安 | 男 |\n"
    rows = [clause.text for clause in read(source.encode(), "x.txt").clauses if clause.kind == "row"]
    assert rows == ["岗位：护士；性别：女", "岗位：保安；性别：男"]


def test_html_text_without_scripts_and_hidden_parts() -> None:
    source = (
        "<!DOCTYPE html><html><head><title>不读</title><style>p{}</style></head><body><nav>导航</nav>"
        "<h1>测试条例</h1><p>第一条&nbsp;为了<b>测试</b>，\n制定本条例。</p><script>第九条</script>"
        "<div>第二条 甲。<br>第二款。</div><p style='display:none'>第三条 藏。</p><!-- 第四条 --></body></html>"
    )
    document = read(source.encode(), "x.html")
    assert document.format == "html"
    assert document.title == "测试条例"
    assert articles(document) == ["第一条\xa0为了测试， 制定本条例。", "第二条 甲。\n第二款。"]


def test_html_in_gb2312() -> None:
    source = '<html><head><meta charset="gb2312"></head><body><p>第一条 应当平等对待职工。</p></body></html>'
    assert articles(read(source.encode("gb2312"), "x.htm")) == ["第一条 应当平等对待职工。"]


def test_html_data_table_and_ordered_list() -> None:
    source = (
        "<html><body><p>一、岗位</p><table><tr><th>岗位</th><th>人数</th><th>性别</th></tr>"
        "<tr><td rowspan=2>护士</td><td>2</td><td>女</td></tr><tr><td>1</td><td>男</td></tr></table>"
        "<p>二、要求</p><ol start=1><li>守时；</li><li>守信。</li></ol></body></html>"
    )
    document = read(source.encode(), "x.html")
    assert [clause.text for clause in document.units] == [
        "岗位：护士；人数：2；性别：女", "岗位：护士；人数：1；性别：男", "1. 守时；", "2. 守信。",
    ]  # fmt: skip


def test_html_layout_table_is_text() -> None:
    source = "<html><body><table><tr><td><p>第一条 甲。</p><p>第二条 乙。</p></td></tr></table></body></html>"
    assert articles(read(source.encode(), "x.html")) == ["第一条 甲。", "第二条 乙。"]

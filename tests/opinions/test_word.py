"""The Word paper, opened again: page, fonts, texts, tables, and hostile texts."""

from __future__ import annotations

import io
import zipfile
from dataclasses import replace

import docx
import pytest
from docx.document import Document as Word
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, Twips

from assessment.opinions import Edit, compose, opinion_hash, render_docx
from assessment.opinions.models import ADVISORY, Opinion
from tests.opinions import samples

RICH = compose(samples.rich())
EMPTY = compose(samples.empty())


def opened(opinion: Opinion) -> Word:
    return docx.Document(io.BytesIO(render_docx(opinion)))


@pytest.fixture(scope="module")
def rich() -> Word:
    return opened(RICH)


def body(word: Word) -> str:
    return "\n".join(paragraph.text for paragraph in word.paragraphs)


def font(word: Word, style: str) -> tuple[str, str, float]:
    """East Asian font, Latin font and size of a style."""
    element = word.styles[style].element
    fonts = element.rPr.find(qn("w:rFonts"))
    return fonts.get(qn("w:eastAsia")), fonts.get(qn("w:ascii")), word.styles[style].font.size.pt  # type: ignore[attr-defined]


def test_page(rich: Word) -> None:
    (section,) = rich.sections
    assert (section.page_width, section.page_height) == (Mm(210).twips * 635, Mm(297).twips * 635)
    margins = (section.top_margin, section.left_margin, section.right_margin, section.bottom_margin)
    assert [round(margin.mm) for margin in margins if margin is not None] == [37, 28, 26, 35]
    grid = section._sectPr.find(qn("w:docGrid"))
    assert grid.get(qn("w:type")) == "lines"
    pitch = Twips(int(grid.get(qn("w:linePitch"))))
    assert round(225 / pitch.mm) == 22


def test_28_characters_fill_a_line(rich: Word) -> None:
    spacing = rich.styles["Normal"].element.rPr.find(qn("w:spacing")).get(qn("w:val"))
    line = 28 * (16 + int(spacing) / 20)
    assert Mm(156).pt - 16 < line <= Mm(156).pt


@pytest.mark.parametrize(
    ("style", "expected"),
    [
        ("公文标题", ("方正小标宋简体", "Times New Roman", 22)),
        ("公文正文", ("仿宋_GB2312", "Times New Roman", 16)),
        ("Heading 1", ("黑体", "Times New Roman", 16)),
        ("Heading 2", ("楷体_GB2312", "Times New Roman", 16)),
        ("公文页码", ("宋体", "宋体", 14)),
        ("公文表头", ("黑体", "Times New Roman", 10.5)),
    ],
)
def test_fonts(rich: Word, style: str, expected: tuple[str, str, float]) -> None:
    assert font(rich, style) == expected


def test_every_named_font_has_a_substitute() -> None:
    with zipfile.ZipFile(io.BytesIO(render_docx(EMPTY))) as package:
        table = package.read("word/fontTable.xml").decode()
    for name in ("方正小标宋简体", "仿宋_GB2312", "楷体_GB2312", "黑体"):
        assert f'w:name="{name}"><w:altName' in table


def test_title_is_centred_and_broken_behind_the_draft(rich: Word) -> None:
    title = rich.paragraphs[0]
    assert title.text == "关于《示例市社区服务管理办法（草案）》\n性别平等评估和儿童优先评估的意见"
    assert title.style is not None
    assert title.style.paragraph_format.alignment == WD_ALIGN_PARAGRAPH.CENTER  # type: ignore[attr-defined]


def test_body_lines_are_exactly_a_22nd_of_the_page(rich: Word) -> None:
    layout = rich.styles["公文正文"].paragraph_format  # type: ignore[attr-defined]
    assert layout.line_spacing == Twips(579)
    assert layout.first_line_indent == Pt(32)


def test_page_number_at_the_outer_edge(rich: Word) -> None:
    assert rich.settings.odd_and_even_pages_header_footer is True
    section = rich.sections[0]
    for footer, align in (
        (section.footer, WD_ALIGN_PARAGRAPH.RIGHT),
        (section.even_page_footer, WD_ALIGN_PARAGRAPH.LEFT),
    ):
        (paragraph,) = footer.paragraphs
        assert paragraph.text == "—  —"
        assert "PAGE" in [node.text for node in paragraph._p.iter(qn("w:instrText"))]
        assert paragraph.paragraph_format.alignment == align


def test_headings_in_order(rich: Word) -> None:
    found = [p.text for p in rich.paragraphs if p.style is not None and p.style.name == "Heading 1"]
    assert found[0] == "一、评估依据"
    assert found[-1] == "十一、反馈要求"
    assert len(found) == 11


def test_clause_table(rich: Word) -> None:
    table = rich.tables[0]
    assert [cell.text for cell in table.rows[0].cells] == ["序号", "条款", "原文", "问题", "依据", "建议"]
    assert len(table.rows) == 1 + 3 + 30
    assert table.rows[1].cells[0].text == "等级：高（涉嫌与上位法不一致）"
    assert len(table.rows[1]._tr.tc_lst) == 1
    assert table.rows[2].cells[2].text == samples.CONCERNS[0].quote


def test_table_heads_repeat_and_rows_stay_whole(rich: Word) -> None:
    for table in rich.tables:
        assert table.rows[0]._tr.trPr.find(qn("w:tblHeader")) is not None
        for row in table.rows[1:]:
            assert row._tr.trPr.find(qn("w:cantSplit")) is not None


def test_row_longer_than_a_page_may_break() -> None:
    edit = Edit("可能产生不利影响。" * 100, (), "建议删去。")
    word = opened(compose(replace(samples.rich(), edits={samples.CONCERNS[0].id: edit})))
    row = word.tables[0].rows[2]
    assert row._tr.trPr is None or row._tr.trPr.find(qn("w:cantSplit")) is None


def test_tables_are_as_wide_as_the_text(rich: Word) -> None:
    for table in rich.tables:
        widths = [column.width.mm for column in table.columns if column.width is not None]
        assert sum(widths) == pytest.approx(156, abs=0.3)
        assert not table.autofit


def test_paper_ends_with_hashes(rich: Word) -> None:
    rows = {row.cells[0].text: row.cells[1].text for row in rich.tables[-1].rows}
    assert rows["文件SHA-256"] == RICH.draft_sha256
    assert rows["评估意见SHA-256"] == opinion_hash(RICH)
    assert rows["流水末端哈希"] == RICH.journal_head


def test_paper_says_it_is_advisory_and_is_signed_at_the_right(rich: Word) -> None:
    assert ADVISORY in body(rich)
    signed = [p for p in rich.paragraphs if p.style is not None and p.style.name == "公文落款" and p.text]
    assert [p.text for p in signed][-1] == "2026年3月5日"
    assert signed[0].style.paragraph_format.alignment == WD_ALIGN_PARAGRAPH.RIGHT  # type: ignore[union-attr]


def test_empty_paper_opens() -> None:
    said = body(opened(EMPTY))
    assert "未评估，本意见不就此作出结论。" in said
    assert "未发现" not in said


def test_hostile_texts_go_in_as_text() -> None:
    word = opened(samples.hostile())
    said = body(word) + "".join(cell.text for row in word.tables[0].rows for cell in row.cells)
    assert said.count("正文[31m<script>alert(1)</script>&amp;反") >= 4
    for character in samples.HOSTILE_CHARACTERS:
        assert character not in said

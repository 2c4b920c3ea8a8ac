"""The opinion as a Word paper in the layout of GB/T 9704: page, fonts, headings, page numbers, tables.

The fonts the standard asks for are licensed and are not embedded; each is named with a substitute in the
font table. Texts from a draft go in as text only, without the characters XML forbids.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import UTC, datetime, time
from typing import cast

import docx
from docx.document import Document as Word
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.oxml.xmlchemy import BaseOxmlElement
from docx.section import Section, _Footer
from docx.shared import Length, Mm, Pt, Twips
from docx.styles.style import ParagraphStyle
from docx.table import Table as WordTable
from docx.table import _Cell, _Row
from docx.text.paragraph import Paragraph as WordParagraph

from assessment.opinions.blocks import Attachment, Block, Heading, Paper, Paragraph, Table
from assessment.opinions.models import Opinion
from assessment.opinions.paper import lay_out
from assessment.opinions.words import clean

TITLE_FONT, BODY_FONT, HEAD_FONT, KAI_FONT = "方正小标宋简体", "仿宋_GB2312", "黑体", "楷体_GB2312"
SUBSTITUTES = {TITLE_FONT: "宋体", BODY_FONT: "仿宋", HEAD_FONT: "SimHei", KAI_FONT: "楷体", "宋体": "SimSun"}
LATIN_FONT = "Times New Roman"

LINE = Twips(579)
"""22 lines fill the 225 millimetres of the text block."""
NARROWER = -5
"""Twentieths of a point taken off the space behind a character of 16 points, so that 28 of them fill the
156 millimetres of a line. A character grid would do the same in Word, but LibreOffice stretches it."""
TITLE_LINE = 20
"""Characters of the title's size in a line."""
SHORT_TABLE = 4
"""A table of at most so many rows stands on one page."""
LONG_ROW = 420
"""From so many characters in one cell on, a table row may run over the foot of the page."""

TITLE, BODY, ADDRESSEE, SIGNATURE = "公文标题", "公文正文", "公文主送", "公文落款"
NUMBER, ENCLOSURE, CELL, CELL_HEAD, GROUP, FOOTER = (
    "公文文号",
    "公文附件",
    "公文表格",
    "公文表头",
    "公文表格分组",
    "公文页码",
)


def render_docx(opinion: Opinion) -> bytes:
    """The opinion as a .docx file."""
    paper = lay_out(opinion)
    word = docx.Document()
    _describe(word, opinion)
    _name_substitutes(word)
    _define_styles(word)
    _set_page(word.sections[0])
    _number_pages(word)
    _write(word, paper)
    target = io.BytesIO()
    word.save(target)
    return target.getvalue()


def _describe(word: Word, opinion: Opinion) -> None:
    properties = word.core_properties
    properties.title = clean(opinion.title)[:255]
    properties.author = clean(opinion.site_name)[:255]
    properties.comments = ""
    properties.created = properties.modified = datetime.combine(opinion.composed_on, time(), UTC)


def _name_substitutes(word: Word) -> None:
    fonts = "".join(
        f'<w:font w:name="{name}"><w:altName w:val="{other}"/><w:charset w:val="86"/>'
        '<w:family w:val="auto"/><w:pitch w:val="variable"/></w:font>'
        for name, other in SUBSTITUTES.items()
    )
    part = word.part.part_related_by(RELATIONSHIP_TYPE.FONT_TABLE)
    # python-docx has no interface to the font table; it writes the part's bytes as they are
    part._blob = (
        '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
        '<w:fonts xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main">'
        f"{fonts}</w:fonts>"
    ).encode()


def _define_styles(word: Word) -> None:
    word.styles.element.find(".//" + qn("w:lang")).set(qn("w:eastAsia"), "zh-CN")
    _style(word, "Normal", BODY_FONT, 16)
    _style(word, TITLE, TITLE_FONT, 22, align=WD_ALIGN_PARAGRAPH.CENTER, line=Pt(35))
    _style(word, NUMBER, BODY_FONT, 16, align=WD_ALIGN_PARAGRAPH.CENTER)
    _style(word, ADDRESSEE, BODY_FONT, 16)
    _style(word, BODY, BODY_FONT, 16, indent=2, align=WD_ALIGN_PARAGRAPH.JUSTIFY)
    _style(word, "Heading 1", HEAD_FONT, 16, indent=2)
    _style(word, "Heading 2", KAI_FONT, 16, indent=2)
    _style(word, ENCLOSURE, BODY_FONT, 16, indent=2)
    _style(word, SIGNATURE, BODY_FONT, 16, align=WD_ALIGN_PARAGRAPH.RIGHT)
    _style(word, CELL, BODY_FONT, 10.5, line=Pt(16))
    _style(word, CELL_HEAD, HEAD_FONT, 10.5, line=Pt(16), align=WD_ALIGN_PARAGRAPH.CENTER)
    _style(word, GROUP, KAI_FONT, 10.5, line=Pt(16))
    _style(word, FOOTER, "宋体", 14, latin="宋体")
    for name in (CELL, CELL_HEAD, GROUP, FOOTER):
        free = _element("w:snapToGrid", val="0")
        _properties(_get(word, name)).insert_element_before(free, "w:spacing")
    for name in (SIGNATURE, CELL_HEAD, GROUP):
        _get(word, name).paragraph_format.keep_with_next = True


def _style(
    word: Word,
    name: str,
    font: str,
    size: float,
    indent: int = 0,
    align: WD_ALIGN_PARAGRAPH | None = None,
    line: Length = LINE,
    latin: str = LATIN_FONT,
) -> None:
    known = {style.name for style in word.styles}
    style = _get(word, name) if name in known else _add(word, name)
    style.font.size, style.font.bold, style.font.italic = Pt(size), False, False
    style.font.color.rgb = None
    if size == 16:
        style.element.get_or_add_rPr().insert_element_before(
            _element("w:spacing", val=str(NARROWER)), "w:w", "w:kern", "w:position", "w:sz"
        )
    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    fonts.attrib.clear()
    for script, value in (("ascii", latin), ("hAnsi", latin), ("cs", latin), ("eastAsia", font)):
        fonts.set(qn(f"w:{script}"), value)
    _lay(style, indent, align, line)


def _lay(style: ParagraphStyle, indent: int, align: WD_ALIGN_PARAGRAPH | None, line: Length) -> None:
    layout = style.paragraph_format
    layout.space_before = layout.space_after = Pt(0)
    layout.line_spacing_rule, layout.line_spacing = WD_LINE_SPACING.EXACTLY, line
    layout.alignment = align
    if indent:
        layout.first_line_indent = Pt(16 * indent)
        _properties(style).find(qn("w:ind")).set(qn("w:firstLineChars"), str(100 * indent))


def _get(word: Word, name: str) -> ParagraphStyle:
    return cast(ParagraphStyle, word.styles[name])


def _add(word: Word, name: str) -> ParagraphStyle:
    style = cast(ParagraphStyle, word.styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH))
    style.base_style = word.styles["Normal"]
    return style


def _set_page(section: Section) -> None:
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin, section.bottom_margin = Mm(37), Mm(35)
    section.left_margin, section.right_margin = Mm(28), Mm(26)
    section.footer_distance = Mm(23)
    grid = section._sectPr.find(qn("w:docGrid"))
    grid.set(qn("w:type"), "lines")
    grid.set(qn("w:linePitch"), str(LINE.twips))


def _number_pages(word: Word) -> None:
    """— 1 — at the outer edge: right on odd pages, left on even ones, one character in."""
    word.settings.odd_and_even_pages_header_footer = True
    section = word.sections[0]
    _page_number(section.footer, WD_ALIGN_PARAGRAPH.RIGHT)
    _page_number(section.even_page_footer, WD_ALIGN_PARAGRAPH.LEFT)


def _page_number(footer: _Footer, align: WD_ALIGN_PARAGRAPH) -> None:
    paragraph = footer.paragraphs[0]
    paragraph.style = FOOTER
    layout = paragraph.paragraph_format
    layout.alignment = align
    layout.left_indent = layout.right_indent = Pt(14)
    paragraph.add_run("— ")
    field = paragraph.add_run()._r
    field.append(_element("w:fldChar", fldCharType="begin"))
    instruction = _element("w:instrText")
    instruction.text = "PAGE"
    field.append(instruction)
    field.append(_element("w:fldChar", fldCharType="end"))
    paragraph.add_run(" —")


def _write(word: Word, paper: Paper) -> None:
    _add_line(word, _balanced(paper.title), TITLE)
    _add_line(word, paper.number, NUMBER)
    _add_line(word, "", ADDRESSEE)
    _add_line(word, f"{paper.addressee}：", ADDRESSEE)
    for block in paper.blocks:
        _write_block(word, block)
    _add_line(word, "", BODY)
    for number, line in enumerate(paper.enclosures):
        named = _add_line(word, line, ENCLOSURE)
        if number:
            named.paragraph_format.left_indent = Pt(16 * 3)
    _add_line(word, "", SIGNATURE)
    for line in paper.signature:
        signed = _add_line(word, line, SIGNATURE)
        signed.paragraph_format.right_indent = Pt(16 * 4)
    signed.paragraph_format.keep_with_next = False
    for label, attachment in zip(paper.labels, paper.attachments, strict=True):
        _write_attachment(word, label, attachment)


def _balanced(title: str) -> str:
    """A title too long for one line, broken behind the name of the draft and not inside a word."""
    name, mark, rest = title.rpartition("》")
    return f"{name}{mark}\n{rest}" if len(title) > TITLE_LINE and rest else title


def _write_attachment(word: Word, label: str, attachment: Attachment) -> None:
    labelled = _add_line(word, label, ADDRESSEE)
    labelled.paragraph_format.page_break_before = True
    _set_font(labelled, HEAD_FONT)
    _add_line(word, attachment.title, TITLE)
    _add_line(word, "", ADDRESSEE)
    for block in attachment.blocks:
        _write_block(word, block)


def _write_block(word: Word, block: Block) -> None:
    match block:
        case Heading(text, level):
            _add_line(word, text, f"Heading {level}")
        case Paragraph(text):
            _add_line(word, text, BODY)
        case Table():
            _write_table(word, block)


def _add_line(word: Word, text: str, style: str) -> WordParagraph:
    return word.add_paragraph(clean(text), style)


def _set_font(paragraph: WordParagraph, font: str) -> None:
    for run in paragraph.runs:
        run._r.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), font)


def _write_table(word: Word, table: Table) -> None:
    made = word.add_table(rows=1, cols=len(table.heads))
    made.style = "Table Grid"
    made.autofit = False
    for column, width in zip(made.columns, table.widths, strict=True):
        column.width = Mm(width)
    _cell_margins(made, Mm(1.2))
    _fill(made.rows[0], table.heads, table.widths, CELL_HEAD)
    _row_properties(made.rows[0]).append(_element("w:tblHeader"))
    for cells in table.rows:
        row = made.add_row()
        if len(cells) == 1:
            row.cells[0].merge(row.cells[-1])
            _put(row.cells[0], cells[0], GROUP)
        else:
            _fill(row, cells, table.widths, CELL)
        if max(map(len, cells)) < LONG_ROW:
            _row_properties(row).append(_element("w:cantSplit"))
    if len(table.rows) <= SHORT_TABLE and _longest(table) < LONG_ROW:
        _keep_together(made)


def _longest(table: Table) -> int:
    return max((len(cell) for cells in table.rows for cell in cells), default=0)


def _keep_together(table: WordTable) -> None:
    for row in table.rows[:-1]:
        for paragraph in row.cells[0].paragraphs:
            paragraph.paragraph_format.keep_with_next = True


def _fill(row: _Row, texts: Sequence[str], widths: Sequence[int], style: str) -> None:
    for cell, text, width in zip(row.cells, texts, widths, strict=True):
        cell.width = Mm(width)
        _put(cell, text, style)


def _put(cell: _Cell, text: str, style: str) -> None:
    lines = clean(text).split("\n")
    cell.paragraphs[0].text = lines[0]
    cell.paragraphs[0].style = style
    for line in lines[1:]:
        cell.add_paragraph(line, style)


def _cell_margins(table: WordTable, width: Length) -> None:
    margins = _element("w:tblCellMar")
    for side in ("left", "right"):
        margins.append(_element(f"w:{side}", w=str(width.twips), type="dxa"))
    table._tbl.tblPr.insert_element_before(margins, "w:tblLook")


def _row_properties(row: _Row) -> BaseOxmlElement:
    return row._tr.get_or_add_trPr()


def _properties(style: ParagraphStyle) -> BaseOxmlElement:
    return cast(BaseOxmlElement, style.element.get_or_add_pPr())


def _element(tag: str, **attributes: str) -> BaseOxmlElement:
    element = cast(BaseOxmlElement, OxmlElement(tag))
    for name, value in attributes.items():
        element.set(qn(f"w:{name}"), value)
    return element

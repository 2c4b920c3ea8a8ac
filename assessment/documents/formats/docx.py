"""Word documents (.docx): what a reader sees of the body, with Word's own numbers resolved.

Tracked insertions count as text and tracked deletions do not; foot- and endnotes follow the text; headers,
footers, comments, field codes, hidden text and macros are left out.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator

from assessment.documents.formats.archive import local
from assessment.documents.formats.base import Extract, Format, Means, Paragraph, Role
from assessment.documents.formats.footnotes import gathered
from assessment.documents.formats.numbering import Numbering, attribute, child, whole
from assessment.documents.formats.package import Element, Package, W
from assessment.documents.formats.refused import ZIP
from assessment.documents.formats.tables import Table, rows
from assessment.messages import DocumentError

SKIPPED = {"del", "moveFrom", "delText", "instrText", "delInstrText", "Fallback", "rPr", "pPr", "rt"}
BLOCKS = {"sdt", "sdtContent", "customXml", "ins", "moveTo", "smartTag"}
MAX_COLUMNS = 64


def _recognises(data: bytes, name: str) -> bool:
    return data.startswith(ZIP) and zipfile.is_zipfile(io.BytesIO(data))


def _extract(data: bytes, means: Means) -> Extract:
    package = Package(data)
    body = package.document().find(f"{{{W}}}body")
    if body is None:
        raise DocumentError("E104")
    reader = _Reader(Numbering(package.part("numbering"), package.part("styles")))
    reader.blocks(body, contents=False)
    reader.finish()
    below = tuple(gathered(body, package, reader.note))
    return Extract((*reader.paragraphs, *below), tuple(_notes(body, reader, package, len(below) - 1)))


FORMAT = Format("docx", _recognises, _extract, damaged="E104")


class _Reader:
    """Walks the body in order and collects paragraphs."""

    def __init__(self, numbering: Numbering) -> None:
        self.paragraphs: list[Paragraph] = []
        self.tables = 0
        self._numbering = numbering
        self._held = ""

    def blocks(self, parent: Element, contents: bool) -> None:
        for block in parent:
            name = local(block)
            if name == "p":
                self._paragraph(block, contents)
            elif name == "tbl":
                self._table(block)
            elif name in BLOCKS:
                self.blocks(block, contents or _is_contents(block))

    def _paragraph(self, block: Element, contents: bool) -> None:
        properties = child(block, "pPr")
        text, boxes = _text(block)
        if _mark_deleted(properties):
            self._held += text
            return
        text = self._held + text
        self._held = ""
        listed = contents or self._numbering.style_name(properties).startswith("toc ")
        # An empty numbered paragraph shows nothing worth reading, but it takes a number.
        number = self._numbering.number(properties)
        if text.strip():
            self._add(number + text.lstrip() if number else text, "contents" if listed else "text")
        for box in boxes:
            self.blocks(box, contents)

    def finish(self) -> None:
        """Add what a last paragraph with a deleted end still holds."""
        self._add(self._held, "text")

    def note(self, note: Element) -> str:
        """The visible text of a foot- or endnote on one line."""
        inner = _Reader(self._numbering)
        inner.blocks(note, contents=False)
        return " ".join(paragraph.text.strip() for paragraph in inner.paragraphs)

    def _add(self, text: str, role: Role) -> None:
        self.paragraphs += [Paragraph(line, role=role) for line in text.split("\n") if line.strip()]

    def _table(self, block: Element) -> None:
        grid = [self._row(row) for row in _rows(block) if not _deleted_row(row)]
        if all(len(cells) < 2 for cells in grid):
            for cell in (cell for cells in grid for cell in cells):
                self.paragraphs += [Paragraph(line) for line in cell.split("\n") if line.strip()]
            return
        self.tables += 1
        repeats = sum(child(child(row, "trPr"), "tblHeader") is not None for row in _rows(block))
        self.paragraphs += rows(Table(tuple(grid), self.tables, heads=repeats))

    def _row(self, row: Element) -> tuple[str, ...]:
        cells: list[str] = []
        for cell in (cell for cell in row.iter(f"{{{W}}}tc") if _owner_row(cell) is row):
            span = whole(attribute(child(child(cell, "tcPr"), "gridSpan")), 1)
            cells += [self._cell(cell)] + [Table.LEFT] * (min(span, MAX_COLUMNS) - 1)
        return tuple(cells)

    def _cell(self, cell: Element) -> str:
        merged = child(child(cell, "tcPr"), "vMerge")
        if merged is not None and attribute(merged) != "restart":
            return Table.SAME
        inner = _Reader(self._numbering)
        inner.blocks(cell, contents=False)
        return "\n".join(paragraph.text.strip() for paragraph in inner.paragraphs)


def _text(block: Element) -> tuple[str, list[Element]]:
    """The visible text of a paragraph, line breaks as ``\\n``, and the text boxes anchored in it."""
    pieces: list[str] = []
    boxes: list[Element] = []
    for node in _visible(block):
        name = local(node)
        if name == "t":
            pieces.append(node.text or "")
        elif name in {"br", "cr"}:
            pieces.append("" if attribute(node, "type") in {"page", "column"} else "\n")
        elif name == "tab":
            pieces.append("\t")
        elif name == "noBreakHyphen":
            pieces.append("-")
        elif name == "txbxContent":
            boxes.append(node)
    return "".join(pieces).replace("\r", "").replace("\x0b", "\n"), boxes


def _visible(node: Element) -> Iterator[Element]:
    """Descendants in order, without deleted, hidden and alternative content; boxes are not entered."""
    stack = list(reversed(node))
    while stack:
        current = stack.pop()
        name = local(current)
        if name in SKIPPED or (name == "r" and _hidden(current)):
            continue
        yield current
        if name != "txbxContent":
            stack.extend(reversed(current))


def _hidden(run: Element) -> bool:
    vanish = child(child(run, "rPr"), "vanish")
    return vanish is not None and attribute(vanish) not in {"0", "false"}


def _is_contents(block: Element) -> bool:
    gallery = child(child(child(block, "sdtPr"), "docPartObj"), "docPartGallery")
    return attribute(gallery) == "Table of Contents"


def _mark_deleted(properties: Element | None) -> bool:
    """Whether a tracked deletion took the paragraph's end, joining it to the next."""
    return child(child(properties, "rPr"), "del") is not None


def _rows(table: Element) -> list[Element]:
    return [row for row in table.iter(f"{{{W}}}tr") if _owner_table(row) is table]


def _owner_table(row: Element) -> Element:
    return next(row.iterancestors(f"{{{W}}}tbl"))


def _owner_row(cell: Element) -> Element:
    return next(cell.iterancestors(f"{{{W}}}tr"))


def _deleted_row(row: Element) -> bool:
    return child(child(row, "trPr"), "del") is not None


def _notes(body: Element, reader: _Reader, package: Package, below: int) -> Iterator[str]:
    inserted = sum(1 for _ in body.iter(f"{{{W}}}ins", f"{{{W}}}moveTo"))
    deleted = sum(1 for _ in body.iter(f"{{{W}}}del", f"{{{W}}}moveFrom"))
    if inserted or deleted:
        yield f"文件带有修订痕迹：{inserted} 处插入已计入正文，{deleted} 处删除未计入。请以接受修订后的定稿为准核对。"
    if reader.tables:
        yield f"含 {reader.tables} 个表格，已逐行读出，每行带列名。"
    if below > 0:
        yield f"{below} 条脚注和尾注已列在正文之后。"
    elif any(True for _ in body.iter(f"{{{W}}}footnoteReference", f"{{{W}}}endnoteReference")):
        yield "脚注和尾注未读入。"
    if package.has_macros:
        yield "文件含有宏，未运行。"

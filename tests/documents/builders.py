"""Files made for the tests: Word documents with real numbering, and small PDFs written by hand."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable, Sequence

import docx
from docx.document import Document as WordDocument
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn

W = nsdecls("w")


def saved(document: WordDocument) -> bytes:
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def word(lines: Iterable[str]) -> bytes:
    """A Word document of plain paragraphs."""
    document = docx.Document()
    for line in lines:
        document.add_paragraph(line)
    return saved(document)


def level(index: int, number_format: str, text: str, start: int = 1, extra: str = "") -> str:
    """One ``w:lvl`` of an abstract list."""
    return (
        f'<w:lvl w:ilvl="{index}"><w:start w:val="{start}"/><w:numFmt w:val="{number_format}"/>'
        f'{extra}<w:lvlText w:val="{text}"/></w:lvl>'
    )


def numbered(
    abstracts: dict[int, str],
    lists: dict[int, tuple[int, str]],
    paragraphs: Sequence[tuple[str, int | None, int]],
) -> bytes:
    """A Word document whose numbers are Word's own.

    Args:
        abstracts: abstract list id to its levels' XML.
        lists: list id to (abstract list id, XML of overrides).
        paragraphs: (text, list id or None, level).
    """
    document = docx.Document()
    _replace_numbering(document, abstracts, lists)
    for text, list_id, index in paragraphs:
        paragraph = document.add_paragraph(text)
        if list_id is not None:
            number(paragraph._p, list_id, index)
    return saved(document)


def number(element: object, list_id: int, index: int) -> None:
    """Put a paragraph element into a list."""
    properties = element.get_or_add_pPr()  # type: ignore[attr-defined]
    properties.append(
        parse_xml(f'<w:numPr {W}><w:ilvl w:val="{index}"/><w:numId w:val="{list_id}"/></w:numPr>')
    )


def _replace_numbering(
    document: WordDocument, abstracts: dict[int, str], lists: dict[int, tuple[int, str]]
) -> None:
    root = document.part.part_related_by(RELATIONSHIP_TYPE.NUMBERING).element
    for old in list(root):
        root.remove(old)
    for abstract_id, levels in abstracts.items():
        root.append(parse_xml(f'<w:abstractNum {W} w:abstractNumId="{abstract_id}">{levels}</w:abstractNum>'))
    for list_id, (abstract_id, overrides) in lists.items():
        root.append(
            parse_xml(
                f'<w:num {W} w:numId="{list_id}"><w:abstractNumId w:val="{abstract_id}"/>{overrides}</w:num>'
            )
        )


def repacked(data: bytes, changes: dict[str, bytes | None]) -> bytes:
    """A copy of a ZIP with parts replaced, added, or (None) left out."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            if name not in changes:
                new.writestr(name, old.read(name))
        for name, content in changes.items():
            if content is not None:
                new.writestr(name, content)
    return buffer.getvalue()


def with_body(xml: str) -> bytes:
    """A Word document whose body is this XML."""
    document = docx.Document()
    body = document.element.body
    for old in list(body):
        if old.tag != qn("w:sectPr"):
            body.remove(old)
    for position, new in enumerate(parse_xml(f"<w:body {W}>{xml}</w:body>")):
        body.insert(position, new)
    return saved(document)


Place = tuple[float, float, float, str]
"""x, y and size in points, and the text of one line."""


def pdf(pages: Sequence[Sequence[Place]]) -> bytes:
    """A PDF with Chinese text, in a font that is named and not embedded."""
    kids = " ".join(f"{6 + 2 * index} 0 R" for index in range(len(pages)))
    objects = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Kids [{kids}] /Count {len(pages)} >>",
        "<< /Type /Font /Subtype /Type0 /BaseFont /STSong-Light /Encoding /UniGB-UTF16-H /DescendantFonts [4 0 R] >>",
        "<< /Type /Font /Subtype /CIDFontType0 /BaseFont /STSong-Light /FontDescriptor 5 0 R /DW 1000 "
        "/CIDSystemInfo << /Registry (Adobe) /Ordering (GB1) /Supplement 5 >> >>",
        "<< /Type /FontDescriptor /FontName /STSong-Light /Flags 6 /FontBBox [-25 -254 1000 880] /ItalicAngle 0 "
        "/Ascent 880 /Descent -120 /CapHeight 880 /StemV 93 >>",
    ]
    for index, places in enumerate(pages):
        stream = "\n".join(
            f"BT /F1 {size} Tf {x} {y} Td <{text.encode('utf-16-be').hex()}> Tj ET"
            for x, y, size, text in places
        )
        objects.append(
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents {7 + 2 * index} 0 R "
            "/Resources << /Font << /F1 3 0 R >> >> >>"
        )
        objects.append(f"<< /Length {len(stream)} >>\nstream\n{stream}\nendstream")
    return _assembled(objects)


def _assembled(objects: Sequence[str], trailer: str = "") -> bytes:
    output = b"%PDF-1.5\n"
    offsets = []
    for number_, content in enumerate(objects, 1):
        offsets.append(len(output))
        output += f"{number_} 0 obj\n{content}\nendobj\n".encode("latin-1")
    table = "".join(f"{offset:010d} 00000 n \n" for offset in offsets)
    size = len(objects) + 1
    return output + (
        f"xref\n0 {size}\n0000000000 65535 f \n{table}trailer\n<< /Size {size} /Root 1 0 R {trailer} >>\n"
        f"startxref\n{len(output)}\n%%EOF\n"
    ).encode("latin-1")


def locked_pdf() -> bytes:
    """A PDF whose encryption dictionary no empty password opens."""
    encryption = f"<< /Filter /Standard /V 1 /R 2 /Length 40 /P -44 /O <{'11' * 32}> /U <{'22' * 32}> >>"
    objects = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] >>",
        encryption,
    ]
    return _assembled(objects, f"/Encrypt 4 0 R /ID [<{'33' * 16}> <{'33' * 16}>]")


def page(lines: Sequence[str], *, left: float = 90, top: float = 770, size: float = 16) -> list[Place]:
    """Lines one under the other; one that begins with full-width blanks is indented by them."""
    places = []
    for row, line in enumerate(lines):
        bare = line.lstrip("\u3000")
        places.append((left + (len(line) - len(bare)) * size, top - row * 28, size, bare))
    return places


def wrapped(paragraphs: Iterable[str], width: int) -> list[str]:
    """Paragraphs set with an indent of two characters and broken at ``width`` characters."""
    lines = []
    for paragraph in paragraphs:
        text = "\u3000\u3000" + paragraph
        lines += [text[start : start + width] for start in range(0, len(text), width)]
    return lines


def zip_bomb() -> bytes:
    """A Word file of a few kilobytes that unpacks to more than any draft holds."""
    return repacked(word(["第一条 甲。"]), {"word/media/image1.bin": bytes(40 * 1024 * 1024)})

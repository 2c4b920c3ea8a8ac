"""A small writer of OFD packages: lines set in one size on pages of A4."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass

from lxml import etree

NAMESPACE = "http://www.ofdspec.org/2016"
LEFT, TOP, SIZE, STEP = 28.0, 37.0, 5.6, 9.9
COLUMNS, ROWS = 27, 22


@dataclass(frozen=True, slots=True)
class Spelling:
    """How a producer writes what the standard leaves open.

    Attributes:
        namespace: of every element.
        absolute: whether paths begin at the root of the package.
        backslash: whether folders are parted by backslashes.
        reversed_objects: whether text objects stand in the file from the bottom of the page up.
    """

    namespace: str = NAMESPACE
    absolute: bool = False
    backslash: bool = False
    reversed_objects: bool = False

    def path(self, folder: str, name: str) -> str:
        path = f"/{folder}{name}" if self.absolute else name
        return path.replace("/", "\\") if self.backslash else path


def text_object(text: str, left: float, base: float, size: float = SIZE, extra: str = "") -> str:
    """One run of characters; full-width ones a whole size apart, others half of one."""
    steps = " ".join(f"{size * (0.5 if character.isascii() else 1):g}" for character in text[:-1])
    delta = f' DeltaX="{steps}"' if steps else ""
    return (
        f'<ofd:TextObject ID="9" Boundary="{left:g} {base - size:g} 200 {size:g}" Font="3" Size="{size:g}"{extra}>'
        f'<ofd:TextCode X="0" Y="{size:g}"{delta}>{_escaped(text)}</ofd:TextCode></ofd:TextObject>'
    )


def ofd(pages: Sequence[Sequence[str]], spelling: Spelling = Spelling(), template: str = "") -> bytes:
    """A package whose pages hold these lines; a line that begins with U+3000 is indented.

    Args:
        pages: lines of each page.
        spelling: how names and paths are written.
        template: content of a template page that every page lies on; '' for none.
    """
    entries = {
        "OFD.xml": _root(spelling),
        "Doc_0/Document.xml": _document(len(pages), spelling, bool(template)),
    }
    if template:
        entries["Doc_0/Tpls/Tpl_0/Content.xml"] = _page(template, spelling, used=False)
    for index, lines in enumerate(pages):
        objects = [_line(line, row) for row, line in enumerate(lines)]
        content = "".join(reversed(objects) if spelling.reversed_objects else objects)
        entries[f"Doc_0/Pages/Page_{index}/Content.xml"] = _page(content, spelling, used=bool(template))
    return packed({name: content.encode() for name, content in entries.items()})


def set_in_pages(paragraphs: Sequence[str]) -> list[list[str]]:
    """Paragraphs, their first lines indented by two characters, broken into lines and pages."""
    lines: list[str] = []
    for paragraph in paragraphs:
        text, line, used = "\u3000\u3000" + paragraph, "", 0.0
        for character in text:
            wide = 0.5 if character.isascii() else 1.0
            if used + wide > COLUMNS:
                lines.append(line)
                line, used = "", 0.0
            line, used = line + character, used + wide
        lines.append(line)
    return [lines[start : start + ROWS] for start in range(0, len(lines), ROWS)]


def packed(entries: dict[str, bytes]) -> bytes:
    """A ZIP of these entries."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in entries.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def _line(line: str, row: int) -> str:
    bare = line.lstrip("\u3000")
    return text_object(bare, LEFT + (len(line) - len(bare)) * SIZE, TOP + row * STEP)


def _root(spelling: Spelling) -> str:
    path = spelling.path("", "Doc_0/Document.xml")
    return (
        f'<ofd:OFD xmlns:ofd="{spelling.namespace}" Version="1.0" DocType="OFD"><ofd:DocBody>'
        f"<ofd:DocInfo/><ofd:DocRoot>{path}</ofd:DocRoot></ofd:DocBody></ofd:OFD>"
    )


def _document(count: int, spelling: Spelling, templated: bool) -> str:
    template = spelling.path("Doc_0/", "Tpls/Tpl_0/Content.xml")
    pages = "".join(
        f'<ofd:Page ID="{index + 10}" BaseLoc="{spelling.path("Doc_0/", f"Pages/Page_{index}/Content.xml")}"/>'
        for index in range(count)
    )
    return (
        f'<ofd:Document xmlns:ofd="{spelling.namespace}"><ofd:CommonData><ofd:PageArea>'
        "<ofd:PhysicalBox>0 0 210 297</ofd:PhysicalBox></ofd:PageArea>"
        + (f'<ofd:TemplatePage ID="7" BaseLoc="{template}"/>' if templated else "")
        + f"</ofd:CommonData><ofd:Pages>{pages}</ofd:Pages></ofd:Document>"
    )


def _page(content: str, spelling: Spelling, used: bool) -> str:
    return (
        f'<ofd:Page xmlns:ofd="{spelling.namespace}">'
        + ('<ofd:Template TemplateID="7" ZOrder="Background"/>' if used else "")
        + f'<ofd:Content><ofd:Layer ID="2">{content}</ofd:Layer></ofd:Content></ofd:Page>'
    )


def _escaped(text: str) -> str:
    element = etree.Element("x")
    element.text = text
    return etree.tostring(element, encoding="unicode")[3:-4]

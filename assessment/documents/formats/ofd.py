"""OFD, the national format of fixed pages (GB/T 33190): text objects placed on pages and templates.

A package holds OFD.xml, which names documents, which name pages; a page may lie on templates.
Producers differ in namespaces and in how they spell paths, so names are compared without
namespace and paths are tried as absolute, as relative to their file, and without regard to case.
"""

from __future__ import annotations

import io
import posixpath
import zipfile
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass

from PIL import Image

from assessment.documents.formats import scan
from assessment.documents.formats.archive import Archive, Element, local
from assessment.documents.formats.base import Extract, Format, Means
from assessment.documents.formats.image import open_pages
from assessment.documents.formats.lines import Page
from assessment.documents.formats.ofd_text import lines, runs
from assessment.documents.formats.pages import paragraphs
from assessment.documents.models import RecognisedPage
from assessment.messages import DocumentError

ROOT = "ofd.xml"
POINTS = 72 / 25.4
A4_HEIGHT = 297.0
FULL_PICTURE = 20_000.0
"""Square millimetres from which a picture may be that of a page: a third of A4."""

MAX_PAGES = 2_000
EMPTY_PAGE = 5
"""Fewer characters than this on a page mean that its text is drawn, or a picture."""


def is_ofd(names: frozenset[str]) -> bool:
    """Whether a ZIP with these entries is an OFD package."""
    return any(name.replace("\\", "/").lstrip("/").lower() == ROOT for name in names)


def _recognises(data: bytes, name: str) -> bool:
    if not data.startswith(b"PK\x03\x04") or not zipfile.is_zipfile(io.BytesIO(data)):
        return False
    return is_ofd(frozenset(zipfile.ZipFile(io.BytesIO(data)).namelist()))


def _extract(data: bytes, means: Means) -> Extract:
    package = _Package(data)
    pages = list(package.pages())
    pages, recognised = _with_recognised(package, pages, means)
    sizes = [_readable(page) for page in pages]
    if not any(size >= EMPTY_PAGE for size in sizes):
        raise DocumentError("E130" if recognised else "E127")
    return Extract(tuple(paragraphs(pages)), tuple(_notes(package, sizes, recognised)), tuple(recognised))


FORMAT = Format("ofd", _recognises, _extract, damaged="E116")


def page_picture(data: bytes, number: int) -> Image.Image | None:
    """The picture that fills a page, in RGB; None if the page is not one picture."""
    package = _Package(data)
    pages = sum(1 for _ in package.pages())
    return package.picture(number) if 0 < number <= pages else None


def _readable(page: Page) -> int:
    """Characters of a page, private ones of embedded fonts aside."""
    return sum(not "\ue000" <= character <= "\uf8ff" for line in page.lines for character in line.text)


def _with_recognised(
    package: _Package, pages: list[Page], means: Means
) -> tuple[list[Page], list[RecognisedPage]]:
    """The pages, those without text that show one picture replaced by what was recognised in it."""
    pictures = [
        page.number for page in pages if _readable(page) < EMPTY_PAGE and package.pictures[page.number]
    ]
    if not pictures:
        return pages, []
    if len(pictures) > scan.MAX_PAGES:
        raise DocumentError("E132", pages=len(pictures), limit=scan.MAX_PAGES)
    engine, complete, recognised = means.engine(), list(pages), []
    for done, number in enumerate(pictures, 1):
        picture = package.picture(number)
        if picture is not None:
            dots = picture.height / max(pages[number - 1].height / 72, 1)
            complete[number - 1], how = scan.recognise(picture, number, engine, dots)
            recognised.append(how)
        means.progress(done, len(pictures))
    return complete, recognised


@dataclass(frozen=True, slots=True)
class _Sheet:
    """A page or template: its content, and the height of its paper in millimetres."""

    root: Element
    height: float | None


class _Package:
    """The documents of an OFD file, their pages in order."""

    def __init__(self, data: bytes) -> None:
        self._archive = Archive(data)
        self._spelled = {_plain(name): name for name in self._archive.names}
        if "encryptions.xml" in self._spelled:
            raise DocumentError("E105")
        self.documents = 0
        self.dropped = 0
        self.pictures: dict[int, str] = {}
        """Path of the largest picture of each page; '' if it has none that fills a good part of it."""

    def pages(self) -> Iterator[Page]:
        """Every page of every document, numbered through, its lines in points from the lower left."""
        number = 0
        for path, document in self._roots():
            self.documents += 1
            templates = self._templates(path, document)
            common = _height(document)
            media = self._media(path, document)
            for entry in _children(document, "Page"):
                number += 1
                if number > MAX_PAGES:
                    raise DocumentError("E112", pages=number, limit=MAX_PAGES)
                sheet = self._sheet(path, entry)
                self.pictures[number] = media.get(_largest(sheet.root), "")
                yield self._page(number, sheet, templates, common)

    def picture(self, number: int) -> Image.Image | None:
        """The picture that fills a page, once ``pages`` has come to it."""
        path = self.pictures[number]
        return next(open_pages(self._archive.read(path)), None) if path else None

    def _media(self, owner: str, document: Element) -> dict[str, str]:
        """Path of each picture by its resource ID."""
        found: dict[str, str] = {}
        for node in document.iter():
            if local(node) not in {"PublicRes", "DocumentRes"} or not node.text:
                continue
            with suppress(KeyError):
                path = self._find(owner, node.text)
                root = self._archive.xml(path)
                folder = posixpath.join(posixpath.dirname(_plain(path)), _plain(root.get("BaseLoc", "")))
                for item in root.iter():
                    if local(item) == "MultiMedia":
                        file = next(
                            (part.text for part in item if local(part) == "MediaFile" and part.text), ""
                        )
                        found[item.get("ID", "")] = self._spelled.get(
                            posixpath.normpath(posixpath.join(folder, _plain(file))), ""
                        )
        return found

    def _page(self, number: int, sheet: _Sheet, templates: dict[str, _Sheet], common: float | None) -> Page:
        height = sheet.height or common or A4_HEIGHT
        used = [item.get("TemplateID", "") for item in sheet.root.iter() if local(item) == "Template"]
        layers = [templates[key].root for key in used if key in templates]
        found = [run for root in [*layers, sheet.root] for run in runs(root)]
        upright = [run for run in found if not run.slanted]
        self.dropped += len(found) > len(upright)
        return Page(number, height * POINTS, tuple(lines(upright, height, POINTS)))

    def _roots(self) -> Iterator[tuple[str, Element]]:
        entry = self._archive.xml(self._spelled[ROOT])
        for node in entry.iter():
            if local(node) == "DocRoot" and node.text:
                path = self._find("", node.text)
                yield path, self._archive.xml(path)

    def _templates(self, owner: str, document: Element) -> dict[str, _Sheet]:
        return {
            entry.get("ID", ""): self._sheet(owner, entry) for entry in _children(document, "TemplatePage")
        }

    def _sheet(self, owner: str, entry: Element) -> _Sheet:
        root = self._archive.xml(self._find(owner, entry.get("BaseLoc", "")))
        return _Sheet(root, _height(root))

    def _find(self, owner: str, target: str) -> str:
        """The entry that ``owner`` means by ``target``; KeyError if the package has none."""
        beside = posixpath.join(posixpath.dirname(_plain(owner)), _plain(target))
        for path in (_plain(target), posixpath.normpath(beside)):
            if path in self._spelled:
                return self._spelled[path]
        raise KeyError(target)


def _largest(page: Element) -> str:
    """Resource ID of the largest picture of a page that is as large as text would be; '' if none is."""
    largest, best = FULL_PICTURE, ""
    for node in page.iter():
        box = node.get("Boundary", "").split() if local(node) == "ImageObject" else []
        if len(box) == 4 and float(box[2]) * float(box[3]) > largest:
            largest, best = float(box[2]) * float(box[3]), node.get("ResourceID", "")
    return best


def _plain(path: str) -> str:
    """One spelling for all: forward slashes, no leading slash or dot, lower case."""
    return posixpath.normpath(path.strip().replace("\\", "/")).lstrip("/").lower()


def _children(document: Element, name: str) -> list[Element]:
    return [node for node in document.iter() if local(node) == name and node.get("BaseLoc")]


def _height(root: Element) -> float | None:
    """Height of the paper in millimetres, from the first PhysicalBox that gives one."""
    for node in root.iter():
        if local(node) == "PhysicalBox" and node.text:
            parts = node.text.split()
            return float(parts[3]) if len(parts) == 4 else None
    return None


def _notes(package: _Package, sizes: Sequence[int], recognised: Sequence[RecognisedPage]) -> Iterator[str]:
    if recognised:
        yield scan.note(recognised)
    empty = [str(number) for number, size in enumerate(sizes, 1) if size < EMPTY_PAGE]
    if empty:
        listed = "、".join(empty[:10]) + ("等" if len(empty) > 10 else "")
        yield f"第 {listed} 页没有文字，可能是图片或以线条画出的字，未读入的内容请人工核对。"
    if package.documents > 1:
        yield f"文件内有 {package.documents} 份文档，已依次读入。"
    if package.dropped:
        yield f"{package.dropped} 页有斜排文字（多为水印），未读入。"
    yield "OFD 中的表格按文字行读入，未还原行列；有表格时请对照原件，或改用 .docx。"

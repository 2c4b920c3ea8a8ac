"""The ZIP container of a .docx, opened with limits and without trusting its XML."""

from __future__ import annotations

import io
import posixpath
import zipfile
from typing import Any

from lxml import etree

from assessment.messages import DocumentError

MAX_ENTRIES = 5_000
MAX_UNPACKED = 400 * 1024 * 1024
MAX_PART = 120 * 1024 * 1024
MAX_RATIO = 200
RATIO_FROM = 5 * 1024 * 1024

STRICT = b"http://purl.oclc.org/ooxml/wordprocessingml/main"
W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
RELATIONSHIP = "http://schemas.openxmlformats.org/package/2006/relationships"

Element = Any
"""An lxml element; lxml ships no types."""


class Package:
    """The parts of a .docx by what they are.

    Args:
        data: the whole file.

    Raises:
        DocumentError: E110 too large unpacked, E105 encrypted entries, E111 XML with a DOCTYPE.
        zipfile.BadZipFile, KeyError, etree.XMLSyntaxError: the file is damaged.
    """

    def __init__(self, data: bytes) -> None:
        self._archive = zipfile.ZipFile(io.BytesIO(data))
        self._names = {info.filename: info for info in self._archive.infolist()}
        _check_size(self._archive.infolist())
        self.document_name = self._main_part()
        self._related = self._relations(self.document_name)

    @property
    def has_macros(self) -> bool:
        """Whether a VBA project lies in the package; it is never opened."""
        return any(name.endswith("vbaProject.bin") for name in self._names)

    def document(self) -> Element:
        """Root of the main document part."""
        return self._xml(self.document_name)

    def part(self, kind: str) -> Element | None:
        """Root of the part the document calls ``numbering``, ``styles`` ...; None if it has none."""
        name = self._related.get(kind)
        return self._xml(name) if name in self._names else None

    def _main_part(self) -> str:
        for kind, name in self._relations("").items():
            if kind == "officeDocument" and name in self._names:
                return name
        return "word/document.xml"

    def _relations(self, owner: str) -> dict[str, str]:
        folder, base = posixpath.split(owner)
        name = posixpath.join(folder, "_rels", f"{base}.rels")
        if name not in self._names:
            return {}
        related = {}
        for item in self._xml(name).iter(f"{{{RELATIONSHIP}}}Relationship"):
            target = item.get("Target", "")
            path = target.lstrip("/") if target.startswith("/") else posixpath.join(folder, target)
            related[item.get("Type", "").rsplit("/", 1)[-1]] = posixpath.normpath(path)
        return related

    def _xml(self, name: str) -> Element:
        data = self._archive.read(name)
        if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
            data = data.decode("utf-16").encode("utf-8").replace(b'encoding="UTF-16"', b'encoding="UTF-8"', 1)
        if b"<!DOCTYPE" in data or b"<!ENTITY" in data:
            raise DocumentError("E111")
        return etree.fromstring(data.replace(STRICT, W.encode()), _parser())


def _parser() -> Any:
    return etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)


def _check_size(entries: list[zipfile.ZipInfo]) -> None:
    if any(entry.flag_bits & 0x1 for entry in entries):
        raise DocumentError("E105")
    unpacked = sum(entry.file_size for entry in entries)
    packed = sum(entry.compress_size for entry in entries) or 1
    too_dense = unpacked > RATIO_FROM and unpacked / packed > MAX_RATIO
    if len(entries) > MAX_ENTRIES or unpacked > MAX_UNPACKED or too_dense:
        raise DocumentError("E110")
    if any(entry.file_size > MAX_PART for entry in entries if entry.filename.endswith((".xml", ".rels"))):
        raise DocumentError("E110")

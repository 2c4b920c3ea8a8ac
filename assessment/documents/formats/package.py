"""The parts of a .docx package, found by what the document says of them."""

from __future__ import annotations

import posixpath

from assessment.documents.formats.archive import Archive, Element, parse

STRICT = b"http://purl.oclc.org/ooxml/wordprocessingml/main"
W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
RELATIONSHIP = "http://schemas.openxmlformats.org/package/2006/relationships"

__all__ = ["Element", "Package", "W"]


class Package:
    """The parts of a .docx by what they are.

    Args:
        data: the whole file.

    Raises:
        DocumentError: E110 too large unpacked, E105 encrypted entries, E111 XML with a DOCTYPE.
        zipfile.BadZipFile, KeyError, etree.XMLSyntaxError: the file is damaged.
    """

    def __init__(self, data: bytes) -> None:
        self._archive = Archive(data)
        self.document_name = self._main_part()
        self._related = self._relations(self.document_name)

    @property
    def has_macros(self) -> bool:
        """Whether a VBA project lies in the package; it is never opened."""
        return any(name.endswith("vbaProject.bin") for name in self._archive.names)

    def document(self) -> Element:
        """Root of the main document part."""
        return self._xml(self.document_name)

    def part(self, kind: str) -> Element | None:
        """Root of the part the document calls ``numbering``, ``styles`` ...; None if it has none."""
        name = self._related.get(kind)
        return self._xml(name) if name in self._archive.names else None

    def _main_part(self) -> str:
        for kind, name in self._relations("").items():
            if kind == "officeDocument" and name in self._archive.names:
                return name
        return "word/document.xml"

    def _relations(self, owner: str) -> dict[str, str]:
        folder, base = posixpath.split(owner)
        name = posixpath.join(folder, "_rels", f"{base}.rels")
        if name not in self._archive.names:
            return {}
        related = {}
        for item in self._xml(name).iter(f"{{{RELATIONSHIP}}}Relationship"):
            target = item.get("Target", "")
            path = target.lstrip("/") if target.startswith("/") else posixpath.join(folder, target)
            related[item.get("Type", "").rsplit("/", 1)[-1]] = posixpath.normpath(path)
        return related

    def _xml(self, name: str) -> Element:
        return parse(self._archive.read(name), replacing=(STRICT, W.encode()))

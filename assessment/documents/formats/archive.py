"""ZIP containers opened with limits, and the XML inside them parsed without trusting it."""

from __future__ import annotations

import io
import zipfile
from typing import Any

from lxml import etree

from assessment.messages import DocumentError

MAX_ENTRIES = 5_000
MAX_UNPACKED = 400 * 1024 * 1024
MAX_PART = 120 * 1024 * 1024
MAX_RATIO = 200
RATIO_FROM = 5 * 1024 * 1024

Element = Any
"""An lxml element; lxml ships no types."""


class Archive:
    """A ZIP whose size unpacked is known to be bearable.

    Args:
        data: the whole file.

    Raises:
        DocumentError: E110 too large unpacked, E105 encrypted entries.
        zipfile.BadZipFile: the file is damaged.
    """

    def __init__(self, data: bytes) -> None:
        self._archive = zipfile.ZipFile(io.BytesIO(data))
        self.names = frozenset(info.filename for info in self._archive.infolist())
        _check_size(self._archive.infolist())

    def read(self, name: str) -> bytes:
        """The bytes of one entry; KeyError if there is none."""
        return self._archive.read(name)

    def xml(self, name: str) -> Element:
        """The root of one entry that is XML; see ``parse``."""
        return parse(self.read(name))


def parse(data: bytes, replacing: tuple[bytes, bytes] = (b"", b"")) -> Element:
    """The root element of XML that may be hostile.

    Args:
        data: the XML, in any encoding it declares.
        replacing: a namespace to read as another.

    Raises:
        DocumentError: E111, the XML declares a document type or an entity.
        etree.XMLSyntaxError: it is not well-formed.
    """
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        data = data.decode("utf-16").encode("utf-8").replace(b'encoding="UTF-16"', b'encoding="UTF-8"', 1)
    if b"<!DOCTYPE" in data or b"<!ENTITY" in data:
        raise DocumentError("E111")
    if replacing[0]:
        data = data.replace(*replacing)
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    return etree.fromstring(data, parser)


def local(node: Element) -> str:
    """An element's name without its namespace; '' for comments and instructions."""
    tag = node.tag
    return tag.rsplit("}", 1)[-1] if isinstance(tag, str) else ""


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

"""Files that are known for what they are and cannot be read: each gets its own message."""

from __future__ import annotations

import io
import struct
import zipfile

from assessment.documents.formats.ofd import is_ofd
from assessment.messages import DocumentError

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
ZIP = b"PK\x03\x04"
EMPTY_ZIP = b"PK\x05\x06"
ARCHIVES = (b"Rar!\x1a\x07", b"7z\xbc\xaf\x27\x1c", b"\x1f\x8b\x08", b"BZh", b"\xfd7zXZ\x00")
OFFICE_OTHER = ("xl/", "ppt/", "visio/")
OPEN_DOCUMENT = b"application/vnd.oasis.opendocument."
WORD_STREAM = "WordDocument".encode("utf-16-le")
WORD_IDENTITY = 0xA5EC
DAMAGED_ZIP = {".ofd": "E116", ".odt": "E125", ".zip": "E136"}
"""What a ZIP that cannot be opened is taken for, by the ending of its name; else a Word file."""


def check(data: bytes, name: str) -> None:
    """Raise DocumentError if ``data`` is of a kind this program knows and cannot read."""
    if data.startswith(OLE):
        _check_ole(data)
    if data.startswith((ZIP, EMPTY_ZIP)):
        _check_zip(data, name)
    if data.startswith(ARCHIVES):
        raise DocumentError("E141")
    if data[:200].lstrip().lower().startswith(b"mime-version:"):
        raise DocumentError("E121")
    if b'progid="Word.Document"' in data[:1000]:
        raise DocumentError("E121")
    head = data[:3000].removeprefix(b"\xef\xbb\xbf").lstrip().lower()
    if head.startswith((b"<?xml", b"<svg", b"<!doctype svg")) and b"<html" not in head:
        raise DocumentError("E144")


def unknown(data: bytes) -> DocumentError:
    """The error for bytes no format recognises: text with NUL characters, or no text at all."""
    return DocumentError("E115" if _mostly_text(data) else "E114")


def _mostly_text(data: bytes) -> bool:
    """Whether removing the NUL bytes leaves UTF-8 or GB18030 text."""
    if b"\x00" not in data:
        return False
    stripped = data.replace(b"\x00", b"")
    if len(stripped) < len(data) * 0.5 or any(byte < 9 for byte in stripped):
        return False
    for encoding in ("utf-8", "gb18030"):
        try:
            stripped.decode(encoding)
        except UnicodeDecodeError:
            continue
        return True
    return False


def _check_ole(data: bytes) -> None:
    """A .docx with a password lies in an OLE container as well as an old .doc does."""
    if "EncryptedPackage".encode("utf-16-le") in data or _is_locked_doc(data):
        raise DocumentError("E105")
    if WORD_STREAM in data:
        return
    if "Workbook".encode("utf-16-le") in data or "PowerPoint".encode("utf-16-le") in data:
        raise DocumentError("E120")
    raise DocumentError("E113")


def _is_locked_doc(data: bytes) -> bool:
    """Whether the header of an old Word file says that it is encrypted ([MS-DOC] 2.5.2, fEncrypted)."""
    entry = data.find(WORD_STREAM)
    if entry < 0 or len(data) < entry + 120:
        return False
    sector = 1 << min(struct.unpack_from("<H", data, 30)[0], 12)
    header = (struct.unpack_from("<I", data, entry + 116)[0] + 1) * sector
    if header + 12 > len(data) or struct.unpack_from("<H", data, header)[0] != WORD_IDENTITY:
        return False
    return bool(struct.unpack_from("<H", data, header + 10)[0] & 0x0100)


def _check_zip(data: bytes, name: str) -> None:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = frozenset(archive.namelist())
            kind = archive.read("mimetype") if "mimetype" in names else b""
    except Exception as error:
        raise DocumentError(_damaged_zip(name)) from error
    if ("[Content_Types].xml" in names and any(entry.startswith("word/") for entry in names)) or is_ofd(
        names
    ):
        return
    if kind.startswith(OPEN_DOCUMENT + b"text"):
        return
    if kind.startswith(OPEN_DOCUMENT) or any(entry.startswith(OFFICE_OTHER) for entry in names):
        raise DocumentError("E120")
    raise DocumentError("E119")


def _damaged_zip(name: str) -> str:
    return next((code for ending, code in DAMAGED_ZIP.items() if name.lower().endswith(ending)), "E104")

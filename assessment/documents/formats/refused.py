"""Files that are known for what they are and cannot be read: each gets its own message."""

from __future__ import annotations

import io
import zipfile

from assessment.messages import DocumentError

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
ZIP = b"PK\x03\x04"
EMPTY_ZIP = b"PK\x05\x06"
IMAGES = (b"\x89PNG\r\n", b"\xff\xd8\xff", b"GIF8", b"BM", b"II*\x00", b"MM\x00*", b"RIFF")
OFFICE_OTHER = ("xl/", "ppt/", "visio/")


def check(data: bytes) -> None:
    """Raise DocumentError if ``data`` is of a kind this program knows and cannot read."""
    if data.startswith(OLE):
        raise _ole(data)
    if data.startswith((ZIP, EMPTY_ZIP)):
        _check_zip(data)
    if data.lstrip()[:5] == b"{\\rtf":
        raise DocumentError("E117")
    if data.startswith(IMAGES) and b"\x00" in data[:64]:
        raise DocumentError("E118")
    if data[:200].lstrip().lower().startswith(b"mime-version:"):
        raise DocumentError("E121")
    if b'progid="Word.Document"' in data[:1000]:
        raise DocumentError("E121")


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


def _ole(data: bytes) -> DocumentError:
    if "EncryptedPackage".encode("utf-16-le") in data:
        return DocumentError("E105")
    if "WordDocument".encode("utf-16-le") in data:
        return DocumentError("E106")
    if "Workbook".encode("utf-16-le") in data or "PowerPoint".encode("utf-16-le") in data:
        return DocumentError("E120")
    return DocumentError("E113")


def _check_zip(data: bytes) -> None:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = archive.namelist()
    except Exception as error:
        raise DocumentError("E104") from error
    if "[Content_Types].xml" in names and any(entry.startswith("word/") for entry in names):
        return
    if "OFD.xml" in names:
        raise DocumentError("E116")
    if any(entry.startswith(OFFICE_OTHER) for entry in names):
        raise DocumentError("E120")
    raise DocumentError("E119")

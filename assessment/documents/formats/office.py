"""Old Word and WPS files, RTF and OpenDocument text: LibreOffice makes them .docx, then they are read as such."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable
from dataclasses import replace

from assessment.documents.formats import docx
from assessment.documents.formats.base import Extract, Format, Means
from assessment.documents.formats.libreoffice import to_docx
from assessment.documents.formats.refused import OLE, ZIP

ODT_TYPES = (b"application/vnd.oasis.opendocument.text", b"application/vnd.oasis.opendocument.text-template")


def is_odt(data: bytes) -> bool:
    """Whether the bytes are an OpenDocument text."""
    if not data.startswith(ZIP) or not zipfile.is_zipfile(io.BytesIO(data)):
        return False
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return "mimetype" in archive.namelist() and archive.read("mimetype").strip() in ODT_TYPES


def _is_doc(data: bytes, name: str) -> bool:
    return data.startswith(OLE)


def _is_rtf(data: bytes, name: str) -> bool:
    return data.lstrip()[:5] == b"{\\rtf"


def _with_written_numbers(data: bytes) -> bytes:
    """RTF in which the number its writer put beside each list paragraph is text, and no list counts.

    LibreOffice spells Chinese level texts as question marks when it reads RTF (第%1条 becomes ?%1?).
    """
    return re.sub(rb"\\ls\d+(?=[^0-9])", b"", re.sub(rb"\{\\(?:listtext|pntext)(?=[^a-z])", b"{", data))


def _converted(ending: str) -> Callable[[bytes, Means], Extract]:
    def extract(data: bytes, means: Means) -> Extract:
        written = _with_written_numbers(data) if ending == ".rtf" else data
        read = docx.FORMAT.extract(to_docx(written, ending), means)
        return replace(
            read, notes=(f"由 LibreOffice 从 {ending} 转换后读入，请与原件核对编号和表格。", *read.notes)
        )

    return extract


DOC = Format("doc", _is_doc, _converted(".doc"), damaged="E125")
RTF = Format("rtf", _is_rtf, _converted(".rtf"), damaged="E125")
ODT = Format("odt", lambda data, name: is_odt(data), _converted(".odt"), damaged="E125")

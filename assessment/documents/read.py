"""``read``: the bytes of a draft become a ``Document``, or one numbered refusal."""

from __future__ import annotations

import hashlib
from pathlib import PurePath

from assessment.documents.formats import Extract, Format, Means, recognise
from assessment.documents.guess import guess_kind, guess_stage, head_of
from assessment.documents.models import Document
from assessment.documents.outline import outline
from assessment.documents.segments import lay_out
from assessment.messages import DocumentError

MAX_BYTES = 30 * 1024 * 1024
MAX_SEGMENTS = 60_000
MAX_CLAUSES = 20_000
ENDINGS = {
    "docx": {".docx", ".docm", ".dotx", ".dotm", ".wps"},
    "doc": {".doc", ".wps", ".dot", ".wpt"},
    "rtf": {".rtf", ".doc"},
    "odt": {".odt", ".ott", ".fodt"},
    "pdf": {".pdf"},
    "ofd": {".ofd"},
    "html": {".html", ".htm"},
    "image": {".png", ".jpg", ".jpeg", ".tif", ".tiff", ".bmp", ".webp", ".gif"},
}
MEANS = Means()
TEXT_ENDINGS = {".txt", ".text", ".md", ".markdown", ""}


def read(data: bytes, name: str, max_bytes: int = MAX_BYTES, means: Means = MEANS) -> Document:
    """Read a draft.

    The format is told from the content; the name serves only as a title where none is printed, as
    a hint of the stage, and to remark on an ending that does not fit.

    Args:
        data: the whole file.
        name: its file name.
        max_bytes: the largest size to accept.
        means: what recognises pictures of text, and who is told how far it has come.

    Raises:
        DocumentError: E101 to E135, for every file that cannot be read; nothing else is raised.
    """
    if not data:
        raise DocumentError("E101")
    if len(data) > max_bytes:
        raise DocumentError("E102", size=_megabytes(len(data)), limit=_megabytes(max_bytes))
    kind = recognise(data, name)
    return _document(_extract(kind, data, means), kind, data, name)


def _extract(kind: Format, data: bytes, means: Means) -> Extract:
    try:
        return kind.extract(data, means)
    except DocumentError:
        raise
    except MemoryError as error:
        raise DocumentError("E133") from error
    except Exception as error:  # a library may fail in any way on a damaged file
        raise DocumentError(kind.damaged) from error


def _document(extract: Extract, kind: Format, data: bytes, name: str) -> Document:
    if len(extract.paragraphs) > MAX_SEGMENTS:
        raise DocumentError("E123", limit=MAX_CLAUSES)
    text, segments = lay_out(extract.paragraphs)
    found = outline(segments, text)
    if not any(clause.unit for clause in found.clauses):
        raise DocumentError("E103")
    if len(found.clauses) > MAX_CLAUSES:
        raise DocumentError("E123", limit=MAX_CLAUSES)
    title = found.title or PurePath(name).stem
    head = head_of(found.clauses, text)
    return Document(
        name=name,
        sha256=hashlib.sha256(data).hexdigest(),
        format=kind.name,
        text=text,
        clauses=found.clauses,
        title=title,
        document_kind=guess_kind(found.title, name, head, found.style),
        stage=guess_stage(found.title, name, head),
        style=found.style,
        notes=(*_naming_note(kind, name), *extract.notes),
        recognised=extract.recognised,
    )


def _naming_note(kind: Format, name: str) -> tuple[str, ...]:
    ending = PurePath(name).suffix.lower()
    if ending in ENDINGS.get(kind.name, TEXT_ENDINGS):
        return ()
    return (f"文件名以“{ending}”结尾，内容却是 {kind.name}，已按内容读取。",)


def _megabytes(size: int) -> str:
    return f"{size / 1024 / 1024:.1f}"

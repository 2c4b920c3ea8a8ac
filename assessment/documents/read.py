"""``read``: the bytes of a draft become a ``Document``, or one numbered refusal; ``corrected``: by way of a person."""

from __future__ import annotations

import difflib
import hashlib
import re
from dataclasses import replace
from pathlib import PurePath

from assessment.documents.formats import Extract, Format, Means, Paragraph, recognise
from assessment.documents.formats.hidden import without_hidden
from assessment.documents.guess import guess_kind, guess_stage, head_of
from assessment.documents.issuer import guess_drafting_unit, guess_number
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
CORRECTED = "识别文本已由人工校对，条款按校对后的文字划分。"
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
    extract = _extract(kind, data, means)
    noted = replace(extract, notes=(*_naming_note(kind, name), *extract.notes))
    return _assembled(noted, kind.name, hashlib.sha256(data).hexdigest(), name)


def corrected(document: Document, text: str) -> Document:
    """A recognised document after a person has put its text right.

    The text is divided anew; name, digest of the original bytes, format and the record of what was
    recognised stay, and a note says that a person corrected it. A line keeps the page
    of the line it stands for. Keeping both texts is the caller's.

    Args:
        document: as read.
        text: the whole text, a paragraph a line.

    Raises:
        DocumentError: E103 no clause is left, E123 too many.
    """
    lines = re.split(r"\r\n|[\r\n]", text)
    paragraphs = tuple(map(Paragraph, lines, _pages_of(document, lines)))
    extract = Extract(paragraphs, (*_without(document.notes, CORRECTED), CORRECTED), document.recognised)
    return _assembled(extract, document.format, document.sha256, document.name)


def _pages_of(document: Document, lines: list[str]) -> list[int | None]:
    """The page of each corrected line, from the lines of the document that are the same."""
    before = document.text.split("\n")
    starts = {clause.start: clause.page for clause in document.clauses}
    known: list[int | None] = []
    position, page = 0, document.clauses[0].page if document.clauses else None
    for line in before:
        page = starts.get(position + len(line) - len(line.lstrip()), page)
        known.append(page)
        position += len(line) + 1
    matcher = difflib.SequenceMatcher(None, before, lines, autojunk=False)
    pages: list[int | None] = []
    for _, first, last, begin, end in matcher.get_opcodes():
        for step in range(end - begin):
            pages.append(known[min(first + step, max(first, last - 1), len(known) - 1)])
    return pages


def _without(notes: tuple[str, ...], note: str) -> tuple[str, ...]:
    return tuple(other for other in notes if other != note)


def _extract(kind: Format, data: bytes, means: Means) -> Extract:
    try:
        return kind.extract(data, means)
    except DocumentError:
        raise
    except MemoryError as error:
        raise DocumentError("E133") from error
    except Exception as error:  # a library may fail in any way on a damaged file
        raise DocumentError(kind.damaged) from error


def _assembled(extract: Extract, format_name: str, digest: str, name: str) -> Document:
    extract = without_hidden(extract)
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
        sha256=digest,
        format=format_name,
        text=text,
        clauses=found.clauses,
        title=title,
        document_kind=guess_kind(found.title, name, head, found.style),
        stage=guess_stage(found.title, name, head),
        style=found.style,
        notes=extract.notes,
        recognised=extract.recognised,
        number=guess_number(found.clauses, text),
        drafting_unit=guess_drafting_unit(found.title, found.clauses, text),
    )


def _naming_note(kind: Format, name: str) -> tuple[str, ...]:
    ending = PurePath(name).suffix.lower()
    if ending in ENDINGS.get(kind.name, TEXT_ENDINGS):
        return ()
    return (f"文件名以“{ending}”结尾，内容却是 {kind.name}，已按内容读取。",)


def _megabytes(size: int) -> str:
    return f"{size / 1024 / 1024:.1f}"

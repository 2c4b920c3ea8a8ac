"""What every format module hands over: paragraphs in reading order, with remarks."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from assessment.documents.models import RecognisedPage
from assessment.documents.ocr import OcrEngine, default_engine

Role = Literal["text", "contents"]


@dataclass(frozen=True, slots=True)
class Paragraph:
    """One paragraph as read; its text holds no line break.

    Attributes:
        text: the text, a Word number resolved and put in front.
        page: page from 1, None where the format has none.
        row: (table, row), both from 1, if this is a table row carrying its column heads.
        role: contents for an entry of a table of contents the format itself marks as one.
    """

    text: str
    page: int | None = None
    row: tuple[int, int] | None = None
    role: Role = "text"


@dataclass(frozen=True, slots=True)
class Extract:
    """The paragraphs of a file, Chinese remarks on what was left out or changed, and recognised pages."""

    paragraphs: tuple[Paragraph, ...]
    notes: tuple[str, ...] = ()
    recognised: tuple[RecognisedPage, ...] = ()


@dataclass(frozen=True, slots=True)
class Means:
    """What reading may draw on besides the bytes.

    Attributes:
        engine: gives the engine that recognises pictures of text; DocumentError E129 where there is none.
        progress: told (pages done, pages in all) while pictures are recognised.
    """

    engine: Callable[[], OcrEngine] = default_engine
    progress: Callable[[int, int], None] = lambda done, total: None


@dataclass(frozen=True, slots=True)
class Format:
    """A readable format.

    Attributes:
        name: as ``Document.format`` has it.
        recognises: whether the bytes are of this format, judged by content.
        extract: reads the bytes; may raise DocumentError, and any library error counts as damage.
        damaged: message code for a file of this format that breaks off or is corrupt.
    """

    name: str
    recognises: Callable[[bytes, str], bool]
    extract: Callable[[bytes, Means], Extract]
    damaged: str

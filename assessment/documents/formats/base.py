"""What every format module hands over: paragraphs in reading order, with remarks."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

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
    """The paragraphs of a file, and Chinese remarks on what was left out or changed."""

    paragraphs: tuple[Paragraph, ...]
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Format:
    """A readable format.

    Attributes:
        name: docx, pdf, html, md or txt.
        recognises: whether the bytes are of this format, judged by content.
        extract: reads the bytes; may raise DocumentError, and any library error counts as damage.
        damaged: message code for a file of this format that breaks off or is corrupt.
    """

    name: str
    recognises: Callable[[bytes, str], bool]
    extract: Callable[[bytes], Extract]
    damaged: str

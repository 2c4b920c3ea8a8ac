"""What a laid-out paper is made of, before any file format."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading with its number: level 1 一、, level 2 （一）."""

    text: str
    level: int


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph of the body."""

    text: str


@dataclass(frozen=True, slots=True)
class Table:
    """A table. ``widths`` in millimetres, one for each head; a row of one cell spans the whole width."""

    heads: tuple[str, ...]
    widths: tuple[int, ...]
    rows: tuple[tuple[str, ...], ...]


Block = Heading | Paragraph | Table


@dataclass(frozen=True, slots=True)
class Attachment:
    """Something that goes behind the signature, on a page of its own."""

    title: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class Paper:
    """A whole paper. ``signature`` stands at the right, one line each, the date last."""

    title: str
    number: str
    addressee: str
    blocks: tuple[Block, ...]
    signature: tuple[str, ...]
    attachments: tuple[Attachment, ...]

    @property
    def enclosures(self) -> tuple[str, ...]:
        """The lines that name the attachments, below the body; a single one has no number."""
        titles = [entry.title for entry in self.attachments]
        if len(titles) > 1:
            titles = [f"{number}. {title}" for number, title in enumerate(titles, start=1)]
        return (f"附件：{titles[0]}", *titles[1:])

    @property
    def labels(self) -> tuple[str, ...]:
        """What stands above each attachment: 附件1, 附件2, or 附件 where there is one."""
        several = len(self.attachments) > 1
        return tuple(f"附件{n}" if several else "附件" for n in range(1, len(self.attachments) + 1))

"""Table rows as sentences: each data row carries its column heads, ``岗位：护士；性别：不限``."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from assessment.documents.formats.base import Paragraph

HEAD_LENGTH = 25


@dataclass(frozen=True, slots=True)
class Table:
    """A table as a grid of cell texts.

    Attributes:
        grid: rows of cells; ``SAME`` in a cell means the one above continues, ``LEFT``
            that the one to its left does.
        number: which table of the document, from 1.
        heads: how many rows the file itself marks as heads; 0 leaves it to the words.
        page: page it begins on, if there are pages.
    """

    SAME: ClassVar[str] = "\x00same"
    LEFT: ClassVar[str] = "\x00left"

    grid: tuple[tuple[str, ...], ...]
    number: int
    heads: int = 0
    page: int | None = None


def rows(table: Table) -> list[Paragraph]:
    """A table's captions as paragraphs and its data rows as row paragraphs, in order."""
    grid = _filled(table.grid)
    captions = 0
    while captions < len(grid) and len(_words(grid[captions])) < 2:
        captions += 1
    body = grid[captions:]
    count = max(table.heads - captions, 0) or (1 if _is_head(body) else 0)
    heads, data = body[:count], body[count:]
    if not data:
        heads, data = [], body
    paragraphs = [Paragraph(word, table.page) for row in grid[:captions] for word in _words(row)]
    names = _column_names(heads)
    for number, row in enumerate(data, 1):
        text = "；".join(_cells(row, names))
        if text:
            paragraphs.append(Paragraph(text, table.page, row=(table.number, number)))
    return paragraphs


def _filled(grid: tuple[tuple[str, ...], ...]) -> list[tuple[str, ...]]:
    """Every cell continued from above given the text of the cell above it."""
    filled: list[tuple[str, ...]] = []
    for row in grid:
        above = filled[-1] if filled else ()
        filled.append(
            tuple(
                (above[column] if column < len(above) else "") if cell == Table.SAME else _one_line(cell)
                for column, cell in enumerate(row)
            )
        )
    return filled


def _words(row: tuple[str, ...]) -> list[str]:
    """The cells of a row that hold text of their own."""
    return [cell for cell in row if cell not in {"", Table.LEFT}]


def _one_line(cell: str) -> str:
    return re.sub(r"\s*\n\s*", " ", cell.strip()).replace("\r", "")


def _is_head(body: list[tuple[str, ...]]) -> bool:
    """Whether the first row names columns: short words in every cell, with rows to name."""
    if len(body) < 2 or (len(body[0]) == 2 and len(body) < 3):
        return False
    first = body[0]
    short = all(cell and len(cell) <= HEAD_LENGTH and not cell.endswith(("。", "；", "：")) for cell in first)
    return short and not any(re.fullmatch(r"[\d.,%％]+", cell) for cell in first)


def _column_names(heads: list[tuple[str, ...]]) -> list[str]:
    """One name a column; stacked heads are joined: 人数/女."""
    names: list[list[str]] = []
    for row in heads:
        for column, cell in enumerate(row):
            if column == len(names):
                names.append([])
            left = names[column - 1][-1:] if cell == Table.LEFT and column else [cell]
            names[column] += [name for name in left if name and name not in names[column]]
    return ["/".join(parts) for parts in names]


def _cells(row: tuple[str, ...], names: list[str]) -> Iterator[str]:
    for column, cell in enumerate(row):
        if cell not in {"", Table.LEFT}:
            name = names[column] if column < len(names) else ""
            yield f"{name}：{cell}" if name else cell

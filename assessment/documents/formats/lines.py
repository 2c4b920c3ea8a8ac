"""Lines placed on pages, as every format of fixed pages hands them over."""

from __future__ import annotations

from dataclasses import dataclass

Grid = tuple[tuple[str, ...], ...]
"""Rows of cells, as ``tables.Table`` has them."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a page, or a whole table standing in its place.

    Attributes:
        text: the line without white space around it; '' for a table.
        left, right, top, bottom: in points, upwards from the lower left.
        gaps: (index into the text, end of what stands before, begin of what stands after) of wide gaps.
        grid: cells of the table; empty for a line.
    """

    text: str
    left: float
    right: float
    top: float
    bottom: float
    gaps: tuple[tuple[int, float, float], ...] = ()
    grid: Grid = ()


@dataclass(frozen=True, slots=True)
class Page:
    """A page: its number from 1, its height in points and its lines in reading order.

    ``column`` says that it is a column of a page, with margins of its own.
    """

    number: int
    height: float
    lines: tuple[Line, ...]
    column: bool = False

    @property
    def size(self) -> int:
        """How many characters stand on it."""
        written = sum(len(line.text) for line in self.lines)
        return written + sum(
            len(cell) for line in self.lines if line.grid for row in line.grid for cell in row
        )

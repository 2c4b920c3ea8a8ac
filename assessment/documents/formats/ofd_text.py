"""Text objects of an OFD page: where each run of characters stands, and which make a line."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from assessment.documents.formats.archive import Element, local
from assessment.documents.formats.lines import Line

GAP = 0.7
"""A gap of this share of the type size parts Chinese text by a space."""

LATIN_GAP = 0.2
SLANT = math.radians(5)
MAX_REPEAT = 10_000
UPRIGHT = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)


@dataclass(frozen=True, slots=True)
class Run:
    """Characters set one after the other.

    Attributes:
        text: the characters, gaps within the run already turned into spaces.
        left, right: from the left edge of the page, in millimetres.
        base: base line from the upper edge, in millimetres.
        size: type size in millimetres.
        slanted: set at an angle, as watermarks are.
    """

    text: str
    left: float
    right: float
    base: float
    size: float
    slanted: bool


def runs(page: Element) -> Iterator[Run]:
    """Every visible run of a page or template, in the order of the file."""
    for item in page.iter():
        if local(item) == "TextObject" and item.get("Visible") != "false":
            yield from _runs_of(item)


def lines(found: Sequence[Run], height: float, scale: float) -> Iterator[Line]:
    """Runs as lines from top to bottom, each read from left to right.

    Args:
        found: runs of one page.
        height: of the page in millimetres.
        scale: points to a millimetre; lines are in points from the lower left.
    """
    for row in _rows(found):
        text, end = "", None
        for run in row:
            text += _between(text, run, end) + run.text
            end = run.right
        size = max(run.size for run in row)
        base = height - max(run.base for run in row)
        if text.strip():
            left = row[0].left + (len(text) - len(text.lstrip())) * row[0].size * 0.5
            right = row[-1].right
            yield Line(text.strip(), left * scale, right * scale, (base + size) * scale, base * scale)


def _rows(found: Sequence[Run]) -> Iterator[list[Run]]:
    """Runs whose base lines lie less than half a type size apart, from left to right."""
    row: list[Run] = []
    for run in sorted((run for run in found if run.text), key=lambda run: (run.base, run.left)):
        if row and run.base - row[0].base > 0.5 * min(run.size, row[0].size):
            yield sorted(row, key=lambda item: item.left)
            row = []
        row.append(run)
    if row:
        yield sorted(row, key=lambda item: item.left)


def _between(text: str, run: Run, end: float | None) -> str:
    if end is None or not text or text[-1].isspace() or run.text[:1].isspace():
        return ""
    return " " if run.left - end > _gap(text[-1], run.text[0]) * run.size else ""


def _gap(before: str, after: str) -> float:
    return LATIN_GAP if before.isascii() and before.isalnum() and after.isascii() and after.isalnum() else GAP


def _runs_of(item: Element) -> Iterator[Run]:
    box = _numbers(item.get("Boundary", ""), 4) or (0.0, 0.0, 0.0, 0.0)
    matrix = _numbers(item.get("CTM", ""), 6) or UPRIGHT
    size = _number(item.get("Size"), 3.5)
    narrow = _number(item.get("HScale"), 1.0)
    slanted = abs(math.atan2(matrix[1], matrix[0])) > SLANT
    for code in item:
        if local(code) != "TextCode" or not code.text:
            continue
        text = code.text
        x, y = _number(code.get("X"), 0.0), _number(code.get("Y"), 0.0)
        steps = _deltas(code.get("DeltaX", ""), len(text) - 1)
        spaced, width = _spaced(text, steps, size * narrow)
        left = matrix[0] * x + matrix[2] * y + matrix[4] + box[0]
        base = matrix[1] * x + matrix[3] * y + matrix[5] + box[1]
        stretch = math.hypot(matrix[0], matrix[1]) or 1.0
        tall = math.hypot(matrix[2], matrix[3]) or 1.0
        yield Run(spaced, left, left + width * stretch, base, size * tall, slanted)


def _spaced(text: str, steps: list[float], em: float) -> tuple[str, float]:
    """The text with a space where the next character stands well apart, and its width."""
    pieces, width = [], 0.0
    for index, character in enumerate(text):
        pieces.append(character)
        own = em * (0.5 if character.isascii() else 1.0)
        step = steps[index] if index < len(steps) else own
        last = index == len(text) - 1
        width += own if last else step
        if not last and step - own > _gap(character, text[index + 1]) * em and not character.isspace():
            pieces.append("" if text[index + 1].isspace() else " ")
    return "".join(pieces), width


def _deltas(written: str, count: int) -> list[float]:
    """Steps between characters; ``g 3 5.0`` stands for 5.0 three times."""
    parts, index = written.split(), 0
    steps: list[float] = []
    while index < len(parts) and len(steps) < count:
        if parts[index] == "g" and index + 2 < len(parts):
            times = min(int(parts[index + 1]), MAX_REPEAT)
            steps += [_finite(parts[index + 2])] * times
            index += 3
        else:
            steps.append(_finite(parts[index]))
            index += 1
    return steps[: max(count, 0)]


def _numbers(written: str, count: int) -> tuple[float, ...] | None:
    parts = written.split()
    return tuple(map(_finite, parts)) if len(parts) == count else None


def _number(written: str | None, otherwise: float) -> float:
    return _finite(written) if written else otherwise


def _finite(written: str) -> float:
    """The number; ValueError for NaN and infinities too, which are no places on a page."""
    number = float(written)
    if not math.isfinite(number):
        raise ValueError(written)
    return number

"""Lines that the layout broke, joined into paragraphs again.

Chinese text of fixed width breaks anywhere, so a full line that does not end a sentence runs on,
unless the next line opens with an outline marker or an indent.
"""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Sequence

from assessment.documents.markers import match

ENDS = tuple("。！？；：.!?;:」』”）)")
MIN_WIDTH = 24
MAX_WIDTH = 120
SLACK = 16
SAMPLE = 2_000


def width(line: str) -> int:
    """Columns a line takes: two for a full-width character, one for others."""
    return sum(2 if unicodedata.east_asian_width(character) in "WFA" else 1 for character in line)


def is_wrapped(lines: Sequence[str]) -> bool:
    """Whether the lines of a text were broken at a fixed width rather than at paragraphs."""
    sample = [line.strip() for line in lines if line.strip()][:SAMPLE]
    if len(sample) < 12 or max(map(len, sample)) > MAX_WIDTH + SLACK:
        return False
    widths = [width(line) for line in sample]
    full = _full_width(widths)
    broken = sum(
        abs(own - full) <= 6 and not line.endswith(ENDS) for own, line in zip(widths, sample, strict=True)
    )
    fixed = MIN_WIDTH <= full <= MAX_WIDTH and max(widths) <= full + SLACK
    return fixed and broken >= len(sample) * 0.35


def join_wrapped(lines: Sequence[str]) -> list[str]:
    """The lines of a fixed-width text as paragraphs; blank lines stay and part paragraphs."""
    full = _full_width([width(line.strip()) for line in lines if line.strip()])
    joined: list[str] = []
    runs_on = False
    for line in lines:
        stripped = line.strip()
        indented = len(line) - len(line.lstrip()) >= 2 and line[:1] in " \u3000\t"
        if runs_on and stripped and not indented and not opens(stripped):
            joined[-1] = glue(joined[-1], stripped)
        else:
            joined.append(line.rstrip())
        runs_on = bool(stripped) and width(stripped) >= full - 8
    return joined


def opens(line: str) -> bool:
    """Whether a line opens with an outline marker that no running sentence would hold there."""
    marker = match(line)
    return marker is not None and marker.strength == "strong"


def glue(first: str, second: str) -> str:
    """Join a broken line to the next; only Latin words need the space back."""
    between = (
        " "
        if first[-1:].isascii() and first[-1:].isalpha() and second[:1].isascii() and second[:1].isalpha()
        else ""
    )
    return first.rstrip() + between + second.lstrip()


def _full_width(widths: Sequence[int]) -> int:
    """The most frequent width among the wider half, taken in steps of two columns."""
    ordered = sorted(widths)
    wider = Counter(value // 2 * 2 for value in ordered[len(ordered) // 2 :])
    return max(wider, key=lambda value: (wider[value], value))

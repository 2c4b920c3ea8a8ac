"""Text without what its layout and typing add, with a way back to the offsets of the text as read.

Two readings of one clause, from Word and from PDF, or two publications of it, differ in indents, blanks
and the width of brackets and commas; nobody changed them. A line break is kept, as it parts 款 and 项.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

NARROW = str.maketrans("(),:;?!", "（），：；？！")
"""Half-width punctuation to the full-width signs it stands for in Chinese text; one character each."""
RUNS = re.compile(r"[^\s\u200b\ufeff]+|[\s\u200b\ufeff]+")


@dataclass(frozen=True, slots=True)
class Plain:
    """Text without white space but for one ``\\n`` where paragraphs part, its punctuation full-width.

    Attributes:
        text: its characters.
        offsets: for each of them, its offset in the text as read.
    """

    text: str
    offsets: tuple[int, ...]


def plain(text: str, start: int, end: int) -> Plain:
    """``text[start:end]`` without the white space of its layout, its punctuation full-width."""
    pieces: list[str] = []
    offsets: list[int] = []
    for run in RUNS.finditer(text, start, end):
        if not (run[0][0].isspace() or run[0][0] in "\u200b\ufeff"):
            pieces.append(run[0].translate(NARROW))
            offsets += range(run.start(), run.end())
        elif "\n" in run[0] and pieces and run.end() < end:
            pieces.append("\n")
            offsets.append(run.start() + run[0].index("\n"))
    return Plain("".join(pieces), tuple(offsets))

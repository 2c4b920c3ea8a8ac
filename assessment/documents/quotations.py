"""Which lines stand inside a quotation that an earlier line opened.

An amending item quotes new text that runs over several lines, with article numbers, chapter
headings and items of its own. None of them is a clause of the amending document.

Quotation marks may nest, and a quoted paragraph may repeat the opening mark. A quotation that is
never closed ends where the next amending item begins; elsewhere it is only a stray mark.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

OPENS = re.compile(r"(?:^|[：:为条款项节章])\s*[“\"]")
MARKS = re.compile(r"[“”\"]")
NEXT_ITEM = re.compile(
    r"[一二三四五六七八九十]{1,4}\s?、\s?(?:将|在|对|把|增[加写列]|删[去除]|修改|第[^，。]{1,8}[条章节])"
)
LONGEST = 300
"""No quotation runs over more lines than this."""


def quoted(lines: Sequence[str]) -> list[bool]:
    """For each line, whether its beginning stands inside a quotation that an earlier line opened.

    Args:
        lines: the lines without leading white space.
    """
    inside = [False] * len(lines)
    last_mark = max((index for index, line in enumerate(lines) if "”" in line or '"' in line), default=-1)
    index = 0
    while index < len(lines):
        depth = _depth(lines[index], 0)
        end = index
        if depth and OPENS.search(lines[index]):
            end = _end(lines, index, depth, last_mark)
        inside[index + 1 : end + 1] = [True] * (end - index)
        # The closing line may open the next quotation.
        index = end if end > index else index + 1
    return inside


def _end(lines: Sequence[str], opening: int, depth: int, last_mark: int) -> int:
    """The last line of the quotation that line ``opening`` leaves open; ``opening`` if it is a stray mark."""
    for index in range(opening + 1, min(opening + LONGEST, len(lines))):
        line = lines[index]
        if NEXT_ITEM.match(line):
            return index - 1
        depth = _depth(line, depth) if index <= last_mark else depth
        if depth == 0:
            return index
    return opening


def _depth(line: str, depth: int) -> int:
    """How many quotations are open behind ``line`` if ``depth`` were before it."""
    for mark in MARKS.finditer(line):
        if mark[0] == "“":
            depth += not (depth and mark.start() == 0)
        elif mark[0] == "”":
            depth = max(depth - 1, 0)
        else:
            depth = depth - 1 if depth else 1
    return depth

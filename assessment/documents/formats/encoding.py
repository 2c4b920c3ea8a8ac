"""Bytes to text: which encoding a text file is in, told from the bytes alone."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator

BOMS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
SAMPLE = 50_000
PLAUSIBLE = 0.05
COMMON = frozenset("的一是不在有和人为以第条款章规定应当单位部门市县人民政府、，。；：（）《》“”")
CONTROLS = re.compile(r"[\x01-\x08\x0e-\x1f\x7f]")
CUT_OFF = "文件末尾有不完整的字符，可能没有保存完整，请核对最后一段。"


def decode(data: bytes) -> tuple[str, tuple[str, ...]] | None:
    """(text, remarks) of a text file, or None if no encoding makes plausible text of it.

    UTF-8 and UTF-16 with a byte order mark, UTF-8, GB18030 (with it GBK and GB 2312), UTF-16
    without a mark. A character cut in half at the very end is dropped, and remarked on.
    """
    for mark, encoding in BOMS:
        if data.startswith(mark):
            return _attempt(data[len(mark) :], encoding)
    utf8 = _attempt(data, "utf-8")
    if utf8 is not None:
        return utf8
    best = max(_candidates(data), key=lambda found: _likeness(found[0]), default=None)
    return best if best is not None and _likeness(best[0]) > PLAUSIBLE else None


def _candidates(data: bytes) -> Iterator[tuple[str, tuple[str, ...]]]:
    for encoding in ("gb18030", "utf-16-le", "utf-16-be"):
        found = _attempt(data, encoding)
        if found is not None:
            yield found


def _attempt(data: bytes, encoding: str) -> tuple[str, tuple[str, ...]] | None:
    try:
        text, notes = data.decode(encoding), ()
    except UnicodeDecodeError as error:
        if error.start < len(data) - 4 or error.start == 0:
            return None
        return _checked(data[: error.start].decode(encoding), (CUT_OFF,))
    return _checked(text, notes)


def _checked(text: str, notes: tuple[str, ...]) -> tuple[str, tuple[str, ...]] | None:
    """None for text with control characters: the bytes were no text."""
    too_many = len(CONTROLS.findall(text)) > len(text) / 1000
    return None if "\x00" in text or too_many else (text, notes)


def _likeness(text: str) -> float:
    """Share of the characters beyond ASCII that official Chinese uses all the time."""
    sample = [character for character in text[:SAMPLE] if character > "\x7f"]
    return sum(character in COMMON for character in sample) / max(len(sample), 1)

"""Chinese numerals read and written, as far as numbering needs them (0 to 9999)."""

from __future__ import annotations

ZEROS = "零〇○"
DIGITS = {character: value for value, character in enumerate("零一二三四五六七八九")}
DIGITS |= {"〇": 0, "○": 0, "两": 2}
UNITS = {"十": 10, "百": 100, "千": 1000}


def to_int(numeral: str) -> int:
    """Value of ``十二``, ``一百零五``, ``一○五``, ``12`` or ``１２``; ValueError for anything else."""
    if numeral.isdecimal():
        return int(numeral)
    if not any(unit in numeral for unit in UNITS):
        return int("".join(str(_digit(character)) for character in numeral))
    total, pending = 0, 0
    for character in numeral:
        if character in UNITS:
            total += (pending or 1) * UNITS[character]
            pending = 0
        else:
            pending = _digit(character)
    return total + pending


def counting(value: int, zero: str = "零") -> str:
    """Spell 0..9999 as one says it: 十二, 一百零五, 一千零二十; beyond that, digit by digit."""
    if not 0 < value <= 9999:
        return digital(value, zero)
    spelled, gap = "", False
    for unit, name in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit = value // unit % 10
        if digit == 0:
            gap = bool(spelled)
            continue
        spelled += (zero if gap else "") + "零一二三四五六七八九"[digit] + name
        gap = False
    return spelled[1:] if spelled.startswith("一十") else spelled


def digital(value: int, zero: str = "〇") -> str:
    """Spell digit by digit: 二〇二六."""
    return "".join("零一二三四五六七八九"[int(digit)] if digit != "0" else zero for digit in str(value))


def _digit(character: str) -> int:
    if character in DIGITS:
        return DIGITS[character]
    if character.isdecimal():
        return int(character)
    raise ValueError(f"not a numeral: {character!r}")

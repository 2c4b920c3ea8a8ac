"""Numbers as Chinese documents write them: digits, Chinese numerals, shares and ratios.

``NUMBER`` is the pattern of one number. It matches 十六, 16, 1.5, 一千零五十八, 二〇二五, 3万.
"""

from __future__ import annotations

import re
from fractions import Fraction

_DIGITS = {char: value for value, char in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
_PLACES = {"十": 10, "百": 100, "千": 1000}

NUMBER = r"(?:[0-9]+(?:\.[0-9]+)?万?|[零〇一二两三四五六七八九十百千万]+(?:点[零〇一二三四五六七八九]+)?)"
SHARE = rf"(?:百分之{NUMBER}|{NUMBER} ?[%％]|(?![零〇0]){NUMBER}分之{NUMBER}|{NUMBER}成|过半数|半数|一半)"
RATIO = rf"{NUMBER} ?(?:比|[:：∶]) ?{NUMBER}"


# Before a number that must not begin in the middle of a longer one.
WHOLE = r"(?<![0-9.零〇一二两三四五六七八九十百千万])"


def parse_number(text: str) -> Fraction:
    """The value of one number, exact.

    Raises:
        ValueError: the text is not a number.
    """
    text = text.strip()
    if not re.fullmatch(NUMBER, text):
        raise ValueError(f"not a number: {text!r}")
    if text[0] in "0123456789":
        return Fraction(text.removesuffix("万")) * (10_000 if text.endswith("万") else 1)
    whole, _, decimals = text.partition("点")
    if decimals:
        return parse_number(whole) + Fraction(_digits(decimals), 10 ** len(decimals))
    return Fraction(_cardinal(whole))


def _cardinal(text: str) -> int:
    if "万" in text:
        head, _, tail = text.partition("万")
        return (_cardinal(head) if head else 1) * 10_000 + _cardinal(tail)
    if not any(char in _PLACES for char in text):
        return _digits(text)
    total = digit = 0
    for char in text:
        if char in _PLACES:
            total += (digit or 1) * _PLACES[char]
            digit = 0
        else:
            digit = _DIGITS[char]
    return total + digit


def _digits(text: str) -> int:
    value = 0
    for char in text:
        value = value * 10 + _DIGITS[char]
    return value


def parse_share(text: str) -> Fraction:
    """A part of a whole, between 0 and 1: 百分之三十, 30%, 三分之一, 三成, 半数.

    Raises:
        ValueError: the text is not a share.
    """
    text = text.strip()
    if text.endswith(("半数", "一半")):
        return Fraction(1, 2)
    if text.endswith(("%", "％")):
        return parse_number(text[:-1]) / 100
    if text.endswith("成"):
        return parse_number(text[:-1]) / 10
    below, separator, above = text.partition("分之")
    if not separator:
        raise ValueError(f"not a share: {text!r}")
    return parse_number(above) / parse_number(below)


def parse_ratio(text: str) -> tuple[Fraction, Fraction]:
    """The two sides of 一比一, 3:2, 1.5∶1.

    Raises:
        ValueError: the text is not a ratio.
    """
    left, separator, right = re.sub("[:：∶]", "比", text).partition("比")
    if not separator:
        raise ValueError(f"not a ratio: {text!r}")
    return parse_number(left), parse_number(right)


def plain(value: Fraction) -> str:
    """A value without needless decimals: 98, 1.5, 0.33."""
    return str(value.numerator) if value.denominator == 1 else f"{float(value):.2f}".rstrip("0")

"""How Word writes a counter: the ``w:numFmt`` values of numbered lists (ECMA-376, ST_NumberFormat)."""

from __future__ import annotations

from collections.abc import Callable

from assessment.documents.numerals import counting, digital

HEAVENLY = "甲乙丙丁戊己庚辛壬癸"
EARTHLY = "子丑寅卯辰巳午未申酉戌亥"
LEGAL = str.maketrans("零一二三四五六七八九十百千", "零壹贰叁肆伍陆柒捌玖拾佰仟")
LEGAL_TRADITIONAL = str.maketrans("零一二三四五六七八九十百千", "零壹貳參肆伍陸柒捌玖拾佰仟")
ROMAN = (
    (1000, "M"), (900, "CM"), (500, "D"), (400, "CD"), (100, "C"), (90, "XC"),
    (50, "L"), (40, "XL"), (10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I"),
)  # fmt: skip


def render(value: int, number_format: str) -> str:
    """Spell ``value`` in a Word number format; formats unknown here count in decimal, as Word does."""
    return FORMATS.get(number_format, str)(value)


def _chinese_counting(value: int) -> str:
    """Word's 一, 二 … 九十九 and from a hundred on digit by digit: 一○○, 一○一."""
    return counting(value) if value < 100 else digital(value, "○")


def _roman(value: int) -> str:
    spelled = ""
    for amount, sign in ROMAN:
        spelled += sign * (value // amount)
        value %= amount
    return spelled


def _letters(value: int) -> str:
    """A … Z, then AA, BB …, as Word repeats the letter."""
    return chr(ord("A") + (value - 1) % 26) * ((value - 1) // 26 + 1) if value > 0 else ""


def _cycle(signs: str) -> Callable[[int], str]:
    return lambda value: signs[(value - 1) % len(signs)]


def _glyphs(first: str, count: int) -> Callable[[int], str]:
    """A run of Unicode signs such as ①…⑳; beyond it, decimal."""
    return lambda value: chr(ord(first) + value - 1) if 0 < value <= count else str(value)


def _full_width(value: int) -> str:
    return str(value).translate({ord("0") + digit: ord("０") + digit for digit in range(10)})


FORMATS: dict[str, Callable[[int], str]] = {
    "decimalZero": lambda value: f"{value:02d}",
    "upperRoman": _roman,
    "lowerRoman": lambda value: _roman(value).lower(),
    "upperLetter": _letters,
    "lowerLetter": lambda value: _letters(value).lower(),
    "chineseCounting": _chinese_counting,
    "taiwaneseCounting": _chinese_counting,
    "chineseCountingThousand": counting,
    "taiwaneseCountingThousand": counting,
    "japaneseCounting": lambda value: counting(value, ""),
    "ideographDigital": digital,
    "taiwaneseDigital": lambda value: digital(value, "○"),
    "japaneseDigitalTenThousand": digital,
    "chineseLegalSimplified": lambda value: _legal(value).translate(LEGAL),
    "ideographLegalTraditional": lambda value: _legal(value).translate(LEGAL_TRADITIONAL),
    "ideographTraditional": _cycle(HEAVENLY),
    "ideographZodiac": _cycle(EARTHLY),
    "ideographEnclosedCircle": _glyphs("㊀", 10),
    "decimalEnclosedCircle": _glyphs("①", 20),
    "decimalEnclosedCircleChinese": _glyphs("①", 20),
    "decimalEnclosedParen": _glyphs("⑴", 20),
    "decimalEnclosedFullstop": _glyphs("⒈", 20),
    "decimalFullWidth": _full_width,
    "decimalFullWidth2": _full_width,
    "none": lambda value: "",
    "bullet": lambda value: "",
}


def _legal(value: int) -> str:
    """Formal numerals keep the 一 of 一十."""
    spelled = counting(value)
    return f"一{spelled}" if spelled.startswith("十") else spelled

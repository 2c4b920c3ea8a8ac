"""Numbers as Chinese documents write them."""

from __future__ import annotations

import re
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessment.numerals import NUMBER, RATIO, SHARE, parse_number, parse_ratio, parse_share, plain


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("零", 0),
        ("十", 10),
        ("十六", 16),
        ("二十", 20),
        ("九十八", 98),
        ("一百", 100),
        ("一百零三", 103),
        ("一百一十", 110),
        ("二千", 2000),
        ("两千", 2000),
        ("一千零五十八", 1058),
        ("三万", 30_000),
        ("万", 10_000),
        ("一百二十万零五", 1_200_005),
        ("一万二千", 12_000),
        ("二〇二五", 2025),
        ("一五", 15),
        ("16", 16),
        ("3万", 30_000),
        ("10.5", Fraction(21, 2)),
        ("一点二", Fraction(6, 5)),
        ("一点五", Fraction(3, 2)),
    ],
)
def test_number_is_exact(text: str, value: int | Fraction) -> None:
    assert parse_number(text) == value


@pytest.mark.parametrize("text", ["", "周岁", "十六岁", "1.2.3", "百分之三十"])
def test_number_refuses_other_words(text: str) -> None:
    with pytest.raises(ValueError, match="not a number"):
        parse_number(text)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("百分之三十", Fraction(3, 10)),
        ("百分之三十三点三", Fraction(333, 1000)),
        ("30%", Fraction(3, 10)),
        ("48 %", Fraction(12, 25)),
        ("98％", Fraction(49, 50)),
        ("三分之一", Fraction(1, 3)),
        ("千分之五", Fraction(1, 200)),
        ("万分之五", Fraction(1, 2000)),
        ("五分之四", Fraction(4, 5)),
        ("三成", Fraction(3, 10)),
        ("半数", Fraction(1, 2)),
        ("过半数", Fraction(1, 2)),
        ("一半", Fraction(1, 2)),
    ],
)
def test_share_is_part_of_one(text: str, value: Fraction) -> None:
    assert re.fullmatch(SHARE, text)
    assert parse_share(text) == value


@pytest.mark.parametrize(
    ("text", "sides"),
    [
        ("一比一", (1, 1)),
        ("1:1", (1, 1)),
        ("3：2", (3, 2)),
        ("1.5∶1", (Fraction(3, 2), 1)),
        ("二 比 一", (2, 1)),
    ],
)
def test_ratio_has_two_sides(text: str, sides: tuple[int, int]) -> None:
    assert re.fullmatch(RATIO, text)
    assert parse_ratio(text) == sides


@pytest.mark.parametrize("text", ["三十", "三比", "三与二"])
def test_ratio_refuses_other_words(text: str) -> None:
    with pytest.raises(ValueError, match="not a"):
        parse_ratio(text)


def test_share_refuses_a_bare_number() -> None:
    with pytest.raises(ValueError, match="not a share"):
        parse_share("三十")


def _spelled(value: int) -> str:
    names = "零一二三四五六七八九"
    text = ""
    for place, name in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit = value // place % 10
        if digit:
            text += names[digit] + name
        elif text and not text.endswith("零"):
            text += "零"
    return text.rstrip("零")


@given(st.integers(1, 9999))
def test_number_reads_back_what_is_spelled(value: int) -> None:
    assert re.fullmatch(NUMBER, _spelled(value))
    assert parse_number(_spelled(value)) == value


@pytest.mark.parametrize(
    ("value", "text"),
    [(Fraction(98), "98"), (Fraction(3, 2), "1.5"), (Fraction(1, 3), "0.33"), (Fraction(0), "0")],
)
def test_plain_has_no_needless_decimals(value: Fraction, text: str) -> None:
    assert plain(value) == text

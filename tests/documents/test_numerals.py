from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessment.documents.formats.word_numbers import render
from assessment.documents.numerals import counting, to_int


@pytest.mark.parametrize(
    ("numeral", "value"),
    [
        ("十", 10),
        ("十二", 12),
        ("二十", 20),
        ("一百", 100),
        ("一百零五", 105),
        ("一百一十", 110),
        ("一千二百六十", 1260),
        ("一千零二十", 1020),
        ("一○五", 105),  # Word's chineseCounting above ninety-nine
        ("二〇二六", 2026),
        ("两", 2),
        ("12", 12),
        ("１２", 12),
    ],
)
def test_to_int(numeral: str, value: int) -> None:
    assert to_int(numeral) == value


def test_to_int_refuses_other_words() -> None:
    with pytest.raises(ValueError, match="not a numeral"):
        to_int("十几")


@given(st.integers(min_value=1, max_value=9999))
def test_counting_is_read_back(value: int) -> None:
    assert to_int(counting(value)) == value


@pytest.mark.parametrize(
    ("number_format", "spelled"),
    [
        # values 1, 10, 12, 20, 100, 101
        ("decimal", "1 10 12 20 100 101"),
        ("decimalZero", "01 10 12 20 100 101"),
        ("chineseCounting", "一 十 十二 二十 一○○ 一○一"),
        ("chineseCountingThousand", "一 十 十二 二十 一百 一百零一"),
        ("taiwaneseCountingThousand", "一 十 十二 二十 一百 一百零一"),
        ("japaneseCounting", "一 十 十二 二十 一百 一百一"),
        ("ideographDigital", "一 一〇 一二 二〇 一〇〇 一〇一"),
        ("chineseLegalSimplified", "壹 壹拾 壹拾贰 贰拾 壹佰 壹佰零壹"),
        ("ideographTraditional", "甲 癸 乙 癸 癸 甲"),
        ("ideographZodiac", "子 酉 亥 未 卯 辰"),
        ("decimalEnclosedCircle", "① ⑩ ⑫ ⑳ 100 101"),
        ("decimalFullWidth", "１ １０ １２ ２０ １００ １０１"),
        ("upperRoman", "I X XII XX C CI"),
        ("lowerLetter", "a j l t vvvv wwww"),
        ("somethingNew", "1 10 12 20 100 101"),
    ],
)
def test_word_number_formats(number_format: str, spelled: str) -> None:
    assert " ".join(render(value, number_format) for value in (1, 10, 12, 20, 100, 101)) == spelled

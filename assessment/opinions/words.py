"""The Chinese words an opinion uses for ids, dates and counts, and text made safe for a paper."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import date

from assessment.checklists import ANSWERS
from assessment.opinions.models import Opinion
from assessment.screening.models import Lens
from assessment.screening.taxonomy import load_taxonomy

LENS = {"gender": "性别平等", "child": "儿童优先"}
ASSESSMENT = {"gender": "性别平等评估", "child": "儿童优先评估"}
LEVEL = {"none": "不涉及", "general": "一般评估", "key": "重点评估"}
SEVERITY = {"high": "高", "medium": "中", "hint": "提示", "none": "—"}
SEVERITY_MEANS = {"high": "涉嫌与上位法不一致", "medium": "可能产生不利影响", "hint": "建议完善", "none": "—"}
VERDICT = {"meets": "符合", "below": "低于要求", "differs": "不一致", "check": "须人工核对"}

SEVERITIES = ("high", "medium", "hint", "none")
"""Gravest first."""

_UNPRINTABLE = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]"
)
_NUMERALS = "零一二三四五六七八九十"


def clean(text: str) -> str:
    """The text without what XML forbids or what would turn its direction; line breaks become ``\\n``."""
    return _UNPRINTABLE.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))


def day(value: date) -> str:
    """A date as a public paper writes it: 2026年3月5日."""
    return f"{value.year}年{value.month}月{value.day}日"


def assessed(opinion: Opinion) -> list[Lens]:
    """The lenses decided to be relevant."""
    return [row.lens for row in opinion.relevance if row.level != "none"]


def votes(counts: Mapping[str, int]) -> list[str]:
    """A vote, option by option, as 同意7票: the options in the order of the ballot."""
    ballot = (*ANSWERS, "同意", "反对", "弃权")
    named = sorted(counts, key=lambda name: ballot.index(name) if name in ballot else len(ballot))
    return [f"{name}{counts[name]}票" for name in named]


def type_names(lens: Lens, types: Iterable[str]) -> str:
    """Concern types by their Chinese names, 、 between them; an id the taxonomy no longer has stands as it is."""
    known = load_taxonomy().concerns[lens]
    return "、".join(known[name].label if name in known else name for name in types)


def numeral(number: int) -> str:
    """A section number in Chinese, 1..19: 一 to 十九."""
    return _NUMERALS[number] if number <= 10 else "十" + _NUMERALS[number - 10]

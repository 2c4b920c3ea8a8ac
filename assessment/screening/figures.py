"""Numbers in the text held against statutes, standards and plan goals.

A check of ``corpus/figures.yaml`` fires only where the neighbouring words say that the number is what
the source speaks of; every other number in a document is left alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from typing import Any, Literal

import yaml

from assessment.documents.models import Clause, Document
from assessment.numerals import NUMBER, RATIO, SHARE, WHOLE, parse_number, parse_ratio, parse_share, plain
from assessment.paths import CORPUS
from assessment.screening.models import FigureCheck, Lens
from assessment.screening.sieve import Sieve

Verdict = Literal["meets", "below", "differs", "check"]

_DAYS = {"日": 1, "天": 1, "个工作日": 1, "工作日": 1, "周": 7, "个星期": 7, "个月": 30}
_HOURS = {"小时": Fraction(1), "个小时": Fraction(1), "分钟": Fraction(1, 60)}
_PARTS = {
    "n": NUMBER,
    "a": NUMBER,
    "b": NUMBER,
    "m": NUMBER,
    "p": SHARE,
    "r": RATIO,
    "d": rf"{NUMBER} ?(?:{'|'.join(sorted(_DAYS, key=len, reverse=True))})",
    "h": rf"{NUMBER} ?(?:{'|'.join(sorted(_HOURS, key=len, reverse=True))})",
}
_FORBIDS = re.compile("不得|禁止|不准|严禁|不能|违反|违法|非法|强迫|责令")
_ITEM = re.compile(r"\s*[（(][一二三四五六七八九十0-9]+[）)]")
_SENTENCE = re.compile(r"[^。；;\n]+")


@dataclass(frozen=True, slots=True)
class _Sentence:
    """A sentence or list item of a unit, with the words that lead into its list."""

    text: str
    start: int
    context: str


@dataclass(frozen=True, slots=True)
class _Measured:
    """A figure as understood: its value in the unit of the check, and how to print it."""

    value: Fraction
    printed: str
    other: Fraction = Fraction(0)


@dataclass(frozen=True, slots=True)
class Check:
    """One entry of ``corpus/figures.yaml``; the file explains the fields."""

    id: str
    lens: Lens
    near: re.Pattern[str]
    where: re.Pattern[str] | None
    unless: re.Pattern[str] | None
    patterns: tuple[re.Pattern[str], ...]
    test: Mapping[str, Any]
    expected: str
    basis: str
    fails: Verdict


def check_figures(document: Document) -> tuple[FigureCheck, ...]:
    """Every figure of the units that a check recognises, in reading order."""
    sifted = _sieve().of(document.text)
    near = [
        (numbers, check)
        for numbers, check in zip(_numbers(), figure_checks(), strict=True)
        if all(any(map(sifted.possible, choice)) for choice in numbers)
    ]
    found: list[FigureCheck] = []
    for unit in document.units if near else ():
        checks = [
            check
            for numbers, check in near
            if all(any(sifted.within(n, unit.start, unit.end) for n in choice) for choice in numbers)
        ]
        for sentence in _sentences(unit.text) if checks else ():
            found += sorted(_figures(document, unit, checks, sentence), key=lambda figure: figure.start)
    return tuple(found)


@cache
def _sieve() -> Sieve:
    """Tells which checks can have their words in a text; numbered as in ``_numbers``."""
    return Sieve([pattern for check in figure_checks() for group in _groups(check) for pattern in group])


@cache
def _numbers() -> tuple[tuple[range, ...], ...]:
    """Numbers in the sieve of the expressions of each check, one of each group of which must match."""
    number, found = 0, []
    for check in figure_checks():
        ranges = []
        for group in _groups(check):
            ranges.append(range(number, number + len(group)))
            number += len(group)
        found.append(tuple(ranges))
    return tuple(found)


def _groups(check: Check) -> tuple[tuple[re.Pattern[str], ...], ...]:
    return (check.near,), *(((check.where,),) if check.where else ()), check.patterns


def _sentences(text: str) -> Iterator[_Sentence]:
    lead = ""
    for match in _SENTENCE.finditer(text):
        sentence = match.group()
        yield _Sentence(sentence, match.start(), lead + sentence if _ITEM.match(sentence) else sentence)
        if sentence.rstrip().endswith(("：", ":")):
            lead = sentence


def _figures(
    document: Document, unit: Clause, checks: list[Check], sentence: _Sentence
) -> Iterator[FigureCheck]:
    claimed: list[tuple[int, int]] = []
    for check in checks:
        for match in _matches(check, sentence):
            if any(match.start() < end and start < match.end() for start, end in claimed):
                continue
            measured = _measure(check, match)
            verdict = _verdict(check, measured, _forbids(check, match, sentence))
            if verdict is None:
                continue
            claimed.append(match.span())
            start = unit.start + sentence.start + match.start()
            yield FigureCheck(
                clause=_smallest(document, start, start + len(match.group())).id,
                start=start,
                end=start + len(match.group()),
                quote=match.group(),
                value=measured.printed,
                expected=check.expected,
                verdict=verdict,
                basis=check.basis,
                lens=check.lens,
            )


def _matches(check: Check, sentence: _Sentence) -> Iterator[re.Match[str]]:
    if not check.near.search(sentence.context):
        return
    if check.where and not check.where.search(sentence.context):
        return
    if check.unless and check.unless.search(sentence.context):
        return
    for pattern in check.patterns:
        yield from pattern.finditer(sentence.text)


def _measure(check: Check, match: re.Match[str]) -> _Measured:
    groups = match.groupdict()
    if printed := check.test.get("value"):
        return _Measured(Fraction(0), printed)
    if "r" in groups:
        left, right = parse_ratio(groups["r"])
        women, men = (left, right) if check.test["women"] == "left" else (right, left)
        return _Measured(women / men if men else women, f"{plain(women)}:{plain(men)}")
    if "a" in groups:
        men, women = parse_number(groups["a"]), parse_number(groups["b"])
        return _Measured(men, f"男{plain(men)}周岁、女{plain(women)}周岁", women)
    if "p" in groups:
        share = parse_share(groups["p"])
        return _Measured(share, f"{plain(share * 100)}%")
    for name, units in (("d", _DAYS), ("h", _HOURS)):
        if name in groups:
            amount = _amount(groups[name], units)
            return _Measured(amount, plain(amount) + check.test["unit"])
    number = parse_number(groups["n"])
    return _Measured(number, plain(number) + check.test["unit"])


def _amount(text: str, units: Mapping[str, int | Fraction]) -> Fraction:
    unit = max((name for name in units if text.endswith(name)), key=len)
    return parse_number(text.removesuffix(unit)) * units[unit]


def _forbids(check: Check, match: re.Match[str], sentence: _Sentence) -> bool:
    """False where a figure that only a prohibition meets stands in words that forbid nothing."""
    within = check.test.get("within")
    return not (within and re.search(within, match.group()) and not _FORBIDS.search(sentence.context))


def _verdict(check: Check, measured: _Measured, forbids: bool) -> Verdict | None:
    """What the test says; None where the number is about something else."""
    test, value = check.test, measured.value
    if value > test.get("ignore_above", value) or value < test.get("ignore_below", value):
        return None
    if test.get("never"):
        return check.fails
    met = (
        forbids
        and (test.get("at_least") is None or value >= Fraction(str(test["at_least"])))
        and (test.get("at_most") is None or value <= Fraction(str(test["at_most"])))
        and (test.get("equals") is None or value in test["equals"])
        and (not test.get("same") or value == measured.other)
        and (test.get("pair") is None or [value, measured.other] == test["pair"])
    )
    return "meets" if met else check.fails


def _smallest(document: Document, start: int, end: int) -> Clause:
    holding = (clause for clause in document.clauses if clause.start <= start and end <= clause.end)
    return min(holding, key=lambda clause: clause.end - clause.start)


@cache
def figure_checks() -> tuple[Check, ...]:
    """All checks of ``corpus/figures.yaml``, in its order."""
    data = yaml.safe_load((CORPUS / "figures.yaml").read_text(encoding="utf-8"))
    return tuple(
        Check(
            id=entry["id"],
            lens=entry["lens"],
            near=re.compile(entry["near"]),
            where=re.compile(entry["where"]) if "where" in entry else None,
            unless=re.compile(entry["unless"]) if "unless" in entry else None,
            patterns=tuple(_compile(text) for text in entry["patterns"]),
            test=entry,
            expected=entry["expected"],
            basis=entry["basis"],
            fails=entry["fails"],
        )
        for entry in data["checks"]
    )


def _compile(text: str) -> re.Pattern[str]:
    return re.compile(re.sub("<([nabmprdh])>", lambda m: f"{WHOLE}(?P<{m[1]}>{_PARTS[m[1]]})", text))

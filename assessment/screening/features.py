"""What the classifier sees of a text: its characters, its words, and the signs the lexicon and rules read in it.

Every view is a string, so that stock scikit-learn vectorisers do the counting. Words after a negation carry
a mark (``不得 录用`` and ``录用`` are different words), and so do roles under a ban.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import cast

from assessment.screening.lexicon import EXCLUDED
from assessment.screening.matching import Passage, Tokens, passages
from assessment.screening.rules import RuleBook, RuleHit

VERSION = 5
"""Raise when the columns, their spelling or the parts of a model change: a model of another version is refused."""

COLUMNS = ("characters", "words", "rules", "roles", "pairs")
SIGNS = (2, 3, 4)
"""The columns whose signs count once a text."""
PAIR_REACH = 25
"""Two roles further apart than this many characters are not a pair."""
PAIR_NEXT = 4
"""A role is paired with at most this many roles that follow it."""

_NEGATIONS = frozenset({"不得", "禁止", "严禁", "不", "不准", "不能", "不应", "不会", "无", "未"})
_COMMAS = frozenset("，,：:")


@dataclass(frozen=True, slots=True)
class Reading:
    """One passage as the lexicon and the rules read it."""

    passage: Passage
    tokens: Tokens
    hits: tuple[RuleHit, ...]


@dataclass(frozen=True, slots=True)
class Views:
    """A text as the classifier sees it: strings, in the order of ``COLUMNS``.

    Attributes:
        whole: of the text.
        passages: of each of its passages; empty where it has only one.
    """

    whole: tuple[str, ...]
    passages: tuple[tuple[str, ...], ...]


def read(text: str, rules: RuleBook) -> tuple[Reading, ...]:
    """Read every passage of a text."""
    return tuple(_reading(passage, rules) for passage in passages(text))


def _reading(passage: Passage, rules: RuleBook) -> Reading:
    tokens = rules.patterns.tokens(passage)
    return Reading(passage, tokens, rules.fire(tokens))


def views(text: str, readings: Sequence[Reading]) -> Views:
    """The views of a text and its readings."""
    parts = tuple(without(reading, 0, 0) for reading in readings)
    whole = (
        characters(text),
        " ".join(part[1] for part in parts if part[1]),
        *(_once(sign for part in parts for sign in part[index].split()) for index in SIGNS),
    )
    return Views(whole, parts if len(parts) > 1 else ())


def without(reading: Reading, start: int, end: int) -> tuple[str, ...]:
    """The views of a passage with some of its words left out, if any; what lexicon and rules read in it stays."""
    text = reading.passage.text
    rest = text[:start] + text[end:]
    placed = list(_placed(reading.tokens))
    return (
        characters(rest),
        " ".join(_words(rest)),
        _once(sign for hit in reading.hits for sign in _rule_signs(hit)),
        _once(role for _, names in placed for role in names),
        _once(_pairs(placed)),
    )


def _once(signs: Iterable[str]) -> str:
    return " ".join(dict.fromkeys(signs))


def characters(text: str) -> str:
    """The first of the views: the text without blanks."""
    return "".join(text.split())


def _rule_signs(hit: RuleHit) -> Iterable[str]:
    rule = hit.rule
    yield rule.id
    yield f"{rule.lens}:{rule.kind}"
    yield from (f"{rule.lens}:{name}" for name in rule.types)


def _placed(tokens: Tokens) -> Iterable[tuple[int, tuple[str, ...]]]:
    """Where each role stands; a role behind a ban within the same comma is marked ``-``."""
    text = tokens.passage.text
    ban: int | None = None
    for hit in tokens.hits:
        if ban is not None and "，" in text[ban : hit.start]:
            ban = None
        names = _marked(hit.roles, ban is not None)
        if names:
            yield hit.start, names
        if "BAN" in hit.roles:
            ban = hit.end


@cache
def _marked(roles: tuple[str, ...], banned: bool) -> tuple[str, ...]:
    """The roles of a term, marked ``-`` behind a ban."""
    return tuple(f"-{role}" if banned else role for role in roles if role != EXCLUDED)


def _pairs(placed: Sequence[tuple[int, tuple[str, ...]]]) -> Iterable[str]:
    for index, (start, names) in enumerate(placed):
        for later, following in placed[index + 1 : index + 1 + PAIR_NEXT]:
            if later - start > PAIR_REACH:
                break
            yield from _crossed(names, following)


@cache
def _crossed(names: tuple[str, ...], following: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(f"{name}>{other}" for name in names for other in following)


def _words(text: str) -> list[str]:
    """The words of a passage; behind a negation, up to the next comma, a word is marked ``不_``."""
    found: list[str] = []
    negated = False
    for word in _cutter()(text):
        if word in _COMMAS:
            negated = False
        elif not word.isspace():
            found.append(f"不_{word}" if negated else word)
            negated = negated or word in _NEGATIONS
    return found


@cache
def _cutter() -> Callable[[str], Iterable[str]]:
    """``jieba.cut``, or where there is a wheel for the machine the same as compiled code (rjieba)."""
    try:
        import rjieba
    except ImportError:
        import jieba

        jieba.setLogLevel(logging.ERROR)
        jieba.initialize()
        return cast(Callable[[str], Iterable[str]], jieba.cut)
    return lambda text: _as_jieba(rjieba.cut(text), rjieba.has_word)


_LATIN = re.compile(r"([a-zA-Z0-9]+(?:\.\d+)?%?)")


def _as_jieba(cut: Iterable[str], known: Callable[[str], bool]) -> Iterable[str]:
    """The words of rjieba with what it leaves whole of numbers and Latin letters (0.10g) cut as jieba cuts it."""
    for word in cut:
        if word.isascii() and not word.isalnum() and len(word) > 1 and not known(word):
            yield from filter(None, _LATIN.split(word))
        else:
            yield word

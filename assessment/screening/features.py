"""What the classifier sees of a text: its characters, its words, and the signs the lexicon and rules read in it.

Every view is a string, so that stock scikit-learn vectorisers do the counting. Words after a negation carry
a mark (``不得 录用`` and ``录用`` are different words), and so do roles under a ban.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from assessment.screening.lexicon import EXCLUDED
from assessment.screening.matching import Passage, Tokens, passages
from assessment.screening.rules import RuleBook, RuleHit

VERSION = 2
"""Raise when the columns, their spelling or the parts of a model change: a model of another version is refused."""

COLUMNS = ("characters", "words", "rules", "roles", "pairs")
PAIR_REACH = 25
"""Two roles further apart than this many characters are not a pair."""
PAIR_NEXT = 4
"""A role is paired with at most this many roles that follow it."""

_NEGATIONS = frozenset({"不得", "禁止", "严禁", "不", "不准", "不能", "不应", "不会", "无", "未"})
_COMMAS = re.compile(r"[，,：:]")


@dataclass(frozen=True, slots=True)
class Reading:
    """One passage as the lexicon and the rules read it."""

    passage: Passage
    tokens: Tokens
    hits: tuple[RuleHit, ...]


def read(text: str, rules: RuleBook) -> tuple[Reading, ...]:
    """Read every passage of a text."""
    return tuple(_reading(passage, rules) for passage in passages(text))


def _reading(passage: Passage, rules: RuleBook) -> Reading:
    tokens = rules.patterns.tokens(passage)
    return Reading(passage, tokens, rules.fire(tokens))


def columns(text: str, readings: Sequence[Reading]) -> tuple[str, ...]:
    """The views of a text and its readings, in the order of ``COLUMNS``."""
    rules = dict.fromkeys(sign for reading in readings for hit in reading.hits for sign in _rule_signs(hit))
    roles: dict[str, None] = {}
    pairs: dict[str, None] = {}
    for reading in readings:
        placed = list(_placed(reading.tokens))
        roles.update(dict.fromkeys(role for _, names in placed for role in names))
        pairs.update(dict.fromkeys(_pairs(placed)))
    return "".join(text.split()), " ".join(words(text)), " ".join(rules), " ".join(roles), " ".join(pairs)


def _rule_signs(hit: RuleHit) -> Iterable[str]:
    rule = hit.rule
    yield rule.id
    yield f"{rule.lens}:{rule.kind}"
    yield from (f"{rule.lens}:{name}" for name in rule.types)


def _placed(tokens: Tokens) -> Iterable[tuple[int, tuple[str, ...]]]:
    """Where each role stands; a role behind a ban within the same comma is marked ``-``."""
    text = tokens.passage.text
    bans = [hit for hit in tokens.hits if "BAN" in hit.roles]
    for hit in tokens.hits:
        mark = (
            "-" if any(ban.end <= hit.start and "，" not in text[ban.end : hit.start] for ban in bans) else ""
        )
        names = tuple(mark + role for role in hit.roles if role != EXCLUDED)
        if names:
            yield hit.start, names


def _pairs(placed: Sequence[tuple[int, tuple[str, ...]]]) -> Iterable[str]:
    for index, (start, names) in enumerate(placed):
        for later, following in placed[index + 1 : index + 1 + PAIR_NEXT]:
            if later - start > PAIR_REACH:
                break
            yield from (f"{name}>{other}" for name in names for other in following)


def words(text: str) -> list[str]:
    """The words of a text; behind a negation, up to the next comma, a word is marked ``不_``."""
    found: list[str] = []
    for passage in passages(text):
        for part in _COMMAS.split(passage.text):
            negated = False
            for word in _cutter()(part):
                if word.strip():
                    found.append(f"不_{word}" if negated else word)
                    negated = negated or word in _NEGATIONS
    return found


@cache
def _cutter() -> Any:
    import jieba

    jieba.setLogLevel(logging.ERROR)
    jieba.initialize()
    return jieba.cut

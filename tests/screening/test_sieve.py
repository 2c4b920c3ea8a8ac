"""The sieve never loses a match, and does tell texts without one."""

from __future__ import annotations

import re

import pytest

from assessment.screening.figures import figure_checks
from assessment.screening.gaps import gap_rules
from assessment.screening.sieve import Sieve, literals_of
from assessment.training.dataset import read_corpus


@pytest.mark.parametrize(
    ("pattern", "literals"),
    [
        ("母婴|哺乳室", {"母婴", "哺乳室"}),
        ("(公共厕所|公厕)[^。]{0,9}标准", {"标准"}),
        ("性别.{0,6}(分组|构成)", {"性别"}),
        ("男女(?:比例)?", {"男女"}),
        ("[男女]方", {"男方", "女方"}),
        ("(?:妇女)+", {"妇女"}),
        ("厕", {"厕"}),
    ],
)
def test_every_match_holds_a_literal(pattern: str, literals: set[str]) -> None:
    assert literals_of(re.compile(pattern)) == literals


@pytest.mark.parametrize("pattern", [".*", "(?:妇女)*", "妇女|[^男]", "(?i)妇女", r"\d+"])
def test_nothing_is_sure_of_a_pattern_that_may_match_anything(pattern: str) -> None:
    assert literals_of(re.compile(pattern)) is None


def test_no_match_of_a_shipped_expression_is_lost() -> None:
    patterns = [pattern for rule in gap_rules() for pattern in (rule.present, *rule.clause)]
    patterns += [pattern for check in figure_checks() for pattern in (check.near, *check.patterns)]
    sieve, passed, tried = Sieve(patterns), 0, 0
    for example in read_corpus()[::40]:
        sifted = sieve.of(example.text)
        for number, pattern in enumerate(patterns):
            found = pattern.search(example.text)
            tried += 1
            passed += sifted.possible(number)
            if found:
                assert sifted.possible(number)
                assert sifted.within(number, found.start(), found.end())
    assert passed < tried / 10


def test_an_empty_text_matches_nothing() -> None:
    sifted = Sieve([re.compile("母婴"), re.compile(".*")]).of("")
    assert [sifted.possible(number) for number in (0, 1)] == [False, True]

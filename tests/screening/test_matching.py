"""Pattern lines find what spaCy's Matcher finds."""

from __future__ import annotations

import pytest

from assessment.screening import matching
from assessment.screening.lexicon import load_lexicon
from assessment.screening.matching import PatternBook, passages
from assessment.screening.rules import load_rules
from assessment.training.dataset import read_corpus


def found(pattern: str, text: str) -> list[str]:
    """The words of a text that a pattern line finds."""
    book = PatternBook(load_lexicon(), {"p": (pattern,)})
    (passage,) = passages(text)
    return [text[start:end] for start, end in book.find(book.tokens(passage)).get("p", ())]


@pytest.mark.parametrize(
    ("pattern", "text", "words"),
    [
        ("岗位 _2 限", "岗位甲乙限男性", ["岗位甲乙限"]),
        ("岗位 _0 限", "岗位甲乙限男性", []),
        ("岗位 _9 限", "岗位，甲限男性", []),
        ("岗位 ~9 限", "岗位，甲限男性", ["岗位，甲限"]),
        ("岗位 限", "岗位限男生，岗位限甲地", ["岗位限", "岗位限"]),
        ("岗位 _4 内? 限", "岗位在本市内限", ["岗位在本市内限"]),
        ("岗位 _4 内? 限", "岗位在本市限", ["岗位在本市限"]),
    ],
)
def test_gaps_commas_and_optional_elements(pattern: str, text: str, words: list[str]) -> None:
    assert found(pattern, text) == words


@pytest.mark.parametrize("line", ["_4 限", "岗位 _4", "{NOBODY} 限", "?"])
def test_a_line_that_cannot_be_read_is_refused(line: str) -> None:
    with pytest.raises(ValueError, match="pattern"):
        PatternBook(load_lexicon(), {"p": (line,)})


def test_the_shipped_lines_find_what_spacy_finds() -> None:
    book = load_rules().patterns
    lines = [line for group in book._by_rarest.values() for _, line in group]
    compared = 0
    for example in read_corpus()[::150]:
        for passage in passages(example.text):
            tokens = book.tokens(passage)
            words = [passage.text[start:end] for start, end in tokens.spans]
            own = book.find(tokens)
            peer: dict[str, set[tuple[int, int]]] = {}
            for line in lines:
                if not all(any(word in book._terms_of[need] for word in words) for need in line.needs):
                    continue
                gaps = {n: p.longest for n, p in enumerate(line.parts) if isinstance(p, matching._Gap)}
                for first, last, aligned in matching._matched(line, book._terms_of, words):
                    if all(aligned.count(gap) <= longest for gap, longest in gaps.items()):
                        span = tokens.spans[first][0], tokens.spans[last - 1][1]
                        peer.setdefault(line.name, set()).add(span)
                        compared += 1
            assert own == {name: tuple(sorted(spans)) for name, spans in sorted(peer.items())}
    assert compared > 100

"""How a rule is written and how it is matched: passages, tokens and patterns.

A *passage* is one sentence of a unit together with the lead-in that governs it (``不得有下列行为：``). Its
tokens are single characters, except that every lexicon term and every word a rule uses is one token, so
that a pattern speaks of roles and words and never of segmentation.

A pattern is a line of elements separated by blanks:

    {MALE|FEMALE}    a token that carries one of the roles
    优先|限          a token that contains one of the words (a single character: that is the word)
    {MALE}|小伙子    both kinds of choice mixed
    _4  ~4           up to four tokens up to the next element; ``_`` stays within a comma, ``~`` crosses it
    女?              a trailing ``?`` makes an element optional
    !{BAN}           one token that is none of these
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from assessment.screening.lexicon import Hit, Lexicon

Span = tuple[int, int]

_SENTENCE = re.compile(r"[^。；;！!？?\n]+[。；;！!？?\n]*")
_LEAD = re.compile(
    r"[：:]\s*(?=\n|[（(][一二三四五六七八九十\d]+[）)]|\d+[.．、]|[一二三四五六七八九十]+、|$)"
)
_ITEM = re.compile(r"\s*(?:[（(][一二三四五六七八九十百\d]+[）)]|\d+[.．、]|[一二三四五六七八九十]+、)")
_ARTICLE = re.compile(r"\s*第[一二三四五六七八九十百千零〇\d]+条(?:之[一二三四五六七八九十]+)?[\s　]*")
_COMMAS = ("，", ",", "：", ":")


@dataclass(frozen=True, slots=True)
class Passage:
    """One sentence with its governing lead-in.

    Attributes:
        text: lead-in and sentence, as matched.
        body: where the sentence begins in ``text``; the lead-in is ``text[:body]``.
        start: where the sentence begins in the text it was cut from.
    """

    text: str
    body: int
    start: int

    @property
    def sentence(self) -> str:
        """The sentence without its lead-in."""
        return self.text[self.body :]

    @property
    def end(self) -> int:
        """Where the sentence ends in the text it was cut from."""
        return self.start + len(self.text) - self.body

    def place(self, span: Span) -> Span:
        """A span of ``text`` as offsets of the source, cut to the sentence."""
        start, end = max(span[0], self.body), max(span[1], self.body)
        return self.start + start - self.body, self.start + end - self.body


def passages(text: str) -> tuple[Passage, ...]:
    """Cut a unit's text into sentences, each with the lead-in of the list it stands in.

    A sentence that ends with a colon before numbered items governs them until the next unnumbered line.
    Surrounding blanks and an article's own number are left outside.
    """
    found: list[Passage] = []
    lead = ""
    for start, end in _sentences(text):
        sentence = text[start:end]
        if not _ITEM.match(sentence):
            lead = ""
        found.append(Passage(lead + sentence, len(lead), start))
        if sentence.rstrip().endswith(("：", ":")):
            lead = sentence.strip()
    return tuple(found)


def _sentences(text: str) -> Iterable[Span]:
    number = _ARTICLE.match(text)
    position = number.end() if number else 0
    for match in _SENTENCE.finditer(text, position):
        for start, end in _cut_after_leads(text, match.start(), match.end()):
            stripped = text[start:end]
            left = len(stripped) - len(stripped.lstrip())
            right = len(stripped.rstrip())
            if right > left:
                yield start + left, start + right


def _cut_after_leads(text: str, start: int, end: int) -> Iterable[Span]:
    for lead in _LEAD.finditer(text, start, end):
        yield start, lead.end()
        start = lead.end()
    if start < end:
        yield start, end


@dataclass(frozen=True, slots=True)
class Tokens:
    """A passage cut into tokens.

    Attributes:
        passage: what was cut.
        spans: token offsets in ``passage.text``, without holes.
        hits: the lexicon terms of the passage.
        doc: the spaCy Doc of the same tokens.
    """

    passage: Passage
    spans: tuple[Span, ...]
    hits: tuple[Hit, ...]
    doc: Any = field(repr=False)

    def chars(self, first: int, last: int) -> Span:
        """Character offsets in ``passage.text`` of the tokens ``first`` up to but not ``last``."""
        return self.spans[first][0], self.spans[last - 1][1]


@dataclass(frozen=True, slots=True)
class _Line:
    """One compiled pattern line: its elements' ids, its Matcher, and the longest stretch of each gap."""

    name: str
    needs: frozenset[int]
    matcher: Any
    gaps: dict[int, int]


class PatternBook:
    """Patterns by name over one lexicon; build it once, use it from any thread.

    A line is tried only where every word or role it needs is in the passage, which is what keeps hundreds of
    lines cheap.

    Args:
        lexicon: supplies the roles.
        patterns: name to pattern lines; a name matches if any of its lines does.
    """

    def __init__(self, lexicon: Lexicon, patterns: dict[str, tuple[str, ...]]) -> None:
        import spacy
        from spacy.matcher import Matcher

        lines = [line for group in patterns.values() for line in group]
        self.lexicon = lexicon.extended(_literals(lines))
        self._vocab = spacy.blank("zh").vocab
        compiler = _Compiler(self.lexicon)
        self._lines: list[_Line] = []
        for name, group in patterns.items():
            for line in group:
                tokens, gaps, needs = compiler.compile(line)
                matcher = Matcher(self._vocab)
                matcher.add(name, [tokens])
                self._lines.append(_Line(name, needs, matcher, gaps))
        self._elements_of = compiler.elements_of()

    def tokens(self, passage: Passage) -> Tokens:
        """Cut a passage into tokens."""
        from spacy.tokens import Doc

        hits = self.lexicon.scan(passage.text)
        spans = tuple(_fill(len(passage.text), hits))
        words = [passage.text[start:end] for start, end in spans]
        return Tokens(passage, spans, hits, Doc(self._vocab, words=words, spaces=[False] * len(words)))

    def find(self, tokens: Tokens) -> dict[str, tuple[Span, ...]]:
        """Every pattern name found, with its spans in ``passage.text``, in the order of their place."""
        present = {element for hit in tokens.hits for element in self._elements_of.get(hit.term, ())}
        found: dict[str, set[Span]] = {}
        for line in self._lines:
            if line.needs <= present:
                for _, first, last, aligned in line.matcher(tokens.doc, with_alignments=True):
                    if all(aligned.count(gap) <= longest for gap, longest in line.gaps.items()):
                        found.setdefault(line.name, set()).add(tokens.chars(first, last))
        return {name: tuple(sorted(spans)) for name, spans in sorted(found.items())}


def _fill(length: int, hits: Iterable[Hit]) -> Iterable[Span]:
    position = 0
    for hit in hits:
        yield from ((index, index + 1) for index in range(position, hit.start))
        yield hit.start, hit.end
        position = hit.end
    yield from ((index, index + 1) for index in range(position, length))


_GAP = re.compile(r"[_~](\d+)")
_OPTION = re.compile(r"\{([A-Z_|]+)\}|([^{}|]+)")


def _options(element: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The role names and the words an element lists."""
    roles: list[str] = []
    words: list[str] = []
    for names, word in _OPTION.findall(element.removeprefix("!").removesuffix("?")):
        roles.extend(names.split("|") if names else ())
        words.extend((word,) if word else ())
    return tuple(roles), tuple(words)


def _literals(lines: Iterable[str]) -> tuple[str, ...]:
    words = [word for line in lines for element in line.split() for word in _words(element)]
    return tuple(dict.fromkeys(words))


def _words(element: str) -> tuple[str, ...]:
    return () if _GAP.fullmatch(element) else _options(element)[1]


class _Compiler:
    """Turns pattern lines into spaCy token patterns, and numbers the choices they are made of."""

    def __init__(self, lexicon: Lexicon) -> None:
        self._lexicon = lexicon
        self._excluded = set(lexicon.roles.get("EXCLUDED", ()))
        self._numbers: dict[tuple[str, ...], int] = {}

    def compile(self, line: str) -> tuple[list[dict[str, Any]], dict[int, int], frozenset[int]]:
        """Token patterns, longest stretch by position of each gap, and the choices the line cannot do without."""
        parts = [self._part(element, line) for element in _merged(line.split())]
        tokens: list[dict[str, Any]] = []
        gaps: dict[int, int] = {}
        needs: set[int] = set()
        for index, (element, terms) in enumerate(parts):
            gap = _GAP.fullmatch(element)
            if gap:
                # A gap ends at the first token that fits what follows: one reading, no branching.
                barred = [*parts[index + 1][1], *(_COMMAS if element[0] == "_" else ())]
                tokens.append({"ORTH": {"NOT_IN": barred}, "OP": "*"})
                gaps[index] = int(gap[1])
                continue
            token: dict[str, Any] = {"ORTH": {"NOT_IN" if element[0] == "!" else "IN": terms}}
            if element.endswith("?"):
                token["OP"] = "?"
            elif element[0] != "!":
                needs.add(self._numbers.setdefault(tuple(terms), len(self._numbers)))
            tokens.append(token)
        return tokens, gaps, frozenset(needs)

    def elements_of(self) -> dict[str, tuple[int, ...]]:
        """Term to the numbers of the choices it fits."""
        found: dict[str, list[int]] = {}
        for terms, number in self._numbers.items():
            for term in dict.fromkeys(terms):
                found.setdefault(term, []).append(number)
        return {term: tuple(numbers) for term, numbers in found.items()}

    def _part(self, element: str, line: str) -> tuple[str, list[str]]:
        if _GAP.fullmatch(element):
            return element, []
        roles, words = _options(element)
        unknown = [role for role in roles if role not in self._lexicon.roles]
        if unknown or not (roles or words):
            raise ValueError(f"pattern {line!r}: cannot read {element!r}")
        terms = [term for role in roles for term in self._lexicon.roles[role]]
        return element, [*terms, *(term for word in words for term in self._containing(word))]

    def _containing(self, word: str) -> list[str]:
        return [
            term
            for term in self._lexicon.terms
            if term == word or (len(word) > 1 and word in term and term not in self._excluded)
        ]


def _merged(elements: list[str]) -> list[str]:
    """Neighbouring gaps as one; a comma may be crossed if either might."""
    merged: list[str] = []
    for element in elements:
        if merged and _GAP.fullmatch(element) and _GAP.fullmatch(merged[-1]):
            kind = "~" if "~" in (element[0], merged[-1][0]) else "_"
            merged[-1] = f"{kind}{int(element[1:]) + int(merged[-1][1:])}"
        else:
            merged.append(element)
    return merged

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
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache, cached_property
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
    """

    passage: Passage
    spans: tuple[Span, ...]
    hits: tuple[Hit, ...]

    def chars(self, first: int, last: int) -> Span:
        """Character offsets in ``passage.text`` of the tokens ``first`` up to but not ``last``."""
        return self.spans[first][0], self.spans[last - 1][1]


@dataclass(frozen=True, eq=False)
class _Line:
    """One pattern line: the choices it needs in their order, its tokens, and the longest stretch of each gap."""

    name: str
    tokens: list[dict[str, Any]]
    gaps: dict[int, int]
    needs: tuple[int, ...]

    @cached_property
    def matcher(self) -> Any:
        """The spaCy Matcher of the line."""
        from spacy.matcher import Matcher

        matcher = Matcher(_vocab())
        matcher.add(self.name, [self.tokens])
        return matcher

    def may_stand(self, places: dict[int, list[int]]) -> bool:
        """Whether every needed choice is there behind the one before it; ``places`` are indices of hits."""
        position = -1
        for need in self.needs:
            following = places.get(need)
            if following is None or following[-1] <= position:
                return False
            position = next(place for place in following if place > position)
        return True


class PatternBook:
    """Patterns by name over one lexicon; build it once, use it from any thread.

    A line is tried only where every word or role it needs is in the passage in the right order, and spaCy
    first reads a passage or a line when one is tried: that is what keeps hundreds of lines cheap.

    Args:
        lexicon: supplies the roles.
        patterns: name to pattern lines; a name matches if any of its lines does.
    """

    def __init__(self, lexicon: Lexicon, patterns: dict[str, tuple[str, ...]]) -> None:
        lines = [line for group in patterns.values() for line in group]
        self.lexicon = lexicon.extended(_literals(lines))
        compiler = _Compiler(self.lexicon)
        compiled = [
            _Line(name, *compiler.compile(line)) for name, group in patterns.items() for line in group
        ]
        self._elements_of = compiler.elements_of()
        width = Counter(element for elements in self._elements_of.values() for element in elements)
        self._by_need: dict[int | None, list[_Line]] = {}
        for compiled_line in compiled:
            rarest = min(compiled_line.needs, key=width.__getitem__, default=None)
            self._by_need.setdefault(rarest, []).append(compiled_line)

    def tokens(self, passage: Passage) -> Tokens:
        """Cut a passage into tokens."""
        hits = self.lexicon.scan(passage.text)
        return Tokens(passage, tuple(_fill(len(passage.text), hits)), hits)

    def find(self, tokens: Tokens) -> dict[str, tuple[Span, ...]]:
        """Every pattern name found, with its spans in ``passage.text``, in the order of their place."""
        places: dict[int, list[int]] = {}
        for index, hit in enumerate(tokens.hits):
            for element in self._elements_of.get(hit.term, ()):
                places.setdefault(element, []).append(index)
        tried = [
            line for need in (None, *places) for line in self._by_need.get(need, ()) if line.may_stand(places)
        ]
        if not tried:
            return {}
        doc = _doc(tokens)
        found: dict[str, set[Span]] = {}
        for line in tried:
            for _, first, last, aligned in line.matcher(doc, with_alignments=True):
                if all(aligned.count(gap) <= longest for gap, longest in line.gaps.items()):
                    found.setdefault(line.name, set()).add(tokens.chars(first, last))
        return {name: tuple(sorted(spans)) for name, spans in sorted(found.items())}


@cache
def _vocab() -> Any:
    import spacy

    return spacy.blank("zh").vocab


def _doc(tokens: Tokens) -> Any:
    from spacy.tokens import Doc

    words = [tokens.passage.text[start:end] for start, end in tokens.spans]
    return Doc(_vocab(), words=words, spaces=[False] * len(words))


def _fill(length: int, hits: Iterable[Hit]) -> Iterable[Span]:
    position = 0
    for hit in hits:
        yield from zip(range(position, hit.start), range(position + 1, hit.start + 1), strict=True)
        yield hit.start, hit.end
        position = hit.end
    yield from zip(range(position, length), range(position + 1, length + 1), strict=True)


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
        self._joined = "\n".join(("", *lexicon.terms, ""))
        self._containing = cache(self._search)

    def compile(self, line: str) -> tuple[list[dict[str, Any]], dict[int, int], tuple[int, ...]]:
        """Token patterns, longest stretch by position of each gap, and the choices the line needs, in order."""
        parts = [self._part(element, line) for element in _merged(line.split())]
        tokens: list[dict[str, Any]] = []
        gaps: dict[int, int] = {}
        needs: list[int] = []
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
                needs.append(self._numbers.setdefault(tuple(terms), len(self._numbers)))
            tokens.append(token)
        return tokens, gaps, tuple(needs)

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

    def _search(self, word: str) -> tuple[str, ...]:
        """The terms that contain a word (a single character: that is it), in the order of the lexicon."""
        if len(word) == 1:
            return (word,)
        found: dict[str, None] = {}
        at = self._joined.find(word)
        while at >= 0:
            start, end = self._joined.rindex("\n", 0, at) + 1, self._joined.index("\n", at)
            term = self._joined[start:end]
            if term == word or term not in self._excluded:
                found[term] = None
            at = self._joined.find(word, end)
        return tuple(found)


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

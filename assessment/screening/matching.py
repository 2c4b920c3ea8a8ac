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
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Sequence
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
    """A passage cut into tokens: its lexicon terms, and every other character by itself.

    Attributes:
        passage: what was cut.
        hits: the lexicon terms of the passage.
    """

    passage: Passage
    hits: tuple[Hit, ...]

    @property
    def spans(self) -> tuple[Span, ...]:
        """Token offsets in ``passage.text``, without holes."""
        return tuple(_fill(len(self.passage.text), self.hits))


Gap = tuple[int, bool] | None
"""What may stand before a choice: so many tokens, and whether commas among them; None: nothing."""


@dataclass(frozen=True, eq=False)
class _Line:
    """One pattern line: its choices in their order by number, and the gap before each.

    Attributes:
        optional: the line as spaCy token patterns with the longest stretch of each gap, if one of its
            elements is optional: such a line can be read in several ways, and spaCy finds them all.
    """

    name: str
    needs: tuple[int, ...]
    gaps: tuple[Gap, ...]
    optional: tuple[list[dict[str, Any]], dict[int, int]] | None

    @cached_property
    def matcher(self) -> Any:
        """The spaCy Matcher of a line with optional elements."""
        from spacy.matcher import Matcher

        matcher = Matcher(_vocab())
        matcher.add(self.name, [self.optional[0]] if self.optional else [])
        return matcher


class _Places:
    """Where the choices of the pattern lines stand in one passage; token numbers are counted when first asked for.

    A gap ends at the first token that fits what follows, so that a line can be read in one way only from
    each token it begins at.
    """

    def __init__(self, tokens: Tokens, terms_of: Sequence[frozenset[str]]) -> None:
        self._tokens = tokens
        self._terms_of = terms_of
        self._found: dict[int, list[int]] = {}

    @cached_property
    def numbers(self) -> list[int]:
        """The token number of each hit."""
        numbers, shorter = [], 0
        for hit in self._tokens.hits:
            numbers.append(hit.start - shorter)
            shorter += hit.end - hit.start - 1
        return numbers

    @cached_property
    def commas(self) -> list[int]:
        """Offsets of the commas that are tokens."""
        inside = {at for hit in self._tokens.hits if len(hit.term) > 1 for at in range(hit.start, hit.end)}
        return [
            at for at, char in enumerate(self._tokens.passage.text) if char in _COMMAS and at not in inside
        ]

    def of(self, need: int) -> list[int]:
        """Indices of the hits that fit a choice."""
        found = self._found.get(need)
        if found is None:
            terms = self._terms_of[need]
            found = [index for index, hit in enumerate(self._tokens.hits) if hit.term in terms]
            self._found[need] = found
        return found

    def spans(self, line: _Line) -> Iterable[Span]:
        """Character offsets of every reading of a line without optional elements."""
        hits = self._tokens.hits
        for first in self.of(line.needs[0]):
            last: int | None = first
            for need, gap in zip(line.needs[1:], line.gaps[1:], strict=True):
                last = self._next(last, need, gap)
                if last is None:
                    break
            else:
                yield hits[first].start, hits[last].end

    def _next(self, index: int, need: int, gap: Gap) -> int | None:
        """The hit that fits a choice behind a hit and its gap."""
        following = self.of(need)
        at = bisect_right(following, index)
        if at == len(following):
            return None
        found = following[at]
        longest, crossing = gap or (0, True)
        if self.numbers[found] - self.numbers[index] - 1 > longest:
            return None
        if not crossing:
            comma = bisect_right(self.commas, self._tokens.hits[index].start)
            if comma < len(self.commas) and self.commas[comma] < self._tokens.hits[found].start:
                return None
        return found


class PatternBook:
    """Patterns by name over one lexicon; build it once, use it from any thread.

    A line is tried only where every word or role it needs is in the passage: that is what keeps hundreds of
    lines cheap.

    Args:
        lexicon: supplies the roles.
        patterns: name to pattern lines; a name matches if any of its lines does.
    """

    def __init__(self, lexicon: Lexicon, patterns: dict[str, tuple[str, ...]]) -> None:
        lines = [line for group in patterns.values() for line in group]
        self.lexicon = lexicon.extended(_literals(lines))
        compiler = _Compiler(self.lexicon)
        self._lines = tuple(
            compiler.compile(name, line) for name, group in patterns.items() for line in group
        )
        self._terms_of = compiler.terms_of()
        masks: dict[str, int] = {}
        for number, terms in enumerate(self._terms_of):
            for term in terms:
                masks[term] = masks.get(term, 0) | 1 << number
        self._masks = masks
        width = [len(terms) for terms in self._terms_of]
        self._by_rarest: dict[int, list[tuple[int, _Line]]] = {}
        for line in self._lines:
            rarest = min(line.needs, key=width.__getitem__)
            needed = sum({1 << need for need in line.needs})
            self._by_rarest.setdefault(rarest, []).append((needed, line))
        self._rarest = sum(1 << need for need in self._by_rarest)

    def tokens(self, passage: Passage) -> Tokens:
        """Cut a passage into tokens."""
        return Tokens(passage, self.lexicon.scan(passage.text))

    def find(self, tokens: Tokens) -> dict[str, tuple[Span, ...]]:
        """Every pattern name found, with its spans in ``passage.text``, in the order of their place."""
        present = 0
        for hit in tokens.hits:
            present |= self._masks.get(hit.term, 0)
        places = _Places(tokens, self._terms_of)
        found: dict[str, set[Span]] = {}
        rarest = present & self._rarest
        while rarest:
            lowest = rarest & -rarest
            rarest ^= lowest
            for needed, line in self._by_rarest[lowest.bit_length() - 1]:
                if needed & present == needed and (
                    spans := set(_several(line, tokens) if line.optional else places.spans(line))
                ):
                    found.setdefault(line.name, set()).update(spans)
        return {name: tuple(sorted(spans)) for name, spans in sorted(found.items())}


def _several(line: _Line, tokens: Tokens) -> Iterable[Span]:
    """Every reading of a line with optional elements, by spaCy."""
    spans = tokens.spans
    longest = line.optional[1] if line.optional else {}
    for _, first, last, aligned in line.matcher(_doc(tokens), with_alignments=True):
        if all(aligned.count(gap) <= most for gap, most in longest.items()):
            yield spans[first][0], spans[last - 1][1]


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
    for names, word in _OPTION.findall(element.removesuffix("?")):
        roles.extend(names.split("|") if names else ())
        words.extend((word,) if word else ())
    return tuple(roles), tuple(words)


def _literals(lines: Iterable[str]) -> tuple[str, ...]:
    words = [word for line in lines for element in line.split() for word in _words(element)]
    return tuple(dict.fromkeys(words))


def _words(element: str) -> tuple[str, ...]:
    return () if _GAP.fullmatch(element) else _options(element)[1]


class _Compiler:
    """Reads pattern lines, and numbers the choices they are made of."""

    def __init__(self, lexicon: Lexicon) -> None:
        self._lexicon = lexicon
        self._excluded = set(lexicon.roles.get("EXCLUDED", ()))
        self._numbers: dict[tuple[str, ...], int] = {}
        self._joined = "\n".join(("", *lexicon.terms, ""))
        self._containing = cache(self._search)

    def compile(self, name: str, line: str) -> _Line:
        """A line with its choices and gaps.

        Raises:
            ValueError: it cannot be read, or begins or ends with a gap.
        """
        parts = [self._part(element, line) for element in _merged(line.split())]
        needs: list[int] = []
        gaps: list[Gap] = []
        gap: Gap = None
        for element, terms in parts:
            if _GAP.fullmatch(element):
                gap = int(element[1:]), element[0] == "~"
            elif not element.endswith("?"):
                needs.append(self._numbers.setdefault(tuple(terms), len(self._numbers)))
                gaps.append(gap)
                gap = None
        optional = _spacy_patterns(parts) if any(element.endswith("?") for element, _ in parts) else None
        if gap or (gaps[:1] != [None] and not optional):
            raise ValueError(f"pattern {line!r} needs a word or role at each end")
        return _Line(name, tuple(needs), tuple(gaps), optional)

    def terms_of(self) -> tuple[frozenset[str], ...]:
        """The terms of each choice, by its number."""
        return tuple(map(frozenset, self._numbers))

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


def _spacy_patterns(parts: Sequence[tuple[str, list[str]]]) -> tuple[list[dict[str, Any]], dict[int, int]]:
    """A line as spaCy token patterns, and the longest stretch by position of each gap."""
    tokens: list[dict[str, Any]] = []
    gaps: dict[int, int] = {}
    for index, (element, terms) in enumerate(parts):
        gap = _GAP.fullmatch(element)
        if gap:
            barred = [*parts[index + 1][1], *(_COMMAS if element[0] == "_" else ())]
            tokens.append({"ORTH": {"NOT_IN": barred}, "OP": "*"})
            gaps[index] = int(gap[1])
        else:
            optional = {"OP": "?"} if element.endswith("?") else {}
            tokens.append({"ORTH": {"IN": terms}, **optional})
    return tokens, gaps


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

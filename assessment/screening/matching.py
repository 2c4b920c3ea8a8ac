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
from functools import cache, cached_property, lru_cache
from typing import Any

from assessment.screening.lexicon import Hit, Lexicon

Span = tuple[int, int]

_SENTENCE = re.compile(r"[^。；;！!？?\n]+[。；;！!？?\n]*")
_LEAD = re.compile(
    r"[：:]\s*(?=\n|[（(][一二三四五六七八九十\d]+[）)]|\d+[.．、]|[一二三四五六七八九十]+、|$)"
)
_ITEM = re.compile(r"\s*(?:[（(][一二三四五六七八九十百\d]+[）)]|\d+[.．、]|[一二三四五六七八九十]+、)")
_ARTICLE = re.compile(r"\s*第[一二三四五六七八九十百千零〇\d]+条(?:之[一二三四五六七八九十]+)?[\s　]*")
_COMMAS = frozenset("，,：:")
_COMMA = re.compile("[，,：:]")


KEPT = 512
"""So many texts stay cut: rules and words each ask for the passages of the same unit."""


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


@lru_cache(maxsize=KEPT)
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


@dataclass(frozen=True, slots=True)
class _Gap:
    """Up to so many tokens, none of them of the choice that follows, nor commas unless they may be crossed."""

    longest: int
    crosses: bool


@dataclass(frozen=True, slots=True)
class _Choice:
    """One token of a numbered choice of terms."""

    number: int
    optional: bool


@dataclass(frozen=True)
class _Line:
    """One pattern line."""

    name: str
    parts: tuple[_Gap | _Choice, ...]

    @cached_property
    def needs(self) -> tuple[int, ...]:
        """The choices it cannot do without."""
        return tuple(part.number for part in self.parts if isinstance(part, _Choice) and not part.optional)

    @cached_property
    def choices(self) -> tuple[int, ...]:
        """All its choices, in order."""
        return tuple(part.number for part in self.parts if isinstance(part, _Choice))

    @cached_property
    def certain(self) -> bool:
        """Whether it can be read in one way only from each token it begins at."""
        return self.needs == self.choices


class _Places:
    """Where the choices of the pattern lines stand in one passage; what it holds is counted when first asked for."""

    def __init__(self, tokens: Tokens, terms_of: Sequence[frozenset[str]]) -> None:
        self._tokens = tokens
        self._terms_of = terms_of
        self._found: dict[int, list[int]] = {}

    @cached_property
    def _numbers(self) -> list[int]:
        """The token number of each hit."""
        numbers, shorter = [], 0
        for hit in self._tokens.hits:
            numbers.append(hit.start - shorter)
            shorter += hit.end - hit.start - 1
        return numbers

    @cached_property
    def _commas(self) -> list[int]:
        """Offsets of the commas that are tokens."""
        inside = {at for hit in self._tokens.hits if len(hit.term) > 1 for at in range(hit.start, hit.end)}
        commas = (match.start() for match in _COMMA.finditer(self._tokens.passage.text))
        return [at for at in commas if at not in inside]

    def _of(self, choice: int) -> list[int]:
        """Indices of the hits that fit a choice."""
        found = self._found.get(choice)
        if found is None:
            terms = self._terms_of[choice]
            found = [index for index, hit in enumerate(self._tokens.hits) if hit.term in terms]
            self._found[choice] = found
        return found

    def spans(self, line: _Line) -> Iterable[Span]:
        """Character offsets of every reading of a line."""
        return self._sure(line) if line.certain else self._several(line)

    def _sure(self, line: _Line) -> Iterable[Span]:
        """As a gap ends at the first token that fits what follows, there is one reading from each beginning."""
        hits = self._tokens.hits
        for first in self._of(line.choices[0]):
            last = self._last(line, first)
            if last is not None:
                yield hits[first].start, hits[last].end

    def _last(self, line: _Line, first: int) -> int | None:
        """The hit a line ends with if it begins with this one."""
        index, gap = first, None
        for part in line.parts[1:]:
            if isinstance(part, _Gap):
                gap = part
                continue
            found = self._next(index, part.number, gap)
            if found is None:
                return None
            index, gap = found, None
        return index

    def _next(self, index: int, choice: int, gap: _Gap | None) -> int | None:
        """The hit that fits a choice behind a hit and its gap."""
        following = self._of(choice)
        at = bisect_right(following, index)
        if at == len(following):
            return None
        found = following[at]
        if self._numbers[found] - self._numbers[index] - 1 > (gap.longest if gap else 0):
            return None
        if gap and not gap.crosses:
            comma = bisect_right(self._commas, self._tokens.hits[index].start)
            if comma < len(self._commas) and self._commas[comma] < self._tokens.hits[found].start:
                return None
        return found

    def _several(self, line: _Line) -> Iterable[Span]:
        """Every reading that spaCy finds of a line with optional elements, if what it needs is near enough."""
        window = self._window(line)
        if window is None:
            return
        spans = self._tokens.spans[slice(*window)]
        words = [self._tokens.passage.text[start:end] for start, end in spans]
        for first, last, aligned in _matched(line, self._terms_of, words):
            if all(
                aligned.count(number) <= part.longest
                for number, part in enumerate(line.parts)
                if isinstance(part, _Gap)
            ):
                yield spans[first][0], spans[last - 1][1]

    def _window(self, line: _Line) -> tuple[int, int] | None:
        """The tokens a line can reach; None unless what it needs stands in order and no further apart than it may."""
        begin, reach = 0, 0
        before: list[int] | None = None
        for part in line.parts:
            if isinstance(part, _Gap) or part.optional:
                reach += part.longest if isinstance(part, _Gap) else 1
                continue
            here = [self._numbers[index] for index in self._of(part.number)]
            if before is None:
                begin = max(0, min(here) - reach)
            else:
                here = [at for at in here if any(0 < at - earlier <= reach + 1 for earlier in before)]
            if not here:
                return None
            before, reach = here, 0
        return begin, max(before or [0]) + reach + 1


def _matched(
    line: _Line, terms_of: Sequence[frozenset[str]], words: Sequence[str]
) -> Iterable[tuple[int, int, list[int]]]:
    """First and last token of the readings of a line, and the part each token was read as."""
    from spacy.tokens import Doc

    matcher, vocab = _matcher(line, tuple(terms_of[number] for number in line.choices))
    for _, first, last, aligned in matcher(Doc(vocab, words=list(words)), with_alignments=True):
        yield first, last, aligned


@cache
def _matcher(line: _Line, terms: tuple[frozenset[str], ...]) -> tuple[Any, Any]:
    """The spaCy Matcher of a line whose choices, in order, are these terms, with its vocabulary."""
    import spacy
    from spacy.matcher import Matcher

    vocab = spacy.blank("zh").vocab
    matcher = Matcher(vocab)
    tokens: list[dict[str, Any]] = []
    left = list(terms)
    for part in line.parts:
        if isinstance(part, _Gap):
            barred = [*left[0], *(() if part.crosses else _COMMAS)]
            tokens.append({"ORTH": {"NOT_IN": barred}, "OP": "*"})
        else:
            tokens.append({"ORTH": {"IN": list(left.pop(0))}, **({"OP": "?"} if part.optional else {})})
    matcher.add(line.name, [tokens])
    return matcher, vocab


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
                if needed & present == needed and (spans := set(places.spans(line))):
                    found.setdefault(line.name, set()).update(spans)
        return {name: tuple(sorted(spans)) for name, spans in sorted(found.items())}


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
        parts: list[_Gap | _Choice] = []
        for element in _merged(line.split()):
            gap = _GAP.fullmatch(element)
            if gap:
                parts.append(_Gap(int(gap[1]), element[0] == "~"))
            else:
                number = self._numbers.setdefault(self._terms(element, line), len(self._numbers))
                parts.append(_Choice(number, element.endswith("?")))
        if not parts or isinstance(parts[0], _Gap) or isinstance(parts[-1], _Gap):
            raise ValueError(f"pattern {line!r} needs a word or role at each end")
        return _Line(name, tuple(parts))

    def terms_of(self) -> tuple[frozenset[str], ...]:
        """The terms of each choice, by its number."""
        return tuple(map(frozenset, self._numbers))

    def _terms(self, element: str, line: str) -> tuple[str, ...]:
        roles, words = _options(element)
        unknown = [role for role in roles if role not in self._lexicon.roles]
        if unknown or not (roles or words):
            raise ValueError(f"pattern {line!r}: cannot read {element!r}")
        terms = [term for role in roles for term in self._lexicon.roles[role]]
        return (*terms, *(term for word in words for term in self._containing(word)))

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

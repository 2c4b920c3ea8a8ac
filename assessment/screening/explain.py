"""Why a finding was made, for a lawyer who has never seen the tool, and what to write instead.

Every reason is built from the clause itself: the words that matter are found by the small patterns of
``corpus/explanations.yaml`` and quoted; then comes what they do to whom, why that weighs, and the article to hold them
against. Where no words of a type are in the clause, the reason says so and asks a person to check.

A pattern is a regular expression with shorthands: ``{ROLE}`` any lexicon term of the role, ``@list`` any word of the
list, ``…`` a few characters and ``~`` the rest within a comma, ``<slot:...>`` words that the sentence quotes.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import ahocorasick
import yaml

from assessment.lawindex import citation, topic
from assessment.paths import CORPUS
from assessment.screening.lexicon import load_lexicon
from assessment.screening.matching import Passage
from assessment.screening.models import FindingKind, Lens
from assessment.screening.rules import RuleHit
from assessment.screening.sieve import literals_of
from assessment.screening.taxonomy import load_taxonomy

LONGEST_QUOTE = 44
"""A longer slot is quoted by its beginning and its end."""
LONGEST_REACH = 24
"""A slot is widened to the comma before it if that is at most this many characters away."""
NOUNS = frozenset({"g", "h", "r", "w", "loss"})
"""Slots quoted as they are: single words, and what follows from a condition in the same breath."""
LONGEST_EDIT = 120
"""A longer sentence is not written out again with the change made."""


@dataclass(frozen=True, slots=True)
class Variant:
    """One way a clause can show a type: ``when`` finds the words, ``says`` tells what they do.

    Attributes:
        when: pattern; its slots are what ``says`` quotes.
        says: sentence without full stop; ``{slot}`` becomes the quoted words.
        why: why that weighs; empty: the type's own ``reason``.
        cites: citations of the type to name first, e.g. the article on enrolment instead of the one on hiring.
        edit: slot and the words to put in its place where the sentence stays sound; empty if that is not safe.
    """

    when: str
    says: str
    why: str = ""
    cites: str = ""
    edit: str = ""


@dataclass(frozen=True, slots=True)
class TypeText:
    """The Chinese texts that go with one type of finding.

    Attributes:
        meaning: what the type is.
        reason: why such words matter, as a possibility and never as a verdict.
        basis: citations in full form, e.g. ``妇女权益保障法第四十三条``.
        lookalike: the lawful clause it may be mistaken for, and how to tell.
        suggestion: wording or a course a drafter can paste; empty for relevant and protective.
        check: what a person has to check in the clause, to be read after 请核对.
        variants: the ways a clause can show the type, most telling first.
    """

    meaning: str
    reason: str
    basis: tuple[str, ...]
    lookalike: str
    suggestion: str
    check: str
    variants: tuple[Variant, ...]


@dataclass(frozen=True, slots=True)
class Explanation:
    """What a finding tells its reader; ``reason`` always quotes the clause."""

    reason: str
    basis: tuple[str, ...]
    lookalike: str
    suggestion: str


@dataclass(frozen=True, slots=True)
class _Shown:
    """A variant where it stands in a passage."""

    variant: Variant
    match: re.Match[str]

    def sentence(self) -> str:
        slots = {name: _quoted(self._words(name)) for name, words in self.match.groupdict().items() if words}
        return self.variant.says.format_map(slots)

    def _words(self, slot: str) -> str:
        """The words of a slot; unless it is a noun or follows another slot, from the comma before it on, if near."""
        start, end = self.match.span(slot)
        follows = any(self.match.end(other) == start for other in self.match.groupdict())
        if slot not in NOUNS and not follows:
            start = _from_comma(self.match.string, start)
        return _ITEM.sub("", self.match.string[start:end])


def text_for(lens: Lens, concern_type: str) -> TypeText:
    """The texts for a concern type of the taxonomy, or for ``relevant`` or ``protective``.

    Raises:
        KeyError: the lens has no such type.
    """
    return _texts()[lens, concern_type]


def explain(
    lens: Lens,
    kind: FindingKind,
    types: Sequence[str],
    passage: Passage,
    hits: Sequence[RuleHit],
    domains: Sequence[str] = (),
    core: str = "",
) -> Explanation:
    """The reason, basis, look-alike and proposed wording of one finding.

    Args:
        lens, kind: of the finding.
        types: its concern types, strongest first; empty unless kind is concern.
        passage: the sentence it rests on.
        hits: the rules of its lens and kind that fired there.
        domains: its domains, strongest first; without a concern they tell which article to hold it against.
        core: the words of the sentence that weigh most for a concern; quoted where no pattern knows better.
    """
    name = types[0] if types else kind
    text = text_for(lens, name)
    shown = _shown(lens, name, passage, _of_type(hits, name))
    if shown:
        first, why = shown.sentence(), shown.variant.why or text.reason
    elif hits:
        words = _quoted(_in_commas(passage, hits[0]))
        first = (
            f"{words}{hits[0].rule.says}" if kind == "concern" else f"条文写明{words}，{hits[0].rule.says}"
        )
        why = text.reason
    else:
        first, why = _likeness(lens, name, passage, text, core)
    statutes = () if kind == "concern" else _statutes(lens, domains, passage)
    basis = _basis(text, shown, statutes)
    parts = [first, why, *_also(lens, types[1:], passage, first), f"可对照{_law(basis[0])}"]
    if kind == "concern" and not hits:
        parts.append(f"请核对{text.check}")
    return Explanation(
        reason="".join(f"{part.rstrip('。')}。" for part in parts),
        basis=basis,
        lookalike=text.lookalike,
        suggestion=_suggestion(text, shown, passage) if kind == "concern" else "",
    )


def _in_commas(passage: Passage, hit: RuleHit) -> str:
    """The words of a rule from comma to comma; a sentence cut short would say something else."""
    start = max(_from_comma(passage.text, hit.start), passage.body)
    after = _FROM_COMMA.match(passage.text[hit.end :])
    return _ITEM.sub("", passage.text[start : hit.end + (after.end() if after else 0)])


def _from_comma(text: str, start: int) -> int:
    """Where the words between commas begin that hold a place, or the place itself if that is far before."""
    before = _TO_COMMA.search(text[:start])
    return before.start() if before and start - before.start() <= LONGEST_REACH else start


def _of_type(hits: Sequence[RuleHit], name: str) -> list[RuleHit]:
    return [hit for hit in hits if name in hit.rule.types]


def _shown(lens: Lens, name: str, passage: Passage, hits: Sequence[RuleHit] = ()) -> _Shown | None:
    """The first variant found in the sentence; where rules of the type fired, the first that touches their words."""
    possible = _possible(lens, name, passage.text)
    for number, (variant, pattern) in enumerate(_patterns(lens, name)):
        for match in pattern.finditer(passage.text) if number in possible else ():
            touches = not hits or any(match.start() < hit.end and hit.start < match.end() for hit in hits)
            if match.end() > passage.body and touches:
                return _Shown(variant, match)
    return None


def _also(lens: Lens, types: Sequence[str], passage: Passage, first: str) -> list[str]:
    """One sentence on a further type whose words are in the clause, unless it only says the same again."""
    for name in types:
        shown = _shown(lens, name, passage)
        if shown and (sentence := shown.sentence()) != first:
            return [f"同一句还可能涉及“{load_taxonomy().concerns[lens][name].label}”：{sentence}"]
    return []


def _likeness(lens: Lens, name: str, passage: Passage, text: TypeText, core: str) -> tuple[str, str]:
    """Where no words of the type are in the clause: for a concern the words that weigh most, else what it speaks of."""
    label = load_taxonomy().concerns[lens].get(name)
    if label is not None:
        return (
            f"{_quoted(_ITEM.sub('', core or passage.sentence))}可能涉及“{label.label}”；句中没有这类规定的常用字眼，要看它实际带来的结果",
            f"这类规定是指{text.meaning}",
        )
    lexicon = load_lexicon()
    terms = lexicon.scan(passage.sentence)
    topics = [hit.term for hit in terms if lexicon.cue(hit, lens) == "strong"] or [
        hit.term for hit in terms if lexicon.cue(hit, lens) == "weak"
    ]
    named = "、".join(f"“{term}”" for term in dict.fromkeys(topics[:3]))
    duties = [hit.term for hit in terms if "MODAL" in hit.roles and len(hit.term) > 1]
    frames = "、".join(f"“{term}”" for term in list(dict.fromkeys(duties))[:2])
    says = f"条文提到{named}" if named else f"条文写明{_quoted(passage.sentence)}"
    return says + (f"，用了{frames}的写法" if frames else ""), text.reason


def _basis(text: TypeText, shown: _Shown | None, statutes: Sequence[str]) -> tuple[str, ...]:
    first = shown.variant.cites.split() if shown else []
    return tuple(dict.fromkeys([*first, *statutes, *text.basis]))


def _statutes(lens: Lens, domains: Sequence[str], passage: Passage) -> tuple[str, ...]:
    """The article of the foremost domain that the words of the sentence belong to."""
    for cited, words in _articles()[lens].get(domains[0], ()) if domains else ():
        if words is None or words.search(passage.sentence):
            return (cited,)
    return ()


def _law(cited: str) -> str:
    (found,) = citation(cited)
    return f"《{found.law}》{cited.removeprefix(found.law)}（{topic(found)}）"


def _suggestion(text: TypeText, shown: _Shown | None, passage: Passage) -> str:
    """The sentence with the change made where that is safe, and the course to take in any case."""
    edited = _edited(shown, passage) if shown and shown.variant.edit else ""
    return f"建议把本句改为“{edited}”；或者{text.suggestion}" if edited else text.suggestion


def _edited(shown: _Shown, passage: Passage) -> str:
    slot, words = shown.variant.edit.split()
    start, end = shown.match.span(slot)
    # The same words once more in the sentence would stay, and the sentence would contradict itself.
    once = passage.sentence.count(shown.match[slot]) == 1
    if start < passage.body or len(passage.sentence) > LONGEST_EDIT or not once:
        return ""
    return passage.text[passage.body : start] + words + passage.text[end:].strip()


def _quoted(words: str) -> str:
    inner = words.strip(" \t\n　，,；;。：:、").translate(str.maketrans("“”", "‘’"))
    if len(inner) > LONGEST_QUOTE:
        inner = f"{inner[: LONGEST_QUOTE // 2]}……{inner[-LONGEST_QUOTE // 4 :]}"
    return f"“{inner}”"


_TO_COMMA = re.compile(r"[^，,；;。：:\n]*\Z")
_FROM_COMMA = re.compile(r"[^，,；;。：:\n]*")
_ITEM = re.compile(r"^\s*(?:[（(][一二三四五六七八九十\d]+[）)]|\d+[.．、]|[一二三四五六七八九十]+、)")
_SHORTHAND = re.compile(r"\{(?P<role>[A-Z_]+)\}|@(?P<words>[a-z]+)|<(?P<slot>[a-z]+):|(?P<sign>[>~…])")
_SIGNS = {">": ")", "~": "[^，,；;。：:\n]*", "…": "[^，,；;。：:\n]{0,14}?"}


@cache
def _patterns(lens: Lens, name: str) -> tuple[tuple[Variant, re.Pattern[str]], ...]:
    variants = text_for(lens, name).variants
    return tuple((variant, re.compile(_SHORTHAND.sub(_expanded, variant.when))) for variant in variants)


def _possible(lens: Lens, name: str, text: str) -> set[int]:
    """Which patterns of a type can match a text: those that hold no sure words, and those whose words stand in it."""
    telling, always = _telling(lens, name)
    found = (numbers for _, numbers in telling.iter(text)) if telling else ()
    return set(always).union(*found)


@cache
def _telling(lens: Lens, name: str) -> tuple[ahocorasick.Automaton | None, frozenset[int]]:
    """Words that a match must hold, each with the numbers of its patterns, and the patterns that need none.

    Not a ``Sieve``: it would keep a table of pairs of characters for every type, and would have to be told all
    patterns of all types at the start to keep one.
    """
    numbers: dict[str, set[int]] = {}
    always = set()
    for number, (_, pattern) in enumerate(_patterns(lens, name)):
        needed = literals_of(pattern)
        for word in needed or ():
            numbers.setdefault(word, set()).add(number)
        if needed is None:
            always.add(number)
    if not numbers:
        return None, frozenset(always)
    automaton = ahocorasick.Automaton()
    for word, own in numbers.items():
        automaton.add_word(word, own)
    automaton.make_automaton()
    return automaton, frozenset(always)


def _expanded(match: re.Match[str]) -> str:
    if match["role"]:
        return _alternatives(load_lexicon().roles[match["role"]])
    if match["words"]:
        return _alternatives(_words()[match["words"]])
    return f"(?P<{match['slot']}>" if match["slot"] else _SIGNS[match["sign"]]


def _alternatives(words: Sequence[str]) -> str:
    return f"(?:{'|'.join(sorted(map(re.escape, words), key=len, reverse=True))})"


@cache
def _data() -> dict[str, dict[str, dict[str, object]]]:
    loaded: dict[str, dict[str, dict[str, object]]] = yaml.load(
        (CORPUS / "explanations.yaml").read_text(encoding="utf-8"), Loader=_LOADER
    )
    return loaded


_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@cache
def _words() -> dict[str, tuple[str, ...]]:
    return {name: tuple(str(words).split("|")) for name, words in _data()["words"].items()}


@cache
def _articles() -> dict[str, dict[str, tuple[tuple[str, re.Pattern[str] | None], ...]]]:
    """By lens and domain, the articles with the words that tell them; the last has none."""
    return {
        lens: {domain: tuple(map(_article, lines)) for domain, lines in domains.items()}  # type: ignore[call-overload]
        for lens, domains in _data()["statutes"].items()
    }


def _article(line: dict[str, str]) -> tuple[str, re.Pattern[str] | None]:
    return line["cites"], re.compile(line["words"]) if "words" in line else None


@cache
def _texts() -> dict[tuple[Lens, str], TypeText]:
    lenses: tuple[Lens, ...] = ("gender", "child")
    return {(lens, name): _type_text(entry) for lens in lenses for name, entry in _data()[lens].items()}


def _type_text(entry: dict[str, object]) -> TypeText:
    return TypeText(
        meaning=str(entry["meaning"]),
        reason=str(entry["reason"]),
        basis=tuple(entry["basis"]),  # type: ignore[arg-type]
        lookalike=str(entry["lookalike"]),
        suggestion=str(entry["suggestion"]),
        check=str(entry["check"]),
        variants=tuple(Variant(**variant) for variant in entry["variants"]),  # type: ignore[attr-defined]
    )

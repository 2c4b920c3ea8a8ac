"""Rules: what words of a draft do to women, men and children, and what voids that reading.

The head verb decides, not the keyword. A concern rule is void where its words stand under a ban (不得…),
where they describe conduct that is punished, where they are quoted in order to be refuted, or, for rules
that heed it, where the sentence rests on a statute. The tables are in ``rules_gender`` and ``rules_child``.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import Protocol

from assessment.screening.lexicon import Hit, load_lexicon
from assessment.screening.matching import Passage, PatternBook, Span, Tokens
from assessment.screening.models import FindingKind, Lens

HEEDS = frozenset({"ban", "sanction", "quote"})
"""What voids a concern rule unless its table says otherwise; ``statute`` and ``denial`` may be added."""


@dataclass(frozen=True, slots=True)
class Rule:
    """One form of words.

    Attributes:
        id: stable, e.g. ``g.direct.only-men``.
        lens: gender or child.
        kind: what a match proposes.
        types: concern types, strongest first; empty unless kind is concern.
        says: Chinese, what the words do, to be read after the quote: ``把岗位限定为男性``.
        patterns: pattern lines (see ``matching``); the rule fires if any matches.
        unless: pattern lines that void the rule anywhere in the passage.
        heeds: the scopes that void a match: ban, sanction, quote, statute; denial: a plain 不 in the same breath.
    """

    id: str
    lens: Lens
    kind: FindingKind
    types: tuple[str, ...]
    says: str
    patterns: tuple[str, ...]
    unless: tuple[str, ...] = ()
    heeds: frozenset[str] = HEEDS


class _Concern(Protocol):
    def __call__(
        self,
        name: str,
        types: str,
        says: str,
        *patterns: str,
        unless: tuple[str, ...] = (),
        heeds: frozenset[str] = HEEDS,
    ) -> Rule: ...


class _Cue(Protocol):
    def __call__(
        self, name: str, kind: str, says: str, *patterns: str, unless: tuple[str, ...] = ()
    ) -> Rule: ...


def makers(lens: Lens) -> tuple[_Concern, _Cue]:
    """How a lens's table writes its concern rules, and its cues for relevant or protective clauses."""

    def concern(
        name: str,
        types: str,
        says: str,
        *patterns: str,
        unless: tuple[str, ...] = (),
        heeds: frozenset[str] = HEEDS,
    ) -> Rule:
        return Rule(f"{lens[0]}.{name}", lens, "concern", tuple(types.split()), says, patterns, unless, heeds)

    def cue(name: str, kind: str, says: str, *patterns: str, unless: tuple[str, ...] = ()) -> Rule:
        found: FindingKind = "protective" if kind == "protective" else "relevant"
        return Rule(f"{lens[0]}.{name}", lens, found, (), says, patterns, unless, frozenset())

    return concern, cue


@dataclass(frozen=True, slots=True)
class RuleHit:
    """A rule where it fired: ``passage.text[start:end]`` are the words it rests on."""

    rule: Rule
    start: int
    end: int


class RuleBook:
    """All rules, compiled once; safe to share between threads."""

    def __init__(self, rules: tuple[Rule, ...]) -> None:
        self.rules = rules
        self._by_id = {rule.id: rule for rule in rules}
        patterns = {rule.id: rule.patterns for rule in rules}
        patterns |= {f"unless {rule.id}": rule.unless for rule in rules if rule.unless}
        self.patterns = PatternBook(load_lexicon(), patterns)

    def fire(self, tokens: Tokens) -> tuple[RuleHit, ...]:
        """The rules that hold in a passage, at most one hit each, in the order of their place."""
        found = self.patterns.find(tokens)
        scope = _Scope(tokens)
        hits = []
        for name, spans in found.items():
            rule = self._by_id.get(name)
            if rule is None or f"unless {name}" in found:
                continue
            standing = [
                span for span in spans if span[1] > tokens.passage.body and not scope.voids(rule, span)
            ]
            if standing:
                start, end = min(standing, key=lambda span: (span[1] - span[0], span))
                hits.append(RuleHit(rule, start, end))
        return tuple(sorted(hits, key=lambda hit: (hit.start, hit.end, hit.rule.id)))


_QUOTED = re.compile(r"[“\"「『《][^”\"」』》]*[”\"」』》]")
_CARRIES_ON = re.compile(r"[，,](?:或者|或|以及|并|且|也|亦|更|还|不得|不)")
_NEW_HEAD = re.compile(r"[，,][^，,]*(?:应当|可以|一律|视为|原则上|方可|须|由|按|仅|限|予以|但)")
_TURNED_AGAINST = re.compile(
    r"[”\"」』][^。；]*(?:删除|删去|改正|纠正|退回|撤下|移送|查处|陈旧|旧观念|借口|侵害|说法|限期|整改|不作管理|排查)"
    r"|(?:发现|凡注明|不拿|删除|审查)[^。；]*[“\"「『]"
)
_DENIAL = re.compile(
    r"不(?!改|听|归|守|还|签|完成|影响|满|同意|论|分|足|合格|良|达|及格|限|少于|低于|服从|按|遵守|配合|交|缴|参加的)|未经|禁止|严禁|是否|免于"
)
_BASED_ON = re.compile(
    r"(?:按照|依照|执行|符合|根据|属于)[^，。；]{0,6}(?:国家|法律|行政法规|国务院|省)[^，。；]{0,12}(?:规定|标准|执行)|法定|依法|国家规定的|国家有关规定"
)


class _Scope:
    """The words of a passage that turn a reading round."""

    def __init__(self, tokens: Tokens) -> None:
        self._text = tokens.passage.text
        self._body = tokens.passage.body
        self._bans = self._with_role(tokens, "BAN")
        self._averts = self._with_role(tokens, "AVERT")
        self._sanctions = self._with_role(tokens, "SANCTION")
        self._quotes = [match.span() for match in _QUOTED.finditer(self._text)]

    @staticmethod
    def _with_role(tokens: Tokens, role: str) -> tuple[Hit, ...]:
        return tuple(hit for hit in tokens.hits if role in hit.roles)

    def voids(self, rule: Rule, span: Span) -> bool:
        heeds = rule.heeds
        return (
            ("ban" in heeds and (self._banned(span) or self._averted(span)))
            or ("sanction" in heeds and self._sanctioned(span))
            or ("quote" in heeds and self._refuted(span))
            or ("statute" in heeds and _BASED_ON.search(self._text) is not None)
            or ("denial" in heeds and self._denied(span))
        )

    def _banned(self, span: Span) -> bool:
        return any(hit.start < span[1] and self._reaches(hit.end, span[1]) for hit in self._bans)

    def _reaches(self, ban: int, end: int) -> bool:
        between = self._text[ban:end]
        if ban <= self._body < end:
            return self._text[: self._body].rstrip().endswith(("：", ":"))
        comma = max(between.rfind("，"), between.rfind(","))
        if comma < 0:
            return True
        return _CARRIES_ON.search(between) is not None and _NEW_HEAD.search(between) is None

    def _averted(self, span: Span) -> bool:
        return any(
            hit.end <= span[0] and "，" not in self._text[hit.end : span[1]] and hit.start >= self._body
            for hit in self._averts
        )

    def _sanctioned(self, span: Span) -> bool:
        return any(hit.start >= span[1] or hit.end <= self._body for hit in self._sanctions)

    def _refuted(self, span: Span) -> bool:
        """Whether the words touch a quotation that the sentence turns against, before it or after it."""
        return any(
            start < span[1]
            and span[0] < end
            and (any(hit.end <= start for hit in self._averts) or _TURNED_AGAINST.search(self._text))
            for start, end in self._quotes
        )

    def _denied(self, span: Span) -> bool:
        """Whether what the words end with is said not to happen: 不公示、未经同意."""
        comma = max(self._text.rfind(sign, 0, span[1]) for sign in "，,：:")
        return _DENIAL.search(self._text, comma + 1, span[1] + 1) is not None


@cache
def load_rules() -> RuleBook:
    """The shipped rules, compiled once."""
    from assessment.screening.rules_child import CHILD_RULES
    from assessment.screening.rules_gender import GENDER_RULES

    return RuleBook((*GENDER_RULES, *CHILD_RULES))


def fire(passage: Passage) -> tuple[RuleHit, ...]:
    """The shipped rules on one passage."""
    book = load_rules()
    return book.fire(book.patterns.tokens(passage))

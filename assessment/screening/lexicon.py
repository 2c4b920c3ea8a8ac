"""Role-tagged terms, found in one Aho-Corasick pass over the raw text.

A term may carry several roles (女生 is FEMALE and CHILD). Where terms overlap the leftmost longest one
stands, so 母公司 hides 母 and 妇联 hides 妇; that is how accidental words are excluded.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Literal, NamedTuple

import ahocorasick
import yaml

from assessment.messages import ScreeningError
from assessment.paths import CORPUS
from assessment.screening.models import LENSES, Lens

Cue = Literal["strong", "weak", "none"]
_RANK: dict[Cue, int] = {"none": 0, "weak": 1, "strong": 2}
EXCLUDED = "EXCLUDED"
"""The role of words that only hide the term inside them."""


class Hit(NamedTuple):
    """One term where it stands: ``text[start:end] == term``; ``roles`` in the order of the files."""

    start: int
    end: int
    term: str
    roles: tuple[str, ...]


class Lexicon:
    """Terms with roles; immutable after construction and safe to share between threads.

    A term of grammar (a role of no lens, or a rule's own word) also has the roles of the terms of a lens
    inside it: 监护人同意 is VOLUNTARY and GUARDIAN.

    Args:
        roles: role name to its terms.
        cues: role name to what its terms do alone, by lens; roles of grammar have no entry.
        version: identifies the content.
        literals: further words to be found without a role (the rules' own vocabulary).
    """

    def __init__(
        self,
        roles: dict[str, tuple[str, ...]],
        cues: dict[str, dict[Lens, Cue]],
        version: str,
        literals: Iterable[str] = (),
    ) -> None:
        self.version = version
        self._given = roles
        self._cues = cues
        by_term: dict[str, list[str]] = {}
        for role, terms in roles.items():
            for term in terms:
                by_term.setdefault(term, []).append(role)
        for literal in literals:
            by_term.setdefault(literal, [])
        own = {
            term for term, names in by_term.items() if any(name in cues or name == EXCLUDED for name in names)
        }
        inner = _automaton({term: tuple(by_term[term]) for term in own})
        for term in by_term.keys() - own:
            inherited = {
                role for _, (_, names) in inner.iter_long(term) for role in names if role != EXCLUDED
            }
            by_term[term].extend(sorted(inherited))
        self._by_term = {term: tuple(names) for term, names in by_term.items()}
        self.roles = {
            role: tuple(term for term, names in self._by_term.items() if role in names) for role in roles
        }
        self._automaton = _automaton(self._by_term)
        self._cue_of: dict[Lens, dict[tuple[str, ...], Cue]] = {
            lens: {names: self._strongest_role(names, lens) for names in self._by_term.values()}
            for lens in LENSES
        }

    @property
    def terms(self) -> tuple[str, ...]:
        """Every term and literal, in the order of the files."""
        return tuple(self._by_term)

    def scan(self, text: str) -> tuple[Hit, ...]:
        """Every term of ``text``, leftmost longest, in order and without overlap."""
        return tuple(
            Hit(last - len(term) + 1, last + 1, term, roles)
            for last, (term, roles) in self._automaton.iter_long(text)
        )

    def cue(self, hit: Hit, lens: Lens) -> Cue:
        """What this term of ``scan`` says of the passage under a lens, standing alone."""
        return self._cue_of[lens][hit.roles]

    def strongest(self, hits: Iterable[Hit], lens: Lens) -> Cue:
        """The strongest cue among terms of ``scan``; ``none`` where there is nothing to look at."""
        cue_of = self._cue_of[lens]
        return max({cue_of[hit.roles] for hit in hits}, key=_RANK.__getitem__, default="none")

    def extended(self, literals: Iterable[str]) -> Lexicon:
        """The same lexicon that also finds ``literals``."""
        return Lexicon(self._given, self._cues, self.version, literals)

    def _strongest_role(self, names: Iterable[str], lens: Lens) -> Cue:
        cues: list[Cue] = [self._cues.get(name, {}).get(lens, "none") for name in names]
        return max(cues, key=_RANK.__getitem__, default="none")


def _automaton(by_term: dict[str, tuple[str, ...]]) -> ahocorasick.Automaton:
    automaton = ahocorasick.Automaton()
    for term, names in by_term.items():
        automaton.add_word(term, (term, names))
    automaton.make_automaton()
    return automaton


def read_lexicon(folder: Path) -> Lexicon:
    """Read every ``*.yaml`` of a folder; ScreeningError E201 names the file and what is wrong."""
    roles: dict[str, tuple[str, ...]] = {}
    cues: dict[str, dict[Lens, Cue]] = {}
    digest = hashlib.sha256()
    for path in sorted(folder.glob("*.yaml")):
        content = path.read_bytes()
        digest.update(content)
        lens, entries = _checked(path, content)
        for role, (cue, terms) in entries.items():
            roles[role] = terms
            if lens in LENSES or (lens == "both" and cue != "none"):
                cues[role] = {name: cue for name in LENSES if lens in (name, "both")}
    if not roles:
        raise ScreeningError("E201", file=folder, problem="没有找到词表文件")
    return Lexicon(roles, cues, digest.hexdigest()[:12])


def _checked(path: Path, content: bytes) -> tuple[str, dict[str, tuple[Cue, tuple[str, ...]]]]:
    try:
        raw = yaml.safe_load(content)
        entries = {
            role: (entry["cue"], tuple(entry["terms"].split())) for role, entry in raw["roles"].items()
        }
        lens = raw["lens"]
    except (yaml.YAMLError, UnicodeDecodeError, KeyError, TypeError, AttributeError) as error:
        raise ScreeningError("E201", file=path.name, problem=f"格式不正确（{error}）") from error
    for role, (cue, terms) in entries.items():
        if cue not in _RANK:
            raise ScreeningError("E201", file=path.name, problem=f"{role} 的 cue 应为 strong、weak 或 none")
        repeated = {term for term in terms if terms.count(term) > 1}
        if repeated:
            raise ScreeningError(
                "E201", file=path.name, problem=f"{role} 中有重复的词：{'、'.join(sorted(repeated))}"
            )
    return lens, entries


@cache
def load_lexicon() -> Lexicon:
    """The shipped lexicon (``corpus/lexicon``), read once."""
    return read_lexicon(CORPUS / "lexicon")

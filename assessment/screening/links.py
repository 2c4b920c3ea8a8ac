"""Which goals of the development plans a clause helps or hinders.

A goal is near when the clause holds its keywords, of those that overlap the longest; longer and rarer ones count for
more, and the overlap of character pairs with the goal's own words settles ties.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from functools import cache

import ahocorasick

from assessment.plans.index import load_plans
from assessment.plans.models import Goal
from assessment.screening.models import Lens

_NEAR = 2.0  # below this a single common two-character keyword would already link
_BESIDE_BEST = 0.5  # a second or third goal is named only if at least this share as near as the first
_DOMAIN_BONUS = 1.6
_PAIR_WEIGHT = 0.1


@dataclass(frozen=True, slots=True)
class _Index:
    """Keywords and character pairs of one lens's goals, with what each is worth."""

    keywords: ahocorasick.Automaton
    pairs: dict[str, tuple[tuple[str, float], ...]]
    domain_of: dict[str, str]


def link_goals(text: str, lens: Lens, domains: Collection[str]) -> tuple[str, ...]:
    """Ids of the nearest goals, best first, at most three; empty if none is near.

    Args:
        text: the clause.
        lens: whose plan to look in.
        domains: the clause's domains in the taxonomy; goals of these are preferred.
    """
    index = _index(lens)
    scores: defaultdict[str, float] = defaultdict(float)
    seen = {keyword: postings for _, (keyword, postings) in index.keywords.iter_long(text)}
    for postings in seen.values():
        for goal_id, worth in postings:
            scores[goal_id] += worth
    # In the order of the text: a sum of floats in the order of a set differs from run to run, and so would ties.
    for pair in dict.fromkeys(text[i : i + 2] for i in range(len(text) - 1)) if scores else ():
        for goal_id, worth in index.pairs.get(pair, ()):
            if goal_id in scores:
                scores[goal_id] += worth
    for goal_id in scores:
        if index.domain_of[goal_id] in domains:
            scores[goal_id] *= _DOMAIN_BONUS
    least = max(_NEAR, _BESIDE_BEST * max(scores.values(), default=0.0))
    near = sorted((-score, goal_id) for goal_id, score in scores.items() if score >= least)
    return tuple(goal_id for _, goal_id in near[:3])


@cache
def _index(lens: Lens) -> _Index:
    domains = [domain for plan in load_plans() if plan.lens == lens for domain in plan.domains]
    goals = [goal for domain in domains for goal in domain.goals]
    automaton = ahocorasick.Automaton()
    for keyword, postings in _postings(goals, keyword_of=True).items():
        automaton.add_word(keyword, (keyword, postings))
    automaton.make_automaton()
    return _Index(
        keywords=automaton,
        pairs=_postings(goals, keyword_of=False),
        domain_of={goal.id: domain.id for domain in domains for goal in domain.goals},
    )


def _postings(goals: list[Goal], keyword_of: bool) -> dict[str, tuple[tuple[str, float], ...]]:
    """Each keyword (or character pair) with the goals that hold it and its worth for them."""
    terms = {goal.id: set(goal.keywords) if keyword_of else _pairs(goal) for goal in goals}
    frequency = Counter(term for held in terms.values() for term in held)
    postings: defaultdict[str, list[tuple[str, float]]] = defaultdict(list)
    for goal_id, held in terms.items():
        for term in held:
            rarity = math.log(len(goals) / frequency[term])
            worth = rarity * (len(term) - 1) / 2 if keyword_of else rarity * _PAIR_WEIGHT
            postings[term].append((goal_id, worth))
    return {term: tuple(found) for term, found in postings.items()}


def _pairs(goal: Goal) -> set[str]:
    return {goal.text[i : i + 2] for i in range(len(goal.text) - 1)}

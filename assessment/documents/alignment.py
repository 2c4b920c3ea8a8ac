"""Which clauses of two versions belong together, by what they say and then by where they stand.

1. The same words: paired, equal numbers first, then in order.
2. Similar words: pairs that share rare runs of three characters, best first.
3. What is left between two pairs that are in order: paired if still alike.
4. Of what stands alone then: text that went into, or came out of, a clause of the other side is
   part of a merger or a split.

Only pairs that share a rare run are ever compared, so the work grows with the text and not with
its square.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

from rapidfuzz.fuzz import ratio

RUN = 3
COMMON = 12
"""A run that more clauses than this share says nothing of a clause."""
NEIGHBOURS = 6
ALIKE = 0.5
STILL_ALIKE = 0.4
SAME_NUMBER_ALIKE = 0.3
GAP = 400
LONGEST = 20_000
CONTAINED = 0.5
GAINED = 0.3
SHORTEST_PART = 12


@dataclass(frozen=True)
class Part:
    """A clause as it is compared: its id, its number, and its words without number and white space."""

    id: str
    label: str
    words: str

    @cached_property
    def runs(self) -> frozenset[str]:
        """Its runs of three characters; a shorter text is one run."""
        count = max(len(self.words) - RUN + 1, 1)
        return frozenset(self.words[start : start + RUN] for start in range(count))


Pair = tuple[int, int]
Group = tuple[tuple[int, ...], tuple[int, ...]]
"""Indices of old and of new clauses that belong together; one side may be empty."""


def align(old: Sequence[Part], new: Sequence[Part]) -> list[Group]:
    """Groups in which every clause of either side stands exactly once."""
    pairs = _same_words(old, new)
    exact = set(pairs)
    pairs |= _similar(old, new, pairs)
    pairs |= _between(old, new, pairs)
    partner = dict(pairs)
    groups = _parts_of_whole(old, new, partner, exact)
    return [*groups, *_singles(len(old), len(new), partner, groups)]


def _singles(old_count: int, new_count: int, partner: dict[int, int], groups: Iterable[Group]) -> list[Group]:
    """The pairs and the lone clauses that no split or merger took."""
    old_taken = {index for olds, _ in groups for index in olds}
    new_taken = {index for _, news in groups for index in news}
    paired = {new: old for old, new in partner.items()}
    found: list[Group] = [
        ((index,), (partner[index],) if index in partner else ())
        for index in range(old_count)
        if index not in old_taken
    ]
    found += [((), (index,)) for index in range(new_count) if index not in new_taken and index not in paired]
    return found


def _same_words(old: Sequence[Part], new: Sequence[Part]) -> set[Pair]:
    places: dict[str, list[int]] = defaultdict(list)
    for index, part in enumerate(new):
        places[part.words].append(index)
    olds: dict[str, list[int]] = defaultdict(list)
    for index, part in enumerate(old):
        olds[part.words].append(index)
    pairs: set[Pair] = set()
    for words, indices in olds.items():
        others = places.get(words, [])
        by_label = {new[index].label: index for index in reversed(others)}
        numbered = {(i, by_label[old[i].label]) for i in indices if old[i].label in by_label}
        numbered = set(_first_each(sorted(numbered)))
        pairs |= numbered
        rest = [i for i in indices if i not in {pair[0] for pair in numbered}]
        free = [j for j in others if j not in {pair[1] for pair in numbered}]
        pairs |= set(zip(rest, free, strict=False))
    return pairs


def _first_each(pairs: Iterable[Pair]) -> list[Pair]:
    """The pairs in their order, without those that use a clause a second time."""
    olds: set[int] = set()
    news: set[int] = set()
    kept = []
    for old, new in pairs:
        if old not in olds and new not in news:
            olds.add(old)
            news.add(new)
            kept.append((old, new))
    return kept


def _similar(old: Sequence[Part], new: Sequence[Part], pairs: set[Pair]) -> set[Pair]:
    done_old, done_new = {pair[0] for pair in pairs}, {pair[1] for pair in pairs}
    olds = [index for index in range(len(old)) if index not in done_old]
    news = [index for index in range(len(new)) if index not in done_new]
    shared = _shared_runs(old, olds, new, news)
    scored = []
    for i, j in _nearest(shared):
        score = _likeness(old[i], new[j])
        if score >= ALIKE:
            scored.append((-score, old[i].label != new[j].label, abs(i - j), i + j, i, j))
    return set(_first_each((i, j) for *_, i, j in sorted(scored)))


def _likeness(old: Part, new: Part) -> float:
    return ratio(old.words[:LONGEST], new.words[:LONGEST]) / 100


def _shared_runs(
    old: Sequence[Part], olds: Sequence[int], new: Sequence[Part], news: Sequence[int]
) -> Counter[Pair]:
    """How many rare runs each pair shares; pairs that share none are left out."""
    old_at, new_at = _index(old, olds), _index(new, news)
    shared: Counter[Pair] = Counter()
    for run, places in old_at.items():
        others = new_at.get(run, ())
        if len(places) <= COMMON and len(others) <= COMMON:
            shared.update((i, j) for i in places for j in others)
    return shared


def _index(parts: Sequence[Part], indices: Sequence[int]) -> dict[str, list[int]]:
    places: dict[str, list[int]] = defaultdict(list)
    for index in indices:
        for run in parts[index].runs:
            places[run].append(index)
    return places


def _nearest(shared: Counter[Pair]) -> set[Pair]:
    """For each clause of either side, the few of the other that share most with it."""
    by_old: dict[int, list[tuple[int, int, Pair]]] = defaultdict(list)
    by_new: dict[int, list[tuple[int, int, Pair]]] = defaultdict(list)
    for pair, count in shared.items():
        ranked = (-count, abs(pair[0] - pair[1]), pair)
        by_old[pair[0]].append(ranked)
        by_new[pair[1]].append(ranked)
    return {
        pair
        for side in (by_old, by_new)
        for candidates in side.values()
        for *_, pair in sorted(candidates)[:NEIGHBOURS]
    }


def _between(old: Sequence[Part], new: Sequence[Part], pairs: set[Pair]) -> set[Pair]:
    """Pairs of what is left between two neighbours that are in order."""
    fixed = [(-1, -1), *in_order(old, new, sorted(pairs)), (len(old), len(new))]
    done_old, done_new = {pair[0] for pair in pairs}, {pair[1] for pair in pairs}
    found: set[Pair] = set()
    for (a, c), (b, d) in pairwise(fixed):
        olds = [index for index in range(a + 1, b) if index not in done_old]
        news = [index for index in range(c + 1, d) if index not in done_new]
        if 0 < len(olds) * len(news) <= GAP:
            found |= _alike(old, olds, new, news)
    return found


def _alike(old: Sequence[Part], olds: Sequence[int], new: Sequence[Part], news: Sequence[int]) -> set[Pair]:
    scored = []
    for i in olds:
        for j in news:
            numbered = old[i].label == new[j].label
            score = _likeness(old[i], new[j])
            if score >= (SAME_NUMBER_ALIKE if numbered else STILL_ALIKE):
                scored.append((-score, not numbered, abs(i - j), i + j, i, j))
    return set(_first_each((i, j) for *_, i, j in sorted(scored)))


def in_order(old: Sequence[Part], new: Sequence[Part], pairs: Sequence[Pair]) -> list[Pair]:
    """Of ``pairs``, by ascending old clause, the heaviest run whose new clauses ascend too.

    A pair weighs as much as its words, so that the shorter clause is the one that moved.
    """
    news = sorted(pair[1] for pair in pairs)
    best: list[tuple[int, int]] = [(0, -1)] * (len(news) + 1)  # a Fenwick tree of (weight, pair)
    came_from = [-1] * len(pairs)
    for index, (i, j) in enumerate(pairs):
        place = bisect_left(news, j)
        heaviest, at = (0, -1), place
        while at > 0:
            heaviest = max(heaviest, best[at])
            at -= at & -at
        came_from[index] = heaviest[1]
        reached = (heaviest[0] + len(old[i].words) + len(new[j].words) + 1, index)
        at = place + 1
        while at <= len(news):
            best[at] = max(best[at], reached)
            at += at & -at
    index = max(best)[1] if pairs else -1
    kept = []
    while index >= 0:
        kept.append(pairs[index])
        index = came_from[index]
    return kept[::-1]


def _parts_of_whole(
    old: Sequence[Part], new: Sequence[Part], partner: dict[int, int], exact: set[Pair]
) -> list[Group]:
    """Splits and mergers: lone clauses that were part of, or became part of, one on the other side."""
    back = {j: i for i, j in partner.items()}
    same_old, same_new = {pair[0] for pair in exact}, {pair[1] for pair in exact}
    olds = [index for index in range(len(old)) if index not in same_old]
    news = [index for index in range(len(new)) if index not in same_new]
    shared = _shared_runs(old, olds, new, news)
    splits = [
        (s, i, j, True) for s, i, j in _contained(new, back, old, partner, new, [(j, i) for i, j in shared])
    ]
    mergers = [(s, i, j, False) for s, i, j in _contained(old, partner, new, back, old, shared)]
    joined: dict[tuple[int, bool], list[int]] = defaultdict(list)
    for _, whole, piece, is_split in sorted(splits + mergers, key=lambda item: (-item[0], item[1:])):
        joined[whole, is_split].append(piece)
    return _grouped(joined, partner, back)


def _contained(
    pieces: Sequence[Part],
    piece_partner: dict[int, int],
    wholes: Sequence[Part],
    whole_partner: dict[int, int],
    others: Sequence[Part],
    candidates: Iterable[Pair],
) -> list[tuple[float, int, int]]:
    """(share, whole, piece): for each lone piece, the clause of the other side that holds most of it.

    What the partner of that clause already accounts for does not count.
    """
    best: dict[int, tuple[float, int]] = {}
    for piece, whole in candidates:
        if piece in piece_partner or len(pieces[piece].words) < SHORTEST_PART:
            continue
        runs = pieces[piece].runs
        held = runs & wholes[whole].runs
        taken = others[whole_partner[whole]].runs if whole in whole_partner else frozenset()
        share, gain = len(held) / len(runs), len(held - taken) / len(runs)
        if share >= CONTAINED and gain >= GAINED:
            best[piece] = max(best.get(piece, (0.0, -1)), (gain, -whole))
    return [(gain, -whole, piece) for piece, (gain, whole) in best.items()]


def _grouped(
    joined: dict[tuple[int, bool], list[int]], partner: dict[int, int], back: dict[int, int]
) -> list[Group]:
    """The groups that do not want a clause another group already has."""
    old_taken: set[int] = set()
    new_taken: set[int] = set()
    groups: list[Group] = []
    for (whole, is_split), pieces in joined.items():
        own = (partner if is_split else back).get(whole)
        many = tuple(sorted([*pieces, *([] if own is None else [own])]))
        olds, news = ((whole,), many) if is_split else (many, (whole,))
        if old_taken.isdisjoint(olds) and new_taken.isdisjoint(news):
            old_taken.update(olds)
            new_taken.update(news)
            groups.append((olds, news))
    return groups

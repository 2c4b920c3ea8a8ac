"""Which of the lines that look like articles are articles: the numbers must ascend.

A regulation may hold a sentence that begins with a citation, a quoted article of another text,
a missing or doubled number, an article that runs on behind the one before it, or a second
regulation after the first. The rules, in order:

- inside a quotation nothing opens an article (``quotations.quoted``);
- a number set off from its text (strong) opens one if it is not below the last, unless it leaps
  far ahead and the text comes back later to where it was;
- a number whose text runs on (weak), or that stands behind a full stop, opens one only if it is
  exactly the next, or close by with two more weak lines that count on, and no strong line claims it;
- 第一条 again, followed by 第二条, begins a new series.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

from assessment.documents.markers import MIDLINE_ARTICLE, Marker, match_article

LEAP = 3


@dataclass(frozen=True, slots=True)
class Candidate:
    """A place that may open an article: offset ``at`` in line ``line``."""

    line: int
    at: int
    marker: Marker
    strength: Literal["strong", "weak", "midline"]


def accepted(
    lines: Sequence[str], markers: Sequence[Marker | None], quoted: Sequence[bool]
) -> list[Candidate]:
    """The candidates that open articles, in reading order.

    Args:
        lines: the lines without leading white space.
        markers: what ``markers.match`` said of each.
        quoted: whether each stands inside a quotation.
    """
    candidates = _candidates(lines, markers, quoted)
    return _ascending(candidates) if candidates else []


def _candidates(
    lines: Sequence[str], markers: Sequence[Marker | None], quoted: Sequence[bool]
) -> list[Candidate]:
    found = []
    for number, (line, marker) in enumerate(zip(lines, markers, strict=True)):
        if quoted[number]:
            continue
        if marker is not None and marker.kind == "article":
            found.append(Candidate(number, 0, marker, marker.strength))
        for place in MIDLINE_ARTICLE.finditer(line, 1) if "条" in line else ():
            inner = match_article(line[place.end() :])
            if inner is not None:
                shifted = replace(inner, end=inner.end + place.end())
                found.append(Candidate(number, place.end(), shifted, "midline"))
    return found


def _ascending(candidates: list[Candidate]) -> list[Candidate]:
    strong_last = {c.marker.key: index for index, c in enumerate(candidates) if c.strength == "strong"}
    next_strong = _next_strong(candidates)
    chosen: list[Candidate] = []
    for index, candidate in enumerate(candidates):
        last = chosen[-1].marker if chosen else None
        if candidate.strength == "strong":
            comes_back = last is not None and strong_last.get((last.number + 1, 0), -1) > index
            keep = _strong_fits(candidate.marker, last, next_strong[index], comes_back)
        else:
            goes_on = follows(candidate.marker, last) or _behind_a_gap(candidates, index, last)
            keep = candidate.marker.key not in strong_last and goes_on
        if keep:
            chosen.append(candidate)
    return chosen


def _behind_a_gap(candidates: list[Candidate], index: int, last: Marker | None) -> bool:
    """Whether a weak line goes on a little further on, and two more lines count on from it without a gap.

    Recognised text loses the blanks behind its numbers, and here and there a number.
    """
    run = candidates[index : index + 3]
    if last is None or len(run) < 3 or any(one.strength != "weak" for one in run):
        return False
    near = 1 < run[0].marker.number - last.number <= LEAP
    return near and follows(run[1].marker, run[0].marker) and follows(run[2].marker, run[1].marker)


def _next_strong(candidates: list[Candidate]) -> list[Marker | None]:
    """For each candidate, the strong marker that comes next after it."""
    following: list[Marker | None] = []
    upcoming: Marker | None = None
    for candidate in reversed(candidates):
        following.append(upcoming)
        if candidate.strength == "strong":
            upcoming = candidate.marker
    return following[::-1]


def _strong_fits(marker: Marker, last: Marker | None, after: Marker | None, comes_back: bool) -> bool:
    if last is None:
        return True
    if marker.key >= last.key:
        return not (marker.number - last.number > LEAP and comes_back)
    if marker.number == 1:
        return after is None or follows(after, marker)
    return after is not None and follows(after, marker) and not comes_back


def follows(marker: Marker, last: Marker | None) -> bool:
    """Whether ``marker`` is exactly the next number after ``last`` (第一条 after None)."""
    if last is None:
        return marker.key == (1, 0)
    return marker.key in {(last.number + 1, 0), (last.number, last.sub + 1)}

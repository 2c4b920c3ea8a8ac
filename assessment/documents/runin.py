"""Items that run on in one paragraph: 包括：（一）…；（二）….

A count is an enumeration only if its first item stands behind a colon, the next ones behind a
semicolon or full stop, and the numbers ascend by one.
"""

from __future__ import annotations

import re

from assessment.documents.markers import MarkerKind, match

PLACE = re.compile(r"(?P<before>[：:；;。])\s*(?=[（(0-9０-９①-⑳㈠-㈩第])")
KINDS: frozenset[MarkerKind] = frozenset({"bracket", "digit", "digit_bracket", "circle", "ordinal"})


def run_in_items(text: str) -> list[int]:
    """Offsets in ``text`` at which an item begins that runs on behind a colon or another item."""
    if "：" not in text and ":" not in text:
        return []
    free = _unquoted(text)
    claims = []
    for place in PLACE.finditer(text, 0, free):
        marker = match(text[place.end() : place.end() + 12])
        if marker is not None and marker.kind in KINDS:
            claims.append((place.end(), place["before"] in "：:", marker.kind, marker.number))
    return sorted(at for series in _series(claims) if len(series) > 1 for at in series)


def _series(claims: list[tuple[int, bool, MarkerKind, int]]) -> list[list[int]]:
    """The counts from one on, each kind of sign by itself."""
    done: list[list[int]] = []
    open_series: dict[MarkerKind, list[int]] = {}
    for at, behind_colon, kind, number in claims:
        series = open_series.get(kind, [])
        if number == 1 and behind_colon:
            open_series[kind] = [at]
            done.append(open_series[kind])
        elif series and number == len(series) + 1 and not behind_colon:
            series.append(at)
    return done


def _unquoted(text: str) -> int:
    """Length of the beginning of ``text`` before a quotation that holds a colon or is not closed."""
    start = 0
    while (start := text.find("“", start)) >= 0:
        end = text.find("”", start)
        if end < 0 or "：" in text[start:end]:
            return start
        start = end
    return len(text)

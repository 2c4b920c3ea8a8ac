"""Attachments: the list of them above a signature, and the papers themselves below it.

附件：1. 评分表 ⏎ 2. 责任分工 before the signature only names them; the line 附件2 after it opens one.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import zip_longest

from assessment.documents.frame import APPENDIX
from assessment.documents.markers import tighten
from assessment.documents.models import Clause, Document
from assessment.documents.numerals import to_int
from assessment.documents.segments import Segment

LISTED = re.compile(r"\s*(?:(?P<number>[0-9０-９]{1,2})\s*[.．、]\s*)?(?P<title>[^。；]{2,60}?)\s*$")
NUMBER = re.compile(r"[0-9０-９]+|[一二三四五六七八九十]+")
ENTRY_LENGTH = 60
LONGEST_LIST = 40


@dataclass(frozen=True, slots=True)
class Attachment:
    """One attachment of a paper.

    Attributes:
        label: 附件2, or 附件 where there is only one.
        title: its title; empty if none is printed.
        listed: whether the paper lists it above its signature.
        clause: id of the heading that opens it, or None where it is only listed.
        start, end: span of what stands below that heading; (0, 0) where it is only listed.
    """

    label: str
    title: str
    listed: bool
    clause: str | None = None
    start: int = 0
    end: int = 0


def find_listings(segments: Sequence[Segment], signature: frozenset[int]) -> frozenset[int]:
    """Indices of the lines that only list attachments: from 附件： to the signature, short lines all."""
    found: set[int] = set()
    for index, segment in enumerate(segments):
        if index in found or segment.row or not APPENDIX.fullmatch(segment.text):
            continue
        end = index + 1
        while end < len(segments) and end not in signature and _is_entry(segments[end], end - index):
            end += 1
        if end in signature:
            found |= set(range(index, end))
    return frozenset(found)


def _is_entry(segment: Segment, distance: int) -> bool:
    short = len(segment.text) <= ENTRY_LENGTH and not re.search(r"[。；：:，]", segment.text)
    numbered = segment.marker is None or segment.marker.kind == "digit"
    named = APPENDIX.fullmatch(segment.text)
    opens = named is not None and not named["title"]
    return short and numbered and not opens and segment.row is None and distance < LONGEST_LIST


def attachments(document: Document) -> tuple[Attachment, ...]:
    """The attachments a document lists or holds, by number; those without number in reading order."""
    held = _held(document)
    listed = _listed(document)
    found = []
    for number, attachment in held:
        title = listed.pop(number, None)
        found.append(replace(attachment, title=attachment.title or title or "", listed=title is not None))
    found += [
        Attachment(f"附件{number}" if number else "附件", title, listed=True)
        for number, title in listed.items()
    ]
    return tuple(sorted(found, key=lambda attachment: (_number(attachment.label), attachment.start)))


def _held(document: Document) -> list[tuple[int, Attachment]]:
    """(number, attachment) of those whose own heading stands in the document."""
    heads = [
        clause
        for clause in document.clauses
        if re.fullmatch(r"f\d+(?:_\d+)?", clause.id) and not clause.parent
    ]
    found = []
    for clause, following in zip_longest(heads, heads[1:]):
        named = APPENDIX.fullmatch(clause.text)
        if named is None:
            continue
        end = following.start if following else len(document.text)
        title = tighten(named["title"] or "") or _caption(document, clause)
        label = tighten(named["label"])
        found.append((_number(label), Attachment(label, title, False, clause.id, clause.end, end)))
    return found


def _caption(document: Document, head: Clause) -> str:
    """The line below an attachment's label, where it is its title."""
    below = next((clause for clause in document.clauses if clause.start >= head.end), None)
    return tighten(below.text.replace("\n", "")) if below and below.id.startswith("note") else ""


def _listed(document: Document) -> dict[int, str]:
    """Number (0 without one) to title of the attachments named above the signature."""
    found: dict[int, str] = {}
    for clause in document.clauses:
        if clause.kind != "preamble" or not clause.id.startswith("att"):
            continue
        for line in clause.text.split("\n"):
            named = APPENDIX.fullmatch(line.strip())
            label = named["label"] if named else ""
            entry = LISTED.fullmatch((named["title"] or "") if named else line)
            if entry:
                number = to_int(entry["number"]) if entry["number"] else _number(label)
                found.setdefault(number, tighten(entry["title"]))
    return found


def _number(label: str) -> int:
    found = NUMBER.search(label)
    return to_int(found[0]) if found else 0

"""Citations in a document: of other laws, of its own articles, and of 前款 and the like.

A citation is never a clause: ``articles.accepted`` keeps those at the head of a line from opening
an article, and here the numbers that do open one are left out.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Literal

from assessment.documents.markers import match, match_article
from assessment.documents.models import Clause, Document
from assessment.documents.numerals import to_int
from assessment.documents.places import ITEM, PARAGRAPH, PLACE, numbers

ReferenceKind = Literal["other", "own", "relative"]
"""other: another law; own: this document; relative: counted from the clause that says it (前款)."""

KINDS = r"(?:法典|法|条例|规定|办法|细则|规则|决定|公约|章程|准则|标准|规范|规程|意见|方案|规划|纲要|通知|制度|修正案)"
LAW = rf"《(?P<law>[^《》\n]{{1,60}}?{KINDS}(?:[（(][^《》\n）)]{{1,20}}[）)])?)》"
OWN = r"(?P<own>本(?:法|条例|办法|规定|规则|细则|决定|章程|公约|民约|村规民约|制度|方案|意见|通知|准则)(?![律规治]))"
SAME = r"(?P<same>(?:同|该)(?:法(?![律规定])|条例|办法|规定|细则))"
RELATIVE = (
    rf"(?P<relative>[前上][一二两三四五]?[条款项](?:{ITEM})?|本条(?:{PARAGRAPH})?(?:{ITEM})?|本款(?:{ITEM})?)"
)
# A law named without 《》 just before the place: 依照行政处罚法第三十二条.
BARE = re.compile(r"[\u4e00-\u9fa5]{1,16}(?:(?<![依违合非办做])法|条例)$")
PLACED = rf"(?P<place>{PLACE})(?:至(?P<until>{PLACE}))?"
TOKEN = re.compile(f"{LAW}|{OWN}|{SAME}|{RELATIVE}|{PLACED}")
ITEM_TAIL = re.compile(rf"{ITEM}$")
BACK = re.compile(r"[前上](?P<count>[一二两三四五]?)(?P<step>[条款项])")
HEADINGS = frozenset({"part", "chapter", "section"})
PLACE_HERE = re.compile(PLACE)
LIST = re.compile(r"\s*(?:、|，|和|及|与|或|以及|或者|及其|和第)?\s*")
INTRODUCES = re.compile(r"\s*(?:[（(][^（）()]{1,30}[）)])?\s*的?")
LEADS = re.compile(
    r".*(?:根据|依照|按照|依据|违反|符合|适用|执行|实施|遵守|采取|从事|属于|具有|适用|涉及|关于|落实|参照|以及|[和及与或、由按将对在])(?=.{2})"
)


@dataclass(frozen=True, slots=True)
class Reference:
    """A citation.

    Attributes:
        clause: id of the unit it stands in.
        start, end: code-point offsets of its words; where a list follows one law, each place is one.
        kind: see ``ReferenceKind``.
        law: name of the other law without 《》; empty for this document.
        place: the place as written without white space, e.g. 第十二条第二款; empty if the whole law is cited.
        article, sub, paragraph, item: its numbers; ``sub`` is that of 之, 0 without one.
        until: number of the last article of a range (第八条至第十条), else None.
        target: id of the clause of this document that is meant, where there is one.
    """

    clause: str
    start: int
    end: int
    kind: ReferenceKind
    law: str = ""
    place: str = ""
    article: int | None = None
    sub: int = 0
    paragraph: int | None = None
    item: int | None = None
    until: int | None = None
    target: str | None = None


def references(document: Document) -> tuple[Reference, ...]:
    """Every citation in the units of a document, in reading order."""
    targets = _Targets(document)
    found: list[Reference] = []
    for unit in document.units:
        found += (targets.resolved(reference) for reference in _in_unit(unit))
    return tuple(found)


def _in_unit(unit: Clause) -> Iterator[Reference]:
    text = unit.text
    head, last, position = _Head(), None, -1
    for token in TOKEN.finditer(text):
        if token["place"]:
            if _opens_article(text, token.start()):
                continue
            if position < 0 or LIST.fullmatch(text, position, token.start()) is None:
                head, last = _bare(text, token.start()), None
            last = _placed(unit, token, head, last)
            yield last
            position = token.end()
        elif token["relative"]:
            last = _relative(unit, token)
            yield last
            head, position = _Head(), token.end()
        else:
            head, last = _named(token, head), None
            after = INTRODUCES.match(text, token.end())
            behind = after.end() if after else token.end()
            cited = PLACE_HERE.match(text, behind) is not None
            position = behind if cited else -1
            if token["law"] and not cited:
                yield Reference(
                    unit.id, unit.start + token.start(), unit.start + token.end(), "other", head.law
                )


@dataclass(frozen=True, slots=True)
class _Head:
    """What a place belongs to: a law ('' for this document) and where its name begins."""

    law: str = ""
    start: int | None = None


def _named(token: re.Match[str], before: _Head) -> _Head:
    if token["law"]:
        return _Head(token["law"], token.start())
    return _Head(before.law if token["same"] else "", token.start())


def _bare(text: str, end: int) -> _Head:
    """The law whose name without 《》 ends at ``end``."""
    found = BARE.search(text[max(end - 20, 0) : end])
    if found is None:
        return _Head()
    lead = LEADS.match(found[0])
    name = found[0][lead.end() :] if lead else found[0]
    return _Head(name, end - len(name))


def _placed(unit: Clause, token: re.Match[str], head: _Head, last: Reference | None) -> Reference:
    place = re.sub(r"\s", "", token["place"])
    article, sub, paragraph, item = numbers(place)
    named = article is not None or "章" in place or "节" in place or "编" in place
    if not named and last is not None:
        article, sub = last.article, last.sub
        paragraph = paragraph if paragraph is not None else last.paragraph
    until = numbers(re.sub(r"\s", "", token["until"]))[0] if token["until"] else None
    counted = not named and (last.kind == "relative" if last is not None else head == _Head())
    if counted and last is not None and last.place[0] in "前上本" and "款" not in place:
        place = ITEM_TAIL.sub("", last.place) + place
    start = token.start() if last is not None or head.start is None else head.start
    return Reference(
        unit.id,
        unit.start + start,
        unit.start + token.end(),
        "relative" if counted else ("other" if head.law else "own"),
        head.law,
        place,
        article,
        sub,
        paragraph,
        item,
        until,
    )


def _relative(unit: Clause, token: re.Match[str]) -> Reference:
    place = token["relative"]
    return Reference(
        unit.id,
        unit.start + token.start(),
        unit.start + token.end(),
        "relative",
        place=place,
        paragraph=numbers(place.removeprefix("本条"))[2] if place.startswith("本条") else None,
        item=numbers(re.sub(r"^(?:本条|.*?[条款])", "", place, count=1).lstrip())[3],
    )


def _opens_article(text: str, start: int) -> bool:
    """Whether the number at ``start`` heads an article, of this document or of quoted new text."""
    before = text[:start].rstrip(" \u3000")
    if before and before[-1] not in '\n“"':
        return False
    marker = match_article(text[start : start + 24])
    return marker is not None and (start == 0 or marker.strength == "strong")


class _Targets:
    """Finds the clause of a document that one of its own citations means."""

    def __init__(self, document: Document) -> None:
        self._clauses = {clause.id: clause for clause in document.clauses}
        self._articles = [clause for clause in document.clauses if clause.kind == "article"]
        self._starts = [clause.start for clause in self._articles]
        self._parts = [
            clause for clause in document.clauses if ".k" in clause.id and clause.id.startswith("a")
        ]
        self._part_starts = [clause.start for clause in self._parts]
        self._numbered: dict[tuple[int, int, int], Clause] = {}
        self._series: list[int] = []
        # In a 公约 numbered 一、二、 the second clause is cited as 第二条.
        self._levels = {
            marker.number: clause
            for clause in reversed(document.clauses)
            if clause.kind == "level1" and (marker := match(clause.text))
        }
        self._headings = {clause.label: clause for clause in document.clauses if clause.kind in HEADINGS}
        series = 0
        for clause in self._articles:
            article, sub, _, _ = numbers(re.sub(r"\s", "", clause.label))
            series += article == 1 and not sub
            self._series.append(series)
            self._numbered.setdefault((series, article or 0, sub), clause)

    def resolved(self, reference: Reference) -> Reference:
        """The reference with its target, if this document holds it."""
        if reference.kind == "other":
            return reference
        target = self._own(reference) if reference.kind == "own" else self._counted(reference)
        return replace(reference, target=target.id if target else None)

    def _here(self, start: int) -> int:
        return max(bisect_right(self._starts, start) - 1, 0)

    def _own(self, reference: Reference) -> Clause | None:
        if reference.article is None:
            return self._headings.get(reference.place)
        if not self._articles:
            return self._levels.get(reference.article)
        series = self._series[self._here(reference.start)]
        article = self._numbered.get((series, reference.article, reference.sub))
        return self._below(article, reference.paragraph, reference.item) if article else None

    def _below(self, article: Clause, paragraph: int | None, item: int | None) -> Clause:
        """The 款 and 项 of an article as far as they are clauses."""
        found = article
        if paragraph is not None:
            found = self._clauses.get(f"{found.id}.k{paragraph}", found)
        if item is not None:
            found = self._clauses.get(f"{found.id}.x{item}", found)
        return found

    def _counted(self, reference: Reference) -> Clause | None:
        """What 前款, 前条, 本条第二款 or a bare 第二款 means."""
        here = self._here(reference.start)
        if not self._articles or self._articles[here].end < reference.start:
            return None
        article = self._articles[here]
        back = BACK.match(reference.place)
        if back is None:
            return self._below(article, reference.paragraph, reference.item)
        steps = to_int(back["count"]) if back["count"] else 1
        if back["step"] == "条":
            return self._articles[here - steps] if here >= steps else None
        if back["step"] == "项":
            return None
        earlier = self._part_before(article, reference.start, steps)
        return self._below(earlier, None, reference.item) if earlier else None

    def _part_before(self, article: Clause, start: int, steps: int) -> Clause | None:
        """The 款 that stands ``steps`` before the one around ``start``."""
        index = bisect_right(self._part_starts, start) - 1
        part = self._parts[index] if index >= 0 else None
        if part is None or not part.id.startswith(f"{article.id}.k"):
            return None
        number = int(re.split(r"[._]", part.id.removeprefix(f"{article.id}.k"))[0])
        return self._clauses.get(f"{article.id}.k{number - steps}")

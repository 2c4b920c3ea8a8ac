"""Every pattern by which a line shows its place in the outline, composed of named parts.

A marker is what stands at the head of a line: ``第十二条``, ``第二章``, ``（三）``, ``1.``, ``一、``, ``第一，``.
``match`` says what a line claims to be; whether an article's claim holds is decided by
``articles.accepted``, because a sentence may begin with a citation.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from assessment.documents.numerals import to_int

MarkerKind = Literal[
    "part",
    "subpart",
    "chapter",
    "section",
    "article",
    "comma",
    "bracket",
    "digit",
    "digit_bracket",
    "circle",
    "ordinal",
]
Strength = Literal["strong", "weak"]

NUMERAL = r"(?:[一二三四五六七八九十百千零〇○两]+|[0-9０-９]{1,4})"
SPACED_NUMERAL = rf"{NUMERAL}(?:[ \u3000]?{NUMERAL})*"
SUB_NUMERAL = r"[一二三四五六七八九十]{1,3}"
CIRCLES = "①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳"
BRACKETED = "㈠㈡㈢㈣㈤㈥㈦㈧㈨㈩"

ARTICLE = re.compile(
    rf"第\s*(?P<number>{SPACED_NUMERAL})\s*条(?:\s?之\s?(?P<sub>{SUB_NUMERAL})(?![间前后]))?"
)
# What follows the number where a sentence cites an article instead of opening one.
CITATION = re.compile(r"[第、和至或与及的之，,。；;）)》]|规定|所[称列指]|中[的所规]|以外|前款|修改|另有")
HEADING = re.compile(rf"第\s*(?P<number>{SPACED_NUMERAL})\s*(?P<unit>分编|编|篇|章|节)(?P<title>.*)$")
HEADING_CITES = re.compile(r"[第、和至或与及的，,。；;：:）)》]|规定|所[称列指]|以外|中[的所]")
SENTENCE = re.compile(r"[。；，：,;:！？]")
# A list comma, unless it couples grades: 一、二级公路.
COMMA = re.compile(
    rf"(?P<number>[一二三四五六七八九十]{{1,3}})\s?[、．.](?!{NUMERAL}{{1,2}}(?:、{NUMERAL})*[级类等线])"
)
# Not where a line goes on with a citation: （四）项规定的, （二）、（三）项.
BRACKET = re.compile(
    rf"[（(]\s?(?P<number>{SUB_NUMERAL})\s?[）)](?!\s?项(?!目)|、[（(])|(?P<glyph>[{BRACKETED}])"
)
DIGIT = re.compile(r"(?P<number>[0-9０-９]{1,3})\s?[.．、](?![0-9０-９])")
DIGIT_BRACKET = re.compile(
    r"[（(]\s?(?P<number>[0-9０-９]{1,3})\s?[）)]|(?P<only>[0-9０-９]{1,3})[）)](?![0-9０-９])"
)
CIRCLE = re.compile(rf"(?P<glyph>[{CIRCLES}])")
# 第一、 or 第一， of an enumeration, unless it couples: 第一、第二款, 第一、二项.
ORDINAL = re.compile(rf"第(?P<number>{SUB_NUMERAL})\s?[、，,：:](?!\s*(?:第|{NUMERAL}[、款项条章节]))")
MIDLINE_ARTICLE = re.compile(rf"(?:(?<=[。；）])|(?<=\s))\s*(?=第\s*{SPACED_NUMERAL}\s*条)")
"""Where an article may run in behind another on one line."""

HEADING_KINDS: dict[str, MarkerKind] = {
    "编": "part",
    "篇": "part",
    "分编": "subpart",
    "章": "chapter",
    "节": "section",
}
# 总则 and the like stand as headings even where their number was lost.
BARE_HEADINGS = frozenset({"总则", "附则", "法律责任"})


@dataclass(frozen=True, slots=True)
class Marker:
    """What a line claims to be.

    Attributes:
        kind: which sign it carries.
        number: its value; ``sub`` the value after 之, 0 without one.
        label: the sign as printed, without white space.
        end: offset in the line just behind the sign and the white space after it.
        title: a heading's title, white space between its characters removed; empty elsewhere.
        strength: of an article: strong if set off from its text, weak if the text runs on.
    """

    kind: MarkerKind
    number: int
    label: str
    end: int
    sub: int = 0
    title: str = ""
    strength: Strength = "strong"

    @property
    def key(self) -> tuple[int, int]:
        """Orders articles: 第三条 < 第三条之一 < 第四条."""
        return (self.number, self.sub)


def match(line: str) -> Marker | None:
    """The marker at the head of ``line`` (no leading white space), or None."""
    if not line:
        return None
    first = line[0]
    if first == "第":
        return match_article(line) or _match_heading(line) or _numbered("ordinal", ORDINAL, line)
    if first in "（(":
        return _numbered("bracket", BRACKET, line) or _numbered("digit_bracket", DIGIT_BRACKET, line)
    if first in "一二三四五六七八九十":
        return _numbered("comma", COMMA, line)
    if first.isdecimal():
        return _numbered("digit", DIGIT, line) or _numbered("digit_bracket", DIGIT_BRACKET, line)
    if first in CIRCLES:
        return _numbered("circle", CIRCLE, line)
    if first in BRACKETED:
        return _numbered("bracket", BRACKET, line)
    if first in "总附法":
        return _match_bare_heading(line)
    return None


def match_article(line: str) -> Marker | None:
    """The article number at the head of ``line``; None where the words after it make it a citation."""
    found = ARTICLE.match(line)
    if found is None:
        return None
    rest = line[found.end() :]
    body = rest.lstrip()
    set_off = rest == "" or rest[0].isspace() or rest[0] in "：:【[〔"
    if not set_off and CITATION.match(body):
        return None
    sub = found["sub"]
    return Marker(
        "article",
        _value(found["number"]),
        _tight(found[0]),
        found.end() + len(rest) - len(body),
        sub=to_int(sub) if sub else 0,
        strength="strong" if set_off else "weak",
    )


def _match_heading(line: str) -> Marker | None:
    found = HEADING.match(line)
    if found is None:
        return None
    title = found["title"].strip()
    if len(title) > 40 or SENTENCE.search(title) or HEADING_CITES.match(title):
        return None
    label = _tight(line[: found.start("title")])
    return Marker(
        HEADING_KINDS[found["unit"]], _value(found["number"]), label, len(line), title=tighten(title)
    )


def _match_bare_heading(line: str) -> Marker | None:
    title = _tight(line)
    return Marker("chapter", 0, title, len(line)) if title in BARE_HEADINGS else None


def _numbered(kind: MarkerKind, pattern: re.Pattern[str], line: str) -> Marker | None:
    found = pattern.match(line)
    if found is None:
        return None
    groups = found.groupdict()
    glyph = groups.get("glyph")
    if glyph:
        number = (CIRCLES if kind == "circle" else BRACKETED).index(glyph) + 1
    else:
        number = to_int(groups.get("number") or groups["only"])
    rest = line[found.end() :]
    return Marker(kind, number, _tight(found[0]), found.end() + len(rest) - len(rest.lstrip()))


def tighten(title: str) -> str:
    """A heading's title without the white space that spreads its characters: 总　则 → 总则."""
    return re.sub(r"(?<=[^\x00-\x7f])\s+(?=[^\x00-\x7f])", "", title).strip()


def _tight(text: str) -> str:
    return "".join(text.split())


def _value(numeral: str) -> int:
    return to_int(_tight(numeral))

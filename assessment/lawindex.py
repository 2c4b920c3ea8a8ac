"""The statutes and standards that anything here cites, and how citations are read.

``corpus/law-index.yaml`` holds each statute once, with the version that was read and, for every article
cited anywhere, one line on what the article is about.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import NamedTuple

import yaml

from assessment.numerals import NUMBER, parse_number
from assessment.paths import CORPUS


class Citation(NamedTuple):
    """A statute by its short name and one article; None where the whole statute is cited."""

    law: str
    article: int | None


@dataclass(frozen=True, slots=True)
class Law:
    """One statute or standard.

    Attributes:
        name: full name.
        short: the name citations use.
        aliases: other names it goes by.
        version: date of the version that was read (adopted or last amended), or the standard's year.
        in_force: whether that version is in force.
        checked: whether the articles were read in the text of the statute.
        note: why not, where they were not.
        articles: article number to one line on what it is about.
    """

    name: str
    short: str
    aliases: tuple[str, ...]
    version: str
    in_force: bool
    checked: bool
    note: str
    articles: Mapping[int, str]


_PARTS = r"(?:第?[一二三四五六七八九十0-9]+[款项]|末款|[（(][一二三四五六七八九十]+[）)]|[和、](?=第[一二三四五六七八九十]+[款项]))*"
_ARTICLE = rf"(?:第 ?(?P<long>{NUMBER}) ?条|(?P<brief>[0-9]+)条?(?![0-9.:：]|年|周岁|日)){_PARTS}"
_ARTICLES = re.compile(
    rf"(?P<join>\s*[、，,和及与]?\s*){_ARTICLE}(?:\s*[—–~至到-]\s*第?(?P<last>{NUMBER})条?{_PARTS})?"
)
_SAME = "(?<![一-鿿])(?:同|本|该)?法|(?:同|本|该)(?:规定|条例|办法)"
_UNKNOWN = r"[一-鿿]{2,20}?(?:法典|法|条例|规定|办法|规则)(?=》?(?:第[^，。；]{1,8}条|[0-9]))"


def citation(text: str, law: str = "") -> list[Citation]:
    """The citations in a text, in its order, without repeats.

    Reads 妇女权益保障法43, 妇女权益保障法第四十三条第二项, 未成年人保护法70—76, 43(二)(三)、44, 同法第八条.
    A statute the index does not know is returned under the name it has in the text.

    Args:
        text: words that may hold citations.
        law: short name of the statute a bare 法 or 同法 stands for until the text names one.
    """
    return list(dict.fromkeys(_citations(text, law)))


def _citations(text: str, law: str) -> Iterator[Citation]:
    for match in _names().finditer(text):
        name = match.group("name")
        if name:
            law = _shorts().get(name, name)
        found: list[int | None] = list(_articles(text, match.end()))
        if law and (found or name):
            yield from (Citation(law, article) for article in found or [None])


def _articles(text: str, position: int) -> Iterator[int]:
    """The articles listed from this position on."""
    first = True
    while match := _ARTICLES.match(text, position):
        if not first and not match["join"].strip():
            return
        begin = int(parse_number(match["long"] or match["brief"]))
        yield from range(begin, int(parse_number(match["last"])) + 1 if match["last"] else begin + 1)
        position, first = match.end(), False


def statute(name: str) -> Law:
    """The statute of this full name, short name or alias; KeyError if the index has none."""
    return _by_short()[_shorts().get(name, name)]


def topic(cited: Citation) -> str:
    """One line on what the cited article is about, or the full name of a statute cited whole.

    Raises:
        KeyError: the index has no such statute or article.
    """
    law = statute(cited.law)
    return law.name if cited.article is None else law.articles[cited.article]


@cache
def load_laws() -> tuple[Law, ...]:
    """Every statute of ``corpus/law-index.yaml``."""
    data = yaml.safe_load((CORPUS / "law-index.yaml").read_text(encoding="utf-8"))
    return tuple(
        Law(
            name=entry["name"],
            short=entry["short"],
            aliases=tuple(entry.get("aliases", ())),
            version=str(entry["version"]),
            in_force=entry["in_force"],
            checked=entry["checked"],
            note=entry.get("note", ""),
            articles=entry.get("articles", {}),
        )
        for entry in data["laws"]
    )


@cache
def _by_short() -> dict[str, Law]:
    return {law.short: law for law in load_laws()}


@cache
def _shorts() -> dict[str, str]:
    return {name: law.short for law in load_laws() for name in (law.name, law.short, *law.aliases)}


@cache
def _names() -> re.Pattern[str]:
    known = "|".join(re.escape(name) for name in sorted(_shorts(), key=len, reverse=True))
    return re.compile(rf"《?(?P<name>{known}|{_UNKNOWN})》?|{_SAME}")

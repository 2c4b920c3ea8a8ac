"""How a text names a place in a law: 第十二条之一第二款第（三）项, 第二章第一节, and lists of these."""

from __future__ import annotations

import re

from assessment.documents.markers import NUMERAL, SUB_NUMERAL
from assessment.documents.numerals import to_int

SPACE = r"[ \u3000]?"
ARTICLE = rf"第{SPACE}{NUMERAL}{SPACE}条(?:之{SUB_NUMERAL}(?![间前后]))?"
PARAGRAPH = rf"第{SPACE}{NUMERAL}{SPACE}款"
ITEM = rf"(?:第{SPACE}{NUMERAL}{SPACE}项|第?[（(]{SUB_NUMERAL}[）)]项?)"
SUBITEM = rf"第{SPACE}{NUMERAL}{SPACE}目"
BELOW_ARTICLE = rf"(?:{PARAGRAPH})?(?:{ITEM})?(?:{SUBITEM})?"
HEADING = rf"第{SPACE}{NUMERAL}{SPACE}[编章](?:第{SPACE}{NUMERAL}{SPACE}节)?|第{SPACE}{NUMERAL}{SPACE}节"
PLACE = rf"(?:{ARTICLE}{BELOW_ARTICLE}|{PARAGRAPH}(?:{ITEM})?|第{SPACE}{NUMERAL}{SPACE}项|{HEADING})"
"""One place; below an article its own 款, 项 and 目."""

PARTS = re.compile(
    rf"(?:第\s?(?P<article>{NUMERAL})\s?条(?:之(?P<sub>{SUB_NUMERAL}))?)?(?:第\s?(?P<paragraph>{NUMERAL})\s?款)?"
    rf"(?:第\s?(?P<item>{NUMERAL})\s?项|第?[（(](?P<bracket>{SUB_NUMERAL})[）)])?"
)


def numbers(place: str) -> tuple[int | None, int, int | None, int | None]:
    """(article, 之 number, 款, 项) of a place; None where it names none, 0 for no 之."""
    found = PARTS.match(place)
    if found is None:
        return None, 0, None, None
    values = {name: to_int(value) if value else None for name, value in found.groupdict().items()}
    return values["article"], values["sub"] or 0, values["paragraph"], values["item"] or values["bracket"]

"""Web pages: the text of the body, without scripts, styles, navigation and hidden parts."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bs4 import BeautifulSoup, Tag
from bs4.element import NavigableString, PreformattedString

from assessment.documents.formats.base import Extract, Format, Means, Paragraph
from assessment.documents.formats.encoding import decode
from assessment.documents.formats.tables import Table, rows
from assessment.messages import DocumentError

DROPPED = [
    "script",
    "style",
    "noscript",
    "template",
    "nav",
    "iframe",
    "object",
    "svg",
    "head",
    "button",
    "select",
]
BLOCK = frozenset(
    re.findall(
        r"\w+",
        "address article aside blockquote body center dd div dl dt fieldset figure footer form h1 h2 h3 h4 h5 h6 "
        "header hr html li main ol p pre section td th tr ul table caption",
    )
)
SIGN = re.compile(
    r"<(?:!doctype\s+html|html|head|body|div|p|table|h[1-6]|meta|article)\b[^>]*>", re.IGNORECASE
)
MAX_TAGS = 2_000_000


def _recognises(data: bytes, name: str) -> bool:
    decoded = decode(data)
    if decoded is None:
        return False
    head = decoded[0][:3000].lstrip("\ufeff \t\r\n").lower()
    if head.startswith(("<!doctype html", "<html")):
        return True
    return head.startswith("<") and len(SIGN.findall(decoded[0][:20_000])) >= 2


def _extract(data: bytes, means: Means) -> Extract:
    decoded = decode(data)
    if decoded is None:
        raise DocumentError("E114")
    text, notes = decoded
    if text.count("<") > MAX_TAGS:
        raise DocumentError("E123", limit=MAX_TAGS)
    soup = BeautifulSoup(text, "lxml")
    for tag in soup(DROPPED):
        tag.decompose()
    for tag in soup.select('[hidden], [style*="display:none"], [style*="display: none"]'):
        tag.decompose()
    return Extract(tuple(_paragraphs(soup.body or soup)), notes)


def _paragraphs(root: Tag) -> Iterator[Paragraph]:
    """Paragraphs in reading order: block elements and ``<br>`` part them, inline elements do not."""
    tables = 0
    pieces: list[str] = []
    for event in _events(root):
        if isinstance(event, str):
            pieces.append(event)
            continue
        line = _collapse("".join(pieces))
        pieces = []
        if line:
            yield Paragraph(line)
        if event is not None:
            tables += 1
            yield from rows(Table(_grid(event), tables, heads=_heads(event)))
    line = _collapse("".join(pieces))
    if line:
        yield Paragraph(line)


def _events(root: Tag) -> Iterator[str | Tag | None]:
    """Text pieces, None where a paragraph ends, and data tables as a whole; without recursion."""
    stack: list[object] = [root]
    items: dict[int, int] = {}
    while stack:
        node = stack.pop()
        if node is None:
            yield None
        elif isinstance(node, PreformattedString):
            continue
        elif isinstance(node, NavigableString):
            yield str(node)
        elif isinstance(node, Tag):
            if node.name == "br":
                yield None
            elif node.name == "table" and _is_data(node):
                yield node
            elif node.name in BLOCK:
                yield None
                stack.append(None)
                stack.extend(reversed(node.contents))
                stack.extend(_number(node, items))
            else:
                stack.extend(reversed(node.contents))


def _number(item: Tag, items: dict[int, int]) -> list[NavigableString]:
    """The number a browser puts in front of an item of an ordered list; ``items`` counts on."""
    parent = item.parent
    if item.name != "li" or parent is None or parent.name != "ol":
        return []
    start = str(parent.get("start", "1"))
    first = int(start) if start.isdecimal() and len(start) < 6 else 1
    items[id(parent)] = items.get(id(parent), first - 1) + 1
    return [NavigableString(f"{items[id(parent)]}. ")]


def _is_data(table: Tag) -> bool:
    """Whether a table holds data, and not the layout of the page."""
    if table.find("table") is not None:
        return False
    return sum(1 for row in table.find_all("tr") if len(row.find_all(["td", "th"])) > 1) > 1


def _grid(table: Tag) -> tuple[tuple[str, ...], ...]:
    grid: list[tuple[str, ...]] = []
    continued: dict[int, int] = {}
    for row in table.find_all("tr"):
        cells: list[str] = []
        for cell in row.find_all(["td", "th"]):
            _skip_continued(cells, continued)
            span = _span(cell, "colspan")
            down = _span(cell, "rowspan")
            for column in range(len(cells), len(cells) + span):
                if down > 1:
                    continued[column] = down - 1
            cells += [_collapse(cell.get_text(" ")), *[Table.LEFT] * (span - 1)]
        _skip_continued(cells, continued)
        grid.append(tuple(cells))
    return tuple(grid)


def _skip_continued(cells: list[str], continued: dict[int, int]) -> None:
    """Fill the columns that a cell of an earlier row reaches down into."""
    while continued.get(len(cells), 0) > 0:
        continued[len(cells)] -= 1
        cells.append(Table.SAME)


def _span(cell: Tag, name: str) -> int:
    value = str(cell.get(name, "1"))
    return min(max(int(value), 1), 64) if value.isdecimal() and len(value) < 4 else 1


def _heads(table: Tag) -> int:
    """How many leading rows hold only ``<th>``."""
    count = 0
    for row in table.find_all("tr"):
        if row.find("td") is not None or row.find("th") is None:
            break
        count += 1
    return count


def _collapse(text: str) -> str:
    """White space as a browser shows it: runs of ASCII white space become one space."""
    return re.sub(r"[ \t\r\n\f]+", " ", text).strip(" ")


FORMAT = Format("html", _recognises, _extract, damaged="E114")

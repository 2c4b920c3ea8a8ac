"""Plain text and Markdown."""

from __future__ import annotations

import re
from collections.abc import Iterator

from assessment.documents.formats.base import Extract, Format, Means, Paragraph
from assessment.documents.formats.encoding import decode
from assessment.documents.formats.joining import is_wrapped, join_wrapped
from assessment.documents.formats.tables import Table, rows
from assessment.messages import DocumentError

MARKDOWN_SIGN = re.compile(r"^(?:#{1,6}\s+\S|\|.*\|\s*$|```|\*\*[^*]+\*\*)", re.MULTILINE)
HEAD_SIGN = re.compile(r"^\s{0,3}(?:#{1,6}\s+|>\s?)")
CLOSING_SIGN = re.compile(r"\s+#+\s*$")
EMPHASIS = re.compile(r"(\*\*|__)(?=\S)(.+?)(?<=\S)\1")
ESCAPE = re.compile(r"\\([\\`*_{}\[\]()#+\-.!|>])")
TABLE_ROW = re.compile(r"^\s*\|(.+)\|\s*$")
TABLE_RULE = re.compile(r"^\s*\|[\s:|-]+\|\s*$")
RULE = re.compile(r"^\s*(?:-{3,}|\*{3,}|={3,}|`{3,}\w*)\s*$")
BULLET = re.compile(r"^\s*[-*+]\s+")
COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)


def _is_text(data: bytes, name: str) -> bool:
    return decode(data) is not None


def _is_markdown(data: bytes, name: str) -> bool:
    decoded = decode(data)
    if decoded is None:
        return False
    return name.lower().endswith((".md", ".markdown")) or MARKDOWN_SIGN.search(decoded[0]) is not None


def _lines(data: bytes) -> tuple[list[str], tuple[str, ...]]:
    decoded = decode(data)
    if decoded is None:
        raise DocumentError("E114")
    text, notes = decoded
    return re.split(r"\r\n|[\n\r\x0b\x0c\x1c-\x1e\x85\u2028\u2029]", text), notes


def _text(data: bytes, means: Means) -> Extract:
    lines, notes = _lines(data)
    if is_wrapped(lines):
        lines = join_wrapped(lines)
        notes = (*notes, "文本按固定宽度换行，已把断开的行接成段落。")
    return Extract(tuple(Paragraph(line) for line in lines), notes)


def _markdown(data: bytes, means: Means) -> Extract:
    lines, notes = _lines(data)
    visible = COMMENT.sub("", "\n".join(lines)).split("\n")
    return Extract(tuple(_markdown_paragraphs(visible)), notes)


def _markdown_paragraphs(lines: list[str]) -> Iterator[Paragraph]:
    table: list[tuple[str, ...]] = []
    tables = 0
    for line in [*lines, ""]:
        row = TABLE_ROW.match(line)
        if row:
            if not TABLE_RULE.match(line):
                table.append(tuple(_plain(cell).strip() for cell in re.split(r"(?<!\\)\|", row[1])))
            continue
        if table:
            tables += 1
            yield from rows(Table(tuple(table), tables, heads=1))
            table = []
        if not RULE.match(line):
            yield Paragraph(_plain(line))


def _plain(line: str) -> str:
    """A line without its markup."""
    line = CLOSING_SIGN.sub("", HEAD_SIGN.sub("", line)) if HEAD_SIGN.match(line) else BULLET.sub("", line)
    return ESCAPE.sub(r"\1", EMPHASIS.sub(r"\2", line))


TEXT = Format("txt", _is_text, _text, damaged="E114")
MARKDOWN = Format("md", _is_markdown, _markdown, damaged="E114")

"""Measured on real regulations; skipped where they are absent."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from assessment.documents import Document, read
from assessment.documents.numerals import to_int

from .builders import level, numbered

pytestmark = pytest.mark.shared

# Deliberately simple and its own: a line that begins with 第…条 set off by white space.
ARTICLE_LINE = re.compile(
    r"^[ \u3000]*(第[一二三四五六七八九十百千零]+条(?:之[一二三四五六七八九十]+)?)\s", re.MULTILINE
)
PIECE = re.compile(
    r"第([一二三四五六七八九十百千零]+)条\s+|（([一二三四五六七八九十]+)）|第([一二三四五六七八九十]+)章\s+"
)


@pytest.fixture(scope="module")
def laws(shared: Path) -> list[Path]:
    return sorted((shared / "laws").glob("*/*.txt"))


def article_labels(document: Document) -> list[str]:
    return [clause.label for clause in document.clauses if clause.kind == "article"]


def test_article_numbers_agree_with_a_simple_count(laws: list[Path]) -> None:
    differing = []
    for path in laws:
        data = path.read_bytes()
        if article_labels(read(data, path.name)) != ARTICLE_LINE.findall(data.decode()):
            differing.append(path.name)
    assert len(differing) <= len(laws) * 0.005, differing


def test_units_cover_every_article_line(laws: list[Path]) -> None:
    """No line of substance is lost: what no clause covers is only the title."""
    for path in laws[::10]:
        document = read(path.read_bytes(), path.name)
        covered = [False] * len(document.text)
        for clause in document.clauses:
            covered[clause.start : clause.end] = [True] * (clause.end - clause.start)
        left = "".join(c for c, done in zip(document.text, covered, strict=True) if not done).split()
        assert "".join(left).replace("\u200b", "").startswith(document.title.replace(" ", "")[:10]), path.name
        assert len("".join(left)) <= len(document.title) + 40, path.name


def as_word(text: str) -> bytes | None:
    """The regulation as a Word file whose chapter, article and item numbers are Word's own.

    None if its numbers do not ascend by one, which Word could not number.
    """
    abstracts = {
        1: level(0, "chineseCountingThousand", "第%1条", extra='<w:suff w:val="space"/>')
        + level(1, "chineseCountingThousand", "（%2）", extra='<w:suff w:val="nothing"/>'),
        2: level(0, "chineseCountingThousand", "第%1章"),
    }
    lists = {1: (1, ""), 2: (2, "")}
    paragraphs: list[tuple[str, int | None, int]] = []
    counts = {"article": 0, "item": 0, "chapter": 0}
    item_list = 1
    for line in filter(str.strip, text.split("\n")):
        found = PIECE.match(line)
        if found is None:
            paragraphs.append((line, None, 0))
            continue
        kind = ("article", "item", "chapter")[(found.lastindex or 1) - 1]
        value = to_int(found[found.lastindex or 1])
        if kind == "item" and value == 1 and counts["item"]:
            item_list = max(lists) + 1
            lists[item_list] = (1, '<w:lvlOverride w:ilvl="1"><w:startOverride w:val="1"/></w:lvlOverride>')
            counts["item"] = 0
        if value != counts[kind] + 1:
            return None
        counts[kind] = value
        if kind == "article":
            counts["item"], item_list = 0, 1
        list_id = {"article": 1, "item": item_list, "chapter": 2}[kind]
        paragraphs.append((line[found.end() :], list_id, 1 if kind == "item" else 0))
    return numbered(abstracts, lists, paragraphs)


def squeezed(document: Document) -> list[tuple[str, str, str]]:
    return [(clause.id, clause.label, re.sub(r"\s", "", clause.text)) for clause in document.clauses]


def test_same_outline_from_word_numbering(laws: list[Path]) -> None:
    compared = 0
    for path in laws[7::31]:
        text = path.read_text("utf-8")
        data = as_word(text)
        if data is None:
            continue
        assert squeezed(read(data, "x.docx")) == squeezed(read(text.encode(), "x.txt")), path.name
        compared += 1
    assert compared >= 20

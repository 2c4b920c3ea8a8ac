"""The preview: same order as the Word paper, and nothing in it is markup but ours."""

from __future__ import annotations

import io
from html.parser import HTMLParser

import docx
import pytest

from assessment.opinions import compose, preview_html, render_docx
from assessment.opinions.models import Opinion
from tests.opinions import samples

RICH = compose(samples.rich())
EMPTY = compose(samples.empty())
TAGS = {"style", "article", "section", "h1", "h2", "h3", "p", "table", "thead", "tbody", "tr", "th", "td"}


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.open: list[str] = []
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += "" if self.open[-1:] == ["style"] else data


def read(html: str) -> _Reader:
    reader = _Reader()
    reader.feed(html)
    return reader


def squeezed(text: str) -> str:
    return "".join(text.split())


@pytest.mark.parametrize("opinion", [RICH, EMPTY, samples.hostile()], ids=["rich", "empty", "hostile"])
def test_preview_is_well_formed_and_holds_only_our_tags(opinion: Opinion) -> None:
    reader = read(preview_html(opinion))
    assert reader.open == []
    assert set(reader.tags) <= TAGS


def test_preview_shows_hostile_text_as_text() -> None:
    html = preview_html(samples.hostile())
    assert "<script" not in html
    assert "&lt;script&gt;alert(1)&lt;/script&gt;&amp;amp;反" in html
    for character in samples.HOSTILE_CHARACTERS:
        assert character not in html


@pytest.mark.parametrize("opinion", [RICH, EMPTY], ids=["rich", "empty"])
def test_preview_says_what_the_paper_says_in_the_same_order(opinion: Opinion) -> None:
    word = docx.Document(io.BytesIO(render_docx(opinion)))
    paper: list[str] = []
    for block in word.iter_inner_content():
        if isinstance(block, docx.text.paragraph.Paragraph):
            paper.append(block.text)
        else:
            for row in block.rows:
                cells = [row.cells[0]] if len(row._tr.tc_lst) == 1 else row.cells
                paper += [cell.text for cell in cells]
    assert squeezed(read(preview_html(opinion)).text) == squeezed("".join(paper))

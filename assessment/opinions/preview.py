"""The opinion as HTML for the page, from the same layout as the Word paper."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape

from assessment.opinions.blocks import Attachment, Block, Heading, Paragraph, Table
from assessment.opinions.models import Opinion
from assessment.opinions.paper import lay_out
from assessment.opinions.words import clean

_STYLE = """<style>
.opinion-paper { max-width: 48rem; margin: 0 auto; padding: 2rem 2.5rem; line-height: 1.8;
  background: #fff; color: #111; border: 1px solid #ddd; }
.opinion-paper h1 { font-size: 1.5rem; text-align: center; font-weight: 600; line-height: 1.5; padding: 0; }
.opinion-paper h2 { font-size: 1.1rem; margin: 1.2rem 0 .3rem; padding: 0; font-weight: 700; }
.opinion-paper h3 { font-size: 1rem; margin: .6rem 0 .2rem; padding: 0; font-weight: 600; }
.opinion-paper p { margin: 0 0 .3rem; text-indent: 2em; }
.opinion-paper p.number { text-align: center; text-indent: 0; }
.opinion-paper p.addressee { text-indent: 0; margin-top: 1rem; }
.opinion-paper p.signature { text-align: right; text-indent: 0; padding-right: 4em; }
.opinion-paper table { width: 100%; border-collapse: collapse; margin: .5rem 0; font-size: .85rem; line-height: 1.5; }
.opinion-paper th, .opinion-paper td { border: 1px solid #999; padding: .25rem .4rem; vertical-align: top;
  text-align: left; white-space: pre-line; overflow-wrap: anywhere; }
.opinion-paper th { background: #f0f0f0; }
.opinion-paper tr { break-inside: avoid; }
.opinion-paper section { border-top: 1px dashed #999; margin-top: 2rem; padding-top: 1rem; }
</style>"""


def preview_html(opinion: Opinion) -> str:
    """A fragment with its own style sheet; every text in it is escaped."""
    paper = lay_out(opinion)
    parts = [
        _STYLE,
        '<article class="opinion-paper" lang="zh-CN">',
        _tag("h1", paper.title),
        _tag("p", paper.number, "number"),
        _tag("p", f"{paper.addressee}：", "addressee"),
        *map(_block, paper.blocks),
        *(_tag("p", line) for line in paper.enclosures),
        *(_tag("p", line, "signature") for line in paper.signature),
        *(_attachment(label, entry) for label, entry in zip(paper.labels, paper.attachments, strict=True)),
        "</article>",
    ]
    return "\n".join(parts)


def _attachment(label: str, attachment: Attachment) -> str:
    head = _tag("h2", f"{label}　{attachment.title}")
    return f"<section>{head}{''.join(map(_block, attachment.blocks))}</section>"


def _block(block: Block) -> str:
    match block:
        case Heading(text, level):
            return _tag(f"h{level + 1}", text)
        case Paragraph(text):
            return _tag("p", text)
        case Table(heads, _, rows):
            return _table(heads, rows)


def _table(heads: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    head = "".join(f'<th scope="col">{_escaped(text)}</th>' for text in heads)
    body = "".join(f"<tr>{_cells(row, len(heads))}</tr>" for row in rows)
    return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"


def _cells(row: tuple[str, ...], columns: int) -> str:
    if len(row) == 1:
        return f'<th scope="rowgroup" colspan="{columns}">{_escaped(row[0])}</th>'
    return "".join(f"<td>{_escaped(text)}</td>" for text in row)


def _tag(name: str, text: str, kind: str = "") -> str:
    attribute = f' class="{kind}"' if kind else ""
    return f"<{name}{attribute}>{_escaped(text)}</{name}>"


def _escaped(text: str) -> str:
    return escape(clean(text))

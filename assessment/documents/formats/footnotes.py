"""Foot- and endnotes of a Word document, gathered below its text as an attachment of their own."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from assessment.documents.formats.base import Paragraph
from assessment.documents.formats.numbering import attribute
from assessment.documents.formats.package import Element, Package, W

KINDS = (("footnote", "footnotes", "脚注"), ("endnote", "endnotes", "尾注"))
HEADING = "附：脚注和尾注"
"""Opens an attachment, so that the notes become no paragraph of the last article."""


def gathered(body: Element, package: Package, read: Callable[[Element], str]) -> Iterator[Paragraph]:
    """The heading and one paragraph a note, in the order they are referred to; nothing if there are none.

    Args:
        body: of the main document.
        package: that it comes from.
        read: the visible text of a note.
    """
    texts = [text for kind, part, label in KINDS for text in _texts(body, package, kind, part, label, read)]
    if texts:
        yield Paragraph(HEADING)
        yield from map(Paragraph, texts)


def _texts(
    body: Element, package: Package, kind: str, part: str, label: str, read: Callable[[Element], str]
) -> Iterator[str]:
    root = package.part(part)
    if root is None:
        return
    notes = {attribute(note, "id"): note for note in root.iter(f"{{{W}}}{kind}")}
    for number, reference in enumerate(body.iter(f"{{{W}}}{kind}Reference"), 1):
        note = notes.get(attribute(reference, "id"))
        text = "" if note is None else read(note).strip()
        if text:
            yield f"{label}{number}：{text}"

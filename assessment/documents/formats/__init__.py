"""The file formats a draft may come in, recognised by content.

A format is one module with one ``Format`` in ``FORMATS``: add the module, add it here. What is
known but cannot be read yet is in ``refused``.
"""

from __future__ import annotations

from assessment.documents.formats import docx, html, image, ofd, office, pdf, plain, refused
from assessment.documents.formats.base import Extract, Format, Means, Paragraph

FORMATS: tuple[Format, ...] = (
    ofd.FORMAT,
    office.ODT,
    docx.FORMAT,
    office.DOC,
    office.RTF,
    pdf.FORMAT,
    image.FORMAT,
    html.FORMAT,
    plain.MARKDOWN,
    plain.TEXT,
)
"""Tried in this order; the first that recognises the bytes reads them."""


def recognise(data: bytes, name: str) -> Format:
    """The format of ``data``; DocumentError if it is one that cannot be read, or none at all.

    Args:
        data: the whole file, not empty.
        name: the file name; it decides only between plain text and Markdown without any markup.
    """
    refused.check(data, name)
    for candidate in FORMATS:
        if candidate.recognises(data, name):
            return candidate
    raise refused.unknown(data)


__all__ = ["FORMATS", "Extract", "Format", "Means", "Paragraph", "recognise"]

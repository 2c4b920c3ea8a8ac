"""A page as a picture, to lay beside its recognised text."""

from __future__ import annotations

import io

from PIL import Image

from assessment.documents.formats import recognise
from assessment.documents.formats.image import open_pages
from assessment.documents.formats.ofd import page_picture
from assessment.documents.formats.pdf import draw
from assessment.messages import DocumentError

DOTS = 120
LONGEST_SIDE = 1_600


def page_image(data: bytes, name: str, page: int) -> bytes:
    """A page of a PDF, of a picture file, or of an OFD whose page is a picture, as PNG.

    Args:
        data: the whole file.
        name: its file name.
        page: number from 1.

    Raises:
        DocumentError: E143 the format has no pages to draw, or not this one; and what reading it raises.
    """
    try:
        picture = _picture(data, recognise(data, name).name, page)
    except DocumentError:
        raise
    except Exception as error:  # a library may fail in any way on a damaged file
        raise DocumentError("E143", page=page) from error
    picture.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    buffer = io.BytesIO()
    picture.save(buffer, "PNG")
    return buffer.getvalue()


def _picture(data: bytes, format_name: str, page: int) -> Image.Image:
    if format_name == "pdf":
        return draw(data, page, DOTS)
    if format_name == "ofd":
        picture = page_picture(data, page)
        if picture is not None:
            return picture
    if format_name == "image":
        for number, picture in enumerate(open_pages(data), 1):
            if number == page:
                return picture
    raise DocumentError("E143", page=page)

"""Photographs and scans: .png, .jpg, .tif and their like, recognised page by page."""

from __future__ import annotations

import io
from collections.abc import Iterator

from PIL import Image, ImageOps

from assessment.documents.formats import scan
from assessment.documents.formats.base import Extract, Format, Means
from assessment.documents.formats.pages import paragraphs
from assessment.messages import DocumentError

SIGNS = (b"\x89PNG\r\n", b"\xff\xd8\xff", b"GIF8", b"BM", b"II*\x00", b"MM\x00*", b"RIFF")
KINDS = ("PNG", "JPEG", "TIFF", "BMP", "GIF", "WEBP")
WIDTH = 8.27
"""Inches a page is taken to be wide: what a picture says of its own resolution is seldom true."""


def is_image(data: bytes) -> bool:
    """Whether the bytes begin as a picture does."""
    return data.startswith(SIGNS) and b"\x00" in data[:64]


def open_pages(data: bytes) -> Iterator[Image.Image]:
    """The pages of a picture file in order, upright as its EXIF says, in RGB.

    Raises:
        DocumentError: E118 no picture that can be opened, E131 too large, E132 too many pages.
    """
    try:
        with Image.open(io.BytesIO(data), formats=KINDS) as picture:
            frames = getattr(picture, "n_frames", 1)
            if frames > scan.MAX_PAGES:
                raise DocumentError("E132", pages=frames, limit=scan.MAX_PAGES)
            for index in range(frames):
                picture.seek(index)
                if picture.width * picture.height > scan.MAX_PIXELS:
                    raise _too_large()
                yield ImageOps.exif_transpose(picture).convert("RGB")
    except Image.DecompressionBombError as error:
        raise _too_large() from error
    except (OSError, SyntaxError, ValueError) as error:
        raise DocumentError("E118") from error


def _too_large() -> DocumentError:
    return DocumentError("E131", limit=scan.MAX_PIXELS // 10_000)


def _recognises(data: bytes, name: str) -> bool:
    return is_image(data)


def _extract(data: bytes, means: Means) -> Extract:
    engine = means.engine()
    pages, recognised = [], []
    for number, picture in enumerate(open_pages(data), 1):
        page, how = scan.recognise(picture, number, engine, dots=picture.width / WIDTH)
        pages.append(page)
        recognised.append(how)
        means.progress(number, number)
    if not any(page.lines for page in pages):
        raise DocumentError("E130")
    return Extract(tuple(paragraphs(pages)), (scan.note(recognised),), tuple(recognised))


FORMAT = Format("image", _recognises, _extract, damaged="E118")

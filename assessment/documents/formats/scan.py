"""A picture of a page becomes a page of lines, and a record of how sure the reading is."""

from __future__ import annotations

import re
from collections.abc import Sequence

from PIL import Image

from assessment.documents.formats.lines import Page
from assessment.documents.formats.ofd_text import Run, lines
from assessment.documents.models import RecognisedPage
from assessment.documents.ocr import OcrEngine, RecognisedLine

DOTS = 200
"""Dots to the inch at which pages are drawn for recognition."""

MAX_PIXELS = 60_000_000
MAX_PAGES = 200
"""Pictures of pages recognised in one file."""

UNSURE = 0.6
"""Below this mean confidence a page may lie on its side or head."""

DOUBTFUL = 0.8
MAX_DOUBTFUL = 20
WIDE = str.maketrans("(),:;?!", "（），：；？！")
NARROW = re.compile(r"(?<=[\u3400-\u9fff])[(),:;?!]|[(),:;?!](?=[\u3400-\u9fff])")
"""Punctuation beside a Chinese character, which is full-width in print whatever the engine says."""

TURNS = (Image.Transpose.ROTATE_90, Image.Transpose.ROTATE_270, Image.Transpose.ROTATE_180)
CHECK = "识别文本，须人工核对"


def recognise(
    picture: Image.Image, number: int, engine: OcrEngine, dots: float = DOTS
) -> tuple[Page, RecognisedPage]:
    """The page a picture shows, turned upright if that reads better.

    Args:
        picture: RGB.
        number: of the page, from 1.
        engine: what recognises it.
        dots: dots to the inch, which make its lines' places points.
    """
    found, height = engine.recognise(picture), picture.height
    if found and _confidence(found) < UNSURE:
        for turn in TURNS:
            turned = picture.transpose(turn)
            other = engine.recognise(turned)
            if _worth(other) > _worth(found):
                found, height = other, turned.height
    scale = 72 / dots
    runs = [_run(line) for line in found if line.text.strip()]
    page = Page(number, height * scale, tuple(lines(runs, height, scale)))
    doubtful = sorted(
        (line for line in found if line.confidence < DOUBTFUL), key=lambda line: line.confidence
    )
    return page, RecognisedPage(
        number, round(_confidence(found), 4), tuple(line.text for line in doubtful[:MAX_DOUBTFUL])
    )


def note(pages: Sequence[RecognisedPage]) -> str:
    """The Chinese remark on recognised pages."""
    listed = "、".join(str(page.page) for page in pages[:10]) + ("等" if len(pages) > 10 else "")
    sure = min(page.confidence for page in pages)
    return f"第 {listed} 页为{CHECK}（{len(pages)} 页，各页平均置信度最低 {sure:.0%}）。"


def _run(line: RecognisedLine) -> Run:
    text = NARROW.sub(lambda found: found[0].translate(WIDE), line.text.strip())
    return Run(text, line.left, line.right, line.bottom, line.bottom - line.top, slanted=False)


def _worth(found: Sequence[RecognisedLine]) -> float:
    """How much was read how surely: confidence weighed by characters."""
    return sum(line.confidence * len(line.text) for line in found)


def _confidence(found: Sequence[RecognisedLine]) -> float:
    return _worth(found) / max(sum(len(line.text) for line in found), 1)

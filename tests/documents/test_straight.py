"""Pages that lay crooked on the glass or were photographed: lines upright, paragraphs and labels as printed."""

from __future__ import annotations

import re

import numpy
import pytest
from PIL import Image
from rapidfuzz.distance import Levenshtein

from assessment.documents import read
from assessment.documents.ocr import default_engine
from assessment.documents.straight import straightened
from assessment.messages import DocumentError

from . import crooked


def boxes(lines: int = 20, width: float = 900, step: float = 50) -> numpy.ndarray:
    """Corners of lines of one height, every third one set in."""
    tops = numpy.arange(lines) * step + 100.0
    lefts = numpy.where(numpy.arange(lines) % 3 == 0, 180.0, 120.0)
    rights = numpy.full(lines, 120.0 + width)
    corners = [[lefts, tops], [rights, tops], [rights, tops + 30], [lefts, tops + 30]]
    return numpy.stack([numpy.stack(corner, axis=-1) for corner in corners], axis=1)


def seen(corners: numpy.ndarray, degrees: float) -> numpy.ndarray:
    angle = numpy.radians(degrees)
    matrix = numpy.array([[numpy.cos(angle), numpy.sin(angle)], [-numpy.sin(angle), numpy.cos(angle)]])
    return corners @ matrix


def test_an_upright_page_keeps_its_hulls() -> None:
    page = boxes()
    assert numpy.array_equal(straightened(page), page[:, [0, 2]].reshape(-1, 4))


@pytest.mark.parametrize("degrees", [-3.0, -1.0, 0.5, 2.0, 3.0])
def test_turned_lines_have_one_margin_and_even_steps(degrees: float) -> None:
    upright = straightened(seen(boxes(), degrees))
    flush = numpy.arange(20) % 3 != 0
    assert numpy.ptp(upright[flush, 0]) < 5
    assert numpy.allclose(upright[~flush, 0] - upright[flush, 0].mean(), 60, atol=5)
    assert numpy.allclose(numpy.diff(upright[:, 3]), 50, atol=3)


def test_a_page_without_lines_stays_without() -> None:
    assert straightened(numpy.zeros((0, 4, 2))).shape == (0, 4)


PICTURES = {
    "three degrees": lambda sheet: crooked.turned(sheet, 3),
    "photograph": crooked.photographed,
}


@pytest.mark.timeout(900)
@pytest.mark.usefixtures("chinese_font")
@pytest.mark.parametrize("kind", PICTURES)
def test_crooked_pages_read_as_the_flat_one(kind: str) -> None:
    try:
        default_engine()
    except DocumentError:
        pytest.skip("no recognition engine is installed")
    picture: Image.Image = PICTURES[kind](crooked.sheet())
    document = read(crooked.jpeg(picture), "x.jpg")
    wanted = (crooked.TITLE, *crooked.ARTICLES)
    bare = [re.sub(r"\s", "", line) for line in document.text.split("\n")]
    errors = Levenshtein.distance("".join(wanted).replace(" ", ""), "".join(bare))
    assert errors <= 0.01 * len("".join(wanted))
    assert len(bare) == len(wanted)
    assert [clause.label for clause in document.clauses] == list(crooked.LABELS)

"""Pictures of text become lines of text: the engine behind a small protocol, RapidOCR by default.

RapidOCR's wheel carries its Chinese models, so nothing is fetched when it runs.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Protocol

from PIL import Image

from assessment.documents.straight import straightened
from assessment.messages import DocumentError

LONGEST_SIDE = 2_400
"""Pictures are scaled down to this; a page of A4 at 200 dpi is 2,339 high."""


@dataclass(frozen=True, slots=True)
class RecognisedLine:
    """A line, or a piece of one, as recognised.

    Attributes:
        text: what the engine read.
        left, top, right, bottom: its box in pixels from the upper left of the picture.
        confidence: 0 to 1.
    """

    text: str
    left: float
    top: float
    right: float
    bottom: float
    confidence: float


class OcrEngine(Protocol):
    """Anything that finds lines of text in a picture."""

    def recognise(self, picture: Image.Image) -> Sequence[RecognisedLine]:
        """The lines of an upright RGB picture, in any order."""
        ...


class RapidEngine:
    """RapidOCR on the CPU with the models of its own wheel.

    One thread and one line at a time: on two busy cores that took half the time of the defaults.

    Raises:
        ImportError: it is not installed.
    """

    def __init__(self) -> None:
        import rapidocr

        self._read: Any = rapidocr.RapidOCR(
            params={
                "Global.log_level": "critical",
                "Global.use_cls": False,
                "Global.max_side_len": LONGEST_SIDE,
                "Rec.rec_batch_num": 1,
                "EngineConfig.onnxruntime.intra_op_num_threads": 1,
                "EngineConfig.onnxruntime.enable_cpu_mem_arena": True,
            }
        )

    def recognise(self, picture: Image.Image) -> Sequence[RecognisedLine]:
        import numpy

        found = self._read(numpy.ascontiguousarray(numpy.asarray(picture)[:, :, ::-1]))
        if found.boxes is None:
            return ()
        places = straightened(numpy.asarray(found.boxes, dtype=float))
        return tuple(
            RecognisedLine(str(text), left, top, right, bottom, float(score))
            for (left, top, right, bottom), text, score in zip(
                places.tolist(), found.txts, found.scores, strict=True
            )
        )


@lru_cache(maxsize=1)
def default_engine() -> OcrEngine:
    """RapidOCR, loaded once; DocumentError E129 where it is not installed."""
    try:
        return RapidEngine()
    except ImportError as error:
        raise DocumentError("E129") from error


def no_engine() -> OcrEngine:
    """For reading that must stay quick: DocumentError E129, as if none were installed."""
    raise DocumentError("E129")

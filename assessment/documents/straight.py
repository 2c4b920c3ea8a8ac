"""Lines of a page that lay crooked on the glass, or was photographed from one side, put upright by their boxes.

The engine reads slanting lines well. What goes wrong is which of them stand beside each other and where the margin is,
so only their places are turned and the picture stays as it came.
"""

from __future__ import annotations

from typing import Any

LONG = 5.0
"""Heights a line must be wide to say at which angle the page lies."""

FEWEST = 5
"""Long lines from which the angle may change down the page."""

LEVEL = 0.002
"""Slope below which a page is upright: a tenth of a degree."""

ROUNDS = 4


def straightened(boxes: Any) -> Any:
    """The upright boxes of lines.

    Args:
        boxes: array (lines, 4, 2) of corners in pixels, clockwise from the upper left.

    Returns:
        Array (lines, 4) of left, top, right, bottom in pixels; of an upright page the hulls of the boxes.
    """
    import numpy

    hulls = numpy.concatenate([boxes.min(axis=1), boxes.max(axis=1)], axis=1)
    if not len(boxes):
        return hulls
    middle = hulls.reshape(-1, 2, 2).mean(axis=1).mean(axis=0)
    corners = boxes - middle
    slope, twist = _slopes(corners)
    drift = numpy.abs(slope + twist * corners[..., 1])
    if drift.max() < LEVEL:
        return hulls
    x, y = corners[..., 0], corners[..., 1]
    y = y - (slope + twist * y) * x
    x = x - _margin(x[:, [0, 3]].mean(axis=1), y.mean(axis=1), -slope) * y
    sides = [x[:, [0, 3]], y[:, :2], x[:, 1:3], y[:, 2:]]
    upright = numpy.stack([side.mean(axis=1) for side in sides], axis=1)
    return upright + numpy.concatenate([middle, middle])


def _slopes(corners: Any) -> tuple[float, float]:
    """(slope of the lines, its change by pixel down the page), from the long lines."""
    import numpy

    along = (corners[:, 1] - corners[:, 0] + corners[:, 2] - corners[:, 3]) / 2
    down = (corners[:, 3] - corners[:, 0] + corners[:, 2] - corners[:, 1]) / 2
    long = along[:, 0] > LONG * numpy.abs(down[:, 1])
    if not long.any():
        return 0.0, 0.0
    slopes, heights = along[long, 1] / along[long, 0], corners[long, :, 1].mean(axis=1)
    steady = float(numpy.median(slopes))
    if len(slopes) < FEWEST or numpy.abs(slopes - steady).max() < LEVEL:
        return steady, 0.0
    near = numpy.abs(slopes - steady) < 0.05
    twist, level = numpy.polyfit(heights[near], slopes[near], 1)
    return float(level), float(twist)


def _margin(lefts: Any, heights: Any, otherwise: float) -> float:
    """How far the left margin moves to the right by pixel down the page; ``otherwise`` of few lines.

    Lines that stand right of the margin (indents, titles, signatures) are given up round by round.
    """
    import numpy

    kept = numpy.ones(len(lefts), dtype=bool)
    lean = otherwise
    for _ in range(ROUNDS):
        if kept.sum() < FEWEST or numpy.ptp(heights[kept]) < numpy.ptp(heights) / 2:
            break
        lean, start = (float(value) for value in numpy.polyfit(heights[kept], lefts[kept], 1))
        beyond = lefts - (start + lean * heights)
        kept &= beyond <= max(float(numpy.abs(beyond[kept]).mean()), 1.0)
    return lean

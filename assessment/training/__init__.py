"""Labelled clauses become a model: reading, training, measuring, and the model card.

``train()`` makes the shipped model; ``evaluate(gold)`` prints nothing and returns the quality table.
"""

from __future__ import annotations

from assessment.training.evaluate import FlagCount, QualityTable, count_flags, evaluate
from assessment.training.publish import Report, train

__all__ = ["FlagCount", "QualityTable", "Report", "count_flags", "evaluate", "train"]

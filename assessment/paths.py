"""Where the shipped data lies, and where an office keeps its own."""

from __future__ import annotations

import os
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
CORPUS = ROOT / "corpus"
CHECKLISTS = ROOT / "checklists"
MODELS = ROOT / "models"


def data_folder() -> Path:
    """The folder of the embedded store: ``ASSESSMENT_DATA``, or ``data`` beside the program."""
    return Path(os.environ.get("ASSESSMENT_DATA", ROOT / "data"))

"""Where the shipped data lies, and where an office keeps its own."""

from __future__ import annotations

import hashlib
import json
import os
from pathlib import Path

from assessment.messages import ScreeningError

ROOT = Path(__file__).resolve().parents[1]
CORPUS = ROOT / "corpus"
CHECKLISTS = ROOT / "checklists"
MODELS = ROOT / "models"


def data_folder() -> Path:
    """The folder of the embedded store: ``ASSESSMENT_DATA``, or ``data`` beside the program."""
    return Path(os.environ.get("ASSESSMENT_DATA", ROOT / "data"))


def models_in_use(data: Path) -> Path:
    """The folder of the model an office has in use: the one its last choice names, else the shipped one.

    Raises:
        ScreeningError: E566 the choice cannot be read, or the model it names is not the one that was chosen.
    """
    choices = sorted((data / "models" / "choices").glob("*.json"))
    if not choices:
        return MODELS
    try:
        choice = json.loads(choices[-1].read_text(encoding="utf-8"))
        if not choice["model"]:
            return MODELS
        folder = data / "models" / str(choice["model"])
        manifest = (folder / "manifest.json").read_bytes()
    except (OSError, ValueError, TypeError, KeyError) as error:
        raise ScreeningError("E566", problem="文件缺失或无法读取") from error
    if hashlib.sha256(manifest).hexdigest() != choice["manifest"]:
        raise ScreeningError("E566", problem="内容与启用时不同")
    return folder

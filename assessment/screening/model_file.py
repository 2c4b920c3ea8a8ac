"""A model as a file: one npz of plain arrays with its manifest beside it.

Nothing but numbers is ever loaded from it, and a file that is missing, altered or made for another version is refused.
"""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import numpy as np

from assessment.messages import ScreeningError
from assessment.screening.classifier import GROUPS, Classifier, Thresholds, labels_of
from assessment.screening.features import VERSION as FEATURES
from assessment.screening.models import LENSES
from assessment.screening.vectors import Array

MODEL_FILE = "screening.npz"
MANIFEST_FILE = "manifest.json"


def load_classifier(folder: Path) -> Classifier:
    """Load the model of a folder.

    Raises:
        ScreeningError: E202 a file is missing; E203 the model is not the one the manifest names, or is
            damaged; E204 it was made for another version; E205 it holds anything but numbers.
    """
    manifest = _manifest(folder)
    path = folder / MODEL_FILE
    if not path.is_file():
        raise ScreeningError("E202", file=path.name)
    content = path.read_bytes()
    if hashlib.sha256(content).hexdigest() != manifest["sha256"]:
        raise ScreeningError("E203", file=path.name)
    _check_versions(manifest)
    try:
        thresholds = Thresholds(**manifest["thresholds"])
        return Classifier.from_parts(_arrays(content), thresholds, manifest["model"])
    except _StrangeTypeError as strange:
        raise ScreeningError("E205", file=path.name, types=str(strange)) from strange
    except Exception as error:
        raise ScreeningError("E203", file=path.name) from error


class _StrangeTypeError(Exception):
    """A model file holds an array of something else than numbers."""


def _arrays(content: bytes) -> dict[str, Array]:
    """The arrays of a model file; nothing in it is ever run."""
    with zipfile.ZipFile(io.BytesIO(content)) as file:
        return {name.removesuffix(".npy"): _array(file.read(name)) for name in file.namelist()}


def _array(content: bytes) -> Array:
    stream = io.BytesIO(content)
    np.lib.format.read_magic(stream)
    _, _, kind = np.lib.format.read_array_header_1_0(stream)
    if kind.kind not in "iuf":
        raise _StrangeTypeError(str(kind))
    return np.load(io.BytesIO(content), allow_pickle=False)


def _manifest(folder: Path) -> dict[str, Any]:
    path = folder / MANIFEST_FILE
    if not path.is_file():
        raise ScreeningError("E202", file=path.name)
    try:
        manifest: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        needed: Iterable[str] = ("model", "sha256", "sklearn", "features", "thresholds", "labels")
        missing = [key for key in needed if key not in manifest]
    except (ValueError, TypeError) as error:
        raise ScreeningError("E203", file=path.name) from error
    if missing:
        raise ScreeningError("E203", file=path.name)
    return manifest


def _check_versions(manifest: dict[str, Any]) -> None:
    for what, made, here in (
        ("特征", manifest["features"], FEATURES),
        ("分类体系", manifest["labels"], labels_fingerprint()),
    ):
        if made != here:
            raise ScreeningError("E204", what=what, made=made, here=here)


def labels_fingerprint() -> str:
    """A hash of every label in its order: a model fits one taxonomy only."""
    lists = [[lens, group, list(labels_of(group, lens))] for lens in LENSES for group in GROUPS]
    return hashlib.sha256(json.dumps(lists).encode()).hexdigest()[:12]

"""Fixtures every test may use."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of shared regulations, plans and labelled clauses; skips where it is absent."""
    folder = Path(os.environ.get("ASSESSMENT_SHARED", ROOT.parent / "shared"))
    if not (folder / "laws").is_dir():
        pytest.skip(f"shared material not found at {folder}; set ASSESSMENT_SHARED to measure against it")
    return folder

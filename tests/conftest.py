"""Fixtures every test may use."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.offices import Office, open_office

ROOT = Path(__file__).resolve().parents[1]


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of shared regulations, plans and labelled clauses; skips where it is absent."""
    folder = Path(os.environ.get("ASSESSMENT_SHARED", ROOT.parent / "shared"))
    if not (folder / "laws").is_dir():
        pytest.skip(f"shared material not found at {folder}; set ASSESSMENT_SHARED to measure against it")
    return folder


@pytest.fixture(autouse=True)
def quick_hashing(monkeypatch: pytest.MonkeyPatch) -> None:
    """Cheap password hashes, but where the cost is what is tested; servers that tests start hash as ever."""
    monkeypatch.setattr("assessment.records.passwords.COST", (2**4, 8, 1))


@pytest.fixture
def office(tmp_path: Path) -> Office:
    """A small office on an empty store."""
    return open_office(tmp_path / "data")

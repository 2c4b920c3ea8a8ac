"""Fixtures every test may use."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests import machine
from tests.offices import Office, open_office

ROOT = Path(__file__).resolve().parents[1]


def pytest_configure(config: pytest.Config) -> None:
    """Before test processes start: one that has drawn a page finds no font that is installed later."""
    if not hasattr(config, "workerinput"):
        machine.has_chinese_font()


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of shared regulations, plans and labelled clauses; skips where it is absent."""
    folder = Path(os.environ.get("ASSESSMENT_SHARED", ROOT.parent / "shared"))
    if not (folder / "laws").is_dir():
        pytest.skip(f"shared material not found at {folder}; set ASSESSMENT_SHARED to measure against it")
    return folder


@pytest.fixture(scope="session")
def chinese_font() -> None:
    """For tests that draw Chinese words; skips where there is no font for them and none can be installed."""
    if not machine.has_chinese_font():
        pytest.skip("no Chinese font found and none could be installed; install fonts-noto-cjk")


@pytest.fixture(autouse=True)
def quick_hashing(monkeypatch: pytest.MonkeyPatch) -> None:
    """Cheap password hashes, but where the cost is what is tested; servers that tests start hash as ever."""
    monkeypatch.setattr("assessment.records.passwords.COST", (2**4, 8, 1))


@pytest.fixture
def office(tmp_path: Path) -> Office:
    """A small office on an empty store."""
    return open_office(tmp_path / "data")

"""The rooms stand on each other as the design says, and the licences stay clean."""

from __future__ import annotations

import ast
import re
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

import pytest

from assessment import messages
from tests.conftest import ROOT

PACKAGE = ROOT / "assessment"
FLOORS = [
    {"messages", "paths", "numerals"},
    {"lawindex", "workdays"},
    {"documents", "plans"},
    {"screening"},
    {"checklists", "training"},
    {"panel"},
    {"opinions"},
    {"records"},
    {"permissions", "views"},
    {"usecases"},
    {"workbench"},
    {"web", "cli", "cli_learning"},
    {"__main__"},
]
LEVEL = {room: level for level, rooms in enumerate(FLOORS) for room in rooms}
RECORDS_MAY_USE = {"messages", "paths", "records"}


def room_of(path: Path) -> str:
    """The room a module belongs to."""
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


def imported(path: Path) -> set[str]:
    """Rooms of the package that a module imports; ``streamlit`` if it imports that."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        names = []
        if isinstance(node, ast.ImportFrom) and node.module:
            names = [node.module, *(f"{node.module}.{alias.name}" for alias in node.names)]
        elif isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        for name in names:
            parts = name.split(".")
            if parts[0] == "assessment" and len(parts) > 1:
                found.add(parts[1])
            elif parts[0] == "streamlit":
                found.add("streamlit")
    return {name for name in found if name in LEVEL or name == "streamlit"}


MODULES = sorted(
    path for path in PACKAGE.rglob("*.py") if path.name != "__init__.py" or path.parent != PACKAGE
)


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_a_room_imports_only_rooms_below(path: Path) -> None:
    room = room_of(path)
    used = imported(path) - {room}
    if room != "web":
        assert "streamlit" not in used
    if room == "records":
        assert used <= RECORDS_MAY_USE
    assert all(LEVEL[other] <= LEVEL[room] for other in used - {"streamlit"}), used


def test_every_message_is_used_and_every_code_has_a_message() -> None:
    code = "\n".join(path.read_text(encoding="utf-8") for path in PACKAGE.rglob("*.py"))
    used = set(re.findall(r"[\"'\[](E\d{3})\b", code.split("MESSAGES: dict", 1)[0] + code))
    raised = set(re.findall(r"(?:Error\(|fail\(|MESSAGES\[|\b)[\"'](E\d{3})[\"']", code))
    assert set(messages.MESSAGES) <= used
    assert raised <= set(messages.MESSAGES)


def test_readme_names_every_command() -> None:
    from assessment.cli import main

    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    missing = [name for name in main.commands if not re.search(rf"`{name}\b|`[^`]*\b{name}\b", readme)]
    assert missing == []


@pytest.mark.parametrize("package", ["pymupdf", "PyMuPDF", "easyofd", "fitz"])
def test_nothing_under_agpl_is_installed(package: str) -> None:
    with pytest.raises(PackageNotFoundError):
        distribution(package)

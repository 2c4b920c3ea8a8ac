"""What docs/dev/records.md says is so."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from assessment.records.schema import TABLES
from tests.conftest import ROOT

TEXT = (ROOT / "docs" / "dev" / "records.md").read_text(encoding="utf-8")


def test_the_example_runs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (code,) = re.findall(r"```python\n(.*?)```", TEXT, re.DOTALL)
    monkeypatch.chdir(tmp_path)
    exec(compile(code, "records.md", "exec"), {})
    assert capsys.readouterr().out == "['收到草案《某条例（草案）》（草案.docx）', '批注：请补起草说明']\n"


def test_every_table_is_described_and_marked_if_kept_per_version() -> None:
    section = TEXT.split("## Tables")[1].split("## Adding")[0]
    rows = [line.split("|")[1] for line in section.splitlines() if line.startswith("| `")]
    described = dict(re.findall(r"`(\w+)`(\*?)", " ".join(rows)))
    assert described == {name: "*" if table.per_version else "" for name, table in TABLES.items()}

"""From a document to findings: exact quotes, stable ids, the same answer twice, and a refusal if damaged."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assessment import documents, screening
from assessment.messages import ScreeningError
from assessment.paths import CORPUS, MODELS
from assessment.screening.classifier import load_classifier
from assessment.screening.taxonomy import load_taxonomy

SAMPLES = sorted((CORPUS / "samples").glob("*.txt"))
LINES = [
    line.strip()
    for path in SAMPLES
    for line in path.read_text(encoding="utf-8").splitlines()
    if line.startswith(("第", "（"))
]


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.stem)
def test_samples_are_flagged_in_their_own_words(path: Path) -> None:
    document = documents.read(path.read_bytes(), path.name)
    result = screening.screen(document)
    assert any(finding.kind == "concern" for finding in result.findings)
    assert len({finding.id for finding in result.findings}) == len(result.findings)
    units = {unit.id for unit in document.units}
    for finding in result.findings:
        assert document.text[finding.start : finding.end] == finding.quote
        assert finding.unit in units
        assert set(finding.types) <= set(load_taxonomy().concerns[finding.lens])
        assert (finding.kind == "concern") == bool(finding.types)
        assert 0 <= finding.confidence <= 1
        assert finding.reason
        assert "模型" not in finding.reason
    assert screening.screen(document) == result


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.sampled_from(LINES), min_size=1, max_size=6))
def test_quotes_are_exact_whatever_the_order(lines: list[str]) -> None:
    text = "\n".join(lines)
    for finding in screening.classify(text):
        assert text[finding.start : finding.end] == finding.quote


def test_plain_technical_clauses_are_left_alone() -> None:
    assert screening.classify("供水单位应当定期检测水质，保证水压符合标准。") == ()


def test_a_damaged_model_is_refused(tmp_path: Path) -> None:
    folder = tmp_path / "models"
    shutil.copytree(MODELS, folder)
    model = folder / "screening.skops"
    model.write_bytes(model.read_bytes()[:-100] + b"x" * 100)
    with pytest.raises(ScreeningError, match="E2"):
        load_classifier(folder)


def test_a_missing_model_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ScreeningError, match="E2"):
        load_classifier(tmp_path)

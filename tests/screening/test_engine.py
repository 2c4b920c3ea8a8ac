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
from assessment.screening.model_file import load_classifier
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


def test_of_a_comparison_table_only_the_proposed_words_are_judged() -> None:
    concern = "女村民与外村人结婚的，户口应当在半年内迁出，逾期不再享受集体收益分配。"
    fair = "村民因结婚迁入迁出的，男女适用同一规则，集体收益分配不受影响。"
    head = "<h1>柳溪村村规民约修改对照表</h1>"

    def screened(current: str, proposed: str) -> screening.Screening:
        rows = f"<tr><th>现行规定</th><th>修改后</th></tr><tr><td>{current}</td><td>{proposed}</td></tr>"
        html = f"<html><body>{head}<table>{rows}</table></body></html>"
        return screening.screen(documents.read(html.encode(), "对照表.html"))

    struck_out = screened(f"第二条 {concern}", f"第二条 {fair}")
    assert [finding for finding in struck_out.findings if finding.kind == "concern"] == []
    brought_in = screened(f"第二条 {fair}", f"第二条 {concern}")
    found = [finding for finding in brought_in.findings if finding.kind == "concern"]
    assert found
    assert all(finding.quote in concern for finding in found)


def test_plain_technical_clauses_are_left_alone() -> None:
    assert screening.classify("供水单位应当定期检测水质，保证水压符合标准。") == ()


def test_a_damaged_model_is_refused(tmp_path: Path) -> None:
    folder = tmp_path / "models"
    shutil.copytree(MODELS, folder)
    model = folder / "screening.npz"
    model.write_bytes(model.read_bytes()[:-100] + b"x" * 100)
    with pytest.raises(ScreeningError, match="E2"):
        load_classifier(folder)


def test_a_missing_model_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ScreeningError, match="E2"):
        load_classifier(tmp_path)

"""Labelled clauses: what is wrong is named by file, line and key; no family stands on both sides."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from assessment.messages import TrainingError
from assessment.training.dataset import is_held_out, read_corpus, read_examples

NONE = {"relevant": False, "kind": "none", "domains": [], "concerns": []}
CONCERN = {"relevant": True, "kind": "concern", "domains": ["economy"], "concerns": ["direct_restriction"]}
GOOD = {"id": "t-1", "family": "t-f1", "register": "招聘公告", "sector": "林业", "text": "招聘护林员，限男性。", "gender": CONCERN, "child": NONE, "note": ""}  # fmt: skip


def write(folder: Path, *rows: object) -> Path:
    """A corpus file of these rows."""
    path = folder / "clauses.jsonl"
    path.write_text("\n".join(json.dumps(row, ensure_ascii=False) for row in rows), encoding="utf-8")
    return path


def test_a_good_line_is_read(tmp_path: Path) -> None:
    (example,) = read_examples(write(tmp_path, GOOD))
    assert example.labels["gender"].concerns == ("direct_restriction",)
    assert not example.labels["child"].relevant
    assert example.register == "招聘公告"


@pytest.mark.parametrize(
    "change",
    [
        {"text": ""},
        {"gender": {**CONCERN, "kind": "bad"}},
        {"gender": {**CONCERN, "concerns": ["no_such_type"]}},
        {"gender": {**CONCERN, "concerns": []}},
        {"child": {**NONE, "domains": ["nowhere"]}},
    ],
)
def test_a_wrong_key_is_named_with_its_line(tmp_path: Path, change: dict[str, object]) -> None:
    second = {**GOOD, "id": "t-2", "text": "另一条。", **change}
    with pytest.raises(TrainingError, match=r"clauses\.jsonl.*2"):
        read_examples(write(tmp_path, GOOD, second))


def test_no_json_and_no_examples_are_refused(tmp_path: Path) -> None:
    with pytest.raises(TrainingError, match="E901"):
        read_corpus(tmp_path)
    (tmp_path / "clauses.jsonl").write_text("{broken", encoding="utf-8")
    with pytest.raises(TrainingError, match="E902"):
        read_corpus(tmp_path)


def test_a_text_must_not_occur_twice(tmp_path: Path) -> None:
    write(tmp_path, GOOD, {**GOOD, "id": "t-2"})
    with pytest.raises(TrainingError, match="E904"):
        read_corpus(tmp_path)


def test_the_shipped_corpus_is_sound_and_split_by_family() -> None:
    examples = read_corpus()
    assert len(examples) > 7000
    held = {example.family for example in examples if is_held_out(example)}
    kept = {example.family for example in examples if not is_held_out(example)}
    assert held
    assert not held & kept

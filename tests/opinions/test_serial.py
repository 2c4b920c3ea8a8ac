"""The opinion as JSON, and its hash."""

from __future__ import annotations

import hashlib
import json

import pytest

from assessment.messages import OpinionError
from assessment.opinions import compose, from_json, opinion_hash, to_json
from tests.opinions import samples

OPINION = compose(samples.rich())


def test_json_round_trip() -> None:
    assert from_json(to_json(OPINION)) == OPINION


def test_json_is_canonical() -> None:
    text = to_json(OPINION)
    assert text == json.dumps(json.loads(text), ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    assert "示例市" in text


def test_hash_is_that_of_the_stored_bytes() -> None:
    assert opinion_hash(OPINION) == hashlib.sha256(to_json(OPINION).encode()).hexdigest()


def test_hash_changes_with_a_single_character() -> None:
    changed = OPINION.model_copy(update={"explanation": OPINION.explanation + "。"})
    assert opinion_hash(changed) != opinion_hash(OPINION)


@pytest.mark.parametrize("text", ["", "{}", "[]", to_json(OPINION)[:-1], '{"title": 1}'])
def test_from_json_refuses_anything_else(text: str) -> None:
    with pytest.raises(OpinionError, match="E611"):
        from_json(text)


def test_a_paper_frozen_before_the_procedure_was_told_keeps_its_text_and_hash() -> None:
    later = {"affected", "data_gaps", "skipped", "committee", "second", "agreement", "panel", "own"}

    def without(value: object) -> object:
        if isinstance(value, dict):
            return {name: without(part) for name, part in value.items() if name not in later}
        return [without(part) for part in value] if isinstance(value, list) else value

    whole = json.loads(to_json(samples.through()))
    assert without(whole) != whole
    old = json.dumps(without(whole), ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    assert to_json(from_json(old)) == old


def test_everything_the_procedure_recorded_is_part_of_the_hash() -> None:
    opinion = samples.through()
    assert from_json(to_json(opinion)) == opinion
    assert opinion.committee is not None
    decided = opinion.committee.model_copy(update={"conditions": "无"})
    assert opinion_hash(opinion.model_copy(update={"committee": decided})) != opinion_hash(opinion)

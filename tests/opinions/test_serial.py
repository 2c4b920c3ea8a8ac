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

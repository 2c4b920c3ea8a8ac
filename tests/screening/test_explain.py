"""The texts that go with each type of finding."""

from __future__ import annotations

import re
from typing import cast

import pytest
import yaml

from assessment.lawindex import citation
from assessment.paths import CORPUS
from assessment.screening.explain import TypeText, text_for
from assessment.screening.models import Lens

TAXONOMY = yaml.safe_load((CORPUS / "taxonomy.yaml").read_text(encoding="utf-8"))
CONCERNS = [(lens, name) for lens, types in TAXONOMY["concerns"].items() for name in types]
KINDS = [(lens, kind) for lens in ("gender", "child") for kind in ("relevant", "protective")]


def _text(lens: str, name: str) -> TypeText:
    return text_for(cast(Lens, lens), name)


def test_there_are_33_concern_types() -> None:
    assert len(CONCERNS) == 33


@pytest.mark.parametrize(("lens", "name"), CONCERNS)
def test_concern_has_every_text(lens: str, name: str) -> None:
    text = _text(lens, name)
    assert all([text.meaning, text.reason, text.basis, text.lookalike, text.suggestion])


@pytest.mark.parametrize(("lens", "name"), CONCERNS)
def test_concern_cites_what_the_taxonomy_cites(lens: str, name: str) -> None:
    taxonomy = {cited for entry in TAXONOMY["concerns"][lens][name]["basis"] for cited in citation(entry)}
    assert {cited for entry in _text(lens, name).basis for cited in citation(entry)} == taxonomy


@pytest.mark.parametrize(("lens", "name"), CONCERNS + KINDS)
def test_basis_is_in_full_form(lens: str, name: str) -> None:
    assert all(
        re.fullmatch("[一-鿿]+第[一二三四五六七八九十百千零]+条", entry) for entry in _text(lens, name).basis
    )


@pytest.mark.parametrize(("lens", "name"), CONCERNS + KINDS)
def test_wording_proposes_and_never_rules(lens: str, name: str) -> None:
    text = _text(lens, name)
    words = "".join([text.meaning, text.reason, text.lookalike])
    assert not re.search("违法的|是违法|属于违法|不得出台|无效|必须", words)
    assert re.search("可能|涉嫌|难以|建议|无法", text.reason)


@pytest.mark.parametrize(("lens", "name"), CONCERNS)
def test_suggestion_can_be_pasted(lens: str, name: str) -> None:
    suggestion = _text(lens, name).suggestion
    assert suggestion.startswith("建议")
    assert "“" in suggestion


@pytest.mark.parametrize(("lens", "name"), CONCERNS)
def test_lookalike_says_how_to_tell(lens: str, name: str) -> None:
    assert "辨别：" in _text(lens, name).lookalike


@pytest.mark.parametrize(("lens", "kind"), KINDS)
def test_kinds_have_texts_and_nothing_to_change(lens: str, kind: str) -> None:
    text = _text(lens, kind)
    assert all([text.meaning, text.reason, text.basis, text.lookalike])
    assert text.suggestion == ""


def test_unknown_type_is_refused() -> None:
    with pytest.raises(KeyError):
        text_for("gender", "child_privacy")

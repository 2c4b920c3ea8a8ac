"""Each attack ends in its own numbered message or in a sane document, soon, and the readers live on."""

from __future__ import annotations

import time
from collections.abc import Sequence

import pytest
from PIL import Image

from assessment.documents import Document, read
from assessment.documents.apart import read_apart
from assessment.documents.formats import Means
from assessment.documents.ocr import RecognisedLine
from assessment.messages import MESSAGES, DocumentError

from ..test_properties import check
from ..test_refusals import CASES
from .attacks import ATTACKS, TEXTS, WORD

SECONDS = 20
ELSEWHERE = {
    "E106", "E124", "E125", "E126", "E129", "E130", "E133", "E134", "E135", "E137", "E138", "E139", "E140", "E142", "E143",
}  # fmt: skip
"""Raised in the tests of LibreOffice, of storing, of recognition, of reading apart, of bundles and of pictures."""


class Blind:
    def recognise(self, picture: Image.Image) -> Sequence[RecognisedLine]:
        return ()


@pytest.mark.parametrize("attack", ATTACKS)
def test_attack_ends_well(attack: str) -> None:
    data, name, expected = ATTACKS[attack]
    means = Means(engine=Blind)
    started = time.perf_counter()
    if expected:
        with pytest.raises(DocumentError) as refusal:
            read(data, name, means=means)
        assert refusal.value.code == expected
        assert "请" in refusal.value.message
    else:
        _check_sane(attack, read(data, name, means=means))
    assert time.perf_counter() - started < SECONDS


def _check_sane(attack: str, ended: Document) -> None:
    check(ended)
    assert ended.text.endswith(TEXTS.get(attack, ""))
    assert len(ended.text) < 6_000_000
    assert "alert" not in ended.text
    assert "passwd" not in ended.text


@pytest.mark.parametrize("attack", [name for name in ATTACKS if "picture" not in name])
def test_the_reader_apart_says_the_same_and_lives_on(attack: str) -> None:
    data, name, expected = ATTACKS[attack]
    if expected:
        with pytest.raises(DocumentError) as refusal:
            read_apart(data, name)
        assert refusal.value.code == expected
    else:
        assert read_apart(data, name) == read(data, name)


def test_a_good_file_is_read_after_all_of_them() -> None:
    assert read_apart(WORD, "好.docx").text == "第一条 甲。\n第二条 乙。"


def test_every_document_message_is_raised_somewhere() -> None:
    raised = {code for _, _, code in CASES.values()} | {code for _, _, code in ATTACKS.values()} | ELSEWHERE
    assert raised - {""} == {code for code in MESSAGES if code.startswith("E1")}

"""Recognised text put right by a person, pages drawn beside it, and characters nobody can see."""

from __future__ import annotations

import io
import json
from collections.abc import Sequence

import pytest
from PIL import Image

from assessment.documents import RecognisedPage, corrected, from_json, page_image, read, to_json
from assessment.documents.formats import Means
from assessment.documents.ocr import OcrEngine, RecognisedLine, no_engine
from assessment.messages import DocumentError

from .builders import page, pdf, word

LINES = ["云川市托育规定", "第一条 为了托育。", "第二条 收费公开。", "第三条 施行。"]


class Told:
    """An engine that is told what each page says; line height 40, from the top."""

    def __init__(self, pages: Sequence[Sequence[str]], confidence: float = 0.97) -> None:
        self._pages = iter(pages)
        self._confidence = confidence

    def recognise(self, picture: Image.Image) -> Sequence[RecognisedLine]:
        lines = next(self._pages)
        return [
            RecognisedLine(text, 100, 100 + row * 60, 100 + 40 * len(text), 140 + row * 60, self._confidence)
            for row, text in enumerate(lines)
        ]


def means(engine: OcrEngine) -> Means:
    return Means(engine=lambda: engine)


def tiff(count: int, size: tuple[int, int] = (1654, 2339)) -> bytes:
    first, *rest = (Image.new("1", size, 1) for _ in range(count))
    buffer = io.BytesIO()
    first.save(buffer, "TIFF", save_all=True, append_images=rest, compression="group4")
    return buffer.getvalue()


def scanned() -> tuple[bytes, Means]:
    return tiff(2), means(Told([LINES[:2], LINES[2:]]))


def test_recognised_pages_are_marked_with_their_confidence() -> None:
    data, how = scanned()
    document = read(data, "扫描.tif", means=how)
    assert document.format == "image"
    assert document.text.split("\n") == LINES
    assert document.recognised == (RecognisedPage(1, 0.97), RecognisedPage(2, 0.97))
    assert any("识别文本，须人工核对" in note for note in document.notes)
    assert [clause.page for clause in document.units] == [1, 2, 2]
    assert from_json(to_json(document)) == document


def test_documents_stored_before_recognition_still_load() -> None:
    document = read(word(LINES), "x.docx")
    fields = json.loads(to_json(document))
    del fields["recognised"]
    assert from_json(json.dumps(fields)) == document


def test_doubtful_lines_are_kept() -> None:
    document = read(tiff(1), "x.tif", means=means(Told([LINES], confidence=0.7)))
    assert document.recognised[0].doubtful == tuple(LINES)


def test_a_page_on_its_side_is_turned() -> None:
    class Sideways:
        def recognise(self, picture: Image.Image) -> Sequence[RecognisedLine]:
            upright = picture.width < picture.height
            found = Told([LINES if upright else ["之一"]], 0.95 if upright else 0.3)
            return found.recognise(picture)

    document = read(tiff(1, (2339, 1654)), "x.tif", means=means(Sideways()))
    assert document.text.split("\n") == LINES


def test_a_corrected_text_is_divided_anew_and_keeps_the_original() -> None:
    data, how = scanned()
    document = read(data, "扫描.tif", means=how)
    better = corrected(
        document, document.text.replace("收费公开", "收费应当公开").replace("第三条", "第三条 增加。\n第四条")
    )
    assert [clause.label for clause in better.units] == ["第一条", "第二条", "第三条", "第四条"]
    assert better.sha256 == document.sha256
    assert better.recognised == document.recognised
    assert (better.name, better.format) == (document.name, document.format)
    assert [clause.page for clause in better.units] == [1, 2, 2, 2]
    assert sum("人工校对" in note for note in corrected(better, better.text).notes) == 1
    for clause in better.clauses:
        assert better.text[clause.start : clause.end] == clause.text


def test_an_emptied_text_is_refused() -> None:
    document = read(word(LINES), "x.docx")
    with pytest.raises(DocumentError) as refusal:
        corrected(document, "  \n ")
    assert refusal.value.code == "E103"


def test_without_an_engine_scans_are_refused_and_mixed_files_read() -> None:
    with pytest.raises(DocumentError) as refusal:
        read(tiff(1), "x.tif", means=Means(engine=no_engine))
    assert refusal.value.code == "E129"


def test_pictures_with_nothing_on_them() -> None:
    with pytest.raises(DocumentError) as refusal:
        read(tiff(1), "x.tif", means=means(Told([[]])))
    assert refusal.value.code == "E130"


@pytest.mark.parametrize(
    ("data", "name", "number"),
    [
        (pdf([page(["甲"]), page(["乙"])]), "x.pdf", 2),
        (tiff(2), "x.tif", 2),
    ],
)
def test_pages_are_drawn(data: bytes, name: str, number: int) -> None:
    with Image.open(io.BytesIO(page_image(data, name, number))) as picture:
        assert picture.format == "PNG"
        assert max(picture.size) <= 1600


@pytest.mark.parametrize(
    ("data", "name"), [(tiff(2), "x.tif"), (word(LINES), "x.docx"), (pdf([[]]), "x.pdf")]
)
def test_pages_that_are_not_there(data: bytes, name: str) -> None:
    with pytest.raises(DocumentError) as refusal:
        page_image(data, name, 3)
    assert refusal.value.code == "E143"


@pytest.mark.parametrize("hidden", ["\u200b", "\u202e", "\u2066", "\ufeff", "\xad", "\U000e0041", "\u2060"])
def test_hidden_characters_are_kept_out_and_counted(hidden: str) -> None:
    document = read(f"第一条 女{hidden}职工{hidden}。".encode(), "x.txt")
    assert document.text == "第一条 女职工。"
    assert any("2 个看不见" in note for note in document.notes)


def test_hidden_characters_are_kept_out_of_word_files_too() -> None:
    document = read(word(["第一条 女\u200b职工。"]), "x.docx")
    assert document.text == "第一条 女职工。"


def test_a_clean_text_has_no_such_note() -> None:
    assert read("第一条 女职工。".encode(), "x.txt").notes == ()

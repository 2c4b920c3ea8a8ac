"""OFD: what different producers write is read alike, and what holds no text is said to."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Sequence
from pathlib import Path

import pytest
from PIL import Image

from assessment.documents import Document, page_image, read
from assessment.documents.formats import Means
from assessment.documents.ocr import RecognisedLine, no_engine
from assessment.messages import DocumentError

from .ofd_writer import NAMESPACE, Spelling, ofd, packed, set_in_pages, text_object

PARAGRAPHS = [
    "云川市托育服务规定",
    "第一条 为了检验版式文件里被排版断开的长行能不能接回成一个段落，这一条特意写得很长，需要占去两行还多一些。",
    "第二条 本规定所称托育服务，是指为3岁以下婴幼儿提供的照护；第一款和第二款分开成段。",
    "本条第二款自成一段，它的首行也缩进两个字。",
    "第三条 托育机构应当公开收费标准（ABC 2026）。",
]


def articles(document: Document) -> list[str]:
    return [clause.label for clause in document.clauses if clause.kind == "article"]


@pytest.mark.parametrize(
    "spelling",
    [
        Spelling(),
        Spelling(namespace="http://www.ofdspec.org"),
        Spelling(absolute=True),
        Spelling(backslash=True),
        Spelling(absolute=True, backslash=True),
        Spelling(reversed_objects=True),
    ],
    ids=["plain", "namespace", "absolute", "backslash", "absolute backslash", "objects reversed"],
)
def test_spellings_of_producers_give_one_text(spelling: Spelling) -> None:
    document = read(ofd(set_in_pages(PARAGRAPHS), spelling), "托育.ofd")
    assert document.format == "ofd"
    assert document.text.split("\n") == PARAGRAPHS
    assert articles(document) == ["第一条", "第二条", "第三条"]
    assert document.clause("a1").page == 1


def test_clauses_know_their_page_and_page_numbers_are_removed() -> None:
    pages = set_in_pages([f"第{number}条 内容甲乙丙丁。" for number in "一二三四五六七八九"] * 5)
    furniture = [[*lines, "", f"— {number} —"] for number, lines in enumerate(pages, 1)]
    document = read(ofd([pages[0], pages[1]]), "x.ofd")
    assert {clause.page for clause in document.units} == {1, 2}
    assert "—" not in read(ofd(furniture), "x.ofd").text


def test_template_text_is_read_and_slanted_text_is_not() -> None:
    watermark = text_object("内部资料", 60, 150, extra=' CTM="0.7 0.7 -0.7 0.7 0 0"')
    document = read(ofd([["第一条 甲。"]], template=text_object("云川市规定", 60, 20) + watermark), "x.ofd")
    assert document.text.split("\n") == ["云川市规定", "第一条 甲。"]
    assert any("斜排" in note for note in document.notes)


@pytest.mark.parametrize(
    ("steps", "expected"),
    [
        ("5 5 5", "甲乙丙丁"),
        ("g 3 5", "甲乙丙丁"),
        ("5 12 5", "甲乙 丙丁"),
        ("g 2 5.5 5", "甲乙丙丁"),
        ("", "甲乙丙丁"),
    ],
)
def test_steps_between_characters(steps: str, expected: str) -> None:
    written = (
        '<ofd:TextObject Boundary="30 40 90 5" Size="5"><ofd:TextCode X="0" Y="5" '
        f'DeltaX="{steps}">甲乙丙丁</ofd:TextCode></ofd:TextObject>'
    )
    document = read(ofd([["第一条 乙。"]], template=written), "x.ofd")
    assert expected in document.text.split("\n")[0]


def test_pieces_of_a_line_are_ordered_by_their_place() -> None:
    pieces = (
        text_object("乙丙", 50, 60)
        + text_object("第一条 甲", 50 - 5.6 * 4.5, 60)
        + text_object("丁。", 61.2, 60.5)
    )
    assert read(ofd([[]], template=pieces), "x.ofd").text == "第一条 甲乙丙丁。"


def test_several_documents_follow_each_other() -> None:
    one, two = (ofd([[f"第{number}条 内容。"]]) for number in "一二")
    entries = {
        name: zipfile.ZipFile(io.BytesIO(one)).read(name)
        for name in zipfile.ZipFile(io.BytesIO(one)).namelist()
    }
    second = zipfile.ZipFile(io.BytesIO(two))
    entries |= {
        name.replace("Doc_0", "Doc_1"): second.read(name) for name in second.namelist() if name != "OFD.xml"
    }
    body = b"<ofd:DocBody><ofd:DocRoot>Doc_1/Document.xml</ofd:DocRoot></ofd:DocBody></ofd:OFD>"
    entries["OFD.xml"] = entries["OFD.xml"].replace(b"</ofd:OFD>", body)
    document = read(packed(entries), "x.ofd")
    assert document.text == "第一条 内容。\n第二条 内容。"
    assert document.clause("a2").page == 2


@pytest.mark.parametrize(
    ("entries", "code"),
    [
        ({"OFD.xml": b"<OFD><DocBody><DocRoot>nowhere.xml</DocRoot></DocBody></OFD>"}, "E116"),
        ({"OFD.xml": b'<!DOCTYPE x [<!ENTITY a "b">]><OFD>&a;</OFD>'}, "E111"),
        ({"OFD.xml": b"<OFD/>", "Encryptions.xml": b"<a/>"}, "E105"),
        ({"ofd.xml": b"<OFD/>"}, "E127"),
    ],
    ids=["missing document", "entity", "encrypted", "no pages"],
)
def test_bad_packages(entries: dict[str, bytes], code: str) -> None:
    with pytest.raises(DocumentError) as refusal:
        read(packed(entries), "x.ofd")
    assert refusal.value.code == code


def test_path_drawn_pages_hold_no_text() -> None:
    path = '<ofd:PathObject ID="3" Boundary="1 1 9 9"><ofd:AbbreviatedData>M 0 0 L 9 9</ofd:AbbreviatedData></ofd:PathObject>'
    with pytest.raises(DocumentError) as refusal:
        read(ofd([[]], template=path), "x.ofd")
    assert refusal.value.code == "E127"


class Sees:
    def recognise(self, picture: Image.Image) -> Sequence[RecognisedLine]:
        return [RecognisedLine("第一条 图中的字。", 20, 20, 180, 40, 0.9)]


def pictured() -> bytes:
    """A package whose one page is a picture, named by the document's resources."""
    buffer = io.BytesIO()
    Image.new("L", (210, 297), 255).save(buffer, "PNG")
    picture = '<ofd:ImageObject ID="5" Boundary="0 0 210 297" ResourceID="8"/>'
    base = zipfile.ZipFile(io.BytesIO(ofd([[]], template=picture)))
    entries = {name: base.read(name) for name in base.namelist()}
    entries["Doc_0/Pages/Page_0/Content.xml"] = entries.pop("Doc_0/Tpls/Tpl_0/Content.xml")
    entries["Doc_0/Document.xml"] = re.sub(
        b"<ofd:TemplatePage[^>]*>",
        b"<ofd:DocumentRes>Res.xml</ofd:DocumentRes>",
        entries["Doc_0/Document.xml"],
    )
    entries["Doc_0/Res.xml"] = (
        f'<ofd:Res xmlns:ofd="{NAMESPACE}" BaseLoc="Res"><ofd:MultiMedias><ofd:MultiMedia ID="8" Type="Image">'
        "<ofd:MediaFile>page.png</ofd:MediaFile></ofd:MultiMedia></ofd:MultiMedias></ofd:Res>"
    ).encode()
    entries["Doc_0/Res/page.png"] = buffer.getvalue()
    return packed(entries)


def test_pages_that_are_pictures_are_recognised_and_drawn() -> None:
    document = read(pictured(), "x.ofd", means=Means(engine=Sees))
    assert document.text == "第一条 图中的字。"
    assert [found.page for found in document.recognised] == [1]
    assert page_image(pictured(), "x.ofd", 1).startswith(b"\x89PNG")


def test_pictures_without_an_engine_are_refused() -> None:
    with pytest.raises(DocumentError) as refusal:
        read(pictured(), "x.ofd", means=Means(engine=no_engine))
    assert refusal.value.code == "E129"


@pytest.mark.shared
@pytest.mark.parametrize(
    ("sample", "expected"),
    [
        ("essay.ofd", "拿来主义"),
        ("letter.ofd", "关于同意张阿三同志辞职的批复"),
        ("official-letter.ofd", "关于加快南货场铁路涵洞下穿建设的函"),
        ("odd-namespace.ofd", "OFD Reader&Writer"),
        ("several-textcodes.ofd", "重庆市马上融资担保有限公司"),
        ("no-text.ofd", "E127"),
        ("not-a-zip.ofd", "E101"),
    ],
)
def test_samples_of_other_producers(shared: Path, sample: str, expected: str) -> None:
    data = (shared / "ofd" / sample).read_bytes()
    if expected.startswith("E1"):
        with pytest.raises(DocumentError) as refusal:
            read(data, sample)
        assert refusal.value.code == expected
    else:
        assert expected in read(data, sample).text

"""PDF pages: two columns, ruled tables, watermarks, and scans among written pages."""

from __future__ import annotations

import io
from collections.abc import Sequence

import pytest
from PIL import Image, ImageDraw

from assessment.documents import read
from assessment.documents.formats import Means
from assessment.documents.ocr import RecognisedLine, no_engine
from assessment.messages import DocumentError

from .builders import Place, _assembled, page, pdf, wrapped

LEFT = "第一条 为了检验两栏排版时左栏和右栏的先后次序，这一条写得长一些，一直写到左栏的底部才结束，中间没有分段，只有逗号和句号；这样左栏就有六行以上，足以看出版面是分成两栏来排的。"
RIGHT = "第二条 右栏的文字应当接在左栏之后，而不是一行左栏一行右栏地交错在一起，否则读出来的句子就没有意思了；右栏也写到六行以上，行数与左栏差不多，版面的中缝从上到下都是空白。"


def columns(by_row: bool) -> list[Place]:
    """Two columns of thirteen characters, written to the file column by column or row by row."""
    left = page(wrapped([LEFT], 13), left=60, size=16)
    right = page(wrapped([RIGHT], 13), left=320, size=16)
    if not by_row:
        return [*left, *right]
    longest = max(len(left), len(right))
    return [side[row] for row in range(longest) for side in (left, right) if row < len(side)]


@pytest.mark.parametrize("by_row", [False, True], ids=["column by column", "row by row"])
def test_two_columns_are_read_one_after_the_other(by_row: bool) -> None:
    assert read(pdf([columns(by_row)]), "x.pdf").text.split("\n") == [LEFT, RIGHT]


def test_a_title_across_both_columns_comes_first() -> None:
    title: Place = (150, 800, 18, "云川市两栏排版时标题横跨两栏的规定")
    document = read(pdf([[*columns(False), title]]), "x.pdf")
    assert document.text.split("\n") == [title[3], LEFT, RIGHT]


def test_a_list_of_names_and_places_is_not_two_columns() -> None:
    names = page([f"{number}、张某" for number in "一二三四五六七八"], left=60)
    places = page(["某街道"] * 8, left=400)
    lines = read(pdf([[place for row in zip(names, places, strict=True) for place in row]]), "x.pdf").text
    assert lines.split("\n") == [f"{number}、张某 某街道" for number in "一二三四五六七八"]


def drawn(content: str) -> bytes:
    """A page of the given drawing operators; the font is F1."""
    objects = [
        piece.split("obj\n", 1)[1].strip() for piece in pdf([[]]).decode("latin-1").split("endobj")[:-1]
    ]
    objects[6] = f"<< /Length {len(content)} >>\nstream\n{content}\nendstream"
    return _assembled(objects)


def shown(x: float, y: float, text: str, matrix: str = "1 0 0 1") -> str:
    return f"BT /F1 12 Tf {matrix} {x} {y} Tm <{text.encode('utf-16-be').hex()}> Tj ET\n"


def ruled(rows: Sequence[Sequence[str]], top: float, width: float = 120, height: float = 30) -> str:
    """A table with all its rules, its upper left corner at (60, top)."""
    across, down = len(rows[0]) * width, len(rows) * height
    content = "".join(
        f"60 {top - row * height} m {60 + across} {top - row * height} l S\n" for row in range(len(rows) + 1)
    )
    content += "".join(
        f"{60 + column * width} {top} m {60 + column * width} {top - down} l S\n"
        for column in range(len(rows[0]) + 1)
    )
    for row, cells in enumerate(rows):
        for column, cell in enumerate(cells):
            content += shown(65 + column * width, top - row * height - 20, cell)
    return content


@pytest.mark.timeout(900)
@pytest.mark.usefixtures("chinese_font")
def test_ruled_tables_become_rows_with_their_heads() -> None:
    table = ruled([["岗位", "人数", "性别"], ["护士", "3", "不限"], ["司机", "2", "男"]], 700)
    document = read(
        drawn(shown(60, 760, "一、招聘岗位如下表。") + table + shown(60, 560, "二、报名自公告之日起。")),
        "x.pdf",
    )
    assert document.text.split("\n") == [
        "一、招聘岗位如下表。", "岗位：护士；人数：3；性别：不限", "岗位：司机；人数：2；性别：男", "二、报名自公告之日起。",
    ]  # fmt: skip
    assert any("1 个有框线的表格" in note for note in document.notes)


def test_slanted_watermarks_are_left_out() -> None:
    content = shown(60, 700, "第一条 水印不是正文。") + shown(150, 300, "内部资料", "0.7 0.7 -0.7 0.7")
    document = read(drawn(content), "x.pdf")
    assert document.text == "第一条 水印不是正文。"
    assert any("斜排" in note for note in document.notes)


def test_what_stands_on_every_page_at_one_place_is_left_out() -> None:
    mark: Place = (250, 400, 30, "征求意见稿")
    pages = [[*page([f"第{number}条 本条是这一页的正文。"]), mark] for number in "一二三四"]
    text = read(pdf(pages), "x.pdf").text
    assert "征求意见稿" not in text
    assert text.count("正文") == 4


def test_a_running_foot_of_two_pages_is_left_out_though_a_scan_moved_it() -> None:
    pages = [
        [
            *page([f"第{number}条 本条是这一页的正文。"] + ["本页还有别的话。"] * 8),
            (250.0 + shift, 40 + shift, 12, "讨论用"),
        ]
        for number, shift in (("一", 0), ("二", 3))
    ]
    text = read(pdf(pages), "x.pdf").text
    assert "讨论用" not in text
    assert text.count("正文") == 2


class Sees:
    def recognise(self, picture: Image.Image) -> Sequence[RecognisedLine]:
        return [RecognisedLine("第二条 这一页是扫描的图像，没有文字层。", 300, 300, 1400, 340, 0.9)]


def picture_pdf(count: int = 1) -> bytes:
    pictures = [Image.new("L", (830, 1170), 255) for _ in range(count)]
    for picture in pictures:
        ImageDraw.Draw(picture).rectangle((100, 100, 300, 140), fill=0)
    buffer = io.BytesIO()
    pictures[0].save(buffer, "PDF", save_all=True, append_images=pictures[1:], resolution=100)
    return buffer.getvalue()


def test_scanned_pages_are_recognised() -> None:
    told: list[tuple[int, int]] = []
    means = Means(engine=Sees, progress=lambda done, total: told.append((done, total)))
    document = read(picture_pdf(2), "扫描.pdf", means=means)
    assert [found.page for found in document.recognised] == [1, 2]
    assert told == [(1, 2), (2, 2)]
    assert any("识别文本，须人工核对" in note for note in document.notes)


def test_scans_without_an_engine_are_refused() -> None:
    with pytest.raises(DocumentError) as refusal:
        read(picture_pdf(), "扫描.pdf", means=Means(engine=no_engine))
    assert refusal.value.code == "E129"


def test_written_pages_are_not_recognised() -> None:
    document = read(
        pdf([page(["第一条 这一页有文字层，用不着识别。"])]), "x.pdf", means=Means(engine=no_engine)
    )
    assert document.recognised == ()

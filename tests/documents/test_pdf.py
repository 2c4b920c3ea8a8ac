from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

from assessment.documents import read
from assessment.documents.formats.joining import glue
from assessment.documents.radicals import ordinary

from .builders import Place, page, pdf, wrapped

PARAGRAPHS = [
    "第一条 为了检验固定宽度的换行能不能恢复成完整的段落，并且不把下一条的内容接进来，编写这一条。",
    "第二条 这一条有两款，第一款比较长，长到需要占用两行以上的位置，这样才能看出接续是否正确。",
    "第二款单独成段，它的开头缩进两个字，所以不会被接到上一款的后面去，哪怕上一款正好写满一行。",
    "第三条 违反本规定第二条、第十条规定的，由主管部门责令改正；引用的条文落在行首时也不当作新的条文。",
    "第四条 本规定自公布之日起施行。",
]
WIDTH = 26


def running_head(number: int) -> list[Place]:
    return [(200, 815, 9, "某市人民政府文件"), (290, 30, 10, f"— {number} —")]


def paged() -> bytes:
    lines = wrapped(PARAGRAPHS, WIDTH)
    pages = [
        ["\u3000\u3000\u3000\u3000\u3000\u3000\u3000\u3000某市测试规定", *lines[:4]],
        lines[4:8],
        lines[8:],
    ]
    return pdf([page(content) + running_head(number) for number, content in enumerate(pages, 1)])


def test_broken_lines_are_joined_and_running_heads_removed() -> None:
    document = read(paged(), "x.pdf")
    assert document.text.split("\n") == ["某市测试规定", *PARAGRAPHS]
    assert [clause.label for clause in document.clauses if clause.kind == "article"] == [
        "第一条", "第二条", "第三条", "第四条",
    ]  # fmt: skip


def test_clauses_know_their_page() -> None:
    document = read(paged(), "x.pdf")
    assert [clause.page for clause in document.units] == [1, 1, 2, 3]
    assert document.clause("a2.k2").page == 2


def test_radicals_become_ordinary_characters_and_punctuation_stays() -> None:
    document = read(
        pdf([page(["第⼀条 ⼥⼯应当受到保护，⾦额（１）元。", "第⼆条 ⻅本办法附则规定。"])]), "x.pdf"
    )
    assert document.text == "第一条 女工应当受到保护，金额（１）元。\n第二条 见本办法附则规定。"


def test_radical_table_keeps_length_and_leaves_the_rest() -> None:
    sample = "".join(map(chr, (*range(0x2E80, 0x2FE0), *range(0xF900, 0xFB00))))
    assert len(ordinary(sample)) == len(sample)
    assert ordinary("（１）：Ａ①㈠“”　") == "（１）：Ａ①㈠“”　"


def test_page_without_text_is_mentioned() -> None:
    document = read(pdf([page([PARAGRAPHS[0][:30], PARAGRAPHS[1][:30]]), []]), "x.pdf")
    assert any(note.startswith("第 2 页几乎没有文字") for note in document.notes)


def test_latin_words_get_their_space_back() -> None:
    assert glue("采用 open", "data 标准") == "采用 open data 标准"
    assert glue("二〇二", "六年") == "二〇二六年"


def test_many_threads_read_at_once() -> None:
    data = paged()
    with ThreadPoolExecutor(6) as pool:
        texts = list(pool.map(lambda _: read(data, "x.pdf").text, range(24)))
    assert len(set(texts)) == 1

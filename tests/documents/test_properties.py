"""What holds for every document, whatever the bytes."""

from __future__ import annotations

import random
import time
from contextlib import suppress
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assessment.documents import Document, from_json, read, to_json
from assessment.documents.numerals import counting
from assessment.messages import DocumentError

from .builders import page, pdf, word

HEADS = (
    "第{n}条 ", "第{n}条", "第{n}条之一 ", "第{n}章 ", "第{n}节　", "第{n}编 ", "（{n}）", "({n})", "{n}、", "{d}.", "{d}、",
    "（{d}）", "①", "目　录", "附件{d}：", "附则", "", "　　", "“第{n}条 ", "| a | b |", "# ",
)  # fmt: skip
TAILS = (
    "应当平等对待妇女和儿童。", "总则", "下列情形：", "违反第三条、", "规定的", "；", "2026年3月1日", "某市人民政府", "为了测试，制定。",
    "内容 第{n}条 乙。", "", "……12", "会议通过", "”", "甲，乙：丙；丁。", "主要目标：",
)  # fmt: skip


@st.composite
def lines(draw: st.DrawFn) -> str:
    value = draw(st.integers(min_value=1, max_value=130))
    text = draw(st.sampled_from(HEADS)) + draw(st.sampled_from(TAILS))
    return text.format(n=counting(value), d=value)


drafts = st.lists(st.one_of(lines(), st.text(max_size=12)), max_size=40).map("\n".join)


def check(document: Document) -> None:
    for clause in document.clauses:
        assert document.text[clause.start : clause.end] == clause.text
        assert clause.text.strip()
        assert clause.label
        assert clause.path
    ids = [clause.id for clause in document.clauses]
    assert len(set(ids)) == len(ids)
    assert all(first.start <= second.start for first, second in pairwise(document.clauses))
    units = document.units
    assert units
    assert all(first.end <= second.start for first, second in pairwise(units))
    seen: set[str] = set()
    for clause in document.clauses:
        assert clause.parent is None or clause.parent in seen
        seen.add(clause.id)
    assert from_json(to_json(document)) == document


def uncovered(document: Document) -> str:
    """The text that no clause covers, without white space."""
    covered = bytearray(len(document.text))
    for clause in document.clauses:
        covered[clause.start : clause.end] = b"\1" * (clause.end - clause.start)
    return "".join(
        character
        for character, done in zip(document.text, covered, strict=True)
        if not done and character.strip()
    )


@settings(max_examples=300, deadline=None)
@given(drafts)
def test_every_draft_keeps_its_offsets(draft: str) -> None:
    try:
        document = read(draft.encode("utf-8", "ignore"), "x.txt")
    except DocumentError:
        return
    check(document)


@settings(max_examples=200, deadline=None)
@given(st.lists(lines(), min_size=1, max_size=30))
def test_all_text_but_the_title_belongs_to_a_clause(draft: list[str]) -> None:
    try:
        document = read("\n".join(["测试条例", *draft]).encode(), "x.txt")
    except DocumentError:
        return
    left = uncovered(document).replace("\u200b", "")
    assert left in "".join(document.title.split()) or left.startswith("测试条例")


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=400), st.sampled_from(["", "%PDF-1.4\n", "PK\x03\x04", "<html>", "{\\rtf"]))
def test_random_bytes_raise_only_document_errors(data: bytes, head: str) -> None:
    try:
        document = read(head.encode("latin-1") + data, "x.docx")
    except DocumentError:
        return
    check(document)


SAMPLES = {
    "docx": word(["测试条例", "第一条 甲：", "（一）乙。", "第二条 丙。"]),
    "pdf": pdf([page(["第一条 为了检验损坏的文件，编写这一条。", "第二条 到此为止。"])]),
    "html": "<html><body><p>第一条 甲。</p><table><tr><td>一</td><td>二</td></tr></table></body></html>".encode(),
    "txt": "测试条例\n第一条 甲。\n第二条 乙。".encode("gb18030"),
}


@pytest.mark.parametrize("kind", SAMPLES)
def test_damaged_files_raise_only_document_errors(kind: str) -> None:
    chance = random.Random(20260)
    for _ in range(150):
        data = bytearray(SAMPLES[kind])
        for _ in range(chance.choice([1, 3, 20])):
            data[chance.randrange(len(data))] = chance.randrange(256)
        if chance.random() < 0.3:
            del data[chance.randrange(len(data)) :]
        try:
            document = read(bytes(data), f"x.{kind}")
        except DocumentError:
            continue
        check(document)


def test_stored_document_that_was_changed_is_refused() -> None:
    stored = to_json(read("第一条 甲。".encode(), "x.txt"))
    for damaged in (
        "",
        "[]",
        "{}",
        stored[:-2],
        stored.replace("甲", "乙", 1),
        stored.replace('"version": 1', '"version": 9'),
    ):
        with pytest.raises(DocumentError) as refusal:
            from_json(damaged)
        assert refusal.value.code == "E124"


def long_draft(count: int) -> bytes:
    body = "".join(
        f"第{counting(n)}条 有关单位应当依法履行职责，并接受监督：\n（一）公开信息；\n（二）听取意见。\n违反前款规定的，责令改正。\n"
        for n in range(1, count + 1)
    )
    return f"测试条例\n{body}".encode()


def best_of(tries: int, data: bytes) -> float:
    taken = []
    for _ in range(tries):
        started = time.process_time()
        read(data, "x.txt")
        taken.append(time.process_time() - started)
    return min(taken)


def test_four_hundred_articles_take_less_than_a_tenth_of_a_second() -> None:
    assert best_of(5, long_draft(400)) < 0.1


def test_time_grows_with_the_text() -> None:
    assert best_of(3, long_draft(1600)) < 10 * best_of(3, long_draft(400))


@pytest.mark.parametrize(
    "line",
    [
        "第一条 甲。",
        "一、甲。",
        "第一章 甲",
        "“",
        "（一）",
        "某市人民政府",
        "2026年3月1日",
        "|a|b|",
        "“第一条",
        "目录",
    ],
)
def test_repeated_lines_stay_fast(line: str) -> None:
    started = time.process_time()
    with suppress(DocumentError):
        read("\n".join([line] * 8_000).encode(), "x.txt")
    assert time.process_time() - started < 4


@pytest.mark.parametrize("sign", "第一条 （.附件：2年月日政府|*#<“")
def test_one_long_line_stays_fast(sign: str) -> None:
    started = time.process_time()
    with suppress(DocumentError):
        read((sign * 200_000).encode(), "x.txt")
    assert time.process_time() - started < 4

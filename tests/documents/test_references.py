from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assessment.documents import read
from assessment.documents.references import references

OTHER = [
    ("依照《云川省托育条例》第八条处罚。", [("《云川省托育条例》第八条", "云川省托育条例", "第八条", 8)]),
    ("依照《甲法》第八条、第九条第二款执行。", [("《甲法》第八条", "甲法", "第八条", 8), ("第九条第二款", "甲法", "第九条第二款", 9)]),
    ("依照《甲法》第八条第一款、第二款执行。", [("《甲法》第八条第一款", "甲法", "第八条第一款", 8), ("第二款", "甲法", "第二款", 8)]),
    ("依照《甲法》（以下简称甲法）的第八条执行。", [("《甲法》（以下简称甲法）的第八条", "甲法", "第八条", 8)]),
    ("《甲法》第八条已有规定，同法第十条也是。", [("《甲法》第八条", "甲法", "第八条", 8), ("同法第十条", "甲法", "第十条", 10)]),
    ("根据《甲法》制定。", [("《甲法》", "甲法", "", None)]),
    ("依照行政处罚法第五条处罚。", [("行政处罚法第五条", "行政处罚法", "第五条", 5)]),
    ("依照《甲法》第十二条之一处理。", [("《甲法》第十二条之一", "甲法", "第十二条之一", 12)]),
    ("凭《出生医学证明》办理。", []),
    ("参加第三届运动会的第一名学生。", []),
]  # fmt: skip


@pytest.mark.parametrize(("sentence", "expected"), OTHER)
def test_other_laws(sentence: str, expected: list[tuple[str, str, str, int | None]]) -> None:
    document = read(f"测试办法\n第一条 {sentence}\n第二条 自公布之日起施行。".encode(), "x.txt")
    found = references(document)
    assert [(document.text[r.start : r.end], r.law, r.place, r.article) for r in found] == expected
    assert {r.kind for r in found} <= {"other"}
    assert {r.clause for r in found} <= {"a1"}
    assert all(r.target is None for r in found)


INSIDE = """测试条例
第一章 总则
第一条 甲。
第二条 有下列行为之一的，责令改正：
（一）乙；
（二）丙。
{}
第三条 丁。
第三条之一 戊。
第二章 附则
第四条 己。"""


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("前款规定的行为。", [("前款", "relative", "a2.k1")]),
        ("前款第一项、第二项的行为。", [("前款第一项", "relative", "a2.k1.x1"), ("第二项", "relative", "a2.k1.x2")]),
        ("本条第一款第（二）项的行为。", [("本条第一款第（二）项", "relative", "a2.k1.x2")]),
        ("前条规定的单位。", [("前条", "relative", "a1")]),
        ("违反第一款、第二款的。", [("第一款", "relative", "a2.k1"), ("第二款", "relative", "a2.k2")]),
        ("违反本条例第三条的。", [("本条例第三条", "own", "a3")]),
        ("违反本条例第三条之一的。", [("本条例第三条之一", "own", "a3-1")]),
        ("违反第二条第一款第二项的。", [("第二条第一款第二项", "own", "a2.k1.x2")]),
        ("依照第二章办理。", [("第二章", "own", "c2")]),
        ("违反本条例第一条和第三条至第四条的。", [("本条例第一条", "own", "a1"), ("第三条至第四条", "own", "a3")]),
        ("违反第九十九条的。", [("第九十九条", "own", None)]),
    ],
)  # fmt: skip
def test_places_in_the_document_itself(sentence: str, expected: list[tuple[str, str, str | None]]) -> None:
    document = read(INSIDE.format(sentence).encode(), "x.txt")
    found = references(document)
    assert [(document.text[r.start : r.end], r.kind, r.target) for r in found] == expected


def test_range_names_its_last_article() -> None:
    document = read(INSIDE.format("违反第一条至第四条的。").encode(), "x.txt")
    assert [(r.article, r.until) for r in references(document)] == [(1, 4)]


def test_second_paper_cites_its_own_articles() -> None:
    draft = "甲通知\n附件1\n甲办法\n第一条 甲。\n第二条 依照第一条。\n附件2\n乙办法\n第一条 乙。\n第二条 依照第一条。"
    assert [r.target for r in references(read(draft.encode(), "x.txt"))] == ["a1", "a1_2"]


def test_numbers_of_articles_are_no_citations() -> None:
    draft = "甲决定\n一、增加一条，作为第四条：\n“第四条　托育机构应当公示收费。\n第五条　另行规定。”\n二、删去第九条。"
    document = read(draft.encode(), "x.txt")
    assert [r.place for r in references(document)] == ["第四条", "第九条"]


@settings(max_examples=200, deadline=None)
@given(
    st.lists(
        st.sampled_from(
            [
                "《甲法》",
                "第八条",
                "第二款",
                "（二）",
                "前款",
                "本条例",
                "、",
                "和",
                "至",
                "同法",
                "按照",
                "条",
                "《",
            ]
        ),
        min_size=1,
        max_size=25,
    )
)
def test_offsets_lie_in_their_clause(pieces: list[str]) -> None:
    document = read(f"测试条例\n第一条 按{''.join(pieces)}\n第二条 前款。".encode(), "x.txt")
    for reference in references(document):
        unit = document.clause(reference.clause)
        assert unit.start <= reference.start < reference.end <= unit.end


@pytest.mark.shared
def test_own_citations_of_real_regulations_are_found(shared: Path) -> None:
    """Nearly every article and paragraph a regulation cites of itself exists, so the target is known."""
    counts: Counter[bool] = Counter()
    for path in sorted((shared / "laws").glob("*/*.txt"))[::12]:
        document = read(path.read_bytes(), path.name)
        counts.update(r.target is not None for r in references(document) if r.kind != "other")
    assert counts[True] >= 500
    assert counts[True] >= 0.99 * counts.total()

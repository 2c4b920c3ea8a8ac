from __future__ import annotations

import pytest

from assessment.documents import Document, read
from assessment.documents.attachments import attachments

from .test_outline_cases import CASES, SEPARATOR

SIGNED = "石桥县教育局\n2026年4月20日\n"


def paper(above: str, below: str = "") -> Document:
    return read(f"石桥县教育局公告\n一、招聘教师，岗位见附件。\n{above}{SIGNED}{below}".encode(), "x.txt")


def test_attachments_listed_and_held() -> None:
    draft = (CASES / "attachments.txt").read_text("utf-8").split(SEPARATOR)[0]
    document = read(draft.encode(), "x.txt")
    found = attachments(document)
    assert [(a.label, a.title, a.listed, a.clause) for a in found] == [
        ("附件1", "石桥县公共场所母婴室建设标准", True, "f1"),
        ("附件2", "验收评分表", True, "f2"),
        ("附件3", "责任分工", True, "f3"),
    ]
    assert document.text[found[2].start : found[2].end].split()[0] == "第一条"
    assert found[0].end == document.clause("f2").start


@pytest.mark.parametrize(
    ("above", "titles"),
    [
        ("附件：岗位表\n", [("附件", "岗位表")]),
        ("附件：1.岗位表\n2.报名表\n", [("附件1", "岗位表"), ("附件2", "报名表")]),
        ("附件：1、岗位表\n　　　2、报名表\n", [("附件1", "岗位表"), ("附件2", "报名表")]),
        ("附件1.岗位表\n附件2.报名表\n", [("附件1", "岗位表"), ("附件2", "报名表")]),
        ("附件：\n1.岗位表\n2.报名表\n", [("附件1", "岗位表"), ("附件2", "报名表")]),
        ("", []),
    ],
)
def test_attachments_only_listed(above: str, titles: list[tuple[str, str]]) -> None:
    document = paper(above)
    found = attachments(document)
    assert [(a.label, a.title) for a in found] == titles
    assert all(a.listed and a.clause is None for a in found)
    assert [unit.label for unit in document.units] == ["一、"]


def test_attachment_that_is_not_listed() -> None:
    found = attachments(paper("", "附件1\n岗位表\n第一条 语文教师。\n"))
    assert [(a.label, a.title, a.listed) for a in found] == [("附件1", "岗位表", False)]


def test_numbering_of_each_attachment_has_ids_of_its_own() -> None:
    document = paper("附件：1.甲\n2.乙\n", "附件1\n甲\n一、甲一。\n附件2\n乙\n一、乙一。\n")
    assert [unit.id for unit in document.units] == ["n1", "f1.n1", "f2.n1"]
    assert [unit.path[0] for unit in document.units[1:]] == ["附件1", "附件2"]

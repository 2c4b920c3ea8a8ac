from __future__ import annotations

import pytest

from assessment.documents.markers import match


@pytest.mark.parametrize(
    ("line", "kind", "label", "number"),
    [
        ("第十二条 为了", "article", "第十二条", 12),
        ("第十二条\u3000为了", "article", "第十二条", 12),
        ("第十二条为了", "article", "第十二条", 12),
        ("第 十 二 条 为了", "article", "第十二条", 12),
        ("第十二条", "article", "第十二条", 12),
        ("第十二条【适用范围】本条例", "article", "第十二条", 12),
        ("第12条 为了", "article", "第12条", 12),
        ("第一○五条 为了", "article", "第一○五条", 105),
        ("第十二条之一 为了", "article", "第十二条之一", 12),
        ("第二章\u3000总\u3000则", "chapter", "第二章", 2),
        ("第二章总则", "chapter", "第二章", 2),
        ("第 二 章  总则", "chapter", "第二章", 2),
        ("第二章", "chapter", "第二章", 2),
        ("第三节 卫生、健康", "section", "第三节", 3),
        ("第一编 总则", "part", "第一编", 1),
        ("第二分编 典型合同", "subpart", "第二分编", 2),
        ("附\u3000则", "chapter", "附则", 0),
        ("（三）其他", "bracket", "（三）", 3),
        ("(十一)其他", "bracket", "(十一)", 11),
        ("㈢其他", "bracket", "㈢", 3),
        ("1.其他", "digit", "1.", 1),
        ("1．其他", "digit", "1．", 1),
        ("1、其他", "digit", "1、", 1),
        ("（1）其他", "digit_bracket", "（1）", 1),
        ("1）其他", "digit_bracket", "1）", 1),
        ("③其他", "circle", "③", 3),
        ("一、总体要求", "comma", "一、", 1),
        ("十二、附则", "comma", "十二、", 12),
    ],
)
def test_match(line: str, kind: str, label: str, number: int) -> None:
    marker = match(line)
    assert marker is not None
    assert (marker.kind, marker.label, marker.number) == (kind, label, number)


@pytest.mark.parametrize(
    "line",
    [
        "第十条第二款规定的",
        "第十条、第十一条所列",
        "第十条规定的条件",
        "第十条所称儿童",
        "第十条的规定",
        "第三章规定的措施，由",
        "第七节相应改为第八节，其余不变。",
        "第二届人民代表大会",
        "1.5米以下的儿童免票",
        "2026年起施行",
        "一、二级公路应当",
        "（以下简称条例）",
        "总则性规定另行制定",
        "",
    ],
)
def test_match_leaves_running_text(line: str) -> None:
    assert match(line) is None


def test_sub_number_orders_between_neighbours() -> None:
    keys = [marker.key for line in ("第三条 甲", "第三条之一 乙", "第四条 丙") if (marker := match(line))]
    assert keys == sorted(keys)
    assert len(keys) == 3


@pytest.mark.parametrize("line", ["（四）项行为的，由主管部门处理", "（二）、（三）项规定的情形"])
def test_a_line_that_goes_on_with_a_cited_item_opens_none(line: str) -> None:
    assert match(line) is None


def test_an_item_on_projects_is_an_item() -> None:
    marker = match("（四）项目申报材料")
    assert marker is not None
    assert marker.number == 4

from __future__ import annotations

import json

import pytest

from assessment.documents import Guess, from_json, read, to_json

BODY = "第一条 为了测试，制定本文件。\n第二条 自公布之日起施行。"


@pytest.mark.parametrize(
    ("draft", "number"),
    [
        (f"石桥县人民政府关于托育的通知\n石政发〔2026〕4号\n{BODY}", "石政发〔2026〕4号"),
        (
            f"石桥县人民政府文件\n石政办发[2026]12号\n石桥县人民政府关于托育的通知\n{BODY}",
            "石政办发[2026]12号",
        ),
        (f"云川市托育管理办法\n（云川市人民政府令第88号）\n{BODY}", "云川市人民政府令第88号"),
        (f"云川市托育管理办法\n{BODY}", None),
        ("云川市托育管理办法\n第一条 依照石政发〔2026〕4号办理。\n第二条 自公布之日起施行。", None),
    ],
)
def test_number(draft: str, number: str | None) -> None:
    guess = read(draft.encode(), "x.txt").number
    assert (guess.value if guess else None) == number


@pytest.mark.parametrize(
    ("draft", "unit", "reason"),
    [
        (f"云川市托育管理办法\n{BODY}\n起草单位：云川市卫生健康委员会", "云川市卫生健康委员会", "文中写明"),
        (f"云川市托育管理办法\n{BODY}\n云川市人民政府办公室\n2026年3月1日", "云川市人民政府办公室", "落款"),
        (f"柳树湾村村规民约\n{BODY}\n柳树湾村村民委员会\n2026年3月1日", "柳树湾村村民委员会", "落款"),
        (f"石桥县人民政府关于托育的规定\n{BODY}", "石桥县人民政府", "标题"),
        (f"石桥县公安局招聘辅警公告\n{BODY}", "石桥县公安局", "标题"),
        (f"云川市第三医院2026年公开招聘公告\n{BODY}", "云川市第三医院", "标题"),
        (f"石桥县人民政府文件\n石政发〔2026〕4号\n托育工作规定\n{BODY}", "石桥县人民政府", "版头"),
        (f"云川市托育条例\n（2026年3月1日云川市第六届人民代表大会常务委员会第九次会议通过）\n{BODY}", "云川市人民代表大会常务委员会", "题注"),
    ],
)  # fmt: skip
def test_drafting_unit(draft: str, unit: str, reason: str) -> None:
    guess = read(draft.encode(), "x.txt").drafting_unit
    assert guess is not None
    assert guess.value == unit
    assert reason in guess.reason


def test_nothing_is_guessed_where_nothing_is_said() -> None:
    document = read(f"托育管理办法\n{BODY}".encode(), "x.txt")
    assert document.number is None
    assert document.drafting_unit is None


def test_stored_with_and_without_the_guesses() -> None:
    document = read(f"石桥县人民政府关于托育的规定\n石政发〔2026〕4号\n{BODY}".encode(), "x.txt")
    assert document.number == Guess("石政发〔2026〕4号", "文首有发文字号")
    assert from_json(to_json(document)) == document
    older = json.loads(to_json(document))
    del older["number"], older["drafting_unit"]
    restored = from_json(json.dumps(older))
    assert (restored.number, restored.drafting_unit) == (None, None)
    assert restored.clauses == document.clauses

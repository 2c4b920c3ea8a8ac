"""Reading checklist files: one bad file for each authoring mistake, and what the message must name."""

from __future__ import annotations

from pathlib import Path

import pytest

from assessment.checklists import Checklist, load, load_all, loads
from assessment.messages import ChecklistError

HERE = Path(__file__).parent
GOOD = HERE / "good.yaml"

# file (tests/checklists/bad/<file>.yaml), message number, line, and words the message must hold
MISTAKES = [
    ("missing_top_key", "E305", 1, "issuer"),
    ("missing_item_key", "E305", 15, "guidance"),
    ("missing_example_key", "E305", 25, "fails"),
    ("scale_missing_answer", "E305", 11, "部分符合"),
    ("unknown_top_key", "E306", 6, "author"),
    ("unknown_item_key", "E306", 34, "weight"),
    ("scale_counts_not_applicable", "E306", 14, "不适用"),
    ("duplicate_key", "E304", 18, "criterion"),
    ("not_mapping", "E307", 1, "清单"),
    ("item_not_mapping", "E307", 29, "items[2]"),
    ("text_not_scalar", "E307", 18, "GQ01.question"),
    ("text_is_number", "E307", 3, "title"),
    ("text_is_yes", "E307", 17, "GQ01.criterion"),
    ("basis_not_list", "E307", 8, "basis"),
    ("items_left_blank", "E307", 14, "items"),
    ("no_items", "E308", 14, "items"),
    ("empty_question", "E308", 18, "GQ01.question"),
    ("empty_examples", "E308", 25, "GQ01.examples.meets"),
    ("unknown_lens", "E309", 4, "women"),
    ("unknown_mode", "E309", 5, "short"),
    ("unknown_concern_type", "E309", 22, "no_such_type"),
    ("concern_type_of_other_lens", "E309", 22, "child_privacy"),
    ("unknown_source", "E309", 37, "听说"),
    ("duplicate_id", "E310", 29, "GQ01"),
    ("bad_item_id", "E315", 29, "第二项"),
    ("bad_checklist_id", "E315", 1, "Sample List"),
    ("scale_not_number", "E311", 11, "scale"),
    ("scale_out_of_order", "E311", 11, "scale"),
    ("scale_out_of_range", "E311", 11, "scale"),
    ("bad_date", "E312", 7, "2026-13-01"),
    ("date_in_words", "E312", 7, "二〇二六年一月一日"),
    ("bad_version", "E313", 2, "version"),
    ("version_zero", "E313", 2, "version"),
    ("bad_citation", "E314", 35, "妇女权益保障法43"),
    ("citation_in_digits", "E314", 9, "妇女权益保障法第8条"),
    ("malformed", "E302", 19, "无法理解"),
    ("tab_indent", "E302", 19, "制表符"),
    ("two_documents", "E302", 14, "第二份清单"),
    ("control_character", "E302", 6, "控制字符"),
    ("empty_file", "E302", 1, "空的"),
    ("tag", "E303", 3, "类型标签"),
    ("alias", "E303", 8, "别名"),
    ("alias_bomb", "E303", 1, "别名"),
    ("deep_nesting", "E303", 18, "嵌套"),
]


@pytest.mark.parametrize(("name", "code", "line", "words"), MISTAKES, ids=[row[0] for row in MISTAKES])
def test_load_mistake_names_file_line_and_key(name: str, code: str, line: int, words: str) -> None:
    with pytest.raises(ChecklistError) as caught:
        load(HERE / "bad" / f"{name}.yaml")
    assert caught.value.code == code
    assert f"{name}.yaml" in caught.value.message
    assert f"第 {line} 行" in caught.value.message
    assert words in caught.value.message


def test_load_refuses_other_encodings() -> None:
    with pytest.raises(ChecklistError) as caught:
        load(HERE / "bad" / "not_utf8.yaml")
    assert caught.value.code == "E301"
    assert "not_utf8.yaml" in caught.value.message


def test_every_bad_file_is_listed() -> None:
    listed = {row[0] for row in MISTAKES} | {"not_utf8"}
    assert {path.stem for path in (HERE / "bad").glob("*.yaml")} == listed


def test_load_good_file() -> None:
    checklist = load(GOOD)
    assert (checklist.id, checklist.version, checklist.lens, checklist.mode) == (
        "sample",
        1,
        "gender",
        "quick",
    )
    assert checklist.valid_from.isoformat() == "2026-01-01"
    assert checklist.scale == {"符合": 100, "部分符合": 50, "不符合": 0}
    assert checklist.groups == ("甲 程序", "乙 内容")
    item = checklist.item("GQ02")
    assert item.sources == ("正文", "附件")
    assert item.basis == ("妇女权益保障法第四十三条第（一）项",)
    assert len(item.concern_types) == 15
    assert item.fails == ("岗位限男性。",)


def test_loads_pinned_text_is_the_file() -> None:
    assert loads(GOOD.read_text(encoding="utf-8"), "案卷所附清单") == load(GOOD)


def test_load_accepts_a_byte_order_mark(tmp_path: Path) -> None:
    path = tmp_path / "bom.yaml"
    path.write_bytes(b"\xef\xbb\xbf" + GOOD.read_bytes())
    assert load(path).id == "sample"


def test_item_unknown_is_refused() -> None:
    with pytest.raises(ChecklistError, match=r"E321.*GQ99"):
        load(GOOD).item("GQ99")


def _copy(folder: Path, name: str, version: int) -> Checklist:
    text = GOOD.read_text(encoding="utf-8").replace("version: 1", f"version: {version}")
    (folder / name).write_text(text, encoding="utf-8")
    return loads(text, name)


def test_load_all_keeps_every_version(tmp_path: Path) -> None:
    second, first = _copy(tmp_path, "a.yaml", 2), _copy(tmp_path, "b.yaml", 1)
    assert load_all(tmp_path) == (first, second)


def test_load_all_refuses_the_same_version_twice(tmp_path: Path) -> None:
    _copy(tmp_path, "a.yaml", 1)
    _copy(tmp_path, "b.yaml", 1)
    with pytest.raises(ChecklistError, match=r"E316.*b\.yaml.*a\.yaml"):
        load_all(tmp_path)

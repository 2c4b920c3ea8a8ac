"""The page of the office's own models, without a browser."""

from __future__ import annotations

import json
import re
import shutil

import pytest

from assessment.paths import MODELS
from assessment.screening.model_file import load_classifier
from assessment.training.office_run import State, write_state
from assessment.training.office_shelf import COMPARISON_FILE
from tests.offices import Office
from tests.web.conftest import Visit, press, said

SIDE = {
    "relevance": [40, 44, 50],
    "concern": [6, 8, 12],
    "kind": 0.5,
    "type": 0.4,
    "false_flags": 2,
    "negatives": 40,
}


def with_decisions(office: Office) -> str:
    """A case with everything decided: concerns of the child lens excluded, the rest confirmed."""
    case_id = office.receive()
    for view in office.bench.case(office.officer, case_id).findings:
        seen = office.bench.case(office.officer, case_id).seen
        excluded = view.finding.lens == "child" and view.kind == "concern"
        office.bench.decide_finding(
            office.officer,
            case_id,
            view.finding.id,
            "excluded" if excluded else "confirmed",
            seen,
            reason="属于禁止性、保障性规定" if excluded else "",
        )
    return case_id


def with_model(office: Office, case_id: str) -> None:
    """A finished model with its comparison."""
    shelf = office.bench.shelf
    made = shelf.folder / "run" / "made"
    made.parent.mkdir(parents=True)
    shutil.copytree(MODELS, made, ignore=shutil.ignore_patterns("*.md"))
    flag = {"case": case_id, "version": 1, "title": "柳溪村村规民约", "start": 0, "lens": "child"}
    comparison = {
        "made": "2026-11-20T01:00:00+00:00",
        "by": office.secretary.id,
        "identity": load_classifier(made).identity,
        "against": "",
        "counts": {"clauses": 3, "families": 1},
        "drafts": 1,
        "quality": [
            {"on": on, "lens": lens, "clauses": 60, "old": SIDE, "new": {**SIDE, "concern": [0, 0, 0]}}
            for on in ("corpus", "decisions")
            for lens in ("gender", "child")
        ],
        "flags": [
            {**flag, "unit": "a5", "place": "第五条", "quote": "其子女不得享受", "old": ["guardian_fault_transfer"], "new": []},
            {**flag, "unit": "a4", "place": "第四条", "quote": "垃圾分类投放", "old": [], "new": ["child_privacy"]},
        ],
    }  # fmt: skip
    (made / COMPARISON_FILE).write_text(json.dumps(comparison, ensure_ascii=False), encoding="utf-8")
    shelf.put(made)


@pytest.mark.parametrize("who", ["officer", "expert", "observer"])
def test_the_page_is_not_there_for_others(office: Office, visit: Visit, who: str) -> None:
    with pytest.raises(ValueError, match="navigation page"):
        visit(getattr(office, who), "learning")


@pytest.mark.parametrize("who", ["chief", "secretary"])
def test_an_empty_office_is_told_what_to_do(office: Office, visit: Visit, who: str) -> None:
    at = visit(getattr(office, who), "learning")
    assert not at.exception
    assert "随程序发布的模型" in "".join(element.value for element in at.html)
    press(at, "用本单位的处理结果重新训练")
    assert any(error.value.startswith("E561") for error in at.error)


def test_decisions_comparison_and_live_quality_are_shown_in_chinese(office: Office, visit: Visit) -> None:
    case_id = with_decisions(office)
    with_model(office, case_id)
    at = visit(office.secretary, "learning")
    assert not at.exception
    kinds = {metric.label: metric.value for metric in at.metric}
    assert kinds["排除"] == "1"
    assert kinds["可用于训练的条款"] == "3"
    quality, flags, live = (frame.value for frame in at.dataframe)
    assert list(quality["疑似问题：标得对"])[:2] == ["6/8（75%）", "—"]
    assert list(flags["增减"]) == ["不再标注", "新增"]
    assert list(flags["人的处理"]) == ["已排除", "—"]
    assert set(flags["查看"]) == {f"/review?case={case_id}"}
    row = live[live["类型"] == "监护人责任转嫁儿童"].iloc[0]
    assert (row["排除"], row["确认率"]) == (1, "0/1（0%）")
    shown = "\n".join(
        [said(at), quality.to_string(), flags.drop(columns="查看").to_string(), live.to_string()]
    )
    words = re.findall(r"[A-Za-z]{4,}", re.sub(r":material/\w+:", "", shown))
    assert set(words) <= {"secretary"}


def test_putting_in_use_needs_reason_and_confirmation_and_can_be_undone(office: Office, visit: Visit) -> None:
    with_model(office, with_decisions(office))
    at = visit(office.secretary, "learning")
    press(at, "启用")
    assert any("先勾选" in error.value for error in at.error)
    at.checkbox[0].set_value(True)
    press(at, "启用")
    assert any(error.value.startswith("E505") for error in at.error)
    next(field for field in at.text_input if field.label == "理由").set_value("误标少")
    at.checkbox[0].set_value(True)
    press(at, "启用")
    assert not at.exception
    assert office.bench.learning(office.secretary).in_use == "0001"
    at = visit(office.secretary, "learning")
    next(field for field in at.text_input if field.label == "理由").set_value("漏标多")
    at.checkbox[0].set_value(True)
    press(at, "恢复")
    found = office.bench.learning(office.secretary)
    assert [(choice.model, choice.reason) for choice in found.choices] == [("0001", "误标少"), ("", "漏标多")]


def test_a_second_person_who_chooses_on_an_old_page_is_told(office: Office, visit: Visit) -> None:
    with_model(office, with_decisions(office))
    at = visit(office.secretary, "learning")
    next(field for field in at.text_input if field.label == "理由").set_value("误标少")
    at.checkbox[0].set_value(True)
    office.bench.choose_model(office.chief, "0001", "先启用", 0)
    office.bench.choose_model(office.chief, "", "又恢复", 1)
    press(at, "启用")
    assert any(error.value.startswith("E567") for error in at.error)
    assert office.bench.learning(office.secretary).in_use == ""


def test_a_failed_run_says_why(office: Office, visit: Visit) -> None:
    shelf = office.bench.shelf
    shelf.run.mkdir(parents=True)
    write_state(
        shelf, State("running", 2, 5, "训练候选模型", "2026-11-20T01:00:00+00:00", office.secretary.id)
    )
    at = visit(office.secretary, "learning")
    assert not at.exception
    assert any(error.value.startswith("E562") for error in at.error)

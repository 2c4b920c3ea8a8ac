"""Decisions become labelled clauses; near-copies are found; models are chosen one at a time and never half."""

from __future__ import annotations

import json
import shutil
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from assessment.messages import ScreeningError, TrainingError
from assessment.paths import MODELS, models_in_use
from assessment.training.dataset import read_corpus, read_examples
from assessment.training.office import EXCLUDED_AS, Decision, Reviewed, collect, with_domains, write_examples
from assessment.training.office_near import Near, grams, read_reserved, write_reserved
from assessment.training.office_shelf import COMPARISON_FILE, SHIPPED, Shelf

CLAUSE = "第八条 应聘人员须为未婚女性，试用期内结婚的，用人单位可以解除劳动合同。"
ROOT = Path(__file__).resolve().parents[2]


def decision(
    decided: str = "confirmed",
    kind: str = "concern",
    lens: str = "gender",
    reason: str = "",
    types: tuple[str, ...] = ("marital_status",),
    domains: tuple[str, ...] = ("economy",),
    source: str = "proposed",
) -> Decision:
    """One decision, a confirmed concern unless said otherwise."""
    return Decision(lens, decided, kind, types if kind == "concern" else (), domains, reason, source)  # type: ignore[arg-type]


def reviewed(*decisions: Decision, text: str = CLAUSE, case: str = "c1", at: str = "2026-11-01") -> Reviewed:
    """A unit with its decisions."""
    return Reviewed(case, text, at, decisions)


@pytest.mark.parametrize(
    ("decisions", "kind", "types"),
    [
        ([decision()], "concern", ("marital_status",)),
        ([decision(kind="protective")], "protective", ()),
        ([decision("excluded")], "relevant", ()),
        ([decision("excluded", reason="法定范围内的特殊保护；见条文")], "protective", ()),
        ([decision("excluded", reason="援引上位法或照录法定内容")], "relevant", ()),
        ([decision("excluded", reason="与性别、儿童无关")], "none", ()),
        ([decision("excluded", kind="relevant", reason="写错了")], "none", ()),
        ([decision(), decision("excluded", reason="与性别、儿童无关")], "concern", ("marital_status",)),
        ([decision(), decision(types=("direct_restriction",), source="added")], "concern", ("marital_status", "direct_restriction")),
        ([decision("excluded"), decision(kind="protective")], "protective", ()),
    ],
)  # fmt: skip
def test_what_decisions_make_of_a_clause(
    decisions: list[Decision], kind: str, types: tuple[str, ...]
) -> None:
    (example,) = collect([reviewed(*decisions)]).examples
    assert (example.labels["gender"].kind, example.labels["gender"].concerns) == (kind, types)
    assert example.labels["child"].kind == "none"
    assert example.family == "c1"


def test_a_clause_with_something_undecided_waits() -> None:
    found = collect([reviewed(decision(), decision("undecided", lens="child", types=("child_privacy",)))])
    assert (found.examples, found.waiting) == ((), 1)


def test_an_exclusion_that_contradicts_itself_is_not_used() -> None:
    found = collect([reviewed(decision("excluded", kind="protective", reason="法定范围内的特殊保护"))])
    assert (found.examples, found.unclear) == ((), 1)


def test_every_reason_the_page_offers_says_what_the_clause_is() -> None:
    page = (ROOT / "assessment" / "web" / "app_pages" / "review.py").read_text(encoding="utf-8")
    offered = page.split("EXCLUSIONS = (", 1)[1].split(")", 1)[0]
    reasons = [line.strip().strip('",') for line in offered.splitlines() if line.strip()]
    assert len(reasons) >= 7
    assert set(reasons) == set(EXCLUDED_AS)


def test_decisions_are_counted_by_kind() -> None:
    units = [
        reviewed(decision()),
        reviewed(decision("excluded"), text="另一条款，男女同工同酬。"),
        reviewed(decision(source="retyped"), decision(source="added"), text="第三条款，妇女不得参选。"),
    ]
    assert collect(units).decisions == {"confirmed": 1, "retyped": 1, "excluded": 1, "added": 1}


def test_the_later_decision_on_the_same_words_counts() -> None:
    found = collect(
        [reviewed(decision("excluded"), case="c2", at="2026-11-02"), reviewed(decision(), case="c1")]
    )
    assert [example.labels["gender"].kind for example in found.examples] == ["relevant"]
    assert found.repeated == 1


def test_cases_that_share_a_clause_are_one_family() -> None:
    twin = CLAUSE.replace("第八条", "第九条")
    other = "村民代表会议由村民推选的代表组成，妇女代表应当占三分之一以上。"
    found = collect(
        [
            reviewed(decision(), case="c1"),
            reviewed(decision(), case="c2", text=twin),
            reviewed(decision(), case="c3", text=other),
        ]
    )
    assert found.families == 2
    assert len({example.family for example in found.examples if "试用期" in example.text}) == 1


@pytest.mark.parametrize(
    "measured",
    [
        CLAUSE,
        CLAUSE.replace("第八条 ", "").replace("，", ","),
        "用人单位招用人员的，" + CLAUSE[4:30] + "另行安排岗位，并报人社部门备案后执行。",
    ],
)
def test_nothing_near_a_measured_clause_enters(tmp_path: Path, measured: str) -> None:
    gold = tmp_path / "gold.jsonl"
    none = {"relevant": False, "kind": "none", "domains": [], "concerns": []}
    row = {"id": "g1", "text": measured, "gender": none, "child": none}
    gold.write_text(json.dumps(row, ensure_ascii=False), encoding="utf-8")
    kept = tmp_path / "reserved.json"
    assert write_reserved(gold, kept) == 1
    assert measured[4:12] not in kept.read_text(encoding="utf-8")
    other = "图书馆应当设置母婴室，并免费开放。"
    found = collect([reviewed(decision()), reviewed(decision(), text=other)], read_reserved(kept))
    assert [example.text for example in found.examples] == [other]
    assert found.reserved == 1


def test_unlike_texts_are_not_near() -> None:
    near = Near([grams("县级以上人民政府应当加强对本行政区域内妇女权益保障工作的领导，建立协调机制。")])
    assert near.like("县级以上人民政府应当组织有关部门定期检测水质，公布结果，并接受社会监督。") == []


def test_examples_are_written_as_the_corpus_is(tmp_path: Path) -> None:
    examples = read_corpus()[:20]
    write_examples(examples, tmp_path / "d.jsonl")
    assert read_examples(tmp_path / "d.jsonl") == examples


def test_a_mark_without_domain_gets_the_usual_one() -> None:
    corpus = read_corpus()
    (example,) = collect([reviewed(decision(domains=(), source="added"))]).examples
    (filled,) = with_domains([example], corpus)
    assert len(filled.labels["gender"].domains) == 1
    assert filled.labels["child"].domains == ()


@pytest.fixture
def shelf(tmp_path: Path) -> Shelf:
    """A shelf with one model, a copy of the shipped one."""
    shelf = Shelf(tmp_path)
    made = tmp_path / "made"
    shutil.copytree(MODELS, made)
    (made / COMPARISON_FILE).write_text(json.dumps({"flags": []}), encoding="utf-8")
    assert shelf.put(made) == "0001"
    return shelf


def test_choosing_and_going_back(shelf: Shelf, tmp_path: Path) -> None:
    assert models_in_use(tmp_path) == MODELS
    shelf.choose("0001", "a1", "误标少", 0)
    assert (models_in_use(tmp_path), shelf.in_use()) == (tmp_path / "models" / "0001", "0001")
    shelf.choose(SHIPPED, "a2", "漏标多", 1)
    assert (models_in_use(tmp_path), shelf.in_use()) == (MODELS, SHIPPED)
    assert [(c.actor, c.model, c.reason) for c in shelf.choices()] == [
        ("a1", "0001", "误标少"),
        ("a2", "", "漏标多"),
    ]
    assert shelf.altered() == []


def test_of_many_who_choose_at_once_one_wins(shelf: Shelf) -> None:
    def attempt(number: int) -> str:
        try:
            return shelf.choose("0001", f"a{number}", "试用", 0).actor
        except TrainingError as error:
            return error.code

    with ThreadPoolExecutor(8) as pool:
        outcomes = list(pool.map(attempt, range(8)))
    assert sorted(outcomes)[:7] == ["E567"] * 7
    assert [choice.actor for choice in shelf.choices()] == [max(outcomes, key=lambda name: name[0] == "a")]


@pytest.mark.parametrize(
    ("name", "seen", "code"), [("0002", 0, "E565"), ("0001", 1, "E567"), (SHIPPED, 0, "E568")]
)
def test_a_choice_that_cannot_be_is_refused(shelf: Shelf, name: str, seen: int, code: str) -> None:
    with pytest.raises(TrainingError, match=code):
        shelf.choose(name, "a1", "试用", seen)
    assert shelf.choices() == []


@pytest.mark.parametrize("file", ["screening.skops", "manifest.json"])
def test_a_damaged_model_is_not_chosen(shelf: Shelf, file: str) -> None:
    path = shelf.folder / "0001" / file
    path.write_bytes(path.read_bytes()[:-50])
    with pytest.raises(TrainingError, match="E565"):
        shelf.choose("0001", "a1", "试用", 0)


@pytest.mark.parametrize("file", ["screening.skops", "manifest.json"])
def test_a_model_altered_after_the_choice_is_refused_and_another_can_be_chosen(
    shelf: Shelf, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, file: str
) -> None:
    from assessment.screening import load_engine

    monkeypatch.setenv("ASSESSMENT_DATA", str(tmp_path))
    shelf.choose("0001", "a1", "试用", 0)
    path = shelf.folder / "0001" / file
    path.write_bytes(path.read_bytes() + b" ")
    with pytest.raises(ScreeningError, match="E566"):
        load_engine()
    shelf.choose(SHIPPED, "a1", "模型损坏", 1)
    assert load_engine().identity.model


def test_an_altered_record_shows_and_does_not_lock_the_office_out(shelf: Shelf, tmp_path: Path) -> None:
    shelf.choose("0001", "a1", "试用", 0)
    path = shelf.folder / "choices" / "000001.json"
    path.write_text(path.read_text(encoding="utf-8").replace("试用", "不是我"), encoding="utf-8")
    assert shelf.altered() == [1]
    path.write_text("{", encoding="utf-8")
    with pytest.raises(ScreeningError, match="E566"):
        models_in_use(tmp_path)
    shelf.choose(SHIPPED, "a2", "记录损坏", 1)
    assert models_in_use(tmp_path) == MODELS

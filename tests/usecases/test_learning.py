"""From decisions to a model in use, through the workbench, with a small corpus."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner

from assessment.cli import main
from assessment.messages import NotAllowedError, TrainingError
from assessment.paths import MODELS, models_in_use
from assessment.records.accounts import Account
from assessment.records.backup import backup, restore
from assessment.screening.engine import load_engine
from assessment.training.office_run import State
from assessment.training.office_shelf import COMPARISON_FILE, DECISIONS_FILE, Shelf
from assessment.workbench import Mark
from tests.offices import VILLAGE_RULES, Office
from tests.training.small import write_small_corpus

SECOND = """柳溪村招工启事（征求意见稿）

第一条 本村合作社招用护林员，只招男性，年龄不限。
第二条 女职工在孕期、产期、哺乳期的，合作社不得降低其工资。
第三条 合作社应当做好防火宣传。
"""


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The small corpus."""
    return write_small_corpus(tmp_path_factory.mktemp("corpus"))


@pytest.fixture
def decided(office: Office, monkeypatch: pytest.MonkeyPatch) -> Office:
    """An office with two cases: in the first the child's concern is excluded; everything else is confirmed."""
    monkeypatch.setenv("ASSESSMENT_DATA", str(office.bench.store.folder))
    for text in (VILLAGE_RULES, SECOND):
        case_id = office.receive(text)
        for view in office.bench.case(office.officer, case_id).findings:
            excluded = view.finding.lens == "child" and view.kind == "concern"
            decide(office, case_id, view.finding.id, "excluded" if excluded else "confirmed")
    return office


def decide(office: Office, case_id: str, finding: str, decision: str, reason: str = "") -> None:
    """One decision, with a reason from the list where one is needed."""
    seen = office.bench.case(office.officer, case_id).seen
    reason = reason or ("属于禁止性、保障性规定" if decision == "excluded" else "")
    office.bench.decide_finding(office.officer, case_id, finding, decision, seen, reason=reason)  # type: ignore[arg-type]


def wait(office: Office, until: Callable[[State], bool], seconds: float = 500) -> State:
    """The state of the run once it is as wanted."""
    for _ in range(int(seconds * 5)):
        state = office.bench.training_state(office.secretary)
        assert state is not None
        if until(state):
            return state
        time.sleep(0.2)
    raise AssertionError(state)


def ended(state: State) -> bool:
    """Whether the run is over."""
    return state.condition != "running"


def first_case(office: Office) -> str:
    """The case received first."""
    return str(office.bench.cases(office.officer)[-1]["id"])


def test_decisions_are_collected_on_the_words_they_were_made_on(decided: Office) -> None:
    data = decided.bench.learning(decided.secretary).data
    by_text = {example.text[:3]: example.labels for example in data.examples if "柳溪" not in example.text}
    assert data.decisions["excluded"] == 1
    assert by_text["第五条"]["child"].kind == "protective"
    assert {example.family for example in data.examples} == {
        str(row["id"]) for row in decided.bench.cases(decided.officer)
    }
    texts = [
        decided.bench.case(decided.officer, str(row["id"])).document
        for row in decided.bench.cases(decided.officer)
    ]
    units = {unit.text for document in texts for unit in document.units}
    assert {example.text for example in data.examples} <= units


def test_a_decision_outlives_a_screening_that_no_longer_proposes_it(decided: Office) -> None:
    before = decided.bench.learning(decided.secretary).data
    decided.bench.rescreen(decided.officer, first_case(decided))
    assert decided.bench.learning(decided.secretary).data == before


def test_taking_a_decision_back_takes_the_clause_back(decided: Office) -> None:
    case_id = first_case(decided)
    before = decided.bench.learning(decided.secretary).data
    view = next(v for v in decided.bench.case(decided.officer, case_id).findings if v.finding.lens == "child")
    decide(decided, case_id, view.finding.id, "undecided")
    after = decided.bench.learning(decided.secretary).data
    assert len(after.examples) == len(before.examples) - 1
    assert after.decisions["excluded"] == 0


def test_a_carried_decision_is_counted_once(decided: Office) -> None:
    from assessment.workbench import Incoming

    case_id = first_case(decided)
    before = decided.bench.learning(decided.secretary).data
    seen = decided.bench.case(decided.officer, case_id).seen
    text = VILLAGE_RULES.replace("垃圾分类投放", "垃圾分类投放到点")
    decided.bench.add_version(
        decided.officer, case_id, Incoming(text.encode(), "二稿.txt"), "征求意见", "", seen
    )
    after = decided.bench.learning(decided.secretary).data
    assert (after.decisions, len(after.examples)) == (before.decisions, len(before.examples))
    assert sum(row.decided for row in decided.bench.live_quality(decided.secretary)) == sum(
        before.decisions.values()
    )


def test_live_quality_counts_what_became_of_findings(decided: Office) -> None:
    case_id = first_case(decided)
    case = decided.bench.case(decided.officer, case_id)
    start = case.document.text.index("村民应当保持")
    mark = Mark(start, start + 6, "child", "concern", ("child_privacy",), "hint", "试标")
    decided.bench.add_finding(decided.officer, case_id, mark, case.seen)
    rows = decided.bench.live_quality(decided.secretary)
    by_type = {(row.lens, row.type): row for row in rows}
    excluded = by_type["child", "guardian_fault_transfer"]
    assert (excluded.confirmed, excluded.excluded, excluded.added) == (0, 1, 0)
    added = by_type["child", "child_privacy"]
    assert (added.decided, added.added) == (0, 1)
    assert len({row.month for row in rows}) == 1


@pytest.mark.parametrize("who", ["officer", "expert", "observer"])
def test_only_administrators_and_secretariat(office: Office, who: str, tmp_path: Path) -> None:
    person: Account = getattr(office, who)
    bench = office.bench
    for act in (
        lambda: bench.learning(person),
        lambda: bench.training_state(person),
        lambda: bench.retrain(person),
        lambda: bench.stop_training(person),
        lambda: bench.choose_model(person, "", "理由", 0),
        lambda: bench.live_quality(person),
        lambda: bench.reserve(person, tmp_path / "gold.jsonl"),
        lambda: bench.decisions_on(person, "x", "a1", "gender"),
    ):
        with pytest.raises(NotAllowedError, match="E501"):
            act()


def test_nothing_decided_nothing_trained(office: Office, corpus: Path) -> None:
    with pytest.raises(TrainingError, match="E561"):
        office.bench.retrain(office.secretary, corpus=corpus)
    assert office.bench.training_state(office.secretary) is None


def test_a_choice_needs_a_reason(decided: Office) -> None:
    with pytest.raises(NotAllowedError, match="E505"):
        decided.bench.choose_model(decided.secretary, "0001", "  ", 0)


@pytest.mark.timeout(600)
def test_retrain_compare_promote_and_roll_back(decided: Office, corpus: Path) -> None:
    bench, secretary = decided.bench, decided.secretary
    shipped = load_engine().identity.model
    bench.retrain(secretary, corpus=corpus)
    with pytest.raises(TrainingError, match="E560"):
        bench.retrain(secretary, corpus=corpus)
    assert load_engine().identity.model == shipped
    state = wait(decided, ended)
    assert (state.condition, state.model, state.message) == ("done", "0001", "")
    found = bench.learning(secretary)
    assert found.in_use == ""
    (kept,) = found.models
    rows = kept.comparison["quality"]
    assert {(row["on"], row["lens"]) for row in rows} == {
        (on, lens) for on in ("corpus", "decisions") for lens in ("gender", "child")
    }
    assert {row["clauses"] for row in rows if row["on"] == "decisions"} == {len(found.data.examples)}
    assert kept.comparison["drafts"] == 2
    check_flags(decided, kept.comparison["flags"], bench.shelf.folder / "0001")

    bench.choose_model(secretary, "0001", "误标少", found.seen)
    assert load_engine().identity.model == kept.comparison["identity"] != shipped
    case_id = first_case(decided)
    assert bench.case(decided.officer, case_id).screening.engine.model == shipped
    bench.rescreen(decided.officer, case_id)
    again = bench.case(decided.officer, case_id).screening.engine.model
    assert again == kept.comparison["identity"]
    bench.choose_model(secretary, "", "再看看", 1)
    assert load_engine().identity.model == shipped
    assert [(c.actor, c.model, c.reason) for c in bench.learning(secretary).choices] == [
        (secretary.id, "0001", "误标少"),
        (secretary.id, "", "再看看"),
    ]


def check_flags(office: Office, flags: list[dict[str, object]], made: Path) -> None:
    """Every flag listed is one that screening with the two models really shows, and none is missing."""
    for row in office.bench.cases(office.officer):
        document = office.bench.case(office.officer, str(row["id"])).document
        sides = []
        for engine in (load_engine(), load_engine(made)):
            concerns: dict[tuple[str, str], set[str]] = {}
            for finding in engine.screen(document).findings:
                if finding.kind == "concern":
                    concerns.setdefault((finding.unit, finding.lens), set(finding.types))
            sides.append(concerns)
        old, new = sides
        expected = {key for key in old.keys() | new.keys() if old.get(key) != new.get(key)}
        mine = [flag for flag in flags if flag["case"] == row["id"]]
        assert {(flag["unit"], flag["lens"]) for flag in mine} == expected
        for flag in mine:
            start, quote = int(str(flag["start"])), str(flag["quote"])
            assert document.text[start : start + len(quote)] == quote


def test_a_killed_run_leaves_nothing_half(
    decided: Office, corpus: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pids: list[int] = []
    popen = subprocess.Popen

    def remembered(*args: object, **kwargs: object) -> object:
        process = popen(*args, **kwargs)  # type: ignore[call-overload]
        pids.append(process.pid)
        return process

    monkeypatch.setattr(subprocess, "Popen", remembered)
    decided.bench.retrain(decided.secretary, corpus=corpus)
    wait(decided, lambda state: state.step >= 2 or ended(state))
    os.kill(pids[0], signal.SIGKILL)
    state = wait(decided, ended, 20)
    assert state.condition == "failed"
    assert state.message.startswith("E562")
    found = decided.bench.learning(decided.secretary)
    assert (found.models, found.in_use) == ((), "")
    assert load_engine().identity.model
    decided.bench.retrain(decided.secretary, corpus=corpus)
    decided.bench.stop_training(decided.secretary)
    assert wait(decided, ended, 60).condition == "stopped"
    assert decided.bench.learning(decided.secretary).models == ()


def test_a_run_that_takes_too_long_is_ended(decided: Office, corpus: Path) -> None:
    decided.bench.retrain(decided.secretary, minutes=0, corpus=corpus)
    state = wait(decided, ended, 60)
    assert state.condition == "failed"
    assert state.message.startswith("E563")
    assert decided.bench.learning(decided.secretary).models == ()


def test_measured_clauses_keep_decisions_out(decided: Office, tmp_path: Path) -> None:
    data = decided.bench.learning(decided.secretary).data
    none = {"relevant": False, "kind": "none", "domains": [], "concerns": []}
    gold = tmp_path / "gold.jsonl"
    row = {"id": "g", "text": data.examples[0].text, "gender": none, "child": none}
    gold.write_text(json.dumps(row, ensure_ascii=False), encoding="utf-8")
    assert decided.bench.reserve(decided.secretary, gold) == 1
    after = decided.bench.learning(decided.secretary).data
    assert data.examples[0].text not in {example.text for example in after.examples}
    assert after.reserved == 1


def test_the_commands_say_the_same(decided: Office) -> None:
    folder = str(decided.bench.store.folder)

    def run(*words: str) -> tuple[int, str]:
        result = CliRunner().invoke(main, ["learn", *words, "--data", folder])
        return result.exit_code, result.output

    data = decided.bench.learning(decided.secretary).data
    code, said = run("status", "--by", "secretary")
    assert code == 0
    assert f"可用于训练 {len(data.examples)} 条" in said
    code, said = run("live", "--by", "secretary", "--json")
    assert code == 0
    assert len(json.loads(said)) == len(decided.bench.live_quality(decided.secretary))
    for words, wanted in (
        (["status", "--by", "expert"], "E501"),
        (["status", "--by", "nobody"], "E708"),
        (["compare", "--by", "secretary"], "E565"),
        (["promote", "0001", "--reason", "试用", "--by", "secretary"], "E565"),
        (["rollback", "--reason", "试用", "--by", "secretary"], "E568"),
    ):
        code, said = run(*words)
        assert (code, said[:4]) == (2, wanted)


def test_models_and_choices_are_in_the_backup(decided: Office, tmp_path: Path) -> None:
    store = decided.bench.store
    made = store.folder / "models" / "run" / "made"
    made.parent.mkdir(parents=True)
    shutil.copytree(MODELS, made, ignore=shutil.ignore_patterns("*.md"))
    (made / DECISIONS_FILE).write_text("", encoding="utf-8")
    (made / COMPARISON_FILE).write_text('{"flags": []}', encoding="utf-8")
    decided.bench.shelf.put(made)
    decided.bench.choose_model(decided.secretary, "0001", "误标少", 0)
    backup(store, tmp_path / "b.zip")
    restore(tmp_path / "b.zip", tmp_path / "again")
    assert models_in_use(tmp_path / "again") == tmp_path / "again" / "models" / "0001"
    assert Shelf(tmp_path / "again").choices() == decided.bench.shelf.choices()

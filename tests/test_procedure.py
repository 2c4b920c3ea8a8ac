"""The procedure as a whole: its diagram, every role on every use case in every state, and random walks."""

from __future__ import annotations

import inspect
import re
import shutil
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from assessment import documents, permissions
from assessment.messages import NotAllowedError, WorkbenchError
from assessment.records.accounts import ROLES, Account
from assessment.records.states import MOVES, CaseState, diagram
from assessment.records.store import Store
from assessment.workbench import Description, Incoming, Mark, Paper, Workbench
from tests.conftest import ROOT
from tests.matrix import MATRIX
from tests.offices import PASSWORD, VILLAGE_RULES, Office, open_office
from tests.records.cases import received

UNIT, QUICK = "柳溪村民委员会", "gender-quick"
TEXT = (ROOT / "docs" / "dev" / "procedure.md").read_text(encoding="utf-8")
DRAWN = re.findall(r"```mermaid\n(.*?)```", TEXT, re.DOTALL)[0]
WAYS = {(source, target) for source, target in re.findall(r"^    (\w+) --> (\w+):", DRAWN, re.MULTILINE)}
TOMORROW = date.today() + timedelta(days=1)
NEXT = Incoming(VILLAGE_RULES.replace("三分之一", "二分之一").encode(), "二稿.txt")
ABOUT = Description("柳溪村村规民约", "村规民约", "起草", UNIT)
ACT_OF = {
    "ScreeningDone": "screen",
    "RelevanceDecided": "decide_relevance",
    "SettlementOpened": "open_settlement",
    "SheetReopened": "reopen_sheet",
    "FindingDecided": "decide_finding",
    "OpinionComposed": "write_opinion",
    "CommitteeConvened": "convene_committee",
    "CommitteeDecided": "decide_committee",
    "OpinionSigned": "sign",
    "ReplyClosed": "reply",
    "FollowUpScheduled": "schedule_follow_up",
    "FollowUpRecorded": "record_follow_up",
    "CaseClosed": "close",
    "CaseReopened": "reopen",
    "VersionAdded": "add_version",
}
"""A kind of event to an act that writes it."""

Call = Callable[[Workbench, Account, str, int], object]


def finding(bench: Workbench, actor: Account, case_id: str) -> str:
    """A finding of the case, where it was screened."""
    screened = bench.store.case(case_id)["screening"]
    return bench.case(actor, case_id).findings[0].finding.id if screened else "none"


def paper(bench: Workbench, case_id: str) -> str:
    """The opinion that stands now."""
    return str(bench.store.case(case_id)["opinion"] or "0" * 64)


def advice(bench: Workbench, actor: Account, case_id: str) -> str:
    """A recommendation of the signed opinion."""
    views = bench.replies(actor, case_id)
    return views[0].recommendation if views else "none"


def panel(bench: Workbench, case_id: str) -> str:
    """A member of the panel."""
    return next((row["expert"] for row in bench.store.of_case("panel", case_id)), "none")


MARK = Mark(45, 49, "child", "concern", ("data_gap",), "hint", "补充")
EFFECT = [("影响", "结果", "相符")]
CALLS: dict[str, Call] = {
    "receive": lambda b, a, c, s: b.receive(a, Incoming(VILLAGE_RULES.encode(), "新.txt"), ABOUT),
    "describe": lambda b, a, c, s: b.describe(a, c, ABOUT, s),
    "attach": lambda b, a, c, s: b.attach(a, c, Paper("说明.txt", "起草说明", b"x")),
    "add_version": lambda b, a, c, s: b.add_version(a, c, NEXT, "送审", "", s),
    "rescreen": lambda b, a, c, s: b.rescreen(a, c),
    "decide_relevance": lambda b, a, c, s: b.decide_relevance(a, c, "gender", "key", "理由", s),
    "review_relevance": lambda b, a, c, s: b.review_relevance(a, c, "gender", "none", "理由", s),
    "settle_relevance": lambda b, a, c, s: b.settle_relevance(a, c, "gender", "key", "理由", s),
    "describe_affected": lambda b, a, c, s: b.describe_affected(a, c, "child", [], "", s),
    "appoint": lambda b, a, c, s: b.appoint(a, c, [QUICK], [panel(b, c)], s),
    "choose_checklists": lambda b, a, c, s: b.choose_checklists(a, c, [QUICK], s),
    "answer_self": lambda b, a, c, s: b.answer_self(a, c, QUICK, "GK01", "符合"),
    "submit_self_assessment": lambda b, a, c, s: b.submit_self_assessment(a, c, QUICK, "某人", s),
    "return_self_assessment": lambda b, a, c, s: b.return_self_assessment(a, c, QUICK, "缺", s),
    "request_material": lambda b, a, c, s: b.request_material(a, c, "材料", TOMORROW),
    "answer_material": lambda b, a, c, s: b.answer_material(a, c, "m", "答复", [], s),
    "record_data_gap": lambda b, a, c, s: b.record_data_gap(a, c, "gender", "人数", "分性别"),
    "receive_data": lambda b, a, c, s: b.receive_data(a, c, "d", "3", date.today(), "", s),
    "decide_finding": lambda b, a, c, s: b.decide_finding(a, c, finding(b, a, c), "confirmed", s),
    "add_finding": lambda b, a, c, s: b.add_finding(a, c, MARK, s),
    "decide_gap": lambda b, a, c, s: b.decide_gap(a, c, "gap", "confirmed", s),
    "declare_interest": lambda b, a, c, s: b.declare_interest(a, c, conflict=False),
    "remove_expert": lambda b, a, c, s: b.remove_expert(a, c, panel(b, c), "出差", s),
    "score_item": lambda b, a, c, s: b.score_item(a, c, QUICK, "GK01", "符合"),
    "submit_sheet": lambda b, a, c, s: b.submit_sheet(a, c, QUICK),
    "reopen_sheet": lambda b, a, c, s: b.reopen_sheet(a, c, panel(b, c), QUICK, "补理由"),
    "open_settlement": lambda b, a, c, s: b.open_settlement(a, c, s),
    "settle_agreed": lambda b, a, c, s: b.settle_agreed(a, c, QUICK, s),
    "settle_item": lambda b, a, c, s: b.settle_item(a, c, QUICK, "GK01", "符合", "理由", s),
    "edit_recommendation": lambda b, a, c, s: b.edit_recommendation(a, c, "r", "问题", [], "建议", True, s),
    "choose_conclusion": lambda b, a, c, s: b.choose_conclusion(a, c, "建议完善", "", UNIT, 30, "", s),
    "compose_opinion": lambda b, a, c, s: b.compose_opinion(a, c, s),
    "convene_committee": lambda b, a, c, s: b.convene_committee(a, c, paper(b, c), s),
    "decide_committee": lambda b, a, c, s: b.decide_committee(a, c, paper(b, c), "通过", s),
    "sign_opinion": lambda b, a, c, s: b.sign_opinion(a, c, "1号", paper(b, c), s, "说明"),
    "reply": lambda b, a, c, s: b.reply(a, c, advice(b, a, c), "采纳", "", s),
    "close_reply": lambda b, a, c, s: b.close_reply(a, c, "未复", s),
    "add_adopted": lambda b, a, c, s: b.add_adopted(a, c, NEXT, s),
    "check_adoption": lambda b, a, c, s: b.check_adoption(a, c, advice(b, a, c), "待核", "看过", s),
    "schedule_follow_up": lambda b, a, c, s: b.schedule_follow_up(a, c, TOMORROW, "", s),
    "record_follow_up": lambda b, a, c, s: b.record_follow_up(a, c, EFFECT, [], "", "保留", "好", s),
    "reassess": lambda b, a, c, s: b.reassess(a, c, NEXT, ABOUT),
    "comment": lambda b, a, c, s: b.comment(a, c, "case", "看看"),
    "resolve_comment": lambda b, a, c, s: b.resolve_comment(a, c, "k", True, s),
    "close": lambda b, a, c, s: b.close(a, c, "完", s),
    "reopen": lambda b, a, c, s: b.reopen(a, c, "再看", s),
    "set_procedure": lambda b, a, c, s: b.set_procedure(a, follow_up_months=12),
}


def test_the_diagram_in_the_documentation_is_the_program_s() -> None:
    assert diagram() == DRAWN


def test_every_use_case_that_writes_is_in_the_matrix_and_in_the_documentation() -> None:
    writing = {
        name
        for name, method in inspect.getmembers(Workbench, inspect.isfunction)
        if not name.startswith("_")
        and re.search(r"store\.append|self\._receive\(|set_setting", inspect.getsource(method))
    }
    listed = {name for line in MATRIX.values() for name in line.use_cases}
    assert listed == set(CALLS)
    assert writing == listed
    parts = ("receive", "appoint", "sign_opinion", "settle_item", "decide_committee", "reply", "reassess")
    assert all(re.search(rf"`?{name}\(", TEXT) for name in parts)
    named = set(re.findall(r"^\| `(\w+)\(", TEXT, re.MULTILINE))
    assert named <= {name for name, _ in inspect.getmembers(Workbench)}


@pytest.mark.parametrize("move", MOVES, ids=lambda move: f"{'-'.join(sorted(move.kinds))[:30]}-{move.target}")
def test_every_arrow_can_be_taken_by_somebody(move: Any) -> None:
    acts = [permissions.RULES[ACT_OF[kind]] for kind in move.kinds if kind in ACT_OF]
    for source in move.sources:
        assert any(source in act.states and (act.roles or act.panel) for act in acts), source


@dataclass(frozen=True)
class Cases:
    """One case in each state, and somebody of each role."""

    bench: Workbench
    people: dict[str, Account]
    member: Account
    by_state: dict[CaseState, str]


def advance(office: Office, case_id: str, *steps: str) -> str:
    """Take steps of ``CALLS`` as the person with all roles."""
    for step in steps:
        CALLS[step](office.bench, office.chief, case_id, int(office.bench.store.case(case_id)["case_seq"]))
    return case_id


def submitted(office: Office) -> str:
    """A case of which all sheets are in."""
    case_id = office.on_panel(office.expert)
    office.fill(office.expert, case_id, QUICK)
    return case_id


def in_every_state(office: Office) -> Iterator[str]:
    """Cases, one in each state, in the order of the states."""
    store = office.bench.store
    bare = f"{0:016x}"
    store.append(bare, received(file=store.files.put(b"draft")), office.chief.id)
    yield bare
    yield office.receive()
    outside = office.receive()
    for lens in ("gender", "child"):
        seen = int(store.case(outside)["case_seq"])
        office.bench.decide_relevance(office.chief, outside, lens, "none", "无关", seen)
    yield outside
    yield office.on_panel(office.expert)
    yield advance(office, submitted(office), "open_settlement")
    yield office.composed()
    yield advance(office, office.composed(), "convene_committee")
    end: list[str] = ["sign_opinion"]
    for further in ("close_reply", "schedule_follow_up", "record_follow_up", "close"):
        yield advance(office, office.composed(), *end)
        end.append(further)
    yield advance(office, office.composed(), *end)


@pytest.fixture(scope="module")
def cases(tmp_path_factory: pytest.TempPathFactory) -> Cases:
    office = open_office(tmp_path_factory.mktemp("office") / "data")
    office.bench.store.accounts.set_roles(office.chief.id, tuple(ROLES))
    everybody = next(a for a in office.bench.store.accounts.list() if a.id == office.chief.id)
    office = Office(office.bench, everybody, *list(vars(office).values())[2:])
    by_state = {
        CaseState(office.bench.store.case(case_id)["state"]): case_id for case_id in in_every_state(office)
    }
    people = {
        role: office.bench.create_account(everybody, f"r-{role}", role, [role], UNIT, PASSWORD)
        for role in ROLES
    }
    return Cases(office.bench, people, office.expert, by_state)


class ReachedError(Exception):
    """The use case got as far as writing."""


def stop(*_args: object, **_more: object) -> None:
    """Stands where something would be read or written."""
    raise ReachedError


def refused(call: Call, cases: Cases, actor: Account, case_id: str) -> bool:
    """Whether the use case turns the actor away for what he is, or for the state of the case."""
    seen = int(cases.bench.store.case(case_id)["case_seq"])
    try:
        call(cases.bench, actor, case_id, seen)
    except NotAllowedError as error:
        return error.code in ("E501", "E502", "E515")
    except (ReachedError, WorkbenchError):
        return False
    raise AssertionError("nothing was written and nothing refused")


def test_a_case_stands_in_every_state(cases: Cases) -> None:
    assert set(cases.by_state) == set(CaseState)


@pytest.mark.parametrize(("act", "name"), [(a, n) for a, line in MATRIX.items() for n in line.use_cases])
def test_every_role_on_every_use_case_in_every_state(
    cases: Cases, act: str, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for where in ("append", "append_many", "set_setting"):
        monkeypatch.setattr(cases.bench.store, where, stop)
    monkeypatch.setattr("assessment.screening.screen", stop)
    monkeypatch.setattr("assessment.opinions.render_docx", stop)
    monkeypatch.setattr(cases.bench, "read", stop)
    everybody = [(role, False, person) for role, person in cases.people.items()]
    for state, case_id in cases.by_state.items():
        seated = bool(cases.bench.store.of_case("panel", case_id))
        for role, on_panel, person in [*everybody, ("expert", seated, cases.member)]:
            expected = MATRIX[act].allows(role, on_panel, state)
            unscreened = state is CaseState.RECEIVED and role == "drafter"
            if unscreened:  # the made-up case is another unit's
                continue
            assert refused(CALLS[name], cases, person, case_id) is not expected, (role, on_panel, state)


OTHER_CASE = {"receive", "set_procedure", "reassess"}
"""Use cases that leave the case at hand as it is."""


_SIGNED = ("fill", "choose_conclusion", "compose_opinion", "sign_opinion")
WAY_TO = {
    "screened": (),
    "reviewing": (),
    "settling": ("fill", "open_settlement"),
    "composed": _SIGNED[:3],
    "deliberating": (*_SIGNED[:3], "convene_committee"),
    "signed": _SIGNED,
    "tracking": (*_SIGNED, "close_reply"),
    "following": (*_SIGNED, "close_reply", "schedule_follow_up"),
    "followed_up": (*_SIGNED, "close_reply", "schedule_follow_up", "record_follow_up"),
    "closed": (*_SIGNED, "close"),
}
"""State a walk starts from to the steps that lead there from a case with a panel."""


class Walk(RuleBasedStateMachine):
    """Random sequences of use cases by people of an office on one case."""

    template: Path
    start: str

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(mkdtemp())
        shutil.copytree(self.template, self.folder / "data")
        self.bench = Workbench(Store.open(self.folder / "data"), documents.read)
        self.people = {account.name: account for account in self.bench.store.accounts.list()}
        self.case_id = ""
        self.before, self.seq = CaseState.RECEIVED, 0

    @initialize()
    def begin(self) -> None:
        """A case in the state the walk starts from."""
        chief, expert = self.people["chief"], self.people["expert"]
        self.case_id = self.bench.receive(chief, Incoming(VILLAGE_RULES.encode(), "稿.txt"), ABOUT)
        if self.start != "screened":
            self._do(chief, "gender key", "child key")
            self.bench.appoint(chief, self.case_id, [QUICK], [expert.id], self._seen())
            self._do(chief, *WAY_TO[self.start])

    @rule(data=st.data())
    def go_on(self, data: st.DataObject) -> None:
        """Somebody with every role does something that is open now, most often something that moves the case."""
        state = CaseState(self.bench.store.case(self.case_id)["state"])
        moving = {
            ACT_OF[kind] for move in MOVES for kind in move.kinds & set(ACT_OF) if state in move.sources
        }
        names = [
            name
            for act, line in sorted(MATRIX.items(), key=lambda entry: entry[0] not in moving)
            if state in line.states
            for name in line.use_cases
            if name not in OTHER_CASE
        ]
        name = data.draw(st.sampled_from([*self._decisions(state), "fill", *names]))
        with suppress(WorkbenchError):
            self._do(self.people["chief"], name)

    @rule(
        name=st.sampled_from(sorted(set(CALLS) - OTHER_CASE)),
        who=st.sampled_from(["chief", "chief", "expert", "unit"]),
    )
    def act(self, name: str, who: str) -> None:
        """Somebody tries something."""
        with suppress(WorkbenchError):
            self._do(self.people[who], name)

    @invariant()
    def goes_only_where_an_arrow_leads(self) -> None:
        """From the state before to the state now by arrows of the diagram, one an event at most."""
        if not self.case_id:
            return
        row = self.bench.store.case(self.case_id)
        within = {str(self.before)}
        for _ in range(int(row["case_seq"]) - self.seq):
            within |= {target for source, target in WAYS if source in within}
        assert row["state"] in within, (self.before, row["state"])
        self.before, self.seq = CaseState(row["state"]), int(row["case_seq"])
        assert any(source == row["state"] for source, _ in WAYS)

    def teardown(self) -> None:
        if self.case_id:
            assert self.bench.verify_case(self.people["chief"], self.case_id) == []
        self.bench.store.close()
        shutil.rmtree(self.folder)

    def _seen(self) -> int:
        return int(self.bench.store.case(self.case_id)["case_seq"])

    def _decisions(self, state: CaseState) -> list[str]:
        if state in ("screened", "not_relevant", "reviewing"):
            return ["gender none", "child none", "child key"]
        return ["退回", "暂缓", "附条件通过"] if state == "deliberating" else []

    def _do(self, actor: Account, *names: str) -> None:
        for name in names:
            seen = self._seen()
            if name == "fill":
                self._fill()
            elif " " in name:
                lens, level = name.split()
                self.bench.decide_relevance(actor, self.case_id, lens, level, "理由", seen)  # type: ignore[arg-type]
            elif name in CALLS:
                CALLS[name](self.bench, actor, self.case_id, seen)
            else:
                self.bench.decide_committee(
                    actor, self.case_id, paper(self.bench, self.case_id), name, seen, "理由"
                )

    def _fill(self) -> None:
        expert = self.people["expert"]
        for sheet in self.bench.own_sheets(expert, self.case_id):
            for item in sheet.checklist.items:
                self.bench.score_item(expert, self.case_id, sheet.checklist.id, item.id, "部分符合", "同")
            self.bench.submit_sheet(expert, self.case_id, sheet.checklist.id)


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of an office in which nothing has happened yet."""
    folder = tmp_path_factory.mktemp("walk") / "data"
    office = open_office(folder)
    office.bench.store.accounts.set_roles(office.chief.id, (*office.chief.roles, "committee"))
    office.bench.create_account(office.chief, "unit", "村文书", ["drafter"], UNIT, PASSWORD)
    office.bench.store.close()
    return folder


@pytest.mark.parametrize("start", sorted(WAY_TO))
def test_no_sequence_of_use_cases_leaves_the_diagram(template: Path, start: str) -> None:
    Walk.template, Walk.start = template, start
    run_state_machine_as_test(
        Walk,
        settings=settings(
            max_examples=4,
            stateful_step_count=20,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )

"""Who may do what, while a case is in which state: one table, checked by every use case.

Roles are a person's; panel membership is a case's. An expert, committee member or drafting unit sees only
the cases it has to do with; the offices that run the procedure see all.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any, Protocol

from assessment.messages import NotAllowedError
from assessment.records.states import STATE_NAMES, CaseState

OFFICE = frozenset({"officer", "secretariat"})
"""Roles that run the procedure."""

SEES_ALL = OFFICE | {"leader", "committee", "observer", "admin"}
"""Roles that may read every case; experts read the cases they sit on, drafting units their own drafts."""

WORK = frozenset({"reviewing", "settling", "composed", "deliberating"})
"""States in which an assessment is under way, up to the signature."""

OPEN = WORK | {"received", "screened", "not_relevant"}
"""States in which a case can still be worked on."""

ALIVE = OPEN | {"signed", "tracking", "following", "followed_up"}
"""All states but closed."""


class Person(Protocol):
    """What a permission needs to know of an account."""

    @property
    def id(self) -> str: ...
    @property
    def roles(self) -> tuple[str, ...]: ...
    @property
    def unit(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Rule:
    """One use case: the roles that may, whether panel members may, and the states it is open in.

    Attributes:
        what: Chinese name of the act, for the refusal.
        roles: roles that may.
        panel: True if the case's panel members may whatever their role.
        states: case states in which it may be done; empty for acts that concern no case.
    """

    what: str
    roles: frozenset[str]
    panel: bool = False
    states: frozenset[str] = frozenset()


RULES: dict[str, Rule] = {
    "receive": Rule("登记新的草案", OFFICE),
    "describe": Rule("更正草案信息", OFFICE, states=OPEN),
    "add_version": Rule(
        "登记新版本",
        OFFICE,
        states=ALIVE - {"received"},
    ),
    "attach": Rule("添加附件", OFFICE | {"drafter"}, states=OPEN),
    "screen": Rule("重新筛查", OFFICE, states=OPEN),
    "decide_relevance": Rule(
        "作相关性判断", OFFICE, states=frozenset({"screened", "not_relevant", "reviewing"})
    ),
    "appoint": Rule("选定清单和评分人员", OFFICE, states=frozenset({"screened", "reviewing"})),
    "decide_finding": Rule(
        "处理标注",
        OFFICE | {"leader"},
        panel=True,
        states=WORK | {"screened"},
    ),
    "score": Rule("填写评分表", frozenset(), panel=True, states=frozenset({"reviewing", "composed"})),
    "reopen_sheet": Rule("退回评分表", OFFICE | {"leader"}, states=WORK),
    "write_opinion": Rule("编写评估意见", OFFICE | {"leader"}, states=WORK),
    "sign": Rule("签发评估意见", frozenset({"secretariat", "leader"}), states=frozenset({"composed"})),
    "close": Rule("办结归档", OFFICE, states=ALIVE - OPEN | {"not_relevant"}),
    "reopen": Rule("重新开启", frozenset({"secretariat"}), states=ALIVE - OPEN | {"not_relevant", "closed"}),
    "review_relevance": Rule(
        "复核相关性判断", OFFICE | {"leader"}, states=frozenset({"screened", "not_relevant", "reviewing"})
    ),
    "settle_relevance": Rule(
        "处理相关性分歧",
        frozenset({"secretariat"}),
        states=frozenset({"screened", "not_relevant", "reviewing"}),
    ),
    "describe_affected": Rule("登记受影响人群", OFFICE | {"leader"}, panel=True, states=WORK | {"screened"}),
    "self_assess": Rule("填写自评表", frozenset({"drafter"}), states=frozenset({"screened", "reviewing"})),
    "return_self_assessment": Rule("退回自评表", OFFICE, states=frozenset({"screened", "reviewing"})),
    "request_material": Rule("请求补充材料", OFFICE | {"leader"}, panel=True, states=OPEN),
    "answer_material": Rule("答复补充材料", OFFICE | {"drafter"}, states=OPEN),
    "record_data_gap": Rule("登记数据缺口", OFFICE | {"leader", "drafter"}, panel=True, states=ALIVE),
    "declare": Rule("声明利害关系", frozenset(), panel=True, states=frozenset({"screened", "reviewing"})),
    "remove_expert": Rule("移出评估专家", OFFICE | {"leader"}, states=WORK | {"screened"}),
    "open_settlement": Rule("开始合议", OFFICE | {"leader"}, states=frozenset({"reviewing"})),
    "settle": Rule("记录合议结果", OFFICE | {"leader"}, states=frozenset({"settling"})),
    "convene_committee": Rule("提请委员会审议", OFFICE, states=frozenset({"composed"})),
    "decide_committee": Rule(
        "记录委员会决定", frozenset({"secretariat", "committee"}), states=frozenset({"deliberating"})
    ),
    "reply": Rule("反馈意见采纳情况", OFFICE | {"drafter"}, states=frozenset({"signed"})),
    "add_adopted": Rule("存入公布文本", OFFICE, states=frozenset({"signed", "tracking", "following"})),
    "check_adoption": Rule("核对落实情况", OFFICE, states=frozenset({"signed", "tracking", "following"})),
    "schedule_follow_up": Rule("安排实施后评估", OFFICE, states=frozenset({"tracking", "following"})),
    "record_follow_up": Rule("填写实施后评估", OFFICE, states=frozenset({"following"})),
    "reassess": Rule("重新评估同一文件", OFFICE, states=frozenset({"followed_up", "closed"})),
    "comment": Rule("批注", OFFICE | {"leader", "committee", "drafter"}, panel=True, states=ALIVE),
    "configure": Rule("设置办理程序", frozenset({"admin", "secretariat"})),
    "manage_accounts": Rule("管理账户", frozenset({"admin"})),
    "learn": Rule("训练和更换筛查模型", frozenset({"admin", "secretariat"})),
}


def may(person: Person, act: str, case: dict[str, Any] | None = None, panel: Collection[str] = ()) -> bool:
    """Whether ``person`` may do ``act`` on ``case`` now; for pages, to show or hide a control."""
    try:
        check(person, act, case, panel)
    except NotAllowedError:
        return False
    return True


def check(person: Person, act: str, case: dict[str, Any] | None = None, panel: Collection[str] = ()) -> None:
    """Raise NotAllowedError (E501 role, E502 state) unless ``person`` may do ``act``.

    Args:
        act: a key of ``RULES``.
        case: the case's register row, for acts on a case.
        panel: account ids of the case's panel.
    """
    rule = RULES[act]
    by_role = bool(rule.roles & set(person.roles))
    by_panel = rule.panel and person.id in panel
    if not (by_role or by_panel):
        raise NotAllowedError("E501", what=rule.what)
    if rule.states and case is not None and case["state"] not in rule.states:
        raise NotAllowedError("E502", what=rule.what, state=STATE_NAMES[CaseState(case["state"])])


def is_outsider(person: Person, panel: Collection[str]) -> bool:
    """Whether ``person`` reads a case only as its drafting unit: the draft and what was sent, nothing else."""
    return not (SEES_ALL & set(person.roles) or person.id in panel)


def may_see(person: Person, case: dict[str, Any], panel: Collection[str]) -> bool:
    """Whether ``person`` may read this case at all."""
    if SEES_ALL & set(person.roles) or person.id in panel:
        return True
    return "drafter" in person.roles and bool(person.unit) and person.unit == case["drafting_unit"]

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

OPEN = frozenset({"received", "screened", "not_relevant", "reviewing", "composed"})
"""States in which a case can still be worked on."""


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
        states=frozenset({"screened", "not_relevant", "reviewing", "composed", "signed"}),
    ),
    "attach": Rule("添加附件", OFFICE, states=OPEN),
    "screen": Rule("重新筛查", OFFICE, states=OPEN),
    "decide_relevance": Rule(
        "作相关性判断", OFFICE, states=frozenset({"screened", "not_relevant", "reviewing"})
    ),
    "appoint": Rule("选定清单和评分人员", OFFICE, states=frozenset({"screened", "reviewing"})),
    "decide_finding": Rule(
        "处理标注",
        OFFICE | {"leader"},
        panel=True,
        states=frozenset({"screened", "reviewing", "composed"}),
    ),
    "score": Rule("填写评分表", frozenset(), panel=True, states=frozenset({"reviewing", "composed"})),
    "reopen_sheet": Rule("退回评分表", OFFICE | {"leader"}, states=frozenset({"reviewing", "composed"})),
    "write_opinion": Rule("编写评估意见", OFFICE | {"leader"}, states=frozenset({"reviewing", "composed"})),
    "sign": Rule("签发评估意见", frozenset({"secretariat", "leader"}), states=frozenset({"composed"})),
    "close": Rule("办结归档", OFFICE, states=frozenset({"not_relevant", "signed"})),
    "reopen": Rule(
        "重新开启", frozenset({"secretariat"}), states=frozenset({"not_relevant", "signed", "closed"})
    ),
    "manage_accounts": Rule("管理账户", frozenset({"admin"})),
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


def may_see(person: Person, case: dict[str, Any], panel: Collection[str]) -> bool:
    """Whether ``person`` may read this case at all."""
    if SEES_ALL & set(person.roles) or person.id in panel:
        return True
    return "drafter" in person.roles and bool(person.unit) and person.unit == case["drafting_unit"]

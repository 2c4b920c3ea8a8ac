"""Who may do what: every role on every act in every state, against a table written out by hand."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product

import pytest

from assessment import permissions
from assessment.messages import NotAllowedError
from assessment.records.accounts import ROLES
from assessment.records.states import CaseState
from tests.matrix import MATRIX, ROLE_OF


@dataclass(frozen=True)
class Someone:
    """A person with one role."""

    id: str
    roles: tuple[str, ...]
    unit: str = ""


def test_every_rule_is_in_the_matrix() -> None:
    assert set(permissions.RULES) == set(MATRIX)
    assert set(ROLE_OF.values()) == set(ROLES)


@pytest.mark.parametrize("act", sorted(permissions.RULES))
def test_role_panel_and_state(act: str) -> None:
    expected = MATRIX[act]
    for role, on_panel, state in product(ROLES, (False, True), CaseState):
        person = Someone("p1", (role,))
        case = {"state": state.value, "drafting_unit": ""}
        allowed = expected.allows(role, on_panel, state)
        panel = ("p1",) if on_panel else ("p2",)
        assert permissions.may(person, act, case, panel) is allowed, (role, on_panel, state)


def test_refusals_say_role_before_state() -> None:
    case = {"state": "signed", "drafting_unit": ""}
    with pytest.raises(NotAllowedError, match="E501"):
        permissions.check(Someone("p1", ("observer",)), "sign", case)
    with pytest.raises(NotAllowedError, match="E502"):
        permissions.check(Someone("p1", ("leader",)), "sign", case)


@pytest.mark.parametrize(
    ("roles", "unit", "panel", "sees"),
    [
        (("expert",), "", (), False),
        (("expert",), "", ("p1",), True),
        (("drafter",), "市住建局", (), True),
        (("drafter",), "市教育局", (), False),
        (("drafter",), "", (), False),
        (("observer",), "", (), True),
        (("committee",), "", (), True),
        (("admin",), "", (), True),
    ],
)
def test_who_sees_a_case(roles: tuple[str, ...], unit: str, panel: tuple[str, ...], sees: bool) -> None:
    case = {"state": "reviewing", "drafting_unit": "市住建局"}
    assert permissions.may_see(Someone("p1", roles, unit), case, panel) is sees

"""``permission-matrix.txt`` as data: who may do what, in which state, by which use case."""

from __future__ import annotations

from dataclasses import dataclass

from assessment.records.states import CaseState
from tests.conftest import ROOT

ROLE_OF = {
    "a": "admin",
    "o": "officer",
    "s": "secretariat",
    "e": "expert",
    "l": "leader",
    "c": "committee",
    "d": "drafter",
    "v": "observer",
}
STATE_OF = dict(zip("rsnwtcdSTFUX", CaseState, strict=True))


@dataclass(frozen=True)
class Expected:
    """One line of the matrix; no ``states`` for an act that concerns no case."""

    roles: frozenset[str]
    panel: bool
    states: frozenset[str]
    use_cases: tuple[str, ...]

    def allows(self, role: str, on_panel: bool, state: str) -> bool:
        """Whether somebody with this one role may, while the case is in this state."""
        by_person = role in self.roles or (on_panel and self.panel)
        return by_person and (not self.states or state in self.states)


def _line(line: str) -> tuple[str, Expected]:
    act, roles, states, use_cases = line.split()
    return act, Expected(
        frozenset(ROLE_OF[letter] for letter in roles if letter != "p"),
        "p" in roles,
        frozenset(STATE_OF[letter] for letter in states if letter != "-"),
        tuple(use_cases.split(",")) if use_cases != "*" else (),
    )


MATRIX = dict(
    _line(line)
    for line in (ROOT / "tests" / "permission-matrix.txt").read_text(encoding="utf-8").splitlines()
    if line and not line.startswith("#")
)
"""Act to its line."""

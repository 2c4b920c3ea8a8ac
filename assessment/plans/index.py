"""The goals the shipped index knows, told in our own words with their figures exact."""

from __future__ import annotations

from functools import cache
from typing import Any

import yaml

from assessment.paths import CORPUS
from assessment.plans.models import Domain, Goal, Plan


@cache
def load_plans() -> tuple[Plan, ...]:
    """The women's plan and the children's plan of ``corpus/plan-goals.yaml``; no measures."""
    data = yaml.safe_load((CORPUS / "plan-goals.yaml").read_text(encoding="utf-8"))
    return tuple(_plan(entry) for entry in data["plans"])


def goal(goal_id: str) -> Goal:
    """The goal with this id, such as ``gender.law.2``; KeyError if there is none."""
    return _goals()[goal_id]


@cache
def _goals() -> dict[str, Goal]:
    return {goal.id: goal for plan in load_plans() for domain in plan.domains for goal in domain.goals}


def _plan(entry: dict[str, Any]) -> Plan:
    return Plan(
        title=entry["title"],
        lens=entry["lens"],
        period=entry["period"],
        domains=tuple(
            Domain(
                id=domain["id"],
                title=domain["title"],
                goals=tuple(
                    Goal(
                        id=f"{entry['lens']}.{domain['id']}.{number}",
                        number=number,
                        text=item["text"],
                        figures=tuple(item.get("figures", ())),
                        keywords=tuple(item["keywords"]),
                    )
                    for number, item in enumerate(domain["goals"], start=1)
                ),
            )
            for domain in entry["domains"]
        ),
    )

"""The shipped index of goals: complete, exact in its figures, and in our own words."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml

from assessment.paths import CORPUS
from assessment.plans.importer import import_plan
from assessment.plans.index import goal, load_plans
from assessment.plans.models import Goal, Plan

GOALS = [goal for plan in load_plans() for domain in plan.domains for goal in domain.goals]


def test_there_are_152_goals() -> None:
    assert [sum(len(domain.goals) for domain in plan.domains) for plan in load_plans()] == [81, 71]
    assert len({goal.id for goal in GOALS}) == 152


def test_domains_are_those_of_the_taxonomy() -> None:
    taxonomy = yaml.safe_load((CORPUS / "taxonomy.yaml").read_text(encoding="utf-8"))
    for plan in load_plans():
        assert {domain.id: domain.title for domain in plan.domains} == taxonomy["domains"][plan.lens]


def test_goal_is_found_by_its_id() -> None:
    assert "性别平等评估" in goal("gender.law.2").text
    assert goal("child.welfare.4").figures == ("每千人口3岁以下婴幼儿托位数≥4个",)


def test_unknown_goal_is_refused() -> None:
    with pytest.raises(KeyError):
        goal("gender.law.99")


def test_every_goal_has_text_and_keywords() -> None:
    assert all(goal.text.endswith("。") and len(goal.keywords) >= 2 for goal in GOALS)


@pytest.fixture(scope="module")
def published(shared: Path) -> tuple[Plan, ...]:
    return import_plan((shared / "plans" / "fuxin-plans-2021-2030.txt").read_text(encoding="utf-8"))


def _pairs(published: tuple[Plan, ...]) -> list[tuple[Goal, Goal]]:
    theirs = [goal for plan in published for domain in plan.domains for goal in domain.goals]
    return list(zip(GOALS, theirs, strict=True))


def _numbers(text: str) -> set[str]:
    text = text.replace("百分之百", "100%").replace("一半", "50%")
    return {
        number.rstrip("0").rstrip(".") if "." in number else number
        for number in re.findall(r"\d+(?:\.\d+)?", text)
    }


@pytest.mark.shared
def test_counts_and_ids_equal_the_published_plans(published: tuple[Plan, ...]) -> None:
    for ours, theirs in zip(load_plans(), published, strict=True):
        assert ours.lens == theirs.lens
        assert [(d.id, len(d.goals)) for d in ours.domains] == [(d.id, len(d.goals)) for d in theirs.domains]
    assert all(ours.id == theirs.id for ours, theirs in _pairs(published))


@pytest.mark.shared
def test_every_figure_equals_the_published_one(published: tuple[Plan, ...]) -> None:
    for ours, theirs in _pairs(published):
        assert _numbers("".join(ours.figures) or ours.text) >= _numbers(ours.text)
        assert _numbers(" ".join(ours.figures)) == _numbers(theirs.text), ours.id


@pytest.mark.shared
def test_no_paraphrase_repeats_the_published_words(published: tuple[Plan, ...]) -> None:
    whole = "".join(goal.text for _, goal in _pairs(published))
    whole += "".join(m.text for plan in published for domain in plan.domains for m in domain.measures)
    for ours, _ in _pairs(published):
        repeated = [
            ours.text[i : i + 14] for i in range(len(ours.text) - 13) if ours.text[i : i + 14] in whole
        ]
        assert repeated == [], ours.id

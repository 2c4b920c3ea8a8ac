"""A published plan's text becomes domains, goals and measures."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from assessment.documents.read import read
from assessment.messages import PlanError
from assessment.plans.importer import import_plan, to_json

TEXT = """东湖市妇女发展规划（2021—2030 年）
前 言
本规划依法制定。
二、发展领域、主要目标和策略措施
（一）妇女与健康。
主要目标：
1.妇女健康水平
提高，筛查率达到 70%以上。
2.孕产妇死亡率控制在 10/10 万以下，5 岁
以下儿童随访率提高。
东湖市人民政府文件
- 4 -
3.5岁以上女童体检覆盖。
策略措施：
1.加强服务。分两步：
（1）检查；（2）治疗。
2.增加投入
。
东湖市人民政府文件
5
（二）妇女与水域。
主要目标：
1.安全游泳。
策略措施：
1.设立标志。
东湖市人民政府文件
三、组织实施
（一）加强领导。各部门应当落实。
1.不是目标。
东湖市儿童发展规划（2021—2030 年）
（一）儿童与安全。
主要目标：
1.减少溺水。
策略措施：
1.加强巡查。
"""


def test_plans_are_told_apart() -> None:
    women, children = import_plan(TEXT)
    assert (women.lens, women.period, children.lens) == ("gender", "2021—2030", "child")
    assert women.title.startswith("东湖市妇女发展规划")
    assert [len(plan.domains) for plan in (women, children)] == [2, 1]


def test_known_domain_has_the_taxonomys_id_and_another_a_number() -> None:
    women, children = import_plan(TEXT)
    assert [domain.id for domain in women.domains] == ["health", "domain2"]
    assert [goal.id for goal in women.domains[0].goals] == [
        "gender.health.1",
        "gender.health.2",
        "gender.health.3",
    ]
    assert children.domains[0].id == "safety"


def test_broken_lines_are_joined_and_stray_spaces_removed() -> None:
    goals = import_plan(TEXT)[0].domains[0].goals
    assert goals[0].text == "妇女健康水平提高，筛查率达到70%以上。"
    assert goals[1].text == "孕产妇死亡率控制在10/10万以下，5岁以下儿童随访率提高。"


def test_number_that_is_due_begins_an_item_even_before_a_number() -> None:
    assert import_plan(TEXT)[0].domains[0].goals[2].text == "5岁以上女童体检覆盖。"


def test_page_furniture_is_left_out_and_a_lone_mark_kept() -> None:
    measures = import_plan(TEXT)[0].domains[0].measures
    assert [measure.text for measure in measures] == [
        "加强服务。分两步：（1）检查；（2）治疗。",
        "增加投入。",
    ]
    assert "人民政府文件" not in to_json(import_plan(TEXT))


def test_what_follows_the_domains_is_not_a_measure() -> None:
    assert [measure.number for measure in import_plan(TEXT)[0].domains[1].measures] == [1]
    assert "不是目标" not in to_json(import_plan(TEXT))


def test_figures_of_a_goal_are_its_phrases_with_numbers() -> None:
    goals = import_plan(TEXT)[0].domains[0].goals
    assert goals[0].figures == ("筛查率达到70%以上",)
    assert goals[1].figures == ("孕产妇死亡率控制在10/10万以下",)


def test_items_may_follow_each_other_on_one_line() -> None:
    (plan,) = import_plan(
        "（一）儿童与健康\n主要目标：1.降低近视。2.增强体质。\n策略措施：1、体检。2、锻炼。"
    )
    assert [goal.text for goal in plan.domains[0].goals] == ["降低近视。", "增强体质。"]
    assert [measure.text for measure in plan.domains[0].measures] == ["体检。", "锻炼。"]
    assert plan.lens == "child"


def test_heading_and_running_head_glued_to_a_sentence_are_told_apart() -> None:
    glued = TEXT.replace(
        "随访率提高。\n东湖市人民政府文件", "随访率提高。东湖市人民政府文件\n东湖市人民政府文件"
    )
    glued = glued.replace("体检覆盖。\n策略措施：", "体检覆盖。策略措施：")
    assert import_plan(glued) == import_plan(TEXT)


def test_numbered_words_inside_a_measure_are_no_domain() -> None:
    text = TEXT.replace("（1）检查；（2）治疗。", "如下：\n（一）检查。\n（二）治疗。")
    measures = import_plan(text)[0].domains[0].measures
    assert measures[0].text == "加强服务。分两步：如下：（一）检查。（二）治疗。"


def test_json_holds_the_whole_plan() -> None:
    plans = json.loads(to_json(import_plan(TEXT)))["plans"]
    assert plans[0]["domains"][0]["goals"][0]["number"] == 1
    assert plans[1]["domains"][0]["measures"] == [{"number": 1, "text": "加强巡查。"}]


@pytest.mark.parametrize("text", ["", "东湖市排水办法\n第一条 为了排水。", "策略措施：\n1.加强服务。"])
def test_text_without_goals_is_refused(text: str) -> None:
    with pytest.raises(PlanError, match="E801") as caught:
        import_plan(text)
    assert "没有改动" in caught.value.message


def test_domain_without_numbered_goals_is_refused_by_name() -> None:
    with pytest.raises(PlanError, match="E802") as caught:
        import_plan("（一）儿童与健康。\n主要目标：\n提高健康水平。")
    assert "儿童与健康" in caught.value.message


@pytest.fixture(scope="module")
def published(shared: Path) -> str:
    return (shared / "plans" / "fuxin-plans-2021-2030.txt").read_text(encoding="utf-8")


@pytest.mark.shared
def test_published_plans_have_152_goals_and_187_measures(published: str) -> None:
    women, children = import_plan(published)
    assert [len(domain.goals) for domain in women.domains] == [12, 11, 11, 11, 9, 9, 9, 9]
    assert [len(domain.goals) for domain in children.domains] == [14, 10, 9, 10, 8, 10, 10]
    assert sum(len(domain.measures) for plan in (women, children) for domain in plan.domains) == 187
    assert not any(domain.id.startswith("domain") for plan in (women, children) for domain in plan.domains)


@pytest.mark.shared
def test_text_as_the_document_reader_joins_it_gives_the_same_plans(published: str) -> None:
    assert import_plan(read(published.encode(), "规划.txt").text) == import_plan(published)


@pytest.mark.shared
def test_goal_six_is_not_six_point_three(published: str) -> None:
    goals = import_plan(published)[1].domains[0].goals
    assert goals[5].text.startswith("3岁以下儿童系统管理率")
    assert goals[2].text.count("‰") == 6


@pytest.mark.shared
def test_every_item_of_the_published_plans_is_a_whole_sentence(published: str) -> None:
    for plan in import_plan(published):
        for domain in plan.domains:
            for item in (*domain.goals, *domain.measures):
                assert item.text.endswith("。"), (domain.id, item.number)
                assert not re.search(r"\s|人民政府发布|规范性文件X|- \d", item.text), (domain.id, item.number)


@pytest.mark.shared
def test_nothing_of_the_published_goals_is_lost(published: str) -> None:
    """What the reader keeps is, character for character, what stands under the two headings."""
    lines = [line.strip() for line in published.splitlines()]
    furniture = {"X", "阜新市人民政府发布", "阜新市人民政府规范性文件"}
    lines = [line for line in lines if line not in furniture and not re.fullmatch(r"- \d+ -", line)]
    under = "".join(
        re.sub(r"\s", "", block)
        for block in re.findall(
            r"主要目标：\n(.*?)\n(?=（[一二三四五六七八]）.{3,12}。\n主要目标|[三]、组织实施)",
            "\n".join(lines),
            re.S,
        )
    )
    kept = "".join(
        "".join(f"{goal.number}.{goal.text}" for goal in domain.goals)
        + "策略措施："
        + "".join(f"{measure.number}.{measure.text}" for measure in domain.measures)
        for plan in import_plan(published)
        for domain in plan.domains
    )
    assert kept == under

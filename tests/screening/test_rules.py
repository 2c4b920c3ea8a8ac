"""What the rules say of single clauses: the explicit form of a concern, and its lawful look-alike beside it."""

from __future__ import annotations

import pytest

from assessment.screening import classify
from assessment.screening.features import read
from assessment.screening.rules import load_rules

CONCERNS = [
    ("招聘护林员八名，限男性。", "gender", "direct_restriction"),
    ("同等条件下优先录用男性。", "gender", "direct_restriction"),
    ("女村民出嫁后不再享受集体收益分配。", "gender", "marital_status"),
    ("征地补偿款由户主签字领取。", "gender", "household_rights"),
    ("女职工休产假的，当年度考核不得评为优秀。", "gender", "maternity_penalty"),
    ("女性应聘者须提供孕检证明。", "gender", "fertility_privacy"),
    ("男性六十周岁以下、女性五十五周岁以下的，可以申请。", "gender", "unequal_standard"),
    ("公共厕所男女厕位按照一比一设置。", "gender", "facility_gap"),
    ("村民代表中妇女不超过两名。", "gender", "representation_gap"),
    ("拖欠物业费的业主，其子女不得入园。", "child", "guardian_fault_transfer"),
    ("对打架的学生张贴照片并通报其姓名。", "child", "child_privacy"),
    ("身高一米二以下的儿童免费入场。", "child", "age_line_error"),
    ("非本市户籍的儿童不得参加。", "child", "status_exclusion"),
]
LAWFUL = [
    ("用人单位不得以性别为由拒绝录用妇女。", "gender"),
    ("任何单位不得因结婚、怀孕、产假、哺乳降低女职工的工资。", "gender"),
    ("村民委员会成员中应当有妇女成员。", "gender"),
    ("女职工生育享受九十八天产假。", "gender"),
    ("不得以妇女未婚、结婚、离婚、丧偶为由侵害其集体收益权益。", "gender"),
    ("破除男主外、女主内等旧观念。", "gender"),
    ("禁止招用未满十六周岁的未成年人。", "child"),
    ("学校不得开除接受义务教育的学生。", "child"),
    ("不得公开未成年人的姓名、照片等信息。", "child"),
    ("不得向未成年人出售烟酒。", "child"),
]


def fired(text: str, lens: str) -> set[str]:
    """The concern types of the rules that fire on a clause."""
    return {
        kind
        for reading in read(text, load_rules())
        for hit in reading.hits
        if hit.rule.lens == lens and hit.rule.kind == "concern"
        for kind in hit.rule.types
    }


@pytest.mark.parametrize(("text", "lens", "expected"), CONCERNS)
def test_the_explicit_form_is_found(text: str, lens: str, expected: str) -> None:
    assert expected in fired(text, lens)


@pytest.mark.parametrize(("text", "lens"), LAWFUL)
def test_the_lawful_look_alike_is_relevant_and_no_concern(text: str, lens: str) -> None:
    kinds = [finding.kind for finding in classify(text) if finding.lens == lens]
    assert kinds
    assert "concern" not in kinds


def test_every_concern_type_has_a_rule() -> None:
    from assessment.screening.taxonomy import load_taxonomy

    ruled = {
        (rule.lens, kind) for rule in load_rules().rules if rule.kind == "concern" for kind in rule.types
    }
    wanted = {(lens, kind) for lens, kinds in load_taxonomy().concerns.items() for kind in kinds}
    assert wanted - ruled == set()

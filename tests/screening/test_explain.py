"""The texts that go with each type of finding."""

from __future__ import annotations

import re
from collections import Counter
from typing import cast

import pytest
import yaml

from assessment.lawindex import citation
from assessment.paths import CORPUS
from assessment.screening.explain import Explanation, TypeText, _patterns, _possible, explain, text_for
from assessment.screening.features import read
from assessment.screening.matching import passages
from assessment.screening.models import LENSES, FindingKind, Lens
from assessment.screening.rules import load_rules
from assessment.screening.taxonomy import load_taxonomy
from assessment.training.dataset import read_corpus

TAXONOMY = yaml.safe_load((CORPUS / "taxonomy.yaml").read_text(encoding="utf-8"))
CONCERNS = [(lens, name) for lens, types in TAXONOMY["concerns"].items() for name in types]
KINDS = [(lens, kind) for lens in ("gender", "child") for kind in ("relevant", "protective")]


def _text(lens: str, name: str) -> TypeText:
    return text_for(cast(Lens, lens), name)


def test_there_are_33_concern_types() -> None:
    assert len(CONCERNS) == 33


@pytest.mark.parametrize(("lens", "name"), CONCERNS)
def test_concern_has_every_text(lens: str, name: str) -> None:
    text = _text(lens, name)
    assert all([text.meaning, text.reason, text.basis, text.lookalike, text.suggestion])


@pytest.mark.parametrize(("lens", "name"), CONCERNS)
def test_concern_cites_what_the_taxonomy_cites(lens: str, name: str) -> None:
    taxonomy = {cited for entry in TAXONOMY["concerns"][lens][name]["basis"] for cited in citation(entry)}
    assert {cited for entry in _text(lens, name).basis for cited in citation(entry)} == taxonomy


@pytest.mark.parametrize(("lens", "name"), CONCERNS + KINDS)
def test_basis_is_in_full_form(lens: str, name: str) -> None:
    assert all(
        re.fullmatch("[一-鿿]+第[一二三四五六七八九十百千零]+条", entry) for entry in _text(lens, name).basis
    )


@pytest.mark.parametrize(("lens", "name"), CONCERNS + KINDS)
def test_wording_proposes_and_never_rules(lens: str, name: str) -> None:
    text = _text(lens, name)
    words = "".join([text.meaning, text.reason, text.lookalike])
    assert not re.search("违法的|是违法|属于违法|不得出台|无效|必须", words)
    assert re.search("可能|涉嫌|难以|建议|无法", text.reason)


@pytest.mark.parametrize(("lens", "name"), CONCERNS)
def test_suggestion_can_be_pasted(lens: str, name: str) -> None:
    suggestion = _text(lens, name).suggestion
    assert suggestion.startswith("建议")
    assert "“" in suggestion


@pytest.mark.parametrize(("lens", "name"), CONCERNS)
def test_lookalike_says_how_to_tell(lens: str, name: str) -> None:
    assert "辨别：" in _text(lens, name).lookalike


@pytest.mark.parametrize(("lens", "kind"), KINDS)
def test_kinds_have_texts_and_nothing_to_change(lens: str, kind: str) -> None:
    text = _text(lens, kind)
    assert all([text.meaning, text.reason, text.basis, text.lookalike])
    assert text.suggestion == ""


REASONS = [
    (
        "gender",
        "direct_restriction",
        "仓库理货员六名，限男性，能倒班。",
        "“限男性”把机会限定给男性，具备同样能力的女性不能报名、任职或者受益",
    ),
    (
        "gender",
        "direct_restriction",
        "水电维修员不考虑女性应聘者。",
        "“水电维修员不考虑女性应聘者”把女性挡在这一机会之外，看的是性别而不是能力",
    ),
    (
        "gender",
        "unequal_standard",
        "聘期上限：男驾驶员六十周岁，女驾驶员五十周岁。",
        "同一事项对男女定了两个标准：男性是“男驾驶员六十周岁”，女性是“女驾驶员五十周岁”",
    ),
    (
        "gender",
        "unequal_standard",
        "委托培养录取时，女生分数线高出男生八分。",
        "“女生分数线高出男生八分”让女性适用与男性不同的门槛",
    ),
    (
        "gender",
        "indirect_disadvantage",
        "年终先进须全年满勤，请假事由不作区分。",
        "“年终先进须全年满勤”以出勤作条件，没有写明产假、护理假、育儿假视为出勤",
    ),
    (
        "gender",
        "indirect_disadvantage",
        "贷款申请只接受本人名下不动产作抵押。",
        "“贷款申请只接受本人名下不动产作抵押”以本人名下的不动产为条件",
    ),
    (
        "gender",
        "role_stereotype",
        "女社工发挥细心温柔的长处，专做接待。",
        "“女社工发挥细心温柔的长处”用“温柔”这样的说法评价或者要求一种性别",
    ),
    (
        "gender",
        "role_stereotype",
        "开办女德课堂，宣讲相夫教子。",
        "“开办女德课堂”用“女德”这样的说法评价或者要求一种性别",
    ),
    (
        "gender",
        "care_on_women",
        "亲子活动由母亲陪同，每学期两次。",
        "“亲子活动由母亲陪同”把这件事只交给“母亲”，没有写父亲",
    ),
    (
        "gender",
        "care_on_women",
        "看护假仅限女职工使用，每年五日。",
        "“看护假仅限女职工使用”把照护子女、家人的假期只给女方",
    ),
    (
        "gender",
        "maternity_penalty",
        "讲解员怀孕的，停发岗位津贴并转为后备。",
        "以“讲解员怀孕的”为条件，规定“停发岗位津贴并转为后备”的后果",
    ),
    (
        "gender",
        "maternity_penalty",
        "聘期内休产假的，当年不参加评优。",
        "以“聘期内休产假的”为条件，规定“当年不参加评优”的后果",
    ),
    (
        "gender",
        "marital_status",
        "外嫁女户口未迁的，不再参与山林分红。",
        "以“外嫁女户口未迁的”为条件，规定“不再参与山林分红”，权利随婚姻变动而减少",
    ),
    (
        "gender",
        "marital_status",
        "驻外讲师限未婚人员报名。",
        "“驻外讲师限未婚人员报名”把婚姻状况作为取得资格、待遇的条件",
    ),
    (
        "gender",
        "household_rights",
        "搬迁奖励由户主领取，其他成员不得查询。",
        "“搬迁奖励由户主领取”只认“户主”，其他成员不能就自己的份额提出意见或者领取",
    ),
    (
        "gender",
        "household_rights",
        "分户申请须经户主书面同意。",
        "“分户申请须经户主书面同意”使成员行使自己的权利要先得到“户主”的同意",
    ),
    (
        "gender",
        "fertility_privacy",
        "入职登记表须填写婚育计划。",
        "“入职登记表须填写婚育计划”要求交出婚姻、怀孕或者生育的个人情况",
    ),
    (
        "gender",
        "fertility_privacy",
        "乘务学员承诺两年内不结婚、不怀孕。",
        "“乘务学员承诺两年内不结婚、不怀孕”以不结婚、不生育的承诺作为条件",
    ),
    (
        "gender",
        "exclusionary_protection",
        "为保护女职工，夜间巡检一律不安排女性。",
        "以“为保护女职工”为由，规定“夜间巡检一律不安排女性”",
    ),
    (
        "gender",
        "exclusionary_protection",
        "女勘测员不得进入野外作业区。",
        "“女勘测员不得进入野外作业区”针对全体女性，没有限定在孕期、哺乳期，也没有写本人自愿",
    ),
    (
        "gender",
        "violence_minimised",
        "夫妻打骂由调解员劝和了结，不登记案件。",
        "“夫妻打骂由调解员劝和了结”把侵害当作家务事、内部事来调和，没有写制止和报案",
    ),
    (
        "gender",
        "violence_minimised",
        "性骚扰投诉先行核实投诉人的着装和言行。",
        "“性骚扰投诉先行核实投诉人的着装和言行”把注意力放到受害人的言行上，等于要其为侵害负责",
    ),
    (
        "gender",
        "men_excluded",
        "临时补助发给抚养未成年子女的单亲母亲。",
        "“临时补助发给抚养未成年子女的单亲母亲”把对象写成“单亲母亲”，同样独自抚养子女的父亲被漏掉",
    ),
    (
        "gender",
        "men_excluded",
        "陪护床位仅供母亲使用，父亲不得留宿。",
        "“陪护床位仅供母亲使用”只向女性开放，有同样需要的男性不能申请或者参加",
    ),
    (
        "gender",
        "facility_gap",
        "游客中心厕所男女厕位按一比一设置。",
        "“游客中心厕所男女厕位按一比一设置”使男女厕位等量，而女性如厕时间通常更长",
    ),
    (
        "gender",
        "facility_gap",
        "安置点采用通铺，不分设男女区域。",
        "“安置点采用通铺”没有把男女分开，更衣、如厕、哺乳缺少隐私",
    ),
    (
        "gender",
        "representation_gap",
        "理事会中女理事不超过两名。",
        "“理事会中女理事不超过两名”给女性席位设了上限",
    ),
    (
        "gender",
        "representation_gap",
        "妇女代表列席户代表会议，不参加表决。",
        "“妇女代表列席户代表会议，不参加表决”让女性到场却不能表决，意见难以进入决定",
    ),
    (
        "gender",
        "data_gap",
        "参训人员按乡镇、工种汇总后公布。",
        "“参训人员按乡镇、工种汇总后公布”定下了统计、公布的口径，其中没有性别",
    ),
    ("gender", "data_gap", "受益人数只报总数，不再细分。", "“不再细分”明确不再区分人群，性别差异看不出来"),
    (
        "child",
        "child_exploitation",
        "采茶季安排小学生迎宾演出，按场计酬。",
        "“采茶季安排小学生迎宾演出”安排未成年人参加商业性表演、迎宾一类的活动",
    ),
    (
        "child",
        "child_exploitation",
        "校服可以印制赞助商标识。",
        "“校服可以印制赞助商标识”把校园、学生用品当作广告载体",
    ),
    (
        "child",
        "education_barrier",
        "对屡次违纪的初中生予以劝退。",
        "“对屡次违纪的初中生予以劝退”使学生失去在学的机会",
    ),
    (
        "child",
        "education_barrier",
        "家长未缴清餐费的，学生暂缓注册。",
        "以“家长未缴清餐费的”为条件，规定“学生暂缓注册”，能不能上学取决于这一条件",
    ),
    (
        "child",
        "guardian_fault_transfer",
        "家长拖欠水费的，其子女不得参加评优。",
        "因为“家长拖欠水费的”，让孩子承担“其子女不得参加评优”的后果",
    ),
    (
        "child",
        "guardian_fault_transfer",
        "父母被列入失信名单的，学生不得住校。",
        "因为“父母被列入失信名单的”，让孩子承担“学生不得住校”的后果",
    ),
    (
        "child",
        "harmful_discipline",
        "迟到的学生在操场罚站一节课。",
        "“迟到的学生在操场罚站一节课”触及学生的身体或者基本需要，属于体罚、变相体罚的做法",
    ),
    (
        "child",
        "harmful_discipline",
        "打架的学生在升旗仪式上检讨。",
        "“打架的学生在升旗仪式上检讨”把惩戒放到众人面前，带有羞辱和贴标签的效果",
    ),
    (
        "child",
        "child_privacy",
        "违纪少年的姓名和照片在公告栏张贴。",
        "“违纪少年的姓名和照片在公告栏张贴”把未成年人的情况公开，熟悉的人可以据此认出是谁",
    ),
    (
        "child",
        "child_privacy",
        "学校采集全体学生的人脸信息用于点名。",
        "“学校采集全体学生的人脸信息用于点名”收集未成年人的个人信息，没有写必要范围和监护人同意",
    ),
    (
        "child",
        "online_harm",
        "未成年人充值一律不予退还。",
        "“未成年人充值一律不予退还”涉及未成年人的网络消费，没有限额和退还的安排",
    ),
    (
        "child",
        "online_harm",
        "平台可以为十四周岁学生开通直播账号。",
        "“平台可以为十四周岁学生开通直播账号”向未成年人开放账号或者直播，没有写年龄和监护人同意的要求",
    ),
    (
        "child",
        "safety_lowered",
        "接送车可以由未取得资格的职工驾驶。",
        "“接送车可以由未取得资格的职工驾驶”允许以不合格的人员、车辆或者检验代替法定要求",
    ),
    (
        "child",
        "safety_lowered",
        "游乐器材由摊主自行检验，不再标明适龄范围。",
        "“游乐器材由摊主自行检验”允许以不合格的人员、车辆或者检验代替法定要求",
    ),
    (
        "child",
        "custody_gap",
        "被拘留人员的子女由其自行安排照料。",
        "“被拘留人员的子女由其自行安排照料”把照料留给儿童或者家庭自己，没有写由谁接管",
    ),
    (
        "child",
        "custody_gap",
        "期满后一律将孩子送回原监护人。",
        "“期满后一律将孩子送回原监护人”只写了把孩子交出去，没有写对方能不能照料、由谁跟进",
    ),
    (
        "child",
        "age_line_error",
        "身高一米三以下的免费乘船。",
        "“身高一米三以下的免费乘船”以身高代替年龄，同龄儿童可能得到不同对待",
    ),
    ("child", "age_line_error", "已满十六周岁的，视同成年人处理。", "“视同成年人处理”把未成年人当作成年人"),
    (
        "child",
        "status_exclusion",
        "孤独症儿童谢绝入园游玩。",
        "“孤独症儿童”被规定“谢绝入园游玩”，理由是身份或者状况",
    ),
    (
        "child",
        "status_exclusion",
        "单亲家庭学生单独建档并在班级标注。",
        "“单亲家庭学生单独建档并在班级标注”把一部分孩子单列出来，带有标签的效果",
    ),
    (
        "child",
        "procedure_missing",
        "监护人不能到场的，可以单独讯问未成年人。",
        "“监护人不能到场的”使监护人、合适成年人不在场也可以办理",
    ),
    (
        "child",
        "procedure_missing",
        "未成年人的违法记录提供给招工单位查询。",
        "“未成年人的违法记录提供给招工单位查询”使未成年人的违法犯罪记录、行为记录向外提供",
    ),
    (
        "child",
        "harmful_marketing",
        "学校门口可以设置卷烟零售点。",
        "“学校门口可以设置卷烟零售点”使烟、酒、彩票一类商品接近未成年人，没有写禁止向其销售",
    ),
    (
        "child",
        "harmful_marketing",
        "产科可以派发婴儿配方奶粉试用装。",
        "“产科可以派发婴儿配方奶粉试用装”推广代替母乳的食品",
    ),
    (
        "child",
        "voice_excluded",
        "校服款式由学校确定，家长不得提出异议。",
        "“家长不得提出异议”不允许学生、家长表示不同意见",
    ),
    (
        "child",
        "voice_excluded",
        "撤并教学点不再征求学生家长意见。",
        "“撤并教学点不再征求学生家长意见”明确不听取儿童或者家长的意见",
    ),
    (
        "child",
        "report_discouraged",
        "发现学生受侵害的，先行内部核实。",
        "“先行内部核实”把侵害、欺凌留在内部处理",
    ),
    (
        "child",
        "report_discouraged",
        "教师未经园长批准不得对外报告。",
        "“教师未经园长批准不得对外报告”让报告先过一道内部的批准",
    ),
    (
        "child",
        "age_unsuitable",
        "组织高年级学生参加山火扑救。",
        "“组织高年级学生参加山火扑救”让未成年人参加带有危险的活动",
    ),
    (
        "child",
        "age_unsuitable",
        "少年队员每日训练六小时。",
        "“少年队员每日训练六小时”的时间、强度超过儿童能够承受的程度",
    ),
    (
        "child",
        "resource_displaced",
        "幼儿园活动区改作停车场。",
        "“幼儿园活动区改作停车场”使儿童的场地、设施让给其他用途",
    ),
    (
        "child",
        "resource_displaced",
        "经费紧张时优先压减儿童福利经费。",
        "“经费紧张时优先压减儿童福利经费”减少了用于儿童的经费或者项目",
    ),
    (
        "child",
        "emergency_gap",
        "转移按照登记先后顺序进行，学生由学校自行联系车辆。",
        "“转移按照登记先后顺序进行”定了先后次序，儿童没有排在优先的位置",
    ),
    (
        "child",
        "emergency_gap",
        "患病幼儿与监护人分开隔离。",
        "“患病幼儿与监护人分开隔离”使儿童与监护人分开，没有写陪护和替代照料",
    ),
    (
        "child",
        "data_gap",
        "困难群众数据库按户登记，不单列未成年人。",
        "“不单列未成年人”明确不再区分人群，未成年人的情况看不出来",
    ),
    (
        "child",
        "data_gap",
        "伤亡情况按照路段和车型公布。",
        "“伤亡情况按照路段和车型公布”定下了统计、公布的口径，其中没有年龄",
    ),
]
"""Lens, type, a clause and the first sentence of the reason that a lawyer gets for it."""


def _concern(lens: str, name: str, clause: str) -> Explanation:
    return explain(cast(Lens, lens), "concern", (name,), passages(clause)[0], ())


def _sentences(text: str) -> list[str]:
    return [part for part in re.split("[。；]", text) if part]


@pytest.mark.parametrize(("lens", "name", "clause", "first"), REASONS)
def test_a_reason_begins_with_what_the_words_of_the_clause_do(
    lens: str, name: str, clause: str, first: str
) -> None:
    assert _concern(lens, name, clause).reason.startswith(f"{first}。")


def test_every_type_is_explained_in_two_ways() -> None:
    told = Counter((lens, name) for lens, name, _, _ in REASONS)
    assert all(told[key] >= 2 for key in CONCERNS)


@pytest.mark.parametrize(("lens", "name", "clause", "_first"), REASONS)
def test_a_reason_quotes_the_clause_names_an_article_and_repeats_nothing(
    lens: str, name: str, clause: str, _first: str
) -> None:
    explanation = _concern(lens, name, clause)
    quoted = re.findall("“([^”]+)”", explanation.reason)
    assert any(words in clause for words in quoted)
    assert re.search("可对照《[一-鿿]+》第[一二三四五六七八九十百千零]+条（[^）]+", explanation.reason)
    assert not re.search("[A-Za-z]", explanation.reason + explanation.suggestion)
    sentences = _sentences(explanation.reason)
    assert len(sentences) == len(set(sentences))
    assert explanation.basis[0].replace("第", "》第", 1) in explanation.reason
    assert set(explanation.basis) == set(text_for(cast(Lens, lens), name).basis)


@pytest.mark.parametrize(("lens", "name", "clause", "_first"), REASONS)
def test_without_a_rule_a_person_is_asked_to_check(lens: str, name: str, clause: str, _first: str) -> None:
    assert _concern(lens, name, clause).reason.endswith(f"请核对{_text(lens, name).check}。")


@pytest.mark.parametrize(("lens", "name"), CONCERNS)
def test_where_no_words_of_the_type_stand_the_words_that_weigh_most_are_quoted(lens: str, name: str) -> None:
    clause = "农机站职工、学校门卫可以凭票入场。"
    (reading,) = read(clause, load_rules())
    reason = explain(cast(Lens, lens), "concern", (name,), reading.passage, (), (), "（三）学校门卫").reason
    if "常用字眼" in reason:
        assert reason.startswith("“学校门卫”可能涉及“")
    assert any(words in clause for words in re.findall("“([^”]+)”", reason))


def test_a_rule_speaks_where_no_variant_touches_its_words() -> None:
    (reading,) = read("拖欠物业费的业主，其子女不得入园。", load_rules())
    hits = [hit for hit in reading.hits if hit.rule.kind == "concern"]
    reason = explain("child", "concern", ("guardian_fault_transfer",), reading.passage, hits).reason
    assert "“拖欠物业费的业主”" in reason
    assert "请核对" not in reason


def test_a_second_type_is_told_in_the_same_breath() -> None:
    clause = passages("怀孕女职工不予评优，停发津贴。")[0]
    reason = explain("gender", "concern", ("maternity_penalty", "direct_restriction"), clause, ()).reason
    assert "同一句还可能涉及“直接性别限制”" in reason


@pytest.mark.parametrize(
    ("lens", "name", "clause", "wording"),
    [
        (
            "gender",
            "direct_restriction",
            "仓库理货员六名，限男性，能倒班。",
            "仓库理货员六名，男女均可，能倒班。",
        ),
        ("gender", "care_on_women", "亲子活动由母亲陪同。", "亲子活动由父母或者其他监护人陪同。"),
        ("gender", "men_excluded", "补助发给单亲母亲。", "补助发给单亲父亲或者母亲。"),
        ("gender", "household_rights", "奖励由户主领取。", "奖励由具有相应权利的家庭成员领取。"),
        (
            "gender",
            "facility_gap",
            "公厕按照男女厕位一比一的比例建设。",
            "公厕按照女性厕位与男性厕位的比例不低于三比二建设。",
        ),
    ],
)
def test_the_clause_is_written_again_where_that_is_safe(
    lens: str, name: str, clause: str, wording: str
) -> None:
    assert _concern(lens, name, clause).suggestion.startswith(f"建议把本句改为“{wording}”")


def test_what_is_forbidden_is_told_without_saying_the_ban_twice() -> None:
    (clause,) = passages("用人单位不得因怀孕降低女职工工资。")
    reason = explain("gender", "protective", (), clause, ()).reason
    assert reason.startswith("条文以“用人单位不得”开头，禁止的是“因怀孕降低女职工工资”，")


def test_a_word_that_stands_twice_is_not_changed_once() -> None:
    suggestion = _concern("gender", "household_rights", "奖励由户主领取，并由户主分配。").suggestion
    assert "改为“奖励" not in suggestion
    assert "户主" in suggestion


@pytest.mark.parametrize(
    ("lens", "domain", "clause", "cited"),
    [
        ("gender", "environment", "车站应当设置母婴室。", "妇女权益保障法第三十四条"),
        ("gender", "economy", "不得在招聘时询问婚育情况。", "妇女权益保障法第四十三条"),
        ("gender", "economy", "女职工产假期间工资照发。", "妇女权益保障法第四十七条"),
        ("child", "safety", "校车应当配备逃生锤。", "未成年人保护法第三十五条"),
        ("child", "safety", "游泳场所应当配备救生员照看儿童。", "未成年人保护法第五十六条"),
        ("child", "health", "适龄儿童应当按时接种疫苗。", "未成年人保护法第九十条"),
    ],
)
def test_a_clause_without_concern_is_held_against_the_article_of_its_matter(
    lens: str, domain: str, clause: str, cited: str
) -> None:
    found = explain(cast(Lens, lens), "protective", (), passages(clause)[0], (), (domain,))
    assert found.basis[0] == cited
    assert f"第{cited.partition('第')[2]}（" in found.reason


def test_every_domain_has_an_article_without_words() -> None:
    statutes = yaml.safe_load((CORPUS / "explanations.yaml").read_text(encoding="utf-8"))["statutes"]
    for lens, domains in load_taxonomy().domains.items():
        assert list(statutes[lens]) == list(domains)
        for lines in statutes[lens].values():
            assert ["words" in line for line in lines] == [True] * (len(lines) - 1) + [False]


@pytest.mark.parametrize(
    ("lens", "kind", "clause", "words"),
    [
        ("gender", "protective", "不得因怀孕、休产假降低女职工工资。", "禁止的是"),
        ("gender", "protective", "职工生育二孩的，享受六十日产假。", "落实了假期"),
        ("gender", "protective", "委员会中女性委员不少于三分之一。", "设定了下限"),
        ("gender", "relevant", "婚姻登记机关应当公开办事指南。", "婚姻状况或者婚姻家庭关系"),
        ("gender", "relevant", "妇女可以参加培训。", "以女性为适用对象"),
        ("child", "protective", "不得向未成年人出售烟酒。", "禁止的是"),
        ("child", "protective", "儿童免费入园游览。", "优先或者优惠"),
        ("child", "relevant", "幼儿园收费标准由价格部门制定。", "学校、幼儿园"),
        ("child", "relevant", "监护人的变更应当登记。", "监护人的职责"),
    ],
)
def test_a_clause_without_concern_is_explained_too(lens: str, kind: str, clause: str, words: str) -> None:
    explanation = explain(cast(Lens, lens), cast(FindingKind, kind), (), passages(clause)[0], ())
    assert words in explanation.reason
    assert explanation.suggestion == ""


def test_unknown_type_is_refused() -> None:
    with pytest.raises(KeyError):
        text_for("gender", "child_privacy")


def test_no_pattern_that_matches_is_passed_over() -> None:
    texts = [example.text for example in read_corpus()[::200]]
    for lens in LENSES:
        for name in load_taxonomy().concerns[lens]:
            patterns = list(enumerate(_patterns(lens, name)))
            for text in texts:
                matching = {number for number, (_, pattern) in patterns if pattern.search(text)}
                assert matching <= _possible(lens, name, text)

"""Numbers held against statutes, standards and plan goals."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessment.documents.models import Document
from assessment.documents.read import read
from assessment.lawindex import citation
from assessment.screening.figures import check_figures, figure_checks
from assessment.screening.models import FigureCheck


def _document(*articles: str) -> Document:
    numbers = "一二三四五六七八九"
    lines = [f"第{number}条 {text}" for number, text in zip(numbers, articles, strict=False)]
    return read("\n".join(["东湖市公共服务办法", "", *lines]).encode(), "办法.txt")


def _checks(*articles: str) -> tuple[FigureCheck, ...]:
    return check_figures(_document(*articles))


# words, value as understood, verdict
FOUND = [
    # toilets: women to men, in whichever order the draft names them
    ("新建公厕男女厕位按一比一设置。", "1:1", "below"),
    ("女厕位与男厕位的比例为1:1。", "1:1", "below"),
    ("新建公厕女性厕位与男性厕位的比例不低于三比二。", "3:2", "meets"),
    ("男性厕位与女性厕位的比例为2：3。", "3:2", "meets"),
    ("客运站女厕位与男厕位的比例为3:2。", "3:2", "below"),
    ("商场男厕位与女厕位之比为1∶2。", "2:1", "meets"),
    ("女厕位数量应当达到男厕位的1.5倍。", "1.5倍", "meets"),
    ("公厕女性厕位占比不低于百分之五十。", "50%", "below"),
    ("公厕男女厕位数量相同。", "1:1", "below"),
    # women in bodies
    ("评标专家库的女性专家不得超过百分之十。", "10%", "differs"),
    ("村民代表会议中，妇女代表应当占三分之一以上。", "33.33%", "meets"),
    ("村民代表会议中，妇女村民代表不少于百分之二十。", "20%", "below"),
    ("社区居委会成员中女性比例不低于50%。", "50%", "meets"),
    ("村委会成员中女性占百分之二十。", "20%", "below"),
    ("评审委员会中任一性别委员不低于百分之四十。", "40%", "meets"),
    # leave and nursing
    ("女职工生育享受九十天产假。", "90天", "below"),
    ("女职工生育享受98天产假。", "98天", "meets"),
    ("生育的，给予不少于158日的产假。", "158天", "meets"),
    ("产假期间难产的，增加产假十天。", "10天", "below"),
    ("怀孕未满4个月流产的，给予十五天产假。", "15天", "meets"),
    ("怀孕满四个月流产的，给予三十天产假。", "30天", "below"),
    ("每天在劳动时间内安排三十分钟哺乳时间。", "0.5小时", "below"),
    ("每天在劳动时间内安排一小时哺乳时间。", "1小时", "meets"),
    # ages by sex
    ("结婚年龄，男不得早于二十二周岁，女不得早于二十周岁。", "男22周岁、女20周岁", "meets"),
    ("专家的年龄，男性不超过六十五周岁，女性不超过六十周岁。", "男65周岁、女60周岁", "differs"),
    ("男满五十五周岁、女满五十周岁的，办理内部退养。", "男55周岁、女50周岁", "check"),
    ("登记失业的女性满四十周岁、男性满五十周岁的，给予援助。", "男50周岁、女40周岁", "check"),
    ("男十八至六十周岁、女十八至五十五周岁的公民应当植树。", "男60周岁、女55周岁", "differs"),
    # the plan
    ("到2028年，孕产妇死亡率控制在12/10万以下。", "12/10万", "below"),
    ("适龄妇女宫颈癌筛查率达到80%。", "80%", "meets"),
    ("规章草案公开征求意见的期限不少于十五日。", "15天", "below"),
    ("规章草案公开征求意见的期限不少于30日。", "30天", "meets"),
    # age lines of minors
    ("本办法所称未成年人是指未满十六周岁的人。", "16周岁", "differs"),
    ("本办法所称儿童，是指不满18周岁的人。", "18周岁", "meets"),
    ("企业可以招用年满十四周岁的学生。", "14周岁", "below"),
    ("不得招用未满十六周岁的人员。", "16周岁", "meets"),
    ("可以招用未满十六周岁的人员。", "16周岁", "below"),
    ("不满十二周岁的人有前款行为的，不予行政处罚。", "12周岁", "differs"),
    ("处理不满十四周岁未成年人个人信息，应当取得监护人同意。", "14周岁", "meets"),
    ("处理不满十周岁未成年人个人信息，应当取得监护人同意。", "10周岁", "below"),
    ("不满十周岁的未成年人为无民事行为能力人。", "10周岁", "differs"),
    ("八周岁以上的未成年人为限制民事行为能力人。", "8周岁", "meets"),
    ("平台可以为年满十四周岁的学生开通直播账号。", "14周岁", "below"),
    ("不得为未满十六周岁的未成年人注册直播账号。", "16周岁", "meets"),
    ("不得利用不满十周岁的儿童代言。", "10周岁", "meets"),
    ("不得让不满十四周岁的孩子单独居住。", "14周岁", "below"),
    ("不得将未满七周岁的儿童独自在家。", "7周岁", "below"),
    ("驾驶自行车应当年满十二周岁。", "12周岁", "meets"),
    ("驾驶电动自行车应当年满十四周岁。", "14周岁", "differs"),
    ("年满七周岁的儿童应当入学接受义务教育。", "7周岁", "meets"),
    # discounts, distances, hours
    ("身高1.3米以下的儿童免票。", "以身高为准", "differs"),
    ("中小学校周边二百米内不得设立互联网上网服务营业场所。", "200米", "meets"),
    ("小学周围100米内不得开设网吧。", "100米", "below"),
    ("学校周边二百米内可以设立酒吧。", "200米", "below"),
    ("中小学生每天体育活动不少于半小时，学校保证学生每天一小时体育锻炼。", "1小时", "meets"),
    ("每千人口拥有托位3个。", "3个", "below"),
    ("学前教育毛入园率达到92%。", "92%", "meets"),
    ("适龄儿童接种率达到百分之八十五。", "85%", "below"),
]

# the number is there, but it is about something else
SILENT = [
    "男女宿舍之间的距离不少于10米。",
    "停车位与户数的比例为1:1。",
    "女性占比由上年的百分之三提高。",
    "一孩延长产假六十天。",
    "产假期满后三十日内提出申请。",
    "招聘年满十八周岁的人员。",
    "招收三周岁以上的幼儿。",
    "六十周岁以上老年人免费乘车。",
    "身高一点二米以下的儿童应当由成年人陪同乘坐。",
    "未满十六周岁的儿童优惠，未带证件的参考身高一点四米。",
    "身高低于一米的儿童不得乘坐过山车等游乐设施。",
    "自行车可以附载一名十二周岁以下的儿童。",
    "大课间每次安排三十分钟体育活动。",
    "加油站与学校的距离不少于50米。",
    "有关部门应当在十日内反馈意见。",
    "女职工每年安排一次体检，费用三百元。",
    "代表应当有三分之二以上出席。",
    "",
]


@pytest.mark.parametrize(("words", "value", "verdict"), FOUND, ids=[words[:14] for words, _, _ in FOUND])
def test_figure_is_understood_and_judged(words: str, value: str, verdict: str) -> None:
    (figure,) = _checks(words)
    assert (figure.value, figure.verdict) == (value, verdict)


@pytest.mark.parametrize("words", SILENT, ids=[words[:14] or "empty" for words in SILENT])
def test_number_about_something_else_is_left_alone(words: str) -> None:
    assert _checks(words or "本办法自公布之日起施行。") == ()


def test_figures_of_one_sentence_are_told_apart() -> None:
    figures = _checks(
        "女职工生育享受98天产假，其中产前可以休假15天；难产的，增加产假15天；"
        "怀孕未满4个月流产的，享受15天产假；怀孕满4个月流产的，享受42天产假。"
    )
    assert [figure.value for figure in figures] == ["98天", "15天", "15天", "42天"]
    assert {figure.verdict for figure in figures} == {"meets"}


def test_quote_stands_where_the_offsets_say() -> None:
    document = _document("为了方便群众，制定本办法。", *(words for words, _, _ in FOUND[:8]))
    figures = check_figures(document)
    assert len(figures) >= 8
    for figure in figures:
        assert document.text[figure.start : figure.end] == figure.quote
    assert list(figures) == sorted(figures, key=lambda figure: figure.start)


def test_figure_belongs_to_the_smallest_clause() -> None:
    document = _document("有下列情形之一的，可以优惠：\n（一）老年人；\n（二）身高1.3米以下的儿童。")
    (figure,) = check_figures(document)
    clause = document.clause(figure.clause)
    assert clause.label == "（二）"
    assert clause.start <= figure.start
    assert figure.end <= clause.end


def test_lead_in_of_a_list_counts_for_its_items() -> None:
    (figure,) = _checks("父母不得有下列行为：\n（一）使未满十六周岁的子女单独居住；\n（二）虐待子女。")
    assert figure.verdict == "meets"


@pytest.mark.parametrize("check", figure_checks(), ids=[check.id for check in figure_checks()])
def test_check_names_its_source(check: object) -> None:
    basis = getattr(check, "basis", "")
    assert citation(basis)


def test_check_ids_are_unique() -> None:
    ids = [check.id for check in figure_checks()]
    assert len(ids) == len(set(ids))


_PIECES = [
    "女",
    "男",
    "厕位",
    "比例",
    "为",
    "百分之",
    "分之",
    "%",
    "比",
    ":",
    "一",
    "零",
    "万",
    "十",
    "点",
    "3",
    "0",
    ".",
]
_PIECES += [
    "周岁",
    "未满",
    "招用",
    "产假",
    "天",
    "个月",
    "哺乳时间",
    "小时",
    "每天",
    "学校",
    "米",
    "网吧",
    "，",
    "。",
    "（一）",
]


@given(st.lists(st.sampled_from(_PIECES), max_size=40))
def test_any_words_are_read_without_error(pieces: list[str]) -> None:
    document = _document("".join(pieces) + "。")
    for figure in check_figures(document):
        assert document.text[figure.start : figure.end] == figure.quote


@pytest.mark.shared
def test_figures_are_rare_on_real_regulations(shared: Path) -> None:
    paths = [p for p in sorted((shared / "laws").rglob("*.txt")) if p.parent.name != "national"][::3]
    found = [check_figures(read(path.read_bytes(), path.name)) for path in paths]
    assert 0 < sum(bool(figures) for figures in found) <= 0.06 * len(paths)


@pytest.mark.shared
def test_national_statutes_meet_their_own_figures(shared: Path) -> None:
    """The statutes the checks are drawn from must not be found short of themselves."""
    folder = shared / "laws" / "national"
    names = [
        "未成年人保护法(2024",
        "女职工劳动保护特别规定",
        "村民委员会组织法",
        "广告法",
        "婚姻家庭编",
        "体育法(2022",
    ]
    paths = [path for path in folder.glob("*.txt") if path.name.startswith(tuple(names))]
    assert len(paths) == len(names)
    figures = [figure for path in paths for figure in check_figures(read(path.read_bytes(), path.name))]
    assert len(figures) >= 6
    assert [figure for figure in figures if figure.verdict != "meets"] == []

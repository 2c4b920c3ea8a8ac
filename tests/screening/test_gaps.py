"""Gaps of the whole document: which documents ought to have what, and what fills it."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from statistics import median

import pytest

from assessment.documents.models import Document
from assessment.documents.read import read
from assessment.lawindex import citation
from assessment.screening.gaps import find_gaps, gap_rules
from assessment.screening.models import Finding, Lens, Relevance, RelevanceLevel

RULES = {rule.gap.id: rule for rule in gap_rules()}


def _draft(title: str, *articles: str) -> Document:
    numbers = "一二三四五六七八九"
    lines = [title, "", "第一章 总则"]
    lines += [f"第{number}条 {text}" for number, text in zip(numbers, articles, strict=False)]
    return read("\n".join(lines).encode(), f"{title}.txt")


def _relevance(level: RelevanceLevel = "general") -> dict[Lens, Relevance]:
    return {"gender": Relevance(level, ""), "child": Relevance(level, "")}


def _ids(document: Document, findings: tuple[Finding, ...] = ()) -> set[str]:
    return {gap.id for gap in find_gaps(document, findings, _relevance())}


# id → title, articles that open the gate, the provision that fills it
CASES: dict[str, tuple[str, list[str], str]] = {
    "gender.facilities": (
        "东湖市城市容貌管理办法",
        ["新区开发应当同步规划建设公共厕所，费用列入工程概算。"],
        "公共厕所应当设置第三卫生间和母婴室。",
    ),
    "gender.statistics": (
        "东湖市就业服务办法",
        ["市人社部门建立就业和失业统计制度，按季度发布劳动力供求信息。"],
        "前款统计应当按性别、年龄分组。",
    ),
    "gender.committee": (
        "东湖市住宅物业管理办法",
        ["业主委员会由五至九名委员组成，由业主大会选举产生。"],
        "业主委员会中应当有女性委员。",
    ),
    "gender.recruitment": (
        "东湖市编外聘用人员办法",
        ["招聘编外人员应当发布公告，写明岗位条件和年龄、学历要求，组织笔试和体检。"],
        "招聘坚持男女平等，不得有性别歧视。",
    ),
    "gender.maternity": (
        "东湖市环卫职工工资和工时办法",
        ["环卫职工夜班每月不超过十个，加班另付工资。", "一年内两次考核不合格的，可以辞退。"],
        "孕期和哺乳期的女职工不安排夜班。",
    ),
    "gender.land_membership": (
        "石桥村集体资产管理章程",
        ["社员资格的取得、确认和丧失，由社员大会表决。"],
        "不得以结婚、离婚、丧偶为由取消妇女的社员资格。",
    ),
    "gender.compensation": (
        "东湖市集体土地征收补偿方案",
        ["征收集体土地的，与被征地农民签订补偿协议，约定金额和期限。"],
        "补偿协议应当把享有权益的妇女列入。",
    ),
    "gender.harassment": (
        "东湖市城市公共汽车客运办法",
        [
            "乘客应当遵守乘车秩序。",
            "驾驶员应当安全行车，遵守服务规范。",
            "经营者应当设立投诉电话，受理乘客投诉。",
        ],
        "驾驶员发现性骚扰的，应当制止并报警。",
    ),
    "gender.lodging": (
        "东湖市民宿管理办法",
        ["民宿经营者应当查验旅客身份并如实登记。"],
        "经营者发现可能侵害妇女权益的违法行为，应当向公安机关报告。",
    ),
    "gender.emergency": (
        "东湖市防汛抗旱应急预案",
        ["乡镇应当组织低洼地带群众转移，保障安置点居民的基本生活。"],
        "安置点为孕产妇单设区域。",
    ),
    "gender.evaluation": (
        "东湖市公共服务发展规划",
        ["市政府对规划实施情况开展中期评估。"],
        "评估应当分析对女性和男性的不同影响，并听取妇女的意见。",
    ),
    "child.report": (
        "东湖市校外托管机构管理办法",
        ["托管机构应当建立安全管理制度，安排专人看护。"],
        "托管机构发现侵害的，应当立即向公安机关报告。",
    ),
    "child.staff_check": (
        "东湖市托育服务管理办法",
        ["托育机构聘用保育员，应当核对其健康证明。"],
        "聘用前应当查询违法犯罪记录。",
    ),
    "child.data_consent": (
        "东湖市学校卫生办法",
        ["学校应当建立学生健康档案，每学期更新。"],
        "档案信息应当保密，不得用于其他目的。",
    ),
    "child.emergency": (
        "东湖市防汛抗旱应急预案",
        ["乡镇应当组织低洼地带群众转移，保障安置点居民的基本生活。"],
        "转移时优先照顾未成年人。",
    ),
    "child.voice": (
        "东湖市学校设置办法",
        ["区教育部门可以决定小学撤并、合并或者迁移。"],
        "作出决定前应当听取学生和家长的意见。",
    ),
    "child.public_space": (
        "东湖市公园建设办法",
        ["公园的规划设计应当突出地方特色。", "社区广场应当与健身设施同步配套建设。"],
        "公园应当设置儿童活动区。",
    ),
    "child.penalty": (
        "东湖市文明行为条例",
        ["行人翻越护栏的，处五十元罚款。"],
        "未成年人有前款行为的，通知其监护人教育。",
    ),
    "child.discount": (
        "东湖市景区管理办法",
        ["景区对老年人、残疾人和现役军人免费或者半价优惠。"],
        "未满十八周岁的未成年人半价。",
    ),
    "child.lost_child": (
        "东湖市旅游景区服务办法",
        ["景区经营者应当设置安全警示标志。", "景区管理机构应当配备应急救援人员。"],
        "接到儿童走失求助的，应当立即广播搜寻。",
    ),
    "child.lodging": (
        "东湖市民宿管理办法",
        ["民宿经营者应当查验旅客身份并如实登记。"],
        "未成年人入住的，应当询问监护人联系方式。",
    ),
    "child.no_entry": (
        "东湖市娱乐场所管理办法",
        ["歌舞娱乐场所的经营者应当取得许可。"],
        "经营者不得允许未成年人进入。",
    ),
    "child.statistics": (
        "东湖市社会救助办法",
        ["民政部门建立救助对象统计分析制度，每半年汇总一次。"],
        "统计应当单列未成年人。",
    ),
    "child.custody": (
        "东湖市禁毒办法",
        ["公安机关对吸毒成瘾人员作出强制隔离戒毒决定的，应当及时送所执行。"],
        "其未成年子女无人照料的，通知民政部门。",
    ),
    "child.online": (
        "东湖市公共电子阅览管理办法",
        ["社区电子阅览室向居民提供上网服务。"],
        "阅览室应当为未成年人安装保护软件。",
    ),
}


def test_every_gap_has_a_case() -> None:
    assert set(CASES) == set(RULES)


def test_each_lens_has_at_least_seven() -> None:
    lenses = Counter(rule.gap.lens for rule in RULES.values())
    assert lenses["gender"] >= 7
    assert lenses["child"] >= 7


@pytest.mark.parametrize("gap_id", CASES)
def test_gap_is_found_where_the_provision_is_wanting(gap_id: str) -> None:
    title, articles, _ = CASES[gap_id]
    assert gap_id in _ids(_draft(title, *articles))


@pytest.mark.parametrize("gap_id", CASES)
def test_gap_is_filled_by_the_provision(gap_id: str) -> None:
    title, articles, provision = CASES[gap_id]
    assert gap_id not in _ids(_draft(title, *articles, provision))


@pytest.mark.parametrize("gap_id", CASES)
def test_gap_needs_its_gate(gap_id: str) -> None:
    title, _, _ = CASES[gap_id]
    assert gap_id not in _ids(
        _draft(title, "为了加强管理，结合本市实际，制定本办法。", "本办法自公布之日起施行。")
    )


@pytest.mark.parametrize("gap_id", CASES)
def test_reason_names_the_article_that_opened_the_gate(gap_id: str) -> None:
    title, articles, _ = CASES[gap_id]
    document = _draft(title, "为了加强管理，制定本办法。", *articles)
    (gap,) = (gap for gap in find_gaps(document, (), _relevance()) if gap.id == gap_id)
    assert "第二条" in gap.reason
    assert "没有" in gap.reason


@pytest.mark.parametrize("gap_id", RULES)
def test_gap_says_what_it_bears_on_and_what_to_write(gap_id: str) -> None:
    gap = RULES[gap_id].gap
    assert gap.id.startswith(f"{gap.lens}.")
    assert gap.items
    assert all(item.startswith("GQ" if gap.lens == "gender" else "CQ") for item in gap.items)
    assert all(citation(entry)[0].article for entry in gap.basis)
    assert gap.suggestion.startswith("建议")


def _concern(lens: Lens, name: str) -> Finding:
    return Finding(
        id="a1-x",
        clause="a1",
        unit="a1",
        lens=lens,
        kind="concern",
        types=(name,),
        domains=(),
        start=0,
        end=1,
        quote="东",
        confidence=0.9,
        severity="hint",
        reason="",
        basis=(),
        lookalike="",
        suggestion="",
        goals=(),
        source="rule",
    )


def test_concern_that_says_the_same_silences_the_gap() -> None:
    title, articles, _ = CASES["gender.statistics"]
    document = _draft(title, *articles)
    assert "gender.statistics" in _ids(document, (_concern("child", "data_gap"),))
    assert "gender.statistics" not in _ids(document, (_concern("gender", "data_gap"),))


def test_gap_waits_for_the_relevance_it_asks_for() -> None:
    title, articles, _ = CASES["gender.evaluation"]
    document = _draft(title, *articles)
    assert find_gaps(document, (), _relevance("none")) == ()
    assert {gap.id for gap in find_gaps(document, (), _relevance("key"))} == {"gender.evaluation"}


def test_technical_document_has_no_gaps() -> None:
    document = _draft(
        "东湖市城镇排水办法",
        "排水户应当取得排水许可。",
        "养护单位应当定期疏浚管网，建立台账。",
        "违反本办法的，处一千元以上五千元以下罚款。",
    )
    assert find_gaps(document, (), _relevance("key")) == ()


@pytest.mark.shared
def test_gap_items_are_items_of_the_checklists(shared: Path) -> None:
    items = json.loads((shared / "domain" / "checklist-items.json").read_text(encoding="utf-8"))
    known = {item["id"] for item in items}
    assert {item for rule in RULES.values() for item in rule.gap.items} <= known


@pytest.mark.shared
def test_gaps_are_rare_on_real_regulations(shared: Path) -> None:
    paths = [p for p in sorted((shared / "laws").rglob("*.txt")) if p.parent.name != "national"][::3]
    found = [
        [gap.id for gap in find_gaps(read(path.read_bytes(), path.name), (), _relevance("key"))]
        for path in paths
    ]
    rates = Counter(gap_id for gaps in found for gap_id in gaps)
    assert median(len(gaps) for gaps in found) <= 1
    assert sum(rates.values()) > 0
    assert max(rates.values()) <= 0.06 * len(paths)

"""Made-up cases to compose opinions from: a rich one, and one with nothing in it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from assessment import paths
from assessment.checklists import ANSWERS, Answer, Checklist, load_all
from assessment.documents.models import Clause, Document, Guess
from assessment.opinions import Draft, Edit, FindingDecision, OpinionInput, SheetAnswer, compose
from assessment.opinions.models import (
    CONCLUSIONS,
    AffectedGroups,
    CommitteeDecision,
    DataGap,
    Opinion,
    PanelAnswer,
    ProcessStep,
    RelevanceRow,
    SecondReading,
    SelfAnswer,
)
from assessment.screening.explain import text_for
from assessment.screening.models import Engine, FigureCheck, Finding, Gap, Lens, Screening
from assessment.screening.taxonomy import load_taxonomy

NUMERALS = "一二三四五六七八九十"
FULL = tuple(c for c in load_all(paths.CHECKLISTS) if c.mode == "full")

SENTENCES = (
    "申请公共租赁住房的，由户主携带户口簿到社区服务窗口提出，配偶不得单独申请。",
    "网格员原则上从五十周岁以下的男性居民中选聘，每年考核一次。",
    "未按期缴清物业服务费用的，其子女不得使用小区儿童活动室。",
    "客运站应当设置候车室、售票处、男女厕位各十个、吸烟室和停车场。",
    "请假累计超过六十日的，取消当年评优资格和岗位津贴。",
)


def numeral(number: int) -> str:
    """1..40 in Chinese."""
    tens, ones = divmod(number, 10)
    head = "" if tens == 0 else ("十" if tens == 1 else NUMERALS[tens - 1] + "十")
    return head + (NUMERALS[ones - 1] if ones else "")


def document(articles: int = 34) -> Document:
    """A regulation of one chapter whose every article holds one sentence and a second 款 with an item."""
    title = "示例市社区服务管理办法（草案）"
    text, clauses = f"{title}\n第一章　总则\n", []
    clauses.append(Clause("c1", "chapter", "第一章", ("第一章　总则",), "第一章　总则", 16, 22))
    for number in range(1, articles + 1):
        label, start = f"第{numeral(number)}条", len(text)
        first = f"{label}　{SENTENCES[number % len(SENTENCES)]}"
        second = "前款规定按照下列方式执行："
        item = "（一）由社区工作站受理；"
        text += f"{first}\n{second}\n{item}\n"
        end, at_second = start + len(first), start + len(first) + 1
        at_item = at_second + len(second) + 1
        stop = at_item + len(item)
        path = ("第一章　总则", label)
        unit = f"a{number}"
        clauses += [
            Clause(unit, "article", label, path, text[start:stop], start, stop, None, "c1", True),
            Clause(f"{unit}.k1", "paragraph", "第一款", (*path, "第一款"), first, start, end, None, unit),
            Clause(
                f"{unit}.k2",
                "paragraph",
                "第二款",
                (*path, "第二款"),
                text[at_second:stop],
                at_second,
                stop,
                None,
                unit,
            ),
            Clause(
                f"{unit}.k2.x1",
                "item",
                "（一）",
                (*path, "第二款", "（一）"),
                item,
                at_item,
                stop,
                None,
                f"{unit}.k2",
            ),
        ]
    guess = Guess("政府规章", "题目")
    return Document(
        "草案.docx",
        "ab" * 32,
        "docx",
        text,
        tuple(clauses),
        title,
        guess,
        Guess("征求意见", "题目"),
        "regulation",
    )


DOCUMENT = document()


def concern(number: int, lens: Lens, concern_type: str) -> Finding:
    """A concern on the first 款 of article ``number``, worded as the engine words it."""
    clause = DOCUMENT.clause(f"a{number}.k1")
    text = text_for(lens, concern_type)
    return Finding(
        id=f"{clause.id}-{lens}-concern",
        clause=clause.id,
        unit=f"a{number}",
        lens=lens,
        kind="concern",
        types=(concern_type,),
        domains=("law",),
        start=clause.start,
        end=clause.end,
        quote=clause.text,
        confidence=0.8,
        severity=load_taxonomy().concerns[lens][concern_type].severity,
        reason=text.reason,
        basis=text.basis,
        lookalike=text.lookalike,
        suggestion=text.suggestion,
        goals=(),
        source="rule",
    )


def protective(number: int) -> Finding:
    """A clause worth keeping, in article ``number``."""
    return replace(
        concern(number, "child", "voice_excluded"),
        id=f"a{number}-child-protective",
        kind="protective",
        types=(),
        severity="none",
        reason="为儿童安排了专门的活动时间。",
    )


CONCERNS = tuple(
    concern(number, lens, concern_type)
    for number, (lens, concern_type) in enumerate(
        [("gender", t) for t in load_taxonomy().concerns["gender"]]
        + [("child", t) for t in load_taxonomy().concerns["child"]][:15],
        start=1,
    )
)
GAPS = (
    Gap(
        "gender.consultation",
        "gender",
        "没有听取妇联意见的环节",
        "草案涉及妇女权益（第一条），未见听取妇女联合会意见的规定或者说明。",
        ("GQ02",),
        ("妇女权益保障法第八条",),
        "建议在起草说明中写明听取妇联意见的时间、方式和采纳情况。",
    ),
    Gap(
        "child.report",
        "child",
        "没有强制报告",
        "草案设置儿童活动室（第三条），工作人员密切接触儿童，未见发现侵害后的报告义务。",
        ("CQ19",),
        ("未成年人保护法第十一条",),
        "建议增加：工作人员发现儿童受到侵害或者疑似受到侵害的，应当立即报告。",
    ),
)
FIGURE = FigureCheck(
    "a4.k1",
    0,
    4,
    "男女厕位各十个",
    "1:1",
    "女厕位与男厕位不低于3:2",
    "below",
    "城市公共厕所设计标准",
    "gender",
)
SCREENING = Screening(
    document_sha256=DOCUMENT.sha256,
    findings=(*CONCERNS, protective(33)),
    gaps=GAPS,
    figures=(FIGURE,),
    relevance={},
    engine=Engine("1.0", "clauses-1", "2026.1"),
)
DRAFT = Draft(
    "示例市社区服务管理办法（草案）", "政府规章", "征求意见", 2, "草案.docx", "ab" * 32, "示例市民政局"
)


def sheet(checklist: Checklist, shift: int) -> dict[str, SheetAnswer]:
    """Answers that differ a little from expert to expert."""
    answers = {}
    for number, item in enumerate(checklist.items):
        answer: Answer = ANSWERS[(number + (shift if number % 7 == 0 else 0)) % len(ANSWERS)]
        reason = "" if answer == "符合" else f"正文{number + 1}处与此有关，起草说明没有作出解释。"
        quotes = (SENTENCES[number % len(SENTENCES)],) if answer == "不符合" else ()
        answers[item.id] = SheetAnswer(answer, reason, quotes)
    return answers


def rich() -> OpinionInput:
    """30 confirmed concerns, two gaps, a protective clause, a figure, two checklists and three experts."""
    decisions = {
        finding.id: FindingDecision("confirmed", finding.kind, finding.types, finding.severity)
        for finding in SCREENING.findings
    }
    experts = ("陈一鸣", "李二平", "王三秋")
    return OpinionInput(
        draft=DRAFT,
        document=DOCUMENT,
        screening=SCREENING,
        site_name="示例市妇女儿童工作委员会办公室",
        composed_on=date(2026, 3, 5),
        decisions=decisions,
        gap_decisions={gap.id: "confirmed" for gap in GAPS},
        relevance=(
            RelevanceRow(lens="child", level="general", reason="设置儿童活动室，影响社区儿童使用"),
            RelevanceRow(
                lens="gender", level="key", reason="规定住房申请、选聘和评优条件，男女受到的影响不同"
            ),
        ),
        process=(
            ProcessStep(on=date(2026, 2, 2), what="收到草案和起草说明"),
            ProcessStep(on=date(2026, 2, 9), what="完成相关性判断和条款筛查"),
            ProcessStep(on=date(2026, 2, 26), what="专家独立评分完毕并召开合议会"),
        ),
        checklists=FULL,
        sheets={name: {c.id: sheet(c, shift) for c in FULL} for shift, name in enumerate(experts)},
        settled={FULL[0].id: {FULL[0].items[0].id: PanelAnswer(answer="符合")}},
        conclusion=CONCLUSIONS[4],
        explanation="草案在住房申请、选聘、评优方面的规定需要重点研究。\n其他内容总体可行。",
        addressee="示例市民政局",
        contact="赵四，0000-1234567",
        further_basis=("《示例市妇女发展规划》",),
        journal_head="cd" * 32,
    )


def through() -> Opinion:
    """The rich case taken through every step: read twice, self-assessed, settled, before a committee, signed."""
    case = rich()
    first, second, *others = FULL[1].items
    settled = {
        first.id: PanelAnswer(
            answer="部分符合",
            reason="只有一处写明了联系方式",
            votes={"符合": 1, "部分符合": 2},
            minority="陈一鸣认为已经写明",
        ),
        second.id: PanelAnswer(answer="部分符合", reason="全体一致", agreed=True),
        **{item.id: PanelAnswer(answer="符合", reason="讨论后认可") for item in others},
    }
    own = {item.id: SelfAnswer(answer="符合", reason="已在起草说明中写明") for item in FULL[1].items}
    child, gender = case.relevance
    agreed = SecondReading(
        agrees=True, level="general", reason="", first_level="general", first_reason="", settled=False
    )
    differing = SecondReading(
        agrees=False,
        level="general",
        reason="涉及面不大",
        first_level="key",
        first_reason="涉及面大",
        settled=True,
    )
    opinion = compose(
        replace(
            case,
            relevance=(
                child.model_copy(update={"second": agreed}),
                gender.model_copy(update={"second": differing}),
            ),
            settled={FULL[1].id: settled},
            self_assessed={FULL[1].id: own},
            affected=(
                AffectedGroups(
                    lens="child",
                    cells=(
                        ("不分性别", "3—6岁", "一般", "正向"),
                        ("不分性别", "6—12岁", "一般", "正向"),
                        ("女", "不分年龄", "流动", "无法判断"),
                    ),
                    note="以社区儿童为主",
                ),
                AffectedGroups(
                    lens="gender",
                    cells=(("女", "18—60岁", "一般", "负向"), ("女", "18—60岁", "农村", "负向")),
                    note="",
                ),
            ),
            data_gaps=(
                DataGap(
                    lens="gender",
                    figure="公共租赁住房申请人数",
                    breakdown="分性别、分年龄段",
                    holder="示例市住房保障中心",
                    promised=date(2026, 4, 10),
                    item="GQ05",
                ),
                DataGap(
                    lens="child",
                    figure="留守儿童人数",
                    breakdown="分年龄段",
                    holder="",
                    promised=None,
                    item="",
                ),
            ),
            skipped=("利害关系声明", "“符合”引用原文"),
        )
    )
    return opinion.model_copy(
        update={
            "number": "示妇儿评〔2026〕3号",
            "signatory": "钱五",
            "committee": CommitteeDecision(
                on=date(2026, 3, 12),
                decision="附条件通过",
                conditions="补齐分性别申请人数后送达",
                votes={"同意": 7, "反对": 1},
            ),
        }
    )


def empty() -> OpinionInput:
    """A case about which nothing has been said yet."""
    bare = Screening(DOCUMENT.sha256, (), (), (), {}, Engine("1.0", "", ""))
    return OpinionInput(DRAFT, DOCUMENT, bare, "示例市妇女儿童工作委员会办公室", date(2026, 3, 5))


HOSTILE_CHARACTERS = "\x00\x07\x1b\u202e\uffff"
HOSTILE = "正文\x00\x07\x1b[31m<script>alert(1)</script>&amp;\u202e反\uffff"


def hostile(text: str = HOSTILE) -> Opinion:
    """An opinion in which every text a person or a file can bring is ``text``."""
    edit = Edit(text, (text,), text)
    case = rich()
    opinion = compose(
        replace(
            case,
            draft=Draft(text, text, text, 1, text, "0" * 64, text),
            edits={finding.id: edit for finding in CONCERNS},
            relevance=tuple(row.model_copy(update={"reason": text}) for row in case.relevance),
            process=(ProcessStep(on=date(2026, 2, 2), what=text),),
            sheets={text: {c.id: {c.items[0].id: SheetAnswer("证据不足", text, (text,))} for c in FULL}},
            site_name=text,
            explanation=text,
            addressee=text,
            contact=text,
            number=text,
            signatory=text,
        )
    )
    rows = tuple(row.model_copy(update={"quote": text, "lookalike": text}) for row in opinion.recommendations)
    first, *others = opinion.scores
    said = {
        "settled": "部分符合",
        "panel": PanelAnswer(answer="部分符合", reason=text, minority=text),
        "own": SelfAnswer(answer="符合", reason=text),
    }
    items = (first.items[0].model_copy(update=said), *first.items[1:])
    reading = SecondReading(
        agrees=False, level="key", reason=text, first_level="none", first_reason=text, settled=True
    )
    return opinion.model_copy(
        update={
            "recommendations": rows,
            "scores": (first.model_copy(update={"items": items}), *others),
            "relevance": tuple(row.model_copy(update={"second": reading}) for row in opinion.relevance),
            "affected": (AffectedGroups(lens="child", cells=((text, text, text, text),), note=text),),
            "data_gaps": (
                DataGap(lens="child", figure=text, breakdown=text, holder=text, promised=None, item=text),
            ),
            "skipped": (text,),
            "committee": CommitteeDecision(
                on=date(2026, 3, 12), decision=text, conditions=text, votes={text: 1}
            ),
        }
    )

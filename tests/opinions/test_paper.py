"""The order and wording of the paper, and the four states of each lens."""

from __future__ import annotations

from dataclasses import replace

import pytest

from assessment.opinions import compose
from assessment.opinions.blocks import Heading, Paper, Paragraph, Table
from assessment.opinions.models import ADVISORY, Opinion, RelevanceRow
from assessment.opinions.paper import lay_out, merged, statutes
from tests.opinions import samples

RICH = compose(samples.rich())
EMPTY = compose(samples.empty())
THROUGH = samples.through()


def headings(paper: Paper) -> list[str]:
    return [block.text for block in paper.blocks if isinstance(block, Heading) and block.level == 1]


def text(paper: Paper) -> str:
    return "\n".join(block.text for block in paper.blocks if isinstance(block, Paragraph))


def tables(paper: Paper) -> list[Table]:
    return [block for block in paper.blocks if isinstance(block, Table)]


def assessed(opinion: Opinion, **changes: object) -> str:
    """The paper's text where both lenses are assessed and nothing was found, then changed."""
    relevance = tuple(
        RelevanceRow(lens=lens, level="general", reason="有影响") for lens in ("gender", "child")
    )
    bare = {"recommendations": (), "gaps": (), "scores": (), "evidence_missing": (), "relevance": relevance}
    return text(lay_out(opinion.model_copy(update=bare | changes)))


def test_sections_in_order() -> None:
    assert headings(lay_out(RICH)) == [
        "一、评估依据",
        "二、评估过程",
        "三、相关性判断",
        "四、总体结论",
        "五、具体意见",
        "六、缺项建议",
        "七、指标核对",
        "八、清单评分",
        "九、数据与证据说明",
        "十、值得保留的条款",
        "十一、反馈要求",
    ]


def test_sections_left_out_leave_no_hole_in_the_numbers() -> None:
    assert headings(lay_out(EMPTY)) == [
        "一、评估依据",
        "二、评估过程",
        "三、相关性判断",
        "四、总体结论",
        "五、反馈要求",
    ]


def test_state_not_assessed() -> None:
    said = text(lay_out(EMPTY))
    assert said.count("未评估，本意见不就此作出结论。") == 2
    assert "未发现" not in said


def test_state_outside() -> None:
    outside = tuple(RelevanceRow(lens=lens, level="none", reason="只管设备") for lens in ("gender", "child"))
    said = assessed(RICH, relevance=outside)
    assert said.count("不涉及，理由见“相关性判断”。") == 2
    assert "不涉及。理由：只管设备。" in said
    assert "未发现" not in said
    assert "已评估" not in said


def test_state_no_harm_found() -> None:
    said = assessed(RICH)
    assert said.count("已评估，未发现不利影响。") == 2
    assert "性别平等评估未发现需要逐条提出修改意见的条款。" in said


def test_state_evidence_missing() -> None:
    said = assessed(RICH, scores=RICH.scores[1:], evidence_missing=RICH.evidence_missing)
    assert "性别平等评估：已评估，现有材料未发现不利影响，但有6项证据不足，尚不能认为没有不利影响。" in said
    assert "儿童优先评估：已评估，未发现不利影响。" in said


def test_state_with_recommendations() -> None:
    assert "性别平等评估：已评估，提出具体意见15条（高5条、中9条、提示1条）、缺项建议1条。" in text(
        lay_out(RICH)
    )


def test_clause_table() -> None:
    table = tables(lay_out(RICH))[0]
    assert table.heads == ("序号", "条款", "原文", "问题", "依据", "建议")
    groups = [row[0] for row in table.rows if len(row) == 1]
    assert groups == [
        "等级：高（涉嫌与上位法不一致）",
        "等级：中（可能产生不利影响）",
        "等级：提示（建议完善）",
    ]
    rows = [row for row in table.rows if len(row) > 1]
    assert [row[0] for row in rows] == [str(number) for number in range(1, 31)]
    assert rows[0][1] == "第一条\n第一款\n等级：高\n性别平等"
    assert rows[0][2] == samples.CONCERNS[0].quote
    assert rows[0][3].startswith("直接性别限制：")


@pytest.mark.parametrize("opinion", [RICH, EMPTY, THROUGH], ids=["rich", "empty", "through"])
def test_tables_fill_the_text_block(opinion: Opinion) -> None:
    paper = lay_out(opinion)
    inside = [block for entry in paper.attachments for block in entry.blocks if isinstance(block, Table)]
    for table in tables(paper) + inside:
        assert sum(table.widths) == 156, table.heads
        assert {len(row) for row in table.rows} <= {1, len(table.heads)}


def test_attachments() -> None:
    paper = lay_out(RICH)
    assert paper.enclosures == (
        "附件：1. 意见采纳情况反馈表",
        "2. 法规政策儿童优先评估清单逐项评分",
        "3. 法规政策性别平等评估清单逐项评分",
        "4. 版本核对信息",
    )
    form = paper.attachments[0].blocks[1]
    assert isinstance(form, Table)
    assert len(form.rows) == 32
    assert form.rows[0][3] == "□采纳\n□部分采纳\n□不采纳\n□另行研究"
    assert form.rows[30][:2] == ("缺1", "没有听取妇联意见的环节")
    assert paper.labels == ("附件1", "附件2", "附件3", "附件4")


def test_a_single_attachment_has_no_number() -> None:
    paper = lay_out(EMPTY)
    assert paper.enclosures == ("附件：版本核对信息",)
    assert paper.labels == ("附件",)


def test_item_table_shows_every_expert_where_they_differ() -> None:
    table = lay_out(RICH).attachments[2].blocks[0]
    assert isinstance(table, Table)
    rows = {row[0]: row for row in table.rows if len(row) > 1}
    assert rows["GQ01"][2:4] == ("陈一鸣：符合\n李二平：部分符合\n王三秋：不符合", "未形成一致")
    assert rows["GQ02"][2:4] == ("一致", "部分符合")
    assert rows["GQ02"][4] == "陈一鸣、李二平、王三秋：正文2处与此有关，起草说明没有作出解释。"


def test_reply_asks_for_every_recommendation() -> None:
    said = text(lay_out(RICH))
    assert "请于收到本意见之日起30日内，对照附件1逐条反馈采纳、部分采纳或者不采纳" in said
    assert said.endswith(ADVISORY)


def test_explanation_keeps_its_lines() -> None:
    lines = [block.text for block in lay_out(RICH).blocks if isinstance(block, Paragraph)]
    assert "草案在住房申请、选聘、评优方面的规定需要重点研究。" in lines
    assert "其他内容总体可行。" in lines


def test_unsigned_paper_says_so() -> None:
    paper = lay_out(EMPTY)
    assert (paper.number, paper.addressee) == ("（文号待编）", "（致送单位待定）")
    assert paper.signature == ("示例市妇女儿童工作委员会办公室", "签发人：（待签发）", "2026年3月5日")


def test_signed_paper() -> None:
    signed = compose(replace(samples.rich(), number="示妇儿评〔2026〕3号", signatory="钱五"))
    paper = lay_out(signed)
    assert paper.number == "示妇儿评〔2026〕3号"
    assert paper.signature[1] == "签发人：钱五"


def test_a_type_the_taxonomy_has_dropped_stands_by_its_id() -> None:
    row = RICH.recommendations[0].model_copy(update={"types": ("direct_restriction", "bygone")})
    table = tables(lay_out(RICH.model_copy(update={"recommendations": (row,)})))[0]
    assert table.rows[1][3].startswith("直接性别限制、bygone：")


@pytest.mark.parametrize(
    ("citations", "written"),
    [
        ((), ""),
        (("妇女权益保障法第八条",), "《妇女权益保障法》第八条"),
        (
            ("妇女权益保障法第二条", "宪法第四十八条", "妇女权益保障法第四十三条第（一）项"),
            "《妇女权益保障法》第二条、第四十三条第（一）项；《宪法》第四十八条",
        ),
        (("《示例市妇女发展规划》", "城市公共厕所设计标准"), "《示例市妇女发展规划》；城市公共厕所设计标准"),
    ],
)
def test_statutes(citations: tuple[str, ...], written: str) -> None:
    assert statutes(citations) == written


def test_nothing_is_said_of_steps_not_used() -> None:
    said = text(lay_out(EMPTY)) + text(lay_out(RICH))
    for word in ("复核，", "受影响人群", "委员会", "自评", "没有经过", "数据尚缺"):
        assert word not in said


def test_second_reading() -> None:
    said = text(lay_out(THROUGH))
    assert "经另一人复核，意见一致。" in said
    assert "初判为重点评估（涉及面大），复核为一般评估（涉及面不大），以上述判断为准。" in said
    row = THROUGH.relevance[0]
    assert row.second is not None
    open_row = row.model_copy(update={"second": row.second.model_copy(update={"settled": False})})
    assert "差异尚未处理。" in text(lay_out(THROUGH.model_copy(update={"relevance": (open_row,)})))


def test_affected_people_in_a_table_for_each_lens() -> None:
    grids = [table for table in tables(lay_out(THROUGH)) if table.heads == ("性别", "年龄", "群体", "影响")]
    assert [table.rows for table in grids] == [
        (("女", "18—60岁", "一般、农村", "负向"),),
        (("不分性别", "3—6岁、6—12岁", "一般", "正向"), ("女", "不分年龄", "流动", "无法判断")),
    ]
    assert "受影响人群如下。以社区儿童为主。" in text(lay_out(THROUGH))


def test_like_cells_are_joined_and_none_is_added() -> None:
    cells = [
        (sex, age, group, effect)
        for sex, effect in (("女", "负向"), ("男", "中性"))
        for age in ("3—6岁", "6—12岁")
        for group in ("一般", "农村")
    ]
    assert merged(cells) == (
        ("女", "3—6岁、6—12岁", "一般、农村", "负向"),
        ("男", "3—6岁、6—12岁", "一般、农村", "中性"),
    )
    uneven = merged([*cells, ("女", "0—3岁", "农村", "负向")])
    assert ("女", "3—6岁、6—12岁", "一般", "负向") in uneven
    assert ("女", "3—6岁、6—12岁、0—3岁", "农村", "负向") in uneven


def test_agreement_table() -> None:
    table = next(table for table in tables(lay_out(RICH)) if "κ" in table.heads)
    assert table.heads == ("清单", "一致项／比较项", "一致率", "κ", "α（名义）", "α（次序）")
    figures = RICH.scores[1].agreement
    assert figures is not None
    assert figures.percent is not None
    assert figures.kappa is not None
    assert table.rows[1][1:4] == (
        f"{figures.unanimous}／35",
        f"{figures.percent:.1f}%",
        f"{figures.kappa:.2f}",
    )


def test_settled_items_show_votes_minority_and_the_unit_where_it_differs() -> None:
    table = lay_out(THROUGH).attachments[2].blocks[0]
    assert isinstance(table, Table)
    assert table.heads[3] == "合议答案"
    rows = {row[0]: row for row in table.rows if len(row) > 1}
    assert rows["GQ01"][3] == "部分符合\n符合1票\n部分符合2票\n自评：\n符合"
    assert (
        "合议：只有一处写明了联系方式\n少数意见：陈一鸣认为已经写明\n自评：已在起草说明中写明"
        in rows["GQ01"][4]
    )
    assert rows["GQ02"][3] == "部分符合\n自评：\n符合"
    assert "合议：" not in rows["GQ02"][4]
    assert rows["GQ03"][3] == "符合"
    said = text(lay_out(THROUGH))
    assert (
        "法规政策性别平等评估清单：合议确定35项，其中经讨论34项，保留少数意见1项；"
        "起草单位自评35项，与合议答案不同的2项。" in said
    )


def test_without_a_settlement_the_column_does_not_claim_one() -> None:
    table = lay_out(RICH).attachments[2].blocks[0]
    assert isinstance(table, Table)
    assert table.heads[3] == "一致答案"


def test_missing_data_steps_left_out_and_the_committee() -> None:
    paper = lay_out(THROUGH)
    said = text(paper)
    assert "下列2项数据尚缺，请提供单位补齐。" in said
    table = next(table for table in tables(paper) if table.heads[0] == "缺少的数据")
    assert table.rows[0][3:] == ("示例市住房保障中心", "2026年4月10日")
    assert table.rows[1][3:] == ("待定", "待定")
    assert "本次评估没有经过下列环节：利害关系声明、“符合”引用原文。" in said
    assert (
        "委员会审议：2026年3月12日审议附条件通过（同意7票、反对1票）。条件：补齐分性别申请人数后送达。"
        in said
    )

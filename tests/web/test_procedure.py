"""The procedure on the pages: two readers, self-assessment, data gaps, a panel that declares, sits and settles."""

from __future__ import annotations

from datetime import date

import pytest
from streamlit.testing.v1 import AppTest

from assessment.messages import NotAllowedError
from assessment.records.accounts import Account
from assessment.web.questions import views_of
from tests.offices import PASSWORD, Office
from tests.web.conftest import Visit, press, said


def field(at: AppTest, kind: str, label: str) -> object:
    """The first field of a kind with this label."""
    return next(widget for widget in getattr(at, kind) if widget.label == label)


def drafter(office: Office) -> Account:
    """Somebody of the unit that drafted the village rules."""
    return office.bench.create_account(
        office.chief, "drafter", "起草人", ["drafter"], "柳溪村民委员会", PASSWORD
    )


def seen(office: Office, case_id: str) -> int:
    """The case's last event number."""
    return office.bench.case(office.chief, case_id).seen


def two_sheets(office: Office) -> str:
    """A case whose two experts agree on all items but the first, on which they stand opposite."""
    case_id = office.on_panel(office.expert, office.second_expert)
    sheet = office.bench.own_sheets(office.expert, case_id)[0]
    for who, first in ((office.expert, "符合"), (office.second_expert, "不符合")):
        for number, item in enumerate(sheet.checklist.items):
            answer = "部分符合" if number else first
            office.bench.score_item(who, case_id, "gender-quick", item.id, answer, f"{first}的理由")
        office.bench.submit_sheet(who, case_id, "gender-quick")
    return case_id


def test_late_arrival_and_lane_are_shown(office: Office, visit: Visit) -> None:
    case_id = office.receive()
    at = visit(office.officer, "intake", case=case_id)
    field(at, "selectbox", "所处阶段").set_value("审议")
    field(at, "selectbox", "评估方式（可不选）").set_value("动态触发")
    field(at, "date_input", "起草启动日期（可不填）").set_value(date(2026, 1, 5))
    press(at, "保存更正")
    assert not at.exception
    assert any("动态触发" in w.value and "介入偏晚" in w.value for w in at.warning)


def test_two_readers_differ_and_the_secretariat_settles(office: Office, visit: Visit) -> None:
    office.bench.set_procedure(office.chief, second_reader=True)
    case_id = office.relevant()
    assert "须由另一人" in said(visit(office.officer, "intake", case=case_id))
    at = visit(office.secretary, "intake", case=case_id)
    field(at, "radio", "复核结论").set_value("general")
    press(at, "保存复核")
    assert at.error[0].value.startswith("E505")
    field(at, "text_area", "复核结论的理由").set_value("只涉及一条")
    press(at, "保存复核")
    assert office.bench.second_readings(office.chief, case_id)["gender"].open
    assert "复核意见不一致" in said(at)
    assert "只涉及一条" in said(at)
    field(at, "radio", "处理结论").set_value("general")
    field(at, "text_area", "处理结论的理由").set_value("采纳复核意见")
    press(at, "确定")
    assert not at.exception
    assert not office.bench.second_readings(office.chief, case_id)["gender"].open
    assert office.bench.case(office.chief, case_id).relevance["gender"]["level"] == "general"


def test_without_a_second_reader_nothing_asks_for_one(office: Office, visit: Visit) -> None:
    assert "待复核" not in said(visit(office.secretary, "intake", case=office.relevant()))


def test_the_affected_are_shown_for_touched_lenses(office: Office, visit: Visit) -> None:
    case_id = office.relevant()
    cells = [("女", "18—60岁", "农村", "负向")]
    office.bench.describe_affected(office.officer, case_id, "gender", cells, "", seen(office, case_id))
    for who in (office.officer, office.observer):
        at = visit(who, "intake", case=case_id)
        assert not at.exception
        tables = [table.value for table in at.dataframe]
        assert any("农村" in str(table.values) for table in tables)


def test_the_drafting_unit_assesses_itself_and_hands_in(office: Office, visit: Visit) -> None:
    unit = drafter(office)
    case_id = office.on_panel(office.expert)
    at = visit(unit, "selfassessment", case=case_id)
    answers = [group for group in at.segmented_control if group.label == "结论"]
    for number in range(len(answers)):
        [group for group in at.segmented_control if group.label == "结论"][number].set_value("部分符合").run()
    field(at, "text_input", "拟采取的措施（可不填）").set_value("修改第二条").run()
    press(at, "提交自评表")
    assert at.error[0].value.startswith("E536")
    field(at, "text_input", "自评负责人").set_value("李主任")
    press(at, "提交自评表")
    assert not at.exception
    sheet = office.bench.self_assessments(office.officer, case_id)[0]
    assert sheet.submitted
    assert next(iter(sheet.answers.values()))["measure"] == "修改第二条"
    assert "李主任" in said(visit(office.officer, "selfassessment", case=case_id))
    assert "修改第二条" in said(visit(office.expert, "scoring", case=case_id))


def test_a_self_assessment_is_given_back(office: Office, visit: Visit) -> None:
    unit = drafter(office)
    case_id = office.on_panel(office.expert)
    for item in office.bench.self_assessments(unit, case_id)[0].checklist.items:
        office.bench.answer_self(unit, case_id, "gender-quick", item.id, "部分符合")
    office.bench.submit_self_assessment(unit, case_id, "gender-quick", "李主任", seen(office, case_id))
    at = visit(office.officer, "selfassessment", case=case_id)
    field(at, "text_input", "退回理由").set_value("没有依据")
    press(at, "退回")
    assert not at.exception
    assert "没有依据" in said(visit(unit, "selfassessment", case=case_id))


def test_material_is_asked_for_and_answered_with_a_paper(office: Office, visit: Visit) -> None:
    unit = drafter(office)
    case_id = office.on_panel(office.expert)
    at = visit(office.officer, "selfassessment", case=case_id)
    field(at, "text_area", "需要补充什么").set_value("分性别的村民人数")
    press(at, "发出")
    assert not at.exception
    at = visit(unit, "selfassessment", case=case_id)
    assert "分性别的村民人数" in said(at)
    at.file_uploader[0].upload("人数.txt", "女 210 人，男 198 人".encode())
    press(at, "提交答复")
    assert not at.exception
    request = office.bench.material_requests(office.officer, case_id)[0]
    names = {row["file"]: row["name"] for row in office.bench.attachments(office.officer, case_id)}
    assert [names[file] for file in request["attachments"]] == ["人数.txt"]


def test_a_data_gap_is_entered_and_received(office: Office, visit: Visit) -> None:
    case_id = office.relevant()
    at = visit(office.officer, "datagaps", case=case_id)
    field(at, "text_input", "缺少的数据").set_value("集体收益分配人数")
    field(at, "text_input", "按什么分组").set_value("分性别")
    field(at, "date_input", "承诺提供日期（可不填）").set_value(date(2026, 1, 5))
    press(at, "登记缺口")
    assert not at.exception
    assert "其中逾期 1 项" in said(at)
    field(at, "text_area", "收到的数据").set_value("女 80 人，男 120 人")
    press(at, "登记收到")
    assert not at.exception
    row = office.bench.data_gaps(office.officer, case_id)[0]
    assert (row["figure"], row["value"]) == ("集体收益分配人数", "女 80 人，男 120 人")
    everything = visit(office.observer, "datagaps")
    assert "待提供 0 项" in said(everything)
    assert "登记新的缺口" not in said(everything)


def test_an_interest_is_declared_before_scoring(office: Office, visit: Visit) -> None:
    office.bench.set_procedure(office.chief, declaration=True)
    case_id = office.on_panel(office.expert, office.second_expert)
    at = visit(office.expert, "scoring", case=case_id)
    assert not [group for group in at.segmented_control if group.label == "结论"]
    field(at, "radio", "本人与本草案").set_value(False)
    press(at, "提交声明")
    assert [group for group in at.segmented_control if group.label == "结论"]
    at = visit(office.second_expert, "scoring", case=case_id)
    field(at, "radio", "本人与本草案").set_value(True)
    field(at, "text_area", "说明（申请回避时必填）").set_value("参加了起草")
    press(at, "提交声明")
    assert not at.exception
    assert office.bench.case(office.chief, case_id).panel == (office.expert.id,)
    assert "已申请回避：参加了起草" in said(visit(office.secretary, "scoring", case=case_id))


def test_a_member_is_removed_with_a_reason(office: Office, visit: Visit) -> None:
    case_id = office.on_panel(office.expert, office.second_expert)
    at = visit(office.secretary, "scoring", case=case_id)
    press(at, "移出")
    assert at.error[0].value.startswith("E505")
    next(f for f in at.text_input if f.label == "理由").set_value("长期出差")
    press(at, "移出")
    assert not at.exception
    assert office.bench.case(office.chief, case_id).panel == (office.second_expert.id,)


def test_an_answer_is_taken_back(office: Office, visit: Visit) -> None:
    case_id = office.on_panel(office.expert)
    at = visit(office.expert, "scoring", case=case_id)
    next(group for group in at.segmented_control if group.label == "结论").set_value("部分符合").run()
    next(group for group in at.segmented_control if group.label == "结论").set_value(None).run()
    assert office.bench.own_sheets(office.expert, case_id)[0].given == {}


def test_nobody_settles_before_all_sheets_are_in(office: Office, visit: Visit) -> None:
    case_id = office.on_panel(office.expert, office.second_expert)
    office.fill(office.expert, case_id, "gender-quick")
    text = said(visit(office.secretary, "settling", case=case_id))
    assert "还有 1 份评分表没有提交" in text
    assert "开始合议" not in text


def test_a_panel_settles_what_is_split_and_takes_over_the_rest(office: Office, visit: Visit) -> None:
    case_id = two_sheets(office)
    at = visit(office.secretary, "settling", case=case_id)
    press(at, "开始合议")
    text = said(at)
    assert "符合的理由" in text
    assert "不符合的理由" in text
    assert [metric.value for metric in at.metric][:2] == ["4 / 5 项", "80.0%"]
    field(at, "radio", "合议结论").set_value("部分符合")
    press(at, "确定本项")
    assert at.error[0].value.startswith("E545")
    field(at, "text_area", "合议理由").set_value("第二条须修改")
    field(at, "number_input", "赞成“符合”的票数").set_value(1)
    field(at, "number_input", "赞成“不符合”的票数").set_value(2)
    field(at, "text_area", "少数意见（保留在记录中）").set_value("认为已符合")
    press(at, "确定本项")
    press(at, "按一致意见确定这 4 项")
    assert not at.exception
    settlement = office.bench.settlement(office.chief, case_id)[0]
    assert settlement.open == 0
    first = settlement.items[0].settled
    assert first is not None
    assert (first["votes"], first["minority"]) == ({"符合": 1, "不符合": 2}, "认为已符合")
    read = said(visit(office.observer, "settling", case=case_id))
    assert "少数意见：认为已符合" in read


def test_a_panel_may_answer_otherwise_than_all_sheets_did(office: Office, visit: Visit) -> None:
    case_id = two_sheets(office)
    office.bench.open_settlement(office.secretary, case_id, seen(office, case_id))
    second = office.bench.settlement(office.chief, case_id)[0].items[1].item.id
    at = visit(office.secretary, "settling", case=case_id)
    field(at, "selectbox", "对其中一项另作讨论（可不选）").set_value(second).run()
    [radio for radio in at.radio if radio.label == "合议结论"][1].set_value("不符合")
    [area for area in at.text_area if area.label == "合议理由"][1].set_value("合议时发现附表另有限制")
    [button for button in at.button if button.label == "确定本项"][1].click().run()
    assert not at.exception
    settled = office.bench.settlement(office.chief, case_id)[0].items[1].settled
    assert settled is not None
    assert (settled["answer"], settled["agreed"]) == ("不符合", 0)


def test_an_item_scored_again_is_settled_again(office: Office, visit: Visit) -> None:
    case_id = two_sheets(office)
    office.bench.open_settlement(office.secretary, case_id, seen(office, case_id))
    office.bench.settle_agreed(office.secretary, case_id, "gender-quick", seen(office, case_id))
    office.bench.reopen_sheet(office.secretary, case_id, office.expert.id, "gender-quick", "请补充理由")
    office.bench.submit_sheet(office.expert, case_id, "gender-quick")
    text = said(visit(office.secretary, "settling", case=case_id))
    assert "须逐项讨论的 5 项，还有 5 项待定" in text


def test_the_office_sets_its_steps_and_limits(office: Office, visit: Visit) -> None:
    at = visit(office.chief, "settings")
    field(at, "toggle", "利害关系声明").set_value(True)
    field(at, "number_input", "确定评分人员后交齐评分表").set_value(7)
    press(at, "保存设置")
    assert not at.exception
    assert "设置已保存" in said(at)
    procedure = office.bench.procedure()
    assert (procedure.declaration, procedure.quotes, procedure.limits.scoring) == (True, False, 7)


def test_quotes_are_asked_for_where_the_text_carries_the_answer(office: Office, visit: Visit) -> None:
    office.bench.set_procedure(office.chief, quotes=True)
    case_id = office.on_panel(office.expert, checklists=("gender-equality",))
    checklist = office.bench.own_sheets(office.expert, case_id)[0].checklist
    parts = views_of(checklist)
    part = next(n for n, view in enumerate(parts) if any(item.evidence == "quote" for item in view))
    number = next(n for n, item in enumerate(parts[part]) if item.evidence == "quote")
    at = visit(office.expert, "scoring", case=case_id)
    next(group for group in at.segmented_control if group.label == "部分").set_value(part).run()
    assert "须引用草案原文" in said(at)
    [group for group in at.segmented_control if group.label == "结论"][number].set_value("符合").run()
    assert "E542" in said(at)
    assert office.bench.own_sheets(office.expert, case_id)[0].given == {}


def test_a_drafting_unit_is_not_offered_the_assessment(office: Office, visit: Visit) -> None:
    unit = drafter(office)
    case_id = two_sheets(office)
    at = visit(unit)
    press(at, "打开")
    assert not at.exception
    assert [title.value for title in at.title] == ["部门自评"]
    with pytest.raises(NotAllowedError):
        office.bench.settle_agreed(unit, case_id, "gender-quick", seen(office, case_id))
    assert "符合的理由" not in said(visit(unit, "datagaps", case=case_id))


@pytest.mark.parametrize("page", ["home", "selfassessment", "tracking", "discussions", "datagaps"])
def test_a_drafting_unit_opens_what_it_is_offered(office: Office, visit: Visit, page: str) -> None:
    unit = drafter(office)
    for case_id in (office.receive(), two_sheets(office), office.composed()):
        at = visit(unit, page, case=case_id)
        assert not at.exception
        assert not at.error
        assert "符合的理由" not in said(at)

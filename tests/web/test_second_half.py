"""From the composed opinion to the follow-up on the pages: checks, committee, reply, adoption, history, discussion."""

from __future__ import annotations

from datetime import date, timedelta

from assessment.workbench import Incoming
from tests.offices import VILLAGE_RULES, Office
from tests.web.conftest import Visit, press, said

MENDED = VILLAGE_RULES.replace(
    "第二条 女村民与外村人结婚的，户口应当在半年内迁出，逾期不再享受集体收益分配。",
    "第二条 村民不论男女，结婚后户口是否迁出由本人决定，集体收益分配不受影响。",
)


def with_advice(office: Office) -> str:
    """A composed opinion that recommends something."""
    case_id = office.on_panel(office.expert)
    bench, officer = office.bench, office.officer
    case = bench.case(officer, case_id)
    for view in [view for view in case.findings if view.kind == "concern"]:
        seen = bench.case(officer, case_id).seen
        bench.decide_finding(officer, case_id, view.finding.id, "confirmed", seen, reason="属实")
    office.fill(office.expert, case_id, "gender-quick")
    seen = bench.case(officer, case_id).seen
    bench.choose_conclusion(officer, case_id, "建议完善", "", "柳溪村民委员会", 30, "", seen)
    bench.compose_opinion(officer, case_id, bench.case(officer, case_id).seen)
    return case_id


def sign(office: Office, case_id: str) -> None:
    """Sign what was composed."""
    case = office.bench.case(office.secretary, case_id)
    office.bench.sign_opinion(
        office.secretary, case_id, "1号", case.row["opinion"], case.seen, override="试行，带问题签发"
    )


def test_checks_stand_before_the_signature(office: Office, visit: Visit) -> None:
    case_id = with_advice(office)
    at = visit(office.secretary, "opinion", case=case_id)
    assert not at.exception
    assert "签发前体检" in said(at)


def test_the_committee_decides_on_exactly_the_paper(office: Office, visit: Visit) -> None:
    case_id = with_advice(office)
    at = visit(office.secretary, "committee", case=case_id)
    press(at, "提请审议")
    assert not at.exception
    at.radio[0].set_value("附条件通过")
    press(at, "记录决定")
    assert at.error[0].value.startswith("E505")
    at.text_area[0].set_value("第二条修改后再公布")
    press(at, "记录决定")
    assert not at.exception
    assert "附条件通过" in said(at)
    assert office.bench.committee_view(office.secretary, case_id).standing == "附条件通过"


def test_replies_adoption_and_the_way_to_the_follow_up(office: Office, visit: Visit) -> None:
    case_id = with_advice(office)
    sign(office, case_id)
    at = visit(office.officer, "tracking", case=case_id)
    assert not at.exception
    total = len(office.bench.replies(office.officer, case_id))
    assert total >= 1
    for number in range(total):
        [radio for radio in at.radio if radio.label == "答复"][number].set_value("采纳")
        [button for button in at.button if button.label == "保存答复"][number].click().run()
        assert not at.exception
    assert all(view.reply for view in office.bench.replies(office.officer, case_id))
    press(at, "结束反馈")
    assert office.bench.case(office.officer, case_id).state == "tracking"
    seen = office.bench.case(office.officer, case_id).seen
    office.bench.add_adopted(office.officer, case_id, Incoming(MENDED.encode(), "公布.txt"), seen)
    at = visit(office.officer, "tracking", case=case_id)
    assert "程序提示：" in said(at)
    shown = "".join(element.value for element in visit(office.officer, "versions", case=case_id).html)
    assert "<ins>" in shown
    assert "标注：" not in shown
    press(at, "保存核对结果")
    assert not at.exception
    assert any(view.adoption for view in office.bench.replies(office.officer, case_id))
    at = visit(office.officer, "follow_up", case=case_id)
    at.date_input[0].set_value(date.today() + timedelta(days=400))
    press(at, "安排")
    assert not at.exception
    assert office.bench.case(office.officer, case_id).state == "following"
    at = visit(office.officer, "follow_up", case=case_id)
    assert "填写实施后评估" in said(at)


def test_history_shows_before_and_after_and_is_sound(office: Office, visit: Visit) -> None:
    case_id = with_advice(office)
    at = visit(office.officer, "history", case=case_id)
    assert not at.exception
    press(at, "核验记录")
    assert "记录完整" in said(at)


def test_a_discussion_is_opened_answered_and_resolved(office: Office, visit: Visit) -> None:
    case_id = office.on_panel(office.expert)
    at = visit(office.officer, "discussions", case=case_id)
    at.text_area[0].set_value(f"请核对第二条 @{office.expert.display_name}")
    press(at, "发表意见")
    assert not at.exception
    assert len(office.bench.comments(office.officer, case_id)) == 1
    tasks = office.bench.waiting(office.expert)
    assert any(task.page == "comments" for task in tasks)
    at = visit(office.expert, "discussions", case=case_id)
    assert "请核对第二条" in "".join(element.value for element in at.html)
    press(at, "标为已解决")
    assert not at.exception
    assert office.bench.comments(office.officer, case_id)[0].resolved


def test_the_drafting_unit_reads_what_was_sent_to_it_and_nothing_before(office: Office, visit: Visit) -> None:
    case_id = with_advice(office)
    unit = office.bench.create_account(
        office.chief, "drafter", "起草人", ["drafter"], "柳溪村民委员会", "correct-horse-9"
    )
    at = visit(unit, "opinion", case=case_id)
    assert not at.exception
    assert "尚未送达" in said(at)
    sign(office, case_id)
    at = visit(unit, "opinion", case=case_id)
    assert not at.exception
    assert "已签发，文号" in said(at)
    assert [button.label for button in at.get("download_button")] == ["下载 Word", "下载 Excel"]

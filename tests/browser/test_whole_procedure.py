"""Officer, two experts and the secretariat, each in a browser of their own, from arrival to the follow-up."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.test_journey import choose, go, press, settled
from tests.browser.test_two_people import serve, signed_in
from tests.offices import VILLAGE_RULES, open_office

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser"), pytest.mark.timeout(900)]

ISSUED = VILLAGE_RULES.replace("（征求意见稿）", "").replace(
    "第五条 村民拖欠卫生费的，其子女不得享受村奖学金。", "第五条 村民应当按时缴纳卫生费。"
)


def arrive(officer: Page, folder: Path) -> None:
    """The officer registers the draft, decides relevance and names the panel."""
    draft = folder / "村规.txt"
    draft.write_text(VILLAGE_RULES, encoding="utf-8")
    go(officer, "收件")
    officer.get_by_test_id("stFileUploader").locator("input[type=file]").set_input_files(draft)
    expect(officer.get_by_text("共 6 条")).to_be_visible()
    press(officer, "登记并筛查")
    expect(officer.get_by_role("heading", name="一、相关性判断")).to_be_visible()
    for number in range(2):
        box = officer.get_by_test_id("stForm").nth(number)
        box.get_by_text("一般", exact=True).click()
        box.get_by_label("理由").fill("涉及村民待遇")
        press(box, "保存判断")
        expect(officer.get_by_text("已判断：")).to_have_count(number + 1)
    settled(officer)
    for person in ("expert", "second"):
        choose(officer, "评分人员", person)
    press(officer, "确定")
    expect(officer.get_by_role("link", name="下一步：条款审阅")).to_be_visible()


def confirm_everything(officer: Page) -> None:
    """The officer confirms every concern."""
    go(officer, "条款审阅")
    officer.get_by_test_id("stButtonGroup").get_by_text("疑似问题条款", exact=True).click()
    settled(officer)
    while officer.get_by_role("button", name="确认", exact=True).count():
        press(officer, "确认")


def score(expert: Page, checklist: str, answer: str) -> None:
    """An expert answers every question of one checklist alike and hands the sheet in."""
    expert.get_by_test_id("stButtonGroup").first.get_by_text(checklist).click()
    settled(expert)
    answers = expert.get_by_test_id("stButtonGroup").filter(has_text="证据不足")
    for index in range(answers.count()):
        answers.nth(index).get_by_text(answer, exact=True).click()
        settled(expert)
    press(expert, "提交评分表")
    expect(expert.get_by_text("这份评分表已提交")).to_be_visible()


def settle(secretary: Page, checklist: str) -> None:
    """The panel's answer on every item they differ on."""
    secretary.get_by_test_id("stButtonGroup").first.get_by_text(checklist).click()
    settled(secretary)
    while secretary.get_by_role("heading", name="项待定").count():
        form = secretary.get_by_test_id("stForm").filter(has_text="合议结论")
        form.get_by_text("部分符合", exact=True).first.click()
        form.get_by_label("合议理由").fill("专家讨论后取部分符合")
        press(secretary, "确定本项")


def test_from_arrival_to_a_scheduled_follow_up(browser: Browser, tmp_path: Path) -> None:
    office = open_office(tmp_path / "data")
    server, process = serve(office)
    try:
        officer = signed_in(browser, server, "officer")
        officer.set_viewport_size({"width": 1440, "height": 1200})
        arrive(officer, tmp_path)
        case_id = office.bench.cases(office.officer)[0]["id"]
        confirm_everything(officer)
        checklists = [checklist.title for checklist in office.bench.case(office.officer, case_id).checklists]

        first, second = signed_in(browser, server, "expert"), signed_in(browser, server, "second")
        for expert, answer in ((first, "符合"), (second, "部分符合")):
            expert.goto(f"{server}/scoring?case={case_id}")
            expect(expert.get_by_text("评分进度")).to_be_visible()
            settled(expert)
            expect(
                expert.get_by_test_id("stExpander").filter(has_text="：性别平等快速评估清单")
            ).to_have_count(0)
            for checklist in checklists:
                score(expert, checklist, answer)

        secretary = signed_in(browser, server, "secretary")
        secretary.goto(f"{server}/settlement?case={case_id}")
        expect(secretary.get_by_role("button", name="开始合议")).to_be_visible()
        press(secretary, "开始合议")
        for checklist in checklists:
            settle(secretary, checklist)
        assert all(not settlement.open for settlement in office.bench.settlement(office.secretary, case_id))

        go(officer, "评估意见")
        officer.get_by_text("建议完善", exact=True).click()
        press(officer, "保存结论")
        press(officer, "按当前内容成文")
        go(secretary, "评估意见")
        secretary.get_by_label("文号").fill("柳妇儿工委评〔2026〕2号")
        if secretary.get_by_label("带问题签发的理由").count():
            secretary.get_by_label("带问题签发的理由").fill("试行，其余事项另行处理")
        press(secretary, "签发")
        expect(secretary.get_by_text("已签发，文号")).to_be_visible()

        go(officer, "反馈与落实")
        total = len(office.bench.replies(office.officer, case_id))
        expect(officer.get_by_text("待答复", exact=True)).to_have_count(total)
        for left in reversed(range(total)):
            form = officer.get_by_test_id("stForm").filter(has_text="保存答复").nth(total - left - 1)
            form.get_by_text("采纳", exact=True).click()
            form.get_by_role("button", name="保存答复").click()
            expect(officer.get_by_text("待答复", exact=True)).to_have_count(left)
            settled(officer)
        assert all(view.reply for view in office.bench.replies(office.officer, case_id))
        press(officer, "结束反馈")
        expect(officer.get_by_text("去实施后评估")).to_be_visible()
        settled(officer)
        issued = tmp_path / "公布.txt"
        issued.write_text(ISSUED, encoding="utf-8")
        officer.get_by_test_id("stFileUploader").locator("input[type=file]").set_input_files(issued)
        press(officer, "登记公布文本")
        expect(officer.get_by_text("程序提示：").first).to_be_visible()

        go(officer, "实施后评估")
        press(officer, "安排")
        expect(officer.get_by_text("实施后评估时间：")).to_be_visible()
        assert office.bench.case(office.officer, case_id).state == "following"
        assert office.bench.follow_up(office.officer, case_id).due
        assert office.bench.verify_case(office.officer, case_id) == []
    finally:
        process.terminate()
        process.wait(20)

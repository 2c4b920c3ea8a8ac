"""What a whole sheet costs an expert: one click a question, one for each further part, one to hand in."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from assessment.web.questions import views_of
from tests.browser.test_journey import press, settled
from tests.browser.test_two_people import serve, signed_in
from tests.offices import open_office

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser"), pytest.mark.timeout(600)]

COUNTER = """
window.clicks = 0;
window.addEventListener("click", event => { if (event.isTrusted) window.clicks += 1 }, true);
"""


def test_thirty_five_items_take_about_forty_clicks(browser: Browser, tmp_path: Path) -> None:
    office = open_office(tmp_path / "data")
    case_id = office.on_panel(office.expert, checklists=("gender-equality",))
    checklist = office.bench.own_sheets(office.expert, case_id)[0].checklist
    server, process = serve(office)
    try:
        page = signed_in(browser, server, "expert")
        settled(page)
        page.evaluate(COUNTER)
        page.get_by_text("还有 35 项").locator("xpath=following::button[1]").click()
        expect(page.get_by_role("radiogroup", name="部分")).to_be_visible()
        parts = page.get_by_role("radiogroup", name="部分").get_by_role("radio")
        for part, items in enumerate(views_of(checklist)):
            if part:
                parts.nth(part).click()
                settled(page)
            answers = page.get_by_test_id("stButtonGroup").filter(has_text="证据不足")
            expect(answers).to_have_count(len(items))
            for index in range(len(items)):
                answers.nth(index).get_by_text("部分符合", exact=True).click()
            expect(page.get_by_text("已保存：部分符合")).to_have_count(len(items))
        press(page, "提交评分表")
        expect(page.get_by_text("这份评分表已提交")).to_be_visible()
        clicks = int(page.evaluate("window.clicks"))
    finally:
        process.terminate()
        process.wait(20)
    assert len(checklist.items) == 35
    assert clicks == 1 + len(checklist.items) + len(views_of(checklist)) - 1 + 1
    assert clicks <= 41
    assert office.bench.progress(office.chief, case_id)[0][3]

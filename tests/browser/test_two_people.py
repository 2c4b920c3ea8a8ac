"""Two people on one case, and a server that is killed: nobody loses what was typed or acknowledged."""

from __future__ import annotations

import os
import signal
import subprocess
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from assessment.records.store import Store
from assessment.workbench import Workbench
from tests.browser.conftest import free_port, start_server
from tests.browser.test_journey import settled
from tests.offices import PASSWORD, Office, open_office

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser"), pytest.mark.timeout(600)]


def signed_in(browser: Browser, server: str, name: str) -> Page:
    """A page in a browser context of its own, signed in."""
    page = browser.new_context(locale="zh-CN").new_page()
    page.set_default_timeout(30_000)
    page.goto(server)
    page.get_by_label("用户名").fill(name)
    page.get_by_label("密码").fill(PASSWORD)
    page.get_by_role("button", name="登录").click()
    expect(page.get_by_role("heading", name="工作台")).to_be_visible()
    return page


def serve(office: Office) -> tuple[str, subprocess.Popen[bytes]]:
    """A server on the office's store."""
    port = free_port()
    return f"http://127.0.0.1:{port}", start_server(office.bench.store.folder, port)


def give_reason(page: Page, address: str, reason: str) -> None:
    """Open the relevance form of the first lens and type, without saving."""
    page.goto(address)
    form = page.get_by_test_id("stForm").first
    form.get_by_text("重点", exact=True).click()
    form.get_by_label("理由").fill(reason)


def save(page: Page) -> None:
    """Press the first save button."""
    page.get_by_role("button", name="保存判断").first.click()
    settled(page)


def test_the_second_to_save_is_told_and_loses_nothing(browser: Browser, tmp_path: Path) -> None:
    office = open_office(tmp_path / "data")
    case_id = office.receive()
    server, process = serve(office)
    try:
        first, second = signed_in(browser, server, "officer"), signed_in(browser, server, "secretary")
        address = f"{server}/intake?case={case_id}"
        give_reason(first, address, "甲写的理由")
        give_reason(second, address, "乙写的理由")
        save(first)
        expect(first.get_by_test_id("stAlert").filter(has_text="甲写的理由")).to_be_visible()
        save(second)
        expect(second.get_by_text("E401")).to_be_visible()
        expect(second.get_by_label("理由").first).to_have_value("乙写的理由")
        assert office.bench.case(office.officer, case_id).relevance["gender"]["reason"] == "甲写的理由"
        save(second)
        expect(second.get_by_test_id("stAlert").filter(has_text="乙写的理由")).to_be_visible()
        assert office.bench.case(office.officer, case_id).relevance["gender"]["reason"] == "乙写的理由"
    finally:
        process.terminate()
        process.wait(20)


def test_experts_do_not_see_each_other(browser: Browser, tmp_path: Path) -> None:
    office = open_office(tmp_path / "data")
    case_id = office.on_panel(office.expert, office.second_expert)
    item = office.bench.own_sheets(office.expert, case_id)[0].checklist.items[0]
    office.bench.score_item(office.expert, case_id, "gender-quick", item.id, "不符合", "只有我知道的理由")
    server, process = serve(office)
    try:
        other = signed_in(browser, server, "second")
        other.goto(f"{server}/scoring?case={case_id}")
        expect(other.get_by_text("评分进度")).to_be_visible()
        settled(other)
        assert "只有我知道的理由" not in other.content()
        stranger = signed_in(browser, server, "observer")
        stranger.goto(f"{server}/scoring?case={case_id}")
        expect(stranger.get_by_text("您不在本事项的评分人员之内")).to_be_visible()
        assert "只有我知道的理由" not in stranger.content()
    finally:
        process.terminate()
        process.wait(20)


def test_killed_server_keeps_every_acknowledged_answer(browser: Browser, tmp_path: Path) -> None:
    office = open_office(tmp_path / "data")
    case_id = office.on_panel(office.expert)
    server, process = serve(office)
    page = signed_in(browser, server, "expert")
    page.goto(f"{server}/scoring?case={case_id}")
    answers = page.get_by_test_id("stButtonGroup").filter(has_text="证据不足")
    expect(answers).to_have_count(5)
    for number in range(3):
        answers.nth(number).get_by_text("部分符合", exact=True).click()
        expect(page.get_by_text("已保存：部分符合")).to_have_count(number + 1)
    answers.nth(3).get_by_text("符合", exact=True).click()
    children = Path(f"/proc/{process.pid}/task/{process.pid}/children")
    for pid in [*(children.read_text().split() if children.exists() else []), str(process.pid)]:
        os.kill(int(pid), signal.SIGKILL)
    process.wait(20)
    bench = Workbench(Store.open(office.bench.store.folder))
    assert bench.store.verify() == []
    assert list(bench.own_sheets(office.expert, case_id)[0].given.values())[:3] == ["部分符合"] * 3

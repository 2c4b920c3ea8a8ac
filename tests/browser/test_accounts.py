"""Invited, joined, looked after, closed: an account's life in a real browser."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.conftest import free_port, start_server
from tests.browser.test_journey import press, settled
from tests.browser.test_two_people import signed_in
from tests.offices import open_office

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser"), pytest.mark.timeout(600)]


def test_from_invitation_to_closing(browser: Browser, tmp_path: Path) -> None:
    office = open_office(tmp_path / "data")
    port = free_port()
    process = start_server(office.bench.store.folder, port)
    try:
        admin = signed_in(browser, f"http://127.0.0.1:{port}", "chief")
        admin.goto(f"http://127.0.0.1:{port}/accounts")
        admin.get_by_role("tab", name="邀请").click()
        admin.get_by_role("textbox", name="姓名").first.fill("赵某")
        press(admin, "生成邀请")
        expect(admin.get_by_text("/account/join?code=")).to_be_visible()
        link = admin.get_by_text("/account/join?code=").inner_text()

        guest = browser.new_context(locale="zh-CN").new_page()
        guest.goto(link)
        expect(guest.get_by_label("姓名")).to_have_value("赵某")
        guest.get_by_label("用户名").fill("zhaomou")
        guest.get_by_label("密码", exact=True).fill("spring-and-autumn-8")
        guest.get_by_label("再输入一次密码").fill("spring-and-autumn-8")
        guest.get_by_role("button", name="建立账户并进入").click()
        expect(guest.get_by_role("heading", name="工作台")).to_be_visible()

        admin.reload()
        admin.get_by_role("tab", name="人员").click()
        admin.get_by_role("textbox", name="查找").fill("赵某")
        admin.get_by_role("textbox", name="查找").press("Enter")
        expect(admin.get_by_text("符合条件 1 人")).to_be_visible()
        press(admin, "管理")
        expect(admin.get_by_text("现有 1 处登录")).to_be_visible()
        press(admin, "停用账户")
        expect(admin.get_by_text("已停用").first).to_be_visible()

        guest.get_by_test_id("stSidebarNav").get_by_role("link", name="收件").click()
        expect(guest.get_by_text("登录已失效")).to_be_visible()
        guest.get_by_role("link", name="重新登录").click()
        guest.get_by_label("用户名").fill("zhaomou")
        guest.get_by_label("密码").fill("spring-and-autumn-8")
        guest.get_by_role("button", name="登录", exact=True).click()
        expect(guest.get_by_text("E709")).to_be_visible()
        settled(admin)
    finally:
        process.terminate()
        process.wait(20)

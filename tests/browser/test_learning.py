"""The secretariat looks at what was learned, starts and stops a training, uses a model and goes back."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.test_journey import go, press, settled
from tests.browser.test_two_people import serve, signed_in
from tests.offices import open_office
from tests.web.test_learning import with_decisions, with_model

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser"), pytest.mark.timeout(600)]


def test_training_using_and_going_back(browser: Browser, tmp_path: Path) -> None:
    office = open_office(tmp_path / "data")
    with_model(office, with_decisions(office))
    address, server = serve(office)
    try:
        page = signed_in(browser, address, "secretary")
        go(page, "模型学习")
        expect(page.get_by_text("来自 1 件事项")).to_be_visible()
        page.get_by_role("button", name="用本单位的处理结果重新训练").click()
        expect(page.get_by_text(re.compile("正在训练："))).to_be_visible(timeout=120_000)
        page.get_by_role("button", name="停止训练").click()
        expect(page.get_by_text("上一次训练已按要求停止")).to_be_visible(timeout=120_000)

        settled(page)
        page.get_by_label("理由").first.fill("误标少了")
        page.get_by_text("我已看过对照，确认启用").click()
        press(page, "启用")
        expect(page.locator(".case-line")).to_contain_text("本单位第 1 号模型")
        page.get_by_text("恢复随程序发布的模型或以前用过的模型").click()
        page.get_by_label("理由").first.fill("漏标多了")
        page.get_by_text("我已看过对照，确认恢复").click()
        press(page, "恢复")
        expect(page.locator(".case-line")).to_contain_text("随程序发布的模型")
    finally:
        server.terminate()
        server.wait(20)
    found = office.bench.learning(office.secretary)
    assert [(choice.model, choice.reason) for choice in found.choices] == [
        ("0001", "误标少了"),
        ("", "漏标多了"),
    ]
    assert [kept.name for kept in found.models] == ["0001"]

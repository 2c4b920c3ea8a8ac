"""A ZIP comes in, a paper of it is quoted in scoring, a further version is compared, in a real browser."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.test_journey import SAMPLE, decide_relevance, go, press, settled, sign_up

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser"), pytest.mark.timeout(600)]

NOTE = """清源市公共文化体育设施开放管理办法起草说明

一、起草过程
起草组召开座谈会三次，参会的女性使用者二十六人、家长和儿童代表十九人，意见采纳情况见附表。
"""


def bundle(folder: Path) -> Path:
    """The sample draft with its explanatory note, packed."""
    path = folder / "报送材料.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("办法（征求意见稿）.txt", SAMPLE.read_text(encoding="utf-8"))
        archive.writestr("起草说明.txt", NOTE)
    return path


def second_version(folder: Path) -> Path:
    """The sample draft with one article reworded, one put before the others, one struck out."""
    lines = SAMPLE.read_text(encoding="utf-8").splitlines()
    lines = [line.replace("应当", "必须", 1) if line.startswith("第三条") else line for line in lines]
    kept = [line for line in lines if not line.startswith("第五条")]
    path = folder / "第二稿.txt"
    path.write_text("\n".join(kept), encoding="utf-8")
    return path


def register(page: Page, archive: Path) -> None:
    """Upload the ZIP, leave the proposed draft, register it with its paper."""
    go(page, "收件")
    page.get_by_test_id("stFileUploader").locator("input[type=file]").set_input_files(archive)
    expect(page.get_by_text("压缩包内有 2 个文件")).to_be_visible()
    expect(page.get_by_text("随草案登记附件 1 份。")).to_be_visible()
    press(page, "登记并筛查")
    expect(page.get_by_role("heading", name="一、相关性判断")).to_be_visible()
    expect(page.get_by_text("附件（1）")).to_be_visible()


def quote_the_note(page: Page) -> None:
    """Answer one question and put a passage of the note under it."""
    go(page, "清单评分")
    question = page.get_by_test_id("stButtonGroup").filter(has_text="证据不足").first
    question.get_by_text("部分符合", exact=True).click()
    settled(page)
    press(page, "从草案或附件中引用")
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("combobox", name="出处").click()
    page.get_by_role("option", name="附件：起草说明.txt").click()
    settled(page)
    dialog.get_by_label("查找文字").fill("座谈会")
    dialog.get_by_label("查找文字").press("Enter")
    expect(dialog.get_by_text("找到 1 处")).to_be_visible()
    dialog.get_by_text("女性使用者二十六人").click()
    settled(page)
    dialog.get_by_role("button", name="加入引用").click()
    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(page.get_by_text("附件《起草说明.txt》").first).to_be_visible()


def test_a_zip_a_quoted_paper_and_a_second_version(page: Page, server: str, tmp_path: Path) -> None:
    sign_up(page, server)
    register(page, bundle(tmp_path))
    decide_relevance(page)
    press(page, "确定")
    quote_the_note(page)
    go(page, "版本比较")
    page.get_by_test_id("stFileUploader").locator("input[type=file]").set_input_files(
        second_version(tmp_path)
    )
    expect(page.get_by_text("与当前版本相比")).to_be_visible()
    press(page, "登记为新版本")
    expect(page.locator(".redline del").first).to_be_visible()
    expect(page.locator(".redline .removed")).to_have_count(1)
    page.get_by_text("左右对照", exact=True).click()
    expect(page.locator(".redline .row.beside").first).to_be_visible()
    settled(page)
    page.reload()
    expect(page.locator(".redline .removed")).to_have_count(1)

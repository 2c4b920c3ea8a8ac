"""One person carries a draft from the file to the signed opinion, in a real browser."""

from __future__ import annotations

import re
import zipfile
from io import BytesIO
from pathlib import Path

import pytest
from docx import Document as WordDocument
from playwright.sync_api import Locator, Page, expect

from assessment.paths import CORPUS

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser"), pytest.mark.timeout(900)]

SAMPLE = CORPUS / "samples" / "示例-公共文化体育设施管理办法.txt"
PASSWORD = "journey-2026-pass"


def settled(page: Page) -> None:
    """Wait until the script has run and the page stands still."""
    page.wait_for_timeout(250)
    expect(page.get_by_test_id("stApp")).to_have_attribute(
        "data-test-script-state", "notRunning", timeout=60_000
    )


def word_draft(folder: Path) -> Path:
    """The sample draft as a Word file."""
    document = WordDocument()
    for line in SAMPLE.read_text(encoding="utf-8").splitlines():
        document.add_paragraph(line)
    path = folder / "征求意见稿.docx"
    document.save(str(path))
    return path


def go(page: Page, name: str) -> None:
    """Follow a link of the side bar."""
    page.get_by_test_id("stSidebarNav").get_by_role("link", name=name).click()
    settled(page)


def press(page: Page | Locator, name: str) -> None:
    """Press a button by its exact name."""
    page.get_by_role("button", name=name, exact=True).first.click()
    settled(page if isinstance(page, Page) else page.page)


def sign_up(page: Page, server: str) -> None:
    """Make the first account."""
    page.goto(server)
    expect(page).to_have_url(re.compile("/account/first"))
    fields = {"单位名称": "清源市妇儿工委办", "姓名": "王敏", "用户名": "wangmin"}
    for label, value in fields.items():
        page.get_by_label(label).fill(value)
    page.get_by_label("密码", exact=True).fill(PASSWORD)
    page.get_by_label("再输入一次密码").fill(PASSWORD)
    page.get_by_role("button", name="建立账户并进入").click()
    expect(page.get_by_role("heading", name="工作台")).to_be_visible()
    settled(page)


def register(page: Page, draft: Path) -> None:
    """Upload, look at the preview, register."""
    go(page, "收件")
    page.get_by_test_id("stFileUploader").locator("input[type=file]").set_input_files(draft)
    expect(page.get_by_text("共 27 条")).to_be_visible()
    expect(page.get_by_label("标题")).to_have_value("清源市公共文化体育设施开放管理办法（示例，征求意见稿）")
    page.get_by_label("起草单位").fill("清源市文化和旅游局")
    press(page, "登记并筛查")
    expect(page.get_by_role("heading", name="一、相关性判断")).to_be_visible()


def choose(page: Page, field: str, option: str) -> None:
    """Pick one more option in a multi-select."""
    page.get_by_role("combobox", name=field).fill(option)
    page.get_by_role("option", name=option).first.click()
    page.keyboard.press("Escape")
    settled(page)


def decide_relevance(page: Page) -> None:
    """Both lenses, each with a level and a reason: key for gender, general for children."""
    for number, (level, reason) in enumerate(
        (("重点", "规定设施配置，直接影响妇女使用"), ("一般", "规定开放时间，影响未成年人使用"))
    ):
        box = page.get_by_test_id("stForm").nth(number)
        box.get_by_text(level, exact=True).click()
        box.get_by_label("理由").fill(reason)
        press(box, "保存判断")
        expect(page.get_by_test_id("stAlert").filter(has_text=reason)).to_be_visible()


def appoint(page: Page) -> None:
    """The proposed checklists (full for gender, quick for children) and the quick one for gender."""
    choose(page, "清单", "性别平等快速评估清单")
    press(page, "确定")
    expect(page.get_by_role("link", name="下一步：条款审阅")).to_be_visible()


def review(page: Page) -> int:
    """Exclude one concern, confirm the others; the number confirmed is returned."""
    page.get_by_role("link", name="下一步：条款审阅").click()
    expect(page.locator(".draft .mark").first).to_be_visible()
    page.get_by_test_id("stButtonGroup").get_by_text("疑似问题条款", exact=True).click()
    settled(page)
    progress = page.get_by_text(re.compile(r"已处理 \d+ 条，共 \d+ 条"))
    concerns = int(re.findall(r"\d+", progress.inner_text())[1])
    assert concerns >= 2
    page.get_by_role("button", name="排除", exact=True).first.click()
    page.get_by_label("补充说明").fill("示例中按相似合法情形处理")
    press(page, "排除这条标注")
    for done in range(1, concerns):
        expect(progress).to_have_text(f"已处理 {done} 条，共 {concerns} 条")
        press(page, "确认")
    expect(progress).to_have_text(f"已处理 {concerns} 条，共 {concerns} 条")
    return concerns - 1


def mark_by_hand(page: Page) -> None:
    """Select words in the text and add a finding on them."""
    words = page.locator(".draft p").filter(has_text="所需经费列入本级财政预算").locator("span").first
    words.scroll_into_view_if_needed()
    words.select_text()
    words.dispatch_event("mouseup")
    expect(page.get_by_role("heading", name="添加标注")).to_be_visible()
    page.get_by_label("为什么标注").fill("经费安排应当兼顾儿童设施")
    choose(page, "问题类型", "设施服务未顾及性别需求")
    press(page, "保存标注")
    expect(page.get_by_text("提出方式：人工添加")).to_be_visible()


def score_sheet(page: Page, title: str) -> None:
    """Answer every item of one sheet and submit it."""
    page.get_by_test_id("stButtonGroup").first.get_by_text(title).click()
    settled(page)
    parts = page.get_by_role("radiogroup", name="部分").get_by_role("radio")
    for part in range(max(1, parts.count())):
        if parts.count():
            parts.nth(part).click()
            settled(page)
        answers = page.get_by_test_id("stButtonGroup").filter(has_text="证据不足")
        for index in range(answers.count()):
            answers.nth(index).get_by_text("符合", exact=True).click()
            settled(page)
    press(page, "提交评分表")
    expect(page.get_by_text("这份评分表已提交")).to_be_visible()


def reload_keeps_answers(page: Page) -> None:
    """An answer given is there after reloading, and so is the person."""
    page.get_by_test_id("stButtonGroup").filter(has_text="证据不足").first.get_by_text("部分符合").click()
    expect(page.get_by_text("已保存：部分符合")).to_be_visible()
    page.reload()
    expect(page.get_by_text("已保存：部分符合")).to_be_visible()
    settled(page)


def write_and_sign(page: Page, confirmed: int) -> None:
    """Edit a recommendation, choose a conclusion, compose, sign."""
    go(page, "评估意见")
    page.get_by_text("建议重点修改", exact=True).click()
    page.get_by_label("联系人和电话").fill("王敏 0418-0000000")
    press(page, "保存结论")
    proposal = page.get_by_label("修改建议").first
    proposal.fill("建议改为：女厕位与男厕位的比例不低于3:2。")
    press(page, "保存")
    expect(page.get_by_label("修改建议").first).to_have_value("建议改为：女厕位与男厕位的比例不低于3:2。")
    press(page, "按当前内容成文")
    page.get_by_label("文号").fill("清妇儿工委评〔2026〕1号")
    press(page, "签发")
    expect(page.get_by_text("已签发，文号")).to_be_visible()
    expect(page.get_by_text("清妇儿工委评〔2026〕1号").first).to_be_visible()
    assert confirmed


def downloaded(page: Page, button: str) -> bytes:
    """What a download button gives."""
    with page.expect_download() as download:
        page.get_by_role("button", name=button).click()
    return Path(download.value.path()).read_bytes()


def test_from_a_draft_file_to_the_signed_opinion(page: Page, server: str, tmp_path: Path) -> None:
    outside: list[str] = []
    page.on("request", lambda request: outside.append(request.url) if server not in request.url else None)
    sign_up(page, server)
    register(page, word_draft(tmp_path))
    decide_relevance(page)
    appoint(page)
    confirmed = review(page)
    mark_by_hand(page)
    go(page, "清单评分")
    reload_keeps_answers(page)
    for title in ("法规政策性别平等评估清单", "儿童优先快速评估清单", "性别平等快速评估清单"):
        score_sheet(page, title)
    write_and_sign(page, confirmed)
    word = downloaded(page, "下载 Word")
    paper = WordDocument(BytesIO(word))
    cells = [cell.text for table in paper.tables for row in table.rows for cell in row.cells]
    assert any("女厕位与男厕位的比例不低于3:2" in cell for cell in cells)
    assert "清妇儿工委评〔2026〕1号" in "\n".join(paragraph.text for paragraph in paper.paragraphs)
    assert zipfile.is_zipfile(BytesIO(downloaded(page, "下载 Excel")))
    assert [url for url in outside if url.startswith("http")] == []

"""What a click costs the server on the review page of a 400-article draft, against all clauses as widgets.

Both pages run in a server of their own and are clicked in a real browser; what is compared is the processor
time of the server processes (from /proc, so Linux only), per click.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

from playwright.sync_api import Browser, Page, expect, sync_playwright

from tests.browser import browsers
from tests.browser.conftest import free_port, start_server
from tests.browser.test_journey import settled, sign_up

ARTICLES = 400
CLICKS = 12
TICKS_PER_SECOND = 100

PEER = """
import streamlit as st
for n in range({articles}):
    st.markdown(f"第 {{n}} 条 市、县（区）人民政府应当加强对未成年人保护工作的领导，将所需经费列入本级财政预算。")
    st.segmented_control("结论", ["符合", "部分符合", "不符合"], key=f"a{{n}}", label_visibility="collapsed")
    st.text_area("理由", key=f"r{{n}}")
"""


def draft() -> str:
    """A draft of 400 articles, every eighth of which has something to find."""
    plain = "主管部门应当建立健全管理制度，明确责任分工，定期检查落实情况，并将检查结果向社会公布。"
    found = "学校、幼儿园应当建立安全管理制度，保护未成年人人身安全；招聘岗位限男性，女性不予录用。"
    lines = [f"第{n}条 {found if n % 8 == 0 else plain}" for n in range(1, ARTICLES + 1)]
    return "清源市综合管理条例（草案）\n\n" + "\n".join(lines)


def cpu_seconds(process: subprocess.Popen[bytes]) -> float:
    """Processor time used so far by a process and its children."""
    total = 0
    pids = [process.pid]
    while pids:
        pid = pids.pop()
        fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
        total += int(fields[11]) + int(fields[12])
        children = Path(f"/proc/{pid}/task/{pid}/children")
        pids += [int(child) for child in children.read_text().split()] if children.exists() else []
    return total / TICKS_PER_SECOND


def per_click(process: subprocess.Popen[bytes], page: Page, click: object) -> float:
    """Processor seconds of the server for one click, on average."""
    click(0)  # type: ignore[operator]
    settled(page)
    before = cpu_seconds(process)
    for number in range(1, CLICKS + 1):
        click(number)  # type: ignore[operator]
        settled(page)
    return (cpu_seconds(process) - before) / CLICKS


def measure_review(browser: Browser, folder: Path) -> float:
    """Clicks on marks of the review page."""
    port = free_port()
    server = start_server(folder / "data", port)
    try:
        page = browser.new_page(locale="zh-CN")
        page.set_default_timeout(60_000)
        sign_up(page, f"http://127.0.0.1:{port}")
        path = folder / "综合管理条例.txt"
        path.write_text(draft(), encoding="utf-8")
        page.get_by_test_id("stSidebarNav").get_by_role("link", name="收件").click()
        page.get_by_test_id("stFileUploader").locator("input[type=file]").set_input_files(path)
        page.get_by_role("button", name="登记并筛查").click()
        expect(page.get_by_role("heading", name="一、相关性判断")).to_be_visible(timeout=120_000)
        page.get_by_test_id("stSidebarNav").get_by_role("link", name="条款审阅").click()
        marks = page.locator(".draft .mark")
        expect(marks.first).to_be_visible(timeout=60_000)
        settled(page)
        return per_click(server, page, lambda number: marks.nth(number * 2).click())
    finally:
        server.terminate()
        server.wait(20)


def measure_peer(browser: Browser, folder: Path) -> float:
    """Clicks on a page where every clause is two widgets."""
    script = folder / "peer.py"
    script.write_text(PEER.format(articles=ARTICLES), encoding="utf-8")
    port = free_port()
    options = [f"--server.port={port}", "--server.headless=true", "--browser.gatherUsageStats=false"]
    command = [sys.executable, "-m", "streamlit", "run", str(script), *options]
    server = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd=folder)
    try:
        _wait(port)
        page = browser.new_page()
        page.set_default_timeout(120_000)
        page.goto(f"http://127.0.0.1:{port}")
        answers = page.get_by_text("部分符合", exact=True)
        expect(answers).to_have_count(ARTICLES, timeout=120_000)
        settled(page)
        return per_click(server, page, lambda number: answers.nth(number).click())
    finally:
        server.terminate()
        server.wait(20)


def _wait(port: int) -> None:
    for _ in range(240):
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{port}/_stcore/health", timeout=1)
            return
        except OSError:
            time.sleep(0.25)


def main() -> None:
    """Print both figures and their ratio."""
    path = browsers.executable()
    if path is None:
        print("no browser found; set CHROMIUM to the path of one")
        return
    with tempfile.TemporaryDirectory() as name, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=browsers.ARGUMENTS)
        ours = measure_review(browser, Path(name))
        peer = measure_peer(browser, Path(name))
        browser.close()
    print(f"review page, {ARTICLES} articles: {ours * 1000:.0f} ms of server time a click")
    print(f"all clauses as widgets:      {peer * 1000:.0f} ms of server time a click")
    print(f"ratio {ours / peer:.3f} (wanted: under 0.1)")


if __name__ == "__main__":
    main()

"""A real server on an empty store, and a real browser to drive it."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from tests.browser import browsers

ROOT = Path(__file__).resolve().parents[2]
expect.set_options(timeout=30_000)


def free_port() -> int:
    """A port nobody listens on."""
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        return int(sock.getsockname()[1])


def start_server(data: Path, port: int) -> subprocess.Popen[bytes]:
    """Start the workbench on ``data`` and wait until it answers."""
    command = [
        sys.executable,
        "-m",
        "assessment",
        "serve",
        "--no-browser",
        f"--port={port}",
        f"--data={data}",
    ]
    log = (data.parent / "server.log").open("ab")
    server = subprocess.Popen(command, cwd=ROOT, env=os.environ, stdout=log, stderr=log)
    for _ in range(240):
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{port}/_stcore/health", timeout=1)
            return server
        except OSError:
            time.sleep(0.25)
    server.kill()
    raise RuntimeError((data.parent / "server.log").read_text())


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Address of a workbench on an empty store."""
    port = free_port()
    process = start_server(tmp_path_factory.mktemp("office") / "data", port)
    yield f"http://127.0.0.1:{port}"
    process.terminate()
    process.wait(20)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """A headless Chromium; skips, saying so, where none can be had."""
    path = browsers.executable()
    if path is None:
        pytest.skip("no Chromium found and none could be installed; set CHROMIUM to the path of one")
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=path, args=browsers.ARGUMENTS)
        yield chromium
        chromium.close()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A page in a browser context of its own, in Chinese."""
    context = browser.new_context(
        locale="zh-CN", viewport={"width": 1440, "height": 900}, accept_downloads=True
    )
    context.set_default_timeout(30_000)
    yield context.new_page()
    context.close()

"""The server ends with the command that started it."""

from __future__ import annotations

import os
import socket
import sys
from pathlib import Path

import pytest

from tests.browser.conftest import free_port, start_server


@pytest.mark.skipif(sys.platform == "win32", reason="Windows ends a process without telling it")
@pytest.mark.xdist_group("browser")
def test_ending_the_command_ends_the_server(tmp_path: Path) -> None:
    port = free_port()
    process = start_server(tmp_path / "data", port)
    children = Path(f"/proc/{process.pid}/task/{process.pid}/children")
    started = [int(pid) for pid in children.read_text().split()] if children.exists() else []
    process.terminate()
    process.wait(30)
    with socket.socket() as sock:
        assert sock.connect_ex(("127.0.0.1", port)) != 0
    for pid in started:
        with pytest.raises(ProcessLookupError):
            os.kill(pid, 0)

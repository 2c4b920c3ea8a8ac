"""The server ends with the command that started it."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from assessment import cli
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


@pytest.mark.skipif(sys.platform == "win32", reason="Windows ends a process without telling it")
def test_a_server_that_does_not_end_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cli, "PATIENCE", 0.2)
    deaf = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print(1, flush=True); time.sleep(60)"
    server = subprocess.Popen([sys.executable, "-c", deaf], stdout=subprocess.PIPE)
    assert server.stdout
    assert server.stdout.readline()
    cli._end(server)
    assert server.wait(20) == -signal.SIGKILL

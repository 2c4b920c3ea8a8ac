"""Starting a program so that it can be ended together with everything it started."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
from typing import Any

GRACE = 2.0
"""Seconds a program is given to end what it has started in a group of its own."""


def group() -> dict[str, Any]:
    """Arguments for ``subprocess.Popen`` that put the program into a group of its own."""
    if sys.platform == "win32":
        return {"creationflags": subprocess.CREATE_NEW_PROCESS_GROUP}
    return {"start_new_session": True}


def end(process: subprocess.Popen[bytes]) -> None:
    """End a program started with ``group()`` and its children at once, and wait for it."""
    if sys.platform == "win32":
        subprocess.run(["taskkill", "/F", "/T", "/PID", str(process.pid)], capture_output=True, check=False)
    else:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def stop(process: subprocess.Popen[bytes]) -> None:
    """End a program, first asking it to end the programs it runs, and close its pipes."""
    if process.poll() is None:
        process.terminate()
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(GRACE)
    end(process)
    for pipe in (process.stdin, process.stdout):
        if pipe is not None:
            with contextlib.suppress(OSError):
                pipe.close()

"""Retraining in a process of its own, which can be watched, stopped or killed and leaves nothing half.

The caller writes ``job.json`` into the run folder and starts this module; the process tells how far it has come
in ``state.json`` and keeps a lock that the system takes from it when it ends, however it ends. What it makes
lies in the run folder until it is complete, and moves to its place in one step.
"""

from __future__ import annotations

import json
import logging
import os
import shutil
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from typing import Any, Literal

from assessment.documents.processes import group
from assessment.messages import MESSAGES, TrainingError, WorkbenchError
from assessment.paths import ROOT
from assessment.training.dataset import Example
from assessment.training.office import write_examples
from assessment.training.office_shelf import DECISIONS_FILE, Shelf

JOB_FILE, STATE_FILE, LOG_FILE, STOP_FILE = "job.json", "state.json", "worker.log", "stop"
LOCK_FILE = "training.lock"
STARTING = 60.0
"""Seconds a process may take from its start until it holds the lock."""
PATIENCE = 2.0
"""Seconds to wait for the lock, which others hold for a moment to see whether it is free."""
LOOK = 0.5
"""Seconds between two looks at the clock and for a wish to stop."""

Condition = Literal["running", "done", "failed", "stopped"]


@dataclass(frozen=True, slots=True)
class State:
    """How far a run has come.

    Attributes:
        condition: running, done, failed or stopped.
        step, steps: what is being done is step ``step`` of ``steps``.
        what: Chinese: what is being done.
        began: UTC, ISO.
        by: account id of who started it.
        model: name of the model made; empty until done.
        message: code and Chinese text of why it failed.
    """

    condition: Condition
    step: int
    steps: int
    what: str
    began: str
    by: str
    model: str = ""
    message: str = ""


@dataclass(frozen=True, slots=True)
class Job:
    """What a run works on; ``old`` is the name of the model in use, ``drafts`` the rows of ``Stored``."""

    corpus: str
    old: str
    by: str
    minutes: float
    counts: dict[str, Any]
    drafts: tuple[tuple[str, int, str, str], ...]


def start(shelf: Shelf, job: Job, decisions: Sequence[Example]) -> None:
    """Begin a run in the background.

    Raises:
        TrainingError: E560 one is under way.
    """
    with _locked(shelf):
        found = state(shelf, held=False)
        if found and found.condition == "running":
            raise TrainingError("E560")
        shutil.rmtree(shelf.run, ignore_errors=True)
        shelf.run.mkdir(parents=True)
        write_examples(decisions, shelf.run / DECISIONS_FILE)
        (shelf.run / JOB_FILE).write_text(json.dumps(asdict(job), ensure_ascii=False), encoding="utf-8")
        now = datetime.now(UTC).isoformat(timespec="seconds")
        write_state(shelf, State("running", 0, 1, "准备", now, job.by))
    with (shelf.run / LOG_FILE).open("wb") as log:
        subprocess.Popen(
            [sys.executable, "-m", "assessment.training.office_work", str(shelf.folder.parent)],
            cwd=ROOT,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            **group(),
        )


def stop(shelf: Shelf) -> None:
    """Ask a run to end; it does within a second or so."""
    if (found := state(shelf)) and found.condition == "running":
        (shelf.run / STOP_FILE).touch()


def state(shelf: Shelf, *, held: bool | None = None) -> State | None:
    """How the last run stands; None if there was none.

    Args:
        held: whether a process holds the lock, where the caller knows.
    """
    try:
        found = State(**json.loads((shelf.run / STATE_FILE).read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        return None
    if found.condition != "running" or (_held(shelf) if held is None else held):
        return found
    if found.step == 0 and _age(found) < STARTING:
        return found
    return replace(found, condition="failed", message=f"E562 {MESSAGES['E562']}")


def write_state(shelf: Shelf, told: State) -> None:
    """Say how far the run has come; a reader sees the old or the new."""
    draft = shelf.run / f"{STATE_FILE}.new"
    draft.write_text(json.dumps(asdict(told), ensure_ascii=False), encoding="utf-8")
    os.replace(draft, shelf.run / STATE_FILE)


class Reporter:
    """Tells from inside a run how far it has come, and ends the process when it must not go on.

    Args:
        shelf: where the run lies.
        minutes: how long it may take.
    """

    def __init__(self, shelf: Shelf, minutes: float) -> None:
        self._shelf = shelf
        self._lock = threading.Lock()
        found = state(shelf, held=True)
        self._state = found or State("running", 0, 1, "", datetime.now(UTC).isoformat(), "")
        self._until = time.monotonic() + 60 * minutes
        self._minutes = minutes
        threading.Thread(target=self._watch, daemon=True).start()

    def plan(self, steps: int) -> None:
        """How many steps there are."""
        self._tell(steps=steps)

    def step(self, what: str) -> None:
        """The next step begins."""
        self._tell(step=self._state.step + 1, what=what)

    def detail(self, what: str) -> None:
        """What the present step is at."""
        self._tell(what=what)

    def done(self, model: str) -> None:
        """The model is made and has its name."""
        self._tell(condition="done", model=model)

    def failed(self, message: str) -> None:
        """No model was made."""
        self._tell(condition="failed", message=message)

    def _tell(self, **changes: Any) -> None:
        with self._lock:
            self._state = replace(self._state, **changes)
            write_state(self._shelf, self._state)

    def _watch(self) -> None:
        while True:
            time.sleep(LOOK)
            if (self._shelf.run / STOP_FILE).exists():
                self._end(condition="stopped")
            if time.monotonic() > self._until:
                message = MESSAGES["E563"].format(minutes=f"{self._minutes:g}")
                self._end(condition="failed", message=f"E563 {message}")

    def _end(self, **changes: Any) -> None:
        with self._lock:
            if self._state.condition == "running":
                write_state(self._shelf, replace(self._state, **changes))
                os._exit(1)


@contextmanager
def _locked(shelf: Shelf) -> Iterator[None]:
    """Hold the one lock there is; TrainingError E560 if another process has it."""
    shelf.folder.mkdir(parents=True, exist_ok=True)
    with closing(sqlite3.connect(shelf.folder / LOCK_FILE, timeout=PATIENCE)) as connection:
        try:
            connection.execute("BEGIN EXCLUSIVE")
        except sqlite3.OperationalError as error:
            raise TrainingError("E560") from error
        yield


def _held(shelf: Shelf) -> bool:
    """Whether a process holds the lock; looking does not stand in another's way for longer than a moment."""
    with closing(sqlite3.connect(shelf.folder / LOCK_FILE, timeout=0)) as connection:
        try:
            connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
        except sqlite3.OperationalError:
            return True
    return False


def _age(found: State) -> float:
    return (datetime.now(UTC) - datetime.fromisoformat(found.began)).total_seconds()


@contextmanager
def working(shelf: Shelf, minutes: float) -> Iterator[Reporter]:
    """Inside the process: hold the lock, report, and turn what goes wrong into a state a person can read."""
    with _locked(shelf):
        reporter = Reporter(shelf, minutes)
        try:
            yield reporter
        except WorkbenchError as error:
            logging.exception("retraining refused")
            reporter.failed(f"{error.code} {error.message}")
        except Exception as error:
            logging.exception("retraining failed")
            problem = {MemoryError: "内存不足", OSError: "磁盘或文件不可用"}.get(
                type(error), "程序内部出错，详见训练日志"
            )
            reporter.failed(f"E564 {MESSAGES['E564'].format(problem=problem)}")

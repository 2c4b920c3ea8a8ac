"""What tests need of the machine beyond Python packages: looked for, then installed where that is possible."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from functools import cache
from pathlib import Path

import pypdfium2 as pdfium

from tests.documents.builders import page, pdf

ROOT = Path(__file__).resolve().parents[1]
LONGEST = 600
"""Seconds an installation may take."""


def install(*packages: str) -> None:
    """Install system packages where the system is Debian's and we may; two test processes take turns."""
    if not shutil.which("apt-get") or os.geteuid() != 0:
        return
    import fcntl

    with (Path(tempfile.gettempdir()) / "assessment-tests-install.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        for command in (["update"], ["install", *packages]):
            try:
                subprocess.run(
                    ["apt-get", "-y", "-qq", *command], capture_output=True, timeout=LONGEST, check=False
                )
            except (OSError, subprocess.TimeoutExpired):
                return


@cache
def has_chinese_font() -> bool:
    """Whether a page in a font that is named and not embedded is drawn, after an attempt to install one.

    Asked of a process of its own: one that has drawn a page finds no font that comes later.
    """
    if _draws_elsewhere():
        return True
    install("fonts-noto-cjk")
    return _draws_elsewhere()


def _draws_elsewhere() -> bool:
    return subprocess.run([sys.executable, "-m", __name__], cwd=ROOT, check=False).returncode == 0


def _draws() -> bool:
    document = pdfium.PdfDocument(pdf([page(["国"], left=80, top=700, size=40)]))
    drawn = document[0].render().to_pil().convert("L")
    document.close()
    return int(drawn.getextrema()[0]) < 128


if __name__ == "__main__":
    sys.exit(0 if _draws() else 1)

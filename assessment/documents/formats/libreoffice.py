"""LibreOffice run once, headless, in a profile that is thrown away, within limits of time and size."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from pathlib import Path

from assessment.documents.processes import end, group
from assessment.messages import DocumentError

SECONDS = 60
MAX_OUTPUT = 100 * 1024 * 1024
PLACES = (
    "/usr/bin/soffice",
    "/usr/lib/libreoffice/program/soffice",
    "/opt/libreoffice/program/soffice",
    "/Applications/LibreOffice.app/Contents/MacOS/soffice",
    "C:/Program Files/LibreOffice/program/soffice.exe",
)
SETTING = '<item oor:path="/org.openoffice.Office.{path}"><prop oor:name="{name}" oor:op="fuse"><value>{value}</value></prop></item>'
SETTINGS = (
    ("Common/Security/Scripting", "MacroSecurityLevel", "3"),
    ("Common/Security/Scripting", "DisableMacrosExecution", "true"),
    ("Common/Security/Scripting", "BlockUntrustedRefererLinks", "true"),
    ("Writer/Content/Update", "Link", "0"),
    ("Common/Misc", "FirstRun", "false"),
)
"""No macros, no linked pictures or files from elsewhere."""


def find() -> str | None:
    """The path of LibreOffice, or None where it is not installed."""
    for command in ("soffice", "libreoffice"):
        found = shutil.which(command)
        if found:
            return found
    return next((place for place in PLACES if Path(place).exists()), None)


def to_docx(data: bytes, ending: str, seconds: float = SECONDS) -> bytes:
    """A document as LibreOffice writes it in .docx.

    Args:
        data: the whole file.
        ending: of its true format, with the dot.
        seconds: after which LibreOffice and its children are ended.

    Raises:
        DocumentError: E106 not installed, E126 too slow, E125 it makes nothing of the file, E110 too large.
    """
    program = find()
    if program is None:
        raise DocumentError("E106")
    with tempfile.TemporaryDirectory(prefix="assessment-", ignore_cleanup_errors=True) as folder:
        source = Path(folder, f"draft{ending}")
        source.write_bytes(data)
        _run(program, Path(folder), source, seconds)
        result = Path(folder, "out", "draft.docx")
        if not result.is_file():
            raise DocumentError("E125")
        if result.stat().st_size > MAX_OUTPUT:
            raise DocumentError("E110")
        return result.read_bytes()


def _run(program: str, folder: Path, source: Path, seconds: float) -> None:
    profile = folder / "profile"
    _write_settings(profile)
    process = subprocess.Popen(
        [
            program,
            f"-env:UserInstallation={profile.as_uri()}",
            *("--headless", "--norestore", "--nolockcheck", "--nodefault", "--nofirststartwizard"),
            *("--convert-to", "docx:MS Word 2007 XML", "--outdir", str(folder / "out"), str(source)),
        ],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        **group(),
    )
    try:
        process.wait(seconds)
    except subprocess.TimeoutExpired as error:
        raise DocumentError("E126", seconds=int(seconds)) from error
    finally:
        end(process)


def _write_settings(profile: Path) -> None:
    items = "".join(SETTING.format(path=path, name=name, value=value) for path, name, value in SETTINGS)
    (profile / "user").mkdir(parents=True)
    (profile / "user" / "registrymodifications.xcu").write_text(
        '<?xml version="1.0" encoding="UTF-8"?><oor:items xmlns:oor="http://openoffice.org/2001/registry">'
        f"{items}</oor:items>",
        encoding="utf-8",
    )

"""The models an office has made, and the record of which one it chose to use, who chose, when and why.

Everything lies below ``models`` in the data folder: a numbered folder for each model, complete from the moment
it appears, and ``choices``: one file for each change of the model in use, never altered, each holding the hash
of the one before. The model in use is what the last choice names, so a change is one file that appears whole.
"""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path
from typing import Any

from assessment.messages import ScreeningError, TrainingError
from assessment.screening.model_file import MANIFEST_FILE, load_classifier

SHIPPED = ""
"""Name of the shipped model in a choice."""
DECISIONS_FILE = "decisions.jsonl"
COMPARISON_FILE = "comparison.json"


@dataclass(frozen=True, slots=True)
class Choice:
    """One change of the model in use.

    Attributes:
        number: 1, 2, 3, ... without holes.
        at: UTC, ISO.
        actor: account id of who chose.
        model: name of the model's folder, or ``SHIPPED``.
        manifest: SHA-256 of its manifest as chosen; empty for the shipped one.
        reason: why, in the person's words.
        previous, hash: of the choice before (empty for the first), and of everything else in this one.
    """

    number: int
    at: str
    actor: str
    model: str
    manifest: str
    reason: str
    previous: str
    hash: str


@dataclass(frozen=True, slots=True)
class Kept:
    """A model of the office's own: its folder's name, and what ``comparison.json`` says of it."""

    name: str
    comparison: dict[str, Any]


class Shelf:
    """The models below a data folder. Holds no state; safe to share between threads.

    Args:
        data: the data folder.
    """

    def __init__(self, data: Path) -> None:
        self.folder = data / "models"
        self.reserved = self.folder / "reserved.json"
        self.run = self.folder / "run"
        self._choices = self.folder / "choices"

    def models(self) -> list[Kept]:
        """The office's own models, the latest first."""
        found = [(name, self._comparison(name)) for name in reversed(self._names())]
        return [Kept(name, comparison) for name, comparison in found if comparison]

    def model(self, name: str) -> Kept:
        """One of the office's own models; TrainingError E565 if there is none of this name."""
        # Not by listing the folder: what others write there at the same time can hide an entry for a moment.
        comparison = self._comparison(name) if name.isdigit() else {}
        if not comparison:
            raise TrainingError("E565")
        return Kept(name, comparison)

    def put(self, made: Path) -> str:
        """Give a finished model its number; the folder moves whole or not at all."""
        name = f"{max(map(int, self._names()), default=0) + 1:04d}"
        self.folder.mkdir(parents=True, exist_ok=True)
        os.rename(made, self.folder / name)
        return name

    def choices(self) -> list[Choice]:
        """Every change of the model in use, oldest first; one that cannot be read names the model ``?``."""
        return [_read(path) for path in sorted(self._choices.glob("*.json"))]

    def altered(self) -> list[int]:
        """Numbers of the choices that are not as they were written, or do not follow the one before."""
        choices = self.choices()
        wrong = {choice.number for choice in choices if _hash(choice) != choice.hash}
        wrong |= {later.number for earlier, later in pairwise(choices) if later.previous != earlier.hash}
        return sorted(wrong)

    def in_use(self) -> str:
        """Name of the model in use; ``SHIPPED`` until the office chooses."""
        choices = self.choices()
        return choices[-1].model if choices else SHIPPED

    def choose(self, name: str, actor: str, reason: str, seen: int) -> Choice:
        """Put a model in use, if it can be loaded and nobody has chosen since ``seen``.

        Args:
            name: of one of the office's own models, or ``SHIPPED``.
            actor: account id.
            reason: why.
            seen: number of the last choice the person knew; 0 for none.

        Raises:
            TrainingError: E565 no such model, or it cannot be loaded; E567 another choice was made; E568 in use.
        """
        choices = self.choices()
        if len(choices) != seen:
            raise TrainingError("E567")
        if name == (choices[-1].model if choices else SHIPPED):
            raise TrainingError("E568")
        choice = Choice(
            number=seen + 1,
            at=datetime.now(UTC).isoformat(timespec="seconds"),
            actor=actor,
            model=name,
            manifest=self._manifest(name),
            reason=reason,
            previous=choices[-1].hash if choices else "",
            hash="",
        )
        choice = Choice(**{**asdict(choice), "hash": _hash(choice)})
        self._write(choice)
        return choice

    def _manifest(self, name: str) -> str:
        if name == SHIPPED:
            return ""
        folder = self.folder / self.model(name).name
        try:
            load_classifier(folder)
            return hashlib.sha256((folder / MANIFEST_FILE).read_bytes()).hexdigest()
        except (ScreeningError, OSError) as error:
            raise TrainingError("E565") from error

    def _write(self, choice: Choice) -> None:
        """Make the choice's file appear whole; a number that is taken is never overwritten."""
        self._choices.mkdir(parents=True, exist_ok=True)
        handle, draft = tempfile.mkstemp(dir=self.folder, suffix=".new")
        try:
            with os.fdopen(handle, "w", encoding="utf-8") as stream:
                json.dump(asdict(choice), stream, ensure_ascii=False)
                stream.flush()
                os.fsync(stream.fileno())
            os.link(draft, self._choices / f"{choice.number:06d}.json")
        except FileExistsError as error:
            raise TrainingError("E567") from error
        finally:
            os.unlink(draft)

    def _names(self) -> list[str]:
        return sorted(path.name for path in self.folder.glob("*") if path.name.isdigit())

    def _comparison(self, name: str) -> dict[str, Any]:
        """What was found when the model was made; empty if it cannot be read."""
        try:
            found: dict[str, Any] = json.loads((self.folder / name / COMPARISON_FILE).read_text("utf-8"))
        except (OSError, ValueError):
            return {}
        return found


def _read(path: Path) -> Choice:
    try:
        return Choice(**json.loads(path.read_text("utf-8")))
    except (OSError, ValueError, TypeError):
        return Choice(int(path.stem), "", "", "?", "", "", "", "")


def _hash(choice: Choice) -> str:
    told = {key: value for key, value in asdict(choice).items() if key != "hash"}
    return hashlib.sha256(json.dumps(told, ensure_ascii=False, sort_keys=True).encode()).hexdigest()

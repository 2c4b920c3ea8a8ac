"""The labelled clauses: read, checked line by line, and split so that no family is on both sides."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from assessment.messages import TrainingError
from assessment.paths import CORPUS
from assessment.screening.models import LENSES, Lens
from assessment.screening.taxonomy import load_taxonomy

CLAUSES = CORPUS / "clauses"
KINDS = ("none", "relevant", "protective", "concern")
HELD_OUT_SHARE = 5
"""One family in this many is held out, by the hash of its name."""


@dataclass(frozen=True, slots=True)
class Label:
    """What a clause is under one lens: kind is none, relevant, protective or concern."""

    kind: str
    domains: tuple[str, ...]
    concerns: tuple[str, ...]

    @property
    def relevant(self) -> bool:
        """Whether the clause bears on the lens at all."""
        return self.kind != "none"


@dataclass(frozen=True, slots=True)
class Example:
    """One labelled clause; siblings of one family share matter and wording, and are never split.

    Attributes:
        register: the kind of document it is written for; empty where none is named.
    """

    id: str
    family: str
    text: str
    labels: dict[Lens, Label]
    register: str = ""


def read_corpus(folder: Path = CLAUSES) -> tuple[Example, ...]:
    """Every example of ``*.jsonl`` in a folder, in the order of files and lines.

    Raises:
        TrainingError: E901 no examples; E902 a line is no JSON object; E903 a key is missing or wrong;
            E904 an id or a text occurs twice.
    """
    examples = [example for path in sorted(folder.glob("*.jsonl")) for example in read_examples(path)]
    if not examples:
        raise TrainingError("E901", folder=folder)
    _check_unique(examples)
    return tuple(examples)


def read_examples(path: Path) -> tuple[Example, ...]:
    """The examples of one file; a line without family stands for itself. Errors as ``read_corpus``."""
    lines = path.read_text(encoding="utf-8").splitlines()
    return tuple(
        _example(line, _Place(path.name, number)) for number, line in enumerate(lines, 1) if line.strip()
    )


@dataclass(frozen=True, slots=True)
class _Place:
    file: str
    line: int

    def wrong(self, key: str, problem: str) -> TrainingError:
        return TrainingError("E903", file=self.file, line=self.line, key=key, problem=problem)


def _example(line: str, place: _Place) -> Example:
    try:
        raw = json.loads(line)
    except ValueError as error:
        raise TrainingError("E902", file=place.file, line=place.line, problem=error) from error
    if not isinstance(raw, dict):
        raise TrainingError("E902", file=place.file, line=place.line, problem="应当是一个 JSON 对象")
    identity, text = _string(raw, "id", place), _string(raw, "text", place)
    labels = {lens: _label(raw.get(lens), lens, place) for lens in LENSES}
    return Example(identity, raw.get("family") or identity, text, labels, raw.get("register") or "")


def _string(raw: dict[str, Any], key: str, place: _Place) -> str:
    value = raw.get(key)
    if not isinstance(value, str) or not value.strip():
        raise place.wrong(key, "应当是不为空的文字")
    return value


def _label(raw: object, lens: Lens, place: _Place) -> Label:
    if not isinstance(raw, dict):
        raise place.wrong(lens, "缺少这一评估的标注")
    taxonomy = load_taxonomy()
    kind = raw.get("kind")
    if kind not in KINDS:
        raise place.wrong(f"{lens}.kind", f"“{kind}”不在允许范围内：{'、'.join(KINDS)}")
    if raw.get("relevant") is not (kind != "none"):
        raise place.wrong(f"{lens}.relevant", f"与 kind“{kind}”不一致")
    domains = _listed(raw, "domains", taxonomy.domains[lens], lens, place)
    concerns = _listed(raw, "concerns", taxonomy.concerns[lens], lens, place)
    if (kind == "concern") is not bool(concerns):
        raise place.wrong(f"{lens}.concerns", f"与 kind“{kind}”不一致")
    if (kind != "none") is not bool(domains):
        raise place.wrong(f"{lens}.domains", f"与 kind“{kind}”不一致")
    return Label(kind, domains, concerns)


def _listed(
    raw: dict[str, Any], key: str, known: Iterable[str], lens: Lens, place: _Place
) -> tuple[str, ...]:
    values = raw.get(key)
    if not isinstance(values, list):
        raise place.wrong(f"{lens}.{key}", "应当是列表")
    unknown = [str(value) for value in values if value not in known]
    if unknown:
        raise place.wrong(f"{lens}.{key}", f"不认识：{'、'.join(unknown)}")
    return tuple(values)


def _check_unique(examples: Sequence[Example]) -> None:
    for what in ("id", "text"):
        seen: dict[str, str] = {}
        for example in examples:
            value = getattr(example, what)
            if value in seen:
                raise TrainingError("E904", what=what, first=seen[value], second=example.id)
            seen[value] = example.id


def is_held_out(example: Example) -> bool:
    """Whether the example's family belongs to the fifth that no measured model may learn from."""
    digest = hashlib.sha256(example.family.encode()).hexdigest()
    return int(digest[:8], 16) % HELD_OUT_SHARE == 0


def fingerprint(examples: Iterable[Example]) -> str:
    """A hash of texts and labels that tells one corpus from another (12 hex digits)."""
    digest = hashlib.sha256()
    for example in examples:
        labels = [(lens, label.kind, label.domains, label.concerns) for lens, label in example.labels.items()]
        digest.update(json.dumps([example.id, example.text, labels], ensure_ascii=False).encode())
    return digest.hexdigest()[:12]

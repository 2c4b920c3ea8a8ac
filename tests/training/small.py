"""A small part of the corpus that still holds every label, so that a model is fitted in seconds."""

from __future__ import annotations

from collections import Counter
from functools import cache
from pathlib import Path

from assessment.screening.classifier import CALIBRATED, labels_of
from assessment.screening.models import LENSES
from assessment.training.dataset import Example, is_held_out, read_corpus
from assessment.training.office import write_examples

EACH = 3
"""Families of every label that are not held out; one more is."""


@cache
def small_corpus() -> tuple[Example, ...]:
    """Families of the corpus until every label stands in enough of them."""
    families: dict[str, list[Example]] = {}
    for example in read_corpus():
        families.setdefault(example.family, []).append(example)
    seen: Counter[tuple[bool, str]] = Counter()
    chosen: list[Example] = []
    for members in families.values():
        held = is_held_out(members[0])
        names = {(held, name) for member in members for name in _names(member)}
        if any(seen[name] < (1 if held else EACH) for name in names):
            seen.update(names)
            chosen += members
    wanted = {
        f"{lens}.{label}" for lens in LENSES for group in CALIBRATED for label in labels_of(group, lens)
    }
    assert wanted <= {name for held, name in seen if not held}
    return tuple(chosen)


def _names(example: Example) -> set[str]:
    return {
        f"{lens}.{name}"
        for lens, label in example.labels.items()
        for name in ("relevant" if label.relevant else "none", label.kind, *label.domains, *label.concerns)
    }


def write_small_corpus(folder: Path) -> Path:
    """The small corpus as a folder to train on."""
    folder.mkdir(parents=True, exist_ok=True)
    write_examples(small_corpus(), folder / "small.jsonl")
    return folder

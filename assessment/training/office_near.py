"""Which texts are nearly the same: those that share many of their runs of eight characters."""

from __future__ import annotations

import hashlib
import json
import unicodedata
from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from pathlib import Path

from assessment.messages import TrainingError
from assessment.training.dataset import read_examples

GRAM = 8
NEAR = 0.3
"""Two texts are nearly the same if this share of the shorter one's runs occur in the other."""


def grams(text: str) -> frozenset[int]:
    """Every run of eight letters or digits, hashed (64 bits); a shorter text is one run."""
    kept = "".join(sign for sign in unicodedata.normalize("NFKC", text) if sign.isalnum())
    runs = {kept[at : at + GRAM] for at in range(max(1, len(kept) - GRAM + 1))}
    return frozenset(
        int.from_bytes(hashlib.blake2b(run.encode(), digest_size=8).digest(), "big") for run in runs
    )


class Near:
    """Finds, among many texts given as their ``grams``, those that one text nearly equals."""

    def __init__(self, texts: Iterable[Collection[int]]) -> None:
        self._sizes: list[int] = []
        self._holders: dict[int, list[int]] = {}
        for position, runs in enumerate(texts):
            self._sizes.append(len(runs))
            for run in runs:
                self._holders.setdefault(run, []).append(position)

    def like(self, text: str) -> list[int]:
        """Positions of the texts that ``text`` equals or nearly equals."""
        own = grams(text)
        shared = Counter(position for run in own for position in self._holders.get(run, ()))
        return sorted(
            position
            for position, common in shared.items()
            if common >= NEAR * min(len(own), self._sizes[position])
        )


def write_reserved(clauses: Path, out: Path) -> int:
    """Keep the hashed runs of clauses that are for measuring only, never their text; return how many clauses.

    Raises:
        TrainingError: E901 no clauses; E902, E903 a line is not as it should be.
    """
    examples = read_examples(clauses)
    if not examples:
        raise TrainingError("E901", folder=clauses)
    out.parent.mkdir(parents=True, exist_ok=True)
    draft = out.with_suffix(".new")
    draft.write_text(json.dumps([sorted(grams(example.text)) for example in examples]), encoding="utf-8")
    draft.replace(out)
    return len(examples)


def read_reserved(path: Path) -> Sequence[Collection[int]]:
    """What ``write_reserved`` kept, one entry a clause; empty if nothing was."""
    if not path.is_file():
        return []
    kept: list[list[int]] = json.loads(path.read_text(encoding="utf-8"))
    return kept

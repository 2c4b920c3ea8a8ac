"""Real regulations and what scripts made of them: every kind of change at places drawn by lot, the truth known."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

from assessment.documents import read
from assessment.documents.compare import compare

from .test_compare import SAME, check, draft

NEW = "新设的夜间服务站应当配备急救药箱，由值守人员每周清点。"
REWORDED = "由市人民政府另行确定，并向社会公布"


class Revision:
    """Articles under revision; ``truth`` says of each old one what was done to it."""

    def __init__(self, articles: list[str], seed: int) -> None:
        self.articles = articles
        self.truth = ["same"] * len(articles)
        self._chance = random.Random(seed)
        self._pieces = [[article] for article in articles]
        self._order = self._chance.sample(range(1, len(articles) - 2), len(articles) - 3)

    def text(self) -> list[str]:
        """The revised articles, numbered anew by whoever prints them."""
        pieces = [piece for parts in self._pieces for piece in parts]
        return [*pieces[:3], NEW, *pieces[3:]]

    def remove(self) -> None:
        for at in self._free(lambda at: True):
            self._pieces[at], self.truth[at] = [], "removed"

    def split(self) -> None:
        for at in self._free(lambda at: min(map(len, halves(self.articles[at]))) > 25):
            self._pieces[at], self.truth[at] = list(halves(self.articles[at])), "split"

    def merge(self) -> None:
        pair = self._free(lambda at: all(25 < len(text) < 300 for text in self.articles[at : at + 2]))
        for at in pair:
            self._pieces[at : at + 2] = [["".join(self.articles[at : at + 2])], []]
            self.truth[at : at + 2] = ["merged", "merged"]

    def reword(self) -> None:
        for at in self._free(lambda at: len(self.articles[at]) > 40):
            text = self.articles[at]
            length = max(len(text) // 4, 8)
            start = self._chance.randrange(len(text) - length)
            self._pieces[at] = [text[:start] + REWORDED + text[start + length :]]
            self.truth[at] = "edited"

    def move(self) -> None:
        for at in self._free(lambda at: len(self.articles[at]) > 30):
            self._pieces[at], self.truth[at] = [], "moved"
            to = (at + len(self.articles) // 2) % len(self.articles)
            self._pieces[to] = [*self._pieces[to], self.articles[at]]

    def _free(self, fits: Callable[[int], bool]) -> list[int]:
        """One place that fits, with its neighbours as they were; empty if there is none."""
        for at in self._order:
            if set(self.truth[at - 1 : at + 3]) == {"same"} and fits(at):
                return [at]
        return []


def halves(text: str) -> tuple[str, str]:
    """The sentences of an article in two parts."""
    sentences = [sentence.strip() + "。" for sentence in text.split("。") if sentence.strip()]
    middle = len(sentences) // 2
    return "".join(sentences[:middle]), "".join(sentences[middle:])


@pytest.mark.shared
def test_changes_drawn_by_lot_are_told(shared: Path) -> None:
    right: Counter[str] = Counter()
    done: Counter[str] = Counter()
    pairs = 0
    for seed, path in enumerate(sorted((shared / "laws").glob("[!n]*/*.txt"))[7::34]):
        document = read(path.read_bytes(), path.name)
        articles = [unit.text.split(None, 1)[-1] for unit in document.units if unit.kind == "article"]
        if len(articles) < 20:
            continue
        revision = Revision(articles, seed)
        for change in (revision.remove, revision.split, revision.merge, revision.reword, revision.move) * 2:
            change()
        before, after = draft(articles), draft(revision.text())
        comparison = compare(before, after)
        check(before, after, comparison)
        told = {unit: row.status for row in comparison.rows for unit in row.old}
        pairs += 1
        for number, status in enumerate(revision.truth, 1):
            done[status] += 1
            right[status] += (
                (told[f"a{number}"] in SAME) if status == "same" else told[f"a{number}"] == status
            )
    print(f"\n{pairs} pairs:", {status: f"{right[status]} of {count}" for status, count in done.items()})
    assert pairs >= 30
    assert all(right[status] >= 0.93 * count for status, count in done.items())

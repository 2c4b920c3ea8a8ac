"""``python -m assessment.training.agreement``: how far two readings of the same clauses agree.

A reading is a file of lines ``id<TAB>gender<TAB>child``. A label is ``n`` (none), ``r`` (relevant),
``p`` (protective) or ``c:type+type`` (concern, the strongest type first).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import click

from assessment.messages import TrainingError, WorkbenchError
from assessment.paths import CORPUS
from assessment.screening.models import LENSES, Lens
from assessment.screening.taxonomy import load_taxonomy
from assessment.training.dataset import KINDS, Label

READINGS = CORPUS / "second-reading"
FIRST = READINGS / "first-reading.tsv"
Reading = Mapping[str, Mapping[Lens, Label]]
"""Clause id to its label under each lens; the labels' domains are empty."""

_KIND_OF = {kind[0]: kind for kind in KINDS}
_HEADS = ("评估", "判断", "范围", "条数", "第一遍", "第二遍", "两遍皆是", "一致率", "kappa")


@dataclass(frozen=True, slots=True)
class Agreement:
    """How two readings agree on one decision.

    Attributes:
        lens: the lens the decision belongs to.
        decision: ``kind`` (one of four), ``relevance``, ``concern``, or the id of a concern type (yes or no).
        scope: ``all`` clauses read twice, or ``either``: those where a reading gives a concern in the lens.
        clauses: how many clauses the figures rest on.
        same: clauses with the same answer in both readings.
        counts: yes in the first reading, yes in the second, yes in both; None for ``kind``.
        kappa: Cohen's kappa; None where chance alone would agree always, or without clauses.
    """

    lens: Lens
    decision: str
    scope: str
    clauses: int
    same: int
    counts: tuple[int, int, int] | None
    kappa: float | None

    @property
    def raw(self) -> float:
        """Share of clauses with the same answer; 0 without clauses."""
        return self.same / self.clauses if self.clauses else 0.0

    def cells(self) -> tuple[str, ...]:
        """The row as text, in the order of the printed table."""
        counts = ("", "", "") if self.counts is None else tuple(str(count) for count in self.counts)
        kappa = "—" if self.kappa is None else f"{self.kappa:.3f}"
        return (
            self.lens,
            self.decision,
            self.scope,
            str(self.clauses),
            *counts,
            f"{self.raw:.3f}",
            kappa,
        )


def agreement(first: Reading, second: Reading) -> tuple[Agreement, ...]:
    """The agreement of two readings over the clauses both hold, decision by decision, lens by lens.

    For each lens: kind, relevance and concern over all clauses, then every concern type in the order of
    the taxonomy, over all clauses and over those where either reading gives a concern.
    """
    shared = [identity for identity in first if identity in second]
    rows: list[Agreement] = []
    for lens in LENSES:
        pairs = [(first[identity][lens], second[identity][lens]) for identity in shared]
        rows += _lens_rows(lens, pairs)
    return tuple(rows)


def kappa(pairs: Sequence[tuple[Hashable, Hashable]]) -> float | None:
    """Cohen's kappa of paired answers: agreement beyond what each reader's habits give by chance.

    None without pairs, or where both readers give one and the same answer throughout.

    Source: Cohen, "A coefficient of agreement for nominal scales", 1960.
    """
    total = len(pairs)
    ones, twos = Counter(one for one, _ in pairs), Counter(two for _, two in pairs)
    by_chance = sum(ones[answer] * twos[answer] for answer in ones)
    if by_chance == total * total:
        return None
    same = sum(one == two for one, two in pairs)
    return (same * total - by_chance) / (total * total - by_chance)


def _lens_rows(lens: Lens, pairs: Sequence[tuple[Label, Label]]) -> list[Agreement]:
    kinds = [(one.kind, two.kind) for one, two in pairs]
    same = sum(one == two for one, two in kinds)
    rows = [Agreement(lens, "kind", "all", len(pairs), same, None, kappa(kinds))]
    rows.append(_yes_no(lens, "relevance", "all", pairs, lambda label: label.relevant))
    rows.append(_yes_no(lens, "concern", "all", pairs, lambda label: bool(label.concerns)))
    either = [(one, two) for one, two in pairs if one.concerns or two.concerns]
    for type_id in load_taxonomy().concerns[lens]:
        for scope, some in (("all", pairs), ("either", either)):
            rows.append(_yes_no(lens, type_id, scope, some, partial(_names, type_id)))
    return rows


def _names(type_id: str, label: Label) -> bool:
    return type_id in label.concerns


def _yes_no(
    lens: Lens,
    decision: str,
    scope: str,
    pairs: Sequence[tuple[Label, Label]],
    question: Callable[[Label], bool],
) -> Agreement:
    answers = [(question(one), question(two)) for one, two in pairs]
    ones, twos = sum(one for one, _ in answers), sum(two for _, two in answers)
    both = sum(one and two for one, two in answers)
    same = sum(one == two for one, two in answers)
    return Agreement(lens, decision, scope, len(answers), same, (ones, twos, both), kappa(answers))


def read_reading(paths: Sequence[Path]) -> dict[str, dict[Lens, Label]]:
    """The labels of one reading, which may lie in several files.

    Raises:
        TrainingError: E903 a line has not three fields, or a label is unknown; E904 an id occurs twice.
    """
    reading: dict[str, dict[Lens, Label]] = {}
    for path in paths:
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            fields = line.split("\t")
            if len(fields) != 1 + len(LENSES):
                problem = "应当是编号、性别、儿童三栏，以制表符分隔"
                raise TrainingError("E903", file=path.name, line=number, key="栏", problem=problem)
            identity = fields[0]
            if identity in reading:
                raise TrainingError("E904", what="id", first=identity, second=identity)
            reading[identity] = {
                lens: _label(text, lens, path, number) for lens, text in zip(LENSES, fields[1:], strict=True)
            }
    return reading


def _label(text: str, lens: Lens, path: Path, number: int) -> Label:
    letter, _, types = text.partition(":")
    concerns = tuple(types.split("+")) if types else ()
    kind = _KIND_OF.get(letter)
    known = all(type_id in load_taxonomy().concerns[lens] for type_id in concerns)
    if kind is None or not known or (kind == "concern") is not bool(concerns):
        problem = f"不认识的标注“{text}”"
        raise TrainingError("E903", file=path.name, line=number, key=lens, problem=problem)
    return Label(kind, (), concerns)


@click.command(help="比较同一批条款的两遍独立标注，按评估、判断和问题类型打印一致率与 kappa。")
@click.option("--first", type=click.Path(exists=True, path_type=Path), default=FIRST, help="第一遍标注。")
@click.option(
    "--second",
    type=click.Path(exists=True, path_type=Path),
    multiple=True,
    help="第二遍标注，可以给出多个文件；默认为 corpus/second-reading/reader-*.tsv。",
)
def main(first: Path, second: tuple[Path, ...]) -> None:
    """Read both readings and print the table as Markdown."""
    try:
        rows = agreement(read_reading([first]), read_reading(second or sorted(READINGS.glob("reader-*.tsv"))))
    except WorkbenchError as error:
        raise click.ClickException(f"{error.code} {error.message}") from error
    click.echo("| " + " | ".join(_HEADS) + " |")
    click.echo("|" + "---|" * len(_HEADS))
    for row in rows:
        click.echo("| " + " | ".join(row.cells()) + " |")


if __name__ == "__main__":
    main()

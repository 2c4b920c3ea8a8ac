"""Agreement of two readings, against figures worked out by hand."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from assessment.messages import TrainingError
from assessment.screening.models import Lens
from assessment.training.agreement import FIRST as FIRST_READING
from assessment.training.agreement import READINGS, Agreement, agreement, kappa, main, read_reading
from assessment.training.dataset import read_corpus

# Ten clauses under the gender lens; under the child lens both readers say "none" throughout.
FIRST = [*"nnnnrpp", "c:direct_restriction", "c:direct_restriction+role_stereotype", "c:data_gap"]
SECOND = [*"nnnrrpr", "c:direct_restriction", "c:role_stereotype", "n"]


def _write(path: Path, labels: list[str]) -> Path:
    path.write_text("".join(f"x-{n}\t{label}\tn\n" for n, label in enumerate(labels)), encoding="utf-8")
    return path


@pytest.fixture
def rows(tmp_path: Path) -> dict[tuple[Lens, str, str], Agreement]:
    """The agreement of the ten clauses, by lens, decision and scope."""
    first, second = _write(tmp_path / "1.tsv", FIRST), _write(tmp_path / "2.tsv", SECOND)
    found = agreement(read_reading([first]), read_reading([second]))
    return {(row.lens, row.decision, row.scope): row for row in found}


def test_kappa_of_the_textbook_table() -> None:
    """20 yes-yes, 5 yes-no, 10 no-yes, 15 no-no: observed 0.7, by chance 0.5, kappa 0.4."""
    pairs = [("y", "y")] * 20 + [("y", "n")] * 5 + [("n", "y")] * 10 + [("n", "n")] * 15
    assert kappa(pairs) == pytest.approx(0.4)


def test_kappa_is_undefined_where_chance_agrees_always() -> None:
    """One answer throughout says nothing, and neither does an empty set."""
    assert kappa([("n", "n")] * 3) is None
    assert kappa([]) is None


def test_kappa_below_chance_is_negative() -> None:
    """Two readers who always say the opposite."""
    assert kappa([("y", "n"), ("n", "y")]) == pytest.approx(-1.0)


def test_kind(rows: dict[tuple[Lens, str, str], Agreement]) -> None:
    """Seven of ten alike; first 4n 1r 2p 3c, second 4n 3r 1p 2c: chance 27 of 100, kappa 43/73."""
    row = rows["gender", "kind", "all"]
    assert (row.clauses, row.same, row.counts) == (10, 7, None)
    assert row.raw == pytest.approx(0.7)
    assert row.kappa == pytest.approx(43 / 73)


def test_relevance(rows: dict[tuple[Lens, str, str], Agreement]) -> None:
    """Six relevant in each, five in both: observed 0.8, chance 0.52."""
    row = rows["gender", "relevance", "all"]
    assert (row.same, row.counts) == (8, (6, 6, 5))
    assert row.kappa == pytest.approx((0.8 - 0.52) / 0.48)


def test_concern(rows: dict[tuple[Lens, str, str], Agreement]) -> None:
    """Three and two concerns, two in both: observed 0.9, chance 0.06 + 0.56."""
    row = rows["gender", "concern", "all"]
    assert (row.same, row.counts) == (9, (3, 2, 2))
    assert row.kappa == pytest.approx((0.9 - 0.62) / 0.38)


def test_a_type_is_counted_wherever_it_stands_in_the_label(
    rows: dict[tuple[Lens, str, str], Agreement],
) -> None:
    """Second place counts: role_stereotype agrees, direct_restriction is missed once."""
    assert rows["gender", "role_stereotype", "all"].counts == (1, 1, 1)
    assert rows["gender", "role_stereotype", "all"].kappa == pytest.approx(1.0)
    whole = rows["gender", "direct_restriction", "all"]
    assert (whole.clauses, whole.same, whole.counts) == (10, 9, (2, 1, 1))
    assert whole.kappa == pytest.approx((0.9 - 0.74) / 0.26)


def test_a_type_over_the_clauses_with_a_concern(rows: dict[tuple[Lens, str, str], Agreement]) -> None:
    """Three clauses hold a concern in a reading; direct_restriction: observed 2/3, chance 4/9."""
    row = rows["gender", "direct_restriction", "either"]
    assert (row.clauses, row.same, row.counts) == (3, 2, (2, 1, 1))
    assert row.kappa == pytest.approx((2 / 3 - 4 / 9) / (5 / 9))


def test_the_lenses_are_kept_apart(rows: dict[tuple[Lens, str, str], Agreement]) -> None:
    """Nothing is a child concern, so there is nothing to agree on."""
    assert rows["child", "concern", "all"].counts == (0, 0, 0)
    assert rows["child", "kind", "all"].kappa is None
    assert rows["child", "data_gap", "either"].clauses == 0


def test_only_clauses_read_twice_count(tmp_path: Path) -> None:
    """A clause one reader has not seen is left out."""
    first, second = _write(tmp_path / "1.tsv", FIRST), _write(tmp_path / "2.tsv", SECOND[:4])
    found = agreement(read_reading([first]), read_reading([second]))
    assert {row.clauses for row in found if row.scope == "all"} == {4}


@pytest.mark.parametrize("label", ["x", "c", "n:direct_restriction", "c:no_such_type", "c:online_harm", ""])
def test_an_unknown_label_is_refused(tmp_path: Path, label: str) -> None:
    """The message names file and line; a type of the other lens is unknown as well."""
    path = _write(tmp_path / "1.tsv", ["n", label])
    with pytest.raises(TrainingError) as caught:
        read_reading([path])
    assert caught.value.code == "E903"
    assert "1.tsv 第 2 行" in caught.value.message


def test_a_line_without_three_fields_is_refused(tmp_path: Path) -> None:
    """A missing tab is found before anything is counted."""
    path = tmp_path / "1.tsv"
    path.write_text("x-1\tn\n", encoding="utf-8")
    with pytest.raises(TrainingError) as caught:
        read_reading([path])
    assert caught.value.code == "E903"


def test_an_id_twice_is_refused(tmp_path: Path) -> None:
    """The same clause in two files of one reading would count twice."""
    paths = [_write(tmp_path / "1.tsv", ["n"]), _write(tmp_path / "2.tsv", ["r"])]
    with pytest.raises(TrainingError) as caught:
        read_reading(paths)
    assert caught.value.code == "E904"


def test_the_command_prints_the_table(tmp_path: Path) -> None:
    """One row a decision, in Markdown."""
    first, second = _write(tmp_path / "1.tsv", FIRST), _write(tmp_path / "2.tsv", SECOND)
    result = CliRunner().invoke(main, ["--first", str(first), "--second", str(second)])
    assert result.exit_code == 0, result.output
    assert "| gender | relevance | all | 10 | 6 | 6 | 5 | 0.800 | 0.583 |" in result.output
    assert "| child | kind | all | 10 |  |  |  | 1.000 | — |" in result.output


def test_the_shipped_readings_are_of_the_same_clauses() -> None:
    """Both readings hold the same ids, and each is a clause of the corpus."""
    first = read_reading([FIRST_READING])
    second = read_reading(sorted(READINGS.glob("reader-*.tsv")))
    assert first.keys() == second.keys()
    assert first.keys() <= {example.id for example in read_corpus()}


def test_the_command_reads_the_shipped_readings_by_default() -> None:
    """Without options the corpus' own two readings are compared, lens by lens."""
    result = CliRunner().invoke(main, [])
    assert result.exit_code == 0, result.output
    assert result.output.count("| kind | all |") == 2

"""Agreement of several sheets: published worked examples, then what must hold for any sheets."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessment import panel
from assessment.checklists import ANSWERS, Answer, load
from assessment.messages import ChecklistError
from assessment.panel import Level, Sheets, agreement, proposed, split_items
from tests.conftest import ROOT

CHECKLIST = load(ROOT / "checklists" / "gender-equality.yaml")
SMALL = load(Path(__file__).parent / "checklists" / "good.yaml")
IDS = [item.id for item in CHECKLIST.items]


def table(*rows: tuple[int, ...]) -> list[tuple[int, int]]:
    """The pairs of ratings behind a table of counts: first rater down, second across."""
    return [(i, j) for i, row in enumerate(rows) for j, count in enumerate(row) for _ in range(count)]


def counted(text: str) -> list[list[int]]:
    """The ratings behind lines that say how often each category was given."""
    return [
        [category for category, count in enumerate(line.split()) for _ in range(int(count))]
        for line in text.strip().splitlines()
    ]


COHEN = [
    # two raters, 50 applications, yes or no
    (table((20, 5), (10, 15)), 0.400),
    # the same agreement, 60 of 100, under unlike and like margins
    (table((45, 15), (25, 15)), 0.130),
    (table((25, 35), (5, 35)), 0.259),
    # Cohen, Psychological Bulletin 70 (1968) 213, table 1: 200 patients, three diagnoses
    (table((88, 14, 18), (10, 40, 10), (2, 6, 12)), 0.492),
    # less than chance
    (table((0, 5), (5, 0)), -1.000),
]

# Fleiss (1971), table 1: 30 patients, six psychiatrists each; depression, personality disorder,
# schizophrenia, neurosis, other
DIAGNOSES = """
0 0 0 6 0
0 3 0 0 3
0 1 4 0 1
0 0 0 0 6
0 3 0 3 0
2 0 4 0 0
0 0 4 0 2
2 0 3 1 0
2 0 0 4 0
0 0 0 0 6
1 0 0 5 0
1 1 0 4 0
0 3 3 0 0
1 0 0 5 0
0 2 0 3 1
0 0 5 0 1
3 0 0 1 2
5 1 0 0 0
0 2 0 4 0
1 0 2 0 3
0 0 0 0 6
0 1 0 5 0
0 2 0 1 3
2 0 0 4 0
1 0 0 4 1
0 5 0 1 0
4 0 0 0 2
0 2 0 4 0
1 0 5 0 0
0 0 0 0 6
"""

# ten subjects, fourteen raters, five grades
GRADES = """
0 0 0 0 14
0 2 6 4 2
0 0 3 5 6
0 3 9 2 0
2 2 8 1 1
7 7 0 0 0
3 2 6 3 0
2 5 3 2 2
6 5 2 1 0
0 2 2 3 7
"""

# Krippendorff (2011), example C: four observers (rows), twelve units, values missing
OBSERVERS = """
1 2 3 3 2 1 4 1 2 . . .
1 2 3 3 2 2 4 1 2 5 . 3
. 3 3 3 2 3 4 2 2 5 1 .
1 2 3 3 2 4 4 1 2 5 1 .
"""
# the same paper, example A: two observers, two values, none missing
TWO_VALUES = """
0 1 0 0 0 0 0 0 1 0
1 1 1 0 0 1 0 0 0 0
"""
# the same paper, example B: two observers, five nominal values
FIVE_VALUES = """
1 1 2 2 4 3 3 3 5 4 4 1
2 1 2 2 2 3 3 3 5 4 4 4
"""


def units(observers: str) -> list[list[int]]:
    """What each unit was given, from lines of one observer each."""
    columns = zip(*(line.split() for line in observers.strip().splitlines()), strict=True)
    return [[int(value) for value in column if value != "."] for column in columns]


ALPHA: list[tuple[str, Level, float]] = [
    (TWO_VALUES, "nominal", 0.095),
    (FIVE_VALUES, "nominal", 0.692),
    (OBSERVERS, "nominal", 0.743),
    (OBSERVERS, "ordinal", 0.815),
    (OBSERVERS, "interval", 0.849),
]


@pytest.mark.parametrize(("pairs", "expected"), COHEN)
def test_cohen_published(pairs: list[tuple[int, int]], expected: float) -> None:
    assert panel.cohen(pairs) == pytest.approx(expected, abs=0.0005)


@pytest.mark.parametrize(("text", "expected"), [(DIAGNOSES, 0.430), (GRADES, 0.210)])
def test_fleiss_published(text: str, expected: float) -> None:
    assert panel.fleiss(counted(text)) == pytest.approx(expected, abs=0.0005)


@pytest.mark.parametrize(("observers", "level", "expected"), ALPHA)
def test_krippendorff_published(observers: str, level: Level, expected: float) -> None:
    assert panel.krippendorff(units(observers), level) == pytest.approx(expected, abs=0.0005)


def test_percent_published() -> None:
    # Fleiss (1971): the mean agreement of two psychiatrists is .556
    assert panel.percent(counted(DIAGNOSES)) == pytest.approx(55.6, abs=0.05)


@pytest.mark.parametrize("unlike", [[[1, 1], [1]], [[1], [2]]])
def test_fleiss_refuses_units_it_cannot_compare(unlike: list[list[int]]) -> None:
    with pytest.raises(ValueError, match="same number"):
        panel.fleiss(unlike)


def sheets_of(**answers: str) -> Sheets:
    """Sheets written as one character an item: 符 部 不 用(不适用) 证 and - for none."""
    words: dict[str, Answer | None] = {
        "符": "符合", "部": "部分符合", "不": "不符合", "用": "不适用", "证": "证据不足", "-": None,
    }  # fmt: skip
    return {
        expert: {item_id: words[sign] for item_id, sign in zip(IDS, signs, strict=False)}
        for expert, signs in answers.items()
    }


def test_agreement_of_two_is_cohens() -> None:
    found = agreement(CHECKLIST, sheets_of(a="符符部不", b="符部部不")).overall
    assert (found.experts, found.items, found.unanimous, found.percent) == (2, 4, 3, 75.0)
    assert found.cohen == pytest.approx((3 / 4 - 5 / 16) / (1 - 5 / 16))
    assert found.fleiss is None


def test_agreement_of_three_is_fleiss_on_items_all_answered() -> None:
    found = agreement(CHECKLIST, sheets_of(a="符符部不", b="符部部-", c="符符部-")).overall
    assert found.cohen is None
    assert found.fleiss == pytest.approx(panel.fleiss(["符符符", "符部符", "部部部"]))
    assert found.items == 3
    assert found.percent == pytest.approx(100 * (1 + 1 / 3 + 1) / 3)


def test_off_scale_answers_are_categories_for_nominal_and_missing_for_ordinal() -> None:
    found = agreement(CHECKLIST, sheets_of(a="符不部用证符", b="符不部用用证")).overall
    assert found.alpha_nominal is not None
    assert found.alpha_nominal < 1
    assert found.alpha_ordinal == 1


def test_ordinal_alpha_forgives_neighbours_more_than_opposites() -> None:
    near = agreement(CHECKLIST, sheets_of(a="符符部部不不", b="符部部部不不")).overall
    far = agreement(CHECKLIST, sheets_of(a="符符部部不不", b="符不部部不不")).overall
    assert near.percent == far.percent
    assert near.alpha_ordinal is not None
    assert far.alpha_ordinal is not None
    assert near.alpha_ordinal > far.alpha_ordinal


def test_one_answer_throughout_is_agreed_but_says_nothing_of_chance() -> None:
    found = agreement(CHECKLIST, sheets_of(a="符符符", b="符符符")).overall
    assert found.percent == 100
    assert (found.cohen, found.alpha_nominal, found.alpha_ordinal) == (None, None, None)


@pytest.mark.parametrize("sheets", [{}, sheets_of(a="符部"), sheets_of(a="符-", b="-符")])
def test_nothing_to_compare(sheets: Sheets) -> None:
    found = agreement(CHECKLIST, sheets).overall
    assert (found.items, found.unanimous) == (0, 0)
    assert {found.percent, found.cohen, found.fleiss, found.alpha_nominal, found.alpha_ordinal} == {None}


def test_groups_are_measured_apart_in_order() -> None:
    first, second = CHECKLIST.groups[:2]
    sheets: Sheets = {
        "a": {item.id: "符合" for item in CHECKLIST.items if item.group in (first, second)},
        "b": {item.id: "符合" if item.group == first else "不符合" for item in CHECKLIST.items},
    }
    found = agreement(CHECKLIST, sheets)
    assert tuple(found.by_group) == CHECKLIST.groups
    assert found.by_group[first].percent == 100
    assert found.by_group[second].percent == 0
    assert all(found.by_group[group].percent is None for group in CHECKLIST.groups[2:])


def test_split_items_furthest_first() -> None:
    #                        agreed, neighbours, off scale, opposites, mostly alike, blank
    sheets = sheets_of(a="符符符符符符", b="符部用部符-", c="符不符不部符")
    assert [(split.item, split.steps, round(split.percent)) for split in split_items(CHECKLIST, sheets)] == [
        (IDS[1], 2, 0),
        (IDS[3], 2, 0),
        (IDS[2], 1, 33),
        (IDS[4], 1, 33),
    ]


def test_split_keeps_who_said_what() -> None:
    (split,) = split_items(CHECKLIST, sheets_of(a="证", b="用", c="-"))
    assert split.answers == {"a": "证据不足", "b": "不适用"}
    assert split.steps == 1


def test_proposed_only_where_every_sheet_says_the_same() -> None:
    sheets = sheets_of(a="符用部符-", b="符用不--")
    assert proposed(CHECKLIST, sheets) == {IDS[0]: "符合", IDS[1]: "不适用"}
    assert proposed(CHECKLIST, {}) == {}


@pytest.mark.parametrize("use", [agreement, split_items, proposed])
def test_sheets_of_another_checklist_are_refused(use: object) -> None:
    assert callable(use)
    with pytest.raises(ChecklistError) as unknown:
        use(SMALL, {"a": {"ZZ99": "符合"}})
    assert unknown.value.code == "E321"
    with pytest.raises(ChecklistError) as wrong:
        use(SMALL, {"a": {SMALL.items[0].id: "好"}})
    assert wrong.value.code == "E322"


answers = st.lists(st.sampled_from([*ANSWERS, None]), min_size=8, max_size=8)
panels = st.lists(answers, min_size=2, max_size=6).map(
    lambda rows: {f"专家{n}": dict(zip(IDS, row, strict=False)) for n, row in enumerate(rows)}
)


@given(panels, st.randoms())
def test_the_order_of_experts_changes_nothing(sheets: Sheets, random: object) -> None:
    names = list(sheets)
    random.shuffle(names)  # type: ignore[attr-defined]
    shuffled = {name: sheets[name] for name in names}
    assert agreement(CHECKLIST, shuffled) == agreement(CHECKLIST, sheets)
    assert split_items(CHECKLIST, shuffled) == split_items(CHECKLIST, sheets)
    assert proposed(CHECKLIST, shuffled) == proposed(CHECKLIST, sheets)


@given(panels)
def test_bounds(sheets: Sheets) -> None:
    found = agreement(CHECKLIST, sheets)
    for part in (found.overall, *found.by_group.values()):
        assert 0 <= part.unanimous <= part.items
        assert part.percent is None or 0 <= part.percent <= 100
        for value in (part.cohen, part.fleiss, part.alpha_nominal, part.alpha_ordinal):
            assert value is None or -1 <= value <= 1


@given(answers, st.integers(2, 6))
def test_perfect_agreement_is_one(row: list[Answer | None], experts: int) -> None:
    sheet = dict(zip(IDS, row, strict=False))
    found = agreement(CHECKLIST, {str(n): sheet for n in range(experts)}).overall
    kinds = {answer for answer in row if answer is not None}
    assert found.percent == (100 if kinds else None)
    for value in (found.cohen if experts == 2 else found.fleiss, found.alpha_nominal):
        assert value == (1 if len(kinds) > 1 else None)
    assert found.alpha_ordinal == (1 if len(kinds & set(ANSWERS[:3])) > 1 else None)


@given(panels)
def test_an_item_is_split_agreed_or_not_answered_by_all(sheets: Sheets) -> None:
    split = {found.item for found in split_items(CHECKLIST, sheets)}
    alike = set(proposed(CHECKLIST, sheets))
    blank = {item_id for item_id in IDS if any(sheet.get(item_id) is None for sheet in sheets.values())}
    assert not split & alike
    assert split | alike | blank == set(IDS)


@given(panels)
def test_two_categories_make_the_metrics_one(sheets: Sheets) -> None:
    rows = [[int(answer == "符合") for answer in sheet.values()] for sheet in sheets.values()]
    both = list(zip(*rows, strict=True))
    nominal = panel.krippendorff(both, "nominal")
    assert panel.krippendorff(both, "ordinal") == nominal
    assert panel.krippendorff(both, "interval") == nominal

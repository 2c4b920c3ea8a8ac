"""Several sheets on one checklist: how far they agree, which items are split, what may be prefilled.

Five answers can be given. 符合, 部分符合 and 不符合 stand on a scale; 不适用 and 证据不足 do not. So the kappas
and the nominal alpha take the five as categories of their own, while the ordinal alpha counts only the three
and takes the other two as missing. A blank is missing everywhere. ``METHOD`` says so to the reader.

A statistic is None where it is not defined: nothing to compare, or one answer throughout, which leaves chance
nothing to explain (0/0). The percent agreement beside it then tells the two apart.

Sources: Cohen, Educational and Psychological Measurement 20 (1960) 37; Fleiss, Psychological Bulletin 76
(1971) 378; Krippendorff, Computing Krippendorff's Alpha-Reliability (2011).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations
from typing import Literal, TypeVar

from assessment.checklists import ANSWERS, SCALED, Answer, Checklist
from assessment.messages import ChecklistError

Level = Literal["nominal", "ordinal", "interval"]
Sheets = Mapping[str, Mapping[str, Answer | None]]
"""Expert to item id to answer; None is the same as absent."""

METHOD = (
    "一致率：同一清单项上两两比较，答案相同的占比，各项平均。"
    "κ 与名义 α 把五种答案各作一类；次序 α 只比较符合、部分符合、不符合的先后，不适用、证据不足按缺失处理。"
    "未作答一律按缺失处理；κ 只用全体专家都已作答的清单项。"
    "全部答案相同时，κ 和 α 没有定义，不显示数值，请看一致率。"
)

_Value = TypeVar("_Value", bound=Hashable)


@dataclass(frozen=True, slots=True)
class Agreement:
    """How far the sheets agree on some items.

    Attributes:
        experts: number of sheets.
        items: items with at least two answers, the only ones that can be compared.
        unanimous: those of them whose answers are all the same.
        percent: 0..100, the share of pairs of experts with the same answer, averaged over ``items``.
        cohen: Cohen's kappa, for two sheets only.
        fleiss: Fleiss' kappa, for three sheets or more.
        alpha_nominal: Krippendorff's alpha over the five answers.
        alpha_ordinal: Krippendorff's alpha over the three answers on the scale.
    """

    experts: int
    items: int
    unanimous: int
    percent: float | None
    cohen: float | None
    fleiss: float | None
    alpha_nominal: float | None
    alpha_ordinal: float | None


@dataclass(frozen=True, slots=True)
class PanelAgreement:
    """Agreement over a whole checklist and within each of its groups, in the checklist's order."""

    overall: Agreement
    by_group: Mapping[str, Agreement]


@dataclass(frozen=True, slots=True)
class Split:
    """An item on which the experts differ.

    Attributes:
        item: id of the item.
        steps: 2 where 符合 stands against 不符合; 1 for neighbours on the scale, and for any answer
            against a 不适用 or 证据不足.
        percent: 0..100, the share of pairs of experts with the same answer.
        answers: expert to answer, blanks left out.
    """

    item: str
    steps: int
    percent: float
    answers: Mapping[str, Answer]


def agreement(checklist: Checklist, sheets: Sheets) -> PanelAgreement:
    """Measure the agreement of several sheets.

    Raises:
        ChecklistError: E321 for an item the checklist does not have, E322 for an unknown answer.
    """
    given = _by_item(checklist, sheets)
    groups = {
        group: [given[item.id] for item in checklist.items if item.group == group]
        for group in checklist.groups
    }
    return PanelAgreement(
        overall=_agreement(list(given.values()), len(sheets)),
        by_group={group: _agreement(rows, len(sheets)) for group, rows in groups.items()},
    )


def split_items(checklist: Checklist, sheets: Sheets) -> tuple[Split, ...]:
    """The items on which any two sheets differ: furthest apart first, then least agreed, then in order.

    Raises:
        ChecklistError: as for ``agreement``.
    """
    splits = [
        Split(item_id, _steps(set(answers.values())), 100 * float(_same(list(answers.values()))), answers)
        for item_id, answers in _by_item(checklist, sheets).items()
        if len(set(answers.values())) > 1
    ]
    return tuple(sorted(splits, key=lambda split: (-split.steps, split.percent)))


def proposed(checklist: Checklist, sheets: Sheets) -> dict[str, Answer]:
    """Item id to the common answer, for the items that every sheet answers and all answer alike.

    Raises:
        ChecklistError: as for ``agreement``.
    """
    return {
        item_id: next(iter(answers.values()))
        for item_id, answers in _by_item(checklist, sheets).items()
        if len(answers) == len(sheets) and len(set(answers.values())) == 1
    }


def percent(units: Sequence[Sequence[Hashable]]) -> float | None:
    """Mean share (0..100) of equal pairs within each unit of two values or more; None if there is none."""
    shares = [_same(unit) for unit in units if len(unit) > 1]
    return float(100 * sum(shares, Fraction(0)) / len(shares)) if shares else None


def cohen(pairs: Sequence[tuple[_Value, _Value]]) -> float | None:
    """Cohen's kappa of two raters, unweighted: one pair of values for each thing both rated."""
    if not pairs:
        return None
    first, second = Counter(a for a, _ in pairs), Counter(b for _, b in pairs)
    observed = Fraction(sum(a == b for a, b in pairs), len(pairs))
    return _beyond(observed, Fraction(sum(first[value] * second[value] for value in first), len(pairs) ** 2))


def fleiss(units: Sequence[Sequence[Hashable]]) -> float | None:
    """Fleiss' kappa: for each thing rated, its values by the same number (two or more) of raters.

    Raises:
        ValueError: if the units differ in length, or hold fewer than two values.
    """
    if not units:
        return None
    raters = len(units[0])
    if raters < 2 or any(len(unit) != raters for unit in units):
        raise ValueError("every unit needs the same number of ratings, two or more")
    observed = sum((_same(unit) for unit in units), Fraction(0)) / len(units)
    totals = Counter(value for unit in units for value in unit)
    return _beyond(observed, Fraction(sum(n * n for n in totals.values()), (len(units) * raters) ** 2))


def krippendorff(units: Sequence[Sequence[float]], level: Level) -> float | None:
    """Krippendorff's alpha for any number of raters and missing values.

    Args:
        units: for each thing rated, the values it was given; leave a missing one out.
        level: nominal (equal or not), ordinal (order alone counts) or interval (squared difference).
    """
    pairable = [Counter(unit) for unit in units if len(unit) > 1]
    totals: Counter[float] = Counter()
    for unit in pairable:
        totals.update(unit)
    apart = _metric(level, totals)
    observed = sum(
        (Fraction(_disagreement(unit, apart)) / (unit.total() - 1) for unit in pairable), Fraction(0)
    )
    expected = Fraction(_disagreement(totals, apart))
    return float(1 - observed * (totals.total() - 1) / expected) if expected else None


def _by_item(checklist: Checklist, sheets: Sheets) -> dict[str, dict[str, Answer]]:
    for sheet in sheets.values():
        for item_id, answer in sheet.items():
            item = checklist.item(item_id)
            if answer is not None and answer not in ANSWERS:
                raise ChecklistError("E322", item=item.id, answer=answer, allowed="、".join(ANSWERS))
    return {
        item.id: {
            expert: answer for expert, sheet in sheets.items() if (answer := sheet.get(item.id)) is not None
        }
        for item in checklist.items
    }


def _agreement(rows: Sequence[Mapping[str, Answer]], experts: int) -> Agreement:
    units = [list(row.values()) for row in rows if len(row) > 1]
    complete = [unit for unit in units if len(unit) == experts]
    scaled = [[SCALED.index(answer) for answer in unit if answer in SCALED] for unit in units]
    return Agreement(
        experts=experts,
        items=len(units),
        unanimous=sum(len(set(unit)) == 1 for unit in units),
        percent=percent(units),
        cohen=cohen([(first, second) for first, second in complete]) if experts == 2 else None,
        fleiss=fleiss(complete) if experts > 2 else None,
        alpha_nominal=krippendorff([[ANSWERS.index(a) for a in unit] for unit in units], "nominal"),
        alpha_ordinal=krippendorff(scaled, "ordinal"),
    )


def _steps(answers: set[Answer]) -> int:
    return 2 if {SCALED[0], SCALED[-1]} <= answers else 1


def _same(unit: Sequence[Hashable]) -> Fraction:
    pairs = list(combinations(unit, 2))
    return Fraction(sum(a == b for a, b in pairs), len(pairs))


def _beyond(observed: Fraction, expected: Fraction) -> float | None:
    return float((observed - expected) / (1 - expected)) if expected != 1 else None


def _metric(level: Level, totals: Counter[float]) -> Callable[[float, float], Fraction]:
    """How far two values are apart; ordinal by the number of values given between them."""
    if level == "nominal":
        return lambda a, b: Fraction(a != b)
    position = {value: Fraction(value) for value in totals}
    if level == "ordinal":
        below = 0
        for value in sorted(totals):
            position[value] = below + Fraction(totals[value], 2)
            below += totals[value]
    return lambda a, b: (position[a] - position[b]) ** 2


def _disagreement(counts: Counter[float], apart: Callable[[float, float], Fraction]) -> Fraction:
    """Sum of the distances of all ordered pairs of these values."""
    return 2 * sum((counts[a] * counts[b] * apart(a, b) for a, b in combinations(counts, 2)), Fraction(0))

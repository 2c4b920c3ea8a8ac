"""The panel: interests, removal, located quotes, agreement, settlement."""

from __future__ import annotations

import pytest

from assessment.messages import ChecklistError, ConflictError, NotAllowedError
from tests.offices import Office

QUICK, FULL = "gender-quick", "gender-equality"


def seen(office: Office, case_id: str) -> int:
    """The case's last event number now."""
    return office.bench.case(office.secretary, case_id).seen


def split(office: Office) -> str:
    """Two sheets that agree on all items but the first, the panel sitting over them."""
    case_id = office.on_panel(office.expert, office.second_expert)
    for expert, answer in ((office.expert, "符合"), (office.second_expert, "不符合")):
        items = office.bench.own_sheets(expert, case_id)[0].checklist.items
        office.bench.score_item(expert, case_id, QUICK, items[0].id, answer, "第二条")
        for item in items[1:]:
            office.bench.score_item(expert, case_id, QUICK, item.id, "部分符合", "同")
        office.bench.submit_sheet(expert, case_id, QUICK)
    office.bench.open_settlement(office.secretary, case_id, seen(office, case_id))
    return case_id


def test_a_declared_interest_takes_the_expert_off(office: Office) -> None:
    case_id = office.on_panel(office.expert, office.second_expert)
    with pytest.raises(NotAllowedError, match="E505"):
        office.bench.declare_interest(office.expert, case_id, conflict=True)
    office.bench.declare_interest(office.expert, case_id, conflict=True, statement="参加过起草")
    assert office.bench.case(office.officer, case_id).panel == (office.second_expert.id,)
    assert office.bench.declarations(office.officer, case_id)[office.expert.id]["conflict"] == 1
    with pytest.raises(NotAllowedError, match="E515"):
        office.bench.own_sheets(office.expert, case_id)
    with pytest.raises(NotAllowedError, match="E540"):
        office.bench.appoint(office.officer, case_id, [QUICK], [office.expert.id], seen(office, case_id))


def test_where_required_the_declaration_comes_before_the_first_answer(office: Office) -> None:
    office.bench.set_procedure(office.secretary, declaration=True)
    case_id = office.on_panel(office.expert)
    with pytest.raises(NotAllowedError, match="E541"):
        office.bench.score_item(office.expert, case_id, QUICK, "GK01", "符合")
    office.bench.declare_interest(office.expert, case_id, conflict=False)
    office.bench.score_item(office.expert, case_id, QUICK, "GK01", "符合")


@pytest.mark.parametrize(
    ("item", "quotes", "stored"),
    [
        ("GQ12", (), False),
        ("GQ12", ("村民代表中妇女一半",), False),
        ("GQ12", ("…",), False),
        ("GQ12", ("村民代表中妇女的比例应当不少于三分之一",), True),
        ("GQ12", ("第三条：村民代表中妇女的比例应当不少于三分之一",), True),
        ("GQ32", (), True),  # 符合 says that nothing of the kind was found
        ("GQ04", (), True),  # the text cannot carry it
    ],
)
def test_no_quote_no_conforms_where_the_office_requires_it(
    office: Office, item: str, quotes: tuple[str, ...], stored: bool
) -> None:
    office.bench.set_procedure(office.chief, quotes=True)
    case_id = office.on_panel(office.expert, checklists=(FULL,))
    if stored:
        office.bench.score_item(office.expert, case_id, FULL, item, "符合", "", quotes)
    else:
        with pytest.raises(NotAllowedError, match="E542"):
            office.bench.score_item(office.expert, case_id, FULL, item, "符合", "", quotes)
    office.bench.score_item(office.expert, case_id, FULL, item, "部分符合", "", quotes)


def test_removing_an_expert_who_answered(office: Office) -> None:
    case_id = office.on_panel(office.expert, office.second_expert)
    office.fill(office.expert, case_id, QUICK)
    office.bench.score_item(office.second_expert, case_id, QUICK, "GK01", "符合")
    with pytest.raises(NotAllowedError, match="E505"):
        office.bench.remove_expert(
            office.secretary, case_id, office.second_expert.id, "", seen(office, case_id)
        )
    office.bench.remove_expert(
        office.secretary, case_id, office.second_expert.id, "出差", seen(office, case_id)
    )
    assert [s.expert for s in office.bench.readable_sheets(office.secretary, case_id)] == [office.expert.id]
    office.bench.appoint(office.officer, case_id, [QUICK], [office.expert.id], seen(office, case_id))
    with pytest.raises(NotAllowedError, match="E543"):
        office.bench.remove_expert(
            office.secretary, case_id, office.second_expert.id, "出差", seen(office, case_id)
        )


def test_submitting_while_being_removed_ends_in_one_way(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    case_id = office.on_panel(office.expert, office.second_expert)
    for item in office.bench.own_sheets(office.expert, case_id)[0].checklist.items:
        office.bench.score_item(office.expert, case_id, QUICK, item.id, "符合")
    before, append = seen(office, case_id), office.bench.store.append

    def removed_first(*args: object) -> object:
        monkeypatch.setattr(office.bench.store, "append", append)
        office.bench.remove_expert(office.secretary, case_id, office.expert.id, "超期", before)
        return append(*args)  # type: ignore[arg-type]

    monkeypatch.setattr(office.bench.store, "append", removed_first)
    with pytest.raises(ConflictError, match="移出评估专家"):
        office.bench.submit_sheet(office.expert, case_id, QUICK)
    assert office.bench.case(office.secretary, case_id).panel == (office.second_expert.id,)
    assert [row["status"] for row in office.bench.store.of_case("sheets", case_id)] == ["open"]


def test_removing_while_a_submission_comes_in_shows_it_first(office: Office) -> None:
    case_id = office.on_panel(office.expert, office.second_expert)
    before = seen(office, case_id)
    office.fill(office.expert, case_id, QUICK)
    with pytest.raises(ConflictError, match="提交评分表"):
        office.bench.remove_expert(office.secretary, case_id, office.expert.id, "超期", before)
    assert office.expert.id in office.bench.case(office.secretary, case_id).panel


def test_no_settlement_before_all_sheets_are_in(office: Office) -> None:
    case_id = office.on_panel(office.expert, office.second_expert)
    office.fill(office.expert, case_id, QUICK)
    with pytest.raises(NotAllowedError, match=r"E544.*1"):
        office.bench.open_settlement(office.secretary, case_id, seen(office, case_id))
    assert office.bench.settlement(office.secretary, case_id) == ()


def test_differences_side_by_side_and_what_all_agree_on(office: Office) -> None:
    case_id = split(office)
    assert office.bench.case(office.secretary, case_id).state == "settling"
    (settlement,) = office.bench.settlement(office.secretary, case_id)
    first = settlement.items[0]
    assert (first.proposed, first.steps, settlement.by_distance) == (None, 2, (first.item.id,))
    assert {row["answer"] for row in first.answers.values()} == {"符合", "不符合"}
    assert settlement.agreement.overall.percent == 80
    assert office.bench.settle_agreed(office.secretary, case_id, QUICK, seen(office, case_id)) == 4
    (settlement,) = office.bench.settlement(office.secretary, case_id)
    assert settlement.open == 1
    assert settlement.items[1].settled is not None
    assert settlement.items[1].settled["reason"] == "全体一致：同"


def test_a_difference_is_settled_with_reason_votes_and_minority(office: Office) -> None:
    case_id = split(office)
    about = (case_id, QUICK, "GK01", "不符合")
    with pytest.raises(NotAllowedError, match="E545"):
        office.bench.settle_item(office.secretary, *about, "", seen(office, case_id))
    with pytest.raises(NotAllowedError, match="E546"):
        office.bench.settle_item(
            office.secretary, *about, "多数", seen(office, case_id), {"符合": 0, "不符合": 0}
        )
    office.bench.settle_item(
        office.secretary, *about, "多数", seen(office, case_id), {"不符合": 2, "符合": 1}, "第三条可以抵消"
    )
    row = office.bench.settlement(office.secretary, case_id)[0].items[0].settled
    assert row is not None
    assert (row["answer"], row["votes"], row["minority"]) == (
        "不符合",
        {"不符合": 2, "符合": 1},
        "第三条可以抵消",
    )
    scores = office.bench.draft_opinion(office.secretary, case_id).scores[0]
    assert scores.items[0].settled == "不符合"
    assert scores.value == 40


def test_not_applicable_needs_a_reason_there_too(office: Office) -> None:
    case_id = split(office)
    with pytest.raises(ChecklistError, match="E320"):
        office.bench.settle_item(
            office.secretary, case_id, QUICK, "GK01", "不适用", "", seen(office, case_id)
        )


def test_two_secretaries_settling_one_item(office: Office) -> None:
    case_id = split(office)
    before = seen(office, case_id)
    office.bench.settle_item(office.secretary, case_id, QUICK, "GK01", "不符合", "甲", before)
    with pytest.raises(ConflictError, match="E401"):
        office.bench.settle_item(office.officer, case_id, QUICK, "GK01", "符合", "乙", before)
    row = office.bench.settlement(office.secretary, case_id)[0].items[0].settled
    assert row is not None
    assert row["reason"] == "甲"


def test_sheets_are_locked_while_the_panel_sits(office: Office) -> None:
    case_id = split(office)
    with pytest.raises(NotAllowedError, match="E502"):
        office.bench.score_item(office.expert, case_id, QUICK, "GK01", "不符合")
    office.bench.settle_item(office.secretary, case_id, QUICK, "GK01", "不符合", "甲", seen(office, case_id))
    office.bench.reopen_sheet(office.secretary, case_id, office.expert.id, QUICK, "改理由")
    assert office.bench.case(office.secretary, case_id).state == "reviewing"
    office.bench.submit_sheet(office.expert, case_id, QUICK)
    (settlement,) = office.bench.settlement(office.secretary, case_id)
    assert settlement.items[0].stale


def test_settings_are_checked_and_kept(office: Office) -> None:
    with pytest.raises(NotAllowedError, match="E501"):
        office.bench.set_procedure(office.expert, committee=True)
    with pytest.raises(NotAllowedError, match=r"E530.*limits\.scoring"):
        office.bench.set_procedure(office.chief, limits={"scoring": 0})
    office.bench.set_procedure(office.chief, committee=True, limits={"scoring": 7})
    office.bench.set_procedure(office.chief, settlement=True)
    procedure = office.bench.procedure()
    assert (procedure.committee, procedure.settlement, procedure.second_reader) == (True, True, False)
    assert (procedure.limits.scoring, procedure.limits.signing) == (7, 5)

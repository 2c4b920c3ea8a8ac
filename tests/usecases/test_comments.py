"""Remarks in threads, by name, blind where sheets are."""

from __future__ import annotations

import pytest

from assessment.messages import NotAllowedError
from tests.offices import PASSWORD, Office

ITEM = "item/gender-quick/GK01"


def seen(office: Office, case_id: str) -> int:
    """The case's last event number now."""
    return office.bench.case(office.secretary, case_id).seen


def test_a_thread_calls_is_answered_and_resolved(office: Office) -> None:
    case_id = office.on_panel(office.expert)
    bench = office.bench
    clause = bench.case(office.officer, case_id).document.units[1].id
    first = bench.comment(office.officer, case_id, f"clause/{clause}", "@secretary 请看这一条")
    (thread,) = bench.comments(office.secretary, case_id, f"clause/{clause}")
    assert thread.called == {office.secretary.id}
    assert any(task.what == "批注中提到了您" for task in bench.waiting(office.secretary))
    bench.comment(office.secretary, case_id, "case", "同意", first)
    (thread,) = bench.comments(office.secretary, case_id)
    assert (thread.replies[0]["anchor"], thread.called) == (f"clause/{clause}", frozenset())
    assert not any(task.page == "comments" for task in bench.waiting(office.secretary))
    bench.resolve_comment(office.officer, case_id, first, True, seen(office, case_id))
    assert bench.comments(office.officer, case_id)[0].resolved
    bench.resolve_comment(office.officer, case_id, first, False, seen(office, case_id))
    assert not bench.comments(office.officer, case_id)[0].resolved


@pytest.mark.parametrize("anchor", ["", "clause/none", "finding/none", "item/gender-quick/XX01", "page/1"])
def test_a_remark_needs_a_place(office: Office, anchor: str) -> None:
    case_id = office.on_panel(office.expert)
    with pytest.raises(NotAllowedError, match="E553"):
        office.bench.comment(office.officer, case_id, anchor, "看这里")


def test_empty_unknown_and_forbidden(office: Office) -> None:
    case_id = office.on_panel(office.expert)
    with pytest.raises(NotAllowedError, match="E554"):
        office.bench.comment(office.officer, case_id, "case", " ")
    with pytest.raises(NotAllowedError, match="E538"):
        office.bench.comment(office.officer, case_id, "case", "答", "k-none")
    with pytest.raises(NotAllowedError, match="E501"):
        office.bench.comment(office.observer, case_id, "case", "看看")


def test_the_longest_name_is_meant(office: Office) -> None:
    bench, case_id = office.bench, office.on_panel(office.expert)
    short = bench.create_account(office.chief, "w1", "王敏", ["officer"], "", PASSWORD)
    long = bench.create_account(office.chief, "w2", "王敏华", ["officer"], "", PASSWORD)
    bench.comment(office.officer, case_id, "case", "请@王敏华核对，邮箱 a@b")
    bench.comment(office.officer, case_id, "case", "请@王敏核对")
    called = [thread.called for thread in bench.comments(office.officer, case_id)]
    assert called == [{long.id}, {short.id}]


def test_remarks_on_a_question_stay_blind(office: Office) -> None:
    bench, case_id = office.bench, office.on_panel(office.expert, office.second_expert)
    bench.comment(office.expert, case_id, ITEM, "我看不符合")
    for reader in (office.second_expert, office.secretary):
        assert bench.comments(reader, case_id) == ()
        assert "我看不符合" not in str(bench.timeline(reader, case_id))
    assert len(bench.comments(office.expert, case_id)) == 1
    for expert in (office.expert, office.second_expert):
        office.fill(expert, case_id, "gender-quick")
    assert len(bench.comments(office.second_expert, case_id)) == 1


def test_the_drafting_unit_reads_what_is_said_to_it(office: Office) -> None:
    bench, case_id = office.bench, office.on_panel(office.expert)
    unit = bench.create_account(office.chief, "unit", "村文书", ["drafter"], "柳溪村民委员会", PASSWORD)
    bench.comment(office.officer, case_id, "case", "内部意见")
    bench.comment(office.officer, case_id, "case", "@村文书 请补人数")
    assert [thread.first["text"] for thread in bench.comments(unit, case_id)] == ["@村文书 请补人数"]
    told = str(bench.timeline(unit, case_id))
    assert "内部意见" not in told
    assert "确定评估专家" not in told
    assert "收到草案" in told

"""Checks before signing, the signature, the committee."""

from __future__ import annotations

import pytest

from assessment import lawindex
from assessment.messages import ConflictError, NotAllowedError
from assessment.records.accounts import Account
from tests.offices import PASSWORD, Office

MUST = "必须处理"


def seen(office: Office, case_id: str) -> int:
    """The case's last event number now."""
    return office.bench.case(office.secretary, case_id).seen


def ids(office: Office, case_id: str, level: str | None = None) -> set[str]:
    """Ids of the checks that fail now."""
    return {c.id for c in office.bench.checks(office.secretary, case_id) if level in (None, c.level)}


def frozen(office: Office, case_id: str) -> str:
    """Hash of the composed opinion."""
    return str(office.bench.case(office.secretary, case_id).row["opinion"])


def sign(office: Office, case_id: str, override: str = "") -> None:
    """Sign what stands now."""
    office.bench.sign_opinion(
        office.secretary, case_id, "1号", frozen(office, case_id), seen(office, case_id), override
    )


def conclude(office: Office, case_id: str, conclusion: str, explanation: str = "") -> None:
    """Choose a conclusion."""
    office.bench.choose_conclusion(
        office.officer, case_id, conclusion, explanation, "村委会", 30, "0418", seen(office, case_id)
    )


def confirm(office: Office, case_id: str, lens: str, severity: str) -> str:
    """Confirm the first concern under a lens; its id is returned."""
    case = office.bench.case(office.officer, case_id)
    finding = next(v.finding for v in case.findings if v.kind == "concern" and v.finding.lens == lens)
    office.bench.decide_finding(
        office.officer, case_id, finding.id, "confirmed", case.seen, severity=severity
    )
    return finding.id


def test_the_quick_path_signs_and_records_what_was_left_out(office: Office) -> None:
    case_id = office.composed()
    assert ids(office, case_id, MUST) == set()
    assert {"one-expert", "no-explanation", "affected-empty", "step-committee", "undecided-concerns"} <= ids(
        office, case_id
    )
    sign(office, case_id)
    (row,) = [r for r in office.bench.store.of_case("opinions", case_id) if r["signed_at"]]
    assert "委员会审议" in row["skipped"]
    assert "起草单位自评" in row["skipped"]
    assert row["overridden"] == "[]"


def test_a_high_finding_against_no_harm_stops_the_signature(office: Office) -> None:
    case_id = office.on_panel(office.expert)
    office.fill(office.expert, case_id, "gender-quick")
    confirm(office, case_id, "gender", "high")
    conclude(office, case_id, "未发现不利影响")
    office.bench.compose_opinion(office.officer, case_id, seen(office, case_id))
    assert "high-no-harm" in ids(office, case_id, MUST)
    with pytest.raises(NotAllowedError, match=r"E550.*等级为“高”"):
        sign(office, case_id)
    assert office.bench.case(office.secretary, case_id).state == "composed"
    sign(office, case_id, "主要负责人同意，另行说明")
    row = next(r for r in office.bench.store.of_case("opinions", case_id) if r["signed_at"])
    assert "等级为“高”" in row["overridden"]
    assert row["override_reason"] == "主要负责人同意，另行说明"
    assert "1项检查经说明后签发" in office.bench.timeline(office.secretary, case_id)[-1]["summary"]


def test_a_lens_outside_with_confirmed_clauses(office: Office) -> None:
    case_id = office.on_panel(office.expert)
    confirm(office, case_id, "child", "medium")
    office.bench.decide_relevance(office.officer, case_id, "child", "none", "不涉及", seen(office, case_id))
    assert "lens-outside-child" in ids(office, case_id, MUST)


def test_checks_of_sheets(office: Office) -> None:
    case_id = office.on_panel(office.expert, office.second_expert, checklists=("gender-equality",))
    assert "sheets-open" in ids(office, case_id, MUST)
    for expert, answer in ((office.expert, "符合"), (office.second_expert, "证据不足")):
        for item in office.bench.own_sheets(expert, case_id)[0].checklist.items:
            office.bench.score_item(expert, case_id, "gender-equality", item.id, answer, "见材料")
        office.bench.submit_sheet(expert, case_id, "gender-equality")
    assert {
        "split-gender-equality",
        "low-agreement-gender-equality",
        f"unquoted-gender-equality-{office.expert.id}",
    } <= ids(office, case_id)
    office.bench.open_settlement(office.secretary, case_id, seen(office, case_id))
    items = office.bench.settlement(office.secretary, case_id)[0].items
    for entry in items[:12]:
        office.bench.settle_item(
            office.secretary,
            case_id,
            "gender-equality",
            entry.item.id,
            "证据不足",
            "缺",
            seen(office, case_id),
        )
    assert "thin-gender-equality" in ids(office, case_id)


def test_checks_of_wording_material_and_law(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    case_id = office.on_panel(office.expert)
    finding = confirm(office, case_id, "gender", "medium")
    office.bench.edit_recommendation(
        office.officer,
        case_id,
        finding,
        "该条违法",
        ["妇女权益保障法第五十六条"],
        "",
        True,
        seen(office, case_id),
    )
    office.bench.record_data_gap(office.officer, case_id, "gender", "分配人数", "分性别")
    office.bench.comment(office.officer, case_id, "case", "请核对人数")
    found = ids(office, case_id)
    assert {
        "verdict-0",
        "advice-blank",
        "data-gap-adrift",
        "comments-open",
        "no-conclusion",
        "no-contact",
    } <= found
    assert "law-repealed" not in found
    law = lawindex.statute("妇女权益保障法")
    old = lawindex.Law(law.name, law.short, law.aliases, law.version, False, True, "", law.articles)
    monkeypatch.setattr("assessment.lawindex.statute", lambda name: old)
    assert "law-repealed" in ids(office, case_id, MUST)


def test_required_steps_stop_the_signature(office: Office) -> None:
    office.bench.set_procedure(
        office.chief, second_reader=True, self_assessment=True, declaration=True, settlement=True
    )
    case_id = office.relevant()
    steps = {c.id for c in office.bench.checks(office.secretary, case_id) if c.level == MUST}
    assert {"step-second_reader", "step-self_assessment", "step-declaration", "step-settlement"} <= steps


def test_checks_are_for_those_who_write_and_sign(office: Office) -> None:
    case_id = office.on_panel(office.expert)
    with pytest.raises(NotAllowedError, match="E501"):
        office.bench.checks(office.expert, case_id)


def member(office: Office) -> Account:
    """A member of the committee."""
    return office.bench.create_account(office.chief, "member", "委员甲", ["committee"], "", PASSWORD)


def test_a_decision_holds_for_exactly_one_paper(office: Office) -> None:
    office.bench.set_procedure(office.chief, committee=True)
    case_id, one = office.composed(), member(office)
    with pytest.raises(NotAllowedError, match="E551"):
        sign(office, case_id, "来不及了")
    with pytest.raises(NotAllowedError, match="E514"):
        office.bench.convene_committee(office.secretary, case_id, "0" * 64, seen(office, case_id))
    paper = frozen(office, case_id)
    office.bench.convene_committee(office.secretary, case_id, paper, seen(office, case_id))
    assert office.bench.committee_view(one, case_id).standing == "审议中"
    with pytest.raises(NotAllowedError, match="E505"):
        office.bench.decide_committee(one, case_id, paper, "附条件通过", seen(office, case_id))
    with pytest.raises(NotAllowedError, match="E547"):
        office.bench.decide_committee(one, case_id, paper, "同意", seen(office, case_id))
    office.bench.decide_committee(
        one, case_id, paper, "通过", seen(office, case_id), votes={"同意": 5, "弃权": 1}
    )
    view = office.bench.committee_view(one, case_id)
    assert (view.standing, view.decisions[0]["votes"]) == ("通过", {"同意": 5, "弃权": 1})
    confirm(office, case_id, "gender", "medium")
    assert office.bench.committee_view(one, case_id).standing == "需重新审议"
    office.bench.compose_opinion(office.officer, case_id, seen(office, case_id))
    assert "committee-outdated" in ids(office, case_id)
    with pytest.raises(NotAllowedError, match="E551"):
        sign(office, case_id, "内容变化不大")


def test_signed_after_passing_the_decision_still_stands(office: Office) -> None:
    office.bench.set_procedure(office.chief, committee=True)
    case_id, one = office.composed(), member(office)
    paper = frozen(office, case_id)
    office.bench.convene_committee(office.secretary, case_id, paper, seen(office, case_id))
    office.bench.decide_committee(one, case_id, paper, "附条件通过", seen(office, case_id), "补充联系人")
    sign(office, case_id)
    view = office.bench.committee_view(one, case_id)
    assert (view.opinion, view.standing) == (paper, "附条件通过")


@pytest.mark.parametrize(("decision", "state"), [("退回", "reviewing"), ("暂缓", "deliberating")])
def test_sent_back_and_put_off(office: Office, decision: str, state: str) -> None:
    case_id, one = office.composed(), member(office)
    paper = frozen(office, case_id)
    office.bench.convene_committee(office.secretary, case_id, paper, seen(office, case_id))
    office.bench.decide_committee(one, case_id, paper, decision, seen(office, case_id), "材料不全")
    assert office.bench.case(office.secretary, case_id).state == state
    assert office.bench.committee_view(one, case_id).standing == decision


def test_deciding_on_a_paper_that_changed_meanwhile(office: Office) -> None:
    case_id, one = office.composed(), member(office)
    paper = frozen(office, case_id)
    office.bench.convene_committee(office.secretary, case_id, paper, seen(office, case_id))
    shown = seen(office, case_id)
    conclude(office, case_id, "建议重点修改")
    with pytest.raises(NotAllowedError, match="E502"):
        office.bench.decide_committee(one, case_id, paper, "通过", shown)
    assert office.bench.committee_view(one, case_id).decisions == ()


def test_signing_what_changed_and_was_composed_again(office: Office) -> None:
    case_id = office.composed()
    old, shown = frozen(office, case_id), seen(office, case_id)
    conclude(office, case_id, "建议重点修改")
    office.bench.compose_opinion(office.officer, case_id, seen(office, case_id))
    with pytest.raises(NotAllowedError, match="E514"):
        office.bench.sign_opinion(office.secretary, case_id, "1号", old, shown)
    with pytest.raises(ConflictError):
        office.bench.sign_opinion(office.secretary, case_id, "1号", frozen(office, case_id), shown)
    assert office.bench.case(office.secretary, case_id).state == "composed"

"""Further versions: what still stands is carried over, what was edited is looked at again."""

from __future__ import annotations

import pytest

from assessment.messages import ConflictError, NotAllowedError
from assessment.workbench import Incoming, Mark, Paper
from tests.offices import VILLAGE_RULES, Office

SECOND = (
    VILLAGE_RULES.replace("第四条 村民应当保持", "第四条 村民应当自觉保持")
    .replace(
        "第三条 村民代表中妇女的比例应当不少于三分之一。\n",
        "第三条 村民委员会每季度公布收支情况。\n第四条 村民代表中妇女的比例应当不少于三分之一。\n",
    )
    .replace("第四条 村民应当自觉", "第五条 村民应当自觉")
    .replace("第五条 村民拖欠", "第六条 村民拖欠")
    .replace("第六条 本规约", "第七条 本规约")
)
EDITED = VILLAGE_RULES.replace("应当在半年内迁出，逾期", "应当在一年内迁出，逾期")


def decided(office: Office, case_id: str) -> None:
    """Confirm every concern and add one mark by hand."""
    for lens in ("gender", "child"):
        case = office.bench.case(office.officer, case_id)
        view = next(v for v in case.findings if v.kind == "concern" and v.finding.lens == lens)
        office.bench.decide_finding(
            office.officer, case_id, view.finding.id, "confirmed", case.seen, reason="属实"
        )
    case = office.bench.case(office.officer, case_id)
    start = case.document.text.index("垃圾分类")
    mark = Mark(start, start + 4, "child", "relevant", (), "none", "人工补充")
    office.bench.add_finding(office.officer, case_id, mark, case.seen)


def add(office: Office, case_id: str, text: str) -> int:
    """Register a further version."""
    seen = office.bench.case(office.officer, case_id).seen
    draft = Incoming(text.encode(), "第二稿.txt")
    return office.bench.add_version(office.officer, case_id, draft, "送审", "按意见修改", seen)


def test_decisions_on_unchanged_clauses_are_carried_over(office: Office) -> None:
    case_id = office.relevant()
    decided(office, case_id)
    assert add(office, case_id, SECOND) == 2
    case = office.bench.case(office.officer, case_id)
    assert (case.row["version"], case.row["stage"], case.relevance) == (2, "送审", {})
    confirmed = [view for view in case.findings if view.decision == "confirmed"]
    assert {view.finding.lens for view in confirmed if view.kind == "concern"} == {"gender", "child"}
    assert {view.reason for view in confirmed if not view.added} == {"属实"}
    by_hand = next(view for view in case.findings if view.added)
    assert by_hand.decision == "undecided"
    assert (
        case.document.text[by_hand.finding.start : by_hand.finding.end] == by_hand.finding.quote == "垃圾分类"
    )
    assert office.bench.store.verify() == []


def test_an_edited_clause_is_looked_at_again(office: Office) -> None:
    case_id = office.relevant()
    decided(office, case_id)
    add(office, case_id, EDITED)
    case = office.bench.case(office.officer, case_id)
    view = next(v for v in case.findings if v.finding.unit == "a2" and v.finding.lens == "gender")
    assert view.decision == "undecided"
    earlier = office.bench.earlier_decision(office.officer, case_id, view)
    assert earlier is not None
    assert (earlier.decision, earlier.reason) == ("confirmed", "属实")


def test_a_text_as_issued_is_not_the_version_assessed_before(office: Office) -> None:
    case_id = office.composed()
    bench, officer = office.bench, office.officer
    assert bench.assessed_before(officer, case_id) is None
    case = bench.case(office.secretary, case_id)
    bench.sign_opinion(office.secretary, case_id, "1号", case.row["opinion"], case.seen, override="试行")
    seen = bench.case(officer, case_id).seen
    issued = Incoming(VILLAGE_RULES.replace("（征求意见稿）", "").encode(), "公布.txt")
    assert bench.add_adopted(officer, case_id, issued, seen) == 2
    assert add(office, case_id, EDITED) == 3
    assert bench.assessed_before(officer, case_id) == 1


def test_the_earlier_version_stays_readable(office: Office) -> None:
    case_id = office.relevant()
    decided(office, case_id)
    add(office, case_id, EDITED)
    assert [row["version"] for row in office.bench.versions(office.officer, case_id)] == [1, 2]
    old, new, comparison = office.bench.comparison(office.officer, case_id, 1, 2)
    assert (old.text, new.text) != (new.text, old.text)
    assert comparison.counts == {"unchanged": 5, "edited": 1}
    with pytest.raises(NotAllowedError, match="E522"):
        office.bench.comparison(office.officer, case_id, 1, 3)


def test_the_same_file_is_no_new_version(office: Office) -> None:
    case_id = office.relevant()
    with pytest.raises(NotAllowedError, match="E521"):
        add(office, case_id, VILLAGE_RULES)


def test_a_version_added_meanwhile_is_a_conflict(office: Office) -> None:
    case_id = office.relevant()
    seen = office.bench.case(office.officer, case_id).seen
    add(office, case_id, EDITED)
    draft = Incoming(SECOND.encode(), "另一稿.txt")
    with pytest.raises(ConflictError):
        office.bench.add_version(office.secretary, case_id, draft, "送审", "", seen)


def test_papers_come_with_the_draft_and_later(office: Office) -> None:
    case_id = office.relevant()
    office.bench.attach(office.officer, case_id, Paper("起草说明.txt", "起草说明", "说明".encode()))
    (row,) = office.bench.attachments(office.officer, case_id)
    assert (row["name"], row["purpose"]) == ("起草说明.txt", "起草说明")
    assert office.bench.attachment(office.officer, case_id, row["file"]).decode() == "说明"
    with pytest.raises(NotAllowedError, match="E520"):
        office.bench.attach(office.officer, case_id, Paper("空.txt", "附表", b""))
    draft = office.bench.case(office.officer, case_id).row["file"]
    with pytest.raises(NotAllowedError, match="E515"):
        office.bench.attachment(office.officer, case_id, draft)


def test_both_texts_are_kept_when_a_person_corrects_the_recognised_one(office: Office) -> None:
    from assessment.workbench import Description

    wrong = VILLAGE_RULES.replace("集体收益", "集休收益")
    draft = Incoming(wrong.encode(), "扫描.txt", corrected=VILLAGE_RULES)
    case_id = office.bench.receive(office.officer, draft, Description("村规", "村规民约", "起草"))
    assert "集体收益" in office.bench.case(office.officer, case_id).document.text
    (row,) = office.bench.versions(office.officer, case_id)
    assert "集休收益" in office.bench.store.files.get(row["recognised"]).decode()


def test_a_corrected_scan_keeps_both_texts_and_may_be_corrected_again(office: Office) -> None:
    case_id = office.receive()
    corrected = VILLAGE_RULES.replace("垃圾分类投放", "垃圾分类投放到指定地点")
    seen = office.bench.case(office.officer, case_id).seen
    draft = Incoming(VILLAGE_RULES.encode(), "村规.txt", corrected=corrected)
    assert office.bench.add_version(office.officer, case_id, draft, "送审", "校对识别文本", seen) == 2
    recognised = office.bench.recognised_document(office.officer, case_id, 2)
    assert recognised is not None
    assert "指定地点" not in recognised.text
    assert "指定地点" in office.bench.version_document(office.officer, case_id, 2).text
    assert office.bench.recognised_document(office.officer, case_id, 1) is None
    assert office.bench.original(office.officer, case_id, 2).decode() == VILLAGE_RULES
    with pytest.raises(NotAllowedError, match="E522"):
        office.bench.original(office.officer, case_id, 3)
    with pytest.raises(NotAllowedError, match="E515"):
        office.bench.original(office.expert, case_id, 1)


def test_a_carried_decision_names_the_version_it_was_made_on(office: Office) -> None:
    case_id = office.relevant()
    decided(office, case_id)
    add(office, case_id, SECOND)
    case = office.bench.case(office.officer, case_id)
    confirmed = [view for view in case.findings if view.decision == "confirmed" and not view.added]
    assert {view.carried_from for view in confirmed} == {1}


def test_an_attachment_can_be_read_to_quote_from(office: Office) -> None:
    case_id = office.receive()
    paper = Paper(
        "起草说明.txt", "起草说明", "柳溪村村规民约起草说明\n\n经村民代表会议讨论，拟定本稿。\n".encode()
    )
    office.bench.attach(office.officer, case_id, paper)
    file = office.bench.attachments(office.officer, case_id)[0]["file"]
    assert "经村民代表会议讨论" in office.bench.attachment_text(office.officer, case_id, file).text
    with pytest.raises(NotAllowedError, match="E515"):
        office.bench.attachment_text(office.officer, case_id, "0" * 64)


def test_comments_follow_their_clause(office: Office) -> None:
    case_id = office.relevant()
    bench, officer = office.bench, office.officer
    case = bench.case(officer, case_id)
    concern = next(v for v in case.findings if v.finding.unit == "a5" and v.finding.lens == "child")
    bench.comment(officer, case_id, "clause/a3", "比例是否达到上级要求")
    bench.comment(officer, case_id, "clause/a4", "建议写明地点")
    bench.comment(officer, case_id, f"finding/{concern.finding.id}", "责任不能转给孩子")
    bench.comment(officer, case_id, "case", "整体较好")
    add(office, case_id, SECOND)
    threads = {thread.first["text"]: thread for thread in bench.comments(officer, case_id)}
    assert (threads["比例是否达到上级要求"].first["anchor"], threads["比例是否达到上级要求"].place) == (
        "clause/a4",
        "same",
    )
    assert (threads["建议写明地点"].first["anchor"], threads["建议写明地点"].place) == (
        "clause/a5",
        "look again",
    )
    moved = threads["责任不能转给孩子"]
    assert moved.place == "same"
    found = bench.case(officer, case_id).finding(moved.first["anchor"].removeprefix("finding/")).finding
    assert (found.unit, found.lens) == ("a6", "child")
    assert threads["整体较好"].first["anchor"] == "case"
    add(office, case_id, SECOND.replace("第五条 村民应当自觉保持房前屋后整洁，垃圾分类投放。\n", ""))
    gone = next(t for t in bench.comments(officer, case_id) if t.first["text"] == "建议写明地点")
    assert gone.place == "gone"
    bench.comment(officer, case_id, "", "该条已删去", gone.first["comment"])

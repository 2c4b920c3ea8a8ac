"""Single steps on the pages, without a browser."""

from __future__ import annotations

from tests.offices import VILLAGE_RULES, Office
from tests.web.conftest import Visit, said


def test_upload_preview_and_register(office: Office, visit: Visit) -> None:
    at = visit(office.officer, "intake")
    at.file_uploader[0].upload("村规.txt", VILLAGE_RULES.encode())
    at.run()
    assert "共 6 条" in said(at)
    assert at.selectbox[0].value == "村规民约"
    at.text_input[0].set_value("柳溪村村规民约")
    at.button[0].click().run()
    assert not at.exception
    assert [row["title"] for row in office.bench.cases(office.officer)] == ["柳溪村村规民约"]


def test_a_broken_upload_is_refused_with_a_number(office: Office, visit: Visit) -> None:
    at = visit(office.officer, "intake")
    at.file_uploader[0].upload("村规.docx", b"not a word file at all \x00\x01")
    at.run()
    assert not at.exception
    assert at.error[0].value.startswith("E1")
    assert office.bench.cases(office.officer) == []


def test_relevance_without_level_or_reason_is_not_saved(office: Office, visit: Visit) -> None:
    case_id = office.receive()
    at = visit(office.officer, "intake", case=case_id)
    save = next(button for button in at.button if button.label == "保存判断")
    save.click().run()
    assert "请先选择" in at.error[0].value
    at.radio[0].set_value("key")
    next(button for button in at.button if button.label == "保存判断").click().run()
    assert at.error[0].value.startswith("E505")
    assert at.radio[0].value == "key"
    assert office.bench.case(office.officer, case_id).relevance == {}


def test_confirming_moves_on_to_the_next(office: Office, visit: Visit) -> None:
    case_id = office.relevant()
    at = visit(office.officer, "review", case=case_id)
    next(button for button in at.button if button.label == "确认").click().run()
    assert not at.exception
    decided = [v for v in office.bench.case(office.officer, case_id).findings if v.decision == "confirmed"]
    assert len(decided) == 1
    assert at.session_state["finding"] != decided[0].finding.id


def test_an_answer_is_in_the_journal_when_given(office: Office, visit: Visit) -> None:
    case_id = office.on_panel(office.expert)
    at = visit(office.expert, "scoring", case=case_id)
    answer = next(group for group in at.segmented_control if group.label == "结论")
    answer.set_value("部分符合").run()
    assert not at.exception
    sheet = office.bench.own_sheets(office.expert, case_id)[0]
    assert list(sheet.given.values()) == ["部分符合"]
    assert "已保存：部分符合" in said(at)


def test_an_answer_that_needs_a_reason_waits_for_it(office: Office, visit: Visit) -> None:
    case_id = office.on_panel(office.expert)
    at = visit(office.expert, "scoring", case=case_id)
    next(group for group in at.segmented_control if group.label == "结论").set_value("不适用").run()
    assert "尚未保存" in said(at)
    assert office.bench.own_sheets(office.expert, case_id)[0].given == {}
    at.text_area[0].set_value("草案不涉及这一问题").run()
    assert list(office.bench.own_sheets(office.expert, case_id)[0].given.values()) == ["不适用"]


def test_signing_offers_the_papers(office: Office, visit: Visit) -> None:
    case_id = office.composed()
    at = visit(office.secretary, "opinion", case=case_id)
    next(field for field in at.text_input if field.label == "文号").set_value("评〔2026〕3号")
    next(button for button in at.button if button.label == "签发").click().run()
    assert not at.exception
    assert [button.label for button in at.get("download_button")] == ["下载 Word", "下载 Excel"]


def test_a_script_in_a_draft_stays_text(office: Office, visit: Visit) -> None:
    attack = VILLAGE_RULES.replace("柳溪村村规民约", "柳溪村<script>alert(1)</script>村规民约")
    case_id = office.receive(attack)
    for page in ("intake", "review", "opinion"):
        at = visit(office.officer, page, case=case_id)
        assert not at.exception
        assert all("<script>alert" not in element.value for element in at.html)

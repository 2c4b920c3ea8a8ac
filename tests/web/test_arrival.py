"""What comes in through the pages: ZIPs, recognised text, papers, further versions."""

from __future__ import annotations

import io
import zipfile
from dataclasses import replace

import pytest
from PIL import Image

from assessment import documents
from assessment.documents import Document, RecognisedPage
from assessment.documents.apart import Progress
from assessment.usecases.base import UseCases
from assessment.web.arrival import by_page
from assessment.workbench import Incoming
from tests.offices import VILLAGE_RULES, Office
from tests.web.conftest import Visit, press, said

NOTE = "柳溪村村规民约起草说明\n\n一、起草经过\n本稿经村民代表会议两次讨论，男女村民各发表意见十二条。\n"
EDITED = VILLAGE_RULES.replace("应当在半年内迁出，逾期", "应当在一年内迁出，逾期")


def packed(**members: str) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, text in members.items():
            archive.writestr(f"{name}.txt", text)
    return buffer.getvalue()


def picture() -> bytes:
    """A blank page as PNG."""
    buffer = io.BytesIO()
    Image.new("L", (80, 120), 255).save(buffer, "PNG")
    return buffer.getvalue()


def scanned(data: bytes, name: str, *, progress: Progress | None = None) -> Document:
    """A reader that says of a two-page text that it was recognised."""
    if progress:
        progress(1, 2)
    document = documents.read(data, name)
    halfway = document.clause("a4").start
    clauses = tuple(replace(clause, page=1 if clause.start < halfway else 2) for clause in document.clauses)
    pages = (RecognisedPage(1, 0.98), RecognisedPage(2, 0.81, ("第五条 村民拖欠卫生费的",)))
    return replace(document, clauses=clauses, recognised=pages)


def test_a_zip_is_opened_and_its_other_papers_become_attachments(office: Office, visit: Visit) -> None:
    at = visit(office.officer, "intake")
    data = packed(柳溪村村规民约征求意见稿=VILLAGE_RULES, 起草说明=NOTE)
    at.file_uploader[0].upload("材料.zip", data)
    at.run()
    assert "压缩包内有 2 个文件" in said(at)
    assert "随草案登记附件 1 份。" in said(at)
    press(at, "登记并筛查")
    assert not at.exception
    case = office.bench.cases(office.officer)[0]
    assert case["file_name"] == "柳溪村村规民约征求意见稿.txt"
    papers = office.bench.attachments(office.officer, case["id"])
    assert [(row["name"], row["purpose"]) for row in papers] == [("起草说明.txt", "起草说明")]


def test_a_hostile_zip_is_refused_with_a_number(office: Office, visit: Visit) -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("../../草案.txt", VILLAGE_RULES)
    at = visit(office.officer, "intake")
    at.file_uploader[0].upload("材料.zip", buffer.getvalue())
    at.run()
    assert not at.exception
    assert at.error[0].value.startswith("E139")
    assert office.bench.cases(office.officer) == []


def test_recognised_text_is_corrected_before_screening_and_both_are_kept(
    office: Office, visit: Visit, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(UseCases.__init__, "__defaults__", (scanned,))
    monkeypatch.setattr("assessment.usecases.intake.page_image_apart", lambda data, name, page: picture())
    at = visit(office.officer, "intake")
    at.file_uploader[0].upload("村规.txt", VILLAGE_RULES.encode())
    at.run()
    assert "识别文本，须人工核对" in said(at)
    at.selectbox[0].set_value(2).run()
    assert "请重点核对" in said(at)
    area = next(area for area in at.text_area if area.label.startswith("第 2 页"))
    area.set_value(str(area.value).replace("卫生费", "卫生保洁费")).run()
    press(at, "登记并筛查")
    assert not at.exception
    case_id = office.bench.cases(office.officer)[0]["id"]
    recognised = office.bench.recognised_document(office.officer, case_id, 1)
    assert recognised is not None
    assert "卫生保洁费" not in recognised.text
    assert "卫生保洁费" in office.bench.version_document(office.officer, case_id, 1).text


def test_pages_joined_are_the_text() -> None:
    document = scanned(VILLAGE_RULES.encode(), "村规.txt")
    pieces = by_page(document)
    assert list(pieces) == [1, 2]
    assert "".join(pieces.values()) == document.text
    assert pieces[2].startswith("第四条")


def test_attachments_are_added_and_listed(office: Office, visit: Visit) -> None:
    case_id = office.receive()
    at = visit(office.officer, "intake", case=case_id)
    at.file_uploader[0].upload("起草说明.txt", NOTE.encode())
    press(at, "保存附件")
    assert not at.exception
    assert [row["purpose"] for row in office.bench.attachments(office.officer, case_id)] == ["起草说明"]
    assert "添加附件" not in said(visit(office.observer, "intake", case=case_id))


def test_a_further_version_is_registered_and_compared(office: Office, visit: Visit) -> None:
    case_id = office.relevant()
    at = visit(office.officer, "versions", case=case_id)
    at.file_uploader[0].upload("第二稿.txt", EDITED.encode())
    at.run()
    assert "修改 1 处" in said(at)
    press(at, "登记为新版本")
    assert not at.exception
    assert [row["version"] for row in office.bench.versions(office.officer, case_id)] == [1, 2]
    shown = "".join(element.value for element in at.html)
    assert "<del>半</del><ins>一</ins>" in shown
    assert "登记新版本" not in [
        box.label for box in visit(office.observer, "versions", case=case_id).expander
    ]


def test_an_edited_clause_shows_what_was_decided_before(office: Office, visit: Visit) -> None:
    case_id = office.relevant()
    case = office.bench.case(office.officer, case_id)
    view = next(v for v in case.findings if v.kind == "concern" and v.finding.unit == "a2")
    office.bench.decide_finding(
        office.officer, case_id, view.finding.id, "confirmed", case.seen, reason="限制妇女权益"
    )
    seen = office.bench.case(office.officer, case_id).seen
    office.bench.add_version(
        office.officer, case_id, Incoming(EDITED.encode(), "第二稿.txt"), "送审", "", seen
    )
    at = visit(office.officer, "review", case=case_id)
    text = said(at)
    assert "上一版中" in text
    assert "限制妇女权益" in text
    assert any("<del>半</del><ins>一</ins>" in element.value for element in at.html)


def test_scripts_in_compared_versions_stay_text(office: Office, visit: Visit) -> None:
    case_id = office.relevant()
    attack = EDITED.replace("第四条 村民", "第四条 <script>alert(1)</script>村民")
    seen = office.bench.case(office.officer, case_id).seen
    office.bench.add_version(
        office.officer, case_id, Incoming(attack.encode(), "第二稿.txt"), "送审", "", seen
    )
    at = visit(office.officer, "versions", case=case_id)
    assert not at.exception
    assert all("<script>alert" not in element.value for element in at.html)

"""补充材料: what is asked of the drafting unit, by when, and what it answered."""

from __future__ import annotations

from datetime import date
from hashlib import sha256

import streamlit as st

from assessment import workdays
from assessment.documents.bundle import PURPOSES
from assessment.records.accounts import Account
from assessment.views import CaseView, Row
from assessment.web import arrival, forms, frame
from assessment.web.session import workbench
from assessment.workbench import Paper

WORKDAYS = 5


def show(account: Account, case: CaseView) -> None:
    """Requests with their answers, and the forms to ask and to answer for those who may."""
    bench = workbench()
    rows = bench.material_requests(account, case.id)
    asks = bench.permits(account, "request_material", case.id)
    if not rows and not asks:
        return
    st.header("补充材料")
    answers = bench.permits(account, "answer_material", case.id)
    papers = {paper["file"]: paper["name"] for paper in bench.attachments(account, case.id)}
    for row in rows:
        _one(account, case, row, papers, answers)
    if not rows:
        st.caption("没有要求补充的材料。")
    if asks:
        _ask(account, case)


def _one(account: Account, case: CaseView, row: Row, papers: dict[str, str], answers: bool) -> None:
    with st.container(border=True):
        st.markdown(f"**{frame.plain(row['what'])}**　:gray[{standing(row)}]")
        if row["answered_at"]:
            st.markdown(frame.plain(row["answer"] or "") or ":gray[以附件答复]")
            if row["attachments"]:
                st.caption("附件：" + "、".join(frame.plain(papers[file]) for file in row["attachments"]))
        elif answers:
            _answer(account, case, row, papers)


def standing(row: Row) -> str:
    """When it is due, and whether it came."""
    if row["answered_at"]:
        return f"已于 {frame.when(row['answered_at'])} 答复"
    late = date.fromisoformat(row["due"]) < date.today()
    return f"{row['due']} 前答复" + ("，已逾期" if late else "")


def _answer(account: Account, case: CaseView, row: Row, papers: dict[str, str]) -> None:
    """Words, papers attached before, or papers attached now."""
    bench = workbench()
    form = forms.begin(f"answer-{case.id}-{row['request']}", case, {"answer": "", "attachments": []})
    with st.form(form.name, border=False):
        answer = st.text_area("答复", key=form.key("answer"), max_chars=2000, height=68)
        files = st.file_uploader(
            "添加附件",
            arrival.PAPER_FORMATS,
            accept_multiple_files=True,
            max_upload_size=30,
            key=form.key("files"),
        )
        chosen = st.multiselect(
            "或选用已有附件",
            list(papers),
            format_func=papers.__getitem__,
            key=form.key("attachments"),
            placeholder="可不选",
        )
        if st.form_submit_button("提交答复", type="primary"):
            with form.saving():
                for file in files:
                    bench.attach(account, case.id, Paper(file.name, PURPOSES[-1], file.getvalue()))
                fresh = [sha256(file.getvalue()).hexdigest() for file in files]
                bench.answer_material(account, case.id, row["request"], answer, [*chosen, *fresh], form.seen)
                form.done()


def _ask(account: Account, case: CaseView) -> None:
    due_day = workdays.add_workdays(date.today(), WORKDAYS)
    form = forms.begin(f"ask-{case.id}", case, {"what": "", "due": due_day})
    with st.expander("请起草单位补充材料"), st.form(form.name, border=False):
        what = st.text_area(
            "需要补充什么",
            key=form.key("what"),
            max_chars=500,
            height=68,
            placeholder="例如：近三年分性别的申请人数",
        )
        due = st.date_input("答复期限", key=form.key("due"), format="YYYY-MM-DD")
        if st.form_submit_button("发出"):
            with form.saving():
                workbench().request_material(account, case.id, what, due)
                form.done()

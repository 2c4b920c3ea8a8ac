"""Comments on a clause, a finding, an item or the whole case: threads to read, answer and resolve."""

from __future__ import annotations

from collections.abc import Mapping

import streamlit as st

from assessment.usecases.comments import Thread
from assessment.views import CaseView, Row
from assessment.web import forms, frame
from assessment.web.errors import shown
from assessment.web.session import require_account, workbench


def discussion(case: CaseView, anchor: str, *, label: str = "讨论") -> None:
    """The threads on one anchor, folded away, with a field to begin another.

    Args:
        anchor: ``case``, ``clause/<id>``, ``finding/<id>`` or ``item/<checklist>/<item>``.
    """
    account, bench = require_account(), workbench()
    threads = bench.comments(account, case.id, anchor)
    open_threads = sum(not thread.resolved for thread in threads)
    may = bench.permits(account, "comment", case.id)
    if not threads and not may:
        return
    with st.expander(f"{label}（{open_threads}）" if threads else label, icon=":material/forum:"):
        for each in threads:
            thread(case, each)
        if may:
            say(case, anchor, "", "发表意见")


def thread(case: CaseView, each: Thread) -> None:
    """One thread: what was said, by whom, and the field to answer in."""
    account, bench = require_account(), workbench()
    may, people = bench.permits(account, "comment", case.id), bench.people()
    first = str(each.first["comment"])
    with st.container(border=True):
        for row in (each.first, *each.replies):
            said(row, people)
        if each.place == "look again":
            st.caption(":material/history: 发表以后，该条文字已修改")
        if each.resolved:
            st.caption(":material/check: 已解决")
        if not may:
            return
        with st.container(horizontal=True):
            with st.popover("回复", icon=":material/reply:"):
                say(case, str(each.first["anchor"]), first, "回复")
            seen = forms.last_shown(f"thread-{first}", case.seen)
            if st.button("重新打开" if each.resolved else "标为已解决", key=f"resolve-{first}"):
                with shown():
                    bench.resolve_comment(account, case.id, first, not each.resolved, seen)
                    st.rerun()


def said(row: Row, people: Mapping[str, str]) -> None:
    """One remark with its author and time."""
    st.markdown(f"**{frame.plain(frame.person(people, row['actor']))}**　:gray[{frame.when(row['at'])}]")
    st.html(f"<div>{frame.text(row['text'])}</div>")


def say(case: CaseView, anchor: str, reply_to: str, label: str) -> None:
    """A field to say something in; @ and a name puts it on that person's list."""
    account, bench = require_account(), workbench()
    form = forms.begin(f"say-{case.id}-{anchor}-{reply_to}", case, {"text": ""})
    with st.form(form.name, border=False):
        text = st.text_area(
            label,
            max_chars=2000,
            height=80,
            key=form.key("text"),
            placeholder="写 @姓名 可提醒该人查看",
            label_visibility="collapsed",
        )
        save = st.form_submit_button(label)
    if save:
        with form.saving():
            bench.comment(account, case.id, anchor, text or "", reply_to)
            form.done()

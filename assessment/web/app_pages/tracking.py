"""反馈与落实: the drafting unit answers each recommendation; the text as issued is held against what was asked."""

from __future__ import annotations

from datetime import date
from typing import Literal

import streamlit as st

from assessment.usecases.replies import AdoptionProposal, ReplyView
from assessment.usecases.words import ADOPTIONS, REPLIES
from assessment.web import arrival, forms, frame
from assessment.web.session import workbench

UPLOAD = "adopted"
Colour = Literal["green", "orange", "red", "gray"]
COLOUR: dict[str, Colour] = {"采纳": "green", "部分采纳": "orange", "不采纳": "red", "另行研究": "gray"}
RESULT_COLOUR: dict[str, Colour] = {"已落实": "green", "部分落实": "orange", "未落实": "red", "待核": "gray"}

account, case = frame.page_case("反馈与落实")
bench = workbench()
people = bench.people()
may_reply = bench.permits(account, "reply", case.id)
may_check = bench.permits(account, "check_adoption", case.id)


def summary(views: tuple[ReplyView, ...]) -> None:
    """How many recommendations were answered, taken up and carried out."""
    answered = [view for view in views if view.reply]
    columns = st.columns(4)
    columns[0].metric("建议", len(views))
    columns[1].metric("已答复", len(answered))
    columns[2].metric(
        "采纳或部分采纳", sum(view.reply["reply"] in ("采纳", "部分采纳") for view in answered if view.reply)
    )
    columns[3].metric(
        "已落实",
        sum(bool(view.adoption) and view.adoption["result"] == "已落实" for view in views if view.adoption),
    )


def entry(number: int, view: ReplyView, proposal: AdoptionProposal | None) -> None:
    """One recommendation: what was asked, what was answered, what became of it."""
    with st.container(border=True):
        with st.container(horizontal=True, vertical_alignment="center"):
            st.markdown(f"**{number}. {frame.plain(view.clause)}**", width="stretch")
            if view.reply:
                st.badge(view.reply["reply"], color=COLOUR[view.reply["reply"]])
            else:
                st.badge("待答复", color="yellow")
            if view.adoption:
                st.badge(view.adoption["result"], color=RESULT_COLOUR[view.adoption["result"]])
        st.markdown(frame.plain(view.problem))
        frame.block("advice", view.proposal)
        answered(view)
        if may_reply:
            reply(view)
        if proposal is not None:
            adoption(view, proposal)


def answered(view: ReplyView) -> None:
    """The answer as given."""
    if not view.reply:
        return
    who = frame.person(people, view.reply["actor"])
    parts = [f"答复：{view.reply['reply']}"]
    if view.reply["reason"]:
        parts.append(f"理由：{view.reply['reason']}")
    if view.reply["due"]:
        parts.append(f"完成时间：{view.reply['due']}")
    if view.reply["responsible"]:
        parts.append(f"责任人：{view.reply['responsible']}")
    st.caption(frame.plain("；".join(parts) + f"（{who}，{frame.when(view.reply['at'])}）"))


def reply(view: ReplyView) -> None:
    """The form to answer one recommendation with, or to correct the answer."""
    row = view.reply or {"reply": None, "reason": "", "due": None, "responsible": ""}
    stored = {
        "reply": row["reply"],
        "reason": row["reason"],
        "due": date.fromisoformat(row["due"]) if row["due"] else None,
        "responsible": row["responsible"],
    }
    with st.expander("更改答复" if view.reply else "答复", expanded=not view.reply):
        form = forms.begin(f"reply-{case.id}-{view.recommendation}", case, stored)
        with st.form(form.name, border=False):
            answer = st.radio(
                "答复", REPLIES, horizontal=True, key=form.key("reply"), label_visibility="collapsed"
            )
            reason = st.text_area("理由（“采纳”以外必填）", max_chars=2000, height=70, key=form.key("reason"))
            left, right = st.columns(2)
            due = left.date_input("完成时间（可不填）", format="YYYY-MM-DD", key=form.key("due"))
            responsible = right.text_input("责任人（可不填）", max_chars=60, key=form.key("responsible"))
            save = st.form_submit_button("保存答复", type="primary")
        if save and answer is None:
            st.error("请先选择答复。")
        elif save and answer is not None:
            with form.saving():
                bench.reply(
                    account, case.id, view.recommendation, answer, reason, form.seen, due, responsible
                )
                form.done()


def adoption(view: ReplyView, proposal: AdoptionProposal) -> None:
    """The assessed wording beside the one issued, what the program thinks, and what a person decides."""
    with st.expander("与公布文本核对", expanded=not view.adoption):
        left, right = st.columns(2)
        with left:
            st.caption("评估时的文字")
            frame.block("quote", proposal.old or "（无对应条款）")
        with right:
            st.caption("公布的文字")
            frame.block("quote", proposal.new or "（无对应条款）")
        st.caption(f"程序提示：{proposal.result}。{frame.plain(proposal.reason)}")
        if view.adoption:
            who = frame.person(people, view.adoption["actor"])
            why = f"，理由：{view.adoption['reason']}" if view.adoption["reason"] else ""
            st.markdown(f"核对结果：**{view.adoption['result']}**{frame.plain(why)}（{frame.plain(who)}）")
        if may_check:
            check(view, proposal)


def check(view: ReplyView, proposal: AdoptionProposal) -> None:
    """A person says whether the recommendation was carried out."""
    stored = {
        "result": view.adoption["result"] if view.adoption else proposal.result,
        "reason": view.adoption["reason"] if view.adoption else "",
    }
    form = forms.begin(f"adoption-{case.id}-{view.recommendation}", case, stored)
    with st.form(form.name, border=False):
        result = st.radio("核对结果", ADOPTIONS, horizontal=True, key=form.key("result"))
        reason = st.text_input("理由（与程序提示不同时必填）", max_chars=500, key=form.key("reason"))
        if st.form_submit_button("保存核对结果"):
            with form.saving():
                bench.check_adoption(
                    account, case.id, view.recommendation, result or proposal.result, reason, form.seen
                )
                form.done()


def close(views: tuple[ReplyView, ...]) -> None:
    """End the time for replies."""
    left = sum(not view.reply for view in views)
    seen = forms.last_shown(f"close-reply-{case.id}", case.seen)
    form = forms.begin(f"close-reply-{case.id}", case, {"note": ""})
    with st.form(form.name, border=True):
        st.markdown(
            f"还有 {left} 条没有答复；没有答复也要结束的，请写明原因。"
            if left
            else "各条均已答复，可以结束反馈。"
        )
        note = st.text_input("说明", max_chars=500, key=form.key("note"))
        if st.form_submit_button("结束反馈", type="secondary" if left else "primary"):
            with form.saving():
                bench.close_reply(account, case.id, note, seen)
                form.done()


def adopted() -> None:
    """Take in the text as issued."""
    with st.expander("登记公布文本", icon=":material/upload_file:", expanded=not proposals):
        st.caption("登记正式公布的文本后，程序逐条与评估时的文字比较，提示各条建议是否落实，由人核定。")
        arrived = arrival.receive("上传公布文本", f"{UPLOAD}-{case.id}-{case.row['version']}")
        if arrived is None:
            return
        arrival.outline(arrived.document, height=220)
        form = forms.begin(f"adopted-{case.id}", case, {"note": ""})
        with st.form(form.name, border=False):
            note = st.text_input(
                "说明（可不填）", max_chars=300, key=form.key("note"), placeholder="例如：公布日期和文号"
            )
            if st.form_submit_button("登记公布文本", type="primary"):
                with form.saving(), st.spinner("正在登记并比较……"):
                    bench.add_adopted(account, case.id, arrived.incoming, form.seen, note)
                    form.done()


if not case.row["signed_opinion"]:
    st.info("评估意见签发以后，起草单位在这里逐条答复，再与公布文本核对落实情况。")
    st.stop()
views = bench.replies(account, case.id)
proposals = bench.adoption_proposals(account, case.id)
summary(views)
if not views:
    st.caption("签发的评估意见没有提出修改建议，不需要逐条答复。")
for number, view in enumerate(views, 1):
    entry(number, view, proposals.get(view.recommendation))
if may_reply:
    close(views)
if bench.permits(account, "add_adopted", case.id):
    adopted()
if case.state in ("tracking", "following", "followed_up"):
    frame.jump(frame.FOLLOW_UP, "去实施后评估", case.id)

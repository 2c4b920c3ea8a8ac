"""工作台: what waits for the person who has just signed in."""

from __future__ import annotations

import streamlit as st

from assessment import permissions
from assessment.records.states import STATE_NAMES, CaseState
from assessment.web import frame, samples
from assessment.web.session import require_account, workbench

account = require_account()
bench = workbench()
st.title("工作台")
if account.must_change:
    st.warning("您使用的是管理员设置的初始密码，请先到“账户”页修改。", icon=":material/key:")
    st.page_link(frame.ACCOUNTS, label="去修改密码", icon=":material/key:")

cases = bench.cases(account)
if not cases:
    st.info("还没有评估事项。登记一份草案即可开始；也可以先载入示例草案熟悉流程。")
    with st.container(horizontal=True):
        if permissions.may(account, "receive"):
            if st.button("登记草案", type="primary", icon=":material/upload_file:"):
                st.switch_page(frame.INTAKE)
            samples.offer(account)
    st.stop()

tasks = bench.waiting(account)
columns = st.columns(4)
columns[0].metric("等我处理", len(tasks))
columns[1].metric("评估中", sum(row["state"] == "reviewing" for row in cases))
columns[2].metric("待签发", sum(row["state"] == "composed" for row in cases))
columns[3].metric("已签发、已办结", sum(row["state"] in ("signed", "closed") for row in cases))

st.header("等我处理")
if not tasks:
    st.caption("目前没有需要您处理的事项。")
for number, task in enumerate(tasks[:30]):
    with st.container(border=True, horizontal=True, vertical_alignment="center"):
        st.markdown(
            f"**{frame.plain(task.what)}**　《{frame.plain(task.case['title'])}》　"
            f":gray[{STATE_NAMES[CaseState(task.case['state'])]}]",
            width="stretch",
        )
        if st.button("去处理", key=f"task-{number}", icon=":material/arrow_forward:"):
            page = frame.TASK_PAGES.get(task.page, frame.front_page(account))
            frame.open_case(page, task.case["id"])

st.header("最近的评估事项")
for row in cases[:8]:
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(
            f"《{frame.plain(row['title'])}》　:gray[{frame.plain(row['document_kind'])} · "
            f"{STATE_NAMES[CaseState(row['state'])]} · 更新于 {frame.when(row['updated_at'])}]",
            width="stretch",
        )
        if st.button("打开", key=f"case-{row['id']}"):
            frame.open_case(frame.front_page(account), row["id"])

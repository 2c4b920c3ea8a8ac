"""工作台: what waits for the person who has just signed in."""

from __future__ import annotations

from datetime import date
from urllib.parse import urlsplit

import streamlit as st

from assessment import permissions
from assessment.records.states import STATE_NAMES, CaseState
from assessment.web import frame, samples
from assessment.web.session import require_account, workbench

SHOWN = 30


def site_address() -> str:
    """The address this browser reaches the workbench under, without the page."""
    parts = urlsplit(st.context.url or "")
    return f"{parts.scheme}://{parts.netloc}" if parts.netloc else ""


def day(value: date) -> str:
    """A day as it is spoken of, with the year where it is another one."""
    year = f"{value.year}年" if value.year != date.today().year else ""
    return f"{year}{value.month}月{value.day}日"


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
columns = st.columns(5)
overdue = [deadline for deadline in bench.deadlines(account) if deadline.overdue]
columns[0].metric("等我处理", len(tasks))
columns[1].metric("评估中", sum(row["state"] in ("reviewing", "settling") for row in cases))
columns[2].metric("待审议、待签发", sum(row["state"] in ("composed", "deliberating") for row in cases))
columns[3].metric("反馈和跟踪中", sum(row["state"] in ("signed", "tracking", "following") for row in cases))
columns[4].metric("超期环节", len(overdue))

st.header("等我处理")
if not tasks:
    st.caption("目前没有需要您处理的事项。")
if any(task.due for task in tasks):
    st.download_button(
        "导出到日历",
        data=lambda: bench.calendar_file(account, site_address()),
        file_name="评估事项期限.ics",
        mime="text/calendar",
        icon=":material/event:",
        help="下载日历文件（.ics），可导入办公日历",
        on_click="ignore",
    )
for number, task in enumerate(tasks[:SHOWN]):
    with st.container(border=True, horizontal=True, vertical_alignment="center"):
        if task.overdue:
            st.badge(f"超期 {task.overdue} 个工作日", color="red")
        elif task.due:
            st.badge(f"{day(task.due)}前", color="gray")
        st.markdown(
            f"**{frame.plain(task.what)}**　《{frame.plain(task.case['title'])}》　"
            f":gray[{STATE_NAMES[CaseState(task.case['state'])]}]",
            width="stretch",
        )
        if st.button("去处理", key=f"task-{number}", icon=":material/arrow_forward:"):
            frame.open_case(frame.PAGES[task.page], task.case["id"])

if len(tasks) > SHOWN:
    st.caption(f"另有 {len(tasks) - SHOWN} 项未列出。")
if overdue:
    st.header("超期环节")
    st.dataframe(
        [
            {
                "事项": deadline.case["title"],
                "环节": deadline.what,
                "期限": f"{deadline.due:%Y-%m-%d}",
                "超期（工作日）": deadline.overdue,
            }
            for deadline in overdue
        ],
        hide_index=True,
    )
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

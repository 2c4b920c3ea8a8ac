"""The script Streamlit runs for every page: who is here, which pages there are."""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

import streamlit as st

from assessment.web import chinese, frame
from assessment.web.session import require_account, workbench

st.set_page_config(
    page_title="政策性别平等与儿童优先评估工作台",
    page_icon=str(Path(__file__).with_name("icon.png")),
    layout="wide",
    initial_sidebar_state="expanded",
)
st.html(frame.STYLE)
st.html(chinese.script(), unsafe_allow_javascript=True)
account = require_account()


GROUPS = {
    "": [(frame.HOME, "工作台", "dashboard")],
    "事项办理": [
        (frame.INTAKE, "收件", "upload_file"),
        (frame.SELF_ASSESSMENT, "部门自评", "assignment"),
        (frame.REVIEW, "条款审阅", "find_in_page"),
        (frame.VERSIONS, "版本比较", "difference"),
        (frame.SCORING, "清单评分", "checklist"),
        (frame.SETTLING, "合议", "groups"),
        (frame.OPINION, "评估意见", "description"),
        (frame.COMMITTEE, "委员会审议", "gavel"),
        (frame.TRACKING, "反馈与落实", "reply_all"),
        (frame.FOLLOW_UP, "实施后评估", "event_repeat"),
        (frame.DISCUSSIONS, "讨论", "forum"),
        (frame.HISTORY, "办理过程", "history"),
    ],
    "台账": [
        (frame.REGISTER, "台账", "table_view"),
        (frame.DATA_GAPS, "材料与数据缺口", "query_stats"),
    ],
    "管理": [
        (frame.SETTINGS, "办理设置", "tune"),
        (frame.LEARNING, "模型学习", "model_training"),
        (frame.ACCOUNTS, "账户", "manage_accounts"),
    ],
}


def page(path: str, title: str, icon: str) -> st.Page:
    """One page under its own address, which is the name tasks call it by."""
    address = frame.ADDRESSES.get(path, Path(path).stem)
    return st.Page(path, title=title, icon=f":material/{icon}:", url_path=address, default=path == frame.HOME)


current = st.navigation(
    {
        group: [page(*entry) for entry in entries if frame.may_open(account, entry[0])]
        for group, entries in GROUPS.items()
    },
    expanded=True,
)
with st.sidebar:
    st.caption(f"{workbench().store.site_name}")
    st.markdown(f":material/person: **{frame.plain(account.display_name)}**")
    st.html('<a href="/account/sign-out" target="_self">退出登录</a>')
current.run()

"""The script Streamlit runs for every page: who is here, which pages there are."""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

import streamlit as st

from assessment import permissions
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

pages = [
    st.Page(frame.HOME, title="工作台", icon=":material/dashboard:", url_path="home", default=True),
    st.Page(frame.INTAKE, title="收件", icon=":material/upload_file:", url_path="intake"),
    st.Page(frame.REVIEW, title="条款审阅", icon=":material/find_in_page:", url_path="review"),
    st.Page(frame.VERSIONS, title="版本比较", icon=":material/difference:", url_path="versions"),
    st.Page(frame.SCORING, title="清单评分", icon=":material/checklist:", url_path="scoring"),
    st.Page(frame.OPINION, title="评估意见", icon=":material/description:", url_path="opinion"),
    st.Page(frame.COMMITTEE, title="委员会审议", icon=":material/gavel:", url_path="committee"),
    st.Page(frame.TRACKING, title="反馈与落实", icon=":material/reply_all:", url_path="reply"),
    st.Page(frame.FOLLOW_UP, title="实施后评估", icon=":material/event_repeat:", url_path="follow-up"),
    st.Page(frame.DISCUSSIONS, title="讨论", icon=":material/forum:", url_path="comments"),
    st.Page(frame.HISTORY, title="办理过程", icon=":material/history:", url_path="history"),
    st.Page(frame.REGISTER, title="台账", icon=":material/table_view:", url_path="register"),
    st.Page(frame.ACCOUNTS, title="账户", icon=":material/manage_accounts:", url_path="accounts"),
]
if permissions.may(account, "learn"):
    pages.insert(
        -1, st.Page(frame.LEARNING, title="模型学习", icon=":material/model_training:", url_path="learning")
    )
page = st.navigation(pages, expanded=True)
with st.sidebar:
    st.caption(f"{workbench().store.site_name}")
    st.markdown(f":material/person: **{frame.plain(account.display_name)}**")
    st.html('<a href="/account/sign-out" target="_self">退出登录</a>')
page.run()

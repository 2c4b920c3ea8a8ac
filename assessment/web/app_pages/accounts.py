"""账户: one's own account and sessions; for administrators, the people who may sign in."""

from __future__ import annotations

import streamlit as st

from assessment import permissions
from assessment.records.account_base import DISPLAY_LENGTH
from assessment.records.accounts import ROLES
from assessment.records.sessions import Session
from assessment.web import frame, people_view, session
from assessment.web.devices import device_name
from assessment.web.errors import shown
from assessment.web.session import require_account, workbench

OWN_EVENTS = 20

account = require_account()
bench = workbench()
st.title("账户")


def own() -> None:
    """Who one is, where one is signed in, and what was done to the account."""
    identities = bench.identities(account, account.id)
    ways = (["密码"] if account.has_password else []) + (["统一身份认证"] if identities else [])
    lines = {
        "姓名": account.display_name,
        "用户名": account.name,
        "单位": account.unit or "未填写",
        "角色": "、".join(ROLES[role] for role in account.roles),
        "登录方式": "、".join(ways) or "尚未设定",
    }
    with st.container(border=True):
        left, right = st.columns([3, 2])
        left.html(
            "".join(f"<div><b>{label}</b>　{frame.text(value)}</div>" for label, value in lines.items())
        )
        with right:
            if account.has_password:
                st.html('<a href="/account/password" target="_self">修改密码</a>')
            with st.popover("更正姓名"), st.form("name", border=False):
                name = st.text_input("姓名", account.display_name, max_chars=DISPLAY_LENGTH)
                if st.form_submit_button("保存"):
                    with shown():
                        bench.rename_self(account, name)
                        st.rerun()
            st.caption("单位和角色由管理员设定。")
    sessions()
    with st.expander("我的账户记录"):
        people_view.events_table(bench.account_events(account, OWN_EVENTS, account.id), bench.people())


def sessions() -> None:
    """Where one is signed in, each place to be ended."""
    token = session.cookie_token()
    here = bench.store.accounts.session_id(token) if token else ""
    places = bench.own_sessions(account)
    st.subheader("登录的设备")
    st.caption("两小时不用自动退出，登录满十二小时须重新登录。不认识的设备请立即退出，并修改密码。")
    for place in places:
        _place(place, place.id == here)
    if len(places) > 1 and st.button("退出其他所有设备", icon=":material/logout:"):
        bench.end_other_sessions(account, token)
        st.rerun()


def _place(place: Session, here: bool) -> None:
    with st.container(border=True):
        what, when, button = st.columns([4, 4, 1.3], vertical_alignment="center")
        mark = "　✓ 本机" if here else ""
        what.markdown(
            f"**{device_name(place.device)}**{mark}  \n地址 {frame.plain(place.address or '未记录')}"
        )
        when.markdown(
            f"登录 {frame.when(place.created_at.isoformat())}  \n"
            f"最近使用 {frame.when(place.last_seen.isoformat())}"
        )
        if not here and button.button("退出", key=f"end-{place.id}", width="stretch"):
            bench.end_session(account, place.id)
            st.rerun()


if permissions.may(account, "manage_accounts"):
    mine, everybody, invited, log = st.tabs(["我的账户", "人员", "邀请", "账户记录"])
    with mine:
        own()
    with everybody:
        people_view.people(account)
    with invited:
        people_view.invitations(account)
    with log:
        people_view.log(account)
else:
    own()

"""账户: one's own password; for administrators, the people who may sign in."""

from __future__ import annotations

import streamlit as st

from assessment import permissions
from assessment.records.accounts import ROLES, Account
from assessment.web import frame
from assessment.web.errors import shown
from assessment.web.session import require_account, workbench

account = require_account()
bench = workbench()
st.title("账户")


def own() -> None:
    """Who one is, and a new password."""
    roles = "、".join(ROLES[role] for role in account.roles)
    st.markdown(f"**{frame.plain(account.display_name)}**　用户名 {frame.plain(account.name)}　角色：{roles}")
    with st.expander("修改密码", expanded=account.must_change), st.form("password", clear_on_submit=True):
        old = st.text_input("现在的密码", type="password", autocomplete="current-password")
        new = st.text_input(
            "新密码",
            type="password",
            autocomplete="new-password",
            help="至少十个字符；或至少八个字符并含字母、数字、符号中的三类",
        )
        again = st.text_input("再输入一次新密码", type="password", autocomplete="new-password")
        if st.form_submit_button("修改密码", type="primary"):
            if new != again:
                st.error("两次输入的新密码不一致。")
            else:
                with shown():
                    bench.change_password(account, old, new)
                    st.success("密码已修改。所有设备上的登录都已退出，请用新密码重新登录。")
                    st.html('<a href="/account/sign-in" target="_self">重新登录</a>')


def add() -> None:
    """Add a person with a first password."""
    with st.expander("添加账户", icon=":material/person_add:"), st.form("add", border=False):
        left, right = st.columns(2)
        display_name = left.text_input("姓名", max_chars=40)
        unit = right.text_input("单位", max_chars=80)
        name = left.text_input("用户名", max_chars=40)
        password = right.text_input(
            "初始密码", type="password", autocomplete="new-password", help="首次登录后应当修改"
        )
        roles = st.multiselect(
            "角色", list(ROLES), default=["expert"], format_func=ROLES.__getitem__, placeholder="请选择"
        )
        if st.form_submit_button("添加", type="primary"):
            with shown():
                bench.create_account(account, name, display_name, roles, unit, password)
                st.toast(f"已添加 {display_name or name}")
                st.rerun()


def person(other: Account) -> None:
    """One account: roles, closing and a new first password."""
    state = "" if other.active else "（已停用）"
    roles = "、".join(ROLES[role] for role in other.roles)
    title = f"{other.display_name}{state}　{other.unit or '未填单位'}　{roles}"
    with st.expander(frame.plain(title)):
        with st.form(f"roles-{other.id}", border=False):
            chosen = st.multiselect(
                "角色",
                list(ROLES),
                default=list(other.roles),
                format_func=ROLES.__getitem__,
                placeholder="请选择",
            )
            if st.form_submit_button("保存角色"):
                with shown():
                    bench.set_roles(account, other.id, chosen)
                    st.rerun()
        with st.form(f"reset-{other.id}", border=False, clear_on_submit=True):
            password = st.text_input("新的初始密码", type="password", autocomplete="new-password")
            if st.form_submit_button("重设密码"):
                with shown():
                    bench.reset_password(account, other.id, password)
                    st.success("已重设；该账户的所有登录都已退出。")
        label = "停用账户" if other.active else "恢复账户"
        if st.button(label, key=f"active-{other.id}"):
            with shown():
                bench.set_active(account, other.id, not other.active)
                st.rerun()


own()
if permissions.may(account, "manage_accounts"):
    st.header("人员")
    add()
    for other in bench.accounts(account):
        person(other)

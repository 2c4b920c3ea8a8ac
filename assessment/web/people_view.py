"""The administrator's side of 账户: people, invitations, the account log."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from urllib.parse import quote, urlsplit

import streamlit as st

from assessment.records.account_base import DISPLAY_LENGTH, IDENTITY_LENGTH, NAME_LENGTH, UNIT_LENGTH
from assessment.records.account_log import KINDS, AccountEvent
from assessment.records.accounts import ROLES, Account
from assessment.records.invitations import DAYS, MOST_DAYS, RESET_HOURS
from assessment.web import frame
from assessment.web.errors import shown
from assessment.web.session import workbench

PER_PAGE = 12
EVENTS = 300
_FIELDS = {
    "display_name": "姓名",
    "unit": "单位",
    "email": "电子邮件",
    "employee_no": "工号",
    "roles": "角色",
    "before": "原",
    "after": "现",
    "way": "方式",
    "issuer": "认证方",
    "subject": "身份编号",
    "device": "设备",
}


def people(actor: Account) -> None:
    """Everybody, to be searched and managed."""
    st.header("人员")
    everybody = workbench().accounts(actor)
    waiting = workbench().waiting_accounts(actor)
    words, role, state = st.columns([3, 2, 2])
    wanted = (
        words.text_input("查找", placeholder="姓名、用户名或单位", max_chars=UNIT_LENGTH).strip().casefold()
    )
    with_role = role.selectbox(
        "角色筛选", list(ROLES), index=None, format_func=ROLES.__getitem__, placeholder="全部"
    )
    standing = state.selectbox("状态筛选", ["可登录", "暂停登录", "已停用"], index=None, placeholder="全部")
    found = [
        other
        for other in everybody
        if wanted in f"{other.display_name} {other.name} {other.unit}".casefold()
        and (with_role is None or with_role in other.roles)
        and standing in (None, _standing(other, other.id in waiting))
    ]
    pages = max(1, -(-len(found) // PER_PAGE))
    page = 1
    if pages > 1:
        page = min(st.number_input(f"页码（共 {pages} 页）", 1, pages, 1, width=160), pages)
    st.caption(f"共 {len(everybody)} 人，符合条件 {len(found)} 人")
    for other in found[(page - 1) * PER_PAGE : page * PER_PAGE]:
        _row(actor, other, other.id in waiting)
    _add(actor)


def _standing(other: Account, waits: bool) -> str:
    if not other.active:
        return "已停用"
    return "暂停登录" if waits else "可登录"


def _row(actor: Account, other: Account, waits: bool) -> None:
    with st.container(border=True):
        who, where, what, button = st.columns([3, 3, 4, 1.3], vertical_alignment="center")
        sign = {"可登录": "", "暂停登录": "　⏸ 暂停登录", "已停用": "　⊘ 已停用"}[_standing(other, waits)]
        who.markdown(f"**{frame.plain(other.display_name)}**{sign}  \n{frame.plain(other.name)}")
        where.markdown(frame.plain(other.unit or "未填单位"))
        what.markdown("、".join(ROLES[role] for role in other.roles))
        if button.button("管理", key=f"manage-{other.id}", width="stretch"):
            _manage(actor, other.id)


@st.dialog("管理账户", width="large")
def _manage(actor: Account, account_id: str) -> None:
    st.html('<style>[data-testid="stDialog"] h2 { padding: 1rem 1.5rem 0 !important; }</style>')
    other = next(person for person in workbench().accounts(actor) if person.id == account_id)
    waits = account_id in workbench().waiting_accounts(actor)
    st.markdown(
        f"**{frame.plain(other.display_name)}**　用户名 {frame.plain(other.name)}　{_standing(other, waits)}"
    )
    with st.form(f"describe-{other.id}"):
        left, right = st.columns(2)
        name = left.text_input("姓名", other.display_name, max_chars=DISPLAY_LENGTH)
        unit = right.text_input("单位", other.unit, max_chars=UNIT_LENGTH)
        email = left.text_input("电子邮件", other.email, max_chars=IDENTITY_LENGTH, help=_LINKING)
        number = right.text_input("工号", other.employee_no, max_chars=IDENTITY_LENGTH, help=_LINKING)
        roles = _roles(other.roles)
        if st.form_submit_button("保存资料和角色", type="primary"):
            with shown():
                if set(roles) != set(other.roles):
                    workbench().set_roles(actor, other.id, roles)
                workbench().describe_account(actor, other.id, name, unit, email, number)
                st.rerun()
    _security(actor, other, waits)


_LINKING = "用统一身份认证首次登录时，凭经对方核验的电子邮件或工号关联到本账户；不用可不填"


def _roles(chosen: Sequence[str]) -> list[str]:
    return st.multiselect(
        "角色", list(ROLES), default=list(chosen), format_func=ROLES.__getitem__, placeholder="请选择"
    )


def _security(actor: Account, other: Account, waits: bool) -> None:
    bench = workbench()
    sessions = len(bench.store.accounts.sessions(other.id))
    linked = bench.identities(actor, other.id)
    st.caption(
        f"现有 {sessions} 处登录；{'已' if linked else '未'}关联统一身份认证；"
        f"{'设有密码' if other.has_password else '没有密码'}"
    )
    columns = iter(st.columns(4))
    if other.id != actor.id:
        with next(columns).popover("重设密码", width="stretch"):
            st.markdown("原密码立即失效，该账户的登录全部退出；本人用一次性代码自己设新密码。")
            wanted = st.button("作废原密码并生成代码", key="reset", type="primary")
        if wanted:
            with shown():
                _hand_over("/account/reset", bench.reset_password(actor, other.id), f"{RESET_HOURS} 小时内")
                st.info("请把链接或代码交给本人；关闭后不再显示。")
    if waits and next(columns).button("解除暂停", key="unlock", width="stretch"):
        bench.unlock(actor, other.id)
        st.rerun()
    if sessions and next(columns).button("退出所有设备", key="everywhere", width="stretch"):
        bench.sign_out_everywhere(actor, other.id)
        st.rerun()
    if linked and next(columns).button("取消身份关联", key="unlink", width="stretch"):
        bench.unlink_identity(actor, other.id)
        st.rerun()
    label = "停用账户" if other.active else "恢复账户"
    if st.button(label, key="active", help="停用后立即退出登录；办理过的内容和记录都保留"):
        with shown():
            bench.set_active(actor, other.id, not other.active)
            st.rerun()


def _hand_over(path: str, code: str, until: str) -> None:
    parts = urlsplit(st.context.url or "")
    st.markdown(f"链接（{until}有效，只能用一次）")
    st.code(f"{parts.scheme}://{parts.netloc}{path}?code={quote(code)}", language=None, wrap_lines=True)
    st.markdown("或者请对方在登录页点“在此输入”，输入代码")
    st.code(code, language=None)


def _add(actor: Account) -> None:
    with (
        st.expander("直接建立账户（不发邀请）", icon=":material/person_add:"),
        st.form("add", border=False),
    ):
        st.caption("适合当面开户：由您设初始密码，本人首次登录时必须改成只有自己知道的密码。")
        left, right = st.columns(2)
        display_name = left.text_input("姓名", max_chars=DISPLAY_LENGTH)
        unit = right.text_input("单位", max_chars=UNIT_LENGTH)
        name = left.text_input("用户名", max_chars=NAME_LENGTH)
        password = right.text_input("初始密码", type="password", autocomplete="new-password")
        roles = _roles(["expert"])
        if st.form_submit_button("建立账户", type="primary"):
            with shown():
                workbench().create_account(actor, name, display_name, roles, unit, password, must_change=True)
                st.toast(f"已建立账户：{display_name or name}")
                st.rerun()


def invitations(actor: Account) -> None:
    """Invite somebody, and see who has not come yet."""
    st.header("邀请")
    st.caption("邀请链接由您复制后通过单位内部的方式交给本人；本机不发送邮件。对方自己设用户名和密码。")
    with st.form("invite"):
        left, right = st.columns(2)
        display_name = left.text_input("姓名", max_chars=DISPLAY_LENGTH, key="invite-name")
        unit = right.text_input("单位", max_chars=UNIT_LENGTH, key="invite-unit")
        email = left.text_input("电子邮件（选填）", max_chars=IDENTITY_LENGTH, help=_LINKING)
        number = right.text_input("工号（选填）", max_chars=IDENTITY_LENGTH, help=_LINKING)
        roles = _roles(["expert"])
        days = st.slider("有效期（天）", 1, MOST_DAYS, DAYS)
        if st.form_submit_button("生成邀请", type="primary"):
            with shown():
                _, code = workbench().invite(actor, roles, display_name, unit, email, number, days)
                _hand_over("/account/join", code, f"{days} 天内")
                st.info("请现在复制；离开本页后不再显示，遗失可收回后重新邀请。")
    open_ones = workbench().invitations(actor)
    st.subheader(f"尚未使用的邀请（{len(open_ones)}）")
    for invitation in open_ones:
        with st.container(border=True):
            who, what, until, button = st.columns([3, 4, 3, 1.3], vertical_alignment="center")
            who.markdown(
                f"**{frame.plain(invitation.display_name or '未填姓名')}**  \n"
                f"{frame.plain(invitation.unit or '未填单位')}"
            )
            what.markdown("、".join(ROLES[role] for role in invitation.roles))
            until.markdown(f"{frame.when(invitation.expires_at.isoformat())} 前有效")
            if button.button("收回", key=f"revoke-{invitation.id}", width="stretch"):
                workbench().revoke_invitation(actor, invitation.id)
                st.rerun()


def log(actor: Account) -> None:
    """What was done to accounts."""
    st.header("账户记录")
    st.caption(f"只增不改，前后相连可核验。显示最近 {EVENTS} 条。")
    events_table(workbench().account_events(actor, EVENTS), workbench().people())


def events_table(events: Sequence[AccountEvent], names: dict[str, str]) -> None:
    """Account events as a table, newest first."""
    rows = [
        {
            "时间": frame.when(event.at.isoformat()),
            "事项": KINDS[event.kind],
            "操作人": names.get(event.actor, "（未登录）"),
            "对象": names.get(event.account, "—"),
            "地址": event.address or "—",
            "说明": _detail(event.detail),
        }
        for event in events
    ]
    st.dataframe(
        rows,
        hide_index=True,
        width="stretch",
        column_config={"说明": st.column_config.TextColumn(width="large")},
    )


def _detail(detail: dict[str, Any]) -> str:
    return "；".join(f"{label}：{_value(detail[key])}" for key, label in _FIELDS.items() if key in detail)


def _value(value: Any) -> str:
    if isinstance(value, list):
        if value and all(item in ROLES for item in value):
            return "、".join(ROLES[item] for item in value)
        return " → ".join(str(item) or "（空）" for item in value)
    return str(value)

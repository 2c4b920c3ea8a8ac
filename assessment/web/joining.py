"""Joining by invitation, setting a new password by a one-time code, and changing one's own: plain HTML routes.

A code is looked at by GET and used up by POST only, so that a mail scanner or a preview cannot spend it.
"""

from __future__ import annotations

from html import escape
from urllib.parse import quote

from anyio import to_thread
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from assessment.messages import AccountError
from assessment.records.accounts import ROLES, Account
from assessment.records.invitations import Invitation
from assessment.web.doors import (
    field,
    new_password,
    origin_of,
    page,
    person_fields,
    sent_form,
    signed_in,
    twice_alike,
)
from assessment.web.session import COOKIE, workbench

CODE = "/account/code"
JOIN = "/account/join"
RESET = "/account/reset"
PASSWORD = "/account/password"
_SIGN_IN = "/account/sign-in"


async def code(request: Request) -> Response:
    """Ask for a code and lead to what it opens."""
    refused = None
    if request.method == "POST":
        try:
            form = await sent_form(request)
            return await _opened_by(form.get("code", ""), origin_of(request)[1])
        except AccountError as error:
            refused = error
    asked = "管理员发出的邀请或重设密码的代码，共十六位，不分大小写，可以不写短横。"
    return _code_page(request, "输入一次性代码", asked, refused)


async def _opened_by(typed: str, address: str) -> Response:
    for path, look in ((JOIN, workbench().invitation), (RESET, workbench().reset_name)):
        try:
            await to_thread.run_sync(look, typed, address)
        except AccountError as error:
            if error.code != "E715" or path == RESET:
                raise
        else:
            return RedirectResponse(f"{path}?code={quote(typed)}", status_code=303)
    raise AssertionError("both ways end above")


async def join(request: Request) -> Response:
    """Show what an invitation offers (GET), or make the account (POST)."""
    typed, (device, address) = request.query_params.get("code", ""), origin_of(request)
    try:
        offer = await to_thread.run_sync(workbench().invitation, typed, address)
    except AccountError as error:
        return _spent(request, error)
    if request.method == "GET":
        return _join_page(request, typed, offer)
    name, shown = "", offer.display_name
    try:
        form = await sent_form(request)
        name, shown = form.get("name", ""), form.get("display_name", "")
        password = twice_alike(form)
        token = await to_thread.run_sync(
            lambda: workbench().join(typed, name, shown, password, device, address)
        )
    except AccountError as error:
        return _join_page(request, typed, offer, error, name, shown)
    return await signed_in(request, token, "/")


def _join_page(
    request: Request,
    typed: str,
    offer: Invitation,
    error: AccountError | None = None,
    name: str = "",
    display_name: str = "",
) -> Response:
    roles = "、".join(ROLES[role] for role in offer.roles)
    given = {"角色": roles, "单位": offer.unit or "未填写"}
    preset = "".join(f"<dt>{escape(key)}</dt><dd>{escape(value)}</dd>" for key, value in given.items())
    return page(
        request,
        title="接受邀请",
        subtitle=f"{workbench().store.site_name}邀请您使用本工作台。角色和单位由管理员设定，请填写其余各栏。",
        action=f"{JOIN}?code={quote(typed)}",
        fields=f"<dl>{preset}</dl>"
        + person_fields(display_name or offer.display_name, name)
        + new_password(),
        button="建立账户并进入",
        error=error,
    )


async def reset(request: Request) -> Response:
    """Show (GET) or take (POST) the form for a new password by a one-time code."""
    typed, (device, address) = request.query_params.get("code", ""), origin_of(request)
    try:
        name = await to_thread.run_sync(workbench().reset_name, typed, address)
    except AccountError as error:
        return _spent(request, error)
    refused = None
    if request.method == "POST":
        try:
            password = twice_alike(await sent_form(request))
            token = await to_thread.run_sync(
                lambda: workbench().redeem_reset(typed, password, device, address)
            )
            return await signed_in(request, token, "/")
        except AccountError as error:
            refused = error
    return page(
        request,
        title="设置新密码",
        subtitle=f"用户名：{name}。代码只能用一次；设好后直接进入工作台。",
        action=f"{RESET}?code={quote(typed)}",
        fields=new_password("新密码"),
        button="保存并进入",
        error=refused,
    )


def _spent(request: Request, error: AccountError) -> Response:
    return _code_page(request, "代码不能使用", "请核对后重新输入。", error)


def _code_page(request: Request, title: str, subtitle: str, error: AccountError | None) -> Response:
    return page(
        request,
        title=title,
        subtitle=subtitle,
        action=CODE,
        fields=field("code", "代码", most=40, hint="形如 ABCD-EFGH-JKMN-PQRS"),
        button="下一步",
        more=f'<p class="more"><a href="{_SIGN_IN}">返回登录</a></p>',
        error=error,
    )


async def password(request: Request) -> Response:
    """Show (GET) or take (POST) the form for changing one's own password."""
    account = await _who(request)
    if account is None:
        return RedirectResponse(f"{_SIGN_IN}?next={PASSWORD}", status_code=303)
    refused = None
    if request.method == "POST":
        try:
            form = await sent_form(request)
            old, new, where = form.get("old", ""), twice_alike(form), origin_of(request)
            token = await to_thread.run_sync(lambda: workbench().change_password(account, old, new, *where))
            return await signed_in(request, token, "/")
        except AccountError as error:
            refused = error
    first = "初始密码由管理员设定，须先改成只有您知道的密码。" if account.must_change else ""
    return page(
        request,
        title="修改密码",
        subtitle=f"{first}保存后，您在其他设备上的登录都会退出，本机保持登录。",
        action=PASSWORD,
        fields=field("old", "现在的密码", secret=True, complete="current-password") + new_password("新密码"),
        button="修改密码",
        more='<p class="more"><a href="/">返回工作台</a></p>' if not account.must_change else "",
        error=refused,
    )


async def _who(request: Request) -> Account | None:
    token = request.cookies.get(COOKIE)
    return await to_thread.run_sync(workbench().store.accounts.session_account, token) if token else None


ROUTES = [
    Route(CODE, code, methods=["GET", "POST"]),
    Route(JOIN, join, methods=["GET", "POST"]),
    Route(RESET, reset, methods=["GET", "POST"]),
    Route(PASSWORD, password, methods=["GET", "POST"]),
]

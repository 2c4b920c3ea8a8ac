"""Sign-in, first account and sign-out: plain HTML routes beside the pages.

The session token lives in an HttpOnly, SameSite cookie that no script can read.
"""

from __future__ import annotations

from html import escape
from urllib.parse import quote

from anyio import to_thread
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from assessment.messages import AccountError, NotAllowedError
from assessment.records.account_base import NAME_LENGTH, UNIT_LENGTH
from assessment.records.accounts import Accounts
from assessment.web.doors import (
    field,
    new_password,
    origin_of,
    page,
    person_fields,
    safe_target,
    sent_form,
    signed_in,
    twice_alike,
)
from assessment.web.oidc import provider
from assessment.web.session import COOKIE, workbench

SIGN_IN = "/account/sign-in"
SIGN_OUT = "/account/sign-out"
FIRST = "/account/first"
ELSEWHERE = "/account/oidc/start"


def _accounts() -> Accounts:
    return workbench().store.accounts


def sign_in_page(
    request: Request, target: str, error: AccountError | None = None, name: str = ""
) -> Response:
    """The sign-in form, with the identity provider's button where one is configured."""
    elsewhere = provider()
    other = (
        f'<a class="other" href="{ELSEWHERE}?next={quote(target)}">{escape(elsewhere.name)}登录</a>'
        if elsewhere
        else ""
    )
    return page(
        request,
        title="登录",
        subtitle="政策性别平等与儿童优先评估工作台",
        action=f"{SIGN_IN}?next={quote(target)}",
        fields=field("name", "用户名", name, complete="username", most=NAME_LENGTH)
        + field("password", "密码", secret=True, complete="current-password"),
        button="登录",
        more=f'{other}<p class="more">收到邀请或重设密码的代码？<a href="/account/code">在此输入</a></p>',
        error=error,
    )


def _first_page(
    request: Request,
    error: AccountError | None = None,
    name: str = "",
    display_name: str = "",
    unit: str = "",
) -> Response:
    return page(
        request,
        title="建立第一个账户",
        subtitle="本机尚无账户。第一个账户是管理员，也可以自己完成一件评估；以后可再邀请同事和专家。",
        action=FIRST,
        fields=field("unit", "单位名称", unit, hint="例如：××市妇女儿童工作委员会办公室", most=UNIT_LENGTH)
        + person_fields(display_name, name)
        + new_password(),
        button="建立账户并进入",
        error=error,
    )


async def sign_in(request: Request) -> Response:
    """Show the sign-in form (GET) or take it (POST)."""
    target = safe_target(request.query_params.get("next", "/"))
    if await to_thread.run_sync(_accounts().count) == 0:
        return RedirectResponse(FIRST, status_code=303)
    if request.method == "GET":
        return sign_in_page(request, target)
    name = ""
    try:
        form = await sent_form(request)
        name, password = form.get("name", ""), form.get("password", "")
        where = origin_of(request)
        token = await to_thread.run_sync(lambda: workbench().sign_in(name, password, *where))
    except AccountError as error:
        return sign_in_page(request, target, error, name)
    return await signed_in(request, token, target)


async def first_account(request: Request) -> Response:
    """Show or take the form for the first account; closed for ever once there is one."""
    if await to_thread.run_sync(_accounts().count):
        return RedirectResponse(SIGN_IN, status_code=303)
    if request.method == "GET":
        return _first_page(request)
    name = display_name = unit = ""
    try:
        form = await sent_form(request)
        name, display_name, unit = (form.get(key, "") for key in ("name", "display_name", "unit"))
        password, where = twice_alike(form), origin_of(request)
        token = await to_thread.run_sync(
            lambda: workbench().create_first_account(name, display_name, unit, password, *where)
        )
    except AccountError as error:
        return _first_page(request, error, name, display_name, unit)
    except NotAllowedError:
        return RedirectResponse(SIGN_IN, status_code=303)
    return await signed_in(request, token, "/")


async def sign_out(request: Request) -> Response:
    """Ask (GET), then end the session and clear the cookie (POST)."""
    refused = None
    if request.method == "POST":
        try:
            await sent_form(request)
        except AccountError as error:
            refused = error
    if request.method == "GET" or refused:
        return page(
            request,
            title="退出登录",
            subtitle="已保存的内容都在；下次登录可以接着做。",
            action=SIGN_OUT,
            fields="",
            button="退出登录",
            more='<p class="more"><a href="/">返回工作台</a></p>',
            error=refused,
        )
    token = request.cookies.get(COOKIE)
    if token:
        await to_thread.run_sync(_accounts().close_session, token)
    response = RedirectResponse(SIGN_IN, status_code=303)
    response.delete_cookie(COOKIE, path="/")
    return response


ROUTES = [
    Route(SIGN_IN, sign_in, methods=["GET", "POST"]),
    Route(FIRST, first_account, methods=["GET", "POST"]),
    Route(SIGN_OUT, sign_out, methods=["GET", "POST"]),
]

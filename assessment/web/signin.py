"""Sign-in, first account and sign-out: plain HTML routes beside the pages.

The session token lives in an HttpOnly, SameSite cookie that no script can read. A POST is taken only
from a page of this server (its Origin must be this host).
"""

from __future__ import annotations

from html import escape
from urllib.parse import quote, urlsplit

from anyio import to_thread
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

from assessment.messages import MESSAGES, AccountError
from assessment.records.accounts import Accounts
from assessment.web.session import COOKIE, workbench

SIGN_IN = "/account/sign-in"
SIGN_OUT = "/account/sign-out"
FIRST = "/account/first"

_PAGE = """<!doctype html>
<html lang="zh-CN"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title} · 政策性别平等与儿童优先评估工作台</title>
<style>
:root {{ color-scheme: light; }}
body {{ margin: 0; background: #eef2f6; color: #1c2733; font: 15px/1.7 "Microsoft YaHei", "PingFang SC",
  "Noto Sans CJK SC", "Source Han Sans SC", sans-serif; }}
main {{ max-width: 26rem; margin: 8vh auto 2rem; background: #fff; padding: 2rem 2.25rem;
  border: 1px solid #d5dde5; border-top: 4px solid #1f5f8b; }}
h1 {{ font-size: 1.2rem; margin: 0 0 .25rem; }}
p.sub {{ margin: 0 0 1.25rem; color: #51606e; }}
label {{ display: block; margin: .9rem 0 .25rem; font-weight: 600; }}
input {{ width: 100%; box-sizing: border-box; font: inherit; padding: .5rem .6rem; border: 1px solid #8796a5; }}
input:focus, button:focus {{ outline: 3px solid #9cc4e4; outline-offset: 1px; }}
small {{ color: #51606e; }}
button {{ width: 100%; margin-top: 1.4rem; font: inherit; font-weight: 600; padding: .6rem; color: #fff;
  background: #1f5f8b; border: 0; cursor: pointer; }}
button:hover {{ background: #174a6d; }}
.error {{ background: #fdecea; border-left: 4px solid #b3261e; padding: .6rem .8rem; margin: 0 0 1rem; }}
footer {{ text-align: center; color: #51606e; font-size: .87rem; padding-bottom: 2rem; }}
</style></head><body><main>
<h1>{title}</h1><p class="sub">{subtitle}</p>{error}
<form method="post" action="{action}">{fields}<button type="submit">{button}</button></form>
</main><footer>政策性别平等与儿童优先评估工作台 · 资料只保存在本机，不外传</footer></body></html>"""


def _page(
    *,
    title: str,
    subtitle: str,
    action: str,
    fields: str,
    button: str,
    error: str = "",
    status: int = 200,
) -> HTMLResponse:
    shown = f'<p class="error" role="alert">{escape(error)}</p>' if error else ""
    html = _PAGE.format(
        title=title, subtitle=subtitle, action=escape(action), fields=fields, button=button, error=shown
    )
    return HTMLResponse(html, status_code=status, headers={"Cache-Control": "no-store"})


def _field(
    name: str, label: str, value: str = "", *, secret: bool = False, hint: str = "", complete: str = ""
) -> str:
    kind = "password" if secret else "text"
    note = f"<small>{hint}</small>" if hint else ""
    return (
        f'<label for="{name}">{label}</label><input id="{name}" name="{name}" type="{kind}" required '
        f'autocomplete="{complete}" value="{escape(value, quote=True)}">{note}'
    )


def safe_target(target: str) -> str:
    """A path on this server to go to after sign-in; anything else becomes ``/``."""
    parts = urlsplit(target)
    outside = parts.scheme or parts.netloc or not target.startswith("/")
    return "/" if outside or target.startswith(("//", "/\\")) or "\\" in target else target


def same_origin(request: Request) -> bool:
    """Whether a POST was sent by a page of this very server."""
    sender = request.headers.get("origin") or request.headers.get("referer", "")
    return bool(sender) and urlsplit(sender).netloc == request.headers.get("host", "")


def _accounts() -> Accounts:
    return workbench().store.accounts


def _sign_in_page(target: str, error: str = "", name: str = "") -> HTMLResponse:
    return _page(
        title="登录",
        subtitle="政策性别平等与儿童优先评估工作台",
        action=f"{SIGN_IN}?next={quote(target)}",
        fields=_field("name", "用户名", name, complete="username")
        + _field("password", "密码", secret=True, complete="current-password"),
        button="登录",
        error=error,
        status=400 if error else 200,
    )


def _first_page(error: str = "", name: str = "", display_name: str = "", unit: str = "") -> HTMLResponse:
    return _page(
        title="建立第一个账户",
        subtitle="本机尚无账户。第一个账户是管理员，也可以自己完成一件评估；以后可再添加同事和专家。",
        action=FIRST,
        fields=_field("unit", "单位名称", unit, hint="例如：××市妇女儿童工作委员会办公室")
        + _field("display_name", "姓名", display_name, complete="name")
        + _field("name", "用户名", name, hint="登录时使用，字母、数字或汉字均可", complete="username")
        + _field(
            "password",
            "密码",
            secret=True,
            hint="至少十个字符；或至少八个字符并含字母、数字、符号中的三类",
            complete="new-password",
        )
        + _field("again", "再输入一次密码", secret=True, complete="new-password"),
        button="建立账户并进入",
        error=error,
        status=400 if error else 200,
    )


def _signed_in(request: Request, token: str, target: str) -> Response:
    response = RedirectResponse(target, status_code=303)
    response.set_cookie(
        COOKIE, token, httponly=True, samesite="lax", secure=request.url.scheme == "https", path="/"
    )
    return response


async def _form(request: Request) -> dict[str, str]:
    form = await request.form(max_files=0, max_fields=10)
    return {
        key: value.strip() if key != "password" else value
        for key, value in form.items()
        if isinstance(value, str)
    }


async def sign_in(request: Request) -> Response:
    """Show the sign-in form (GET) or take it (POST)."""
    target = safe_target(request.query_params.get("next", "/"))
    if await to_thread.run_sync(_accounts().count) == 0:
        return RedirectResponse(FIRST, status_code=303)
    if request.method == "GET":
        return _sign_in_page(target)
    if not same_origin(request):
        return _sign_in_page(target, f"E712 {MESSAGES['E712']}")
    form = await _form(request)
    name, password = form.get("name", ""), form.get("password", "")
    try:
        token = await to_thread.run_sync(lambda: workbench().sign_in(name, password))
    except AccountError as error:
        return _sign_in_page(target, str(error), name)
    return _signed_in(request, token, target)


async def first_account(request: Request) -> Response:
    """Show or take the form for the first account; closed for ever once there is one."""
    if await to_thread.run_sync(_accounts().count):
        return RedirectResponse(SIGN_IN, status_code=303)
    if request.method == "GET":
        return _first_page()
    form = await _form(request)
    name, display_name, unit = (form.get(key, "") for key in ("name", "display_name", "unit"))
    if not same_origin(request):
        return _first_page(f"E712 {MESSAGES['E712']}", name, display_name, unit)
    if form.get("password") != form.get("again"):
        return _first_page(f"E713 {MESSAGES['E713']}", name, display_name, unit)
    password = form.get("password", "")
    try:
        token = await to_thread.run_sync(
            lambda: workbench().create_first_account(name, display_name, unit, password)
        )
    except AccountError as error:
        return _first_page(str(error), name, display_name, unit)
    return _signed_in(request, token, "/")


async def sign_out(request: Request) -> Response:
    """Ask (GET), then end the session and clear the cookie (POST)."""
    if request.method == "GET" or not same_origin(request):
        return _page(
            title="退出登录",
            subtitle="已保存的内容都在；下次登录可以接着做。",
            action=SIGN_OUT,
            fields="",
            button="退出登录",
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

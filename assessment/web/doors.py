"""What the plain HTML forms share: the page, its fields, and the proof that a form was sent from it.

A POST is taken only if its Origin is this host and it carries the token that was written into the form for
this browser (the cookie ``assessment_form``). The page holds no script, and its policy allows none.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from html import escape
from urllib.parse import parse_qsl, urlsplit

from anyio import to_thread
from starlette.requests import HTTPConnection, Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from assessment.messages import AccountError
from assessment.records.account_base import DISPLAY_LENGTH, NAME_LENGTH
from assessment.web.session import COOKIE, workbench

FORM_COOKIE = "assessment_form"
MOST_BYTES = 16 * 1024
"""No account form is larger."""
_MOST_FIELDS = 12
_VERBATIM = {"password", "again", "old"}
POLICY = "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"

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
input:focus, button:focus, a:focus {{ outline: 3px solid #9cc4e4; outline-offset: 1px; }}
small {{ color: #51606e; display: block; line-height: 1.5; margin-top: .2rem; }}
button {{ width: 100%; margin-top: 1.4rem; font: inherit; font-weight: 600; padding: .6rem; color: #fff;
  background: #1f5f8b; border: 0; cursor: pointer; }}
button:hover {{ background: #174a6d; }}
a {{ color: #1f5f8b; }}
a.other {{ display: block; text-align: center; margin-top: .8rem; padding: .55rem; border: 1px solid #1f5f8b;
  font-weight: 600; text-decoration: none; }}
p.more {{ margin: 1.2rem 0 0; padding-top: .9rem; border-top: 1px solid #e3e9ee; font-size: .93rem; color: #51606e; }}
dl {{ margin: 0 0 .5rem; padding: .6rem .8rem; background: #f3f6f9; display: grid; grid-template-columns: auto 1fr;
  gap: .15rem .9rem; }}
dt {{ color: #51606e; }} dd {{ margin: 0; }}
.error {{ background: #fdecea; border-left: 4px solid #b3261e; padding: .6rem .8rem; margin: 0 0 1rem; }}
footer {{ text-align: center; color: #51606e; font-size: .87rem; padding-bottom: 2rem; }}
</style></head><body><main>
<h1>{title}</h1><p class="sub">{subtitle}</p>{error}
<form method="post" action="{action}">{fields}<button type="submit">{button}</button></form>{more}
</main><footer>政策性别平等与儿童优先评估工作台 · 资料只保存在本机，不外传</footer></body></html>"""


def page(
    request: Request,
    *,
    title: str,
    subtitle: str,
    action: str,
    fields: str,
    button: str,
    more: str = "",
    error: AccountError | None = None,
    status: int | None = None,
) -> Response:
    """A page with one form; ``fields`` and ``more`` are HTML, all else is escaped here."""
    browser = request.cookies.get(FORM_COOKIE) or secrets.token_urlsafe(24)
    token = f'<input type="hidden" name="token" value="{_token(browser)}">'
    shown = f'<p class="error" role="alert">{escape(str(error))}</p>' if error else ""
    html = _PAGE.format(
        title=escape(title),
        subtitle=escape(subtitle),
        action=escape(action),
        fields=token + fields,
        button=escape(button),
        error=shown,
        more=more,
    )
    headers = {
        "Cache-Control": "no-store",
        "Content-Security-Policy": POLICY,
        "Referrer-Policy": "same-origin",
    }
    response = HTMLResponse(html, status_code=status or (400 if error else 200), headers=headers)
    response.set_cookie(
        FORM_COOKIE, browser, httponly=True, samesite="strict", secure=_secure(request), path="/account"
    )
    return response


def field(
    name: str,
    label: str,
    value: str = "",
    *,
    secret: bool = False,
    hint: str = "",
    complete: str = "off",
    most: int = 200,
) -> str:
    """One labelled input, in HTML."""
    kind = "password" if secret else "text"
    note = f'<small id="{name}-hint">{escape(hint)}</small>' if hint else ""
    described = f' aria-describedby="{name}-hint"' if hint else ""
    return (
        f'<label for="{name}">{escape(label)}</label><input id="{name}" name="{name}" type="{kind}" required '
        f'maxlength="{most}" autocomplete="{complete}" value="{escape(value, quote=True)}"{described}>{note}'
    )


def person_fields(display_name: str, name: str) -> str:
    """Name and sign-in name of somebody who gets an account."""
    return field("display_name", "姓名", display_name, complete="name", most=DISPLAY_LENGTH) + field(
        "name",
        "用户名",
        name,
        hint="登录时使用，字母、数字或汉字均可",
        complete="username",
        most=NAME_LENGTH,
    )


def new_password(label: str = "密码") -> str:
    """A new password and its repetition."""
    hint = "至少十个字符；或至少八个字符并含大写字母、小写字母、数字、符号中的三类。不能是常见密码或含用户名；不必定期更换。"
    return field("password", label, secret=True, hint=hint, complete="new-password") + field(
        "again", "再输入一次密码", secret=True, complete="new-password"
    )


async def sent_form(request: Request) -> dict[str, str]:
    """The fields of a POST, if a page of this server sent it from this very browser.

    Raises:
        AccountError: E712 it did not, E722 too large or not a form.
    """
    if not same_origin(request):
        raise AccountError("E712")
    form = await _fields(request)
    browser = request.cookies.get(FORM_COOKIE, "")
    if not browser or not hmac.compare_digest(form.get("token", "").encode(), _token(browser).encode()):
        raise AccountError("E712")
    return form


def twice_alike(form: dict[str, str]) -> str:
    """The new password of a form, typed twice; E713 if the two differ."""
    if form.get("password", "") != form.get("again", ""):
        raise AccountError("E713")
    return form.get("password", "")


async def _fields(request: Request) -> dict[str, str]:
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > MOST_BYTES:
            raise AccountError("E722")
    try:
        pairs = parse_qsl(body.decode(), keep_blank_values=True, max_num_fields=_MOST_FIELDS, errors="strict")
    except ValueError as error:
        raise AccountError("E722") from error
    return {key: value if key in _VERBATIM else value.strip() for key, value in pairs}


def same_origin(request: HTTPConnection) -> bool:
    """Whether a page of this very server sent a form or opens a live connection."""
    sender = request.headers.get("origin") or request.headers.get("referer", "")
    return bool(sender) and urlsplit(sender).netloc == request.headers.get("host", "")


def safe_target(target: str) -> str:
    """A path on this server to go to after sign-in; anything else becomes ``/``."""
    try:
        parts = urlsplit(target)
    except ValueError:
        return "/"
    here = target.startswith("/") and not parts.scheme and not parts.netloc
    odd = target.startswith("//") or "\\" in target or not target.isprintable()
    return target if here and not odd else "/"


async def signed_in(request: Request, token: str, target: str) -> Response:
    """Go to ``target`` with a new session; the browser's former one, if any, is ended."""
    former = request.cookies.get(COOKIE)
    if former:
        await to_thread.run_sync(workbench().store.accounts.close_session, former)
    response = RedirectResponse(target, status_code=303, headers={"Cache-Control": "no-store"})
    response.set_cookie(COOKIE, token, httponly=True, samesite="lax", secure=_secure(request), path="/")
    return response


def origin_of(request: Request) -> tuple[str, str]:
    """What the browser says of itself, and the network address it asks from."""
    return request.headers.get("user-agent", ""), request.client.host if request.client else ""


def _secure(request: Request) -> bool:
    return request.url.scheme == "https"


def _token(browser: str) -> str:
    secret = workbench().store.accounts.form_secret()
    return hmac.new(secret.encode(), browser.encode(errors="replace"), hashlib.sha256).hexdigest()

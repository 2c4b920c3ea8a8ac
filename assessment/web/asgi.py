"""What surrounds the pages: a session check before everything, and the sign-in routes beside them.

A page's connection stays open for hours, and a click on it runs callbacks before the script looks at the session. So
every message of the browser is checked too: once the session has ended, whatever was clicked becomes a plain rerun,
which says that the sign-in is over.
"""

from __future__ import annotations

import gc
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from urllib.parse import quote

from anyio import to_thread
from starlette.datastructures import Headers, MutableHeaders
from starlette.middleware import Middleware
from starlette.requests import HTTPConnection
from starlette.responses import PlainTextResponse, RedirectResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ClientState_pb2 import ClientState

from assessment.documents import apart
from assessment.records.accounts import Account
from assessment.screening import load_engine
from assessment.web import joining, oidc_routes, signin
from assessment.web.doors import same_origin
from assessment.web.session import COOKIE, workbench

OPEN_PATHS = ("/account/", "/static/", "/_stcore/health", "/favicon")
"""What a browser may fetch before anybody has signed in: the forms and Streamlit's own scripts and styles."""

HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "SAMEORIGIN",
    "Referrer-Policy": "same-origin",
    "Content-Security-Policy": "object-src 'none'; base-uri 'self'; form-action 'self'; frame-ancestors 'self'",
    "Cross-Origin-Opener-Policy": "same-origin",
}

_PLAIN_RERUN = BackMsg(rerun_script=ClientState()).SerializeToString()


class RequireSession:
    """Let nothing through, HTTP or WebSocket, without a valid session, except ``OPEN_PATHS``.

    A live connection may only be opened by a page of this very server: the framework would also let in pages from
    other ports of the machine, and ask an outside server for the machine's address to decide. A person whose first
    password was set by somebody else gets to nothing but the form for changing it.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in ("http", "websocket") or scope["path"].startswith(OPEN_PATHS):
            await self.app(scope, receive, _with_headers(send))
            return
        account = await _who(scope)
        if scope["type"] == "websocket" and not same_origin(HTTPConnection(scope)):
            account = None
        if account is not None and not account.must_change:
            guarded = _checked(scope, receive) if scope["type"] == "websocket" else receive
            await self.app(scope, guarded, _with_headers(send))
        elif scope["type"] == "websocket":
            await receive()
            await send({"type": "websocket.close", "code": 4401})
        else:
            await self._turn_away(account, scope, receive, _with_headers(send))

    async def _turn_away(self, account: Account | None, scope: Scope, receive: Receive, send: Send) -> None:
        wants_page = scope["method"] == "GET" and "text/html" in Headers(scope=scope).get("accept", "")
        way = joining.PASSWORD if account else f"{signin.SIGN_IN}?next={quote(_asked(scope))}"
        response = (
            RedirectResponse(way, status_code=303)
            if wants_page
            else PlainTextResponse("请先登录", status_code=401)
        )
        await response(scope, receive, send)


async def _who(scope: Scope) -> Account | None:
    token = HTTPConnection(scope).cookies.get(COOKIE)
    if not token:
        return None
    return await to_thread.run_sync(workbench().store.accounts.session_account, token)


def _asked(scope: Scope) -> str:
    query = scope["query_string"].decode("latin-1")
    return f"{scope['path']}?{query}" if query else str(scope["path"])


def _checked(scope: Scope, receive: Receive) -> Receive:
    async def receiving() -> Message:
        message = await receive()
        if message["type"] == "websocket.receive" and await _who(scope) is None:
            return {"type": "websocket.receive", "bytes": _PLAIN_RERUN}
        return message

    return receiving


def _with_headers(send: Send) -> Send:
    async def sending(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            for name, value in HEADERS.items():
                headers.setdefault(name, value)
        await send(message)

    return sending


@asynccontextmanager
async def lifespan(app: object) -> AsyncIterator[None]:
    """Make ready in the background, so that the first draft need not wait."""
    threading.Thread(target=_warm_up, daemon=True).start()
    yield


def _warm_up() -> None:
    apart.warm_up()
    load_engine()
    # Streamlit collects garbage after every script run; what is loaded once and kept need not be walked each time.
    gc.collect()
    gc.freeze()


SCRIPT = Path(__file__).with_name("main.py")
ROUTES = [*signin.ROUTES, *joining.ROUTES, *oidc_routes.ROUTES]
MIDDLEWARE = [Middleware(RequireSession)]

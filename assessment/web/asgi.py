"""What surrounds the pages: a session check before everything, and the sign-in routes beside them."""

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

from assessment.documents import apart
from assessment.screening import load_engine
from assessment.web import signin
from assessment.web.session import COOKIE, workbench

OPEN_PATHS = ("/account/", "/static/", "/_stcore/health", "/favicon")
"""What a browser may fetch before anybody has signed in: the forms and Streamlit's own scripts and styles."""

HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "SAMEORIGIN",
    "Referrer-Policy": "same-origin",
}


class RequireSession:
    """Let nothing through, HTTP or WebSocket, without a valid session, except ``OPEN_PATHS``."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in ("http", "websocket") or await self._may_pass(scope):
            await self.app(scope, receive, _with_headers(send))
        elif scope["type"] == "websocket":
            await receive()
            await send({"type": "websocket.close", "code": 4401})
        else:
            await self._turn_away(scope, receive, _with_headers(send))

    async def _may_pass(self, scope: Scope) -> bool:
        if scope["path"].startswith(OPEN_PATHS):
            return True
        token = HTTPConnection(scope).cookies.get(COOKIE)
        if not token:
            return False
        accounts = workbench().store.accounts
        return await to_thread.run_sync(accounts.session_account, token) is not None

    async def _turn_away(self, scope: Scope, receive: Receive, send: Send) -> None:
        wants_page = scope["method"] == "GET" and "text/html" in Headers(scope=scope).get("accept", "")
        response = (
            RedirectResponse(f"{signin.SIGN_IN}?next={quote(scope['path'])}", status_code=303)
            if wants_page
            else PlainTextResponse("请先登录", status_code=401)
        )
        await response(scope, receive, send)


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
ROUTES = signin.ROUTES
MIDDLEWARE = [Middleware(RequireSession)]

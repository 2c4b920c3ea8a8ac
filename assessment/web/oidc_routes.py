"""The way to the identity provider and back."""

from __future__ import annotations

import secrets

from anyio import to_thread
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from assessment.messages import AccountError
from assessment.records.identities import HANDSHAKE, Handshake, Identity
from assessment.web.doors import origin_of, safe_target, signed_in
from assessment.web.oidc import Provider, provider
from assessment.web.session import workbench
from assessment.web.signin import ELSEWHERE, SIGN_IN, sign_in_page

BACK = "/account/oidc/callback"
COOKIE = "assessment_oidc"


async def start(request: Request) -> Response:
    """Remember where this browser wants to go, and send it to the provider."""
    elsewhere = provider()
    if elsewhere is None:
        return RedirectResponse(SIGN_IN, status_code=303)
    target = safe_target(request.query_params.get("next", "/"))
    state, browser = secrets.token_urlsafe(32), secrets.token_urlsafe(32)
    handshake = Handshake(secrets.token_urlsafe(32), secrets.token_urlsafe(48), target)
    try:
        address = await to_thread.run_sync(elsewhere.way_out, state, handshake.nonce, handshake.verifier)
    except AccountError as error:
        return sign_in_page(request, target, error)
    await to_thread.run_sync(workbench().store.accounts.begin_handshake, state, browser, handshake)
    response = RedirectResponse(address, status_code=303, headers={"Cache-Control": "no-store"})
    response.set_cookie(
        COOKIE,
        browser,
        max_age=int(HANDSHAKE.total_seconds()),
        httponly=True,
        samesite="lax",
        secure=request.url.scheme == "https",
        path=BACK,
    )
    return response


async def back(request: Request) -> Response:
    """Take the browser that comes back from the provider, verify who it is, and open a session."""
    elsewhere = provider()
    if elsewhere is None:
        return RedirectResponse(SIGN_IN, status_code=303)
    target = "/"
    try:
        handshake = await to_thread.run_sync(
            workbench().store.accounts.take_handshake,
            request.query_params.get("state", ""),
            request.cookies.get(COOKIE, ""),
        )
        target = handshake.target
        identity = await _identity(request, elsewhere, handshake)
        where = origin_of(request)
        token = await to_thread.run_sync(lambda: workbench().sign_in_by_identity(identity, *where))
    except AccountError as error:
        response = sign_in_page(request, target, error)
    else:
        response = await signed_in(request, token, target)
    response.delete_cookie(COOKIE, path=BACK)
    return response


async def _identity(request: Request, elsewhere: Provider, handshake: Handshake) -> Identity:
    query = request.query_params
    if "error" in query or not query.get("code"):
        raise AccountError("E731", reason="对方没有同意登录")
    if query.get("iss", elsewhere.issuer) != elsewhere.issuer:
        raise AccountError("E731", reason="答复不是来自所配置的 issuer")
    return await to_thread.run_sync(elsewhere.identity, query["code"], handshake.nonce, handshake.verifier)


ROUTES = [Route(ELSEWHERE, start, methods=["GET"]), Route(BACK, back, methods=["GET"])]

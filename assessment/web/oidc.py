"""OpenID Connect, where an office has an identity provider: what is configured, asked, and verified.

The file ``oidc.toml`` in the data folder (or the one ``ASSESSMENT_OIDC`` names) switches it on. Authorization code
flow with PKCE and nonce; the ID token is believed only with a signature by one of the provider's published keys.
"""

from __future__ import annotations

import base64
import hashlib
import json
import logging
import os
import time
import tomllib
import urllib.error
import urllib.request
from dataclasses import dataclass, field, fields
from functools import lru_cache
from http.client import HTTPException
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from assessment.messages import AccountError
from assessment.paths import data_folder
from assessment.records.identities import Identity

ALGORITHMS = (
    "RS256",
    "RS384",
    "RS512",
    "PS256",
    "PS384",
    "PS512",
    "ES256",
    "ES384",
    "ES512",
    "EdDSA",
    "Ed25519",
)
"""Signatures that are believed: by key pairs only; neither ``none`` nor one made with a shared secret."""
LEEWAY = 60
"""Seconds by which the two clocks may differ."""
_FRESH = 3600
_SECONDS = 10
_MOST_BYTES = 512 * 1024
_LOOPBACK = {"127.0.0.1", "localhost", "::1"}
_LOG = logging.getLogger("assessment.web")


@dataclass(slots=True)
class _Published:
    """What the provider publishes of itself, and when it was fetched."""

    metadata: dict[str, Any] = field(default_factory=dict)
    keys: dict[str, Any] = field(default_factory=dict)
    at: float = -_FRESH


@dataclass(frozen=True)
class Provider:
    """An identity provider as configured.

    Attributes:
        name: what stands on its button, before 登录.
        issuer: its identifier and address; https, but for this very machine.
        client_id, client_secret: what it knows this workbench by.
        redirect_uri: this workbench's address as browsers see it, ending in ``/account/oidc/callback``.
        scope: what is asked for.
        employee_claim: the claim that holds the employee number; empty if there is none.
    """

    name: str
    issuer: str
    client_id: str
    client_secret: str
    redirect_uri: str
    scope: str = "openid profile email"
    employee_claim: str = ""
    _published: _Published = field(default_factory=_Published, compare=False, repr=False)

    def way_out(self, state: str, nonce: str, verifier: str) -> str:
        """The address at the provider to send the browser to."""
        challenge = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()
        query = {
            "response_type": "code",
            "client_id": self.client_id,
            "redirect_uri": self.redirect_uri,
            "scope": self.scope,
            "state": state,
            "nonce": nonce,
            "code_challenge": challenge,
            "code_challenge_method": "S256",
        }
        address = self._metadata()["authorization_endpoint"]
        return f"{address}{'&' if '?' in address else '?'}{urlencode(query)}"

    def identity(self, code: str, nonce: str, verifier: str) -> Identity:
        """Exchange the code that came back, verify the ID token, and say who it is.

        Raises:
            AccountError: E735 the provider cannot be reached or refuses, E731 the token does not hold.
        """
        token = self._exchange(code, verifier).get("id_token")
        if not isinstance(token, str):
            raise AccountError("E731", reason="没有返回身份令牌")
        claims = self._verified(token, nonce)
        number = claims.get(self.employee_claim, "") if self.employee_claim else ""
        email = claims.get("email", "") if claims.get("email_verified") is True else ""
        return Identity(
            issuer=self.issuer,
            subject=claims["sub"],
            email=str(email),
            employee_no=str(number),
            name=str(claims.get("name", "")),
            login=str(claims.get("preferred_username", "")),
        )

    def _exchange(self, code: str, verifier: str) -> dict[str, Any]:
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": self.redirect_uri,
            "code_verifier": verifier,
        }
        headers = {"Content-Type": "application/x-www-form-urlencoded"}
        if "client_secret_basic" in self._metadata().get(
            "token_endpoint_auth_methods_supported", ["client_secret_basic"]
        ):
            pair = f"{quote(self.client_id, safe='')}:{quote(self.client_secret, safe='')}"
            headers["Authorization"] = f"Basic {base64.b64encode(pair.encode()).decode()}"
        else:
            form |= {"client_id": self.client_id, "client_secret": self.client_secret}
        return _fetch(self._metadata()["token_endpoint"], urlencode(form).encode(), headers)

    def _verified(self, token: str, nonce: str) -> dict[str, Any]:
        claims = self._signed(token)
        required = jwt.JWTClaimsRegistry(
            leeway=LEEWAY,
            iss={"essential": True, "value": self.issuer},
            aud={"essential": True, "value": self.client_id},
            exp={"essential": True},
            iat={"essential": True},
            sub={"essential": True},
            nonce={"essential": True, "value": nonce},
        )
        try:
            required.validate(claims)
        except JoseError as error:
            raise AccountError("E731", reason=_reason(error)) from error
        if not isinstance(claims["sub"], str) or len(claims["sub"]) > 255:
            raise AccountError("E731", reason="身份令牌中的 sub 无效")
        several = isinstance(claims["aud"], list) and len(claims["aud"]) > 1
        if (several or "azp" in claims) and claims.get("azp") != self.client_id:
            raise AccountError("E731", reason="身份令牌不是发给本工作台的")
        return claims

    def _signed(self, token: str) -> dict[str, Any]:
        for again in (False, True):
            keys = KeySet.import_key_set(self._keys(again))  # type: ignore[arg-type]
            try:
                return dict(jwt.decode(token, keys, algorithms=ALGORITHMS).claims)
            except (JoseError, ValueError) as error:
                refusal = error
        raise AccountError("E731", reason="身份令牌的签名不对") from refusal

    def _metadata(self) -> dict[str, Any]:
        self._refresh(again=False)
        return self._published.metadata

    def _keys(self, again: bool) -> dict[str, Any]:
        self._refresh(again)
        return self._published.keys

    def _refresh(self, again: bool) -> None:
        if not again and time.monotonic() - self._published.at < _FRESH:
            return
        metadata = _fetch(f"{self.issuer.rstrip('/')}/.well-known/openid-configuration")
        if metadata.get("issuer") != self.issuer:
            raise AccountError("E731", reason="对方公布的 issuer 与配置不一致")
        for key in ("authorization_endpoint", "token_endpoint", "jwks_uri"):
            if not _sound(str(metadata.get(key, ""))):
                raise AccountError("E731", reason=f"对方公布的 {key} 无效")
        keys = _fetch(metadata["jwks_uri"])
        self._published.metadata, self._published.keys = metadata, keys
        self._published.at = time.monotonic()


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *args: Any, **kwargs: Any) -> None:
        return None


_OPENER = urllib.request.build_opener(_NoRedirect)


def _fetch(address: str, body: bytes | None = None, headers: dict[str, str] | None = None) -> dict[str, Any]:
    request = urllib.request.Request(address, body, {"Accept": "application/json"} | (headers or {}))
    try:
        with _OPENER.open(request, timeout=_SECONDS) as answer:
            value = json.loads(answer.read(_MOST_BYTES))
    except urllib.error.HTTPError as error:
        raise AccountError("E735", reason=f"对方答复 {error.code}") from error
    except (OSError, HTTPException, ValueError) as error:
        _LOG.warning("identity provider: %s: %s", address, error)
        raise AccountError("E735", reason="网络不通或答复无法识别") from error
    if not isinstance(value, dict):
        raise AccountError("E735", reason="答复无法识别")
    return value


def _reason(error: JoseError) -> str:
    claim = getattr(error, "claim", "") or ""
    if "expired" in str(error):
        return "身份令牌已过期"
    return f"身份令牌中的 {claim} 不对" if claim else "身份令牌的内容不对"


def _sound(address: str) -> bool:
    parts = urlsplit(address)
    return bool(parts.hostname) and (
        parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in _LOOPBACK)
    )


def load(path: Path) -> Provider:
    """Read a provider's configuration; AccountError E734 names what is wrong with it."""
    try:
        given = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise AccountError("E734", file=path.name, problem=str(error)) from error
    known = {f.name for f in fields(Provider) if not f.name.startswith("_")}
    wanted = known - {"scope", "employee_claim"}
    problems = [f"缺少 {key}" for key in sorted(wanted - given.keys())]
    problems += [f"不认识 {key}" for key in sorted(given.keys() - known)]
    problems += [f"{key} 应为文字" for key in sorted(given) if not isinstance(given[key], str)]
    if not problems:
        problems += [
            f"{key} 应以 https:// 开头" for key in ("issuer", "redirect_uri") if not _sound(given[key])
        ]
    if problems:
        raise AccountError("E734", file=path.name, problem="；".join(problems))
    return Provider(**given)


def config_path() -> Path:
    """Where the configuration lies, if there is any."""
    return Path(os.environ.get("ASSESSMENT_OIDC", data_folder() / "oidc.toml"))


@lru_cache(maxsize=4)
def _provider(path: Path) -> Provider | None:
    if not path.exists():
        return None
    try:
        return load(path)
    except AccountError as error:
        _LOG.error("%s", error)
        return None


def provider() -> Provider | None:
    """The configured identity provider; None without one, or with a configuration that cannot be used."""
    return _provider(config_path())

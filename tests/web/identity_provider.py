"""An identity provider on this machine: real HTTP, tokens signed with a real key, and ways to go wrong."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, parse_qsl, urlencode, urlsplit

from joserfc import jwt
from joserfc.jwk import RSAKey


def _text(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def _part(value: dict[str, Any]) -> str:
    return _text(json.dumps(value).encode())


class IdentityProvider:
    """Signs in whoever asks as ``claims``; ``wrong`` names what is wrong with its next token."""

    def __init__(self, client_id: str = "workbench", client_secret: str = "s3cret/+") -> None:
        self.client_id = client_id
        self.client_secret = client_secret
        self.claims: dict[str, Any] = {"sub": "u-1"}
        self.wrong = ""
        self.key = RSAKey.generate_key(2048, auto_kid=True)
        self.codes: dict[str, dict[str, str]] = {}
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self.issuer = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def close(self) -> None:
        """Stop answering."""
        self.server.shutdown()
        self.server.server_close()

    def authorize(self, address: str) -> str:
        """What a person does there: sign in and be sent back; the address to go back to."""
        asked = {key: values[0] for key, values in parse_qs(urlsplit(address).query).items()}
        assert asked["client_id"] == self.client_id
        assert (asked["response_type"], asked["code_challenge_method"]) == ("code", "S256")
        code = f"code-{len(self.codes)}"
        self.codes[code] = asked
        return f"{asked['redirect_uri']}?{urlencode({'code': code, 'state': asked['state']})}"

    def metadata(self) -> dict[str, Any]:
        return {
            "issuer": self.issuer,
            "authorization_endpoint": f"{self.issuer}/authorize",
            "token_endpoint": f"{self.issuer}/token",
            "jwks_uri": f"{self.issuer}/keys",
        }

    def token(self, form: dict[str, str], authorization: str) -> dict[str, Any] | None:
        """Answer the token endpoint; None refuses."""
        pair = base64.b64decode(authorization.removeprefix("Basic ")).decode()
        asked = self.codes.pop(form.get("code", ""), None)
        digest = hashlib.sha256(form.get("code_verifier", "").encode()).digest()
        challenge = _text(digest)
        if pair != "workbench:s3cret%2F%2B" or asked is None or asked["code_challenge"] != challenge:
            return None
        return {"id_token": self._signed(asked["nonce"]), "access_token": "a", "token_type": "Bearer"}

    def _signed(self, nonce: str) -> str:
        now = int(time.time())
        claims = {"iss": self.issuer, "aud": self.client_id, "iat": now, "exp": now + 300, "nonce": nonce}
        claims |= self.claims
        changed: dict[str, dict[str, Any]] = {
            "audience": {"aud": "another"},
            "audiences": {"aud": [self.client_id, "another"]},
            "issuer": {"iss": "https://another.example"},
            "nonce": {"nonce": "of another login"},
            "expired": {"exp": now - 120, "iat": now - 400},
            "future": {"iat": now + 3600, "exp": now + 7200},
            "subject": {"sub": ""},
        }
        claims |= changed.get(self.wrong, {})
        if self.wrong == "no nonce":
            del claims["nonce"]
        header = {"alg": "RS256", "kid": self.key.kid}
        if self.wrong == "signature":
            return jwt.encode(header, claims, RSAKey.generate_key(2048))
        if self.wrong == "shared secret":
            unsigned = f"{_part(header | {'alg': 'HS256'})}.{_part(claims)}"
            mac = hmac.new(self.key.as_pem(private=False), unsigned.encode(), hashlib.sha256).digest()
            return f"{unsigned}.{_text(mac)}"
        if self.wrong == "none":
            return f"{_part({'alg': 'none'})}.{_part(claims)}."
        if self.wrong == "altered":
            head, _, signature = jwt.encode(header, claims, self.key).split(".")
            return f"{head}.{_part(claims | {'sub': 'boss'})}.{signature}"
        return jwt.encode(header, claims, self.key)

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        provider = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                if self.path == "/.well-known/openid-configuration":
                    self._answer(provider.metadata())
                elif self.path == "/keys":
                    self._answer({"keys": [provider.key.as_dict(private=False)]})
                else:
                    self.send_error(404)

            def do_POST(self) -> None:
                form = dict(parse_qsl(self.rfile.read(int(self.headers["Content-Length"])).decode()))
                answer = provider.token(form, self.headers.get("Authorization", ""))
                if answer is None:
                    self.send_error(400)
                else:
                    self._answer(answer)

            def _answer(self, value: dict[str, Any]) -> None:
                body = json.dumps(value).encode()
                self.send_response(200)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *args: object) -> None:
                return

        return Handler

"""Signing in through an identity provider: who is let in, and every way a token or a return can be wrong."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from joserfc.jwk import RSAKey

from assessment.messages import AccountError
from assessment.web.oidc import Provider, load
from tests.browser.conftest import free_port, start_server
from tests.offices import Office, open_office
from tests.web.identity_provider import IdentityProvider
from tests.web.test_signin import Client

pytestmark = [pytest.mark.timeout(300)]


@dataclass
class Scene:
    """A workbench, a provider it trusts, and a browser's few requests."""

    client: Client
    office: Office
    provider: IdentityProvider

    def leave(self, target: str = "/") -> tuple[str, str]:
        """Go to the provider; the browser's cookie and the address there."""
        status, headers, _ = self.client.ask("GET", f"/account/oidc/start?next={target}")
        assert status == 303
        assert all(sign in headers["set-cookie"] for sign in ("HttpOnly", "SameSite=lax"))
        return headers["set-cookie"].split(";")[0], headers["location"]

    def come_back(self, cookie: str, address: str) -> tuple[int, str, str]:
        """Status, session cookie (or nothing) and body or location of the return."""
        parts = urlsplit(address)
        status, headers, body = self.client.ask("GET", f"{parts.path}?{parts.query}", Cookie=cookie)
        cookies = [c.split(";")[0] for c in headers.get_all("set-cookie", [])]
        session = next((c for c in cookies if c.startswith("assessment_session=")), "")
        return status, session, headers.get("location") or body

    def sign_in(self) -> tuple[int, str, str]:
        cookie, address = self.leave("/register")
        return self.come_back(cookie, self.provider.authorize(address))


@pytest.fixture(scope="module")
def scene(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    office = open_office(tmp_path_factory.mktemp("oidc") / "data")
    port, provider = free_port(), IdentityProvider()
    settings = {
        "name": "市统一身份认证",
        "issuer": provider.issuer,
        "client_id": provider.client_id,
        "client_secret": provider.client_secret,
        "redirect_uri": f"http://127.0.0.1:{port}/account/oidc/callback",
        "employee_claim": "employee_number",
    }
    lines = [f"{key} = {json.dumps(value, ensure_ascii=False)}" for key, value in settings.items()]
    (office.bench.store.folder / "oidc.toml").write_text("\n".join(lines), encoding="utf-8")
    process = start_server(office.bench.store.folder, port)
    yield Scene(Client(f"http://127.0.0.1:{port}"), office, provider)
    process.terminate()
    process.wait(20)
    provider.close()


@pytest.fixture(autouse=True)
def right(scene: Scene) -> Iterator[None]:
    """Every test begins with a provider in order that knows the officer."""
    office = scene.office
    office.bench.describe_account(office.chief, office.officer.id, "officer", "某单位", "", "007")
    scene.provider.claims = {"sub": "u-1", "employee_number": "007"}
    yield
    scene.provider.wrong = ""


def test_the_button_is_there_and_leads_to_the_right_place(scene: Scene) -> None:
    assert "市统一身份认证登录" in scene.client.ask("GET", "/account/sign-in?next=/register")[2]
    status, session, location = scene.sign_in()
    assert (status, location) == (303, "/register")
    who = scene.office.bench.store.accounts.session_account(session.split("=", 1)[1])
    assert who is not None
    assert who.id == scene.office.officer.id
    assert scene.client.ask("GET", "/_stcore/host-config", Cookie=session)[0] == 200


@pytest.mark.parametrize(
    "wrong",
    [
        "signature", "altered", "shared secret", "none", "audience", "audiences", "issuer", "nonce", "no nonce",
        "expired", "future", "subject",
    ],
)  # fmt: skip
def test_a_token_that_does_not_hold_opens_nothing(scene: Scene, wrong: str) -> None:
    scene.provider.wrong = wrong
    status, session, body = scene.sign_in()
    assert (status, session) == (400, "")
    assert "E731" in body


def test_a_return_counts_once_and_only_in_the_browser_that_left(scene: Scene) -> None:
    cookie, address = scene.leave()
    back = scene.provider.authorize(address)
    assert "E730" in scene.come_back("assessment_oidc=of-another-browser", back)[2]
    assert "E730" in scene.come_back("", back)[2]
    assert scene.come_back(cookie, back)[0] == 303
    status, session, body = scene.come_back(cookie, back)
    assert (status, session, "E730" in body) == (400, "", True)
    assert "E730" in scene.come_back(cookie, back.replace("state=", "state=x"))[2]


def test_a_code_of_another_login_is_refused(scene: Scene) -> None:
    stolen = scene.provider.authorize(scene.leave()[1]).split("code=")[1].split("&")[0]
    cookie, address = scene.leave()
    back = scene.provider.authorize(address)
    back = back.split("code=")[0] + f"code={stolen}&" + back.split("&", 1)[1]
    status, session, body = scene.come_back(cookie, back)
    assert (status, session, "E735" in body) == (400, "", True)


def test_a_refusal_at_the_provider_is_said(scene: Scene) -> None:
    cookie, address = scene.leave()
    state = address.split("state=")[1].split("&")[0]
    status, session, body = scene.come_back(cookie, f"/account/oidc/callback?error=denied&state={state}")
    assert (status, session, "E731" in body) == (400, "", True)


def test_an_unknown_person_and_an_unverified_address_are_not_let_in(scene: Scene) -> None:
    office = scene.office
    office.bench.describe_account(office.chief, office.expert.id, "expert", "某单位", "e@x.cn")
    scene.provider.claims = {"sub": "u-2", "email": "e@x.cn", "email_verified": False}
    assert "E732" in scene.sign_in()[2]
    scene.provider.claims = {"sub": "u-2", "email": "e@x.cn", "email_verified": True}
    assert scene.sign_in()[0] == 303
    assert [s for _, s in office.bench.identities(office.chief, office.expert.id)] == ["u-2"]


def test_an_invited_person_joins_and_a_closed_account_stays_out(scene: Scene) -> None:
    office = scene.office
    office.bench.invite(office.chief, ["drafter"], "赵某", "文旅局", employee_no="008")
    scene.provider.claims = {"sub": "u-3", "employee_number": "008", "preferred_username": "zhao"}
    assert scene.sign_in()[0] == 303
    joined = next(a for a in office.bench.accounts(office.chief) if a.name == "zhao")
    assert (joined.roles, joined.unit, joined.has_password) == (("drafter",), "文旅局", False)
    office.bench.set_active(office.chief, joined.id, False)
    status, session, body = scene.sign_in()
    assert (status, session, "E709" in body) == (400, "", True)


def test_a_new_key_of_the_provider_is_found(scene: Scene) -> None:
    assert scene.sign_in()[0] == 303
    scene.provider.key = RSAKey.generate_key(2048, auto_kid=True)
    assert scene.sign_in()[0] == 303


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ('issuer = "http://id.example.cn"', "issuer 应以 https"),
        ('colour = "red"', "不认识 colour"),
        ("scope = 3", "scope 应为文字"),
        ("scope = ", "E734"),
    ],
)
def test_a_wrong_configuration_says_what_is_wrong(tmp_path: Path, change: str, problem: str) -> None:
    given = dict.fromkeys(("name", "client_id", "client_secret"), "x")
    given |= {"issuer": "https://id.example.cn", "redirect_uri": "https://w.example.cn/account/oidc/callback"}
    given.pop(change.split(" ")[0], None)
    path = tmp_path / "oidc.toml"
    path.write_text("\n".join([*(f'{k} = "{v}"' for k, v in given.items()), change]), encoding="utf-8")
    with pytest.raises(AccountError, match=problem):
        load(path)


def test_a_provider_that_does_not_answer_is_said() -> None:
    silent = Provider("x", "http://127.0.0.1:9", "c", "s", "http://127.0.0.1/account/oidc/callback")
    with pytest.raises(AccountError, match="E735"):
        silent.way_out("state", "nonce", "verifier")

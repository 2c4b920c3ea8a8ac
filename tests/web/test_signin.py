"""The doors: forms, cookie, origin check, lock-out, revocation; asked of a real server without a browser."""

from __future__ import annotations

import http.client
import re
from collections.abc import Iterator
from urllib.parse import urlencode, urlsplit

import pytest

from tests.browser.conftest import free_port, start_server
from tests.offices import PASSWORD, Office, open_office

pytestmark = [pytest.mark.timeout(300)]


class Client:
    """A few requests to one server, keeping no cookies of its own but the form's."""

    def __init__(self, address: str) -> None:
        self.host = urlsplit(address).netloc

    def ask(
        self, method: str, path: str, fields: dict[str, str] | None = None, **headers: str
    ) -> tuple[int, http.client.HTTPMessage, str]:
        """Status, headers and body of one request."""
        connection = http.client.HTTPConnection(self.host, timeout=30)
        sent = {key.replace("_", "-"): value for key, value in headers.items()}
        body = urlencode(fields) if fields is not None else None
        if body is not None:
            sent["Content-Type"] = "application/x-www-form-urlencoded"
        connection.request(method, path, body, sent)
        response = connection.getresponse()
        text = response.read().decode(errors="replace")
        connection.close()
        return response.status, response.headers, text

    def form(self, path: str, **headers: str) -> tuple[str, str]:
        """The cookie and the token that a form of this server carries."""
        _, answered, body = self.ask("GET", path, **headers)
        cookie = next(c for c in answered.get_all("set-cookie", []) if c.startswith("assessment_form="))
        return cookie.split(";")[0], re.findall(r'name="token" value="(\w+)"', body)[0]

    def post(
        self, path: str, fields: dict[str, str], cookie: str = "", **headers: str
    ) -> tuple[int, http.client.HTTPMessage, str]:
        """Fill in and send a form of this server's own page, as a browser does."""
        former = {"Cookie": cookie} if cookie else {}
        browser, token = self.form(path, **former)
        sent = {"Origin": f"http://{self.host}", "Cookie": f"{browser}; {cookie}"} | headers
        return self.ask("POST", path, fields | {"token": token}, **sent)

    def sign_in(
        self, name: str, password: str, next_page: str = "/", **headers: str
    ) -> tuple[int, http.client.HTTPMessage, str]:
        """Post the sign-in form from this server's own page."""
        path = f"/account/sign-in?{urlencode({'next': next_page})}"
        return self.post(path, {"name": name, "password": password}, **headers)

    def token(self, name: str, password: str) -> str:
        """Sign in and return the session cookie as sent back to the server."""
        return self.sign_in(name, password)[1]["set-cookie"].split(";")[0]


@pytest.fixture(scope="module")
def door(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Client, Office]]:
    """A server on a small office, and a client."""
    office = open_office(tmp_path_factory.mktemp("door") / "data")
    port = free_port()
    process = start_server(office.bench.store.folder, port)
    yield Client(f"http://127.0.0.1:{port}"), office
    process.terminate()
    process.wait(20)


def test_every_page_leads_to_sign_in(door: tuple[Client, Office]) -> None:
    client, _ = door
    for path in ("/", "/review?case=abc", "/register"):
        status, headers, _ = client.ask("GET", path, Accept="text/html")
        assert (status, headers["location"].split("?")[0]) == (303, "/account/sign-in")


@pytest.mark.parametrize(
    "path", ["/_stcore/host-config", "/_stcore/upload_file/x/y", "/media/x", "/api/v1/cases"]
)
def test_nothing_else_answers_without_a_session(door: tuple[Client, Office], path: str) -> None:
    assert door[0].ask("GET", path)[0] == 401


def test_the_websocket_is_closed_without_a_session(door: tuple[Client, Office]) -> None:
    status, _, _ = door[0].ask(
        "GET",
        "/_stcore/stream",
        Connection="Upgrade",
        Upgrade="websocket",
        Sec_WebSocket_Version="13",
        Sec_WebSocket_Key="dGhlIHNhbXBsZSBub25jZQ==",
    )
    assert status == 403


def test_signing_in_sets_a_cookie_no_script_can_read(door: tuple[Client, Office]) -> None:
    status, headers, _ = door[0].sign_in("officer", PASSWORD, "/review?case=7")
    assert (status, headers["location"]) == (303, "/review?case=7")
    cookie = headers["set-cookie"].lower()
    assert "httponly" in cookie
    assert "samesite=lax" in cookie


def test_a_cookie_from_before_signing_in_is_worth_nothing(door: tuple[Client, Office]) -> None:
    client, _ = door
    _, headers, _ = client.sign_in("officer", PASSWORD)
    token = headers["set-cookie"].split(";")[0]
    assert client.ask("GET", "/_stcore/host-config", Cookie="assessment_session=planted")[0] == 401
    assert client.ask("GET", "/_stcore/host-config", Cookie=token)[0] == 200
    assert "planted" not in token


def test_wrong_password_and_unknown_name_read_alike(door: tuple[Client, Office]) -> None:
    client, _ = door
    wrong = client.sign_in("observer", "not-the-password")
    unknown = client.sign_in("nobody", "not-the-password")
    assert wrong[0] == unknown[0] == 400
    shown = [re.sub(r'value="\w+"', "", body) for body in (wrong[2], unknown[2])]
    assert shown[0] == shown[1]


def test_five_failures_lock_the_account(door: tuple[Client, Office]) -> None:
    client, _ = door
    for _ in range(5):
        assert client.sign_in("second", "guess-guess-guess")[0] == 400
    status, _, body = client.sign_in("second", PASSWORD)
    assert (status, "E702" in body) == (400, True)


@pytest.mark.parametrize("origin", [None, "http://evil.example", "null"])
def test_a_form_from_elsewhere_is_refused(door: tuple[Client, Office], origin: str | None) -> None:
    client, _ = door
    extra = {"Origin": origin} if origin else {}
    cookie, token = client.form("/account/sign-in")
    fields = {"name": "officer", "password": PASSWORD, "token": token}
    status, headers, body = client.ask("POST", "/account/sign-in", fields, Cookie=cookie, **extra)
    assert (status, "E712" in body, "assessment_session" in str(headers)) == (400, True, False)


@pytest.mark.parametrize("forged", ["no cookie", "no token", "another's token"])
def test_a_form_without_this_browsers_token_is_refused(door: tuple[Client, Office], forged: str) -> None:
    client, _ = door
    cookie, token = client.form("/account/sign-in")
    fields = {"name": "officer", "password": PASSWORD, "token": token}
    if forged == "no token":
        del fields["token"]
    elif forged == "another's token":
        fields["token"] = client.form("/account/sign-in")[1]
    headers = {"Origin": f"http://{client.host}"} | ({} if forged == "no cookie" else {"Cookie": cookie})
    status, answered, body = client.ask("POST", "/account/sign-in", fields, **headers)
    assert (status, "E712" in body, "assessment_session" in str(answered)) == (400, True, False)


def test_there_is_only_one_first_account(door: tuple[Client, Office]) -> None:
    client, office = door
    fields = {"unit": "x", "display_name": "x", "name": "intruder", "password": PASSWORD, "again": PASSWORD}
    status, headers, _ = client.ask("POST", "/account/first", fields, Origin=f"http://{client.host}")
    assert (status, headers["location"]) == (303, "/account/sign-in")
    assert "intruder" not in {account.name for account in office.bench.store.accounts.list()}


def test_signing_out_ends_the_session(door: tuple[Client, Office]) -> None:
    client, _ = door
    token = client.token("officer", PASSWORD)
    assert client.ask("POST", "/account/sign-out", {}, Cookie=token)[0] == 400
    assert client.ask("GET", "/_stcore/host-config", Cookie=token)[0] == 200
    assert client.post("/account/sign-out", {}, token)[0] == 303
    assert client.ask("GET", "/_stcore/host-config", Cookie=token)[0] == 401


def test_a_first_password_set_by_another_must_be_changed_before_anything(door: tuple[Client, Office]) -> None:
    client, office = door
    office.bench.create_account(office.chief, "newcomer", "新人", ["expert"], "", PASSWORD, must_change=True)
    token = client.token("newcomer", PASSWORD)
    status, headers, _ = client.ask("GET", "/review", Accept="text/html", Cookie=token)
    assert (status, headers["location"]) == (303, "/account/password")
    assert client.ask("GET", "/_stcore/host-config", Cookie=token)[0] == 401
    fields = {"old": PASSWORD, "password": "brand-new-pass-1", "again": "brand-new-pass-1"}
    status, headers, _ = client.post("/account/password", fields, token)
    assert (status, headers["location"]) == (303, "/")
    renewed = headers["set-cookie"].split(";")[0]
    assert client.ask("GET", "/_stcore/host-config", Cookie=renewed)[0] == 200
    assert client.ask("GET", "/_stcore/host-config", Cookie=token)[0] == 401


def test_an_invitation_is_looked_at_often_and_taken_once(door: tuple[Client, Office]) -> None:
    client, office = door
    _, code = office.bench.invite(office.chief, ["drafter"], "赵某", "文旅局")
    status, headers, _ = client.post("/account/code", {"code": code.lower()})
    assert (status, headers["location"]) == (303, f"/account/join?code={code.lower()}")
    path = f"/account/join?code={code}"
    for _ in range(2):
        assert "文旅局" in client.ask("GET", path)[2]
    fields = {
        "name": "zhao",
        "display_name": "赵某",
        "password": "brand-new-pass-1",
        "again": "brand-new-pass-1",
    }
    differing = client.post(path, fields | {"again": "other"})
    assert (differing[0], "E713" in differing[2], 'value="zhao"' in differing[2]) == (400, True, True)
    status, headers, _ = client.post(path, fields)
    assert (status, headers["location"]) == (303, "/")
    token = headers["set-cookie"].split(";")[0]
    assert client.ask("GET", "/_stcore/host-config", Cookie=token)[0] == 200
    status, _, body = client.ask("GET", path)
    assert (status, "E715" in body) == (400, True)


def test_a_reset_code_sets_a_new_password(door: tuple[Client, Office]) -> None:
    client, office = door
    code = office.bench.reset_password(office.chief, office.secretary.id)
    assert client.sign_in("secretary", PASSWORD)[0] == 400
    fields = {"password": "brand-new-pass-1", "again": "brand-new-pass-1"}
    location = client.post("/account/code", {"code": code})[1]["location"]
    assert client.post(location, fields)[0] == 303
    assert client.sign_in("secretary", "brand-new-pass-1")[0] == 303
    assert "E715" in client.ask("GET", location)[2]


def test_a_name_typed_wrong_comes_back_escaped(door: tuple[Client, Office]) -> None:
    body = door[0].sign_in('"><script>alert(1)</script>', "x")[2]
    assert "<script>alert" not in body

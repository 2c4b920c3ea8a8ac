"""The doors: forms, cookie, origin check, lock-out, revocation; asked of a real server without a browser."""

from __future__ import annotations

import http.client
from collections.abc import Iterator
from urllib.parse import urlencode, urlsplit

import pytest

from tests.browser.conftest import free_port, start_server
from tests.offices import PASSWORD, Office, open_office

pytestmark = [pytest.mark.timeout(300)]


class Client:
    """A few requests to one server, keeping no cookies of its own."""

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

    def sign_in(
        self, name: str, password: str, next_page: str = "/"
    ) -> tuple[int, http.client.HTTPMessage, str]:
        """Post the sign-in form from this server's own page."""
        return self.ask(
            "POST",
            f"/account/sign-in?{urlencode({'next': next_page})}",
            {"name": name, "password": password},
            Origin=f"http://{self.host}",
        )


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
    assert wrong[2].replace("observer", "X") == unknown[2].replace("nobody", "X")


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
    fields = {"name": "officer", "password": PASSWORD}
    status, headers, body = client.ask("POST", "/account/sign-in", fields, **extra)
    assert (status, headers["set-cookie"], "E712" in body) == (400, None, True)


def test_there_is_only_one_first_account(door: tuple[Client, Office]) -> None:
    client, office = door
    fields = {"unit": "x", "display_name": "x", "name": "intruder", "password": PASSWORD, "again": PASSWORD}
    status, headers, _ = client.ask("POST", "/account/first", fields, Origin=f"http://{client.host}")
    assert (status, headers["location"]) == (303, "/account/sign-in")
    assert "intruder" not in {account.name for account in office.bench.store.accounts.list()}


def test_signing_out_ends_the_session(door: tuple[Client, Office]) -> None:
    client, _ = door
    token = client.sign_in("officer", PASSWORD)[1]["set-cookie"].split(";")[0]
    origin = f"http://{client.host}"
    assert client.ask("POST", "/account/sign-out", {}, Cookie=token)[0] == 200
    assert client.ask("GET", "/_stcore/host-config", Cookie=token)[0] == 200
    assert client.ask("POST", "/account/sign-out", {}, Cookie=token, Origin=origin)[0] == 303
    assert client.ask("GET", "/_stcore/host-config", Cookie=token)[0] == 401


def test_a_name_typed_wrong_comes_back_escaped(door: tuple[Client, Office]) -> None:
    body = door[0].sign_in('"><script>alert(1)</script>', "x")[2]
    assert "<script>alert" not in body

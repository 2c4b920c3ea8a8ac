"""What somebody who should not get in, or not that far, would try; each is refused."""

from __future__ import annotations

import hashlib
import statistics
import time
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import free_port, start_server
from tests.browser.test_journey import settled
from tests.browser.test_two_people import signed_in
from tests.offices import PASSWORD, Office, open_office
from tests.web.test_signin import Client

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser"), pytest.mark.timeout(600)]


@dataclass
class Target:
    """A server under attack, and what its people have in it."""

    address: str
    client: Client
    office: Office


@pytest.fixture(scope="module")
def target(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Target]:
    office = open_office(tmp_path_factory.mktemp("attacked") / "data")
    port = free_port()
    process = start_server(office.bench.store.folder, port)
    address = f"http://127.0.0.1:{port}"
    yield Target(address, Client(address), office)
    process.terminate()
    process.wait(20)


def from_elsewhere(n: int) -> dict[str, str]:
    """A header a local proxy would send, so that one test's failures do not slow another's."""
    return {"X_Forwarded_For": f"198.51.100.{n}"}


def alive(target: Target, cookie: str) -> bool:
    """Whether a session cookie opens anything."""
    return target.client.ask("GET", "/_stcore/host-config", Cookie=cookie)[0] == 200


def test_session_fixation(target: Target) -> None:
    planted = "assessment_session=planted-by-somebody"
    own = target.client.token("observer", PASSWORD)
    path, fields = "/account/sign-in", {"name": "officer", "password": PASSWORD}
    for before in (planted, own):
        _, headers, _ = target.client.post(path, fields, before)
        after = headers["set-cookie"].split(";")[0]
        assert after not in (planted, own)
        assert alive(target, after)
        assert not alive(target, before)


def test_every_post_is_refused_from_another_site(target: Target) -> None:
    _, code = target.office.bench.invite(target.office.chief, ["admin"])
    session = target.client.token("officer", PASSWORD)
    for path in ("sign-in", "sign-out", "password", "code", f"join?code={code}"):
        for origin in ("https://evil.example", "null", f"http://{target.client.host}.evil.example"):
            fields = {"name": "x", "password": PASSWORD, "again": PASSWORD, "code": code}
            status, headers, _ = target.client.post(f"/account/{path}", fields, session, Origin=origin)
            assert (status, "assessment_session" in str(headers)) == (400, False), (path, origin)
    assert alive(target, session)


def test_the_live_connection_is_refused_to_another_site(target: Target) -> None:
    session = target.client.token("officer", PASSWORD)
    shake = {
        "Connection": "Upgrade",
        "Upgrade": "websocket",
        "Sec_WebSocket_Version": "13",
        "Sec_WebSocket_Key": "dGhlIHNhbXBsZSBub25jZQ==",
        "Cookie": session,
    }
    for origin in ("https://evil.example", "http://127.0.0.1:1", f"http://{target.client.host}.evil.example"):
        assert target.client.ask("GET", "/_stcore/stream", Origin=origin, **shake)[0] == 403


def test_an_upload_needs_the_frameworks_token_too(target: Target) -> None:
    session = target.client.token("officer", PASSWORD)
    for cookie in (session, f"{session}; _streamlit_xsrf=forged"):
        status, _, _ = target.client.ask(
            "PUT", "/_stcore/upload_file/guess/guess", {"a": "b"}, Cookie=cookie, X_Xsrftoken="forged"
        )
        assert status == 403


def test_brute_force_of_one_name_from_many_addresses(target: Target) -> None:
    for n in range(5):
        assert target.client.sign_in("second", "guess-guess-1", **from_elsewhere(n))[0] == 400
    status, _, body = target.client.sign_in("second", PASSWORD, **from_elsewhere(9))
    assert (status, "E702" in body) == (400, True)


def test_brute_force_of_many_names_from_one_address(target: Target) -> None:
    for n in range(30):
        target.client.sign_in(f"guess{n}", "guess-guess-1", **from_elsewhere(50))
    assert "E714" in target.client.sign_in("officer", PASSWORD, **from_elsewhere(50))[2]
    assert target.client.sign_in("officer", PASSWORD, **from_elsewhere(51))[0] == 303


def test_an_unknown_name_takes_as_long_as_a_known_one(target: Target) -> None:
    def took(name: str, n: int) -> float:
        browser, token = target.client.form("/account/sign-in")
        fields = {"name": name, "password": "wrong-wrong-1", "token": token}
        headers = {"Origin": target.address, "Cookie": browser} | from_elsewhere(n)
        begun = time.perf_counter()
        target.client.ask("POST", "/account/sign-in", fields, **headers)
        return time.perf_counter() - begun

    office = target.office
    known = [
        office.bench.create_account(office.chief, f"known{n}", "", ["observer"], "", PASSWORD)
        for n in range(7)
    ]
    for account in known:
        assert target.client.sign_in(account.name, PASSWORD)[0] == 303
    pairs = [(took(account.name, 60), took(f"unknown{n}", 61)) for n, account in enumerate(known)]
    ratio = statistics.median(a for a, _ in pairs) / statistics.median(b for _, b in pairs)
    assert 0.6 < ratio < 1.7, pairs


@pytest.mark.parametrize(
    "way",
    [
        "//evil.example", "/\\evil.example", "https://evil.example", "javascript:alert(1)", "/%09/evil.example",
        "/\r\nLocation: https://evil.example", "/\r\nSet-Cookie: assessment_session=x", "\t//evil.example",
    ],
)  # fmt: skip
def test_after_sign_in_nothing_leads_elsewhere_or_adds_a_header(target: Target, way: str) -> None:
    status, headers, _ = target.client.sign_in("officer", PASSWORD, way)
    assert status == 303
    location = headers["location"]
    assert location.startswith("/")
    assert not location.startswith(("//", "/\\", "/\t"))
    assert len(headers.get_all("location", [])) == 1
    assert [c.split("=")[0] for c in headers.get_all("set-cookie", [])] == ["assessment_session"]
    assert len(headers["set-cookie"].split(";")[0]) > 43


def test_cookies_say_no_script_and_no_other_site(target: Target) -> None:
    _, headers, _ = target.client.sign_in("officer", PASSWORD)
    session = headers["set-cookie"].lower()
    form = target.client.ask("GET", "/account/sign-in")[1]["set-cookie"].lower()
    assert all(flag in session for flag in ("httponly", "samesite=lax", "path=/"))
    assert "max-age" not in session
    assert all(flag in form for flag in ("httponly", "samesite=strict", "path=/account"))
    behind_tls = target.client.sign_in("officer", PASSWORD, X_Forwarded_Proto="https")[1]["set-cookie"]
    assert "secure" in behind_tls.lower()


def test_pages_may_not_be_framed_and_forms_hold_no_script(target: Target) -> None:
    headers = target.client.ask("GET", "/account/sign-in")[1]
    assert "default-src 'none'" in headers["content-security-policy"]
    assert "frame-ancestors 'none'" in headers["content-security-policy"]
    assert headers["cache-control"] == "no-store"
    session = target.client.token("officer", PASSWORD)
    page = target.client.ask("GET", "/", Accept="text/html", Cookie=session)[1]
    assert "frame-ancestors 'self'" in page["content-security-policy"]
    assert page["x-content-type-options"] == "nosniff"


def test_very_long_inputs_are_refused_quickly(target: Target) -> None:
    for name, password in (("x" * 5000, "y"), ("officer", "y" * 10_000), ("\x00" * 99, "\x00")):
        begun = time.perf_counter()
        status, _, body = target.client.sign_in(name, password, **from_elsewhere(70))
        assert (status, "E701" in body) == (400, True)
        assert time.perf_counter() - begun < 10
    status, _, body = target.client.sign_in("officer", "y" * 20_000)
    assert (status, "E722" in body) == (400, True)
    many = {f"field{n}": "" for n in range(50)}
    assert "E722" in target.client.post("/account/sign-in", many)[2]
    with_code = target.client.ask("GET", f"/account/join?code={'A' * 8000}", **from_elsewhere(71))
    assert (with_code[0], "E715" in with_code[2]) == (400, True)
    assert target.client.ask("GET", "/account/sign-in", Cookie="assessment_session=" + "z" * 5000)[0] == 200


def test_no_address_of_the_framework_is_a_way_round(target: Target) -> None:
    for path in (
        "/auth/login",
        "/oauth2callback",
        "/_stcore/metrics",
        "/_stcore/agent",
        "/component/x",
        "/media/x",
    ):
        assert target.client.ask("GET", path)[0] == 401, path
    for path in (
        "/account/../media/x",
        "/static/../_stcore/metrics",
        "/account/%2e%2e/_stcore/metrics",
        "//media/x",
    ):
        assert target.client.ask("GET", path)[0] in (400, 401, 404), path


def refused(page: Page) -> None:
    """The page says that there is no such case, or not for this person, and nothing of it."""
    expect(page.get_by_text("E515")).to_be_visible()
    assert "柳溪村" not in page.content()


def test_guessed_case_addresses_read_alike_whether_there_is_one_or_not(
    target: Target, browser: Browser
) -> None:
    case_id = target.office.on_panel(target.office.expert)
    stranger = target.office.bench.create_account(
        target.office.chief, "stranger", "外人", ["expert"], "别的单位", PASSWORD
    )
    page = signed_in(browser, target.address, stranger.name)
    told = []
    for guess in (case_id, "0" * 16, "../../etc/passwd", "' or 1=1 --"):
        for place in ("intake", "review", "scoring", "opinion"):
            page.goto(f"{target.address}/{place}?case={guess}")
            refused(page)
        told.append(page.get_by_text("E515").inner_text())
    assert len(set(told)) == 1
    page.context.close()


def offered_file(page: Page) -> str:
    """The address behind the first thing the page offers to download."""
    with page.expect_download() as download:
        page.get_by_role("button", name="下载 Word").click()
    return download.value.url


def test_file_addresses_need_a_session_and_cannot_be_guessed(target: Target, browser: Browser) -> None:
    """A media address is a hash over the file itself, and answers nobody who is not signed in."""
    office = target.office
    case_id = office.composed()
    case = office.bench.case(office.secretary, case_id)
    office.bench.sign_opinion(office.secretary, case_id, "1号", case.row["opinion"], case.seen)
    page = signed_in(browser, target.address, "secretary")
    page.goto(f"{target.address}/opinion?case={case_id}")
    settled(page)
    address = offered_file(page).removeprefix(target.address)
    other = target.client.token("observer", PASSWORD)
    assert address.startswith("/media/")
    assert target.client.ask("GET", address)[0] == 401
    for guess in (hashlib.sha224(b"guess").hexdigest(), "0" * 56, "..%2f..%2fetc%2fpasswd"):
        assert target.client.ask("GET", f"/media/{guess}.docx", Cookie=other)[0] in (400, 404)
    page.context.close()


def test_a_click_on_a_page_of_an_ended_session_does_nothing(target: Target, browser: Browser) -> None:
    office = target.office
    case_id = office.on_panel(office.expert)
    page = signed_in(browser, target.address, "expert")
    page.goto(f"{target.address}/scoring?case={case_id}")
    answers = page.get_by_test_id("stButtonGroup").filter(has_text="证据不足")
    expect(answers).to_have_count(5)
    settled(page)
    office.bench.sign_out_everywhere(office.chief, office.expert.id)
    answers.first.get_by_text("部分符合", exact=True).click()
    expect(page.get_by_text("登录已失效")).to_be_visible()
    assert office.bench.own_sheets(office.expert, case_id)[0].given == {}
    page.context.close()

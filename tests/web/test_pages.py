"""Every page for every kind of person and state: it runs, speaks Chinese, and shows no more than it should."""

from __future__ import annotations

import re

import pytest

from tests.offices import Office
from tests.web.conftest import Visit, said

OF_ONE_CASE = (
    "intake",
    "selfassessment",
    "review",
    "versions",
    "scoring",
    "settling",
    "opinion",
    "committee",
    "tracking",
    "follow_up",
    "discussions",
    "history",
)
PAGES = ("home", *OF_ONE_CASE, "register", "datagaps", "accounts")
PEOPLE = ("chief", "officer", "secretary", "expert", "second_expert", "observer")


@pytest.mark.parametrize("page", PAGES)
def test_every_page_runs_on_an_empty_store(office: Office, visit: Visit, page: str) -> None:
    for who in ("chief", "expert"):
        at = visit(getattr(office, who), page)
        assert not at.exception
        assert at.title


@pytest.mark.parametrize("page", PAGES)
def test_every_page_runs_with_a_case_in_every_state(office: Office, visit: Visit, page: str) -> None:
    composed = office.composed()
    frozen = office.bench.case(office.secretary, composed).row["opinion"]
    signed = office.composed()
    again = office.bench.case(office.secretary, signed)
    office.bench.sign_opinion(office.secretary, signed, "1号", again.row["opinion"], again.seen)
    cases = [office.receive(), office.on_panel(office.expert), composed, signed]
    assert frozen
    for case_id in cases:
        for who in ("chief", "officer", "observer"):
            at = visit(getattr(office, who), page, case=case_id)
            assert not at.exception, (case_id, who)


@pytest.mark.parametrize("page", PAGES)
def test_signed_out_shows_nothing_but_the_way_in(office: Office, visit: Visit, page: str) -> None:
    case_id = office.on_panel(office.expert)
    at = visit(None, case=case_id)
    assert "柳溪村" not in said(at)
    assert any("sign-in" in element.value for element in at.html)


@pytest.mark.parametrize("page", OF_ONE_CASE)
def test_a_stranger_to_the_case_is_refused(office: Office, visit: Visit, page: str) -> None:
    case_id = office.on_panel(office.expert)
    at = visit(office.second_expert, page, case=case_id)
    assert not at.exception
    assert "E515" in said(at)
    assert "柳溪村" not in said(at)


@pytest.mark.parametrize("page", PAGES)
def test_what_is_said_is_chinese(office: Office, visit: Visit, page: str) -> None:
    case_id = office.on_panel(office.chief)
    at = visit(office.chief, page, case=case_id)
    labels = [
        widget.label
        for kind in ("button", "text_input", "selectbox", "text_area")
        for widget in getattr(at, kind)
    ]
    for text in [*said(at).splitlines(), *labels]:
        words = re.sub(
            r":material/\w+:|:[\w-]+\[|SHA-256|Word|Excel|[GC]Q\d+|[a-f0-9]{8,}|MB|\.\w+", "", text
        )
        english = re.findall(r"[A-Za-z]{4,}", words)
        assert not [
            w for w in english if w not in {"chief", "officer", "secretary", "expert", "second", "observer"}
        ], text


def test_only_administrators_see_other_accounts(office: Office, visit: Visit) -> None:
    assert "人员" in said(visit(office.chief, "accounts"))
    assert "人员" not in [element.value for element in visit(office.officer, "accounts").header]

"""Pages run without a browser, as a signed-in person of a small office."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from assessment.records.accounts import Account
from tests.offices import Office

MAIN = Path(__file__).resolve().parents[2] / "assessment" / "web" / "main.py"

Visit = Callable[..., AppTest]


@pytest.fixture
def visit(office: Office, monkeypatch: pytest.MonkeyPatch) -> Visit:
    """Open a page as a person: ``visit(account, "review", case=case_id)``; None visits signed out."""

    def go(account: Account | None, page: str = "home", **query: str) -> AppTest:
        token = office.bench.store.accounts.open_session(account.id) if account else None
        monkeypatch.setenv("ASSESSMENT_DATA", str(office.bench.store.folder))
        monkeypatch.setattr("assessment.web.session.cookie_token", lambda: token)
        at = AppTest.from_file(str(MAIN), default_timeout=60)
        for key, value in query.items():
            at.query_params[key] = value
        at.run()
        if page != "home":
            at.switch_page(f"app_pages/{page}.py").run()
        return at

    return go


def press(at: AppTest, label: str) -> AppTest:
    """Press the first button with this label."""
    return next(button for button in at.button if button.label == label).click().run()


def said(at: AppTest) -> str:
    """Everything the page says in text, for asserting on."""
    kinds = ("title", "header", "subheader", "markdown", "caption", "info", "warning", "error", "success")
    return "\n".join(str(element.value) for kind in kinds for element in getattr(at, kind))

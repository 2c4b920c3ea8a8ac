"""Who is at this browser: a cookie names a session row, the row names an account."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

import streamlit as st

from assessment.paths import data_folder
from assessment.records.accounts import Account
from assessment.records.store import Store
from assessment.workbench import Workbench

COOKIE = "assessment_session"


@lru_cache(maxsize=4)
def _workbench(folder: Path) -> Workbench:
    return Workbench(Store.open(folder))


def workbench() -> Workbench:
    """The workbench over this server's data folder; shared by all threads, holds no connection."""
    return _workbench(data_folder())


def cookie_token() -> str | None:
    """The session token the browser sent, or None."""
    token = st.context.cookies.get(COOKIE)
    return str(token) if token else None


def current_account() -> Account | None:
    """The signed-in person, or None when there is no valid session."""
    token = cookie_token()
    return workbench().store.accounts.session_account(token) if token else None


def require_account() -> Account:
    """The signed-in person; ends the page with a link to the sign-in page when there is none."""
    account = current_account()
    if account is None:
        st.warning("登录已失效。您已保存的内容都在；请重新登录后继续。", icon=":material/lock:")
        st.html('<a href="/account/sign-in" target="_self">重新登录</a>')
        st.stop()
    return account

"""What every page shares: the case one is working on, its headline, and jumps between pages."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from html import escape
from typing import NoReturn

import streamlit as st

from assessment import permissions
from assessment.messages import NotAllowedError
from assessment.records.accounts import Account
from assessment.records.states import STATE_NAMES, CaseState
from assessment.views import CaseView
from assessment.web.session import require_account, workbench

HOME = "app_pages/home.py"
INTAKE = "app_pages/intake.py"
SELF_ASSESSMENT = "app_pages/selfassessment.py"
REVIEW = "app_pages/review.py"
VERSIONS = "app_pages/versions.py"
SCORING = "app_pages/scoring.py"
SETTLING = "app_pages/settling.py"
OPINION = "app_pages/opinion.py"
COMMITTEE = "app_pages/committee.py"
TRACKING = "app_pages/tracking.py"
FOLLOW_UP = "app_pages/follow_up.py"
DISCUSSIONS = "app_pages/discussions.py"
HISTORY = "app_pages/history.py"
REGISTER = "app_pages/register.py"
DATA_GAPS = "app_pages/datagaps.py"
SETTINGS = "app_pages/settings.py"
LEARNING = "app_pages/learning.py"
ACCOUNTS = "app_pages/accounts.py"

PAGES = {
    "intake": INTAKE,
    "drafting": SELF_ASSESSMENT,
    "material": DATA_GAPS,
    "review": REVIEW,
    "versions": VERSIONS,
    "scoring": SCORING,
    "settlement": SETTLING,
    "opinion": OPINION,
    "committee": COMMITTEE,
    "reply": TRACKING,
    "follow-up": FOLLOW_UP,
    "comments": DISCUSSIONS,
}
"""Names of pages as tasks and checks give them, to the script of the page; the first is its address."""
ADDRESSES = {path: name for name, path in reversed(PAGES.items())}

INSIDE = frozenset({INTAKE, REVIEW, VERSIONS, SCORING, SETTLING, COMMITTEE, FOLLOW_UP, HISTORY, REGISTER})
"""Pages of the assessment itself, which a drafting unit does not open."""
NEEDS = {SETTINGS: "configure", LEARNING: "learn"}
"""Pages for those who may do this."""

STYLE = """
<style>
h1 { font-size: 1.45rem !important; padding: .1rem 0 .35rem !important; }
h2 { font-size: 1.15rem !important; padding: .5rem 0 .25rem !important; }
[role="dialog"] h2 { padding: 1rem 1.5rem 0 !important; }
h3 { font-size: 1.02rem !important; padding: .35rem 0 .15rem !important; }
[data-testid="stMainBlockContainer"] { padding: 3.2rem 2.2rem 3rem; max-width: 1500px; }
[data-testid="stSidebarHeader"] { padding-bottom: 0; }
.case-line { color: #51606e; font-size: .93rem; margin: -.2rem 0 .4rem; }
.case-line b { color: #1c2733; }
.quote { background: #f3f6f9; border-left: 3px solid #8796a5; padding: .45rem .7rem; margin: .2rem 0 .5rem;
  white-space: pre-wrap; overflow-wrap: anywhere; }
.lookalike { background: #f1f7ee; border-left: 3px solid #4c7a34; padding: .45rem .7rem; margin: .2rem 0 .5rem; }
.advice { background: #eef4fa; border-left: 3px solid #1f5f8b; padding: .45rem .7rem; margin: .2rem 0 .5rem; }
.field { font-weight: 700; margin-top: .35rem; }
[data-testid="InputInstructions"] { display: none; }
@media print { [data-testid="stSidebar"], header, .stButton { display: none !important; } }
</style>
"""


def may_open(account: Account, page: str) -> bool:
    """Whether a person has any use for a page; those without are not offered it."""
    if page in INSIDE:
        return set(account.roles) != {"drafter"}
    return page not in NEEDS or permissions.may(account, NEEDS[page])


def front_page(account: Account) -> str:
    """Where a person begins with a case: the clauses, or for a drafting unit its self-assessment."""
    return REVIEW if may_open(account, REVIEW) else SELF_ASSESSMENT


def open_case(page: str, case_id: str) -> NoReturn:
    """Go to a page of one case."""
    st.session_state["case"] = case_id
    st.switch_page(page, query_params={"case": case_id})


def jump(page: str, label: str, case_id: str) -> None:
    """A link to another page of the same case, for those who may open it."""
    if may_open(require_account(), page):
        st.page_link(page, label=label, icon=":material/arrow_forward:", query_params={"case": case_id})


def chosen_case() -> str | None:
    """The case in the address, else the one last worked on in this tab."""
    case_id = st.query_params.get("case") or st.session_state.get("case")
    if case_id:
        st.session_state["case"] = case_id
        if st.query_params.get("case") != case_id:
            st.query_params["case"] = case_id
    return case_id


def page_case(title: str) -> tuple[Account, CaseView]:
    """The signed-in person and the case this page is about; otherwise lets one be chosen and stops."""
    account = require_account()
    case = _open(account)
    if case is None:
        st.title(title)
        _choose(account)
        st.stop()
    headline(title, case)
    return account, case


def _open(account: Account) -> CaseView | None:
    case_id = chosen_case()
    if case_id is None:
        return None
    try:
        return workbench().case(account, case_id)
    except NotAllowedError as error:
        st.session_state.pop("case", None)
        st.query_params.pop("case", None)
        st.error(f"{error.code} {error.message}")
        return None


def _choose(account: Account) -> None:
    rows = workbench().cases(account)
    if not rows:
        if permissions.may(account, "receive"):
            st.info("还没有评估事项。请先在“收件”中登记一份草案。")
            st.page_link(INTAKE, label="去收件", icon=":material/upload_file:")
        else:
            st.info("目前没有与您有关的评估事项。")
        return
    names = {row["id"]: f"{row['title']}（{STATE_NAMES[CaseState(row['state'])]}）" for row in rows}
    picked = st.selectbox(
        "选择评估事项", list(names), index=None, format_func=names.__getitem__, placeholder="请选择"
    )
    if picked:
        st.session_state["case"] = picked
        st.query_params["case"] = picked
        st.rerun()


def headline(title: str, case: CaseView) -> None:
    """Title of the page, and of the draft with its state below it."""
    st.title(title)
    row = case.row
    st.html(
        f'<div class="case-line">《<b>{text(row["title"])}</b>》　{text(row["document_kind"])} · '
        f"{text(row['stage'])}阶段 · 第 {row['version']} 版　状态：<b>{STATE_NAMES[CaseState(case.state)]}</b></div>"
    )


def text(value: object) -> str:
    """Text that came from a file or a person, made safe for HTML."""
    return escape(str(value)).replace("\n", "<br>")


def block(css: str, value: object) -> None:
    """A paragraph of escaped text in one of the page styles (quote, lookalike, advice, field)."""
    st.html(f'<div class="{css}">{text(value)}</div>')


def plain(value: str) -> str:
    """Text made safe for Markdown, so that a file's asterisks and brackets stay what they are."""
    for sign in "\\`*_{}[]<>()#+-.!|~:$":
        value = value.replace(sign, "\\" + sign)
    return value


def person(people: Mapping[str, str], account: str) -> str:
    """A person's name; events that came from another office name accounts that are not known here."""
    return people.get(account, "其他单位人员")


def when(moment: str) -> str:
    """A stored UTC time as local date and time."""
    return f"{datetime.fromisoformat(moment).astimezone():%Y-%m-%d %H:%M}"

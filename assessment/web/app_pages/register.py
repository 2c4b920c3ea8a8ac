"""台账: every case one may see, to search, to open and to take along as a table."""

from __future__ import annotations

import streamlit as st

from assessment.records.states import STATE_NAMES, CaseState
from assessment.views import Row
from assessment.web import frame
from assessment.web.errors import shown
from assessment.web.labels import LEVEL
from assessment.web.session import require_account, workbench

UNASSESSED = "未评估"

account = require_account()
bench = workbench()
st.title("台账")


def matching(rows: list[Row]) -> list[Row]:
    """The rows that the search words and filters let through."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        words = st.text_input(
            "搜索标题、起草单位、文号", key="q", bind="query-params", placeholder="输入后回车"
        )
        states = st.multiselect(
            "状态", list(STATE_NAMES), format_func=STATE_NAMES.__getitem__, placeholder="全部", key="states"
        )
        kinds = sorted({row["document_kind"] for row in rows})
        chosen = st.multiselect("文件类型", kinds, placeholder="全部", key="kinds")
    return [
        row
        for row in rows
        if all(word in haystack(row) for word in (words or "").split())
        and (not states or CaseState(row["state"]) in states)
        and (not chosen or row["document_kind"] in chosen)
    ]


def haystack(row: Row) -> str:
    """What a search looks in."""
    return " ".join(str(row[key] or "") for key in ("title", "drafting_unit", "number", "file_name"))


def line(row: Row) -> dict[str, str]:
    """One row as the register shows it."""
    return {
        "标题": row["title"],
        "类型": row["document_kind"],
        "阶段": row["stage"],
        "起草单位": row["drafting_unit"] or "—",
        "性别平等": LEVEL.get(row["relevance_gender"], UNASSESSED),
        "儿童优先": LEVEL.get(row["relevance_child"], UNASSESSED),
        "状态": STATE_NAMES[CaseState(row["state"])],
        "结论": row["conclusion"] or "—",
        "文号": row["number"] or "—",
        "登记": frame.when(row["opened_at"]),
        "更新": frame.when(row["updated_at"]),
    }


def opened(row: Row) -> None:
    """The chosen case: where to go, what happened, closing and reopening."""
    st.header(f"《{row['title']}》")
    with st.container(horizontal=True):
        for label, page in (
            ("收件与相关性", frame.INTAKE),
            ("条款审阅", frame.REVIEW),
            ("清单评分", frame.SCORING),
            ("评估意见", frame.OPINION),
        ):
            if st.button(label, key=f"to-{page}", icon=":material/arrow_forward:"):
                frame.open_case(page, row["id"])
    frame.jump(frame.HISTORY, "看办理过程", row["id"])
    for act, label, doing in (("close", "办结归档", bench.close), ("reopen", "重新开启", bench.reopen)):
        if bench.permits(account, act, row["id"]):
            with st.expander(label), st.form(act, border=False):
                reason = st.text_input("理由", max_chars=300)
                if st.form_submit_button(label):
                    with shown():
                        doing(account, row["id"], reason, row["case_seq"])
                        st.rerun()


everything = bench.cases(account)
if not everything:
    st.info("台账中还没有评估事项。")
    st.stop()
rows = matching(everything)
st.caption(f"共 {len(everything)} 件，当前显示 {len(rows)} 件。选中一行可以打开。")
selection = st.dataframe(
    [line(row) for row in rows],
    hide_index=True,
    on_select="rerun",
    selection_mode="single-row",
    key="register-table",
    height=min(420, 60 + 36 * max(len(rows), 1)),
)
picked = selection["selection"]["rows"]
if picked and picked[0] < len(rows):
    opened(rows[picked[0]])

"""材料与数据缺口: what was asked of the drafting unit, and which figures by sex or age nobody has given yet."""

from __future__ import annotations

from datetime import date

import streamlit as st

from assessment.screening.models import LENSES
from assessment.views import CaseView, Row
from assessment.web import forms, material_view
from assessment.web.labels import LENS
from assessment.web.session import require_account, workbench

ALL = ""

account = require_account()
bench = workbench()
st.title("材料与数据缺口")
cases = {row["id"]: row["title"] for row in bench.cases(account)}
if not cases:
    st.info("目前没有与您有关的评估事项。")
    st.stop()


def chosen_case() -> str:
    """All cases, or one of them; the address keeps the choice."""
    asked = st.query_params.get("case", ALL)
    ids = [ALL, *cases]
    picked = st.selectbox(
        "评估事项",
        ids,
        index=ids.index(asked) if asked in ids else 0,
        format_func=lambda case_id: f"《{cases[case_id]}》" if case_id else f"全部事项（{len(cases)} 件）",
    )
    if picked != asked:
        if picked:
            st.query_params["case"] = picked
        else:
            st.query_params.pop("case", None)
    return str(picked)


def standing(row: Row) -> str:
    """Whether a figure came, is awaited or is late."""
    if row["received"]:
        return "已收到"
    if not row["promised"]:
        return "未定提供时间"
    return "逾期未提供" if date.fromisoformat(row["promised"]) < date.today() else "待提供"


def line(row: Row) -> Row:
    """A register row as the table shows it."""
    told = {
        "方面": LENS[row["lens"]],
        "缺少的数据": row["figure"],
        "分组": row["breakdown"],
        "掌握单位": row["holder"] or "—",
        "承诺提供": row["promised"] or "—",
        "状态": standing(row),
        "收到日期": row["received"] or "—",
        "数据": row["value"] or "—",
        "来源": row["source"] or "—",
    }
    return told if case_id else {"事项": row["title"], **told}


def items(case: CaseView) -> dict[str, str]:
    """Checklist items a figure may be missing for; the empty one is none of them."""
    named = {item.id: f"{item.id} {item.criterion}" for c in case.checklists for item in c.items}
    return {"": "不针对某一项", **named}


def record(case: CaseView, row: Row | None) -> None:
    """Enter a missing figure, or correct an entry."""
    fields = ("lens", "figure", "breakdown", "holder", "promised", "item")
    stored: Row = {
        "lens": "gender",
        "figure": "",
        "breakdown": "",
        "holder": "",
        "promised": None,
        "item": "",
    }
    if row:
        promised = date.fromisoformat(row["promised"]) if row["promised"] else None
        stored = {field: row[field] for field in fields} | {"promised": promised}
    form = forms.begin(f"gap-{case.id}-{row['gap'] if row else 'new'}", case, stored)
    named = items(case)
    with st.form(form.name, border=False):
        lens = st.radio("方面", LENSES, format_func=LENS.__getitem__, horizontal=True, key=form.key("lens"))
        left, right = st.columns(2)
        figure = left.text_input(
            "缺少的数据", key=form.key("figure"), max_chars=200, placeholder="例如：近三年申请人数"
        )
        breakdown = right.text_input(
            "按什么分组", key=form.key("breakdown"), max_chars=100, placeholder="例如：分性别、分年龄段"
        )
        holder = left.text_input("掌握单位", key=form.key("holder"), max_chars=100)
        due = right.date_input("承诺提供日期（可不填）", key=form.key("promised"), format="YYYY-MM-DD")
        item = st.selectbox("对应的清单项", list(named), format_func=named.__getitem__, key=form.key("item"))
        if st.form_submit_button("保存更正" if row else "登记缺口", type="secondary" if row else "primary"):
            gap = row["gap"] if row else None
            with form.saving():
                bench.record_data_gap(
                    account, case.id, lens, figure, breakdown, holder, due, item, gap, form.seen
                )
                form.done()


def receive(case: CaseView, row: Row) -> None:
    """The figure came in."""
    papers = {paper["file"]: paper["name"] for paper in bench.attachments(account, case.id)}
    received = date.fromisoformat(row["received"]) if row["received"] else date.today()
    attachment = row["attachment"] if row["attachment"] in papers else None
    stored = {
        "value": row["value"] or "",
        "source": row["source"] or "",
        "received": received,
        "attachment": attachment,
    }
    form = forms.begin(f"data-{case.id}-{row['gap']}", case, stored)
    with st.form(form.name, border=False):
        value = st.text_area(
            "收到的数据",
            key=form.key("value"),
            max_chars=1000,
            height=68,
            placeholder="例如：2025 年申请人 1240 人，其中女 702 人、男 538 人",
        )
        left, right = st.columns(2)
        source = left.text_input("来源", key=form.key("source"), max_chars=200)
        day = right.date_input("收到日期", key=form.key("received"), format="YYYY-MM-DD")
        file = st.selectbox(
            "附件（可不选）",
            list(papers),
            format_func=papers.__getitem__,
            key=form.key("attachment"),
            placeholder="不选" if papers else "本事项没有附件",
        )
        if st.form_submit_button("登记收到", type="primary"):
            with form.saving():
                bench.receive_data(account, case.id, row["gap"], value, day, source, form.seen, file)
                form.done()


def handle(case: CaseView, own: list[Row]) -> None:
    """Add an entry to this case, or go on with one of its entries."""
    if not bench.permits(account, "record_data_gap", case.id):
        return
    if own:
        named = {row["gap"]: f"{row['figure']}（{row['breakdown']}，{standing(row)}）" for row in own}
        st.subheader("处理已登记的缺口")
        gap = st.selectbox("缺口", list(named), format_func=named.__getitem__, key=f"gap-{case.id}")
        row = next(row for row in own if row["gap"] == gap)
        receiving, correcting = st.tabs(["收到数据", "更正登记"])
        with receiving:
            receive(case, row)
        with correcting:
            record(case, row)
    st.subheader("登记新的缺口")
    record(case, None)


case_id = chosen_case()
case = bench.case(account, case_id) if case_id else None
if case:
    material_view.show(account, case)
st.header("数据缺口")
st.caption("评估所需而尚未取得的分性别、分年龄数据：缺什么、谁掌握、何时提供；收到后登记内容和来源。")
rows = bench.data_gaps(account, case_id or None)
if rows:
    waiting = [row for row in rows if not row["received"]]
    late = sum(standing(row) == "逾期未提供" for row in waiting)
    st.caption(
        f"共 {len(rows)} 项，待提供 {len(waiting)} 项" + (f"，其中逾期 {late} 项" if late else "") + "。"
    )
    st.dataframe([line(row) for row in rows], hide_index=True)
else:
    st.info("没有登记的数据缺口。")
if case:
    handle(case, rows)
else:
    st.caption("选择一个评估事项，可以登记、更正或登记收到的数据。")

"""受影响人群: sex, age, group and which way, one row for each, for every lens that is touched."""

from __future__ import annotations

import streamlit as st

from assessment.records.accounts import Account
from assessment.screening.models import LENSES, Lens
from assessment.usecases.arrival import Cell
from assessment.usecases.words import AGES, EFFECTS, GROUPS, SEXES
from assessment.views import CaseView, Row
from assessment.web import forms
from assessment.web.labels import LENS
from assessment.web.session import workbench

COLUMNS = {"性别": SEXES, "年龄": AGES, "群体": GROUPS, "影响": EFFECTS}


def show(account: Account, case: CaseView) -> None:
    """The grid of each lens decided as touched: to read, and to fill for those who may."""
    touched = [lens for lens in LENSES if lens in case.relevance and case.relevance[lens]["level"] != "none"]
    if not touched:
        return
    bench = workbench()
    described = bench.affected(account, case.id)
    permitted = bench.permits(account, "describe_affected", case.id)
    if not described and not permitted:
        return
    st.header("三、受影响人群")
    st.caption("写明哪些人受影响、影响方向；无法判断的也要写出，评估时据此核对数据和依据。")
    for column, lens in zip(st.columns(len(touched), gap="large"), touched, strict=True):
        with column:
            st.subheader(LENS[lens])
            cells = described.get(lens, ())
            if permitted:
                _edit(account, case, lens, cells)
            elif cells:
                st.dataframe(_rows(cells), hide_index=True)
            else:
                st.caption("尚未登记。")


def _rows(cells: tuple[Cell, ...]) -> list[dict[str, str]]:
    return [dict(zip(COLUMNS, cell, strict=True)) for cell in cells]


def _edit(account: Account, case: CaseView, lens: Lens, cells: tuple[Cell, ...]) -> None:
    form = forms.begin(f"affected-{case.id}-{lens}", case, {})
    rows: list[Row] = [*_rows(cells)] or [dict.fromkeys(COLUMNS)]
    with st.form(form.name, border=False):
        edited = st.data_editor(
            rows,
            column_config={
                name: st.column_config.SelectboxColumn(name, options=list(words), required=True)
                for name, words in COLUMNS.items()
            },
            num_rows="dynamic",
            hide_index=True,
            key=form.key("cells"),
        )
        save = st.form_submit_button("保存人群", type="secondary" if cells else "primary")
    if not save:
        return
    filled = [tuple(str(row[name]) for name in COLUMNS) for row in edited if all(row[n] for n in COLUMNS)]
    half = [row for row in edited if any(row[n] for n in COLUMNS) and not all(row[n] for n in COLUMNS)]
    if half:
        st.error("有一行没有填全，没有保存。请把性别、年龄、群体、影响都选好，或者删去这一行。")
        return
    with form.saving():
        chosen = [(sex, age, group, effect) for sex, age, group, effect in filled]
        workbench().describe_affected(account, case.id, lens, chosen, "", form.seen)
        form.done()

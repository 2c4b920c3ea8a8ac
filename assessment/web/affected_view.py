"""受影响人群: sex, age, group and which way, one row for each, for every lens that is touched."""

from __future__ import annotations

import streamlit as st

from assessment.records.accounts import Account
from assessment.screening.models import LENSES, Lens
from assessment.usecases.arrival import Cell
from assessment.usecases.words import AGES, EFFECTS, GROUPS, SEXES
from assessment.views import CaseView
from assessment.web import forms
from assessment.web.labels import LENS
from assessment.web.session import workbench

COLUMNS = {"性别": SEXES, "年龄": AGES, "群体": GROUPS, "影响": EFFECTS}
UNSPECIFIED = {"性别": "不分性别", "年龄": "不分年龄", "群体": "一般", "影响": "无法判断"}
"""What a row says until something else is chosen."""


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
    st.caption("一行写一类受影响的人和影响方向；在表格末尾添加一行，点单元格选择。")
    for column, lens in zip(st.columns(len(touched), gap="large"), touched, strict=True):
        with column:
            st.subheader(LENS[lens])
            cells = described.get(lens, ())
            if permitted:
                _edit(account, case, lens, cells)
            elif cells:
                st.dataframe(_table(cells), hide_index=True)
            else:
                st.caption("尚未登记。")


def _table(cells: tuple[Cell, ...]) -> dict[str, list[str]]:
    return {name: [cell[index] for cell in cells] for index, name in enumerate(COLUMNS)}


def _edit(account: Account, case: CaseView, lens: Lens, cells: tuple[Cell, ...]) -> None:
    form = forms.begin(f"affected-{case.id}-{lens}", case, {})
    with st.form(form.name, border=False):
        edited = st.data_editor(
            _table(cells),
            column_config={
                name: st.column_config.SelectboxColumn(name, options=list(words), default=UNSPECIFIED[name])
                for name, words in COLUMNS.items()
            },
            num_rows="dynamic",
            hide_index=True,
            key=form.key("cells"),
        )
        save = st.form_submit_button("保存人群")
    if not save:
        return
    rows = list(zip(*edited.values(), strict=True))
    if not all(all(row) for row in rows):
        st.error("有一行没有填全，没有保存。请把性别、年龄、群体、影响都选好，或者删去这一行。")
        return
    with form.saving():
        workbench().describe_affected(account, case.id, lens, rows, "", form.seen)
        form.done()

"""相关性复核: a second reader's judgement on one lens; where it differs, both side by side until settled."""

from __future__ import annotations

import streamlit as st

from assessment.records.accounts import Account
from assessment.screening.models import Lens, RelevanceLevel
from assessment.usecases.arrival import SecondReading
from assessment.views import CaseView, Row
from assessment.web import forms, frame
from assessment.web.labels import LEVEL
from assessment.web.session import workbench

LEVELS: tuple[RelevanceLevel, ...] = ("none", "general", "key")


def show(account: Account, case: CaseView, lens: Lens) -> None:
    """The second reading of one lens, for an office that asks for it, or where there is one."""
    bench = workbench()
    decided = case.relevance.get(lens)
    reading = bench.second_readings(account, case.id).get(lens)
    if decided is None or not (reading or bench.procedure().second_reader):
        return
    if reading:
        _told(reading)
        if settles(account, case, lens):
            _settle(account, case, lens)
    elif not bench.permits(account, "review_relevance", case.id):
        st.caption("待复核。")
    elif decided["actor"] == account.id:
        st.caption("待复核：须由另一人登录后复核。")
    else:
        _review(account, case, lens)


def settles(account: Account, case: CaseView, lens: Lens) -> bool:
    """Whether the two readers differ on a lens and this person is to end it."""
    reading = workbench().second_readings(account, case.id).get(lens)
    return reading is not None and reading.open and workbench().permits(account, "settle_relevance", case.id)


def _told(reading: SecondReading) -> None:
    row = reading.row
    if row["agrees"]:
        st.caption(f":material/how_to_reg: {_named(row['actor'])} 复核同意　{frame.plain(row['reason'])}")
        return
    st.markdown("**复核意见不一致**" if reading.open else "**复核意见不一致，已处理**")
    first, second = st.columns(2)
    with first:
        _opinion("判断", row["first_reader"], row["first_level"], row["first_reason"])
    with second:
        _opinion("复核", row["actor"], row["level"], row["reason"])
    if reading.open:
        st.warning("两人意见不一致，须由妇儿工委办处理。", icon=":material/compare_arrows:")
    else:
        st.caption(f"{_named(row['settled_by'])} 于 {frame.when(row['settled_at'])} 处理，以上方的判断为准。")


def _opinion(what: str, reader: str, level: str, reason: str) -> None:
    with st.container(border=True):
        st.caption(f"{what}：{_named(reader)}")
        st.markdown(f"**{LEVEL[level]}**　{frame.plain(reason)}")


def _named(account_id: str) -> str:
    return frame.plain(frame.person(workbench().people(), account_id))


def _review(account: Account, case: CaseView, lens: Lens) -> None:
    form, level, reason, save = _form(
        f"second-{case.id}-{lens}", case, "复核结论", "保存复核", "意见不同时必填"
    )
    if save and level is None:
        st.error("请先选择“不涉及”“一般”或“重点”。")
    elif save and level is not None:
        with form.saving():
            workbench().review_relevance(account, case.id, lens, level, reason, form.seen)
            form.done()


def _settle(account: Account, case: CaseView, lens: Lens) -> None:
    form, level, reason, save = _form(
        f"settle-relevance-{case.id}-{lens}", case, "处理结论", "确定", "写明采用哪一方的意见及原因"
    )
    if save and level is None:
        st.error("请先选择“不涉及”“一般”或“重点”。")
    elif save and level is not None:
        with form.saving():
            workbench().settle_relevance(account, case.id, lens, level, reason, form.seen)
            form.done()


def _form(
    name: str, case: CaseView, label: str, button: str, hint: str
) -> tuple[forms.Form, RelevanceLevel | None, str, bool]:
    """Level and reason; the form, what was chosen and typed, and whether it was sent off."""
    stored: Row = {"level": None, "reason": ""}
    form = forms.begin(name, case, stored)
    with st.form(form.name, border=True):
        level: RelevanceLevel | None = st.radio(
            label, LEVELS, format_func=LEVEL.__getitem__, horizontal=True, key=form.key("level")
        )
        reason = st.text_area(
            f"{label}的理由", key=form.key("reason"), max_chars=1000, height=80, placeholder=hint
        )
        save = st.form_submit_button(button, type="primary")
    return form, level, reason, save

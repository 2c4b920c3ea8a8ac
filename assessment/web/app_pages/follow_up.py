"""实施后评估: when the effects are to be looked at, what was predicted, what was found, what should become of it."""

from __future__ import annotations

import streamlit as st

from assessment.usecases.followup import FollowUp
from assessment.usecases.words import AGES, FOUND, OUTCOMES, SEXES
from assessment.views import Row
from assessment.web import arrival, forms, frame
from assessment.web.errors import shown
from assessment.web.session import workbench
from assessment.workbench import Description

EMPTY_ROWS = 3
EFFECT_COLUMNS = ("评估时的预测", "实际情况", "比较")
FIGURE_COLUMNS = ("指标", "性别", "年龄段", "数值", "来源")

account, case = frame.page_case("实施后评估")
bench = workbench()


def schedule(current: FollowUp) -> None:
    """Say when the effects are to be looked at."""
    stored = {"due": current.due or bench.propose_follow_up(), "note": current.note}
    form = forms.begin(f"schedule-{case.id}", case, stored)
    with st.form(form.name, border=True):
        st.markdown("法规政策施行一至二年，或者有效期届满前，评估实施效果。")
        due = st.date_input("实施后评估时间", format="YYYY-MM-DD", key=form.key("due"))
        note = st.text_input("说明（可不填）", max_chars=300, key=form.key("note"))
        if st.form_submit_button("安排", type="primary", icon=":material/event:"):
            with form.saving():
                bench.schedule_follow_up(account, case.id, due, note, form.seen)
                form.done()


def record(current: FollowUp) -> None:
    """The form: predicted against found, figures by sex and age, complaints, what should become of the text."""
    st.header("填写实施后评估")
    predicted = [{"评估时的预测": text, "实际情况": "", "比较": None} for text in current.predicted] or [
        dict.fromkeys(EFFECT_COLUMNS)
    ]
    form = forms.begin(f"follow-up-{case.id}", case, {"complaints": "", "conclusion": None, "reason": ""})
    with st.form(form.name, border=True):
        st.markdown("**一、预测与实际**（逐项填写实际情况，并作比较）")
        effects = st.data_editor(
            predicted,
            num_rows="dynamic",
            hide_index=True,
            column_config={
                "评估时的预测": st.column_config.TextColumn(width="large"),
                "实际情况": st.column_config.TextColumn(width="large"),
                "比较": st.column_config.SelectboxColumn(options=list(FOUND)),
            },
            row_height=64,
            placeholder="",
            key=form.key("effects"),
        )
        st.markdown("**二、分性别、分年龄段数据**（没有的行留空）")
        figures = st.data_editor(
            [dict.fromkeys(FIGURE_COLUMNS, "") for _ in range(EMPTY_ROWS)],
            num_rows="dynamic",
            hide_index=True,
            column_config={
                "性别": st.column_config.SelectboxColumn(options=list(SEXES)),
                "年龄段": st.column_config.SelectboxColumn(options=list(AGES)),
            },
            placeholder="",
            key=form.key("figures"),
        )
        complaints = st.text_area(
            "三、投诉、信访、诉讼和舆情（没有的写“无”）",
            max_chars=2000,
            height=80,
            key=form.key("complaints"),
        )
        conclusion = st.radio("四、结论", OUTCOMES, horizontal=True, key=form.key("conclusion"))
        reason = st.text_area("结论的理由", max_chars=2000, height=90, key=form.key("reason"))
        save = st.form_submit_button("保存实施后评估", type="primary")
    if save and conclusion is None:
        st.error("请先选择结论。")
    elif save and conclusion is not None:
        with form.saving():
            bench.record_follow_up(
                account,
                case.id,
                filled(effects, EFFECT_COLUMNS),  # type: ignore[arg-type]
                filled(figures, FIGURE_COLUMNS),  # type: ignore[arg-type]
                complaints,
                conclusion,
                reason,
                form.seen,
            )
            form.done()


def filled(rows: list[Row], columns: tuple[str, ...]) -> list[tuple[str, ...]]:
    """The rows of an edited table that say anything, as texts."""
    texts = [tuple(str(row.get(column) or "").strip() for column in columns) for row in rows]
    return [text for text in texts if text[0] or any(text[1:-1])]


def report(current: FollowUp) -> None:
    """What was found, once it is recorded."""
    found = current.report
    if not found:
        return
    st.success(
        f"结论：**{found['conclusion']}**　{frame.plain(found['reason'])}", icon=":material/fact_check:"
    )
    st.dataframe(
        [dict(zip(EFFECT_COLUMNS, effect, strict=True)) for effect in found["effects"]], hide_index=True
    )
    if found["figures"]:
        st.dataframe(
            [dict(zip(FIGURE_COLUMNS, figure, strict=True)) for figure in found["figures"]], hide_index=True
        )
    if found["complaints"]:
        st.markdown(f"投诉、信访、诉讼和舆情：{frame.plain(found['complaints'])}")


def linked() -> None:
    """Assessments of the same draft before and after this one."""
    earlier, later = bench.linked(account, case.id)
    for title, rows in (("此前的评估", earlier), ("此后的评估", later)):
        for row in rows:
            frame.jump(
                frame.REVIEW, f"{title}：《{row['title']}》（{frame.when(row['opened_at'])}）", row["id"]
            )


def reassess() -> None:
    """Assess the same draft anew, as a case of its own that names this one."""
    with st.expander("对同一法规政策重新评估", icon=":material/restart_alt:"):
        st.caption("以现行文本另立一件评估，与本件互相链接；本件的记录不变。")
        arrived = arrival.receive("上传现行文本", f"reassess-{case.id}")
        if arrived is None:
            return
        arrival.outline(arrived.document, height=220)
        if st.button("登记并筛查", type="primary"):
            with shown(), st.spinner("正在登记并筛查……"):
                description = Description(
                    arrived.document.title,
                    case.row["document_kind"],
                    arrived.document.stage.value,
                    case.row["drafting_unit"] or "",
                )
                new = bench.reassess(account, case.id, arrived.incoming, description, arrived.papers)
                frame.open_case(frame.INTAKE, new)


current = bench.follow_up(account, case.id)
if current.due:
    st.info(
        f"实施后评估时间：**{current.due:%Y-%m-%d}**"
        + (f"　{frame.plain(current.note)}" if current.note else ""),
        icon=":material/event:",
    )
elif not bench.permits(account, "schedule_follow_up", case.id):
    st.caption("反馈结束后，由妇儿工委办或法制经办人安排实施后评估的时间。")
if bench.permits(account, "schedule_follow_up", case.id):
    if current.due:
        with st.expander("更改时间"):
            schedule(current)
    else:
        schedule(current)
if bench.permits(account, "record_follow_up", case.id):
    record(current)
report(current)
linked()
if bench.permits(account, "reassess", case.id):
    reassess()

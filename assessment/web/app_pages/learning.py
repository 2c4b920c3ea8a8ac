"""模型学习: what people decided, a candidate trained on it, what it changes, which model is in use, live quality."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Any

import streamlit as st

from assessment.training.office_run import State
from assessment.training.office_shelf import SHIPPED, Kept
from assessment.usecases.learning import Learning, LiveRow
from assessment.web import forms, frame
from assessment.web.errors import shown
from assessment.web.labels import DECISION, LENS, type_name
from assessment.web.session import require_account, workbench

account = require_account()
bench = workbench()
CHANGE = {"gained": "新增", "lost": "不再标注", "retyped": "类型改变"}
SET = {"corpus": "留出的语料", "decisions": "本单位的处理结果"}


def named(name: str) -> str:
    """What a model is called on the screen."""
    return (
        "随程序发布的模型"
        if name == SHIPPED
        else f"本单位第 {int(name)} 号模型"
        if name.isdigit()
        else "（无法读取）"
    )


def share(part: int, whole: int) -> str:
    """A share with its counts; a dash where there is nothing to count."""
    return f"{part}/{whole}（{part / whole:.0%}）" if whole else "—"


def types_named(lens: str, types: Iterable[str]) -> str:
    """Concern types in Chinese."""
    return "、".join(type_name(lens, name) for name in types) or "—"


def decisions(learning: Learning) -> None:
    """How many decisions there are, and how many clauses can be learned from."""
    data = learning.data
    st.header("一、本单位的处理结果")
    columns = st.columns(5)
    for column, (label, count) in zip(
        columns,
        (
            ("确认", data.decisions["confirmed"]),
            ("改类型后确认", data.decisions["retyped"]),
            ("排除", data.decisions["excluded"]),
            ("人工添加", data.decisions["added"]),
            ("可用于训练的条款", len(data.examples)),
        ),
        strict=True,
    ):
        column.metric(label, count)
    unused = (
        ("同一条款还有待处理的标注", data.waiting),
        ("排除理由不能说明条款性质", data.unclear),
        ("以后又作了处理的相同条款", data.repeated),
        ("与只用于测量的条款相同或相近", data.reserved),
    )
    told = "；".join(f"{why} {count} 条" for why, count in unused if count)
    st.caption(
        f"来自 {data.families} 件事项。处理结果只存放在本单位，只用于训练本单位的模型。"
        + (f" 未使用：{told}。" if told else "")
    )


def training(state: State | None) -> None:
    """Start a run, or watch and stop the present one."""
    if state and state.condition == "running":
        progress()
        return
    if st.button("用本单位的处理结果重新训练", type="primary", icon=":material/model_training:"):
        with shown():
            with st.spinner("正在准备语料和处理结果……"):
                bench.retrain(account)
            st.rerun()
    st.caption(
        "在后台进行，约需一小时到六小时；其间工作台照常使用现用的模型。完成后先看对照，再决定是否启用。"
    )
    if state and state.condition == "failed":
        st.error(state.message, icon=":material/error:")
    elif state and state.condition == "stopped":
        st.info("上一次训练已按要求停止，没有产生新模型。")
    elif state and state.condition == "done":
        st.success(
            f"上一次训练已完成，产生了{named(state.model)}，对照见下。", icon=":material/check_circle:"
        )


@st.fragment(run_every=2)
def progress() -> None:
    """How far the present run has come; the whole page is made again when it ends."""
    state = bench.training_state(account)
    if state is None or state.condition != "running":
        st.rerun()
        return
    who = frame.plain(bench.people().get(state.by, "其他人员"))
    planned = state.steps > 1
    st.progress(
        (state.step - 1) / state.steps if planned else 0.0,
        f"正在训练：{f'第 {state.step} 步，共 {state.steps} 步　' if planned else ''}{state.what}",
    )
    with st.container(horizontal=True, vertical_alignment="center"):
        if st.button("停止训练", icon=":material/stop_circle:"):
            bench.stop_training(account)
            st.toast("正在停止……")
        st.caption(f"{who} 开始于 {frame.when(state.began)}。可以离开本页，训练会继续。")


def candidates(learning: Learning) -> None:
    """One of the office's own models beside the one it was compared with, and putting it in use."""
    st.header("二、新旧对照")
    if not learning.models:
        st.caption("还没有本单位的模型。训练完成后，这里列出新旧模型的质量和标注的增减。")
        return
    by_name = {kept.name: kept for kept in learning.models}
    picked = st.selectbox("模型", list(by_name), format_func=lambda name: label(by_name[name], learning))
    comparison = by_name[picked].comparison
    counts = comparison["counts"]
    st.caption(
        f"{frame.plain(bench.people().get(comparison['by'], '其他人员'))} 训练于 {frame.when(comparison['made'])}；"
        f"在全部语料之外学习了 {counts['families']} 件事项的 {counts['clauses']} 条处理结果；"
        f"与{named(comparison['against'])}对照。"
    )
    quality_table(comparison["quality"])
    flags_table(comparison["flags"], comparison["drafts"])
    if picked != learning.in_use:
        choose_form("启用", [picked], learning)


def label(kept: Kept, learning: Learning) -> str:
    """A model in the list."""
    state = "（在用）" if kept.name == learning.in_use else ""
    return f"{named(kept.name)}{state}　{frame.when(kept.comparison['made'])}"


def quality_table(rows: list[dict[str, Any]]) -> None:
    """Both sides on what neither has learned from."""
    st.subheader("质量")
    if not any(row["on"] == "decisions" for row in rows):
        st.caption("处理结果只来自一件事项，不能按事项轮流留出，所以只在语料上衡量。")
    st.dataframe(
        [
            {
                "衡量所用": f"{SET[row['on']]}（{row['clauses']} 条）",
                "方面": LENS[row["lens"]],
                "模型": side,
                "疑似问题：标得对": share(*one["concern"][:2]),
                "疑似问题：找得到": share(one["concern"][0], one["concern"][2]),
                "误标": share(one["false_flags"], one["negatives"]),
                "相关条款：标得对": share(*one["relevance"][:2]),
                "相关条款：找得到": share(one["relevance"][0], one["relevance"][2]),
            }
            for row in rows
            for side, one in (("原用", row["old"]), ("新训练", row["new"]))
        ],
        hide_index=True,
    )
    st.caption(
        "两个模型都没有学过用来衡量的条款：语料留出整族，处理结果按事项轮流留出。条数少时，百分比只作参考。"
    )


def flags_table(flags: list[dict[str, Any]], drafts: int) -> None:
    """Every flag gained, lost or retyped over the stored drafts, with a link to the draft."""
    st.subheader("对已存草案的影响")
    kinds = [change(flag) for flag in flags]
    counts = Counter(kinds)
    st.caption(
        f"用两个模型筛查已存的 {drafts} 份草案，疑似问题标注："
        + "，".join(f"{name} {counts[key]} 处" for key, name in CHANGE.items())
        + "。启用后，已有的筛查结果不会自动改变，由经办人在事项中“重新筛查”。"
    )
    if not flags:
        return
    chosen = st.pills("增减", list(CHANGE), format_func=CHANGE.__getitem__, label_visibility="collapsed")
    st.dataframe(
        [
            {
                "增减": CHANGE[kind],
                "查看": f"/review?case={flag['case']}",
                "草案": f"《{flag['title']}》第 {flag['version']} 版",
                "条款": flag["place"],
                "方面": LENS[flag["lens"]],
                "原文": flag["quote"],
                "类型（原用 → 新训练）": f"{types_named(flag['lens'], flag['old'])} → "
                f"{types_named(flag['lens'], flag['new'])}",
                "人的处理": decided(flag),
            }
            for flag, kind in zip(flags, kinds, strict=True)
            if chosen in (None, kind)
        ],
        hide_index=True,
        row_height=64,
        column_config={
            "草案": st.column_config.TextColumn(width="medium"),
            "原文": st.column_config.TextColumn(width="medium"),
            "类型（原用 → 新训练）": st.column_config.TextColumn(width="medium"),
            "查看": st.column_config.LinkColumn(display_text="打开草案", width="small"),
        },
    )


def change(flag: dict[str, Any]) -> str:
    """gained, lost or retyped."""
    return "gained" if not flag["old"] else "lost" if not flag["new"] else "retyped"


def decided(flag: dict[str, Any]) -> str:
    """What people decided on the clause, in the current version."""
    found = bench.decisions_on(account, flag["case"], flag["unit"], flag["lens"])
    return "、".join(dict.fromkeys(DECISION[decision] for decision in found)) or "—"


def choose_form(act: str, names: list[str], learning: Learning) -> None:
    """Put a model in use: which, why, and a confirmation."""
    with st.form(f"choose-{act}", border=True):
        if len(names) == 1:
            name = names[0]
            st.markdown(f"{act}**{named(name)}**")
        else:
            name = st.selectbox(f"{act}哪个模型", names, format_func=named)
        reason = st.text_input("理由", max_chars=300, placeholder=f"为什么{act}（会写入更换记录）")
        sure = st.checkbox(f"我已看过对照，确认{act}；此后的筛查都用这个模型")
        if st.form_submit_button(act, icon=":material/published_with_changes:"):
            if not sure:
                st.error("请先勾选确认。您填写的理由仍在。")
                return
            with shown():
                bench.choose_model(account, name, reason, seen)
                st.toast(f"现在使用{named(name)}")
                st.rerun()


def choices(learning: Learning) -> None:
    """Going back to the shipped model or an earlier one, and the record of every change."""
    st.header("三、在用的模型")
    st.markdown(f"**{named(learning.in_use)}**")
    earlier = [SHIPPED, *dict.fromkeys(choice.model for choice in learning.choices if choice.model.isdigit())]
    back = [name for name in earlier if name != learning.in_use]
    if learning.choices and back:
        with st.expander("恢复随程序发布的模型或以前用过的模型", icon=":material/history:"):
            choose_form("恢复", back, learning)
    if learning.altered:
        numbers = "、".join(map(str, learning.altered))
        st.warning(f"更换记录第 {numbers} 条与写入时不同，可能被人改动过。请联系管理员核对备份。")
    if not learning.choices:
        st.caption("一直使用随程序发布的模型，没有更换记录。")
        return
    people = bench.people()
    st.dataframe(
        [
            {
                "序号": choice.number,
                "时间": frame.when(choice.at) if choice.at else "—",
                "更换人": people.get(choice.actor, "—"),
                "换为": named(choice.model),
                "理由": choice.reason,
            }
            for choice in reversed(learning.choices)
        ],
        hide_index=True,
    )


def live(rows: list[LiveRow]) -> None:
    """What became of findings, by month, lens and type."""
    st.header("四、实际使用中的质量")
    if not rows:
        st.caption("还没有处理过的标注。")
        return
    st.caption(
        "按处理的月份统计。“确认率”是处理过的标注中被人确认（含改类型）的份额；"
        "“人工添加”是程序没有标出、由人补上的，可见漏标的多少。"
    )
    months = sorted({row.month for row in rows}, reverse=True)
    with st.container(horizontal=True):
        month = st.pills("月份", months[:12])
        lens = st.pills("方面", list(LENS), format_func=LENS.__getitem__)
    st.dataframe(
        [
            {
                "月份": row.month,
                "方面": LENS[row.lens],
                "类型": row.type_name,
                "确认": row.confirmed,
                "改类型": row.retyped,
                "排除": row.excluded,
                "确认率": share(row.confirmed + row.retyped, row.decided),
                "人工添加": row.added,
            }
            for row in rows
            if month in (None, row.month) and lens in (None, row.lens)
        ],
        hide_index=True,
    )


st.title("模型学习")
with shown():
    found = bench.learning(account)
    seen = forms.last_shown("choices", found.seen)
    st.html(f'<div class="case-line">在用：<b>{named(found.in_use)}</b></div>')
    decisions(found)
    training(found.state)
    candidates(found)
    choices(found)
    live(bench.live_quality(account))

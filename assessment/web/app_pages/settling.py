"""合议: the panel's sheets side by side; where they differ, one item at a time until each is settled."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from assessment.checklists import ANSWERS, Answer
from assessment.panel import METHOD, Agreement
from assessment.usecases.settling import Settlement, SettlementItem
from assessment.web import forms, frame
from assessment.web.errors import shown
from assessment.web.questions import choose_checklist
from assessment.web.session import workbench

LIST_LENGTH = 16
LIST_HEIGHT = 480
APART = {0: "重新评分后一致", 1: "相近", 2: "相反"}
MEANS = {
    "一致率": "两两比较，答案相同的占比",
    "κ 系数": "扣除碰巧一致后的一致程度；1 为完全一致，0 为与碰巧相当",
    "次序 α": "只看符合、部分符合、不符合的先后，差得越远扣得越多",
}

account, case = frame.page_case("合议")
bench = workbench()
people = bench.people()


def begin() -> None:
    """Open the session once all sheets are in."""
    seen = forms.last_shown(f"open-{case.id}", case.seen)
    with st.form("open", border=True):
        note = st.text_input("会议说明（可不填）", max_chars=300, placeholder="例如：时间、地点、参加人员")
        st.caption("合议期间评分表锁定；如需重新评分，可以退回。")
        if st.form_submit_button("开始合议", type="primary", icon=":material/groups:"):
            with shown():
                bench.open_settlement(account, case.id, seen, note)
                st.rerun()


def figures(settlement: Settlement) -> None:
    """How far the sheets agree, with what each figure means."""
    overall = settlement.agreement.overall
    values = dict(zip(MEANS, measured(overall), strict=True))
    columns = st.columns([1, 1, 1, 1])
    split = len(settlement.by_distance)
    columns[0].metric("意见一致", f"{len(settlement.items) - split} / {len(settlement.items)} 项")
    columns[0].caption("各份评分表答案相同的清单项")
    for column, (name, meaning) in zip(columns[1:], MEANS.items(), strict=True):
        column.metric(name, values[name])
        column.caption(meaning)
    with st.expander("各部分的一致程度和计算方法"):
        st.dataframe(
            [
                {"部分": group, **dict(zip(MEANS, measured(agreement), strict=True))}
                for group, agreement in settlement.agreement.by_group.items()
            ],
            hide_index=True,
        )
        st.caption(METHOD)


def measured(agreement: Agreement) -> tuple[str, str, str]:
    """Percent, kappa and ordinal alpha as they are shown; a dash where a figure is not defined."""
    kappa = agreement.cohen if agreement.experts == 2 else agreement.fleiss
    percent = "—" if agreement.percent is None else f"{agreement.percent:.1f}%"
    return percent, _figure(kappa), _figure(agreement.alpha_ordinal)


def _figure(value: float | None) -> str:
    return "—" if value is None else f"{value:.3f}"


def take_over(settlement: Settlement) -> None:
    """The items all answer alike: prefilled, taken over in one step after a look."""
    agreed = [entry for entry in settlement.items if entry.proposed is not None]
    waiting = sum(entry.settled is None for entry in agreed)
    st.header(f"意见一致的 {len(agreed)} 项")
    if not agreed:
        return
    seen = forms.last_shown(f"agreed-{case.id}-{settlement.checklist.id}", case.seen)
    with st.expander("查看各项一致意见", expanded=bool(waiting)):
        st.dataframe([_row(entry) for entry in agreed], hide_index=True)
    if not waiting:
        st.caption(":material/check: 已按一致意见确定。")
    elif may_settle and st.button(f"按一致意见确定这 {waiting} 项", icon=":material/done_all:"):
        with shown():
            bench.settle_agreed(account, case.id, settlement.checklist.id, seen)
            st.rerun()
    if may_settle:
        otherwise(settlement, agreed)


def otherwise(settlement: Settlement, agreed: Sequence[SettlementItem]) -> None:
    """The panel may answer an item otherwise than all sheets did, with a reason."""
    named = {entry.item.id: entry for entry in agreed}
    item = st.selectbox(
        "对其中一项另作讨论（可不选）",
        list(named),
        index=None,
        format_func=lambda key: f"{key} {named[key].item.criterion}",
        placeholder="不需要",
        key=f"otherwise-{case.id}-{settlement.checklist.id}",
    )
    if item:
        one(settlement, named[item])


def _row(entry: SettlementItem) -> dict[str, str]:
    return {
        "编号": entry.item.id,
        "清单项": entry.item.criterion,
        "一致意见": str(entry.proposed),
        "合议结论": entry.settled["answer"] if entry.settled else "待确定",
        "理由": "；".join(dict.fromkeys(row["reason"] for row in entry.answers.values() if row["reason"]))
        or "—",
    }


def differing(settlement: Settlement) -> None:
    """The split items, furthest apart first, and those scored again, beside the one that is talked about now."""
    entries = {entry.item.id: entry for entry in settlement.items}
    split = [entries[item] for item in settlement.by_distance]
    split += [entry for entry in settlement.items if entry.proposed is not None and entry.stale]
    left_over = sum(waits(entry) for entry in split)
    st.header(f"须逐项讨论的 {len(split)} 项" + (f"，还有 {left_over} 项待定" if left_over else ""))
    if not split:
        st.caption("各份评分表没有分歧。")
        return
    left, right = st.columns([1, 2.6], gap="large")
    with left:
        entry = picked(settlement, split)
    with right:
        one(settlement, entry)


def waits(entry: SettlementItem) -> bool:
    """Whether an item is still to be settled, or to be looked at again."""
    return entry.settled is None or entry.stale


def picked(settlement: Settlement, split: Sequence[SettlementItem]) -> SettlementItem:
    """Which split item is talked about; the first open one until another is chosen."""
    key = f"split-{case.id}-{settlement.checklist.id}"
    ids = [entry.item.id for entry in split]
    named = {entry.item.id: entry for entry in split}
    if st.session_state.get(key) not in ids:
        open_ids = [entry.item.id for entry in split if waits(entry)]
        st.session_state[key] = (open_ids or ids)[0]
    st.caption("分歧大的在前")
    with st.container(height=LIST_HEIGHT if len(ids) > LIST_LENGTH else "content", border=True):
        chosen = st.radio(
            "清单项",
            ids,
            format_func=lambda item: _told(named[item]),
            key=key,
            label_visibility="collapsed",
        )
    return named[chosen]


def _told(entry: SettlementItem) -> str:
    done = "" if waits(entry) else ":material/check: "
    return f"{done}{entry.item.id} {frame.plain(entry.item.criterion)}　:gray[{APART[entry.steps]}]"


def one(settlement: Settlement, entry: SettlementItem) -> None:
    """One item: the question, the sheets side by side, and the panel's answer."""
    st.markdown(
        f"**{entry.item.id} {frame.plain(entry.item.criterion)}**　{frame.plain(entry.item.question)}"
    )
    side_by_side(entry)
    if entry.stale:
        st.warning("合议之后有评分表重新提交，请核对后再次确定本项。", icon=":material/update:")
    if may_settle:
        settle(settlement, entry)
    elif entry.settled:
        result(entry)


def side_by_side(entry: SettlementItem) -> None:
    """What each expert answered, why, and on which words."""
    given = list(entry.answers.items())
    for start in range(0, len(given), 3):
        for column, (expert, row) in zip(st.columns(3), given[start : start + 3], strict=False):
            with column, st.container(border=True):
                st.markdown(f"{frame.plain(people.get(expert, '—'))}　**{row['answer']}**")
                st.caption(frame.plain(row["reason"]) or "没有写理由")
                for quote in row["quotes"]:
                    frame.block("quote", quote)


def settle(settlement: Settlement, entry: SettlementItem) -> None:
    """Answer, reason, vote and minority view of the panel on one item."""
    on_record = entry.settled or {"answer": None, "reason": "", "minority": "", "votes": {}}
    offered = [answer for answer in ANSWERS if answer in {row["answer"] for row in entry.answers.values()}]
    stored = {
        "answer": on_record["answer"],
        "reason": on_record["reason"],
        "minority": on_record["minority"],
        **{f"votes-{answer}": int(on_record["votes"].get(answer, 0)) for answer in offered},
    }
    form = forms.begin(f"settle-{case.id}-{settlement.checklist.id}-{entry.item.id}", case, stored)
    with st.form(form.name, border=True):
        answer: Answer | None = st.radio("合议结论", ANSWERS, horizontal=True, key=form.key("answer"))
        reason = st.text_area("合议理由", max_chars=1000, height=80, key=form.key("reason"))
        with st.expander(
            "表决和少数意见（可不填）", expanded=bool(on_record["votes"] or on_record["minority"])
        ):
            votes: dict[Answer, int] = {}
            for column, option in zip(st.columns(len(offered)), offered, strict=True):
                votes[option] = int(
                    column.number_input(f"赞成“{option}”的票数", 0, 99, key=form.key(f"votes-{option}"))
                )
            minority = st.text_area(
                "少数意见（保留在记录中）", max_chars=1000, height=68, key=form.key("minority")
            )
        save = st.form_submit_button("确定本项", type="secondary" if entry.settled else "primary")
    if save and answer is None:
        st.error("请先选择合议结论。")
    elif save and answer is not None:
        counted = votes if any(votes.values()) else None
        with form.saving():
            bench.settle_item(
                account,
                case.id,
                settlement.checklist.id,
                entry.item.id,
                answer,
                reason,
                form.seen,
                counted,
                minority,
            )
            for kind in ("split", "otherwise"):
                st.session_state.pop(f"{kind}-{case.id}-{settlement.checklist.id}", None)
            form.done()


def result(entry: SettlementItem) -> None:
    """What the panel settled, to read."""
    row = entry.settled or {}
    st.success(f"合议结论：**{row['answer']}**　{frame.plain(row['reason'])}", icon=":material/gavel:")
    if row["votes"]:
        st.caption("表决：" + "，".join(f"{answer} {number} 票" for answer, number in row["votes"].items()))
    if row["minority"]:
        st.caption(f"少数意见：{frame.plain(row['minority'])}")


settlements = bench.settlement(account, case.id)
may_settle = bench.permits(account, "settle", case.id)
progress = bench.progress(account, case.id)
missing = sum(not done for *_, done in progress)
if not progress:
    st.info("本事项还没有评分人员，暂无可合议的内容。")
    st.stop()
if missing:
    st.info(f"还有 {missing} 份评分表没有提交。全部提交后才能合议；提交之前，任何人都看不到他人的评分。")
    frame.jump(frame.SCORING, "查看评分进度", case.id)
elif bench.permits(account, "open_settlement", case.id):
    begin()
if not settlements:
    st.stop()
checklists = [settlement.checklist for settlement in settlements]
shown_list = choose_checklist(checklists, [not s.open for s in settlements], f"settle-{case.id}")
settlement = next(s for s in settlements if s.checklist.id == shown_list.id)
figures(settlement)
differing(settlement)
take_over(settlement)
if not any(s.open for s in settlements):
    frame.jump(frame.OPINION, "去编写评估意见", case.id)

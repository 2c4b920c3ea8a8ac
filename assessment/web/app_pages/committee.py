"""委员会审议: a page to decide on in ten minutes, bound to exactly the paper that lies before the committee."""

from __future__ import annotations

import streamlit as st

from assessment import opinions
from assessment.opinions.models import Opinion
from assessment.usecases.committee import CommitteeView
from assessment.usecases.words import DECISIONS
from assessment.web import forms, frame
from assessment.web.labels import LENS, SEVERITY, type_name
from assessment.web.session import workbench

SHOWN_FIRST = 8
VOTES = ("同意", "反对", "弃权")
NEEDS_WORDS = {"附条件通过": "通过的条件", "退回": "退回的理由", "暂缓": "暂缓的理由"}

account, case = frame.page_case("委员会审议")
bench = workbench()


def standing(view: CommitteeView) -> None:
    """Where the paper stands before the committee, in one line."""
    if view.standing in ("通过", "附条件通过"):
        st.success(f"审议情况：**{view.standing}**", icon=":material/gavel:")
    elif view.standing == "需重新审议":
        st.error("评估意见在审议之后已有变动，**需重新审议**。", icon=":material/gavel:")
    else:
        st.info(f"审议情况：**{view.standing}**", icon=":material/gavel:")


def at_a_glance(opinion: Opinion) -> None:
    """The conclusion, and how much there is of what."""
    st.header("一、结论与要点")
    with st.container(border=True):
        st.markdown(f"**{opinion.conclusion or '尚未选择结论'}**")
        if opinion.explanation:
            st.markdown(frame.plain(opinion.explanation))
    columns = st.columns(4)
    serious = [entry for entry in opinion.recommendations if entry.severity == "high"]
    columns[0].metric("涉嫌与上位法不一致", len(serious))
    columns[1].metric("具体意见", len(opinion.recommendations))
    columns[2].metric("缺项", len(opinion.gaps))
    columns[3].metric("评分清单", len(opinion.scores))
    for score in opinion.scores:
        st.caption(f"{score.title}：{score.formula}")


def points(opinion: Opinion) -> None:
    """What the draft is asked to change, the most serious first."""
    st.header("二、建议修改之处")
    rank = {"high": 0, "medium": 1, "hint": 2}
    ordered = sorted(opinion.recommendations, key=lambda entry: rank.get(entry.severity, 3))
    if not ordered and not opinion.gaps:
        st.caption("评估意见没有提出修改建议。")
    for number, entry in enumerate(ordered):
        names = "、".join(type_name(entry.lens, kind) for kind in entry.types)
        title = f"{entry.clause}　{names}（{SEVERITY[entry.severity]}）〔{LENS[entry.lens]}〕"
        with st.expander(frame.plain(title), expanded=number < SHOWN_FIRST and entry.severity == "high"):
            frame.block("quote", entry.quote)
            st.markdown(frame.plain(entry.problem))
            st.caption("依据：" + "；".join(entry.basis))
            frame.block("advice", entry.proposal)
    for missing in opinion.gaps:
        st.markdown(f"- 缺项：**{frame.plain(missing.title)}**　{frame.plain(missing.proposal)}")


def convene(opinion: str) -> None:
    """The office lays the composed paper before the committee."""
    seen = forms.last_shown(f"convene-{case.id}", case.seen)
    form = forms.begin(f"convene-{case.id}", case, {"note": ""})
    with st.form(form.name, border=True):
        st.markdown("评估意见已成文，可以提请委员会审议。")
        note = st.text_input("提请说明（可不填）", max_chars=300, key=form.key("note"))
        if st.form_submit_button("提请审议", type="primary", icon=":material/campaign:"):
            with form.saving():
                bench.convene_committee(account, case.id, opinion, seen, note)
                form.done()


def decide(opinion: str) -> None:
    """The decision, its conditions and the vote, on exactly the paper shown."""
    st.header("三、审议决定")
    read, seen = forms.last_shown(f"committee-{case.id}", (opinion, case.seen))
    form = forms.begin(f"decide-{case.id}", case, {"decision": None, "words": ""})
    with st.form(form.name, border=True):
        decision = st.radio("决定", DECISIONS, horizontal=True, index=None, key=form.key("decision"))
        words = st.text_area(
            "条件或者理由（“附条件通过”“退回”“暂缓”时必填）",
            max_chars=2000,
            height=90,
            key=form.key("words"),
        )
        columns = st.columns(3)
        votes = {
            name: int(column.number_input(f"{name}（票）", 0, 200, key=form.key(name)) or 0)
            for name, column in zip(VOTES, columns, strict=True)
        }
        st.caption(
            f"决定针对内容标识（SHA-256）为 {opinion[:16]}… 的评估意见；此后内容如有变动，须重新审议。"
        )
        save = st.form_submit_button("记录决定", type="primary", icon=":material/gavel:")
    if save and decision is None:
        st.error("请先选择决定。")
    elif save and decision is not None:
        with form.saving():
            given = {name: count for name, count in votes.items() if count}
            bench.decide_committee(account, case.id, read, decision, seen, words, given)
            form.done()


def decided(view: CommitteeView) -> None:
    """What the committee has decided so far, the latest first."""
    if not view.decisions:
        return
    people = bench.people()
    st.header("审议记录")
    for row in reversed(view.decisions):
        votes = "，".join(f"{name} {count} 票" for name, count in row["votes"].items())
        with st.container(border=True):
            st.markdown(
                f"**{row['decision']}**　{frame.when(row['at'])}　"
                f"记录人：{frame.plain(frame.person(people, row['actor']))}" + (f"　{votes}" if votes else "")
            )
            if row["conditions"]:
                st.markdown(f"{NEEDS_WORDS.get(row['decision'], '说明')}：{frame.plain(row['conditions'])}")
            st.caption(f"审议的评估意见（SHA-256）{row['opinion'][:16]}…")


view = bench.committee_view(account, case.id)
standing(view)
paper = bench.composed_opinion(account, case.id) if view.opinion else None
if view.opinion is None or paper is None:
    st.caption("评估意见还没有成文，不能提请审议。")
    frame.jump(frame.OPINION, "去评估意见", case.id)
    decided(view)
    st.stop()
at_a_glance(paper)
points(paper)
if bench.permits(account, "convene_committee", case.id):
    convene(view.opinion)
if bench.permits(account, "decide_committee", case.id):
    decide(view.opinion)
with st.expander("评估意见全文"), st.container(height=640, border=False):
    st.html(opinions.preview_html(paper))
decided(view)

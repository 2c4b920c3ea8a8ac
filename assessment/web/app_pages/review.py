"""条款审阅: the draft as read, its findings marked in the text, and the finding being decided beside it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import streamlit as st

from assessment.documents import Document
from assessment.plans.index import goal
from assessment.screening.models import LENSES, Finding, Lens
from assessment.views import Decision, FindingView, GapView
from assessment.web import forms, frame, labels
from assessment.web.clause_view import clause_view
from assessment.web.discussion import discussion
from assessment.web.errors import shown
from assessment.web.labels import DECISION, KIND, LENS, SEVERITY_LONG, SOURCE, VERDICT
from assessment.web.redline_view import changed_words
from assessment.web.session import workbench
from assessment.workbench import Mark

Colour = Literal["red", "green", "blue", "gray", "yellow"]
KIND_COLOUR: dict[str, Colour] = {"concern": "red", "protective": "green", "relevant": "blue"}
DECISION_COLOUR: dict[str, Colour] = {"confirmed": "green", "excluded": "gray", "undecided": "yellow"}
EXCLUSIONS = (
    "属于禁止性、保障性规定",
    "援引上位法或照录法定内容",
    "法定范围内的特殊保护",
    "促进实质平等的积极措施",
    "机构名称或列举",
    "引述后予以否定",
    "与性别、儿童无关",
)

account, case = frame.page_case("条款审阅")
bench = workbench()
editable = bench.permits(account, "decide_finding", case.id)


def filtered() -> list[FindingView]:
    """The findings that the filters above the text let through, in reading order."""
    with st.container(horizontal=True, vertical_alignment="bottom", key="filters"):
        lens = st.pills("方面", list(LENSES), format_func=LENS.__getitem__, key="lens", bind="query-params")
        kind = st.pills(
            "类别", list(KIND), format_func=KIND.__getitem__, default=None, key="kind", bind="query-params"
        )
        decision = st.pills(
            "处理情况", list(DECISION), format_func=DECISION.__getitem__, key="decision", bind="query-params"
        )
    return [
        view
        for view in case.findings
        if (lens is None or view.finding.lens == lens)
        and (kind is None or view.kind == kind)
        and (decision is None or view.decision == decision)
    ]


def step(
    views: Sequence[FindingView], chosen: str | None, *, undecided: bool, back: bool = False
) -> str | None:
    """The next finding after ``chosen`` in reading order (or before it), around the end; None if none is left."""
    ids = [view.finding.id for view in views]
    start = ids.index(chosen) if chosen in ids else (0 if back else -1)
    order = list(range(start + 1, len(ids))) + list(range(0, start + 1))
    if back:
        order = list(range(start - 1, -1, -1)) + list(range(len(ids) - 1, start - 1, -1))
    for position in order:
        if not undecided or views[position].decision == "undecided":
            return ids[position]
    return None


def choose(finding_id: str | None) -> None:
    """Make a finding the one shown beside the text."""
    st.session_state["finding"] = finding_id
    st.session_state.pop("selection", None)


def select(start: int, end: int) -> None:
    """Begin a finding by hand on the selected words."""
    st.session_state["selection"] = (start, end)


def navigation(views: Sequence[FindingView], chosen: str | None) -> None:
    """Counts and the buttons that walk through the findings."""
    undecided = sum(view.decision == "undecided" for view in views)
    decided = len(views) - undecided
    st.progress(decided / len(views) if views else 1.0, f"已处理 {decided} 条，共 {len(views)} 条")
    back = step(views, chosen, undecided=False, back=True)
    onward = step(views, chosen, undecided=False)
    waiting = step(views, chosen, undecided=True)
    with st.container(horizontal=True):
        for label, target in (("上一条", back), ("下一条", onward), ("下一条待处理", waiting)):
            st.button(label, disabled=target is None, key=f"go-{label}", on_click=choose, args=(target,))


def card(view: FindingView) -> None:
    """One finding: what it is, where it stands, the decision, and the explanation below."""
    finding = view.finding
    with st.container(horizontal=True, vertical_alignment="center"):
        st.badge(f"{LENS[finding.lens]} · {KIND[view.kind]}", color=KIND_COLOUR[view.kind])
        if view.kind == "concern":
            st.badge(SEVERITY_LONG[view.severity], color="orange")
        st.badge(DECISION[view.decision], color=DECISION_COLOUR[view.decision])
    names = "、".join(labels.type_name(finding.lens, kind) for kind in view.types)
    st.subheader(names or KIND[view.kind])
    st.caption(" › ".join(case.document.clause(finding.clause).path))
    frame.block("quote", finding.quote)
    if view.decision == "undecided":
        earlier(view)
    if editable:
        decide(view)
    explanation(view)
    discussion(case, f"finding/{finding.id}")


def earlier(view: FindingView) -> None:
    """What was decided in the version before on the same clause, which was edited since, and how."""
    number = bench.assessed_before(account, case.id)
    before = bench.earlier_decision(account, case.id, view) if number is not None else None
    if before is None or number is None:
        return
    names = "、".join(labels.type_name(before.finding.lens, kind) for kind in before.types)
    what = f"{KIND[before.kind]}（{names}）" if names else KIND[before.kind]
    why = f"，理由：{before.reason}" if before.reason else ""
    who = frame.person(bench.people(), before.by)
    st.info(
        f"上一版中，{frame.plain(who)}对本条的处理：**{DECISION[before.decision]}** {what}{frame.plain(why)}。"
        "本条文字已修改，请重新审阅。",
        icon=":material/history:",
    )
    with st.expander("看改动"):
        old, new, comparison = bench.comparison(account, case.id, number, int(case.row["version"]))
        row = next(row for row in comparison.rows if view.finding.unit in row.new)
        st.html(changed_words(old, new, row))


def explanation(view: FindingView) -> None:
    """Why, on what law, what it may be mistaken for, and what to write instead."""
    finding = view.finding
    frame.block("field", "为什么标注")
    st.markdown(frame.plain(finding.reason))
    if finding.basis:
        frame.block("field", "依据")
        st.markdown("；".join(frame.plain(entry) for entry in finding.basis))
    if finding.lookalike:
        frame.block("field", "相似但合法的情形")
        frame.block("lookalike", finding.lookalike)
    if finding.suggestion:
        frame.block("field", "建议写法")
        frame.block("advice", finding.suggestion)
    if finding.domains:
        areas = "、".join(labels.domain_name(finding.lens, domain) for domain in finding.domains)
        st.caption(f"所属领域：{areas}")
    for goal_id in finding.goals:
        st.caption(f"相关规划目标：{goal(goal_id).text}")
    origin = SOURCE[finding.source]
    st.caption(f"提出方式：{origin}" + ("" if view.added else f"；把握程度 {finding.confidence:.0%}"))
    if view.by:
        who = frame.person(bench.people(), view.by)
        why = f"，理由：{view.reason}" if view.reason and not view.added else ""
        carried = f"（沿用第 {view.carried_from} 版的处理）" if view.carried_from else ""
        st.info(f"{who} 于 {frame.when(view.at)} 处理：{DECISION[view.decision]}{why}{carried}")


def save(view: FindingView, seen: int, decision: Decision, **changes: object) -> None:
    """Store a decision and go on to the next undecided finding; a refusal leaves everything typed."""
    with shown():
        bench.decide_finding(account, case.id, view.finding.id, decision, seen, **changes)  # type: ignore[arg-type]
        after = step(bench.case(account, case.id).findings, view.finding.id, undecided=True)
        if after and decision != "undecided":
            st.session_state["finding"] = after
        st.rerun()


def decide(view: FindingView) -> None:
    """The three things a person can do with a finding, and taking a decision back."""
    key = view.finding.id
    seen = forms.last_shown(f"finding-{case.id}-{key}", case.seen)
    if view.decision != "undecided":
        if st.button("撤回处理，改为待处理", key=f"undo-{key}"):
            save(view, seen, "undecided", reason="")
        return
    with st.container(horizontal=True):
        if st.button("确认", type="primary", key=f"confirm-{key}", icon=":material/check:"):
            save(view, seen, "confirmed")
        with st.popover("排除", icon=":material/block:"):
            exclude(view, seen)
        with st.popover("改类型后确认", icon=":material/edit:"):
            retype(view, seen)


def exclude(view: FindingView, seen: int) -> None:
    """Set a finding aside, with the reason."""
    key = view.finding.id
    with st.form(f"exclude-{key}", border=False):
        reason = st.selectbox(
            "排除理由", EXCLUSIONS, index=None, placeholder="请选择，或在下方写明", key=f"why-{key}"
        )
        more = st.text_area("补充说明", key=f"more-{key}", max_chars=500, height=80)
        if st.form_submit_button("排除这条标注", type="primary"):
            save(view, seen, "excluded", reason="；".join(part for part in (reason, more.strip()) if part))


def retype(view: FindingView, seen: int) -> None:
    """Confirm a finding as something else than the program proposed."""
    key, lens = view.finding.id, view.finding.lens
    types = labels.concern_types(lens)
    with st.form(f"retype-{key}", border=False):
        kind = st.selectbox(
            "类别",
            list(KIND),
            index=list(KIND).index(view.kind),
            format_func=KIND.__getitem__,
            key=f"kind-{key}",
        )
        chosen = st.multiselect(
            "问题类型（仅疑似问题条款）",
            list(types),
            default=list(view.types),
            format_func=types.__getitem__,
            placeholder="请选择",
            key=f"types-{key}",
        )
        severity = severity_choice(view.severity, f"severity-{key}")
        reason = st.text_area("说明", key=f"note-{key}", max_chars=500, height=80)
        if st.form_submit_button("按此确认", type="primary"):
            save(view, seen, "confirmed", kind=kind, types=chosen, severity=severity, reason=reason)


def severity_choice(current: str, key: str) -> str:
    """Which of the three severities; the middle one where there was none."""
    ids = ["high", "medium", "hint"]
    index = ids.index(current) if current in ids else 1
    return str(st.selectbox("等级", ids, index=index, format_func=SEVERITY_LONG.__getitem__, key=key))


def add_form(document: Document, selection: tuple[int, int]) -> None:
    """Mark words the program had not: the selection from the text, lens, kind, types and reason."""
    start, end = selection
    st.subheader("添加标注")
    frame.block("quote", document.text[start:end])
    lens: Lens = st.radio(
        "方面", LENSES, format_func=LENS.__getitem__, horizontal=True, key=f"add-lens-{start}-{end}"
    )
    types = labels.concern_types(lens)
    with st.form(f"add-{start}-{end}-{lens}", border=False):
        kind = st.selectbox("类别", list(KIND)[::-1], format_func=KIND.__getitem__)
        chosen = st.multiselect(
            "问题类型（仅疑似问题条款）", list(types), format_func=types.__getitem__, placeholder="请选择"
        )
        severity = severity_choice("medium", f"add-severity-{start}-{end}")
        reason = st.text_area("为什么标注", max_chars=1000, height=90)
        suggestion = st.text_area("建议写法（可不填）", max_chars=1000, height=90)
        saved = st.form_submit_button("保存标注", type="primary")
    if saved:
        with shown():
            mark = Mark(start, end, lens, kind, tuple(chosen), severity, reason, suggestion)
            choose(bench.add_finding(account, case.id, mark, case.seen))
            st.rerun()
    st.button("取消", on_click=choose, args=(st.session_state.get("finding"),))


def gaps() -> None:
    """Gaps of the whole document, each to be kept or set aside."""
    if not case.gaps:
        st.caption("没有提出缺项。")
    for view in case.gaps:
        with st.container(border=True):
            gap(view)


def gap(view: GapView) -> None:
    """One gap with its reason, basis and proposal."""
    proposed = view.gap
    with st.container(horizontal=True, vertical_alignment="center"):
        st.badge(LENS[proposed.lens], color="violet")
        st.badge(DECISION[view.decision], color=DECISION_COLOUR[view.decision])
        st.markdown(f"**{frame.plain(proposed.title)}**")
    st.markdown(frame.plain(proposed.reason))
    if proposed.basis:
        st.caption("依据：" + "；".join(proposed.basis))
    if proposed.suggestion:
        frame.block("advice", proposed.suggestion)
    if view.reason:
        st.caption(f"处理理由：{view.reason}")
    if not editable:
        return
    seen = forms.last_shown(f"gap-{case.id}-{proposed.id}", case.seen)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        if view.decision != "undecided":
            if st.button("撤回处理", key=f"gap-undo-{proposed.id}"):
                save_gap(proposed.id, seen, "undecided")
            return
        if st.button("列入意见", key=f"gap-keep-{proposed.id}", type="primary"):
            save_gap(proposed.id, seen, "confirmed")
        with st.popover("不列入"), st.form(f"gap-out-{proposed.id}", border=False):
            reason = st.text_area("理由", key=f"gap-why-{proposed.id}", max_chars=500, height=80)
            if st.form_submit_button("确定不列入"):
                save_gap(proposed.id, seen, "excluded", reason)


def save_gap(gap_id: str, seen: int, decision: Decision, reason: str = "") -> None:
    """Store the decision on a gap."""
    with shown():
        bench.decide_gap(account, case.id, gap_id, decision, seen, reason)
        st.rerun()


def figures() -> None:
    """Numbers of the draft held against statutes, standards and plan goals."""
    if not case.screening.figures:
        st.caption("没有需要核对的数字。")
        return
    st.dataframe(
        [
            {
                "条款": " ".join(case.document.clause(check.clause).path[-2:]),
                "原文": check.quote,
                "数值": check.value,
                "要求": check.expected,
                "结果": VERDICT[check.verdict],
                "依据": check.basis,
            }
            for check in case.screening.figures
        ],
        hide_index=True,
        row_height=44,
    )


@st.fragment
def review_text() -> None:
    """Text at the left, the finding at the right; a click reruns this part alone."""
    views = filtered()
    chosen = st.session_state.get("finding")
    if chosen not in {view.finding.id for view in views}:
        chosen = step(views, None, undecided=True) or (views[0].finding.id if views else None)
    left, right = st.columns([1.25, 1], gap="medium")
    with left:
        clause_view(
            case.document,
            views,
            chosen,
            key=f"text-{case.id}",
            on_pick=choose,
            on_select=select if editable else None,
        )
        st.caption("点击标注查看说明；选中原文文字可以添加标注。" if editable else "点击标注查看说明。")
    with right, st.container(height=700, border=False):
        navigation(views, chosen)
        selection = st.session_state.get("selection")
        if selection and editable:
            add_form(case.document, selection)
        elif chosen:
            card(case.finding(chosen))
        else:
            st.info("没有符合筛选条件的标注。")


def by_lens(findings: Sequence[Finding]) -> str:
    """How many findings each lens has, for the tab's title."""
    return "、".join(f"{LENS[lens]} {sum(f.lens == lens for f in findings)}" for lens in LENSES)


def recognised() -> None:
    """Say that the text came from pictures, and where it can be checked."""
    if case.document.recognised:
        worst = min(page.confidence for page in case.document.recognised)
        st.warning(
            f"识别文本，须人工核对（共 {len(case.document.recognised)} 页，最低识别把握 {worst:.0%}）。",
            icon=":material/image_search:",
        )
        frame.jump(frame.VERSIONS, "对照原图核对", case.id)


def screened_again() -> None:
    """Which program screened the draft, and screening it again with the one of today."""
    engine = case.screening.engine
    with st.expander("筛查信息"):
        st.caption(f"程序 {engine.version}，模型 {engine.model}，词表 {engine.lexicon}。")
        if bench.permits(account, "screen", case.id):
            st.caption("程序或模型更新后，可以重新筛查本草案；已作的处理保留。")
            if st.button("重新筛查", icon=":material/refresh:"):
                with shown(), st.spinner("正在筛查……"):
                    bench.rescreen(account, case.id)
                    st.rerun()


recognised()
text_tab, gap_tab, figure_tab = st.tabs(
    [
        f"条款标注（{by_lens(case.screening.findings)}）",
        f"缺项（{len(case.gaps)}）",
        f"指标核对（{len(case.screening.figures)}）",
    ]
)
with text_tab:
    review_text()
with gap_tab:
    gaps()
with figure_tab:
    figures()
screened_again()
if case.state == "reviewing":
    frame.jump(frame.SCORING, "去清单评分", case.id)

"""评估意见: composed from what was confirmed and scored, worded clause by clause, previewed, signed, taken along."""

from __future__ import annotations

import json
from typing import Literal

import streamlit as st

from assessment import opinions, permissions
from assessment.messages import NotAllowedError
from assessment.opinions.models import CONCLUSIONS, Opinion, OpinionGap, Recommendation
from assessment.usecases.checks import MUST, Check
from assessment.web import forms, frame, labels
from assessment.web.errors import shown
from assessment.web.labels import LENS, SEVERITY
from assessment.web.session import workbench

Colour = Literal["red", "orange", "gray"]
PAGE_SIZE = 10
LEVEL_COLOUR: dict[str, Colour] = {"必须处理": "red", "应当处理": "orange", "请留意": "gray"}

account, case = frame.page_case("评估意见")
bench = workbench()
editable = bench.permits(account, "write_opinion", case.id)


def findings_left() -> None:
    """What is still undecided or unsubmitted, so that nothing is left out unseen."""
    undecided = sum(view.decision == "undecided" for view in case.findings)
    concerns = sum(view.decision == "undecided" and view.kind == "concern" for view in case.findings)
    if undecided:
        st.warning(
            f"还有 {undecided} 条标注待处理，其中疑似问题 {concerns} 条。未确认的标注不进入评估意见。",
            icon=":material/pending_actions:",
        )
        frame.jump(frame.REVIEW, "去条款审阅", case.id)
    open_sheets = [
        f"{bench.people().get(expert, '—')}的《{checklist.title}》"
        for expert, checklist, _, submitted in bench.progress(account, case.id)
        if not submitted
    ]
    if open_sheets:
        st.warning(
            f"尚未提交的评分表：{'、'.join(open_sheets)}。未提交的评分表不进入评估意见。",
            icon=":material/pending_actions:",
        )


def failing() -> tuple[Check, ...] | None:
    """The checks that fail now; None for those who may not read them."""
    try:
        return bench.checks(account, case.id)
    except NotAllowedError:
        return None


def checks(found: tuple[Check, ...]) -> None:
    """The checks before signing: what must be dealt with in full view, the rest folded away, each with its page."""
    first = [check for check in found if check.level == MUST]
    rest = [check for check in found if check.level != MUST]
    st.subheader(f"签发前体检（必须处理 {len(first)} 项，其他 {len(rest)} 项）")
    if not found:
        st.success("没有发现矛盾或者缺漏。", icon=":material/rule:")
    for check in first:
        remark(check)
    if rest:
        with st.expander(f"应当处理和请留意（{len(rest)}）", icon=":material/rule:"):
            for check in rest:
                remark(check)


def remark(check: Check) -> None:
    """One check, and the way to where it is dealt with."""
    with st.container(horizontal=True, vertical_alignment="center"):
        st.badge(check.level, color=LEVEL_COLOUR[check.level])
        st.markdown(frame.plain(check.message), width="stretch")
        page = frame.PAGES.get(check.page)
        if page and page != frame.OPINION:
            frame.jump(page, "去处理", case.id)


def conclusion(opinion: Opinion) -> None:
    """The overall conclusion, its explanation, the addressee and the reply term."""
    st.header("一、总体结论")
    stored = bench.conclusion(account, case.id)
    if editable:
        proposed = opinions.suggest_conclusion(opinion)
        hint = "：".join(part for part in (proposed.conclusion, proposed.reason) if part)
        st.caption(f"程序提示：{hint}。结论由人选择。")
    else:
        st.markdown(
            f"**{stored['conclusion']}**　{frame.plain(stored['explanation'])}" if stored else "尚未选择。"
        )
        return
    blank = {
        "conclusion": None,
        "explanation": "",
        "addressee": case.row["drafting_unit"] or "",
        "reply_days": 30,
        "contact": "",
    }
    form = forms.begin(
        f"conclusion-{case.id}", case, {field: stored[field] for field in blank} if stored else blank
    )
    with st.form(form.name, border=True):
        chosen = st.radio("总体结论", CONCLUSIONS, key=form.key("conclusion"))
        explanation = st.text_area("说明", max_chars=2000, height=100, key=form.key("explanation"))
        left, middle, right = st.columns(3)
        addressee = left.text_input("致送单位", max_chars=100, key=form.key("addressee"))
        days = middle.number_input("反馈期限（日）", 1, 180, key=form.key("reply_days"))
        contact = right.text_input("联系人和电话", max_chars=100, key=form.key("contact"))
        save = st.form_submit_button("保存结论", type="secondary" if stored else "primary")
    if save and chosen is None:
        st.error("请先选择总体结论。")
    elif save and chosen is not None:
        with form.saving():
            bench.choose_conclusion(
                account, case.id, chosen, explanation, addressee, int(days), contact, form.seen
            )
            form.done()


def recommendations(opinion: Opinion) -> None:
    """The clause table and the gaps, each worded in a form of its own, ten a view."""
    st.header("二、具体意见")
    edited = bench.recommendations(account, case.id)
    left_out = [row["recommendation"] for row in edited.values() if not row["included"]]
    entries: list[Recommendation | OpinionGap] = [*opinion.recommendations, *opinion.gaps]
    if not entries:
        st.info("没有已确认的疑似问题条款或缺项；评估意见将写明未发现需要提出修改建议的条款。")
    pages = max(1, -(-len(entries) // PAGE_SIZE))
    page = 1 if pages == 1 else st.pagination(pages, key="recommendations-page")
    for number, entry in list(enumerate(entries, 1))[(page - 1) * PAGE_SIZE : page * PAGE_SIZE]:
        recommendation(number, entry)
    if left_out and editable:
        st.caption(f"另有 {len(left_out)} 条已选择不写入意见：")
        for entry_id in left_out:
            row = edited[entry_id]
            if st.button(f"重新写入：{row['problem'][:40]}", key=f"back-{entry_id}"):
                with shown():
                    basis = json.loads(row["basis"])
                    bench.edit_recommendation(
                        account, case.id, entry_id, row["problem"], basis, row["proposal"], True, case.seen
                    )
                    st.rerun()


def recommendation(number: int, entry: Recommendation | OpinionGap) -> None:
    """One recommendation: where, what, why, what instead."""
    if isinstance(entry, Recommendation):
        kinds = "、".join(labels.type_name(entry.lens, kind) for kind in entry.types)
        title = f"{number}. {entry.clause}　{kinds}（{SEVERITY[entry.severity]}）"
        problem = entry.problem
    else:
        title = f"{number}. 缺项：{entry.title}"
        problem = entry.reason
    with st.expander(frame.plain(f"{title}　〔{LENS[entry.lens]}〕"), expanded=number == 1):
        if isinstance(entry, Recommendation):
            frame.block("quote", entry.quote)
            if entry.lookalike:
                st.caption(f"相似但合法的情形：{entry.lookalike}")
        if not editable:
            st.markdown(frame.plain(problem))
            st.caption("依据：" + "；".join(entry.basis))
            frame.block("advice", entry.proposal)
            return
        stored = {"problem": problem, "basis": "\n".join(entry.basis), "proposal": entry.proposal}
        form = forms.begin(f"recommendation-{case.id}-{entry.id}", case, stored)
        with st.form(form.name, border=False):
            new_problem = st.text_area("问题", max_chars=2000, height=100, key=form.key("problem"))
            basis = st.text_area("依据（一行一条）", max_chars=1000, height=80, key=form.key("basis"))
            proposal = st.text_area("修改建议", max_chars=2000, height=100, key=form.key("proposal"))
            with st.container(horizontal=True):
                keep = st.form_submit_button("保存", type="primary")
                drop = st.form_submit_button("不写入意见")
        if keep or drop:
            with form.saving():
                bench.edit_recommendation(
                    account, case.id, entry.id, new_problem, basis.splitlines(), proposal, keep, form.seen
                )
                st.toast("已保存")
                form.done()


def finish(opinion: Opinion) -> None:
    """Preview, freezing, signing and the papers."""
    st.header("三、成文与签发")
    signed = bench.papers(account, case.id)
    if case.state in ("reviewing", "settling") and editable:
        seen = forms.last_shown(f"compose-{case.id}", case.seen)
        st.caption("成文后内容即固定；再改动标注、评分、结论或具体意见，需要重新成文。")
        if st.button("按当前内容成文", type="primary", icon=":material/article:"):
            with shown():
                bench.compose_opinion(account, case.id, seen)
                st.rerun()
    if case.state == "composed":
        sign()
    if signed:
        papers(*signed)
    fixed = bench.composed_opinion(account, case.id)
    st.subheader("预览" if fixed else "预览（尚未成文）")
    with st.container(height=640, border=True):
        st.html(opinions.preview_html(fixed or opinion))


def sign() -> None:
    """A named person signs exactly the frozen opinion."""
    frozen = str(case.row["opinion"])
    read = forms.last_shown(f"frozen-{case.id}", frozen)
    st.success(f"评估意见已成文，待签发。内容标识（SHA-256）{frozen[:16]}…", icon=":material/article:")
    if not bench.permits(account, "sign", case.id):
        st.caption("签发由妇儿工委办或专家组组长办理。")
        return
    must = [check.message for check in found or () if check.level == MUST]
    with st.form("sign", border=True):
        number = st.text_input("文号", max_chars=60, placeholder="例如：×妇儿工委评〔2026〕1号")
        st.caption(
            f"签发人：{account.display_name}。签发的内容以上述标识为准，签发后生成 Word 和 Excel 文件存档。"
        )
        override = ""
        if must:
            st.warning(f"体检中还有 {len(must)} 项必须处理。仍要签发的，请写明理由；理由随签发记录留存。")
            override = st.text_input("带问题签发的理由", max_chars=500)
        if st.form_submit_button("签发", type="primary", icon=":material/draw:"):
            with shown():
                bench.sign_opinion(account, case.id, number, read, case.seen, override)
                st.rerun()


def papers(docx: bytes, xlsx: bytes) -> None:
    """The signed Word and Excel files."""
    st.success(
        f"已签发，文号 {frame.plain(case.row['number'] or '（未填）')}，{frame.when(case.row['signed_at'])}。",
        icon=":material/verified:",
    )
    name = f"评估意见书_{case.row['title']}"
    with st.container(horizontal=True):
        st.download_button(
            "下载 Word",
            docx,
            f"{name}.docx",
            "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
            icon=":material/description:",
            type="primary",
            on_click="ignore",
        )
        st.download_button(
            "下载 Excel",
            xlsx,
            f"{name}.xlsx",
            "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            icon=":material/table_view:",
            on_click="ignore",
        )


def received() -> None:
    """What was sent to the drafting unit: the signed opinion and its papers, once there is one."""
    paper = bench.composed_opinion(account, case.id)
    files = bench.papers(account, case.id)
    if paper is None or files is None:
        st.info("评估意见尚未送达。送达后可以在本页查看，并在“反馈与落实”中逐条答复。")
        return
    papers(*files)
    with st.container(height=640, border=True):
        st.html(opinions.preview_html(paper))
    frame.jump(frame.TRACKING, "去反馈与落实", case.id)


if case.state in ("received", "screened", "not_relevant"):
    st.info("请先在“收件”中完成相关性判断、选定清单和评分人员。")
    frame.jump(frame.INTAKE, "去收件", case.id)
    st.stop()
if permissions.is_outsider(account, case.panel):
    received()
    st.stop()
draft = bench.draft_opinion(account, case.id)
found = failing() if editable or case.state == "composed" else None
if editable:
    findings_left()
    if found is not None:
        checks(found)
conclusion(draft)
recommendations(draft)
finish(draft)
if case.state in ("composed", "deliberating"):
    frame.jump(frame.COMMITTEE, "去委员会审议", case.id)
if case.row["signed_opinion"]:
    frame.jump(frame.TRACKING, "去反馈与落实", case.id)

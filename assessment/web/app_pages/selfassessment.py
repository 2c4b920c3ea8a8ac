"""部门自评: the drafting unit answers the checklist on its own draft, and what is asked of it besides."""

from __future__ import annotations

import streamlit as st

from assessment.checklists import Item
from assessment.usecases.selfassessment import SelfAssessment
from assessment.web import forms, frame, labels, material_view
from assessment.web.questions import Given, Questions, choose_checklist, choose_view
from assessment.web.session import workbench

account, case = frame.page_case("部门自评")
bench = workbench()
seen_key = f"self-seen-{case.id}"
may_answer = bench.may_self_assess(account, case.id)


def choose_checklists() -> None:
    """The office gives the case its checklists before a panel is named, so that the unit can begin."""
    offered = {checklist.id: checklist for checklist in bench.offered_checklists()}
    form = forms.begin(f"self-lists-{case.id}", case, {"checklists": []})
    with st.form(form.name, border=True):
        ids = st.multiselect(
            "请起草单位填写的清单",
            list(offered),
            format_func=lambda key: f"{offered[key].title}（{len(offered[key].items)} 项）",
            key=form.key("checklists"),
            placeholder="请选择",
            help="选定后锁定当时的版本，专家评分使用同一份清单。",
        )
        if st.form_submit_button("确定", type="primary"):
            with form.saving():
                bench.choose_checklists(account, case.id, ids, form.seen)
                form.done()


@st.fragment
def fill(checklist_id: str, view: int) -> None:
    """The questions of one view, for the drafting unit."""
    current = next(s for s in bench.self_assessments(account, case.id) if s.checklist.id == checklist_id)

    latest = bench.case(account, case.id)
    st.session_state[seen_key] = latest.seen

    def save(item: Item, given: Given) -> None:
        bench.answer_self(
            account,
            case.id,
            checklist_id,
            item.id,
            given.answer,
            given.reason,
            given.quotes,
            given.attachments,
            given.measure,
            given.seen,
        )

    Questions(
        name="self",
        account=account,
        case=latest,
        checklist=current.checklist,
        answers=current.answers,
        locked=current.submitted,
        save=save,
        own_draft=True,
    ).show(view)


def hand_in(sheet: SelfAssessment, seen: int) -> None:
    """Somebody answers for the finished sheet, as it was last shown (``seen``)."""
    form = forms.begin(f"self-submit-{case.id}-{sheet.checklist.id}", case, {"responsible": "", "note": ""})
    with st.form(form.name, border=True):
        responsible = st.text_input("自评负责人", key=form.key("responsible"), max_chars=50)
        note = st.text_area("说明（可不填）", key=form.key("note"), max_chars=1000, height=68)
        st.caption("提交后不能再改；如需修改，请妇儿工委办退回。")
        if st.form_submit_button("提交自评表", type="primary", icon=":material/lock:"):
            with form.saving():
                bench.submit_self_assessment(account, case.id, sheet.checklist.id, responsible, seen, note)
                form.done()


def handed_in(sheet: SelfAssessment) -> None:
    """A finished sheet, to read."""
    status = sheet.status
    st.success(
        f"自评表已于 {frame.when(status['submitted_at'])} 提交，负责人：{frame.plain(status['responsible'])}。",
        icon=":material/lock:",
    )
    if status["note"]:
        st.caption(f"说明：{frame.plain(status['note'])}")
    papers = {paper["file"]: paper["name"] for paper in bench.attachments(account, case.id)}
    st.dataframe(
        [
            {
                "编号": item.id,
                "清单项": item.criterion,
                "结论": row["answer"],
                "理由": row["reason"] or "—",
                "引用": "\n".join(row["quotes"]) or "—",
                "附件": "、".join(papers[file] for file in row["attachments"]) or "—",
                "拟采取的措施": row["measure"] or "—",
            }
            for item in sheet.checklist.items
            if (row := sheet.answers.get(item.id))
        ],
        hide_index=True,
    )
    if bench.permits(account, "return_self_assessment", case.id):
        give_back(sheet)


def give_back(sheet: SelfAssessment) -> None:
    """The office asks for a better one, with a reason."""
    form = forms.begin(f"self-return-{case.id}-{sheet.checklist.id}", case, {"reason": ""})
    with st.expander("退回自评表"), st.form(form.name, border=False):
        reason = st.text_input("退回理由", key=form.key("reason"), max_chars=300)
        if st.form_submit_button("退回"):
            with form.saving():
                bench.return_self_assessment(account, case.id, sheet.checklist.id, reason, form.seen)
                form.done()


def one(sheet: SelfAssessment) -> None:
    """One sheet, as this person meets it: to fill, to read, or to wait for."""
    returned = sheet.status.get("return_reason") if sheet.status else ""
    if sheet.submitted:
        handed_in(sheet)
        return
    if returned:
        st.warning(f"自评表已退回：{frame.plain(returned)}", icon=":material/undo:")
    if may_answer:
        seen = st.session_state.get(seen_key, case.seen)
        fill(sheet.checklist.id, choose_view(sheet.checklist, f"self-{case.id}-{sheet.checklist.id}"))
        hand_in(sheet, seen)
    elif sheet.status:
        st.info("起草单位正在填写，提交之后可以查看。")
    else:
        st.info("起草单位还没有开始填写。")


sheets = bench.self_assessments(account, case.id)
if sheets:
    chosen = choose_checklist([s.checklist for s in sheets], [s.submitted for s in sheets], f"self-{case.id}")
    hint = "每答一项即保存，刷新或关闭页面不会丢失。" if may_answer else ""
    st.caption(f"{labels.LENS[chosen.lens]}；清单第 {chosen.version} 版，与专家评分使用同一份清单。{hint}")
    one(next(s for s in sheets if s.checklist.id == chosen.id))
elif bench.permits(account, "appoint", case.id):
    st.info("选定清单后，起草单位即可在本页填写自评。")
    choose_checklists()
else:
    st.info("本事项还没有选定清单，选定之后可以在此填写自评。")
material_view.show(account, case)

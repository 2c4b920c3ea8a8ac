"""清单评分: one's own sheet, a group of questions a view; every answer is stored as it is given."""

from __future__ import annotations

import streamlit as st

from assessment.checklists import Item
from assessment.views import SheetView
from assessment.web import forms, frame, labels
from assessment.web.errors import shown
from assessment.web.questions import Given, Questions, choose_checklist, choose_view
from assessment.web.session import workbench

account, case = frame.page_case("清单评分")
bench = workbench()


def declared() -> bool:
    """Whether scoring may begin: where the office asks for it, an interest is declared first, or none."""
    if not bench.procedure().declaration or account.id in bench.declarations(account, case.id):
        return True
    if not bench.permits(account, "declare", case.id):
        return True
    st.header("利害关系声明")
    st.caption("评分之前，请先声明与本草案有无利害关系（例如参与起草、本人或近亲属直接受益或受损）。")
    with st.form("declare", border=True):
        conflict = st.radio(
            "本人与本草案",
            [False, True],
            format_func={False: "没有利害关系", True: "有利害关系，申请回避"}.__getitem__,
            index=None,
        )
        statement = st.text_area(
            "说明（申请回避时必填）", max_chars=500, height=68, placeholder="例如：本人参加了草案的起草工作"
        )
        st.caption("申请回避后即退出评分人员名单。")
        saved = st.form_submit_button("提交声明", type="primary")
    if saved and conflict is None:
        st.error("请先选择有无利害关系。")
    elif saved:
        with shown():
            bench.declare_interest(account, case.id, bool(conflict), statement)
            if conflict:
                st.session_state.pop("case", None)
                st.switch_page(frame.HOME)
            st.rerun()
    return False


@st.fragment
def fill(checklist_id: str, view: int) -> None:
    """The questions of one view."""
    current = next(s for s in bench.own_sheets(account, case.id) if s.checklist.id == checklist_id)

    def save(item: Item, given: Given) -> None:
        bench.score_item(
            account, case.id, checklist_id, item.id, given.answer, given.reason, given.quotes, given.seen
        )

    Questions(
        name="sheet",
        account=account,
        case=bench.case(account, case.id),
        checklist=current.checklist,
        answers=current.answers,
        locked=current.submitted,
        save=save,
        quotes_needed=quotes_needed,
        beside=self_assessed.get(checklist_id, {}),
    ).show(view)
    st.caption(current.score.formula)


def submit(current: SheetView) -> None:
    """Lock the sheet when every question has an answer."""
    if current.submitted:
        st.success("这份评分表已提交。如需修改，请由妇儿工委办退回。", icon=":material/lock:")
        return
    with st.form(f"submit-{current.checklist.id}", border=True):
        note = st.text_area("给专家组的说明（可不填）", max_chars=1000, height=68)
        st.caption("提交后不能再改；提交前其他评分人员看不到您的评分。")
        if st.form_submit_button("提交评分表", type="primary", icon=":material/lock:"):
            with shown():
                bench.submit_sheet(account, case.id, current.checklist.id, note)
                st.rerun()


def progress_of_all() -> None:
    """Who is how far; no answers."""
    people = bench.people()
    declarations = bench.declarations(account, case.id)
    asked = bench.procedure().declaration
    st.dataframe(
        [
            {
                "评分人员": people.get(expert, "—"),
                **({"利害关系": "已声明没有" if expert in declarations else "未声明"} if asked else {}),
                "清单": checklist.title,
                "已答": f"{given} / {len(checklist.items)}",
                "状态": "已提交" if submitted else "填写中" if given else "未开始",
            }
            for expert, checklist, given, submitted in progress
        ],
        hide_index=True,
    )
    recused = {expert: row for expert, row in declarations.items() if row["conflict"]}
    if bench.permits(account, "remove_expert", case.id):
        for expert, row in recused.items():
            st.caption(f"{frame.plain(people.get(expert, '—'))} 已申请回避：{frame.plain(row['statement'])}")


def others() -> None:
    """Submitted sheets that may be read, side by side, and giving one back."""
    people = bench.people()
    sheets = [s for s in bench.readable_sheets(account, case.id) if s.expert != account.id]
    if not sheets:
        st.caption("同一份清单的评分表全部提交之后，才能看到他人的评分。")
    for other in sheets:
        with st.expander(f"{people.get(other.expert, '—')}：{other.checklist.title}"):
            st.caption(other.score.formula)
            st.dataframe(
                [
                    {
                        "编号": item.id,
                        "问题": item.question,
                        "结论": other.given[item.id],
                        "理由": other.answers[item.id]["reason"],
                    }
                    for item in other.checklist.items
                ],
                hide_index=True,
            )


def remove_member() -> None:
    """Take an expert off the panel, with a reason."""
    if not case.panel or not bench.permits(account, "remove_expert", case.id):
        return
    people = bench.people()
    seen = forms.last_shown(f"remove-{case.id}", case.seen)
    with st.expander("回避或移出评分人员"), st.form("remove", border=False):
        expert = st.selectbox("评分人员", case.panel, format_func=lambda member: people.get(member, "—"))
        reason = st.text_input("理由", max_chars=300, placeholder="例如：申请回避")
        st.caption("移出后其评分表留存在记录中，不再计入。")
        if st.form_submit_button("移出"):
            with shown():
                bench.remove_expert(account, case.id, expert, reason, seen)
                st.rerun()


def give_back() -> None:
    """The office gives a submitted sheet back, with a reason."""
    people = bench.people()
    submitted = [(e, c) for e, c, _, done in progress if done]
    if not submitted or not bench.permits(account, "reopen_sheet", case.id):
        return
    with st.expander("退回已提交的评分表"), st.form("reopen", border=False):
        index = st.selectbox(
            "评分表",
            range(len(submitted)),
            format_func=lambda i: f"{people.get(submitted[i][0], '—')}：{submitted[i][1].title}",
        )
        reason = st.text_input("退回理由", max_chars=300)
        if st.form_submit_button("退回"):
            with shown():
                expert, checklist = submitted[index]
                bench.reopen_sheet(account, case.id, expert, checklist.id, reason)
                st.rerun()


sheets = bench.own_sheets(account, case.id)
quotes_needed = bench.procedure().quotes
self_assessed = {s.checklist.id: s.answers for s in bench.self_assessments(account, case.id) if s.submitted}
if not case.checklists or not case.panel:
    st.info("本事项还没有选定清单和评分人员。请先在“收件”中完成相关性判断，再选定清单。")
    frame.jump(frame.INTAKE, "去收件", case.id)
    st.stop()
if not sheets:
    st.info("您不在本事项的评分人员之内，只能查看进度。")
elif declared():
    chosen = choose_checklist([s.checklist for s in sheets], [s.submitted for s in sheets], case.id)
    sheet = next(s for s in sheets if s.checklist.id == chosen.id)
    st.caption(
        f"{labels.LENS[chosen.lens]}；清单第 {chosen.version} 版，本事项锁定使用这一版。"
        "每答一项即保存，刷新或关闭页面不会丢失。"
    )
    fill(chosen.id, choose_view(chosen, f"{case.id}-{chosen.id}"))
    submit(sheet)
st.header("评分进度")
progress = bench.progress(account, case.id)
progress_of_all()
others()
give_back()
remove_member()
if all(done for _, _, _, done in progress):
    if len(case.panel) > 1:
        frame.jump(frame.SETTLING, "去合议", case.id)
    frame.jump(frame.OPINION, "去编写评估意见", case.id)

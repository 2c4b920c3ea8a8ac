"""清单评分: one's own sheet, a group of questions a view; every answer is stored as it is given."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from assessment.checklists import ANSWERS, Checklist, Item
from assessment.messages import WorkbenchError
from assessment.views import Row, SheetView
from assessment.web import frame, labels
from assessment.web.errors import shown
from assessment.web.session import workbench

VIEW_SIZE = 20
PASSAGES = 30
QUOTE_LENGTH = 300
UNANSWERED: Row = {"answer": None, "reason": "", "quotes": [], "at": ""}
NEED_REASON = ("不适用", "证据不足")

account, case = frame.page_case("清单评分")
bench = workbench()


def views_of(checklist: Checklist) -> list[list[Item]]:
    """The items in views of whole groups, never more than ``VIEW_SIZE`` in one."""
    views: list[list[Item]] = []
    for group in checklist.groups:
        items = [item for item in checklist.items if item.group == group]
        for start in range(0, len(items), VIEW_SIZE):
            part = items[start : start + VIEW_SIZE]
            if views and len(views[-1]) + len(part) <= VIEW_SIZE // 2:
                views[-1].extend(part)
            else:
                views.append(part)
    return views


def located(item: Item, checklist: Checklist) -> list[str]:
    """Quotes of the draft that may bear on a question: findings of its concern types, excluded ones last."""
    related = [
        view
        for view in case.findings
        if view.finding.lens == checklist.lens
        and view.decision != "excluded"
        and (set(view.types or view.finding.types) & set(item.concern_types))
    ]
    return [
        f"{case.document.clause(view.finding.clause).path[-1]}：{view.finding.quote[:160]}"
        for view in related
    ]


def widget(part: str, item: Item) -> str:
    """Key of an item's widget."""
    return f"{part}-{case.id}-{sheet.checklist.id}-{item.id}"


def store(item: Item, more_quotes: Sequence[str] = ()) -> None:
    """Put the answer as it now stands into the journal; what cannot be stored yet says why."""
    answer = st.session_state[widget("answer", item)]
    reason = st.session_state.get(widget("reason", item)) or ""
    quotes = [*(st.session_state.get(widget("quotes", item)) or []), *more_quotes]
    problem = widget("problem", item)
    st.session_state.pop(problem, None)
    if answer is None and item.id not in sheet.given:
        return
    try:
        seen = st.session_state[seen_key]
        bench.score_item(account, case.id, sheet.checklist.id, item.id, answer, reason, quotes, seen)
    except WorkbenchError as error:
        st.session_state[problem] = f"{error.code} {error.message}"


@st.dialog("从草案或附件中引用", width="large")
def quote(item: Item, row: Row) -> None:
    """Find passages in the draft or in a paper that goes with it, and put them under the answer."""
    papers = {paper["file"]: f"附件：{paper['name']}（{paper['purpose']}）" for paper in attachments}
    source = st.selectbox(
        "出处", ["", *papers], format_func=lambda file: papers.get(file, "草案正文"), key="quote-source"
    )
    words = st.text_input("查找文字（可只写几个字）", key="quote-words")
    try:
        found = list(dict.fromkeys(passages(source, words)))
    except WorkbenchError as error:
        st.error(f"{error.code} {error.message}", icon=":material/error:")
        return
    st.caption(f"找到 {len(found)} 处" + (f"，此处列出前 {PASSAGES} 处" if len(found) > PASSAGES else ""))
    with st.container(height=360, border=True):
        chosen = [
            passage
            for passage in found[:PASSAGES]
            if st.checkbox(frame.plain(passage), key=f"quote-{source}-{passage}")
        ]
    if st.button("加入引用", type="primary", disabled=not chosen):
        if st.session_state[widget("answer", item)] is None:
            st.error("请先选择结论，再加入引用。")
            return
        store(item, [passage for passage in chosen if passage not in row["quotes"]])
        st.rerun()


def passages(source: str, words: str) -> list[str]:
    """Clauses of the draft, or of a paper (its file id), that hold some words, as they are quoted."""
    if not source:
        return [f"{unit.label}：{shortened(unit.text)}" for unit in case.document.units if words in unit.text]
    name = next(paper["name"] for paper in attachments if paper["file"] == source)
    document = bench.attachment_text(account, case.id, source)
    return [f"附件《{name}》：{shortened(unit.text)}" for unit in document.units if words in unit.text]


def shortened(text: str) -> str:
    """A quote of bearable length, in one line."""
    line = " ".join(text.split())
    return line if len(line) <= QUOTE_LENGTH else f"{line[:QUOTE_LENGTH]}……"


def show_stored(item: Item, row: Row) -> None:
    """Fill the widgets from the journal at first, and again when the same sheet was changed elsewhere.

    What could not be stored stays as typed.
    """
    known = widget("known", item)
    if st.session_state.get(known) != row["at"] and widget("problem", item) not in st.session_state:
        st.session_state[widget("answer", item)] = row["answer"]
        st.session_state[widget("reason", item)] = row["reason"]
        st.session_state[widget("quotes", item)] = list(row["quotes"])
    st.session_state[known] = row["at"]


def question(number: int, item: Item, current: SheetView) -> None:
    """One question with its guidance, the answers, the reason and the quotes beside it."""
    row = current.answers.get(item.id, UNANSWERED)
    show_stored(item, row)
    with st.container(border=True):
        st.markdown(f"**{number}. {frame.plain(item.criterion)}**　:gray[{item.id}]")
        st.markdown(frame.plain(item.question))
        with st.expander("怎样判断、依据和例子"):
            st.markdown(frame.plain(item.guidance))
            st.caption("依据：" + "；".join(item.basis))
            st.caption("答案来源：" + "、".join(item.sources))
            for label, texts in (("符合的写法", item.meets), ("不符合的写法", item.fails)):
                for example in texts:
                    st.markdown(f"- {label}：{frame.plain(example)}")
        st.segmented_control(
            "结论",
            ANSWERS,
            key=widget("answer", item),
            on_change=store,
            args=(item,),
            label_visibility="collapsed",
            disabled=current.submitted,
        )
        offered = list(dict.fromkeys([*row["quotes"], *located(item, sheet.checklist)]))
        if offered:
            st.multiselect(
                "引用原文作为依据",
                offered,
                key=widget("quotes", item),
                on_change=store,
                args=(item,),
                placeholder=f"找到 {len(offered)} 处可能相关的原文，请选择",
                disabled=current.submitted,
            )
        if not current.submitted and st.button(
            "从草案或附件中引用", key=widget("find", item), icon=":material/format_quote:", type="tertiary"
        ):
            quote(item, row)
        needs = st.session_state[widget("answer", item)] in NEED_REASON
        st.text_area(
            "理由（选择“不适用”“证据不足”时必填）" if needs else "理由",
            key=widget("reason", item),
            on_change=store,
            args=(item,),
            max_chars=2000,
            height=68,
            placeholder="写明判断所依据的条款或附件",
            disabled=current.submitted,
        )
        status(item, row)


def status(item: Item, row: Row) -> None:
    """Whether what stands on the screen is stored."""
    problem = st.session_state.get(widget("problem", item))
    if problem:
        stored = f"已存的结论是“{row['answer']}”。" if row["answer"] else ""
        st.warning(f"{problem}（本次填写尚未保存，内容仍在。{stored}）", icon=":material/edit_note:")
    elif row["answer"]:
        st.caption(f":material/check: 已保存：{row['answer']}")


@st.fragment
def fill(checklist_id: str, view: int) -> None:
    """The questions of one view, with the progress of the sheet above them."""
    current = next(s for s in bench.own_sheets(account, case.id) if s.checklist.id == checklist_id)
    st.session_state[seen_key] = bench.case(account, case.id).seen
    total = len(current.checklist.items)
    done = len(current.given)
    st.progress(done / total, f"已答 {done} 项，共 {total} 项")
    st.caption(current.score.formula)
    order = {item.id: number for number, item in enumerate(current.checklist.items, 1)}
    group = None
    for item in views_of(current.checklist)[view]:
        if item.group != group:
            group = item.group
            st.subheader(group)
        question(order[item.id], item, current)


def choose_view(checklist: Checklist) -> int:
    """Which view of a long checklist is shown."""
    views = views_of(checklist)
    if len(views) == 1:
        return 0
    names = [
        "、".join(dict.fromkeys(item.group.split(" ")[0] for item in view)) + f"（{len(view)} 项）"
        for view in views
    ]
    picked = st.segmented_control(
        "部分",
        range(len(views)),
        format_func=names.__getitem__,
        default=0,
        required=True,
        key=f"view-{case.id}-{checklist.id}",
    )
    return int(picked or 0)


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
    st.dataframe(
        [
            {
                "评分人员": people.get(expert, "—"),
                "清单": checklist.title,
                "已答": f"{given} / {len(checklist.items)}",
                "状态": "已提交" if submitted else "填写中" if given else "未开始",
            }
            for expert, checklist, given, submitted in progress
        ],
        hide_index=True,
    )


def others() -> None:
    """Submitted sheets that may be read, side by side, and giving one back."""
    people = bench.people()
    sheets = [s for s in bench.readable_sheets(account, case.id) if s.expert != account.id]
    if not sheets:
        st.caption("他人的评分表在提交前不可见；您自己提交后，可以看到已提交的评分表。")
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


seen_key = f"seen-{case.id}"
attachments = bench.attachments(account, case.id)
sheets = bench.own_sheets(account, case.id)
if not case.checklists:
    st.info("本事项还没有选定清单和评分人员。请先在“收件”中完成相关性判断，再选定清单。")
    frame.jump(frame.INTAKE, "去收件", case.id)
    st.stop()
if sheets:
    titles = {s.checklist.id: s.checklist.title + (" ✓" if s.submitted else "") for s in sheets}
    picked = st.segmented_control(
        "清单",
        list(titles),
        format_func=titles.__getitem__,
        default=next(iter(titles)),
        required=True,
        key=f"sheet-{case.id}",
    )
    sheet = next(s for s in sheets if s.checklist.id == picked)
    st.caption(
        f"{labels.LENS[sheet.checklist.lens]}；清单第 {sheet.checklist.version} 版，本事项锁定使用这一版。"
        "每答一项即保存，刷新或关闭页面不会丢失。"
    )
    fill(sheet.checklist.id, choose_view(sheet.checklist))
    submit(sheet)
else:
    st.info("您不在本事项的评分人员之内，只能查看进度。")
st.header("评分进度")
progress = bench.progress(account, case.id)
progress_of_all()
others()
give_back()
if all(done for _, _, _, done in progress):
    frame.jump(frame.OPINION, "去编写评估意见", case.id)

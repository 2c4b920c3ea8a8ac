"""The questions of a checklist on the screen, for experts and for the drafting unit alike.

Every answer is stored as it is given; what cannot be stored yet stays as typed and says why.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

import streamlit as st

from assessment.checklists import ANSWERS, Answer, Checklist, Item
from assessment.messages import WorkbenchError
from assessment.records.accounts import Account
from assessment.views import CaseView, Row
from assessment.web import frame
from assessment.web.session import workbench

VIEW_SIZE = 20
PASSAGES = 30
QUOTE_LENGTH = 300
LOCATED = 4
UNANSWERED: Row = {"answer": None, "reason": "", "quotes": [], "attachments": [], "measure": "", "at": ""}
NEED_REASON = ("不适用", "证据不足")


@dataclass(frozen=True, slots=True)
class Given:
    """What stands on the screen for one question when it is to be stored.

    Attributes:
        attachments, measure: evidence and what the unit means to do, for the drafting unit only.
        seen: the case's last event number when the question was shown.
    """

    answer: Answer | None
    reason: str
    quotes: tuple[str, ...]
    attachments: tuple[str, ...]
    measure: str
    seen: int


@dataclass(frozen=True)
class Questions:
    """One checklist being filled in this browser tab.

    Attributes:
        name: of the kind of sheet; part of the widgets' keys.
        answers: item id to the row on record (``answer``, ``reason``, ``quotes``, ``at``, ...).
        locked: True if nothing may be changed.
        save: stores one answer; WorkbenchError says why it cannot.
        quotes_needed: whether 符合 must quote the text where the text can carry it.
        own_draft: the drafting unit fills it: evidence from attachments and measures are asked, and the
            program's findings are not offered as quotes.
        beside: item id to the drafting unit's own answer, to be read beside the question.
    """

    name: str
    account: Account
    case: CaseView
    checklist: Checklist
    answers: Mapping[str, Row]
    locked: bool
    save: Callable[[Item, Given], None]
    quotes_needed: bool = False
    own_draft: bool = False
    beside: Mapping[str, Row] = field(default_factory=dict)

    def show(self, view: int) -> None:
        """The questions of one view (see ``views_of``) with the progress of the whole sheet above them."""
        total = len(self.checklist.items)
        done = sum(bool(row["answer"]) for row in self.answers.values())
        st.progress(done / total, f"已答 {done} 项，共 {total} 项")
        papers = {paper["file"]: paper for paper in workbench().attachments(self.account, self.case.id)}
        order = {item.id: number for number, item in enumerate(self.checklist.items, 1)}
        group = None
        for item in views_of(self.checklist)[view]:
            if item.group != group:
                group = item.group
                st.subheader(group)
            self._question(order[item.id], item, papers)

    def _key(self, part: str, item: Item) -> str:
        return f"{part}-{self.name}-{self.case.id}-{self.checklist.id}-{item.id}"

    def _question(self, number: int, item: Item, papers: Mapping[str, Row]) -> None:
        row = UNANSWERED | self.answers.get(item.id, {})
        offered = self._offered(item, row)
        self._show_stored(item, row, offered)
        with st.container(border=True):
            st.markdown(f"**{number}. {frame.plain(item.criterion)}**　:gray[{item.id}]")
            st.markdown(frame.plain(item.question))
            self._help(item)
            st.segmented_control(
                "结论",
                ANSWERS,
                key=self._key("answer", item),
                on_change=self._store,
                args=(item, offered),
                label_visibility="collapsed",
                disabled=self.locked,
            )
            self._quotes(item, row, offered, papers)
            needs = st.session_state[self._key("answer", item)] in NEED_REASON
            st.text_area(
                "理由（选择“不适用”“证据不足”时必填）" if needs else "理由",
                key=self._key("reason", item),
                on_change=self._store,
                args=(item, offered),
                max_chars=2000,
                height=68,
                placeholder="写明判断所依据的条款或附件",
                disabled=self.locked,
            )
            if self.own_draft:
                self._evidence(item, offered, papers)
            self._status(item, row)

    def _help(self, item: Item) -> None:
        own = self.beside.get(item.id)
        left, right = st.columns(2) if own and own["answer"] else (st.container(), None)
        with left, st.expander("怎样判断、依据和例子"):
            st.markdown(frame.plain(item.guidance))
            st.caption("依据：" + "；".join(item.basis))
            st.caption("答案来源：" + "、".join(item.sources))
            for label, texts in (("符合的写法", item.meets), ("不符合的写法", item.fails)):
                for example in texts:
                    st.markdown(f"- {label}：{frame.plain(example)}")
        if own and right:
            with right, st.expander("起草单位的自评"):
                st.markdown(f"**{own['answer']}**　{frame.plain(own['reason'])}")
                for quote in own["quotes"]:
                    frame.block("quote", quote)
                if own["measure"]:
                    st.caption(f"拟采取的措施：{frame.plain(own['measure'])}")

    def _quotes(self, item: Item, row: Row, offered: Sequence[str], papers: Mapping[str, Row]) -> None:
        """Quotes on record and located ones to tick; the dialog finds any other passage."""
        if self.quotes_needed and item.evidence == "quote":
            st.caption(":material/format_quote: 选“符合”须引用草案原文；找不到原文的，请改选其他结论。")
        for quote in offered:
            st.checkbox(
                frame.plain(shortened(quote, 160)),
                key=self._key(f"quote-{quote}", item),
                on_change=self._store,
                args=(item, offered),
                disabled=self.locked,
            )
        if not self.locked and st.button(
            "从草案或附件中引用",
            key=self._key("find", item),
            icon=":material/format_quote:",
            type="tertiary",
        ):
            self._find(item, row, papers)

    def _evidence(self, item: Item, offered: Sequence[str], papers: Mapping[str, Row]) -> None:
        """What the drafting unit's answer rests on besides the text, and what it means to do."""
        left, right = st.columns(2)
        left.multiselect(
            "作为依据的附件",
            list(papers),
            format_func=lambda file: f"{papers[file]['name']}（{papers[file]['purpose']}）",
            key=self._key("attachments", item),
            on_change=self._store,
            args=(item, offered),
            placeholder="可不选" if papers else "本事项没有附件",
            disabled=self.locked,
        )
        right.text_input(
            "拟采取的措施（可不填）",
            key=self._key("measure", item),
            on_change=self._store,
            args=(item, offered),
            max_chars=500,
            disabled=self.locked,
        )

    def _store(self, item: Item, offered: Sequence[str], more: Sequence[str] = ()) -> None:
        """Put the answer as it now stands into the journal; what cannot be stored yet says why."""
        state = st.session_state
        answer = state[self._key("answer", item)]
        problem = self._key("problem", item)
        state.pop(problem, None)
        on_record = self.answers.get(item.id)
        if answer is None and not (on_record and on_record["answer"]):
            return
        ticked = [quote for quote in offered if state.get(self._key(f"quote-{quote}", item))]
        given = Given(
            answer=answer,
            reason=state.get(self._key("reason", item)) or "",
            quotes=(*ticked, *more),
            attachments=tuple(state.get(self._key("attachments", item)) or ()),
            measure=state.get(self._key("measure", item)) or "",
            seen=self.case.seen,
        )
        try:
            self.save(item, given)
        except WorkbenchError as error:
            state[problem] = f"{error.code} {error.message}"

    def _offered(self, item: Item, row: Row) -> list[str]:
        """Quotes on record first, then what the findings of the question's concern types quote."""
        related = [
            named(self.case.document.clause(view.finding.clause).path[-1], view.finding.quote[:160])
            for view in self.case.findings
            if not self.own_draft
            and view.finding.lens == self.checklist.lens
            and view.decision != "excluded"
            and (set(view.types or view.finding.types) & set(item.concern_types))
        ]
        located = [quote for quote in dict.fromkeys(related) if quote not in row["quotes"]]
        return [*row["quotes"], *located[:LOCATED]]

    def _show_stored(self, item: Item, row: Row, offered: Sequence[str]) -> None:
        """Fill the widgets from the journal at first, and again when the same sheet was changed elsewhere.

        What could not be stored stays as typed.
        """
        state = st.session_state
        known = self._key("known", item)
        if state.get(known) != row["at"] and self._key("problem", item) not in state:
            for part in ("answer", "reason", "attachments", "measure"):
                state[self._key(part, item)] = row[part]
            for quote in offered:
                state[self._key(f"quote-{quote}", item)] = quote in row["quotes"]
        state[known] = row["at"]

    def _status(self, item: Item, row: Row) -> None:
        """Whether what stands on the screen is stored."""
        problem = st.session_state.get(self._key("problem", item))
        if problem:
            stored = f"已存的结论是“{row['answer']}”。" if row["answer"] else ""
            st.warning(f"{problem}（本次填写尚未保存，内容仍在。{stored}）", icon=":material/edit_note:")
        elif row["answer"]:
            st.caption(f":material/check: 已保存：{row['answer']}")

    @st.dialog("从草案或附件中引用", width="large")
    def _find(self, item: Item, row: Row, papers: Mapping[str, Row]) -> None:
        """Find passages in the draft or in a paper that goes with it, and put them under the answer."""
        names = {file: f"附件：{paper['name']}（{paper['purpose']}）" for file, paper in papers.items()}
        source = st.selectbox(
            "出处", ["", *names], format_func=lambda file: names.get(file, "草案正文"), key="quote-source"
        )
        words = st.text_input("查找文字（可只写几个字）", key="quote-words")
        try:
            found = list(dict.fromkeys(self._passages(papers.get(source), words)))
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
            if st.session_state[self._key("answer", item)] is None:
                st.error("请先选择结论，再加入引用。")
                return
            offered = self._offered(item, row)
            self._store(item, offered, [passage for passage in chosen if passage not in row["quotes"]])
            st.rerun()

    def _passages(self, paper: Row | None, words: str) -> list[str]:
        """Clauses of the draft, or of a paper, that hold some words, as they are quoted."""
        if paper is None:
            units = self.case.document.units
            return [named(u.label, shortened(u.text, QUOTE_LENGTH)) for u in units if words in u.text]
        document = workbench().attachment_text(self.account, self.case.id, paper["file"])
        return [
            f"附件《{paper['name']}》：{shortened(unit.text, QUOTE_LENGTH)}"
            for unit in document.units
            if words in unit.text
        ]


def named(clause: str, words: str) -> str:
    """Words of the draft with the name of their clause before them."""
    return words if words.startswith(clause) else f"{clause}：{words}"


def shortened(text: str, length: int) -> str:
    """A quote of bearable length, its words as they stand."""
    return text if len(text) <= length else f"{text[:length]}……"


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


def choose_view(checklist: Checklist, key: str) -> int:
    """Which view of a long checklist is shown."""
    views = views_of(checklist)
    if len(views) == 1:
        return 0
    names = [
        "、".join(dict.fromkeys(item.group.split(" ")[0] for item in view)) + f"（{len(view)} 项）"
        for view in views
    ]
    picked = st.segmented_control(
        "部分", range(len(views)), format_func=names.__getitem__, default=0, required=True, key=f"view-{key}"
    )
    return int(picked or 0)


def choose_checklist(checklists: Sequence[Checklist], done: Sequence[bool], key: str) -> Checklist:
    """Which of several checklists is shown; those handed in carry a tick."""
    titles = {c.id: c.title + (" ✓" if ready else "") for c, ready in zip(checklists, done, strict=True)}
    picked = st.segmented_control(
        "清单",
        list(titles),
        format_func=titles.__getitem__,
        default=next(iter(titles)),
        required=True,
        key=f"sheet-{key}",
    )
    return next(checklist for checklist in checklists if checklist.id == picked)

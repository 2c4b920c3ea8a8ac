"""讨论: all threads of a case, with where each stands in the draft."""

from __future__ import annotations

import streamlit as st

from assessment.usecases.comments import Thread
from assessment.web import discussion, frame
from assessment.web.session import workbench

account, case = frame.page_case("讨论")
bench = workbench()


PLACE = {"same": "", "look again": "（该条文字已修改）", "gone": "（该条已不在当前版本中）"}


def place(each: Thread) -> str:
    """Where a thread is anchored, in words, and what became of the clause since."""
    return where(str(each.first["anchor"])) + PLACE[each.place]


def where(anchor: str) -> str:
    """An anchor in words."""
    kind, _, rest = anchor.partition("/")
    if kind == "finding":
        views = {view.finding.id: view for view in case.findings}
        if rest in views:
            return f"标注：{views[rest].finding.quote[:40]}"
        return "标注（在较早的版本上）"
    if kind == "clause":
        labels = {clause.id: clause.path[-1] for clause in case.document.clauses}
        return f"条款：{labels.get(rest, '在较早的版本上')}"
    if kind == "item":
        return f"评估清单问题 {rest.rpartition('/')[2]}"
    return "本事项"


def listed(threads: list[Thread]) -> None:
    """Threads under the words they are about."""
    for each in threads:
        st.caption(frame.plain(place(each)))
        discussion.thread(case, each)


threads = list(bench.comments(account, case.id))
open_threads = [each for each in threads if not each.resolved]
resolved = [each for each in threads if each.resolved]
if not threads:
    st.caption("还没有讨论。可以在下方发表，也可以在条款审阅的标注下发表。")
listed(open_threads)
if bench.permits(account, "comment", case.id):
    st.subheader("就本事项发表意见")
    discussion.say(case, "case", "", "发表意见")
if resolved:
    with st.expander(f"已解决（{len(resolved)}）"):
        listed(resolved)

"""办理过程: who did what when on a case, with what stood before and after; checked, and to take along."""

from __future__ import annotations

import streamlit as st

from assessment.usecases.history import Entry
from assessment.web import frame
from assessment.web.session import workbench

PAGE_SIZE = 40

account, case = frame.page_case("办理过程")
bench = workbench()
people = bench.people()


def tools() -> None:
    """Check the record, take it along."""
    with st.container(horizontal=True, vertical_alignment="center"):
        if st.button("核验记录", icon=":material/verified_user:", help="核对每一步的校验值和所有文件"):
            verified()
        st.download_button(
            "导出办理过程",
            data=lambda: bench.export_history(account, case.id),
            file_name=f"办理过程_{case.row['title']}.csv",
            mime="text/csv",
            icon=":material/download:",
            on_click="ignore",
        )


def verified() -> None:
    """The result of checking the chain and the files of this case."""
    problems = bench.verify_case(account, case.id)
    if not problems:
        st.success("记录完整：各步校验值相连，文件与登记一致。", icon=":material/verified:")
    for problem in problems:
        st.error(frame.plain(str(problem)), icon=":material/report:")


def chosen(entries: tuple[Entry, ...]) -> list[Entry]:
    """The steps that the filters let through, the latest first."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        names = sorted({frame.person(people, entry.row["actor"]) for entry in entries})
        who = st.selectbox("办理人", names, index=None, placeholder="全部", key=f"who-{case.id}")
        words = st.text_input("查找", placeholder="输入后回车", key=f"words-{case.id}")
    return [
        entry
        for entry in reversed(entries)
        if (who is None or frame.person(people, entry.row["actor"]) == who)
        and all(word in entry.row["summary"] for word in (words or "").split())
    ]


def step(entry: Entry) -> None:
    """One step: when, who, what, and what stood before and after."""
    row = entry.row
    who = frame.person(people, row["actor"])
    st.markdown(
        f":gray[{row['case_seq']}　{frame.when(row['at'])}]　**{frame.plain(who)}**　{frame.plain(row['summary'])}"
    )
    if entry.changes:
        lines = [
            f"<div><b>{frame.text(change.label)}</b>："
            + (f"<del>{frame.text(change.before)}</del> → " if change.before else "")
            + f"{frame.text(change.after) or '（空）'}</div>"
            for change in entry.changes
        ]
        st.html(f'<div class="quote">{"".join(lines)}</div>')


tools()
entries = chosen(tuple(bench.history(account, case.id)))
st.caption(f"共 {len(entries)} 步，最近的在前。")
pages = max(1, -(-len(entries) // PAGE_SIZE))
page = 1 if pages == 1 else st.pagination(pages, key=f"history-{case.id}")
for entry in entries[(page - 1) * PAGE_SIZE : page * PAGE_SIZE]:
    step(entry)

"""版本比较: the versions of a draft, a further one to register, and any two of them as a redline."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

import streamlit as st

from assessment.documents import STAGES
from assessment.documents.compare import Comparison, Status
from assessment.documents.models import Document
from assessment.usecases.versions import compared as compared_documents
from assessment.views import Row
from assessment.web import arrival, forms, frame
from assessment.web.redline_view import CHANGED, STATUS, VIEWS, redline
from assessment.web.session import workbench

UPLOAD = "version"

account, case = frame.page_case("版本比较")
bench = workbench()
people = bench.people()
versions = {int(row["version"]): row for row in bench.versions(account, case.id)}


def listed() -> None:
    """All versions, the latest last."""
    st.dataframe(
        [
            {
                "版本": f"第 {number} 版",
                "阶段": row["stage"],
                "文件": row["file_name"],
                "登记人": frame.person(people, row["actor"]),
                "登记时间": frame.when(row["at"]),
                "疑似问题": row["concerns"],
                "说明": row["note"] or "—",
            }
            for number, row in versions.items()
        ],
        hide_index=True,
    )


def original() -> None:
    """A version's file to take along; where its text was recognised, the pictures to check it against."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        number = st.selectbox(
            "查看版本",
            list(versions),
            index=len(versions) - 1,
            format_func=lambda value: f"第 {value} 版",
            key=f"look-{case.id}-{len(versions)}",
            width=200,
        )
        st.download_button(
            "下载原文件",
            data=lambda: bench.original(account, case.id, number),
            file_name=versions[number]["file_name"],
            mime="application/octet-stream",
            icon=":material/download:",
            on_click="ignore",
        )
    document = bench.version_document(account, case.id, number)
    if document.recognised:
        recognised_pages(number, document)


def recognised_pages(number: int, document: Document) -> None:
    """Recognised text, still beside its pictures after it was registered, and what a person changed in it."""
    first = bench.recognised_document(account, case.id, number)
    with st.expander("识别文本与原图核对", icon=":material/image_search:"):
        page = arrival.page_choice(document, f"page-{case.id}-{number}")
        left, right = st.columns(2, gap="medium")
        with left:
            arrival.picture(
                lambda: bench.page_picture(account, case.id, number, page), f"{case.id}-{number}", page
            )
        with right, st.container(height=700, border=True):
            arrival.doubts(document, page)
            st.html(f"<div>{frame.text(arrival.by_page(document).get(page, ''))}</div>")
    if first is not None:
        with st.expander("人工校对改动（识别原文 → 校对后）", icon=":material/edit_note:"):
            st.html(redline(first, document, compared_documents(first, document), CHANGED))


def register() -> None:
    """Take a further version of the draft."""
    with st.expander("登记新版本", icon=":material/upload_file:", expanded=len(versions) == 1):
        st.caption(
            "未改动条款上的处理自动沿用；改动过的条款须重新审阅，原处理会显示在旁供参考。相关性须重新判断。"
        )
        arrived = arrival.receive("上传新版本", f"{UPLOAD}-{case.id}-{len(versions)}")
        if arrived is None:
            return
        changes(arrived.document)
        form = forms.begin(f"version-{case.id}-{len(versions)}", case, {"note": ""})
        with st.form(form.name, border=True):
            stage = st.selectbox("所处阶段", STAGES, index=STAGES.index(arrived.document.stage.value))
            note = st.text_area(
                "说明（可不填）",
                key=form.key("note"),
                max_chars=500,
                height=68,
                placeholder="例如：根据征求意见修改",
            )
            if arrived.papers:
                st.caption(f"随新版本登记附件 {len(arrived.papers)} 份。")
            if st.form_submit_button("登记为新版本", type="primary"):
                with form.saving(), st.spinner("正在登记并筛查……"):
                    bench.add_version(
                        account, case.id, arrived.incoming, stage, note, form.seen, arrived.papers
                    )
                    arrival.forget(f"{UPLOAD}-{case.id}-{len(versions)}")
                    form.done()


def changes(document: Document) -> None:
    """How a file that waits to be registered differs from the current version; a wrong file shows here."""
    counts = compared_documents(case.document, document).counts
    st.info(f"与当前版本相比：{told(counts)}。", icon=":material/difference:")


def told(counts: Mapping[Status, int]) -> str:
    """Counts of rows by status in words."""
    return "，".join(f"{STATUS[status]} {counts[status]} 处" for status in STATUS if counts.get(status))


def decisions(comparison: Comparison) -> dict[str, str]:
    """For units of the current version: findings whose decision was carried over, and those to look at again."""
    notes = {}
    for row in comparison.rows:
        for unit in row.new:
            views = [view for view in case.findings if view.finding.unit == unit]
            carried = sum(view.carried_from is not None and view.decision != "undecided" for view in views)
            waiting = sum(view.decision == "undecided" for view in views)
            parts = [f"沿用处理 {carried} 条"] * bool(carried) + [f"待处理 {waiting} 条"] * bool(waiting)
            if parts:
                notes[unit] = "标注：" + "，".join(parts)
    return notes


def picked(label: str, default: int, rows: dict[int, Row]) -> int:
    """One of the versions."""
    numbers = list(rows)
    return int(
        st.selectbox(
            label,
            numbers,
            index=numbers.index(default),
            format_func=lambda number: f"第 {number} 版（{rows[number]['stage']}）",
            key=f"{label}-{case.id}-{len(rows)}",
            width=240,
        )
    )


@st.fragment
def compared() -> None:
    """Any two versions beside each other."""
    last = max(versions)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        old = picked("原版本", last - 1, versions)
        new = picked("新版本", last, versions)
        view = st.segmented_control(
            "显示方式",
            list(VIEWS),
            format_func=VIEWS.__getitem__,
            default="inline",
            required=True,
            key=f"view-{case.id}",
        )
    if old == new:
        st.info("请选择两个不同的版本。")
        return
    before, after, comparison = bench.comparison(account, case.id, old, new)
    counts = Counter(row.status for row in (*comparison.rows, *comparison.frame))
    if not set(counts) & set(CHANGED):
        st.success("两个版本的文字和条款序号完全相同。")
        return
    statuses = st.pills(
        "只看",
        [status for status in STATUS if counts[status]],
        format_func=lambda status: f"{STATUS[status]} {counts[status]}",
        selection_mode="multi",
        default=[status for status in CHANGED if counts[status]],
        key=f"statuses-{case.id}-{old}-{new}",
    )
    st.html(
        redline(
            before,
            after,
            comparison,
            statuses,
            view,
            decisions(comparison) if new == case.row["version"] else None,
        )
    )


listed()
original()
if bench.permits(account, "add_version", case.id):
    register()
if len(versions) > 1:
    st.header("版本比较")
    compared()
    frame.jump(frame.REVIEW, "去条款审阅", case.id)

"""收件: a draft comes in, is read and registered; then relevance, checklists and panel are decided."""

from __future__ import annotations

from datetime import date

import streamlit as st

from assessment import permissions
from assessment.documents import DOCUMENT_KINDS, STAGES
from assessment.records.events import Lane
from assessment.screening.models import LENSES, Lens
from assessment.usecases.words import LANES
from assessment.views import CaseView, Row
from assessment.web import affected_view, arrival, forms, frame, relevance_view
from assessment.web.errors import shown
from assessment.web.labels import LENS, LEVEL
from assessment.web.session import require_account, workbench
from assessment.workbench import Description, Paper

UPLOAD = "draft"

account = require_account()
bench = workbench()


def upload() -> None:
    """Take a file, show what was read, let the description be corrected, then register it."""
    st.title("收件")
    if not permissions.may(account, "receive"):
        st.info("登记草案由法制经办人或妇儿工委办办理。您可以从下方选择已登记的事项。")
        return
    arrived = arrival.receive(
        "上传草案（Word、WPS、PDF、OFD、扫描件、图片、网页、文本，或装有多个文件的 ZIP）", UPLOAD
    )
    if arrived is None:
        st.caption("文件只保存在本机。上传后先预览读出的条款，核对无误再登记。")
        return
    for row in bench.same_file(account, arrived.document):
        st.warning(f"同一份文件已登记为《{frame.plain(row['title'])}》。如确需另立事项，可以继续。")
    left, right = st.columns([1, 1.2], gap="large")
    with left:
        register_form(arrived)
    with right:
        arrival.outline(arrived.document)


def register_form(arrived: arrival.Arrived) -> None:
    """The description as guessed, correctable, and the button that opens the case."""
    document = arrived.document
    guessed_unit = document.drafting_unit
    st.subheader("草案信息")
    with st.form("register", border=True):
        title = st.text_input("标题", document.title, max_chars=200)
        kind = st.selectbox(
            "文件类型",
            DOCUMENT_KINDS,
            index=DOCUMENT_KINDS.index(document.document_kind.value),
            help=f"程序判断依据：{document.document_kind.reason}",
        )
        stage = st.selectbox(
            "所处阶段",
            STAGES,
            index=STAGES.index(document.stage.value),
            help=f"程序判断依据：{document.stage.reason}",
        )
        unit = st.text_input(
            "起草单位",
            guessed_unit.value if guessed_unit else "",
            max_chars=100,
            placeholder="例如：市住房和城乡建设局",
            help=f"程序判断依据：{guessed_unit.reason}" if guessed_unit else None,
        )
        started = st.date_input(
            "起草启动日期（可不填）", value=None, format="YYYY-MM-DD", help="用于说明评估介入早晚"
        )
        lane = choose_lane(None)
        if arrived.papers:
            st.caption(f"随草案登记附件 {len(arrived.papers)} 份。")
        if st.form_submit_button("登记并筛查", type="primary", icon=":material/playlist_add_check:"):
            with shown(), st.spinner("正在登记并筛查条款……"):
                description = Description(title, kind, stage, unit, started, lane)
                case_id = bench.receive(account, arrived.incoming, description, arrived.papers)
                arrival.forget(UPLOAD)
                frame.open_case(frame.INTAKE, case_id)


def choose_lane(lane: Lane | None, key: str | None = None) -> Lane | None:
    """How the draft came to be assessed; may stay open."""
    return st.selectbox(
        "评估方式（可不选）",
        LANES,
        index=LANES.index(lane) if lane else None,
        key=key,
        placeholder="暂不确定",
        help="部门自评：起草单位自行评估；专项重点：从年度计划中选定；动态触发：因投诉、舆情等提出",
    )


def arrived_when(case: CaseView) -> None:
    """How the draft came to be assessed, and whether it came in time."""
    timing = bench.lateness(account, case.id)
    lane = f"评估方式：{case.row['lane']}。" if case.row["lane"] else ""
    if timing.late:
        st.warning(f"{lane}{timing.text}", icon=":material/schedule:")
    else:
        st.caption(f"{lane}{timing.text}")


def relevance(case: CaseView) -> None:
    """Both lenses: the program's proposal, a person's decision and its reason."""
    st.header("一、相关性判断")
    st.caption("两个方面都要判断，并写明理由；判断为“不涉及”同样留存记录。")
    permitted = bench.permits(account, "decide_relevance", case.id)
    for column, lens in zip(st.columns(2, gap="large"), LENSES, strict=True):
        with column, st.container(border=True):
            lens_form(case, lens, permitted)
            relevance_view.show(account, case, lens)


def lens_form(case: CaseView, lens: Lens, permitted: bool) -> None:
    """One lens: proposal, level, reason."""
    proposed = case.screening.relevance[lens]
    decided = case.relevance.get(lens)
    st.subheader(LENS[lens])
    counts = {
        kind: sum(f.kind == kind for f in case.screening.findings if f.lens == lens)
        for kind in ("concern", "protective", "relevant")
    }
    st.caption(
        f"程序提示：{LEVEL[proposed.level]}。{proposed.reason}　"
        f"疑似问题 {counts['concern']} 处，保护促进 {counts['protective']} 处，其他相关 {counts['relevant']} 处。"
    )
    if decided:
        st.success(
            f"已判断：**{LEVEL[decided['level']]}**　{frame.plain(decided['reason'])}",
            icon=":material/check:",
        )
    if not permitted or relevance_view.settles(account, case, lens):
        if not decided:
            st.info("尚未判断。")
        return
    stored = {
        "level": decided["level"] if decided else None,
        "reason": decided["reason"] if decided else "",
    }
    form = forms.begin(f"relevance-{case.id}-{lens}", case, stored)
    with st.form(form.name, border=False):
        level = st.radio(
            "判断",
            relevance_view.LEVELS,
            format_func=LEVEL.__getitem__,
            horizontal=True,
            key=form.key("level"),
        )
        reason = st.text_area(
            "理由",
            key=form.key("reason"),
            max_chars=1000,
            height=90,
            placeholder="例如：第八条规定设施配置，直接影响孕产妇和携带婴幼儿者使用",
        )
        save = st.form_submit_button("保存判断", type="secondary" if decided else "primary")
    if save and level is None:
        st.error("请先选择“不涉及”“一般”或“重点”。")
    elif save and level is not None:
        with form.saving():
            bench.decide_relevance(account, case.id, lens, level, reason, form.seen)
            form.done()


def checklists_and_panel(case: CaseView) -> None:
    """Which checklists the case gets (pinned at today's version) and who fills a sheet."""
    st.header("二、评估清单与评分人员")
    offered = {checklist.id: checklist for checklist in bench.offered_checklists()}
    chosen = [checklist.id for checklist in case.checklists]
    names = {
        key: f"{value.title}（{len(value.items)} 项，第 {value.version} 版）"
        for key, value in offered.items()
    }
    experts = {
        person.id: f"{person.display_name}（{person.unit or '未填单位'}）" for person in bench.experts()
    }
    people = bench.people()
    if not bench.permits(account, "appoint", case.id):
        for checklist in case.checklists:
            st.markdown(f"- {frame.plain(checklist.title)}（第 {checklist.version} 版）")
        st.caption("评分人员：" + ("、".join(people[expert] for expert in case.panel) or "尚未确定"))
        return
    stored = {
        "checklists": [key for key in chosen if key in offered] or proposed_checklists(case),
        "panel": [key for key in case.panel if key in experts]
        or ([account.id] if account.id in experts else []),
    }
    form = forms.begin(f"panel-{case.id}", case, stored)
    with st.form(form.name, border=True):
        ids = st.multiselect(
            "清单",
            list(offered),
            format_func=names.__getitem__,
            placeholder="请选择",
            help="选定后锁定当时的版本；以后清单更新不影响本事项。",
            key=form.key("checklists"),
        )
        panel = st.multiselect(
            "评分人员（各自独立评分，提交前互不可见）",
            list(experts),
            format_func=experts.__getitem__,
            placeholder="请选择",
            key=form.key("panel"),
        )
        save = st.form_submit_button("确定", type="secondary" if chosen else "primary")
    if save:
        with form.saving():
            bench.appoint(account, case.id, ids, panel, form.seen)
            form.done()


def proposed_checklists(case: CaseView) -> list[str]:
    """Full checklists for the lenses decided as key, quick ones for the general ones."""
    mode = {"key": "full", "general": "quick"}
    return [
        checklist.id
        for checklist in sorted(bench.offered_checklists(), key=lambda c: LENSES.index(c.lens))
        if checklist.lens in case.relevance
        and checklist.mode == mode.get(case.relevance[checklist.lens]["level"])
    ]


def correct(case: CaseView) -> None:
    """Correct the description of a registered draft."""
    fields = ("title", "document_kind", "stage", "drafting_unit", "lane")
    started = case.row["drafting_started"]
    stored = {field: case.row[field] for field in fields}
    stored["started"] = date.fromisoformat(started) if started else None
    form = forms.begin(f"describe-{case.id}", case, stored)
    with st.expander("更正草案信息"), st.form(form.name, border=False):
        title = st.text_input("标题", max_chars=200, key=form.key("title"))
        kind = st.selectbox("文件类型", DOCUMENT_KINDS, key=form.key("document_kind"))
        stage = st.selectbox("所处阶段", STAGES, key=form.key("stage"))
        unit = st.text_input("起草单位", max_chars=100, key=form.key("drafting_unit"))
        day = st.date_input("起草启动日期（可不填）", key=form.key("started"), format="YYYY-MM-DD")
        lane = choose_lane(case.row["lane"], form.key("lane"))
        if st.form_submit_button("保存更正"):
            description = Description(title, kind, stage, unit, day, lane)
            with form.saving():
                bench.describe(account, case.id, description, form.seen)
                form.done()


def papers(case: CaseView) -> None:
    """The papers that go with the draft: listed, opened, added to."""
    rows = bench.attachments(account, case.id)
    with st.expander(f"附件（{len(rows)}）"):
        if rows:
            st.dataframe(arrival.papers(rows, bench.people()), hide_index=True)
            download(case, rows)
        else:
            st.caption("还没有附件。起草说明、征求意见汇总表、附表等可以在此登记，评分时可以引用。")
        if bench.permits(account, "attach", case.id):
            attach(case)


def download(case: CaseView, rows: list[Row]) -> None:
    """One paper to take along."""
    files = {row["file"]: row["name"] for row in rows}
    with st.container(horizontal=True, vertical_alignment="bottom"):
        file = st.selectbox("打开附件", list(files), format_func=files.__getitem__, key=f"open-{case.id}")
        st.download_button(
            "下载",
            data=lambda: bench.attachment(account, case.id, file),
            file_name=files[file],
            mime="application/octet-stream",
            icon=":material/download:",
            on_click="ignore",
        )


def attach(case: CaseView) -> None:
    """Add papers, each with what it is for."""
    with st.form(f"attach-{case.id}", clear_on_submit=True, border=False):
        files = st.file_uploader(
            "添加附件", arrival.PAPER_FORMATS, accept_multiple_files=True, max_upload_size=30
        )
        purpose = st.selectbox("用途", arrival.OTHER_PURPOSES)
        saved = st.form_submit_button("保存附件", icon=":material/attach_file:")
    if saved and not files:
        st.error("请先选择文件。")
    elif saved:
        with shown():
            for file in files:
                bench.attach(account, case.id, Paper(file.name, purpose, file.getvalue()))
            st.rerun()


def registered() -> None:
    """Everything decided on arrival for the case in the address."""
    _, case = frame.page_case("收件")
    if st.button("登记另一份草案", icon=":material/add:"):
        st.session_state.pop("case", None)
        st.query_params.pop("case", None)
        st.rerun()
    arrived_when(case)
    relevance(case)
    if len(case.relevance) == len(LENSES) and case.state != "not_relevant":
        checklists_and_panel(case)
    affected_view.show(account, case)
    if case.state == "not_relevant":
        st.info("两个方面均判断为“不涉及”，已留存记录。如认为判断有误，可在上方重新判断。")
    papers(case)
    if bench.permits(account, "describe", case.id):
        correct(case)
    if case.state == "reviewing" and case.checklists and case.panel:
        frame.jump(frame.REVIEW, "下一步：条款审阅", case.id)


if st.query_params.get("case"):
    registered()
else:
    upload()

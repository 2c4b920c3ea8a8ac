"""收件: a draft comes in, is read and registered; then relevance, checklists and panel are decided."""

from __future__ import annotations

import streamlit as st

from assessment import permissions
from assessment.documents import DOCUMENT_KINDS, STAGES, Document
from assessment.messages import DocumentError
from assessment.screening.models import LENSES, Lens, RelevanceLevel
from assessment.views import CaseView
from assessment.web import forms, frame
from assessment.web.errors import shown
from assessment.web.labels import LENS, LEVEL
from assessment.web.session import require_account, workbench
from assessment.workbench import Description, Incoming

LEVELS: tuple[RelevanceLevel, ...] = ("none", "general", "key")
FORMATS = [
    "docx",
    "docm",
    "doc",
    "wps",
    "rtf",
    "odt",
    "pdf",
    "ofd",
    "txt",
    "md",
    "html",
    "htm",
    "png",
    "jpg",
    "tif",
]

account = require_account()
bench = workbench()


def upload() -> None:
    """Take a file, show what was read, let the description be corrected, then register it."""
    st.title("收件")
    if not permissions.may(account, "receive"):
        st.info("登记草案由法制经办人或妇儿工委办办理。您可以从下方选择已登记的事项。")
        return
    file = st.file_uploader(
        "上传草案（Word、WPS、PDF、OFD、图片、.txt、.md、.html）", type=FORMATS, max_upload_size=30
    )
    if file is None:
        st.caption("文件只保存在本机。上传后先预览读出的条款，核对无误再登记。")
        return
    data = file.getvalue()
    try:
        with st.spinner("正在读取……"):
            document = read_once(data, file.name, file.file_id)
    except DocumentError as error:
        st.error(f"{error.code} {error.message}", icon=":material/error:")
        return
    for row in bench.same_file(account, document):
        st.warning(f"同一份文件已登记为《{frame.plain(row['title'])}》。如确需另立事项，可以继续。")
    left, right = st.columns([1, 1.2], gap="large")
    with left:
        register_form(data, file.name, document)
    with right:
        outline(document)


def read_once(data: bytes, name: str, file_id: str) -> Document:
    """The document, read once for each uploaded file and kept in this browser tab only."""
    kept = st.session_state.get("preview")
    if kept is None or kept[0] != file_id:
        st.session_state["preview"] = kept = (file_id, bench.preview(data, name))
    return kept[1]


def register_form(data: bytes, name: str, document: Document) -> None:
    """The description as guessed, correctable, and the button that opens the case."""
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
        unit = st.text_input("起草单位", max_chars=100, placeholder="例如：市住房和城乡建设局")
        started = st.date_input(
            "起草启动日期（可不填）", value=None, format="YYYY-MM-DD", help="用于说明评估介入早晚"
        )
        if st.form_submit_button("登记并筛查", type="primary", icon=":material/playlist_add_check:"):
            with shown(), st.spinner("正在登记并筛查条款……"):
                description = Description(title, kind, stage, unit, started)
                case_id = bench.receive(account, Incoming(data, name, document), description)
                st.session_state.pop("preview", None)
                frame.open_case(frame.INTAKE, case_id)


def outline(document: Document) -> None:
    """What was read: how many clauses, remarks of the reader, and the first of them."""
    st.subheader("读出的内容")
    articles = sum(clause.kind == "article" for clause in document.clauses)
    what = f"{articles} 条" if articles else f"{len(document.units)} 个条款"
    st.caption(f"共 {what}，{len(document.text):,} 字；版本标识（SHA-256）{document.sha256[:16]}…")
    for note in document.notes:
        st.info(note, icon=":material/info:")
    with st.container(height=460, border=True):
        for clause in [c for c in document.clauses if c.unit or c.kind in ("part", "chapter", "section")][
            :60
        ]:
            if not clause.unit:
                st.markdown(f"**{frame.plain(clause.path[-1])}**")
                continue
            short = clause.text if len(clause.text) <= 120 else f"{clause.text[:120]}……"
            st.html(f"<div>{frame.text(short)}</div>")


def relevance(case: CaseView) -> None:
    """Both lenses: the program's proposal, a person's decision and its reason."""
    st.header("一、相关性判断")
    st.caption("两个方面都要判断，并写明理由；判断为“不涉及”同样留存记录。")
    permitted = bench.permits(account, "decide_relevance", case.id)
    for column, lens in zip(st.columns(2, gap="large"), LENSES, strict=True):
        with column, st.container(border=True):
            lens_form(case, lens, permitted)


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
    if not permitted:
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
            "判断", LEVELS, format_func=LEVEL.__getitem__, horizontal=True, key=form.key("level")
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
    fields = ("title", "document_kind", "stage", "drafting_unit")
    form = forms.begin(f"describe-{case.id}", case, {field: case.row[field] for field in fields})
    with st.expander("更正草案信息"), st.form(form.name, border=False):
        title = st.text_input("标题", max_chars=200, key=form.key("title"))
        kind = st.selectbox("文件类型", DOCUMENT_KINDS, key=form.key("document_kind"))
        stage = st.selectbox("所处阶段", STAGES, key=form.key("stage"))
        unit = st.text_input("起草单位", max_chars=100, key=form.key("drafting_unit"))
        if st.form_submit_button("保存更正"):
            with form.saving():
                bench.describe(account, case.id, Description(title, kind, stage, unit), form.seen)
                form.done()


def registered() -> None:
    """Everything decided on arrival for the case in the address."""
    _, case = frame.page_case("收件")
    if st.button("登记另一份草案", icon=":material/add:"):
        st.session_state.pop("case", None)
        st.query_params.pop("case", None)
        st.rerun()
    relevance(case)
    if len(case.relevance) == len(LENSES) and case.state != "not_relevant":
        checklists_and_panel(case)
    if case.state == "not_relevant":
        st.info("两个方面均判断为“不涉及”，已留存记录。如认为判断有误，可在上方重新判断。")
    if bench.permits(account, "describe", case.id):
        correct(case)
    if case.state == "reviewing" and case.checklists and case.panel:
        frame.jump(frame.REVIEW, "下一步：条款审阅", case.id)


if st.query_params.get("case"):
    registered()
else:
    upload()

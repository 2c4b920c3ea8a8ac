"""A file comes in, on the page for new drafts and on the one for further versions: chosen, read, checked.

A ZIP is opened and the draft in it chosen; pictures of text are read with the pages counted as they come;
recognised text is laid beside the picture of its page and can be put right before anything is stored.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

import streamlit as st

from assessment import documents
from assessment.documents import Document
from assessment.documents.bundle import PURPOSES, Bundle, is_bundle
from assessment.messages import DocumentError
from assessment.web import frame
from assessment.web.session import workbench
from assessment.workbench import Incoming, Paper

OFFICE_FORMATS = ["docx", "docm", "doc", "wps", "rtf", "odt", "pdf", "ofd", "txt", "md", "html", "htm"]
PICTURE_FORMATS = ["png", "jpg", "jpeg", "tif", "tiff", "bmp", "webp"]
FORMATS = [*OFFICE_FORMATS, *PICTURE_FORMATS, "zip"]
PAPER_FORMATS = [*OFFICE_FORMATS, *PICTURE_FORMATS, "xlsx", "xls", "et", "csv", "pptx", "ppt"]
MEGABYTES = 100
PICTURES_KEPT = 6
DOUBTFUL_BELOW = 0.9
SHOWN = 60
OTHER_PURPOSES = PURPOSES[1:]


@dataclass(slots=True)
class _Kept:
    """What is remembered of an uploaded file in this browser tab, until another one comes.

    Attributes:
        file: the upload's id.
        packed: whether it is a ZIP of several papers.
        bundle: the ZIP as opened.
        read: name in the ZIP, or of the file, to the document.
        corrections: name and page to the text as a person left it.
    """

    file: str
    packed: bool
    bundle: Bundle | None = None
    read: dict[str, Document] = field(default_factory=dict)
    corrections: dict[tuple[str, int], str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Arrived:
    """A file that was read and waits to be registered.

    Attributes:
        document: as read, with a person's corrections if there are any.
        incoming: what to register.
        papers: what came along in the same ZIP.
    """

    document: Document
    incoming: Incoming
    papers: tuple[Paper, ...] = ()


def receive(label: str, key: str) -> Arrived | None:
    """Let a file be chosen and read; None while there is none, or none that can be read (which is said).

    Args:
        label: of the upload field.
        key: of the upload field; what was read and corrected is kept under it until another file comes.
    """
    file = st.file_uploader(label, type=FORMATS, max_upload_size=MEGABYTES, key=key)
    if file is None:
        st.session_state.pop(f"{key}-kept", None)
        return None
    kept: _Kept | None = st.session_state.get(f"{key}-kept")
    if kept is None or kept.file != file.file_id:
        st.session_state[f"{key}-kept"] = kept = _Kept(file.file_id, is_bundle(file.getvalue()))
    try:
        data = file.getvalue()
        if kept.packed:
            return _from_bundle(_opened(kept, data, file.name), kept, key)
        return _arrived(kept, data, file.name, key)
    except DocumentError as error:
        st.error(f"{error.code} {error.message}", icon=":material/error:")
        return None


def forget(key: str) -> None:
    """Drop what was read under an upload field, after it was registered."""
    st.session_state.pop(f"{key}-kept", None)


def _opened(kept: _Kept, data: bytes, name: str) -> Bundle:
    if kept.bundle is None:
        with st.spinner("正在打开压缩包……"):
            kept.bundle = workbench().unpack(data, name)
    return kept.bundle


def _from_bundle(bundle: Bundle, kept: _Kept, key: str) -> Arrived | None:
    """Choose the draft among the papers of a ZIP; the rest go along, each with its purpose."""
    readable = [index for index, member in enumerate(bundle.members) if member.format]
    if bundle.draft is None:
        st.error(bundle.reason)
        return None
    with st.container(border=True):
        st.subheader(f"压缩包内有 {len(bundle.members)} 个文件")
        draft = st.selectbox(
            "哪一个是草案",
            readable,
            index=readable.index(bundle.draft),
            format_func=lambda index: _named(bundle, index),
            key=f"{key}-draft",
            help=f"程序判断依据：{bundle.reason}",
        )
        papers = _papers(bundle, draft, key)
    chosen = bundle.members[draft]
    return _arrived(kept, chosen.data, chosen.name, key, papers)


def _named(bundle: Bundle, index: int) -> str:
    member = bundle.members[index]
    return f"{member.name}（{member.articles} 条）" if member.articles else member.name


def _papers(bundle: Bundle, draft: int, key: str) -> tuple[Paper, ...]:
    """The other members, to keep or leave, with what each is for."""
    others = [index for index in range(len(bundle.members)) if index != draft]
    if not others:
        return ()
    st.caption("其余文件作为附件一并登记，评分时可以引用。用途由程序判断，请核对。")
    table = st.data_editor(
        [
            {
                "登记": bool(bundle.members[index].data),
                "文件": bundle.members[index].name,
                "用途": _purpose(bundle.members[index].purpose.value),
                "判断依据": bundle.members[index].purpose.reason,
                "大小": size(bundle.members[index].size),
            }
            for index in others
        ],
        column_config={
            "登记": st.column_config.CheckboxColumn(width="small"),
            "用途": st.column_config.SelectboxColumn(options=list(OTHER_PURPOSES), required=True),
        },
        disabled=["文件", "判断依据", "大小"],
        hide_index=True,
        key=f"{key}-papers-{draft}",
    )
    return tuple(
        Paper(bundle.members[index].name, str(row["用途"]), bundle.members[index].data)
        for index, row in zip(others, table, strict=True)
        if row["登记"]
    )


def _purpose(value: str) -> str:
    return value if value in OTHER_PURPOSES else OTHER_PURPOSES[-1]


def _arrived(kept: _Kept, data: bytes, name: str, key: str, papers: tuple[Paper, ...] = ()) -> Arrived:
    document = _read_once(kept, data, name)
    if not document.recognised:
        return Arrived(document, Incoming(data, name, document), papers)
    text = _checked(document, data, name, kept, key)
    if text == document.text:
        return Arrived(document, Incoming(data, name, document), papers)
    return Arrived(documents.corrected(document, text), Incoming(data, name, document, text), papers)


def _read_once(kept: _Kept, data: bytes, name: str) -> Document:
    if name not in kept.read:
        bar = st.progress(0.0, "正在读取……")

        def progress(done: int, total: int) -> None:
            bar.progress(done / max(total, 1), f"正在识别图片中的文字：已完成 {done} 页，共 {total} 页")

        try:
            kept.read[name] = workbench().preview(data, name, progress)
        finally:
            bar.empty()
    return kept.read[name]


def _checked(document: Document, data: bytes, name: str, kept: _Kept, key: str) -> str:
    """Recognised text beside the picture of its page; the text as a person left it is returned."""
    st.subheader("识别文本，须人工核对")
    st.caption(
        "以下文字由程序从图片中识别，可能有误。请对照左侧原图核对并改正；"
        "识别的原文和改正后的文字都会保存，筛查以改正后的文字为准。"
    )
    pieces = by_page(document)
    page = page_choice(document, f"{key}-page-{name}")
    left, right = st.columns(2, gap="medium")
    with left:
        picture(lambda: workbench().preview_page(data, name, page), f"{key}-{name}-{document.sha256}", page)
    with right:
        doubts(document, page)
        stored = kept.corrections.get((name, page), pieces.get(page, ""))
        kept.corrections[name, page] = st.text_area(
            f"第 {page} 页的文字（改完后点一下框外，改动即生效）",
            stored,
            height=620,
            key=f"{key}-text-{name}-{page}",
        )
    return "".join(kept.corrections.get((name, number), piece) for number, piece in pieces.items())


def page_choice(document: Document, key: str) -> int:
    """Which recognised page is looked at, with the confidence of each."""
    pages = {page.page: page for page in document.recognised}
    number = st.selectbox(
        "页",
        list(pages),
        format_func=lambda page: _confidence(page, pages[page].confidence),
        key=key,
        width=360,
    )
    return int(number)


def _confidence(page: int, confidence: float) -> str:
    hint = "，请重点核对" if confidence < DOUBTFUL_BELOW else ""
    return f"第 {page} 页（识别把握 {confidence:.0%}{hint}）"


def doubts(document: Document, page: int) -> None:
    """The lines of a page that were recognised with the least confidence."""
    lines = next((found.doubtful for found in document.recognised if found.page == page), ())
    if lines:
        st.warning("请重点核对：" + "；".join(f"“{frame.plain(line)}”" for line in lines[:5]))


def picture(draw: Callable[[], bytes], key: str, page: int) -> None:
    """The picture of a page, drawn once and kept in this browser tab; a refusal is shown in its place."""
    kept = st.session_state.setdefault("page-pictures", {})
    if (key, page) not in kept:
        while len(kept) >= PICTURES_KEPT:
            kept.pop(next(iter(kept)))
        try:
            with st.spinner("正在显示页面……"):
                kept[key, page] = draw()
        except DocumentError as error:
            st.info(f"{error.code} {error.message}")
            return
    with st.container(height=700, border=True):
        st.image(kept[key, page], width="stretch", alt=f"第 {page} 页原图")


def by_page(document: Document) -> dict[int, str]:
    """The text cut where a page begins: page number to text; joined they are the document's text.

    A paragraph that runs over to the next page belongs to the page it begins on.
    """
    starts = {document.recognised[0].page: 0}
    for clause in document.clauses:
        if clause.page is not None and clause.page > max(starts):
            starts[clause.page] = clause.start
    edges = [*starts.values(), len(document.text)]
    return {page: document.text[edges[at] : edges[at + 1]] for at, page in enumerate(starts)}


def outline(document: Document, height: int = 460) -> None:
    """What was read: how many clauses, remarks of the reader, and the first of them."""
    st.subheader("读出的内容")
    articles = sum(clause.kind == "article" for clause in document.clauses)
    what = f"{articles} 条" if articles else f"{len(document.units)} 个条款"
    st.caption(f"共 {what}，{len(document.text):,} 字；版本标识（SHA-256）{document.sha256[:16]}…")
    for note in document.notes:
        st.info(frame.plain(note), icon=":material/info:")
    shown = [c for c in document.clauses if c.unit or c.kind in ("part", "chapter", "section")]
    with st.container(height=height, border=True):
        for clause in shown[:SHOWN]:
            if not clause.unit:
                st.markdown(f"**{frame.plain(clause.path[-1])}**")
                continue
            short = clause.text if len(clause.text) <= 120 else f"{clause.text[:120]}……"
            st.html(f"<div>{frame.text(short)}</div>")
        if len(shown) > SHOWN:
            st.caption(f"此处只列出前 {SHOWN} 个；登记后可在“条款审阅”中看到全文。")


def size(count: int) -> str:
    """A number of bytes as a person reads it."""
    return f"{count / 1024 / 1024:.1f} MB" if count >= 1024 * 1024 else f"{max(count // 1024, 1)} KB"


def papers(rows: Sequence[Mapping[str, str]], people: Mapping[str, str]) -> list[dict[str, str]]:
    """Attachments as a table shows them."""
    return [
        {
            "文件": row["name"],
            "用途": row["purpose"],
            "登记人": frame.person(people, row["actor"]),
            "时间": frame.when(row["at"]),
        }
        for row in rows
    ]

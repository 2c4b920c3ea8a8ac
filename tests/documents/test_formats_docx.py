"""What a Word file holds beside its paragraphs: notes, boxes, content controls, comments, revisions, macros."""

from __future__ import annotations

from assessment.documents import read

from .builders import W, repacked, with_body

RELATED = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGED = "http://schemas.openxmlformats.org/package/2006/relationships"


def run(text: str) -> str:
    return f"<w:r><w:t>{text}</w:t></w:r>"


def with_parts(body: str, **parts: str) -> bytes:
    """A Word file with this body and these parts, each related to the document by its own name."""
    relations = "".join(
        f'<Relationship Id="rX{name}" Type="{RELATED}/{name}" Target="{name}.xml"/>' for name in parts
    )
    changes: dict[str, bytes | None] = {
        "word/_rels/document.xml.rels": f'<Relationships xmlns="{PACKAGED}">{relations}</Relationships>'.encode()
    }
    changes |= {f"word/{name}.xml": content.encode() for name, content in parts.items()}
    return repacked(with_body(body), changes)


BODY = (
    f'<w:p>{run("第一条 甲")}<w:r><w:footnoteReference w:id="3"/></w:r>{run("。")}</w:p>'
    f'<w:p>{run("第二条 乙")}<w:r><w:footnoteReference w:id="2"/></w:r><w:r><w:endnoteReference w:id="1"/></w:r>{run("。")}</w:p>'
)
FOOTNOTES = (
    f'<w:footnotes {W}><w:footnote w:type="separator" w:id="-1"><w:p>{run("线")}</w:p></w:footnote>'
    f'<w:footnote w:id="2"><w:p>{run("关于乙的注。")}</w:p></w:footnote>'
    f'<w:footnote w:id="3"><w:p>{run("关于甲的注，")}</w:p><w:p>{run("有两段。")}</w:p></w:footnote></w:footnotes>'
)
ENDNOTES = f'<w:endnotes {W}><w:endnote w:id="1"><w:p>{run("文末的注。")}</w:p></w:endnote></w:endnotes>'


def test_notes_follow_the_text_in_the_order_they_are_referred_to() -> None:
    document = read(with_parts(BODY, footnotes=FOOTNOTES, endnotes=ENDNOTES), "x.docx")
    assert document.text.split("\n") == [
        "第一条 甲。", "第二条 乙。", "附：脚注和尾注", "脚注1：关于甲的注， 有两段。", "脚注2：关于乙的注。", "尾注1：文末的注。",
    ]  # fmt: skip
    assert document.clause("a2").text == "第二条 乙。"
    assert "3 条脚注和尾注已列在正文之后。" in document.notes


def test_notes_that_are_missing_are_said_to() -> None:
    document = read(with_parts(BODY), "x.docx")
    assert document.text == "第一条 甲。\n第二条 乙。"
    assert "脚注和尾注未读入。" in document.notes


def test_content_controls_are_read_and_comments_left_out() -> None:
    body = (
        f"<w:sdt><w:sdtPr/><w:sdtContent><w:p>{run('第一条 ')}<w:sdt><w:sdtContent>{run('控件里的字')}</w:sdtContent></w:sdt>"
        f'<w:commentRangeStart w:id="0"/>{run("。")}<w:commentRangeEnd w:id="0"/><w:r><w:commentReference w:id="0"/></w:r></w:p>'
        "</w:sdtContent></w:sdt>"
    )
    comments = f'<w:comments {W}><w:comment w:id="0"><w:p>{run("批注。")}</w:p></w:comment></w:comments>'
    assert read(with_parts(body, comments=comments), "x.docx").text == "第一条 控件里的字。"


def test_revisions_are_counted() -> None:
    body = (
        f'<w:p>{run("第一条 ")}<w:ins w:id="1" w:author="甲">{run("应当")}</w:ins>'
        f'<w:del w:id="2" w:author="甲"><w:r><w:delText>可以</w:delText></w:r></w:del>{run("公开。")}</w:p>'
    )
    document = read(with_body(body), "x.docx")
    assert document.text == "第一条 应当公开。"
    assert any("1 处插入已计入正文，1 处删除未计入" in note for note in document.notes)


def test_docm_is_read_without_its_macros() -> None:
    kind = b"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
    data = repacked(with_body(f"<w:p>{run('第一条 甲。')}</w:p>"), {"word/vbaProject.bin": b"\x00"})
    macro = data.replace(kind, b"application/vnd.ms-word.document.macroEnabled.main+xml")
    document = read(macro, "x.docm")
    assert document.text == "第一条 甲。"
    assert document.notes == ("文件含有宏，未运行。",)

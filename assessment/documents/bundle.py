"""A ZIP of several papers: its members with safe names, what each is for, and which is the draft."""

from __future__ import annotations

import io
import re
import stat
import zipfile
import zlib
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import PurePosixPath

from assessment.documents.formats import Means, archive, recognise
from assessment.documents.formats.refused import ARCHIVES
from assessment.documents.models import Document, Guess
from assessment.documents.ocr import no_engine
from assessment.documents.read import MAX_BYTES, read
from assessment.messages import DocumentError

MAX_MEMBERS = 100
MAX_UNPACKED = 200 * 1024 * 1024
MAX_BUNDLE = 100 * 1024 * 1024

PURPOSES = ("草案", "起草说明", "征求意见汇总表", "修改对照表", "附表", "依据材料", "报送文件", "其他材料")
"""What a member may be for; the first is the draft itself."""

BY_NAME: tuple[tuple[str, str], ...] = (
    ("征求意见汇总表", r"意见.{0,12}(?:汇总|采纳|反馈|处理|情况)|采纳情况|反馈意见"),
    ("修改对照表", r"对照|对比|修改前后|比较表"),
    ("起草说明", r"起草说明|编制说明|修订说明|起草情况|情况说明|的说明|说明$|^说明"),
    ("依据材料", r"依据|上位法|参考|调研|论证|审查意见|审查报告|评估报告|公平竞争|立法计划"),
    ("报送文件", r"请示|报送|的函$|^函|会签|签报|纪要"),
    ("附表", r"^附件|^附表|附表|附录|清单|名录|一览表|明细|统计表|登记表"),
)
DRAFT_WORD = re.compile(
    r"草案|征求意见稿|送审稿|修订稿|审议稿|讨论稿|代拟稿|建议稿|报批稿|修正案|（稿）|\(稿\)"
)
PAPER_WORD = re.compile(
    r"条例|办法|规定|细则|规则|方案|规划|意见|公约|民约|章程|简章|公告|通告|通知|决定|计划|标准|制度|措施"
)
IGNORED = re.compile(r"^__MACOSX/|(?:^|/)(?:\.[^/]*|~\$[^/]*|Thumbs\.db|desktop\.ini)$", re.IGNORECASE)
UNSAFE = re.compile(
    r"[\x00-\x1f\x7f\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff]|^[/\\]|^[A-Za-z]:|(?:^|[/\\])\.\.(?:[/\\]|$)"
)
LOOKED_AT = frozenset({"docx", "pdf", "ofd", "html", "md", "txt"})
"""Formats cheap enough to look inside while guessing; conversion and recognition wait until asked for."""


@dataclass(frozen=True, slots=True)
class Member:
    """One paper of a bundle.

    Attributes:
        name: file name without folders, safe to show and to store under.
        path: with its folders, as packed.
        data: its bytes.
        purpose: guessed, one of ``PURPOSES``, with the reason.
        format: as ``Document.format`` would have it; '' if it cannot be read as a draft (a spreadsheet, say).
        articles: how many articles were seen in it; None if it was not looked into.
    """

    name: str
    path: str
    data: bytes = field(repr=False)
    purpose: Guess
    format: str
    articles: int | None = None

    @property
    def size(self) -> int:
        """Size in bytes."""
        return len(self.data)


@dataclass(frozen=True, slots=True)
class Bundle:
    """An opened ZIP.

    Attributes:
        name: its file name.
        members: in the order of the file, system files of the packing program left out.
        draft: which member is probably the draft: index into ``members``; None if none can be read.
        reason: one Chinese sentence that says why that one.
    """

    name: str
    members: tuple[Member, ...]
    draft: int | None
    reason: str


def is_bundle(data: bytes) -> bool:
    """Whether the bytes are an archive to be opened here and not a draft in a ZIP container."""
    try:
        recognise(data, "")
    except DocumentError as error:
        return error.code in {"E119", "E136", "E141"}
    return False


def open_bundle(data: bytes, name: str) -> Bundle:
    """Open a ZIP of several papers; nothing is written anywhere.

    Args:
        data: the whole file.
        name: its file name.

    Raises:
        DocumentError: E101 empty, E102 too large, E136 damaged, E137 with a password, E138 too much in it,
            E139 names that reach outside, E140 archives within, E141 no ZIP, E142 nothing in it.
    """
    if not data:
        raise DocumentError("E101")
    if len(data) > MAX_BUNDLE:
        raise DocumentError("E102", size=_megabytes(len(data)), limit=_megabytes(MAX_BUNDLE))
    if data.startswith(ARCHIVES):
        raise DocumentError("E141")
    members = [_member(path, content) for path, content in _unpacked(data)]
    if not members:
        raise DocumentError("E142")
    draft, reason = _draft(members)
    if draft is not None:
        chosen = members[draft]
        members[draft] = replace(chosen, purpose=Guess("草案", reason))
    return Bundle(name, tuple(members), draft, reason)


def _unpacked(data: bytes) -> list[tuple[str, bytes]]:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            entries = _checked(packed.infolist())
            return [(path, packed.read(entry)) for path, entry in entries]
    except (
        zipfile.BadZipFile,
        zlib.error,
        EOFError,
        OSError,
        NotImplementedError,
        RuntimeError,
        ValueError,
    ) as error:
        raise DocumentError("E136") from error


def _checked(entries: Sequence[zipfile.ZipInfo]) -> list[tuple[str, zipfile.ZipInfo]]:
    """(path, entry) of the files worth unpacking; DocumentError before anything is unpacked."""
    if any(entry.flag_bits & 0x1 for entry in entries):
        raise DocumentError("E137")
    named = [(_path(entry), entry) for entry in entries]
    if any(UNSAFE.search(path) or _is_link(entry) for path, entry in named):
        raise DocumentError("E139")
    kept = [(path, entry) for path, entry in named if not entry.is_dir() and not IGNORED.search(path)]
    if len({path for path, _ in kept}) < len(kept):
        raise DocumentError("E139")
    unpacked = sum(entry.file_size for _, entry in kept)
    packed = sum(entry.compress_size for _, entry in kept) or 1
    too_dense = unpacked > archive.RATIO_FROM and unpacked / packed > archive.MAX_RATIO
    too_large = any(entry.file_size > MAX_BYTES for _, entry in kept)
    if (
        len(entries) > archive.MAX_ENTRIES
        or len(kept) > MAX_MEMBERS
        or unpacked > MAX_UNPACKED
        or too_dense
        or too_large
    ):
        raise DocumentError(
            "E138", members=MAX_MEMBERS, limit=_megabytes(MAX_UNPACKED), each=_megabytes(MAX_BYTES)
        )
    return kept


def _path(entry: zipfile.ZipInfo) -> str:
    """The entry's path; without the UTF-8 flag its bytes are UTF-8 all the same, or GB18030."""
    path = entry.orig_filename
    if not entry.flag_bits & 0x800:
        raw = path.encode("cp437", "replace")
        for encoding in ("utf-8", "gb18030"):
            try:
                path = raw.decode(encoding)
                break
            except UnicodeDecodeError:
                continue
    return path.replace("\\", "/")


def _is_link(entry: zipfile.ZipInfo) -> bool:
    return stat.S_ISLNK(entry.external_attr >> 16)


def _member(path: str, data: bytes) -> Member:
    name = PurePosixPath(path).name
    kind = _format(data, name)
    document = _look(data, name) if kind in LOOKED_AT else None
    articles = sum(clause.kind == "article" for clause in document.clauses) if document else None
    return Member(name, path, data, _purpose(name, document), kind, articles)


def _format(data: bytes, name: str) -> str:
    """The format a member would be read in, '' if it cannot be; DocumentError E140 for an archive."""
    if data.startswith(ARCHIVES):
        raise DocumentError("E140", name=name)
    if not data:
        return ""
    try:
        return recognise(data, name).name
    except DocumentError as error:
        if error.code in {"E119", "E136"}:
            raise DocumentError("E140", name=name) from error
        return ""


def _look(data: bytes, name: str) -> Document | None:
    try:
        return read(data, name, means=Means(engine=no_engine))
    except DocumentError:
        return None


def _purpose(name: str, document: Document | None) -> Guess:
    stem = PurePosixPath(name).stem
    for purpose, pattern in BY_NAME:
        found = re.search(pattern, stem)
        if found:
            return Guess(purpose, f"文件名含“{found[0]}”")
    title = document.title if document else ""
    for purpose, pattern in BY_NAME[:4]:
        found = re.search(pattern, title)
        if found:
            return Guess(purpose, f"标题含“{found[0]}”")
    return Guess("其他材料", "文件名和标题没有表明用途")


def _draft(members: Sequence[Member]) -> tuple[int | None, str]:
    """The member that is most like a draft, and why."""
    readable = [index for index, member in enumerate(members) if member.format]
    if not readable:
        return None, "压缩包里没有可以作为草案读取的文稿。"
    if len(readable) == 1:
        return readable[0], "压缩包里只有这一个可读的文稿"
    best = max(readable, key=lambda index: (_likeness(members[index]), members[index].size))
    return best, _why(members[best])


def _likeness(member: Member) -> float:
    stem = PurePosixPath(member.name).stem
    points = 4.0 * (DRAFT_WORD.search(stem) is not None) + 2.0 * (PAPER_WORD.search(stem) is not None)
    points += min((member.articles or 0) / 10, 4.0)
    points -= {"其他材料": 0.0, "附表": 3.0, "依据材料": 6.0}.get(member.purpose.value, 8.0)
    return points + (member.format != "image")


def _why(member: Member) -> str:
    stem = PurePosixPath(member.name).stem
    found = DRAFT_WORD.search(stem) or PAPER_WORD.search(stem)
    reasons = [f"文件名含“{found[0]}”"] if found else []
    if member.articles:
        reasons.append(f"正文有 {member.articles} 条")
    return "，".join(reasons) or "没有更像草案的文稿，篇幅以它为大"


def _megabytes(size: int) -> str:
    return f"{size / 1024 / 1024:.0f}"

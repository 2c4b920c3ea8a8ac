"""What frames the clauses: title, adoption notes, table of contents, signature."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from assessment.documents.segments import Segment

YEAR = r"(?:[12][0-9]{3}|[一二][〇○零Oo一二三四五六七八九]{3}|20[×xX＊*]{2}|[×xX]{2,4})"
DATE_PART = r"[0-9一二三四五六七八九十×xXＸ＊*_ \u3000]{0,4}"
DATE = rf"{YEAR}\s*年\s*{DATE_PART}\s*月(?:\s*{DATE_PART}\s*日)?"
DATE_LINE = re.compile(rf"[（(]?\s*{DATE}\s*[）)]?")
BODY_SUFFIX = (
    r"(?:政府|委员会|常委会|办公室|办公厅|局|厅|部|院|处|中心|学校|大学|学院|中学|小学|幼儿园|公司|集团|镇|街道|办事处"
    r"|联合会|妇联|法院|检察院|站|校|社|总队|支队|党委|党组|党支部|会议|大会|合作社|村|社区|协会|工会|指挥部)"
)
BODY_LINE = re.compile(rf"[^。；，：！？,;:]{{2,40}}{BODY_SUFFIX}(?:[（(][^）)]*[）)])?")
SIGNED_LINE = re.compile(rf"[^。；，：！？,;:]{{2,40}}{BODY_SUFFIX}\s*{DATE}")
AFTER_SIGNATURE = re.compile(
    r"[（(]此件[^）)]*[）)]|(?:抄送|抄报|主送|印发单位|联系人|联系电话)\s*[:：].*|.*办公室\s*\S*\s*印发.*"
)
APPENDIX = re.compile(
    r"(?P<label>(?:附件|附录|附表|附图|附)\s*(?:[0-9０-９]{1,2}|[一二三四五六七八九十]{1,3})?)\s*(?:[:：.．、\s]\s*(?P<title>[^。；]{0,60}))?$"
)
NOTE_END = re.compile(r"(?:通过|批准|修订|修正|公布|发布|施行|废止|印发|起实施|公告|令)\s*[）)]?$")
NUMBERED_PAPER = re.compile(
    r"[^。，；]{0,30}(?:[〔\[【(（]\s*20\d\d\s*[〕\]】)）]\s*第?\s*\d+\s*号|第\s*[0-9一二三四五六七八九十百]+\s*号)$"
)
ADDRESSEES = re.compile(r"(?!.*(?:如下|下列|以下|为了|根据|现将|决定))[^。；]{2,120}[:：]$")
# A last sentence of the whole paper, and not of the numbered clause above it.
CLOSING = re.compile(
    r"本(?:决定|通知|意见|方案|办法|规定|公告|细则|措施)自.{0,30}(?:施行|执行|实施)|特此(?:通知|公告|通告|函告)"
)
# A sentence below a count that speaks of all of its items.
SUMS_UP = re.compile(
    r"(?:以上|上述|前述)(?:[^，。；]{0,6}(?:人员|情形|措施|条件|事项|材料|内容|标准|岗位|各项|所列|对象))"
)
TITLE_WORD = re.compile(
    r"(?:条例|办法|规定|细则|规则|意见|通知|方案|规划|公告|通告|决定|决议|章程|公约|民约|简章|说明|纲要|计划|准则|制度|标准|指南"
    r"|措施|清单|报告|法|议案|要点|倡议书|守则|协议|合同|预案|批复|函|法典|编|修正案|解释|政策|条款|规程|办法实施细则)"
    r"(?:[（(〔【][^）)〕】]{1,30}[）)〕】])*$"
)
PAPER_TITLE = re.compile(
    r"的(?:通知|公告|决定|意见|函|通告|批复|说明|报告|决议|议案|办法|规定|方案|请示|建议|倡议书?|措施|通报|复函|实施意见|若干\S{2,6}|指导意见)"
    r"(?:[（(〔【][^）)〕】]{1,30}[）)〕】])*$"
)
GLUED_NOTE = re.compile(rf"\s*[（(]\s*{DATE}.*$")
TITLE_TAIL = re.compile(
    r"[（(〔【][^）)〕】]{1,30}[）)〕】]$|的(?:通知|公告|决定|意见|函|通告|批复|说明)$|^(?:草案|征求意见稿|送审稿)"
)
LETTERHEAD = re.compile(r".{2,40}文件$|.{0,20}(?:机密|秘密|特急|加急|平急|内部资料|公开)$|X|×")
CONTENTS_TITLE = frozenset({"目录", "目次", "目錄"})
LEADER = re.compile(r"(?:[.…·．\s]{2,}|\t)\s*[（(]?\d{1,4}[）)]?\s*$|[…]{2,}")
MAX_TITLE = 160
MAX_ENTRY = 120


@dataclass(frozen=True, slots=True)
class Title:
    """The printed title and the segments it stands in; empty if none was found."""

    text: str
    indices: frozenset[int]


def find_contents(segments: Sequence[Segment]) -> frozenset[int]:
    """Indices of the segments that make up a printed table of contents."""
    counted = Counter(_entry(segment) for segment in segments)
    found = {index for index, segment in enumerate(segments) if segment.role == "contents"}
    for index, segment in enumerate(segments):
        if index in found:
            continue
        titled = len(segment.text) <= MAX_ENTRY and "".join(segment.text.split()) in CONTENTS_TITLE
        if titled or _opens_untitled(segments, index, counted):
            found |= _entries(segments, index, titled, counted)
    return frozenset(found)


def _opens_untitled(segments: Sequence[Segment], index: int, counted: Counter[str]) -> bool:
    """Whether chapter headings follow each other without text between them and come again later."""
    here, following = segments[index], segments[index + 1 : index + 2]
    if here.marker is None or not here.is_heading or not following or following[0].marker is None:
        return False
    together = (
        following[0].marker.kind == here.marker.kind and following[0].marker.number == here.marker.number + 1
    )
    return together and here.marker.number == 1 and counted[_entry(here)] > 1


def _entries(segments: Sequence[Segment], first: int, titled: bool, counted: Counter[str]) -> set[int]:
    """The contents that begin at ``first``: its title, if ``titled``, and the entries after it."""
    found = {first} if titled else set()
    kind, last = None, 0
    for index in range(first + titled, len(segments)):
        segment = segments[index]
        marker = segment.marker
        listed = (len(segment.text) <= MAX_ENTRY and LEADER.search(segment.text) is not None) or counted[
            _entry(segment)
        ] > 1
        if segment.row or not (segment.is_heading or listed) or (marker and marker.kind == "article"):
            break
        if marker is not None:
            kind = kind or marker.kind
            if marker.kind == kind and marker.number and marker.number <= last:
                break
            last = marker.number if marker.kind == kind else last
        found.add(index)
    return found


def _entry(segment: Segment) -> str:
    """A line as both the contents and the body have it: no white space, leader or page number."""
    text = segment.text
    if len(text) > MAX_ENTRY:
        return text
    return "".join(LEADER.sub("", text).split())


def find_title(segments: Sequence[Segment], skipped: frozenset[int]) -> Title:
    """The title: the first lines that are no letterhead, number of the paper, note or clause."""
    for index, segment in enumerate(segments[:12]):
        if index in skipped or LETTERHEAD.fullmatch(segment.text) or APPENDIX.fullmatch(segment.text):
            continue
        if NUMBERED_PAPER.fullmatch(segment.text) or DATE_LINE.fullmatch(segment.text):
            continue
        if segment.text.startswith(("<!--", "（", "(")):
            continue
        if not _may_be_title(segment):
            break
        return _joined_title(segments, index, skipped)
    return Title("", frozenset())


def _joined_title(segments: Sequence[Segment], first: int, skipped: frozenset[int]) -> Title:
    """A title may run over several lines; it is over when a word such as 条例 or 通知 closes it."""
    text, indices, closed = segments[first].text, [first], None
    for index in range(first + 1, min(first + 6, len(segments))):
        segment = segments[index]
        complete = _is_complete(text)
        if complete:
            closed = (text, len(indices))
        if index in skipped or not _may_be_title(segment) or is_note(segment.text):
            break
        if complete and not TITLE_TAIL.search(segment.text):
            break
        text, indices = text + segment.text, [*indices, index]
    else:
        if _is_complete(text):
            closed = (text, len(indices))
    if len(indices) == 1 or closed is None:
        return Title(GLUED_NOTE.sub("", segments[first].text), frozenset({first}))
    return Title(closed[0], frozenset(indices[: closed[1]]))


def _is_complete(text: str) -> bool:
    """Whether a title has come to its end: 关于印发…规划 still waits for its 的通知."""
    if "关于" in text[:40] and not text.startswith("关于修改"):
        return PAPER_TITLE.search(text) is not None
    return TITLE_WORD.search(text) is not None


def _may_be_title(segment: Segment) -> bool:
    if segment.row or (segment.marker is not None and segment.marker.kind != "bracket"):
        return False
    return len(segment.text) <= MAX_TITLE and re.search(r"[。；：;:！？]", segment.text) is None


def is_note(text: str) -> bool:
    """Whether a line under the title tells of adoption, of its number or of its addressees."""
    if NUMBERED_PAPER.fullmatch(text) or DATE_LINE.fullmatch(text) or AFTER_SIGNATURE.fullmatch(text):
        return True
    if text.endswith(("。", "；")):
        return False
    return bool(NOTE_END.search(text) or re.match(rf"[（(]?\s*{DATE}", text))


def opens_note(text: str) -> bool:
    """Whether a line begins as an adoption note does, with a date."""
    return re.match(rf"[（(]?\s*(?:根据)?\s*{YEAR}\s*年", text) is not None


def is_note_end(text: str) -> bool:
    """Whether a line ends as an adoption note does: …通过, …修正."""
    return NOTE_END.search(text) is not None


def is_boilerplate(text: str) -> bool:
    """Whether a line before the first clause says nothing of substance: notes, addressees, captions."""
    if is_note(text) or ADDRESSEES.fullmatch(text) or LETTERHEAD.fullmatch(text) or text.startswith("<!--"):
        return True
    return len(text) <= 60 and re.search(r"[。；，,;]", text) is None


def find_signature(segments: Sequence[Segment], begin: int) -> frozenset[int]:
    """Indices of signatures: issuing body with a date, and what is printed below them.

    Args:
        segments: all segments.
        begin: index of the first segment of substance; what stands before is no signature.
    """
    found: set[int] = set()
    for index in range(begin, len(segments)):
        segment = segments[index]
        if segment.row or (segment.marker is not None and segment.marker.kind != "bracket"):
            continue
        if SIGNED_LINE.fullmatch(segment.text):
            found.add(index)
        elif DATE_LINE.fullmatch(segment.text):
            bodies = _bodies_above(segments, index, begin)
            if bodies or index == len(segments) - 1:
                found |= {index, *bodies}
        elif index - 1 in found and AFTER_SIGNATURE.fullmatch(segment.text):
            found.add(index)
        elif index == len(segments) - 1 and len(segment.text) <= 25 and BODY_LINE.fullmatch(segment.text):
            found |= {index, *_bodies_above(segments, index, begin)}
    return frozenset(found)


def _bodies_above(segments: Sequence[Segment], index: int, begin: int) -> list[int]:
    """The lines just above that name the bodies which sign."""
    bodies = []
    for above in range(index - 1, max(begin, index - 8), -1):
        segment = segments[above]
        if segment.row or segment.marker is not None or not BODY_LINE.fullmatch(segment.text):
            break
        bodies.append(above)
    return bodies

"""What sort of document it is and how far it has come: proposals that a person may correct."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import PurePath

from assessment.documents.models import Clause, Guess, Style

DOCUMENT_KINDS: tuple[str, ...] = (
    "地方性法规",
    "政府规章",
    "行政规范性文件",
    "规划",
    "实施方案",
    "村规民约",
    "招聘公告",
    "招生简章",
    "征收补偿方案",
    "其他",
)
"""Every value ``document_kind`` can have."""

STAGES: tuple[str, ...] = ("起草", "征求意见", "送审", "审议", "公布")
"""Every value ``stage`` can have, in the order a draft passes through them."""

# Tried in this order on the title, then on the file name; the first that is found decides.
KIND_WORDS: tuple[tuple[str, str], ...] = (
    (
        r"村规民约|居民公约|村民公约|自治章程|(?:经济合作社|经济联合社|集体经济组织)[^，。]{0,8}章程",
        "村规民约",
    ),
    (r"(?:征收|拆迁|征地|安置)[^，。]{0,20}(?:补偿|安置)[^，。]{0,12}方案", "征收补偿方案"),
    (r"招生[^，。]{0,12}(?:简章|公告|章程|方案|办法|通知)", "招生简章"),
    (r"(?:招聘|招录|招考|选聘|引进人才|遴选)[^，。]{0,30}(?:公告|简章|启事|通知|方案|信息)?", "招聘公告"),
    (r"(?:规划|纲要)(?:[（(〔【][^）)〕】]*[）)〕】])*(?:的通知)?$", "规划"),
    (
        r"(?:方案|行动计划|工作计划|实施计划|工作要点|措施|预案)(?:[（(〔【][^）)〕】]*[）)〕】])*(?:的通知)?$",
        "实施方案",
    ),
)
LAW = re.compile(r"^(?:中华人民共和国)?[^市县省区]*法(?:实施条例)?(?:[（(].*)?$|宪法|法典|修正案")
CONGRESS = re.compile(
    r"(?:人民代表大会|人大)(?:常务委员会|常委会)?[^，。]{0,40}(?:通过|批准|公告|修订|修正|决定)"
)
STATE_COUNCIL = re.compile(
    r"(?:^|\s)(?:中华人民共和国)?国务院(?:令|第[^。]{0,20}(?:公布|通过|修订))", re.MULTILINE
)
GOVERNMENT_RULE = re.compile(
    r"(?:省|市|州|盟)(?:人民)?政府(?:令|[^，。]{0,12}常务会议[^，。]{0,20}通过)|人民政府令"
)
PAPER_NUMBER = re.compile(r"[〔\[【]20\d\d[〕\]】]\s*第?\d+\s*号")
BELOW_CITY = re.compile(
    r"^[^省市]{2,12}?(?:县|旗|镇|乡|街道)|市[^省市]{1,8}[区县]|(?:局|厅|委员会|办公室)关于"
)
RULE_WORDS = re.compile(r"(?:办法|规定|细则|规则)(?:[（(〔【][^）)〕】]*[）)〕】])*$")
PAPER_WORDS = re.compile(r"(?:通知|意见|通告|公告|决定|批复|函|制度|标准|准则|指南|办法|规定|细则|规则|政策)")

STAGE_WORDS: tuple[tuple[str, str], ...] = (
    (r"征求意见|征集意见|意见征集|公开征求", "征求意见"),
    (r"送审|报审|送批", "送审"),
    (r"草案|审议稿|审议|修改稿|表决稿|建议表决", "审议"),
    (r"起草|初稿|讨论稿|草稿|代拟稿|初步", "起草"),
)
ADOPTED = re.compile(r"\d{4}\s*年\s*\d{1,2}\s*月\s*\d{1,2}\s*日[^。]{0,80}?(?:通过|批准|公布|发布|修订|修正)")
HEAD_LENGTH = 1_500


def guess_kind(title: str, name: str, head: str, style: Style) -> Guess:
    """The kind, from title and file name, then from the notes under the title.

    Args:
        title: the printed title.
        name: the file name.
        head: the beginning of the text, where adoption notes and the number of the paper stand.
        style: how the document is numbered.
    """
    for source, text in _sources(title, name):
        for pattern, kind in KIND_WORDS:
            found = re.search(pattern, text)
            if found:
                return Guess(kind, f"{source}含“{found[0][:20]}”")
    return _of_authority(title or _stem(name), head, style)


def _of_authority(title: str, head: str, style: Style) -> Guess:
    """Regulation, rule or other normative paper: by who made it, else by what it is called."""
    if LAW.search(title) and "条例" not in title:
        return Guess("其他", "名称为国家法律")
    if STATE_COUNCIL.search(head[:HEAD_LENGTH]) and "人大" not in title:
        return Guess("其他", "题注记载由国务院公布，为行政法规")
    if CONGRESS.search(head[:HEAD_LENGTH]) and style == "regulation":
        return Guess("地方性法规", "题注记载由人大或其常委会通过、批准")
    if "条例" in title:
        return Guess("地方性法规", "名称含“条例”")
    if GOVERNMENT_RULE.search(head[:HEAD_LENGTH]):
        return Guess("政府规章", "文首有政府令或政府常务会议通过的记载")
    if PAPER_NUMBER.search(head[:HEAD_LENGTH]):
        return Guess("行政规范性文件", "文首有发文字号")
    if BELOW_CITY.search(title):
        return Guess("行政规范性文件", "名称显示由县级以下机关或部门制定")
    if RULE_WORDS.search(title) and style == "regulation":
        return Guess("政府规章", "名称为办法、规定一类，分条书写")
    if PAPER_WORDS.search(title):
        return Guess("行政规范性文件", "名称为通知、意见一类")
    return Guess("其他", "名称和文首未见可据以判断的字样")


def guess_stage(title: str, name: str, head: str) -> Guess:
    """The stage, from words such as 征求意见稿 in title or file name, else from an adoption note."""
    for source, text in _sources(title, name):
        for pattern, stage in STAGE_WORDS:
            found = re.search(pattern, text)
            if found:
                return Guess(stage, f"{source}含“{found[0]}”")
    lines = head[:HEAD_LENGTH].split("\n")[:8]
    for line in lines:
        if len(line) <= 20 and re.search(r"征求意见稿|送审稿|草案|讨论稿", line):
            return guess_stage(line, "", "")
    if ADOPTED.search(head[:HEAD_LENGTH]):
        return Guess("公布", "题注记载已通过或公布")
    if PAPER_NUMBER.search(head[:HEAD_LENGTH]):
        return Guess("公布", "文首有发文字号")
    return Guess("起草", "未见征求意见、送审、审议或公布的字样，按起草处理")


def head_of(clauses: Sequence[Clause], text: str) -> str:
    """The beginning of the text up to the first clause that is assessed."""
    first = next((clause.start for clause in clauses if clause.unit), len(text))
    return text[: max(first, 200)]


def _sources(title: str, name: str) -> list[tuple[str, str]]:
    return [("标题", title), ("文件名", _stem(name))]


def _stem(name: str) -> str:
    return PurePath(name).stem

"""Whose paper it is: number of the paper (文号) and drafting unit, as proposals a person may correct."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from assessment.documents.frame import BODY_SUFFIX, DATE
from assessment.documents.models import Clause, Guess

NUMBER = re.compile(
    r"(?P<number>[\u4e00-\u9fa5]{1,14}[〔\[【（(]\s*20\d\d\s*[〕\]】）)]\s*第?\s*[0-9]+\s*号"
    r"|(?:[\u4e00-\u9fa5]{0,20}(?:令|公告|通告))?\s*[〔（(]?[^〔（(。]{0,8}[〕）)]?\s*第\s*[0-9一二三四五六七八九十百〇]+\s*号)"
)
BODY = rf"[\u4e00-\u9fa5（）()·]{{2,40}}?{BODY_SUFFIX}"
NAMED_UNIT = re.compile(
    r"^\s*(?:起草|责任|牵头|主办|提请|报送)(?:单位|部门)\s*[：:]\s*(?P<unit>[^\n。；]{2,40})", re.M
)
SIGNED = re.compile(rf"(?P<unit>{BODY})(?:[（(][^）)]*[）)])?\s*(?:{DATE})?")
TITLE_BODY = re.compile(
    rf"(?P<unit>{BODY})(?=关于|[0-9〇零一二三四五六七八九]{{4}}\s*年|公开招聘|招聘|招录|选聘|招生)"
)
LETTERHEAD = re.compile(r"(?P<unit>[\u4e00-\u9fa5]{2,30})文件")
ADOPTED_BY = re.compile(
    rf"(?:{DATE})?\s*(?P<unit>[\u4e00-\u9fa5]{{2,20}}?(?:人民代表大会常务委员会|人民代表大会|人民政府)|国务院)"
    r"(?=第[^，。]{0,20}会议|[^，。]{0,20}(?:通过|公布|批准|审议))"
)
ELECTED = re.compile(r"第[一二三四五六七八九十]+届")


def guess_number(clauses: Sequence[Clause], text: str) -> Guess | None:
    """The number of the paper, from the lines above what is assessed; None if there is none."""
    for line in _head_lines(clauses, text):
        found = NUMBER.fullmatch(line)
        if found:
            return Guess(re.sub(r"\s", "", found["number"]), "文首有发文字号")
    return None


def guess_drafting_unit(title: str, clauses: Sequence[Clause], text: str) -> Guess | None:
    """Who drafted it: by express mention, signature, title, letterhead, or who adopted it; None if unsaid."""
    named = NAMED_UNIT.search(text)
    if named:
        return Guess(named["unit"].strip(), f"文中写明“{named[0].strip()[:20]}”")
    for clause in clauses:
        if clause.kind == "signature" and (signed := SIGNED.fullmatch(clause.text.split("\n")[0].strip())):
            return Guess(signed["unit"], "落款署名")
    found = TITLE_BODY.match(title)
    if found:
        return Guess(found["unit"], "标题以该单位开头")
    for line in _head_lines(clauses, text):
        if found := LETTERHEAD.fullmatch(line):
            return Guess(found["unit"], "版头为该单位文件")
        if found := ADOPTED_BY.search(ELECTED.sub("", line)):
            return Guess(found["unit"], "题注记载由其审议或者公布")
    return None


def _head_lines(clauses: Sequence[Clause], text: str) -> Iterator[str]:
    """The lines above the first clause that is assessed."""
    first = next((clause.start for clause in clauses if clause.unit), len(text))
    return (
        line.strip("（() ）\u3000\t") if line[:1] in "（(" else line.strip()
        for line in text[:first].split("\n")
    )

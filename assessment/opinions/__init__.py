"""A case becomes papers: compose an opinion, check it, and render it as Word, Excel, JSON and a preview."""

from assessment.opinions.citing import cite
from assessment.opinions.compose import compose
from assessment.opinions.excel import render_xlsx
from assessment.opinions.inputs import Draft, Edit, FindingDecision, OpinionInput, SheetAnswer
from assessment.opinions.judging import Remark, Suggestion, check, suggest_conclusion
from assessment.opinions.preview import preview_html
from assessment.opinions.serial import from_json, opinion_hash, to_json
from assessment.opinions.word import render_docx

__all__ = [
    "Draft",
    "Edit",
    "FindingDecision",
    "OpinionInput",
    "Remark",
    "SheetAnswer",
    "Suggestion",
    "check",
    "cite",
    "compose",
    "from_json",
    "opinion_hash",
    "preview_html",
    "render_docx",
    "render_xlsx",
    "suggest_conclusion",
    "to_json",
]

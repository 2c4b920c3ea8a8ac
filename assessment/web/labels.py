"""Chinese names for the ids that records and the engine use."""

from __future__ import annotations

from typing import cast

from assessment.screening.models import Lens
from assessment.screening.taxonomy import load_taxonomy

LENS = {"gender": "性别平等", "child": "儿童优先"}
KIND = {"relevant": "相关条款", "protective": "保护促进条款", "concern": "疑似问题条款"}
SEVERITY = {"high": "高", "medium": "中", "hint": "提示", "none": "—"}
SEVERITY_LONG = {
    "high": "高（涉嫌与上位法不一致）",
    "medium": "中（可能产生不利影响）",
    "hint": "提示（建议完善）",
    "none": "—",
}
DECISION = {"undecided": "待处理", "confirmed": "已确认", "excluded": "已排除"}
LEVEL = {"none": "不涉及", "general": "一般", "key": "重点"}
SOURCE = {"rule": "规则", "model": "统计模型", "both": "规则与统计模型", "person": "人工添加"}
VERDICT = {"meets": "符合", "below": "低于要求", "differs": "不一致", "check": "须人工核对"}


def type_name(lens: str, concern_type: str) -> str:
    """The Chinese name of a concern type."""
    return load_taxonomy().concerns[cast(Lens, lens)][concern_type].label


def domain_name(lens: str, domain: str) -> str:
    """The Chinese name of a plan domain."""
    return load_taxonomy().domains[cast(Lens, lens)][domain]


def concern_types(lens: str) -> dict[str, str]:
    """Concern type id to Chinese name, for one lens."""
    return {key: concern.label for key, concern in load_taxonomy().concerns[cast(Lens, lens)].items()}

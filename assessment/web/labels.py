"""Chinese names for the ids that records and the engine use."""

from __future__ import annotations

from typing import cast

from assessment.opinions.words import LENS, SEVERITY, SEVERITY_MEANS, VERDICT
from assessment.screening.models import Lens
from assessment.screening.taxonomy import load_taxonomy

__all__ = [
    "DECISION", "KIND", "LENS", "LEVEL", "SEVERITY", "SEVERITY_LONG", "SOURCE", "VERDICT",
    "concern_types", "domain_name", "type_name",
]  # fmt: skip

KIND = load_taxonomy().kinds
SEVERITY_LONG = {
    severity: f"{name}（{SEVERITY_MEANS[severity]}）" if severity != "none" else name
    for severity, name in SEVERITY.items()
}
DECISION = {"undecided": "待处理", "confirmed": "已确认", "excluded": "已排除"}
LEVEL = {"none": "不涉及", "general": "一般", "key": "重点"}
SOURCE = {"rule": "规则", "model": "统计模型", "both": "规则与统计模型", "person": "人工添加"}


def type_name(lens: str, concern_type: str) -> str:
    """The Chinese name of a concern type."""
    return load_taxonomy().concerns[cast(Lens, lens)][concern_type].label


def domain_name(lens: str, domain: str) -> str:
    """The Chinese name of a plan domain."""
    return load_taxonomy().domains[cast(Lens, lens)][domain]


def concern_types(lens: str) -> dict[str, str]:
    """Concern type id to Chinese name, for one lens."""
    return {key: concern.label for key, concern in load_taxonomy().concerns[cast(Lens, lens)].items()}

"""The fixed words of the procedure's forms, as they stand on the screen and in the records."""

from __future__ import annotations

from typing import get_args

from assessment.records.events import Adoption, Lane, Outcome

LANES: tuple[Lane, ...] = get_args(Lane)
"""How a draft comes to be assessed."""

LATE_STAGES = ("送审", "审议", "公布")
"""Stages at which advice comes late: the text is as good as fixed."""

SEXES = ("女", "男", "不分性别")
AGES = ("0—3岁", "3—6岁", "6—12岁", "12—15岁", "15—18岁", "18—60岁", "60岁以上", "不分年龄")
GROUPS = ("一般", "农村", "残疾", "单亲", "留守", "流动", "困境", "孕产哺乳期", "少数民族", "涉案")
EFFECTS = ("正向", "中性", "负向", "无法判断")
"""The grid of who is affected: sex, age group, group of people, and which way."""

DECISIONS = ("通过", "附条件通过", "退回", "暂缓")
"""What a committee may decide."""

REPLIES = ("采纳", "部分采纳", "不采纳", "另行研究")
ADOPTIONS: tuple[Adoption, ...] = get_args(Adoption)
OUTCOMES: tuple[Outcome, ...] = get_args(Outcome)
FOUND = ("相符", "部分相符", "不相符", "无法判断")
"""How far a predicted effect and what was found agree."""

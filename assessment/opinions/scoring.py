"""The scoring section of the paper and its attachments: points, agreement, every item with its answers."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from assessment.checklists import ANSWERS
from assessment.opinions.blocks import Block, Paragraph, Table
from assessment.opinions.models import ChecklistScore, ItemScore, Opinion
from assessment.opinions.words import assessed, votes


def scores(opinion: Opinion) -> Iterator[Block]:
    """The section 清单评分: points, agreement of the sheets, what the panel and the drafting unit said."""
    if not opinion.scores:
        if assessed(opinion):
            yield Paragraph("本次没有使用评估清单评分。")
        return
    yield Paragraph("按清单逐项评分，结果如下；逐项的答案、理由和原文见附件。")
    rows = tuple(
        (
            f"{result.title}（第{result.version}版）",
            str(len(result.experts)),
            *(str(result.counts[answer]) for answer in ANSWERS),
            "不计算" if result.value is None else f"{result.value:.1f}",
        )
        for result in opinion.scores
    )
    heads = ("清单", "专家人数", *ANSWERS, "得分")
    yield Table(heads, (42, 18, 14, 18, 15, 15, 19, 15), rows)
    for result in opinion.scores:
        yield Paragraph(f"{result.title}：{result.formula}。")
    yield from _agreement(opinion)
    for result in opinion.scores:
        yield from _settled(result)


def _agreement(opinion: Opinion) -> Iterator[Block]:
    measured = [(result, result.agreement) for result in opinion.scores if result.agreement]
    if not measured:
        return
    yield Paragraph("各专家独立评分的一致程度如下。")
    rows = tuple(
        (
            result.title,
            f"{figures.unanimous}／{figures.items}",
            "—" if figures.percent is None else f"{figures.percent:.1f}%",
            _coefficient(figures.kappa),
            _coefficient(figures.alpha_nominal),
            _coefficient(figures.alpha_ordinal),
        )
        for result, figures in measured
    )
    heads = ("清单", "一致项／比较项", "一致率", "κ", "α（名义）", "α（次序）")
    yield Table(heads, (50, 30, 20, 16, 20, 20), rows)
    yield Paragraph(
        "一致率是两两比较答案相同的比例；κ（两人用Cohen法，三人以上用Fleiss法）和Krippendorff α扣除偶然一致，"
        "1为完全一致，0相当于随机，“—”表示没有定义。"
    )


def _coefficient(value: float | None) -> str:
    return "—" if value is None else f"{value:.2f}"


def _settled(result: ChecklistScore) -> Iterator[Block]:
    settled = [item.panel for item in result.items if item.panel]
    argued = sum(not answer.agreed for answer in settled)
    minority = sum(bool(answer.minority) for answer in settled)
    own = sum(item.own is not None for item in result.items)
    differing = sum(item.own_differs for item in result.items)
    told = []
    if settled:
        told.append(f"合议确定{len(settled)}项，其中经讨论{argued}项，保留少数意见{minority}项")
    if own:
        told.append(f"起草单位自评{own}项，与{common_name(result)}不同的{differing}项")
    if told:
        yield Paragraph(f"{result.title}：{'；'.join(told)}。")


def items(result: ChecklistScore) -> Table:
    """Item by item: the experts' answers, the common one with votes, and what both rest on."""
    heads = ("编号", "评估内容", "专家意见", common_name(result), "理由和原文")
    return Table(heads, (14, 40, 33, 25, 44), tuple(_item_rows(result)))


def common_name(result: ChecklistScore) -> str:
    """What the common answer of a checklist is called: 合议答案 only where the panel settled something."""
    return "合议答案" if any(item.panel for item in result.items) else "一致答案"


def _item_rows(result: ChecklistScore) -> Iterator[tuple[str, ...]]:
    group = ""
    for item in result.items:
        if item.group != group:
            group = item.group
            yield (group,)
        yield (
            item.item,
            item.question,
            _answers(result.experts, item),
            _common(item),
            _grounds(result.experts, item),
        )


def _answers(experts: Sequence[str], item: ItemScore) -> str:
    given = set(item.answers)
    if len(given) == 1 and None not in given and len(experts) > 1:
        return "一致"
    pairs = zip(experts, item.answers, strict=True)
    return "\n".join(f"{name}：{answer or '未作答'}" for name, answer in pairs)


def _common(item: ItemScore) -> str:
    lines = [item.settled or "未形成一致", *(votes(item.panel.votes) if item.panel else ())]
    return "\n".join([*lines, "自评：", item.own.answer] if item.own and item.own_differs else lines)


def _grounds(experts: Sequence[str], item: ItemScore) -> str:
    """The experts' reasons with their names, then the panel's and the drafting unit's, then the quotes."""
    names: dict[str, list[str]] = {}
    for name, reason in zip(experts, item.reasons, strict=True):
        if reason.strip():
            names.setdefault(reason.strip(), []).append(name)
    reasons = [f"{'、'.join(who)}：{reason}" for reason, who in names.items()]
    if item.panel and item.panel.reason and not item.panel.agreed:
        reasons.append(f"合议：{item.panel.reason}")
    if item.panel and item.panel.minority:
        reasons.append(f"少数意见：{item.panel.minority}")
    if item.own and item.own_differs and item.own.reason:
        reasons.append(f"自评：{item.own.reason}")
    return "\n".join([*reasons, *(f"“{quote}”" for quote in item.quotes)])

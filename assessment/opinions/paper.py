"""The opinion laid out as a public paper: headings, paragraphs and tables in order, before any file format.

The Word paper and the preview are both made from this, so they cannot differ in wording or order.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from assessment.opinions.blocks import Attachment, Block, Heading, Paper, Paragraph, Table
from assessment.opinions.models import Opinion, Recommendation, SecondReading
from assessment.opinions.scoring import items, scores
from assessment.opinions.serial import opinion_hash
from assessment.opinions.words import (
    ASSESSMENT,
    LENS,
    LEVEL,
    SEVERITIES,
    SEVERITY,
    SEVERITY_MEANS,
    assessed,
    day,
    numeral,
    type_names,
    votes,
)
from assessment.screening.models import LENSES

REPLIES = ("采纳", "部分采纳", "不采纳", "另行研究")

_INSIDE_A_CLAUSE = re.compile("(?<=[条款])(?=第)")
_CITATION = re.compile(r"([^第《》]+)(第.+条.*)")


def lay_out(opinion: Opinion) -> Paper:
    """Lay out the opinion; sections with nothing in them say so or are left out."""
    sections = [
        ("评估依据", _basis(opinion)),
        ("评估过程", _process(opinion)),
        ("相关性判断", _relevance(opinion)),
        ("总体结论", _conclusion(opinion)),
        ("具体意见", _recommendations(opinion)),
        ("缺项建议", _gaps(opinion)),
        ("指标核对", _figures(opinion)),
        ("清单评分", scores(opinion)),
        ("数据与证据说明", _evidence(opinion)),
        ("值得保留的条款", _protective(opinion)),
        ("反馈要求", _reply(opinion)),
    ]
    blocks: list[Block] = [Paragraph(_opening(opinion))]
    filled = [(title, tuple(body)) for title, body in sections]
    for number, (title, body) in enumerate((entry for entry in filled if entry[1]), start=1):
        blocks += [Heading(f"{numeral(number)}、{title}", 1), *body]
    return Paper(
        title=opinion.title,
        number=opinion.number or "（文号待编）",
        addressee=opinion.addressee or "（致送单位待定）",
        blocks=tuple(_lines(blocks)),
        signature=(
            opinion.site_name,
            f"签发人：{opinion.signatory or '（待签发）'}",
            day(opinion.composed_on),
        ),
        attachments=tuple(_attachments(opinion)),
    )


def _lines(blocks: Iterable[Block]) -> Iterator[Block]:
    """The blocks, a paragraph for each line a person wrote."""
    for block in blocks:
        if isinstance(block, Paragraph):
            yield from (Paragraph(line) for line in block.text.splitlines() if line.strip())
        else:
            yield block


def statutes(citations: Iterable[str]) -> str:
    """Citations as a paper writes them, law by law: 《妇女权益保障法》第二条、第八条；《…》第…条."""
    laws: dict[str, list[str]] = {}
    for citation in citations:
        match = _CITATION.fullmatch(citation)
        law, article = (f"《{match[1]}》", match[2]) if match else (citation, "")
        laws.setdefault(law, []).append(article)
    return "；".join(law + "、".join(articles) for law, articles in laws.items())


def _opening(opinion: Opinion) -> str:
    title = opinion.draft_title.replace("《", "〈").replace("》", "〉")
    drafted = f"{opinion.drafting_unit}起草的" if opinion.drafting_unit else ""
    about = "，".join([part for part in (opinion.draft_kind, opinion.draft_stage) if part])
    return f"{drafted}《{title}》（{about}，第{opinion.draft_version}稿）收悉。经组织评估，现将意见函告如下。"


def _basis(opinion: Opinion) -> Iterator[Block]:
    yield Paragraph(f"本次评估依据：{statutes(opinion.basis)}。")


def _process(opinion: Opinion) -> Iterator[Block]:
    if not opinion.process:
        yield Paragraph("没有登记评估过程。")
    for step in opinion.process:
        yield Paragraph(f"{day(step.on)}，{_sentence(step.what)}")
    experts = tuple(dict.fromkeys(name for result in opinion.scores for name in result.experts))
    if experts:
        panel = [item.panel for result in opinion.scores for item in result.items if item.panel]
        how = "专家独立评分，分歧项经合议确定" if panel else "专家独立评分"
        yield Paragraph(f"参加评分的专家{len(experts)}名：{'、'.join(experts)}。{how}。")
    yield Paragraph("条款由程序辅助筛查，列入本意见的内容均经人工确认。")
    if opinion.skipped:
        yield Paragraph(f"本次评估没有经过下列环节：{'、'.join(opinion.skipped)}。")


def _relevance(opinion: Opinion) -> Iterator[Block]:
    rows = {row.lens: row for row in opinion.relevance}
    for number, lens in enumerate(LENSES, start=1):
        yield Heading(f"（{numeral(number)}）{LENS[lens]}", 2)
        row = rows.get(lens)
        if row is None:
            yield Paragraph("未评估。尚未作出相关性判断。")
        else:
            yield Paragraph(f"{LEVEL[row.level]}。理由：{_sentence(row.reason or '未填写')}")
            if row.second:
                yield Paragraph(_second(row.second))
        yield from _affected(opinion, lens)


def _second(reading: SecondReading) -> str:
    if reading.agrees:
        return f"经另一人复核，意见一致。{_sentence(reading.reason) if reading.reason else ''}"
    first = f"初判为{LEVEL[reading.first_level]}（{reading.first_reason or '未写理由'}）"
    second = f"复核为{LEVEL[reading.level]}（{reading.reason}）"
    return f"{first}，{second}，{'以上述判断为准' if reading.settled else '差异尚未处理'}。"


def _affected(opinion: Opinion, lens: str) -> Iterator[Block]:
    for groups in opinion.affected:
        if groups.lens == lens and groups.cells:
            note = f"{_sentence(groups.note)}" if groups.note else ""
            yield Paragraph(f"受影响人群如下。{note}")
            yield Table(("性别", "年龄", "群体", "影响"), (26, 52, 52, 26), merged(groups.cells))


def merged(cells: Iterable[tuple[str, str, str, str]]) -> tuple[tuple[str, str, str, str], ...]:
    """Cells of sex, age, group and effect with like ones in one row: ages joined first, then groups."""
    ages: dict[tuple[str, str, str], list[str]] = {}
    for sex, age, group, effect in cells:
        ages.setdefault((sex, group, effect), []).append(age)
    groups: dict[tuple[str, str, str], list[str]] = {}
    for (sex, group, effect), joined in ages.items():
        groups.setdefault((sex, "、".join(joined), effect), []).append(group)
    return tuple((sex, age, "、".join(joined), effect) for (sex, age, effect), joined in groups.items())


def _conclusion(opinion: Opinion) -> Iterator[Block]:
    yield Paragraph(f"总体结论：{opinion.conclusion or '（待定）'}。")
    if opinion.explanation:
        yield Paragraph(_sentence(opinion.explanation))
    for lens in LENSES:
        yield Paragraph(f"{ASSESSMENT[lens]}：{_state(opinion, lens)}")
    if opinion.committee:
        decided = opinion.committee
        ballot = "、".join(votes(decided.votes))
        yield Paragraph(
            f"委员会审议：{day(decided.on)}审议{decided.decision}{f'（{ballot}）' if ballot else ''}。"
            f"{f'条件：{_sentence(decided.conditions)}' if decided.conditions else ''}"
        )


def _state(opinion: Opinion, lens: str) -> str:
    """Which of the four states the lens is in: 未评估, 不涉及, 已评估未发现不利影响, or 证据不足."""
    row = next((row for row in opinion.relevance if row.lens == lens), None)
    if row is None:
        return "未评估，本意见不就此作出结论。"
    if row.level == "none":
        return "不涉及，理由见“相关性判断”。"
    recommendations = [entry for entry in opinion.recommendations if entry.lens == lens]
    gaps = sum(gap.lens == lens for gap in opinion.gaps)
    missing = sum(result.counts["证据不足"] for result in opinion.scores if result.lens == lens)
    tail = f"另有{missing}项证据不足，见“数据与证据说明”。" if missing else ""
    if recommendations or gaps:
        found = [f"具体意见{len(recommendations)}条（{_tally(recommendations)}）"] if recommendations else []
        found += [f"缺项建议{gaps}条"] if gaps else []
        return f"已评估，提出{'、'.join(found)}。{tail}"
    if missing:
        return f"已评估，现有材料未发现不利影响，但有{missing}项证据不足，尚不能认为没有不利影响。"
    return "已评估，未发现不利影响。"


def _tally(recommendations: Sequence[Recommendation]) -> str:
    counts = Counter[str](entry.severity for entry in recommendations)
    return "、".join(f"{SEVERITY[level]}{counts[level]}条" for level in SEVERITIES if counts[level])


def _recommendations(opinion: Opinion) -> Iterator[Block]:
    if not opinion.recommendations:
        for lens in assessed(opinion):
            yield Paragraph(f"{ASSESSMENT[lens]}未发现需要逐条提出修改意见的条款。")
        return
    levels = "；".join(f"“{SEVERITY[level]}”指{SEVERITY_MEANS[level]}" for level in SEVERITIES[:3])
    total = len(opinion.recommendations)
    yield Paragraph(f"共{total}条：{_tally(opinion.recommendations)}。等级{levels}。")
    rows: list[tuple[str, ...]] = []
    severity = ""
    for number, entry in enumerate(opinion.recommendations, start=1):
        if entry.severity != severity:
            severity = entry.severity
            rows.append((f"等级：{SEVERITY[severity]}（{SEVERITY_MEANS[severity]}）",))
        rows.append(
            (
                str(number),
                f"{_in_lines(entry.clause)}\n等级：{SEVERITY[entry.severity]}\n{LENS[entry.lens]}",
                entry.quote,
                f"{type_names(entry.lens, entry.types)}：{entry.problem}" if entry.types else entry.problem,
                statutes(entry.basis),
                entry.proposal,
            )
        )
    yield Table(("序号", "条款", "原文", "问题", "依据", "建议"), (11, 22, 30, 32, 22, 39), tuple(rows))


def _gaps(opinion: Opinion) -> Iterator[Block]:
    if not opinion.gaps:
        if assessed(opinion):
            yield Paragraph("没有需要建议补充的内容。")
        return
    yield Paragraph(f"下列{len(opinion.gaps)}项内容草案没有规定，建议研究补充。")
    rows = tuple(
        (f"缺{number}", f"{gap.title}\n{LENS[gap.lens]}", gap.reason, statutes(gap.basis), gap.proposal)
        for number, gap in enumerate(opinion.gaps, start=1)
    )
    yield Table(("序号", "缺项", "说明", "依据", "建议"), (12, 30, 44, 26, 44), rows)


def _figures(opinion: Opinion) -> Iterator[Block]:
    if opinion.figures:
        yield Paragraph("文中数值与法律、标准、规划目标比对如下，请起草单位复核。")
        rows = tuple(
            (_in_lines(f.clause), f.quote, f.value, f.expected, f.verdict, f.basis) for f in opinion.figures
        )
        yield Table(("条款", "原文", "文中数值", "要求", "核对结果", "依据"), (24, 40, 22, 26, 18, 26), rows)


def _evidence(opinion: Opinion) -> Iterator[Block]:
    if opinion.evidence_missing:
        number = len(opinion.evidence_missing)
        yield Paragraph(
            f"下列{number}项因材料不足不能判断，未计入得分，也不视为没有问题，请起草单位补充材料。"
        )
        rows = tuple((str(place), line) for place, line in enumerate(opinion.evidence_missing, start=1))
        yield Table(("序号", "证据不足的清单项"), (12, 144), rows)
    elif opinion.scores and not opinion.data_gaps:
        yield Paragraph("现有材料能够支持各项判断，没有证据不足的清单项。")
    elif opinion.scores:
        yield Paragraph("没有证据不足的清单项。")
    elif assessed(opinion) and not opinion.data_gaps:
        yield Paragraph("本次没有按清单核对评估材料，未登记数据缺口。")
    if opinion.data_gaps:
        yield Paragraph(f"下列{len(opinion.data_gaps)}项数据尚缺，请提供单位补齐。")
        gaps = tuple(
            (
                gap.figure,
                gap.breakdown,
                LENS[gap.lens],
                gap.holder or "待定",
                day(gap.promised) if gap.promised else "待定",
            )
            for gap in opinion.data_gaps
        )
        yield Table(("缺少的数据", "分组要求", "方面", "提供单位", "预计补齐"), (44, 34, 20, 26, 32), gaps)


def _protective(opinion: Opinion) -> Iterator[Block]:
    if opinion.protective:
        yield Paragraph("下列条款有利于保护妇女儿童权益、促进平等，建议在后续修改中予以保留。")
        rows = tuple((f"{_in_lines(p.clause)}\n{LENS[p.lens]}", p.quote, p.note) for p in opinion.protective)
        yield Table(("条款", "原文", "说明"), (30, 62, 64), rows)


def _reply(opinion: Opinion) -> Iterator[Block]:
    if opinion.recommendations or opinion.gaps:
        yield Paragraph(
            f"请于收到本意见之日起{opinion.reply_days}日内，对照附件1逐条反馈采纳、部分采纳或者不采纳；"
            "部分采纳、不采纳的，请说明理由。"
        )
    else:
        yield Paragraph("本意见没有需要逐条反馈的内容。草案有较大修改的，请将修改稿送来再作评估。")
    yield Paragraph(f"联系人及联系方式：{_sentence(opinion.contact or '（待填）')}")
    yield Paragraph(opinion.advisory)


def _attachments(opinion: Opinion) -> Iterator[Attachment]:
    rows = [
        (str(n), _in_lines(entry.clause), entry.proposal)
        for n, entry in enumerate(opinion.recommendations, start=1)
    ]
    rows += [(f"缺{n}", gap.title, gap.proposal) for n, gap in enumerate(opinion.gaps, start=1)]
    if rows:
        choices = "\n".join(f"□{reply}" for reply in REPLIES)
        form = tuple((*row, choices, "", "") for row in rows)
        heads = ("序号", "条款", "建议", "处理结果", "理由", "修改后的文字")
        sign = Paragraph("填表人：　　　　　　　负责人：　　　　　　　日期：")
        table = Table(heads, (12, 21, 50, 21, 26, 26), form)
        yield Attachment("意见采纳情况反馈表", (sign, table))
    for result in opinion.scores:
        yield Attachment(f"{result.title}逐项评分", (items(result),))
    yield Attachment("版本核对信息", (Table(("项目", "内容"), (36, 120), tuple(_versions(opinion))),))


def _versions(opinion: Opinion) -> Iterator[tuple[str, str]]:
    yield "评估文件", f"{opinion.draft_file_name}（第{opinion.draft_version}稿）"
    yield "文件SHA-256", opinion.draft_sha256
    yield "评估意见SHA-256", opinion_hash(opinion)
    yield "流水末端哈希", opinion.journal_head or "（未登记）"
    yield "筛查程序", opinion.engine


def _in_lines(clause: str) -> str:
    """第十二条第二款 in a narrow column: a line for each part, so that none is cut in two."""
    return _INSIDE_A_CLAUSE.sub("\n", clause)


def _sentence(text: str) -> str:
    """The text with a full stop, unless it ends a sentence already."""
    return text if text.endswith(("。", "！", "？")) else f"{text.rstrip('；，、')}。"

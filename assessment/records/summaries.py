"""One Chinese line per event, for the timeline of a case and for telling what somebody else just saved."""

from __future__ import annotations

from assessment.records.events import AnyPayload

LENS_NAMES = {"gender": "性别平等", "child": "儿童优先"}
LEVEL_NAMES = {"none": "不涉及", "general": "一般相关", "key": "重点相关"}
DECISION_NAMES = {"confirmed": "确认", "excluded": "排除", "undecided": "退回待定"}
FINDING_NAMES = {"relevant": "相关条款", "protective": "保护促进条款", "concern": "疑似问题条款"}

_SHOWN = 40


def summary(payload: AnyPayload) -> str:
    """What happened, in one line; long texts are cut."""
    match payload.kind:
        case "DraftReceived":
            return f"收到草案《{payload.title}》（{payload.file_name}）"
        case "VersionAdded":
            return f"收到第{payload.version}版（{payload.file_name}）"
        case "CaseDescribed":
            return f"更正基本信息：《{payload.title}》"
        case "AttachmentAdded":
            return f"存入附件：{payload.purpose} {payload.name}"
        case "RelevanceDecided":
            return f"相关性决定（{LENS_NAMES[payload.lens]}）：{LEVEL_NAMES[payload.level]}"
        case "ScreeningDone":
            return f"完成第{payload.version}版条款筛查：标注{payload.findings}处，疑似问题{payload.concerns}处，缺项{payload.gaps}项"
        case "FindingDecided":
            return f"{DECISION_NAMES[payload.decision]}标注 {payload.finding}{_because(payload.reason)}"
        case "FindingAdded":
            return f"补充标注（{FINDING_NAMES[payload.finding_kind]}）：{_cut(payload.quote)}"
        case "GapDecided":
            return f"{DECISION_NAMES[payload.decision]}缺项 {payload.gap}{_because(payload.reason)}"
        case "ChecklistsChosen":
            return f"选定评估清单{len(payload.checklists)}份"
        case "PanelAppointed":
            return f"确定评估专家{len(payload.experts)}人"
        case "ItemScored":
            return f"作答 {payload.checklist} {payload.item}：{payload.answer or '撤回'}"
        case "SheetSubmitted":
            return f"提交评分表 {payload.checklist}"
        case "SheetReopened":
            return f"退回评分表 {payload.checklist}{_because(payload.reason)}"
        case "ItemSettled":
            return f"合议 {payload.checklist} {payload.item}：{payload.answer}"
        case "RecommendationEdited":
            return f"{'修改' if payload.included else '不列入'}具体意见 {payload.recommendation}"
        case "ConclusionChosen":
            return f"拟定总体结论：{payload.conclusion}"
        case "OpinionComposed":
            return f"生成评估意见书（{payload.opinion[:12]}）"
        case "OpinionSigned":
            return f"签发评估意见书 {payload.number}，签发人{payload.signatory}（{payload.opinion[:12]}）"
        case "CommitteeDecided":
            return f"委员会决定：{payload.decision}（{payload.opinion[:12]}）"
        case "ReplyRecorded":
            return f"起草单位反馈 {payload.recommendation}：{payload.reply}"
        case "FollowUpScheduled":
            return f"安排跟踪评估：{payload.due.isoformat()}"
        case "CommentAdded":
            return f"批注：{_cut(payload.text)}"
        case "CaseClosed":
            return f"办结{_because(payload.reason)}"
        case "CaseReopened":
            return f"重新启动评估{_because(payload.reason)}"


def _cut(text: str) -> str:
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"


def _because(reason: str) -> str:
    return f"：{_cut(reason)}" if reason else ""

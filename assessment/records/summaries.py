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
        case "VersionAdded" if payload.adopted:
            return f"存入公布文本，第{payload.version}版（{payload.file_name}）"
        case "VersionAdded":
            return f"收到第{payload.version}版（{payload.file_name}）"
        case "CaseDescribed":
            return f"更正基本信息：《{payload.title}》"
        case "AttachmentAdded":
            return f"存入附件：{payload.purpose} {payload.name}"
        case "RelevanceDecided":
            done = "相关性分歧处理" if payload.settles else "相关性决定"
            return f"{done}（{LENS_NAMES[payload.lens]}）：{LEVEL_NAMES[payload.level]}"
        case "RelevanceReviewed":
            what = "同意" if payload.agrees else f"意见不同，认为{LEVEL_NAMES[payload.level]}"
            return f"相关性复核（{LENS_NAMES[payload.lens]}）：{what}{_because(payload.reason)}"
        case "GroupsAffected":
            return f"登记受影响人群（{LENS_NAMES[payload.lens]}）{len(payload.cells)}格"
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
        case "SelfAnswered":
            return f"自评 {payload.checklist} {payload.item}：{payload.answer or '撤回'}"
        case "SelfAssessmentSubmitted":
            return f"提交自评表 {payload.checklist}，负责人{payload.responsible}"
        case "SelfAssessmentReturned":
            return f"退回自评表 {payload.checklist}{_because(payload.reason)}"
        case "MaterialRequested":
            return f"请补充材料：{_cut(payload.what)}（{payload.due.isoformat()}前）"
        case "MaterialAnswered":
            return f"答复补充材料：{_cut(payload.answer)}（附件{len(payload.attachments)}份）"
        case "DataGapRecorded":
            return f"登记数据缺口：{_cut(payload.figure)}（{_cut(payload.breakdown)}）"
        case "DataReceived":
            return f"收到缺口数据：{_cut(payload.value)}"
        case "PanelAppointed":
            return f"确定评估专家{len(payload.experts)}人"
        case "InterestDeclared":
            return "声明有利害关系，退出评估" if payload.conflict else "声明无利害关系"
        case "PanelMemberRemoved":
            return f"移出评估专家{_because(payload.reason)}"
        case "ItemScored":
            return f"作答 {payload.checklist} {payload.item}：{payload.answer or '撤回'}"
        case "SheetSubmitted":
            return f"提交评分表 {payload.checklist}"
        case "SheetReopened":
            return f"退回评分表 {payload.checklist}{_because(payload.reason)}"
        case "SettlementOpened":
            return f"评分表收齐，开始合议{_because(payload.note)}"
        case "ItemSettled":
            kept = "，保留少数意见" if payload.minority else ""
            return f"合议 {payload.checklist} {payload.item}：{payload.answer}{kept}"
        case "RecommendationEdited":
            return f"{'修改' if payload.included else '不列入'}具体意见 {payload.recommendation}"
        case "ConclusionChosen":
            return f"拟定总体结论：{payload.conclusion}"
        case "OpinionComposed":
            return f"生成评估意见书（{payload.opinion[:12]}）"
        case "OpinionSigned":
            return f"签发评估意见书 {payload.number}，签发人{payload.signatory}（{payload.opinion[:12]}）{_over(payload.overridden)}"
        case "CommitteeConvened":
            return f"提请委员会审议（{payload.opinion[:12]}）"
        case "CommitteeDecided":
            return f"委员会决定：{payload.decision}（{payload.opinion[:12]}）"
        case "ReplyRecorded":
            return f"起草单位反馈 {payload.recommendation}：{payload.reply}"
        case "ReplyClosed":
            left = f"，{len(payload.unanswered)}条未反馈" if payload.unanswered else ""
            return f"反馈结束{left}{_because(payload.note)}"
        case "AdoptionChecked":
            return f"核对落实 {payload.recommendation}：{payload.result}"
        case "FollowUpScheduled":
            return f"安排跟踪评估：{payload.due.isoformat()}"
        case "FollowUpRecorded":
            return f"实施后评估：建议{payload.conclusion}{_because(payload.reason)}"
        case "CommentAdded":
            return f"批注：{_cut(payload.text)}"
        case "CommentResolved":
            return "批注已处理" if payload.resolved else "批注重新打开"
        case "CaseClosed":
            return f"办结{_because(payload.reason)}"
        case "CaseReopened":
            return f"重新启动评估{_because(payload.reason)}"


def _cut(text: str) -> str:
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"


def _over(checks: tuple[str, ...]) -> str:
    return f"，另有{len(checks)}项检查经说明后签发" if checks else ""


def _because(reason: str) -> str:
    return f"：{_cut(reason)}" if reason else ""

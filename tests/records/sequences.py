"""Event payloads of every kind, drawn from small alphabets so that they meet on the same things."""

from __future__ import annotations

from datetime import date

from hypothesis import strategies as st

from assessment.records import events as ev
from tests.records.cases import (
    FILE,
    added,
    concluded,
    decided,
    received,
    relevance,
    scored,
    screened,
    signed,
    version,
)

EXAMPLES: list[ev.AnyPayload] = [
    received(),
    version(2),
    ev.CaseDescribed(title="改名", document_kind="规章", stage="决策中贯彻"),
    ev.AttachmentAdded(name="说明.docx", purpose="起草说明", file=FILE),
    relevance("gender", "key"),
    screened(),
    decided(),
    added(),
    ev.GapDecided(gap="gender.consultation", decision="confirmed", reason="确缺"),
    ev.ChecklistsChosen(checklists=(("quick", 1, FILE), ("full", 2, "b" * 64))),
    ev.PanelAppointed(experts=("e1", "e2")),
    scored("e1", "q1"),
    ev.SheetSubmitted(expert="e1", checklist="quick", note="完"),
    ev.SheetReopened(expert="e1", checklist="quick", reason="补充理由"),
    ev.ItemSettled(checklist="quick", item="q1", answer="部分符合"),
    ev.RecommendationEdited(recommendation="r1", problem="问题", basis=("某法",), proposal="建议"),
    concluded(),
    ev.OpinionComposed(opinion=FILE),
    signed(),
    ev.CommitteeDecided(opinion=FILE, decision="通过", votes={"同意": 5, "反对": 1}),
    ev.ReplyRecorded(recommendation="r1", reply="采纳"),
    ev.FollowUpScheduled(due=date(2027, 1, 1), note="一年后"),
    ev.CommentAdded(comment="m1", anchor="c1", text="批注" * 60),
    ev.RelevanceReviewed(lens="gender", agrees=False, level="general", reason="影响较小"),
    ev.GroupsAffected(lens="child", cells=(("女", "6—12岁", "农村", "正向"),)),
    ev.SelfAnswered(checklist="quick", item="q1", answer="符合", quotes=("引文",), attachments=(FILE,)),
    ev.SelfAssessmentSubmitted(checklist="quick", responsible="某科长"),
    ev.SelfAssessmentReturned(checklist="quick", reason="缺数据"),
    ev.MaterialRequested(request="m1", what="分性别数据", due=date(2026, 4, 1)),
    ev.MaterialAnswered(request="m1", answer="见附件", attachments=(FILE,)),
    ev.DataGapRecorded(gap="d1", lens="gender", figure="受益人数", breakdown="男/女", holder="市统计局"),
    ev.DataReceived(gap="d1", received=date(2026, 5, 1), value="男3人、女5人", attachment=FILE),
    ev.InterestDeclared(expert="e1", conflict=True, statement="参与起草"),
    ev.PanelMemberRemoved(expert="e2", reason="未按期提交"),
    ev.SettlementOpened(note="现场合议"),
    ev.CommitteeConvened(opinion=FILE),
    ev.ReplyClosed(note="已函复", unanswered=("r2",)),
    ev.AdoptionChecked(recommendation="r1", version=2, result="已落实", proposed="待核"),
    ev.FollowUpRecorded(effects=(("改善", "改善", "相符"),), conclusion="保留", reason="成效明显"),
    ev.CommentResolved(comment="m1", resolved=True),
    ev.CaseClosed(reason="已反馈"),
    ev.CaseReopened(reason="有新情况"),
]
"""One payload of every kind."""

_name = st.sampled_from(["a", "b", "c"])
_text = st.sampled_from(["", "理由", "另一理由"])
_sha = st.sampled_from([letter * 64 for letter in "abc"])
_answer = st.sampled_from(["符合", "部分符合", "不符合", "不适用", "证据不足"])
_decision = st.sampled_from(["confirmed", "excluded", "undecided"])
_kind = st.sampled_from(["relevant", "protective", "concern"])
_lens = st.sampled_from(["gender", "child"])
_number = st.integers(min_value=0, max_value=3)
_names = st.lists(_name, max_size=3, unique=True).map(tuple)
_day = st.dates(date(2026, 1, 1), date(2027, 12, 31))
_about = {"title": _name, "document_kind": _name, "stage": _name, "drafting_unit": _text}

PAYLOADS: st.SearchStrategy[ev.AnyPayload] = st.one_of(
    st.builds(ev.VersionAdded, version=_number, stage=_name, file_name=_name, file=_sha, document=_sha),
    st.builds(ev.CaseDescribed, **_about, drafting_started=st.none() | _day),
    st.builds(ev.AttachmentAdded, name=_name, purpose=_text, file=_sha),
    st.builds(
        ev.RelevanceDecided,
        lens=_lens,
        level=st.sampled_from(["none", "general", "key"]),
        reason=_text,
        machine_level=st.just("none"),
        machine_reason=_text,
    ),
    st.builds(
        ev.ScreeningDone,
        version=_number,
        screening=_sha,
        engine=_name,
        model=_name,
        lexicon=_name,
        findings=_number,
        concerns=_number,
        gaps=_number,
    ),
    st.builds(
        ev.FindingDecided, finding=_name, decision=_decision, finding_kind=_kind, types=_names, reason=_text
    ),
    st.builds(
        ev.FindingAdded,
        finding=_name,
        clause=_name,
        unit=_name,
        lens=_lens,
        finding_kind=_kind,
        types=_names,
        domains=_names,
        start=_number,
        end=_number,
        quote=_text,
        reason=_text,
        basis=_names,
    ),
    st.builds(ev.GapDecided, gap=_name, decision=_decision, reason=_text),
    st.builds(
        ev.ChecklistsChosen, checklists=st.lists(st.tuples(_name, _number, _sha), max_size=3).map(tuple)
    ),
    st.builds(ev.PanelAppointed, experts=st.lists(_name, max_size=3).map(tuple)),
    st.builds(
        ev.ItemScored, expert=_name, checklist=_name, item=_name, answer=st.none() | _answer, reason=_text
    ),
    st.builds(ev.SheetSubmitted, expert=_name, checklist=_name, note=_text),
    st.builds(ev.SheetReopened, expert=_name, checklist=_name, reason=_text),
    st.builds(ev.ItemSettled, checklist=_name, item=_name, answer=_answer, reason=_text),
    st.builds(
        ev.RecommendationEdited,
        recommendation=_name,
        problem=_text,
        basis=_names,
        proposal=_text,
        included=st.booleans(),
    ),
    st.builds(ev.ConclusionChosen, conclusion=_name, reply_days=st.sampled_from([0, 30, 3650])),
    st.builds(ev.OpinionComposed, opinion=_sha),
    st.builds(ev.OpinionSigned, opinion=_sha, number=_name, signatory=_name, docx=_sha, xlsx=_sha),
    st.builds(
        ev.CommitteeDecided,
        opinion=_sha,
        decision=_name,
        votes=st.dictionaries(_name, _number, max_size=2),
    ),
    st.builds(
        ev.ReplyRecorded, recommendation=_name, reply=st.sampled_from(["采纳", "不采纳"]), reason=_text
    ),
    st.builds(ev.FollowUpScheduled, due=_day, note=_text),
    st.builds(
        ev.VersionAdded,
        version=_number,
        stage=_name,
        file_name=_name,
        file=_sha,
        document=_sha,
        adopted=st.just(True),
    ),
    st.builds(
        ev.RelevanceReviewed,
        lens=_lens,
        agrees=st.booleans(),
        level=st.sampled_from(["none", "key"]),
        reason=_text,
    ),
    st.builds(
        ev.GroupsAffected, lens=_lens, cells=st.lists(st.tuples(_name, _name, _name, _name), max_size=2)
    ),
    st.builds(
        ev.SelfAnswered, checklist=_name, item=_name, answer=st.none() | _answer, attachments=st.just(())
    ),
    st.builds(ev.SelfAssessmentSubmitted, checklist=_name, responsible=_name, note=_text),
    st.builds(ev.SelfAssessmentReturned, checklist=_name, reason=_text),
    st.builds(ev.MaterialRequested, request=_name, what=_text, due=_day),
    st.builds(ev.MaterialAnswered, request=_name, answer=_text, attachments=st.lists(_sha, max_size=1)),
    st.builds(
        ev.DataGapRecorded,
        gap=_name,
        lens=_lens,
        figure=_text,
        breakdown=_text,
        holder=_text,
        promised=st.none() | _day,
    ),
    st.builds(ev.DataReceived, gap=_name, received=_day, value=_text, attachment=st.none() | _sha),
    st.builds(ev.InterestDeclared, expert=_name, conflict=st.booleans(), statement=_text),
    st.builds(ev.PanelMemberRemoved, expert=_name, reason=_text),
    st.builds(ev.SettlementOpened, note=_text),
    st.builds(ev.CommitteeConvened, opinion=_sha),
    st.builds(ev.ReplyClosed, note=_text, unanswered=_names),
    st.builds(
        ev.AdoptionChecked,
        recommendation=_name,
        version=_number,
        result=st.sampled_from(["已落实", "待核"]),
        proposed=st.just("待核"),
    ),
    st.builds(ev.FollowUpRecorded, effects=st.just(()), conclusion=st.just("保留"), reason=_text),
    st.builds(ev.CommentResolved, comment=_name, resolved=st.booleans()),
    st.builds(ev.CommentAdded, comment=_name, anchor=_name, text=_text),
    st.builds(ev.CaseClosed, reason=_text),
    st.builds(ev.CaseReopened, reason=_text),
)
"""Any payload but the first of a case."""

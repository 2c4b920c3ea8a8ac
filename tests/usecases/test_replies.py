"""After the signature: reply, adopted text, follow-up, the next assessment."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

import pytest

from assessment.messages import NotAllowedError
from assessment.records.accounts import Account
from assessment.workbench import Description, Incoming
from tests.offices import PASSWORD, VILLAGE_RULES, Office

UNIT = "柳溪村民委员会"
TAKEN = VILLAGE_RULES.replace(
    "女村民与外村人结婚的，户口应当在半年内迁出，逾期不再享受集体收益分配。",
    "村民结婚后户口是否迁出由本人决定，依法享有的集体收益分配不受婚姻状况影响。",
)


@dataclass
class Signed:
    """A signed case with one recommendation under each lens, and somebody of the drafting unit."""

    office: Office
    case_id: str
    unit: Account
    gender: str
    child: str

    @property
    def seen(self) -> int:
        """The case's last event number now."""
        return self.office.bench.case(self.office.secretary, self.case_id).seen

    @property
    def state(self) -> str:
        """Where the case stands."""
        return self.office.bench.case(self.office.secretary, self.case_id).state

    def reply(self, recommendation: str, reply: str = "采纳", reason: str = "") -> None:
        """Answer one recommendation as the unit."""
        self.office.bench.reply(self.unit, self.case_id, recommendation, reply, reason, self.seen)

    def adopt(self, text: str) -> int:
        """Keep the text as issued."""
        draft = Incoming(text.encode(), "公布稿.txt")
        return self.office.bench.add_adopted(self.office.officer, self.case_id, draft, self.seen)


@pytest.fixture
def signed(office: Office) -> Signed:
    bench, case_id = office.bench, office.on_panel(office.expert)
    office.fill(office.expert, case_id, "gender-quick")
    chosen = {}
    for lens in ("gender", "child"):
        case = bench.case(office.officer, case_id)
        finding = next(v.finding for v in case.findings if v.kind == "concern" and v.finding.lens == lens)
        bench.decide_finding(office.officer, case_id, finding.id, "confirmed", case.seen, severity="medium")
        chosen[lens] = finding.id
    edit = (chosen["gender"], "区别对待", ["妇女权益保障法第五十六条"])
    wording = "村民结婚后户口是否迁出由本人决定，集体收益分配不受婚姻状况影响。"
    for step in (
        lambda seen: bench.edit_recommendation(office.officer, case_id, *edit, wording, True, seen),
        lambda seen: bench.choose_conclusion(office.officer, case_id, "建议完善", "", UNIT, 30, "0418", seen),
        lambda seen: bench.compose_opinion(office.officer, case_id, seen),
    ):
        step(bench.case(office.officer, case_id).seen)
    case = bench.case(office.secretary, case_id)
    bench.sign_opinion(office.secretary, case_id, "1号", case.row["opinion"], case.seen)
    unit = bench.create_account(office.chief, "unit", "村文书", ["drafter"], UNIT, PASSWORD)
    return Signed(office, case_id, unit, chosen["gender"], chosen["child"])


def test_the_unit_answers_every_recommendation(signed: Signed) -> None:
    bench = signed.office.bench
    with pytest.raises(NotAllowedError, match="E505"):
        signed.reply(signed.gender, "部分采纳")
    signed.reply(signed.gender)
    with pytest.raises(NotAllowedError, match=r"E549.*1"):
        bench.close_reply(signed.unit, signed.case_id, "就这样", signed.seen)
    signed.reply(signed.child, "另行研究", "需村民会议讨论")
    bench.close_reply(signed.unit, signed.case_id, "", signed.seen)
    assert signed.state == "tracking"
    told = {v.recommendation: v.reply["reply"] for v in bench.replies(signed.unit, signed.case_id) if v.reply}
    assert told == {signed.gender: "采纳", signed.child: "另行研究"}
    with pytest.raises(NotAllowedError, match="E502"):
        signed.reply(signed.gender, "不采纳", "改主意")


def test_the_office_ends_a_reply_that_never_came_and_says_so(signed: Signed) -> None:
    bench, office = signed.office.bench, signed.office
    with pytest.raises(NotAllowedError, match="E549"):
        bench.close_reply(office.officer, signed.case_id, "", signed.seen)
    bench.close_reply(office.officer, signed.case_id, "两次函催未复", signed.seen)
    assert "2条未反馈" in bench.timeline(office.officer, signed.case_id)[-1]["summary"]


def test_an_unknown_recommendation_is_refused(signed: Signed) -> None:
    with pytest.raises(NotAllowedError, match="E538"):
        signed.reply("nothing")
    with pytest.raises(NotAllowedError, match="E548"):
        signed.reply(signed.gender, "同意", "好")


def test_the_adopted_text_is_held_against_the_recommendations(signed: Signed) -> None:
    bench, office = signed.office.bench, signed.office
    with pytest.raises(NotAllowedError, match="E555"):
        bench.check_adoption(office.officer, signed.case_id, signed.gender, "已落实", "", signed.seen)
    before = bench.case(office.officer, signed.case_id)
    assert signed.adopt(TAKEN) == 2
    after = bench.case(office.officer, signed.case_id)
    assert (after.state, after.row["version"], after.findings) == (before.state, 1, before.findings)
    proposals = bench.adoption_proposals(office.officer, signed.case_id)
    assert proposals[signed.child].result == "未落实"
    assert proposals[signed.gender].result == "已落实"
    assert "由本人决定" in proposals[signed.gender].new
    bench.check_adoption(office.officer, signed.case_id, signed.gender, "已落实", "", signed.seen)
    with pytest.raises(NotAllowedError, match="E505"):
        bench.check_adoption(office.officer, signed.case_id, signed.child, "待核", "", signed.seen)
    bench.check_adoption(office.officer, signed.case_id, signed.child, "待核", "另有配套办法", signed.seen)
    found = {v.recommendation: v.adoption for v in bench.replies(office.officer, signed.case_id)}
    assert found[signed.child]["result"] == "待核"  # type: ignore[index]
    assert found[signed.child]["proposed"] == "未落实"  # type: ignore[index]
    assert bench.store.verify() == []


def test_a_deleted_clause_and_a_further_version(signed: Signed) -> None:
    bench, office = signed.office.bench, signed.office
    lines = VILLAGE_RULES.splitlines(keepends=True)
    signed.adopt("".join(line for line in lines if not line.startswith("第五条")))
    assert bench.adoption_proposals(office.officer, signed.case_id)[signed.child].result == "已落实"
    draft = Incoming(TAKEN.encode(), "修订稿.txt")
    assert bench.add_version(office.officer, signed.case_id, draft, "起草", "", signed.seen) == 3
    assert signed.state == "screened"
    case = bench.case(office.officer, signed.case_id)
    undecided = next(v for v in case.findings if v.decision == "undecided")
    bench.earlier_decision(office.officer, signed.case_id, undecided)


def tracked(signed: Signed) -> None:
    """End the reply and set a day for the follow-up."""
    bench, office = signed.office.bench, signed.office
    bench.close_reply(office.officer, signed.case_id, "未复", signed.seen)
    with pytest.raises(NotAllowedError, match="E556"):
        bench.schedule_follow_up(office.officer, signed.case_id, date.today(), "", signed.seen)
    bench.schedule_follow_up(office.officer, signed.case_id, bench.propose_follow_up(), "一年后", signed.seen)


def test_follow_up_from_the_appointment_to_the_next_assessment(signed: Signed) -> None:
    bench, office = signed.office.bench, signed.office
    cell = ("女", "18—60岁", "农村", "负向")
    bench.reopen(office.secretary, signed.case_id, "补登人群", signed.seen)
    bench.describe_affected(office.officer, signed.case_id, "gender", [cell], "", signed.seen)
    bench.compose_opinion(office.officer, signed.case_id, signed.seen)
    case = bench.case(office.secretary, signed.case_id)
    bench.sign_opinion(office.secretary, signed.case_id, "2号", case.row["opinion"], case.seen)
    tracked(signed)
    assert signed.state == "following"
    follow = bench.follow_up(office.officer, signed.case_id)
    assert follow.due is not None
    assert timedelta(days=350) < follow.due - date.today() < timedelta(days=380)
    assert follow.predicted[0] == "性别平等：女、18—60岁、农村，预测负向"
    about = (office.officer, signed.case_id)
    effects = [("外嫁女分配受限", "仍有 3 户未分配", "相符")]
    with pytest.raises(NotAllowedError, match="E557"):
        bench.record_follow_up(*about, [], [], "", "修改", "仍有影响", signed.seen)
    with pytest.raises(NotAllowedError, match="E557"):
        bench.record_follow_up(
            *about,
            effects,
            [("分配人数", "女性", "不分年龄", "12", "台账")],
            "",
            "修改",
            "仍有影响",
            signed.seen,
        )
    bench.record_follow_up(
        *about,
        effects,
        [("分配人数", "女", "不分年龄", "12", "台账")],
        "来信 2 件",
        "修改",
        "仍有影响",
        signed.seen,
    )
    report = bench.follow_up(*about).report
    assert report is not None
    assert (report["conclusion"], report["figures"][0][3]) == ("修改", "12")
    assert signed.state == "followed_up"
    again = bench.reassess(
        *about, Incoming(TAKEN.encode(), "修订稿.txt"), Description("村规（修订）", "村规民约", "起草")
    )
    assert [row["id"] for row in bench.linked(*about)[1]] == [again]
    assert [row["id"] for row in bench.linked(office.officer, again)[0]] == [signed.case_id]


def test_closing_early_records_what_was_not_done(signed: Signed) -> None:
    bench, office = signed.office.bench, signed.office
    bench.close(office.officer, signed.case_id, "文件未公布", signed.seen)
    events = [event for _, event in bench.store.journal.read_from(case=signed.case_id)]
    assert events[-1].payload.skipped == ("反馈", "公布文本核对", "实施后评估")  # type: ignore[union-attr]


def test_the_unit_reads_the_opinion_once_it_is_signed(office: Office) -> None:
    case_id = office.composed()
    unit = office.bench.create_account(office.chief, "unit", "村文书", ["drafter"], UNIT, PASSWORD)
    assert office.bench.composed_opinion(unit, case_id) is None
    with pytest.raises(NotAllowedError, match="E552"):
        office.bench.draft_opinion(unit, case_id)
    case = office.bench.case(office.secretary, case_id)
    office.bench.sign_opinion(office.secretary, case_id, "1号", case.row["opinion"], case.seen)
    opinion = office.bench.composed_opinion(unit, case_id)
    assert opinion is not None
    assert opinion.number == "1号"

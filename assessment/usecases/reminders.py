"""What waits for whom and by when: the reminder list, the deadlines of a case, a calendar file."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from functools import partial

from assessment import permissions, workdays
from assessment.records.accounts import Account
from assessment.usecases.arrival import local_day
from assessment.usecases.comments import CommentUseCases
from assessment.views import Row, Task

STEP_NAMES = {
    "relevance": "相关性判断",
    "self_assessment": "起草单位自评",
    "scoring": "专家评分",
    "settlement": "合议",
    "committee": "委员会审议",
    "signing": "签发",
    "reply": "起草单位反馈",
    "adoption": "核对落实情况",
    "follow_up": "实施后评估",
    "material": "补充材料",
    "data": "数据缺口",
    "promise": "承诺办理事项",
}
"""Steps that have a day to be done by."""


@dataclass(frozen=True, slots=True)
class Deadline:
    """A step of a case that is open now, and by when.

    ``step`` is a key of ``STEP_NAMES``, ``what`` says it in Chinese; ``overdue`` counts working days, 0 in time.
    """

    case: Row
    step: str
    what: str
    due: date
    overdue: int


class ReminderUseCases(CommentUseCases):
    """Nothing is forgotten in silence."""

    def waiting(self, actor: Account) -> list[Task]:
        """What waits for the actor, across all cases the actor may see: the most overdue first, then by day."""
        with self.store.register.reading():
            tasks = [*super().waiting(actor), *self._mentions(actor)]
        return sorted(tasks, key=lambda task: (-task.overdue, task.due or date.max))

    def deadlines(self, actor: Account, case_id: str | None = None) -> tuple[Deadline, ...]:
        """The open steps with a day to be done by, of one case or of all the actor may see, the nearest first."""
        with self.store.register.reading():
            cases = [self._see(actor, case_id)] if case_id else self.cases(actor)
            found = [deadline for case in cases for deadline in self._deadlines(case)]
        return tuple(sorted(found, key=lambda deadline: (deadline.due, deadline.case["id"], deadline.step)))

    def calendar_file(self, actor: Account, address: str = "") -> str:
        """What is due for the actor as an .ics text.

        Args:
            address: address of the workbench, so that an entry leads to its page; may be empty.
        """
        changed = datetime.now(UTC)
        return workdays.calendar(
            workdays.Event(
                uid=f"{task.case['id']}-{task.page}-{task.step}@{self.store.site}",
                day=task.due,
                summary=f"{task.what}：《{task.case['title']}》",
                changed=changed,
                description=workdays.caution(changed.date(), task.due),
                url=f"{address}/{task.page}?case={task.case['id']}" if address else "",
            )
            for task in self.waiting(actor)
            if task.due
        )

    def _mentions(self, actor: Account) -> Iterator[Task]:
        calling = self.store.rows(
            "select distinct case_id from comments where mentions like ?", [f"%{actor.id}%"]
        )
        called = {row["case_id"] for row in calling}
        for case in self.cases(actor) if called else ():
            if case["id"] in called and case["state"] != "closed":
                for thread in self.comments(actor, case["id"]):
                    if actor.id in thread.called and not thread.resolved:
                        yield Task(case, "comments", "批注中提到了您")

    def _tasks(self, actor: Account, row: Row) -> list[Task]:
        tasks = [*super()._tasks(actor, row), *self._more_tasks(actor, row)]
        if not any(task.step and task.due is None for task in tasks):
            return tasks
        days = {deadline.step: deadline for deadline in self._deadlines(row)}
        return [
            replace(task, due=days[task.step].due, overdue=days[task.step].overdue)
            if task.due is None and task.step in days
            else task
            for task in tasks
        ]

    def _more_tasks(self, actor: Account, row: Row) -> Iterator[Task]:
        may = partial(permissions.may, actor, case=row, panel=self._panel(row["id"]))
        yield from self._of_unit(actor, row, may("answer_material"), may("self_assess"))
        yield from self._of_panel(actor, row, may("declare"))
        yield from self._of_office(actor, row, may("review_relevance"), may("settle_relevance"))
        yield from self._of_sitting(row, may("open_settlement"), may("settle"))
        yield from self._of_paper(row, may("convene_committee"), may("decide_committee"))
        yield from self._of_reply(actor, row, may("reply"))
        yield from self._of_end(actor, row, may("check_adoption"), may("record_follow_up"))

    def _of_unit(self, actor: Account, row: Row, answers: bool, assesses: bool) -> Iterator[Task]:
        own = bool(actor.unit) and actor.unit == row["drafting_unit"]
        if assesses and own:
            for checklist in self._pinned(row["id"]):
                sheet = self._self_assessment(row["id"], checklist["checklist"])
                if not sheet.submitted and (self.procedure().self_assessment or sheet.status):
                    what = f"自评《{sheet.checklist.title}》：还有 {sheet.left} 项"
                    yield Task(row, "drafting", what, step="self_assessment")
        if answers and "drafter" in actor.roles and own:
            for asked in self._unanswered(row["id"]):
                yield _task(row, "material", f"答复补充材料：{asked['what']}", asked["due"])

    def _of_panel(self, actor: Account, row: Row, may_declare: bool) -> Iterator[Task]:
        if may_declare and self.procedure().declaration and not self._declared(row["id"], actor.id):
            yield Task(row, "scoring", "声明有无利害关系", step="scoring")

    def _of_office(self, actor: Account, row: Row, reviews: bool, settles: bool) -> Iterator[Task]:
        if not (reviews or settles):
            return
        readings, decided = self._second_readings(row["id"]), self._relevance(row["id"])
        if settles and any(reading.open for reading in readings.values()):
            yield Task(row, "intake", "处理相关性复核分歧")
        others = [
            lens for lens, first in decided.items() if first["actor"] != actor.id and lens not in readings
        ]
        if reviews and self.procedure().second_reader and others:
            yield Task(row, "intake", "复核相关性判断")

    def _of_sitting(self, row: Row, opens: bool, settles: bool) -> Iterator[Task]:
        if opens and self.procedure().settlement and self._all_in(row["id"]):
            yield Task(row, "settlement", "评分表已收齐，开始合议", step="settlement")
        if settles:
            left = sum(self._settling(row["id"], c["checklist"]).open for c in self._pinned(row["id"]))
            if left:
                yield Task(row, "settlement", f"合议：还有 {left} 项", step="settlement")

    def _of_paper(self, row: Row, convenes: bool, decides: bool) -> Iterator[Task]:
        if convenes and self.procedure().committee and not self._committee(row).passed:
            yield Task(row, "committee", "提请委员会审议")
        if decides:
            yield Task(row, "committee", "委员会审议", step="committee")

    def _of_reply(self, actor: Account, row: Row, may_reply: bool) -> Iterator[Task]:
        if not may_reply:
            return
        left = sum(view.reply is None for view in self.replies(actor, row["id"]))
        what = f"反馈意见采纳情况：还有 {left} 条" if left else "反馈已填完，待提交"
        late = [d for d in self._deadlines(row) if d.step == "reply" and d.overdue]
        if "drafter" in actor.roles:
            yield Task(row, "reply", what, step="reply")
        elif late:
            yield Task(row, "reply", f"催办：{what}", step="reply")

    def _of_end(self, actor: Account, row: Row, checks: bool, follows: bool) -> Iterator[Task]:
        if checks and row["state"] == "tracking":
            views = self.replies(actor, row["id"])
            left = sum(view.adoption is None for view in views)
            if self._adopted(row["id"]) is None:
                yield Task(row, "reply", "存入公布文本", step="adoption")
            elif left:
                yield Task(row, "reply", f"核对落实情况：还有 {left} 条", step="adoption")
            else:
                yield Task(row, "follow-up", "安排实施后评估")
        if follows:
            yield Task(row, "follow-up", "填写实施后评估", step="follow_up")

    def _deadlines(self, row: Row) -> list[Deadline]:
        return [
            Deadline(row, step, what, due, workdays.overdue(due, date.today()))
            for step, what, due in self._due(row)
        ]

    def _due(self, row: Row) -> Iterator[tuple[str, str, date]]:
        limits = self.procedure().limits.model_dump()
        for step, since in self._started(row):
            yield step, STEP_NAMES[step], workdays.add_workdays(local_day(since), limits[step])
        if row["state"] == "signed" and row["reply_due"]:
            yield "reply", STEP_NAMES["reply"], date.fromisoformat(row["reply_due"])
        if row["state"] == "following" and row["follow_up_due"]:
            yield "follow_up", STEP_NAMES["follow_up"], date.fromisoformat(row["follow_up_due"])
        for asked in self._unanswered(row["id"]) if row["state"] in permissions.OPEN else ():
            yield "material", f"补充材料：{asked['what']}", date.fromisoformat(asked["due"])
        if row["state"] != "closed":
            yield from self._promised(row)

    def _promised(self, row: Row) -> Iterator[tuple[str, str, date]]:
        for gap in self.store.of_case("data_gaps", row["id"]):
            if gap["promised"] and not gap["received"]:
                yield "data", f"数据缺口：{gap['figure']}", date.fromisoformat(gap["promised"])
        checked = {r["recommendation"] for r in self.store.of_case("adoptions", row["id"])}
        for reply in self.store.of_case("replies", row["id"]):
            current = reply["opinion"] == row["signed_opinion"]
            if current and reply["due"] and reply["recommendation"] not in checked:
                yield "promise", f"承诺办理：{reply['reply']}", date.fromisoformat(reply["due"])

    def _started(self, row: Row) -> Iterator[tuple[str, str]]:
        """Steps with a limit in working days that are open now, and since when."""
        case_id, state = row["id"], row["state"]
        if state == "screened":
            yield "relevance", self.store.of_case("versions", case_id)[-1]["at"]
        if state in ("screened", "reviewing") and self.procedure().self_assessment:
            yield from self._self_assessment_since(case_id)
        if state in ("reviewing", "settling"):
            yield from self._panel_since(case_id, state)
        if state == "composed" and row["opinion"]:
            yield "signing", self._paper_row(row)["composed_at"]
        if state == "deliberating":
            yield "committee", self._paper_row(row)["convened_at"]
        if state == "tracking" and row["reply_closed_at"]:
            yield "adoption", row["reply_closed_at"]

    def _self_assessment_since(self, case_id: str) -> Iterator[tuple[str, str]]:
        open_sheets = [
            row
            for row in self._pinned(case_id)
            if not self._self_assessment(case_id, row["checklist"]).submitted
        ]
        chosen = [row["at"] for row in self.store.timeline(case_id) if row["kind"] == "ChecklistsChosen"]
        if open_sheets and chosen:
            yield "self_assessment", chosen[0]

    def _panel_since(self, case_id: str, state: str) -> Iterator[tuple[str, str]]:
        panel, sheets = self.store.of_case("panel", case_id), self._sheets(case_id)
        if panel and sheets and not all(sheet.submitted for sheet in sheets):
            yield "scoring", panel[0]["at"]
        elif sheets and (state == "settling" or self.procedure().settlement):
            yield "settlement", max(sheet.submitted_at for sheet in sheets)

    def _paper_row(self, row: Row) -> Row:
        return next(r for r in self.store.of_case("opinions", row["id"]) if r["opinion"] == row["opinion"])

    def _unanswered(self, case_id: str) -> list[Row]:
        return [row for row in self.store.of_case("material_requests", case_id) if not row["answered_at"]]


def _task(row: Row, page: str, what: str, due: str) -> Task:
    day = date.fromisoformat(due)
    return Task(row, page, what, "material", day, workdays.overdue(day, date.today()))

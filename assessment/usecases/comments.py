"""Remarks tied to a clause, a finding or a question, in threads, calling people by name."""

from __future__ import annotations

import json
import secrets
from dataclasses import dataclass
from typing import Literal

from assessment.documents.compare import carried
from assessment.documents.models import Document
from assessment.messages import NotAllowedError
from assessment.records import events
from assessment.records.accounts import Account
from assessment.usecases.followup import FollowUpUseCases
from assessment.usecases.versions import compared
from assessment.views import Row, finding_views

Place = Literal["same", "look again", "gone"]


@dataclass(frozen=True, slots=True)
class Thread:
    """A remark and what was said to it, in order; rows hold ``comment``, ``anchor``, ``text``, ``mentions``, who, when.

    ``place`` tells of a remark made on an earlier version whether its clause stands as it did (same), was edited
    since (look again) or is gone; the anchor of ``first`` is the one in the current version, unless it is gone.
    """

    first: Row
    replies: tuple[Row, ...]
    place: Place = "same"

    @property
    def resolved(self) -> bool:
        """Whether it was dealt with."""
        return bool(self.first["resolved_at"])

    @property
    def called(self) -> frozenset[str]:
        """Accounts named in it that have said nothing after."""
        waiting: set[str] = set()
        for row in (self.first, *self.replies):
            waiting = (waiting - {row["actor"]}) | set(row["mentions"])
        return frozenset(waiting)


class CommentUseCases(FollowUpUseCases):
    """What people say to each other on a case."""

    def comment(self, actor: Account, case_id: str, anchor: str, text: str, reply_to: str = "") -> str:
        """Say something on a case; the remark's id is returned.

        Args:
            anchor: ``case``, ``clause/<id>``, ``finding/<id>`` or ``item/<checklist>/<item>`` (E553 for others).
            text: ``@`` and a person's name puts it on that person's list.
            reply_to: the remark that began the thread (E538 if there is none).
        """
        self._check(actor, "comment", case_id)
        if not text.strip():
            raise NotAllowedError("E554")
        threads = {thread.first["comment"]: thread for thread in self.comments(actor, case_id)}
        if reply_to and reply_to not in threads:
            raise NotAllowedError("E538")
        if not reply_to:
            self._require_anchor(actor, case_id, anchor)
        comment = f"k-{secrets.token_hex(4)}"
        payload = events.CommentAdded(
            comment=comment,
            anchor=threads[reply_to].first["anchor"] if reply_to else anchor,
            text=text.strip(),
            reply_to=reply_to,
            mentions=self._mentioned(text),
        )
        self.store.append(case_id, payload, actor.id)
        return comment

    def resolve_comment(self, actor: Account, case_id: str, comment: str, resolved: bool, seen: int) -> None:
        """Mark a thread as dealt with, or take it up again."""
        self._check(actor, "comment", case_id)
        if comment not in {thread.first["comment"] for thread in self.comments(actor, case_id)}:
            raise NotAllowedError("E538")
        payload = events.CommentResolved(comment=comment, resolved=resolved)
        self.store.append(case_id, payload, actor.id, seen)

    def comments(self, actor: Account, case_id: str, anchor: str | None = None) -> tuple[Thread, ...]:
        """The threads the actor may read, the oldest first, of one anchor or of all.

        A remark on a clause or finding of an earlier version is found on the clause it has become.

        What another said on a question is read once all sheets on its checklist are in; the drafting unit reads
        the threads it is named in or wrote in.
        """
        case = self._see(actor, case_id)
        rows = [
            row | {"mentions": json.loads(row["mentions"] or "[]")}
            for row in self.store.of_case("comments", case_id)
        ]
        rows.sort(key=lambda row: str(row["at"]))
        threads = [
            self._placed(case, first, tuple(row for row in rows if row["reply_to"] == first["comment"]))
            for first in rows
            if not first["reply_to"]
        ]
        threads = [thread for thread in threads if anchor is None or thread.first["anchor"] == anchor]
        hidden = self._unreadable_comments(actor, case_id)
        return tuple(thread for thread in threads if thread.first["comment"] not in hidden)

    def _placed(self, case: Row, first: Row, replies: tuple[Row, ...]) -> Thread:
        """A thread on the version it was begun on, moved to where its clause is in the current one."""
        kind, _, rest = first["anchor"].partition("/")
        if kind not in ("clause", "finding"):
            return Thread(first, replies)
        versions = self.store.of_case("versions", case["id"])
        then = max((row for row in versions if row["at"] <= first["at"]), key=lambda row: row["version"])
        if then["version"] == case["version"]:
            return Thread(first, replies)
        old, new = self._document(then["document"]), self._document(case["document"])
        unit, lens = self._unit_then(case, then, old, kind, rest)
        fate = carried(compared(old, new)).get(unit)
        if fate is None:
            return Thread(first, replies, "gone")
        there, how = fate
        anchor = f"clause/{there}"
        if lens:
            on_it = [view.finding for view in self._findings(case) if view.finding.unit == there]
            anchor = next((f"finding/{found.id}" for found in on_it if found.lens == lens), anchor)
        return Thread(first | {"anchor": anchor}, replies, how)

    def _unit_then(self, case: Row, then: Row, old: Document, kind: str, rest: str) -> tuple[str, str]:
        """The unit an anchor lay in on an earlier version, and the lens of a finding; empty if there is none."""
        if kind == "finding":
            rows = self.store.of_case("finding_decisions", case["id"], version=then["version"])
            views = finding_views(self._screening(then["screening"]), rows)
            return next(((v.finding.unit, v.finding.lens) for v in views if v.finding.id == rest), ("", ""))
        spans = {clause.id: clause for clause in old.clauses}
        place = spans[rest].start if rest in spans else -1
        return next((unit.id for unit in old.units if unit.start <= place < unit.end), ""), ""

    def _require_anchor(self, actor: Account, case_id: str, anchor: str) -> None:
        kind, _, rest = anchor.partition("/")
        case = self.case(actor, case_id)
        items = {f"{checklist.id}/{item.id}" for checklist in case.checklists for item in checklist.items}
        known = {
            "case": {""},
            "clause": {clause.id for clause in case.document.clauses},
            "finding": {view.finding.id for view in case.findings},
            "item": items,
        }
        if rest not in known.get(kind, set()):
            raise NotAllowedError("E553")

    def _mentioned(self, text: str) -> tuple[str, ...]:
        names = {
            name: account.id
            for account in self.store.accounts.list()
            if account.active
            for name in (account.name, account.display_name)
        }
        found: list[str] = []
        for part in text.split("@")[1:]:
            matching = [name for name in names if name and part.startswith(name)]
            if matching:
                found.append(names[max(matching, key=len)])
        return tuple(dict.fromkeys(found))

"""Further versions of a draft: what changed, and what was decided before that still stands."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache

from assessment import screening
from assessment.documents.apart import page_image_apart
from assessment.documents.compare import Comparison, carried, compare, relocate
from assessment.documents.models import Document
from assessment.messages import NotAllowedError
from assessment.records import events
from assessment.records.accounts import Account
from assessment.screening.models import Screening
from assessment.usecases.base import clause_at
from assessment.usecases.intake import Incoming, IntakeUseCases, Paper
from assessment.views import Decision, FindingView, Row, finding_views


class VersionUseCases(IntakeUseCases):
    """A case takes further versions; any two can be compared."""

    def add_version(
        self,
        actor: Account,
        case_id: str,
        draft: Incoming,
        stage: str,
        note: str,
        seen: int,
        papers: Sequence[Paper] = (),
    ) -> int:
        """Register a further version and screen it; its number is returned.

        Decisions on clauses whose words have not changed are carried over, each as an event of its own that
        names the version it comes from. On edited clauses nothing is decided: the earlier decision is shown, and
        a mark made by hand whose words still stand is kept, undecided.

        Args:
            papers: what came with the version; each becomes an attachment.
        """
        case = self._check(actor, "add_version", case_id)
        new, recognised = self._read(draft)
        if new.sha256 == case["file"] and new.text == self._document(case["document"]).text:
            raise NotAllowedError("E521")
        result = screening.screen(new)
        number = self._next_version(case_id)
        added = self._version_added(number, draft, stage, note, new, recognised)
        payloads: list[events.AnyPayload] = [added, self._screening_done(number, result)]
        payloads += self._carried(case, new, result)
        payloads += [self._attached(paper) for paper in papers]
        self.store.append_many(case_id, payloads, actor.id, seen)
        return number

    def versions(self, actor: Account, case_id: str) -> list[Row]:
        """The versions of a case, oldest first."""
        self._see(actor, case_id)
        return self.store.of_case("versions", case_id)

    def version_document(self, actor: Account, case_id: str, number: int) -> Document:
        """A version as it was assessed: with a person's corrections, where its text was recognised."""
        return self._document(self._version_seen(actor, case_id, number)["document"])

    def recognised_document(self, actor: Account, case_id: str, number: int) -> Document | None:
        """A version as the program recognised it, before a person corrected the text; None if nobody did."""
        file = self._version_seen(actor, case_id, number)["recognised"]
        return self._document(file) if file else None

    def original(self, actor: Account, case_id: str, number: int) -> bytes:
        """The bytes of a version's file as it came in."""
        return self.store.files.get(self._version_seen(actor, case_id, number)["file"])

    def page_picture(self, actor: Account, case_id: str, number: int, page: int) -> bytes:
        """A page of a version's file as PNG; DocumentError E143 if it has none to draw."""
        row = self._version_seen(actor, case_id, number)
        return page_image_apart(self.store.files.get(row["file"]), row["file_name"], page)

    def comparison(
        self, actor: Account, case_id: str, old: int, new: int
    ) -> tuple[Document, Document, Comparison]:
        """Two versions and what changed between them."""
        before, after = (self.version_document(actor, case_id, number) for number in (old, new))
        return before, after, compared(before, after)

    def assessed_before(self, actor: Account, case_id: str) -> int | None:
        """The version assessed before the current one, texts as issued left out; None for the first."""
        case = self._see(actor, case_id)
        rows = self.store.of_case("versions", case_id)
        numbers = [int(r["version"]) for r in rows if r["version"] < case["version"] and not r["adopted"]]
        return max(numbers, default=None)

    def earlier_decision(self, actor: Account, case_id: str, finding: FindingView) -> FindingView | None:
        """What was decided on the same matter in the version before, where its clause was edited since."""
        case = self._see(actor, case_id)
        number = self.assessed_before(actor, case_id)
        if number is None:
            return None
        before = self._version_seen(actor, case_id, number)
        old, new = self._document(before["document"]), self._document(case["document"])
        units = {unit: there for unit, (there, _) in carried(compared(old, new)).items()}
        for view in self._decided_in(case, before):
            same_lens = view.finding.lens == finding.finding.lens
            if same_lens and units.get(view.finding.unit) == finding.finding.unit:
                return view
        return None

    def _version_seen(self, actor: Account, case_id: str, number: int) -> Row:
        row = self._version_row(self._see(actor, case_id), number)
        if row is None:
            raise NotAllowedError("E522")
        return row

    def _version_added(
        self,
        number: int,
        draft: Incoming,
        stage: str,
        note: str,
        document: Document,
        recognised: Document | None,
        *,
        adopted: bool = False,
    ) -> events.VersionAdded:
        """The event of a version, its files put away."""
        return events.VersionAdded(
            version=number,
            stage=stage,
            file_name=draft.name,
            file=self.store.files.put(draft.data),
            document=self._put_document(document),
            note=note.strip(),
            recognised=self._put_document(recognised) if recognised else None,
            adopted=adopted,
        )

    def _next_version(self, case_id: str) -> int:
        return max(int(row["version"]) for row in self.store.of_case("versions", case_id)) + 1

    def _version_row(self, case: Row, number: int) -> Row | None:
        rows = [row for row in self.store.of_case("versions", case["id"]) if row["version"] == number]
        return rows[0] if rows else None

    def _decided_in(self, case: Row, version: Row) -> list[FindingView]:
        rows = self.store.of_case("finding_decisions", case["id"], version=version["version"])
        views = finding_views(self._screening(version["screening"]), rows)
        return [view for view in views if view.decision != "undecided"]

    def _carried(self, case: Row, new: Document, result: Screening) -> Iterator[events.AnyPayload]:
        before = self._version_row(case, int(case["version"]))
        if before is None or not before["screening"]:
            return
        old = self._document(before["document"])
        comparison = compared(old, new)
        fates = carried(comparison)
        proposed = {(f.unit, f.lens, f.kind, f.start): f for f in result.findings}
        for view in self._decided_in(case, before):
            finding = view.finding
            place = relocate(old, new, comparison, finding.start, finding.end)
            if finding.unit not in fates or place is None:
                continue
            unit, how = fates[finding.unit]
            version = int(before["version"])
            if view.added:
                yield self._added_again(view, new, place, version)
                if how == "look again":
                    yield _decision(view, finding.id, version, "undecided")
            elif how == "same" and (twin := proposed.get((unit, finding.lens, finding.kind, place[0]))):
                yield _decision(view, twin.id, version, view.decision)

    def _added_again(
        self, view: FindingView, new: Document, place: tuple[int, int], version: int
    ) -> events.FindingAdded:
        start, end = place
        clause, unit = clause_at(new, start, end)
        finding = view.finding
        return events.FindingAdded.model_validate(
            {
                "finding": finding.id,
                "clause": clause.id,
                "unit": unit.id,
                "lens": finding.lens,
                "finding_kind": view.kind,
                "types": view.types,
                "domains": finding.domains,
                "start": start,
                "end": end,
                "quote": new.text[start:end],
                "severity": view.severity,
                "reason": finding.reason,
                "basis": finding.basis,
                "suggestion": finding.suggestion,
                "carried_from": version,
            }
        )


def _decision(view: FindingView, finding: str, version: int, decision: Decision) -> events.FindingDecided:
    return events.FindingDecided.model_validate(
        {
            "finding": finding,
            "decision": decision,
            "finding_kind": view.kind,
            "types": view.types,
            "severity": view.severity,
            "reason": view.reason,
            "carried_from": version,
        }
    )


@lru_cache(maxsize=16)
def compared(old: Document, new: Document) -> Comparison:
    """The comparison of two documents, kept for the next time it is asked for."""
    return compare(old, new)

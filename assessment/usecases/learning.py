"""The office's own models: what people decided, retraining on it, comparing, choosing, and live quality."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import Literal

from assessment import permissions
from assessment.messages import NotAllowedError, TrainingError
from assessment.records import events
from assessment.records.accounts import Account
from assessment.screening.models import LENSES, Finding, Lens
from assessment.screening.taxonomy import load_taxonomy
from assessment.training import office, office_run
from assessment.training.dataset import CLAUSES, read_corpus
from assessment.training.office import Collected, Decision, Reviewed, collect
from assessment.training.office_near import read_reserved, write_reserved
from assessment.training.office_run import Job, State
from assessment.training.office_shelf import Choice, Kept, Shelf
from assessment.usecases.base import UseCases

MINUTES = 480.0
"""How long a retraining may take unless said otherwise."""

Outcome = Literal["confirmed", "retyped", "excluded", "added"]


@dataclass(frozen=True, slots=True)
class Said:
    """One finding of one version as proposed or added, with what was last decided about it.

    Attributes:
        finding: as proposed, or as marked by hand.
        last: the last decision of a person; None while undecided.
        at: when that was, UTC ISO; empty while undecided.
        carried: True if the decision was made on an earlier version and carried over.
    """

    finding: Finding
    last: events.FindingDecided | None = None
    at: str = ""
    carried: bool = False

    @property
    def added(self) -> bool:
        """True for a mark made by hand."""
        return self.finding.source == "person"

    @property
    def outcome(self) -> Outcome | None:
        """What became of it; None while undecided."""
        if self.last is None:
            return "added" if self.added else None
        if self.last.decision == "excluded":
            return "excluded"
        if self.last.decision == "undecided":
            return None
        if self.added:
            return "added"
        same = (self.last.finding_kind, set(self.last.types)) == (self.finding.kind, set(self.finding.types))
        return "confirmed" if same else "retyped"


@dataclass(slots=True)
class _Version:
    """A version of a draft while its case's events are read in order."""

    document: str
    said: dict[str, Said] = field(default_factory=dict)

    def screened(self, findings: tuple[Finding, ...]) -> None:
        """A screening replaces what was only proposed; what people decided on stays, though proposed no more."""
        kept = {key: said for key, said in self.said.items() if said.last is not None or said.added}
        self.said = {finding.id: Said(finding) for finding in findings} | kept

    def decided(self, payload: events.FindingDecided, at: str) -> None:
        """A person decided; an id that no screening named is passed over."""
        if said := self.said.get(payload.finding):
            carried = payload.carried_from is not None
            self.said[payload.finding] = replace(said, last=payload, at=at, carried=carried)

    def added(self, payload: events.FindingAdded, at: str) -> None:
        """A person marked words."""
        self.said[payload.finding] = Said(_marked(payload), None, at, payload.carried_from is not None)


@dataclass(frozen=True, slots=True)
class LiveRow:
    """What became of the findings of one month, lens and type, decided in that month.

    Attributes:
        month: of the decision, local time, such as 2026-11.
        type: the concern type first named; for other findings their kind.
        confirmed, retyped, excluded: proposals by what became of them.
        added: marks made by hand, which the program had not proposed.
    """

    month: str
    lens: Lens
    type: str
    confirmed: int
    retyped: int
    excluded: int
    added: int

    @property
    def type_name(self) -> str:
        """The type in Chinese."""
        names = load_taxonomy()
        concern = names.concerns[self.lens].get(self.type)
        return concern.label if concern else names.kinds[self.type]

    @property
    def decided(self) -> int:
        """Proposals decided on."""
        return self.confirmed + self.retyped + self.excluded


@dataclass(frozen=True, slots=True)
class Learning:
    """What the page and the command line show.

    Attributes:
        data: the labelled clauses there are now.
        reserved: how many clauses are for measuring only.
        state: of the last or present run; None if there was none.
        models: the office's own, the latest first.
        choices: every change of the model in use, oldest first.
        altered: numbers of choices that are not as they were written.
        in_use: name of the model in use; empty for the shipped one.
    """

    data: Collected
    reserved: int
    state: State | None
    models: tuple[Kept, ...]
    choices: tuple[Choice, ...]
    altered: tuple[int, ...]
    in_use: str

    @property
    def seen(self) -> int:
        """Number of the last choice; name it when choosing."""
        return len(self.choices)


class LearningUseCases(UseCases):
    """What concerns the office's own models; every method is for administrators and the secretariat."""

    @property
    def shelf(self) -> Shelf:
        """Where the office's models lie."""
        return Shelf(self.store.folder)

    def learning(self, actor: Account) -> Learning:
        """All there is to know about the office's models."""
        permissions.check(actor, "learn")
        shelf = self.shelf
        reserved = read_reserved(shelf.reserved)
        return Learning(
            collect(self._reviewed(), reserved),
            len(reserved),
            office_run.state(shelf),
            tuple(shelf.models()),
            tuple(shelf.choices()),
            tuple(shelf.altered()),
            shelf.in_use(),
        )

    def training_state(self, actor: Account) -> State | None:
        """How far the present run has come, or how the last one ended."""
        permissions.check(actor, "learn")
        return office_run.state(self.shelf)

    def reserve(self, actor: Account, clauses: Path) -> int:
        """Name labelled clauses that are for measuring only: no decision near one is learned from. Returns how many."""
        permissions.check(actor, "learn")
        return write_reserved(clauses, self.shelf.reserved)

    def retrain(self, actor: Account, minutes: float = MINUTES, corpus: Path = CLAUSES) -> None:
        """Begin to train a candidate on corpus and decisions, in the background; the model in use goes on.

        Raises:
            TrainingError: E560 a run is under way; E561 there are no decisions; E9xx the corpus is wrong.
        """
        permissions.check(actor, "learn")
        shelf = self.shelf
        data = collect(self._reviewed(), read_reserved(shelf.reserved))
        if not data.examples:
            raise TrainingError("E561")
        counts = asdict(replace(data, examples=())) | {
            "clauses": len(data.examples),
            "families": data.families,
        }
        job = Job(str(corpus), shelf.in_use(), actor.id, minutes, counts, tuple(self._drafts()))
        office_run.start(shelf, job, office.with_domains(data.examples, read_corpus(corpus)))

    def stop_training(self, actor: Account) -> None:
        """End the present run; nothing of it is kept."""
        permissions.check(actor, "learn")
        office_run.stop(self.shelf)

    def choose_model(self, actor: Account, name: str, reason: str, seen: int) -> Choice:
        """Put a model in use: one of the office's own by name, or the shipped one (an empty name).

        Drafts already screened stay as they are until a person screens them again.

        Raises:
            NotAllowedError: E505 no reason; TrainingError: E565, E567, E568, see ``Shelf.choose``.
        """
        permissions.check(actor, "learn")
        if not reason.strip():
            raise NotAllowedError("E505")
        return self.shelf.choose(name, actor.id, reason.strip(), seen)

    def live_quality(self, actor: Account) -> list[LiveRow]:
        """What became of findings, by month of the decision (latest first), lens and type."""
        permissions.check(actor, "learn")
        counts: dict[tuple[str, Lens, str], dict[str, int]] = {}
        for case in self._cases():
            for version in case.values():
                for said in version.said.values():
                    if said.outcome is None or said.carried or (said.added and said.outcome == "excluded"):
                        continue
                    month = f"{datetime.fromisoformat(said.at).astimezone():%Y-%m}"
                    kind = (*said.finding.types, said.finding.kind)[0]
                    row = counts.setdefault((month, said.finding.lens, kind), dict.fromkeys(_OUTCOMES, 0))
                    row[said.outcome] += 1
        ordered = sorted(counts, key=lambda key: (LENSES.index(key[1]), key[2]))
        ordered.sort(key=lambda key: key[0], reverse=True)
        return [LiveRow(*key, *(counts[key][outcome] for outcome in _OUTCOMES)) for key in ordered]

    def decisions_on(self, actor: Account, case_id: str, unit: str, lens: Lens) -> tuple[str, ...]:
        """What people decided on one unit of the current version under one lens; empty for an unknown case."""
        permissions.check(actor, "learn")
        rows = self.store.rows("select * from cases where id = ?", [case_id])
        views = [view for row in rows for view in self._findings(row) if view.finding.unit == unit]
        return tuple(view.decision for view in views if view.finding.lens == lens)

    def _drafts(self) -> Iterator[tuple[str, int, str, str]]:
        for row in self.store.cases():
            if row["document"]:
                path = self.store.files.path(row["document"])
                yield row["id"], int(row["version"]), str(row["title"]), str(path)

    def _reviewed(self) -> Iterator[Reviewed]:
        for case_id, versions in zip(self._case_ids(), self._cases(), strict=True):
            for version in versions.values():
                document = self._document(version.document)
                units = {unit.id: unit for unit in document.units}
                by_unit: dict[str, list[Said]] = {}
                for said in version.said.values():
                    by_unit.setdefault(said.finding.unit, []).append(said)
                for unit_id, found in by_unit.items():
                    if unit_id in units and any(said.outcome and not said.carried for said in found):
                        at = max(said.at for said in found)
                        decisions = tuple(_decision(said) for said in found)
                        yield Reviewed(case_id, units[unit_id].text, at, decisions)

    def _case_ids(self) -> list[str]:
        return [str(row["id"]) for row in self.store.rows("select id from cases order by opened_at, id")]

    def _cases(self) -> Iterator[dict[int, _Version]]:
        """The versions of each case, in the order of ``_case_ids``, with what was said on each."""
        for case_id in self._case_ids():
            yield self._told(case_id)

    def _told(self, case_id: str) -> dict[int, _Version]:
        """Read a case's events in order: decisions belong to the version and screening they were made on."""
        versions: dict[int, _Version] = {}
        current = 1
        for _, event in self.store.journal.read_from(case=case_id):
            payload, at = event.payload, event.at.isoformat()
            if isinstance(payload, events.DraftReceived):
                versions[current] = _Version(payload.document)
            elif isinstance(payload, events.VersionAdded):
                current = payload.version
                versions[current] = _Version(payload.document)
            elif isinstance(payload, events.ScreeningDone):
                versions[payload.version].screened(self._screening(payload.screening).findings)
            elif isinstance(payload, events.FindingDecided):
                versions[current].decided(payload, at)
            elif isinstance(payload, events.FindingAdded):
                versions[current].added(payload, at)
        return versions


_OUTCOMES: tuple[Outcome, ...] = ("confirmed", "retyped", "excluded", "added")


def _decision(said: Said) -> Decision:
    finding, outcome = said.finding, said.outcome
    last = said.last
    return Decision(
        lens=finding.lens,
        decision="undecided" if outcome is None else "excluded" if outcome == "excluded" else "confirmed",
        kind=last.finding_kind if last else finding.kind,
        types=last.types if last else finding.types,
        domains=finding.domains,
        reason=last.reason if last else finding.reason,
        source={"added": "added", "retyped": "retyped"}.get(outcome or "", "proposed"),
    )


def _marked(payload: events.FindingAdded) -> Finding:
    return Finding(
        id=payload.finding,
        clause=payload.clause,
        unit=payload.unit,
        lens=payload.lens,
        kind=payload.finding_kind,
        types=payload.types,
        domains=payload.domains,
        start=payload.start,
        end=payload.end,
        quote=payload.quote,
        confidence=1.0,
        severity=payload.severity,
        reason=payload.reason,
        basis=payload.basis,
        lookalike="",
        suggestion=payload.suggestion,
        goals=(),
        source="person",
    )

"""What people decided on the clauses of an office's own drafts becomes labelled clauses.

A clause is used when everything proposed on it has been decided. Its family is its case, so that clauses of
one draft never stand on both sides of a split; cases that share a clause are one family.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from assessment.screening.models import LENSES, Lens
from assessment.training.dataset import KINDS, Example, Label
from assessment.training.office_near import Near, grams

EXCLUDED_AS: dict[str, str] = {
    "属于禁止性、保障性规定": "protective",
    "援引上位法或照录法定内容": "relevant",
    "法定范围内的特殊保护": "protective",
    "促进实质平等的积极措施": "protective",
    "机构名称或列举": "relevant",
    "引述后予以否定": "protective",
    "与性别、儿童无关": "none",
}
"""Reason for excluding a finding → what the clause is instead, by the conventions of the corpus."""

NONE = Label("none", (), ())


@dataclass(frozen=True, slots=True)
class Decision:
    """One finding on a clause and what a person decided about it.

    Attributes:
        lens: gender or child.
        decision: confirmed, excluded or undecided.
        kind, types: as they stand after the decision.
        domains: as proposed; empty for a mark made by hand.
        reason: the person's reason, beginning with the one picked from the list.
        source: ``added`` by hand, ``retyped``, or ``proposed`` by the program and left as it was.
    """

    lens: Lens
    decision: str
    kind: str
    types: tuple[str, ...]
    domains: tuple[str, ...]
    reason: str
    source: str


@dataclass(frozen=True, slots=True)
class Reviewed:
    """One unit of a draft with every finding on it; ``at`` is the time of the last decision, UTC ISO."""

    case: str
    text: str
    at: str
    decisions: tuple[Decision, ...]


@dataclass(frozen=True, slots=True)
class Collected:
    """The labelled clauses and what was left out.

    Attributes:
        examples: one a clause; the family is the case.
        decisions: how many decisions there are: confirmed, retyped, excluded, added.
        waiting: clauses with something still undecided.
        unclear: clauses whose reason for exclusion does not say what they are instead.
        repeated: clauses that occur again with a later decision.
        reserved: clauses too near to one that is for measuring only.
    """

    examples: tuple[Example, ...]
    decisions: dict[str, int]
    waiting: int
    unclear: int
    repeated: int
    reserved: int

    @property
    def families(self) -> int:
        """How many cases the clauses come from, counting cases that share a clause as one."""
        return len({example.family for example in self.examples})


def collect(reviewed: Iterable[Reviewed], reserved: Sequence[Collection[int]] = ()) -> Collected:
    """Make labelled clauses of reviewed units.

    Args:
        reviewed: units with their findings, in any order.
        reserved: clauses that must never be learned from, as ``office_near.grams``.
    """
    counts = {"waiting": 0, "unclear": 0, "repeated": 0, "reserved": 0}
    kinds = Counter({"confirmed": 0, "retyped": 0, "excluded": 0, "added": 0})
    measured = Near(reserved)
    found: dict[str, Example] = {}
    for unit in sorted(reviewed, key=lambda unit: (unit.at, unit.case, unit.text)):
        kinds.update(_kinds(unit.decisions))
        outcome = _outcome(unit, measured)
        if isinstance(outcome, str):
            counts[outcome] += 1
            continue
        counts["repeated"] += unit.text in found
        found[unit.text] = outcome
    return Collected(_joined(list(found.values())), dict(kinds), **counts)


def _kinds(decisions: Iterable[Decision]) -> Iterator[str]:
    for decision in decisions:
        if decision.decision == "excluded":
            yield "excluded"
        elif decision.decision == "confirmed":
            yield "confirmed" if decision.source == "proposed" else decision.source


def _outcome(unit: Reviewed, measured: Near) -> Example | str:
    """The labelled clause, or why there is none."""
    if any(decision.decision == "undecided" for decision in unit.decisions):
        return "waiting"
    labels = {lens: _label([d for d in unit.decisions if d.lens == lens]) for lens in LENSES}
    given = {lens: label for lens, label in labels.items() if label is not None}
    if len(given) < len(labels):
        return "unclear"
    if measured.like(unit.text):
        return "reserved"
    digest = hashlib.sha256(f"{unit.case} {unit.text}".encode()).hexdigest()
    return Example(f"d-{digest[:12]}", unit.case, unit.text, given)


def _label(decisions: Sequence[Decision]) -> Label | None:
    """What the decisions make of the clause under one lens; None if they leave it open."""
    labels = [_single(decision) for decision in decisions]
    known = [label for label in labels if label is not None]
    strongest = max(known, key=lambda label: KINDS.index(label.kind), default=NONE)
    if len(known) < len(labels) and strongest.kind != "concern":
        return None
    return Label(
        strongest.kind,
        tuple(dict.fromkeys(name for label in known for name in label.domains)),
        tuple(dict.fromkeys(name for label in known for name in label.concerns)),
    )


def _single(decision: Decision) -> Label | None:
    if decision.decision == "confirmed":
        return Label(decision.kind, decision.domains, decision.types if decision.kind == "concern" else ())
    instead = EXCLUDED_AS.get(
        decision.reason.split("；", 1)[0], "relevant" if decision.kind == "concern" else "none"
    )
    if instead == decision.kind:
        return None
    return NONE if instead == "none" else Label(instead, decision.domains, ())


def _joined(examples: Sequence[Example]) -> tuple[Example, ...]:
    """The same examples; cases that hold nearly the same clause become one family."""
    near = Near(grams(example.text) for example in examples)
    leader = {example.family: example.family for example in examples}

    def lead(family: str) -> str:
        while leader[family] != family:
            family = leader[family]
        return family

    for example in examples:
        for position in near.like(example.text):
            first, second = sorted((lead(example.family), lead(examples[position].family)))
            leader[second] = first
    return tuple(replace(example, family=lead(example.family)) for example in examples)


def with_domains(examples: Iterable[Example], corpus: Iterable[Example]) -> tuple[Example, ...]:
    """The same examples; a label without domain gets the one most usual in the corpus for its type or kind.

    People decide on kind and type; a mark made by hand names no domain, and the model needs one.
    """
    usual: dict[tuple[Lens, str], Counter[str]] = {}
    for example in corpus:
        for lens, label in example.labels.items():
            for name in (label.kind, *label.concerns):
                usual.setdefault((lens, name), Counter()).update(label.domains)

    def filled(lens: Lens, label: Label) -> Label:
        if label.kind == "none" or label.domains:
            return label
        name = label.concerns[0] if label.concerns else label.kind
        best = usual.get((lens, name), Counter()).most_common(1)
        return replace(label, domains=tuple(domain for domain, _ in best))

    return tuple(
        replace(example, labels={lens: filled(lens, label) for lens, label in example.labels.items()})
        for example in examples
    )


def write_examples(examples: Iterable[Example], path: Path) -> None:
    """Write examples in the format of the corpus, for ``dataset.read_examples``."""
    lines = [
        json.dumps(
            {
                "id": example.id,
                "family": example.family,
                "register": example.register,
                "text": example.text,
                **{
                    lens: {
                        "relevant": label.relevant,
                        "kind": label.kind,
                        "domains": list(label.domains),
                        "concerns": list(label.concerns),
                    }
                    for lens, label in example.labels.items()
                },
            },
            ensure_ascii=False,
        )
        for example in examples
    ]
    path.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")

"""Exchange between offices: whole cases, with their events and files, in one zip file."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from pydantic import ValidationError

from assessment.messages import RecordsError
from assessment.records.bundles import Bundle, Limits, Manifest, open_bundle, write_bundle
from assessment.records.chain import Head, faults
from assessment.records.events import Event, canonical_json
from assessment.records.store import FILES, Store

EVENTS = "events.jsonl"
LIMITS = Limits(entries=50_000, entry_bytes=256 << 20, total_bytes=8 << 30)
"""The most an exchange package may hold."""


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What came of an import.

    Attributes:
        site, site_name: who made the package.
        new: cases this store did not have.
        extended: cases it had in part.
        unchanged: cases it had whole, or further than the package.
        refused: case → why (Chinese); nothing of these was written.
        events, files: how many were written.
        missing: numbers of the sender's events never received here, as first and last of each hole.
    """

    site: str
    site_name: str
    new: tuple[str, ...]
    extended: tuple[str, ...]
    unchanged: tuple[str, ...]
    refused: dict[str, str]
    events: int
    files: int
    missing: tuple[tuple[int, int], ...]

    def __str__(self) -> str:
        lines = [
            f"来自{self.site_name or self.site}：新增事项{len(self.new)}件，续写{len(self.extended)}件，"
            f"无变化{len(self.unchanged)}件，拒绝{len(self.refused)}件；"
            f"写入记录{self.events}条、文件{self.files}个。",
            *self.refused.values(),
        ]
        if self.missing:
            holes = "、".join(
                f"{first}" if first == last else f"{first}—{last}" for first, last in self.missing
            )
            lines.append(f"尚未收到该单位的流水号：{holes}。")
        return "\n".join(lines)


def export_cases(store: Store, cases: Iterable[str] | None, path: Path) -> Manifest:
    """Write whole cases, or all, to an exchange package. Accounts are never in it.

    Args:
        store: where the cases are.
        cases: their ids; None for all.
        path: the zip file to make; an existing one is replaced.

    Raises:
        RecordsError: E402 an unknown case, E412 or E413 a file missing or damaged, E426 the disk refuses.
    """
    wanted = [row["id"] for row in store.cases()] if cases is None else list(dict.fromkeys(cases))
    return write_bundle(
        path,
        "exchange",
        (store.site, store.site_name),
        store.journal.clock().isoformat(),
        _export_entries(store, wanted),
    )


def _export_entries(store: Store, cases: list[str]) -> Iterator[tuple[str, bytes]]:
    lines: list[str] = []
    names: set[str] = set()
    for case in cases:
        events = [event for _, event in store.journal.read_from(case=case)]
        if not events:
            raise RecordsError("E402", case=case)
        for event in events:
            lines.append(canonical_json(event.model_dump(mode="json", exclude_unset=True)))
            names.update(event.payload.files())
    yield EVENTS, "".join(f"{line}\n" for line in lines).encode()
    for name in sorted(names):
        yield f"{FILES}/{name[:2]}/{name}", store.files.get(name)


def import_bundle(store: Store, path: Path, limits: Limits = LIMITS) -> ImportReport:
    """Take in the cases of an exchange package; everything is checked before anything is written.

    Taking in the same package twice changes nothing. A case that went on differently here and there is
    refused and named in the report; the others are taken in.

    Args:
        store: where they go.
        path: the package.
        limits: the most it may hold.

    Raises:
        RecordsError: E407 to E409 an event is unreadable, wrong or uses a number twice, E420 to E422 the
            package is refused, E410 or E414 the disk refuses.
    """
    with open_bundle(path, "exchange", limits) as bundle:
        cases = _read_cases(bundle)
        _require_files(bundle, cases, store)
        news, refused = _compare(store, cases)
        events = [event for case in news for event in news[case]]
        files = _keep_files(bundle, events, store)
    store.adopt(events)
    extended = [case for case, more in news.items() if more and more[0].case_seq > 1]
    return ImportReport(
        site=bundle.manifest.site,
        site_name=bundle.manifest.site_name,
        new=tuple(case for case, more in news.items() if more and more[0].case_seq == 1),
        extended=tuple(extended),
        unchanged=tuple(case for case, more in news.items() if not more),
        refused=refused,
        events=len(events),
        files=files,
        missing=tuple(store.journal.missing(bundle.manifest.site)),
    )


def _read_cases(bundle: Bundle) -> dict[str, list[Event]]:
    cases: dict[str, list[Event]] = defaultdict(list)
    for number, line in enumerate(bundle.read(EVENTS).splitlines(), start=1):
        try:
            event = Event.model_validate_json(line)
        except ValidationError as error:
            raise RecordsError("E407", line=number) from error
        chain = cases[event.case]
        head = Head(chain[-1].case_seq, chain[-1].hash) if chain else Head(0, Event.genesis)
        if wrong := faults(event, head):
            raise RecordsError("E408", case=event.case[:80], case_seq=event.case_seq, reason=wrong[0])
        chain.append(event)
    return cases


def _require_files(bundle: Bundle, cases: dict[str, list[Event]], store: Store) -> None:
    named = {name for chain in cases.values() for event in chain for name in event.payload.files()}
    carried = set(bundle.files())
    for name in sorted(named ^ carried):
        if name in carried or name not in store.files:
            raise RecordsError("E421", name=name)
    for name in sorted(carried):
        if bundle.manifest.entries[f"{FILES}/{name[:2]}/{name}"] != name:
            raise RecordsError("E421", name=name)


def _compare(store: Store, cases: dict[str, list[Event]]) -> tuple[dict[str, list[Event]], dict[str, str]]:
    """Per case the events this store has not yet; and the cases that diverge, with the reason."""
    news: dict[str, list[Event]] = {}
    refused: dict[str, str] = {}
    for case, chain in cases.items():
        here = [event for _, event in store.journal.read_from(case=case)]
        differing = [ours for ours, theirs in zip(here, chain, strict=False) if ours.hash != theirs.hash]
        if differing:
            refused[case] = RecordsError("E406", case=case, case_seq=differing[0].case_seq).message
        else:
            news[case] = chain[len(here) :]
    return news, refused


def _keep_files(bundle: Bundle, events: list[Event], store: Store) -> int:
    wanted = {name for event in events for name in event.payload.files()}
    fresh = sorted(name for name in wanted if name not in store.files)
    for name in fresh:
        store.files.put(bundle.read(f"{FILES}/{name[:2]}/{name}"))
    return len(fresh)

"""Exchange: whole cases travel, nothing is taken in unless it proves itself."""

from __future__ import annotations

import hashlib
import json
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from assessment.messages import RecordsError
from assessment.records import events as ev
from assessment.records.bundles import Limits
from assessment.records.chain import event_hash
from assessment.records.events import canonical_json
from assessment.records.exchange import export_cases, import_bundle
from assessment.records.store import Store
from tests.records.cases import decided, open_case, received, reviewing_case, scored

Line = dict[str, object]
STRAY = hashlib.sha256(b"not named by any event").hexdigest()


@pytest.fixture
def city(tmp_path: Path) -> Store:
    return Store.open(tmp_path / "city", "乙市")


@pytest.fixture
def package(tmp_path: Path) -> Path:
    return tmp_path / "package.zip"


def _hashes(store: Store, case: str) -> list[str]:
    return [event.hash for _, event in store.journal.read_from(case=case)]


def test_case_arrives_as_it_was(store: Store, city: Store, package: Path) -> None:
    case = reviewing_case(store)
    open_case(city, b"another draft")
    manifest = export_cases(store, None, package)
    assert (manifest.kind, manifest.site_name) == ("exchange", "甲市")
    report = import_bundle(city, package)
    assert (report.site, report.new, report.refused, report.missing) == (store.site, (case,), {}, ())
    assert (report.events, report.files) == (4, 2)
    assert [event for _, event in city.journal.read_from(case=case)] == [
        event for _, event in store.journal.read_from(case=case)
    ]
    assert city.case(case) == store.case(case)
    assert city.verify() == []


def test_importing_again_changes_nothing(store: Store, city: Store, package: Path) -> None:
    case = reviewing_case(store)
    export_cases(store, None, package)
    import_bundle(city, package)
    before = list(city.journal.read_from())
    report = import_bundle(city, package)
    assert (report.new, report.extended, report.unchanged, report.events, report.files) == (
        (),
        (),
        (case,),
        0,
        0,
    )
    assert list(city.journal.read_from()) == before


def test_case_goes_there_and_back(store: Store, city: Store, package: Path) -> None:
    case = reviewing_case(store)
    export_cases(store, [case], package)
    import_bundle(city, package)
    answer = city.append(case, scored("city-expert", "q1"), "city-expert")
    assert (answer.site, answer.seq) == (city.site, 1)
    export_cases(city, [case], package)
    report = import_bundle(store, package)
    assert (report.extended, report.events) == ((case,), 1)
    assert _hashes(store, case) == _hashes(city, case)
    assert store.of_case("answers", case)[0]["expert"] == "city-expert"
    assert store.append(case, decided(), "officer").seq == 5
    assert store.verify() == city.verify() == []


def test_older_package_of_a_case_that_went_on_changes_nothing(
    store: Store, city: Store, package: Path
) -> None:
    case = reviewing_case(store)
    export_cases(store, None, package)
    import_bundle(city, package)
    city.append(case, scored("e", "q1"), "e")
    report = import_bundle(city, package)
    assert report.unchanged == (case,)
    assert len(_hashes(city, case)) == 5


def test_diverged_case_is_refused_by_name_and_the_others_taken(
    store: Store, city: Store, package: Path
) -> None:
    diverged, other = reviewing_case(store), reviewing_case(store)
    export_cases(store, [diverged], package)
    import_bundle(city, package)
    store.append(diverged, decided("here"), "officer")
    city.append(diverged, decided("there"), "officer")
    before = _hashes(city, diverged)
    export_cases(store, None, package)
    report = import_bundle(city, package)
    assert report.new == (other,)
    assert list(report.refused) == [diverged]
    assert "第5条" in report.refused[diverged]
    assert diverged in str(report)
    assert _hashes(city, diverged) == before
    assert city.verify() == []


def test_missing_case_shows(store: Store, city: Store, package: Path) -> None:
    open_case(store)
    kept_back = reviewing_case(store)
    sent = open_case(store)
    export_cases(store, [sent], package)
    report = import_bundle(city, package)
    assert report.missing == ((1, 5),)
    assert "1—5" in str(report)
    export_cases(store, [kept_back], package)
    assert import_bundle(city, package).missing == ((1, 1),)


def test_accounts_never_travel(store: Store, package: Path) -> None:
    store.accounts.create("wang", "correct horse", ["officer"])
    open_case(store)
    export_cases(store, None, package)
    with zipfile.ZipFile(package) as archive:
        names = archive.namelist()
        content = b"".join(archive.read(name) for name in names)
    assert {name.split("/")[0] for name in names} == {"events.jsonl", "files", "manifest.json"}
    assert b"scrypt" not in content


def test_unknown_case_cannot_be_exported(store: Store, package: Path) -> None:
    with pytest.raises(RecordsError, match="E402"):
        export_cases(store, ["absent"], package)
    assert not package.exists()


def test_file_the_other_side_has_already_is_not_written_twice(
    store: Store, city: Store, package: Path
) -> None:
    open_case(store, b"same")
    city.files.put(b"same")
    export_cases(store, None, package)
    assert import_bundle(city, package).files == 0


def _rehash(lines: list[Line], start: int = 0) -> list[Line]:
    """Make the chain fit again, as a forger would."""
    for number in range(start, len(lines)):
        if number:
            lines[number]["previous_hash"] = lines[number - 1]["hash"]
        lines[number]["hash"] = event_hash(ev.Event.model_validate(lines[number]))
    return lines


def _payload(line: Line) -> dict[str, object]:
    payload = line["payload"]
    assert isinstance(payload, dict)
    return payload


def _changed_answer(lines: list[Line]) -> list[Line]:
    _payload(lines[1])["findings"] = 99
    return lines


def _changed_actor(lines: list[Line]) -> list[Line]:
    return [*lines[:-1], lines[-1] | {"actor": "other"}]


def _middle_left_out(lines: list[Line]) -> list[Line]:
    return [lines[0], *lines[2:]]


def _beginning_left_out(lines: list[Line]) -> list[Line]:
    return lines[1:]


def _order_turned(lines: list[Line]) -> list[Line]:
    return lines[::-1]


def _path_for_a_case_id(lines: list[Line]) -> list[Line]:
    return _rehash([line | {"case": "../../etc"} for line in lines])


def _local_time(lines: list[Line]) -> list[Line]:
    return _rehash([line | {"at": "2026-03-02T09:00:00+08:00"} for line in lines])


def _kind_other_than_the_payload(lines: list[Line]) -> list[Line]:
    return _rehash([*lines[:-1], lines[-1] | {"kind": "CaseClosed"}], 1)


def _begins_without_a_draft(lines: list[Line]) -> list[Line]:
    first = lines[0] | {"kind": "CaseClosed", "payload": {"kind": "CaseClosed", "reason": "r"}}
    return _rehash([first, *lines[1:]])


def _two_drafts(lines: list[Line]) -> list[Line]:
    return _rehash([*lines[:-1], lines[-1] | {"kind": "DraftReceived", "payload": lines[0]["payload"]}], 1)


def _unknown_kind(lines: list[Line]) -> list[Line]:
    return [*lines[:-1], lines[-1] | {"kind": "Future", "payload": {"kind": "Future"}}]


def _overlong_number(lines: list[Line]) -> list[Line]:
    return [*lines[:-1], lines[-1] | {"seq": 2**70}]


def _file_not_in_the_package(lines: list[Line]) -> list[Line]:
    _payload(lines[1])["screening"] = "e" * 64
    return _rehash(lines, 1)


def _rewrite(package: Path, change: Callable[[list[Line]], list[Line]], extra: dict[str, bytes]) -> None:
    with zipfile.ZipFile(package) as archive:
        entries = {name: archive.read(name) for name in archive.namelist()} | extra
    lines = change([json.loads(line) for line in entries["events.jsonl"].splitlines()])
    entries["events.jsonl"] = "".join(f"{canonical_json(line)}\n" for line in lines).encode()
    manifest = json.loads(entries.pop("manifest.json"))
    manifest["entries"] = {name: hashlib.sha256(content).hexdigest() for name, content in entries.items()}
    with zipfile.ZipFile(package, "w") as archive:
        for name, content in (entries | {"manifest.json": json.dumps(manifest).encode()}).items():
            archive.writestr(name, content)


@pytest.mark.parametrize(
    ("change", "extra", "code"),
    [
        (_changed_answer, {}, "E408"),
        (_changed_actor, {}, "E408"),
        (_middle_left_out, {}, "E408"),
        (_beginning_left_out, {}, "E408"),
        (_order_turned, {}, "E408"),
        (_path_for_a_case_id, {}, "E408"),
        (_local_time, {}, "E408"),
        (_kind_other_than_the_payload, {}, "E408"),
        (_begins_without_a_draft, {}, "E408"),
        (_two_drafts, {}, "E408"),
        (_unknown_kind, {}, "E407"),
        (_overlong_number, {}, "E407"),
        (_file_not_in_the_package, {}, "E421"),
        (list, {f"files/{STRAY[:2]}/{STRAY}": b"not named by any event"}, "E421"),
        (list, {"accounts.db": b"x", "../evil": b"x"}, "E420"),
    ],
)
def test_bad_package_is_refused_and_changes_nothing(
    store: Store,
    city: Store,
    package: Path,
    change: Callable[[list[Line]], list[Line]],
    extra: dict[str, bytes],
    code: str,
) -> None:
    reviewing_case(store)
    own = open_case(city)
    export_cases(store, None, package)
    _rewrite(package, change, extra)
    kept = list(city.files.names())
    with pytest.raises(RecordsError, match=code):
        import_bundle(city, package)
    assert [row["id"] for row in city.cases()] == [own]
    assert list(city.files.names()) == kept
    assert city.verify() == []


def test_package_with_false_file_is_refused(store: Store, city: Store, package: Path) -> None:
    case = open_case(store)
    name = store.case(case)["file"]
    export_cases(store, None, package)
    _rewrite(package, list, {f"files/{name[:2]}/{name}": b"other"})
    with pytest.raises(RecordsError, match="E421"):
        import_bundle(city, package)
    assert city.cases() == []


def test_package_without_a_file_is_refused_unless_it_is_kept_here(
    store: Store, city: Store, package: Path
) -> None:
    name = store.case(open_case(store))["file"]
    export_cases(store, None, package)
    with zipfile.ZipFile(package) as archive:
        entries = {entry: archive.read(entry) for entry in archive.namelist()}
    manifest = json.loads(entries.pop("manifest.json"))
    for listing in (entries, manifest["entries"]):
        del listing[f"files/{name[:2]}/{name}"]
    with zipfile.ZipFile(package, "w") as archive:
        for entry, content in (entries | {"manifest.json": json.dumps(manifest).encode()}).items():
            archive.writestr(entry, content)
    with pytest.raises(RecordsError, match="E421"):
        import_bundle(city, package)
    assert city.cases() == []
    city.files.put(b"draft")
    assert len(import_bundle(city, package).new) == 1
    assert city.verify() == []


def test_number_used_twice_is_refused(store: Store, city: Store, package: Path, tmp_path: Path) -> None:
    """A site that went back to an old backup and went on differently."""
    open_case(store)
    export_cases(store, None, package)
    import_bundle(city, package)
    twin = Store.open(tmp_path / "twin")
    twin = Store(twin.folder, store.site, "甲市")
    open_case(twin)
    export_cases(twin, None, package)
    with pytest.raises(RecordsError, match="E409"):
        import_bundle(city, package)
    assert len(city.cases()) == 1
    assert city.verify() == []


def test_package_over_the_limits_is_refused(store: Store, city: Store, package: Path) -> None:
    open_case(store)
    export_cases(store, None, package)
    with pytest.raises(RecordsError, match="E422"):
        import_bundle(city, package, Limits(entries=1))


def test_events_of_an_older_program_keep_their_hash(store: Store, city: Store, package: Path) -> None:
    """A payload field added later, with a default, is absent from the events of before."""
    case = open_case(store)
    export_cases(store, None, package)

    def older(lines: list[Line]) -> list[Line]:
        del _payload(lines[0])["drafting_started"]
        return _rehash(lines)

    _rewrite(package, older, {})
    import_bundle(city, package)
    assert city.case(case)["drafting_started"] is None
    assert city.verify() == []
    export_cases(city, None, package)
    assert import_bundle(city, package).unchanged == (case,)
    assert received().drafting_started is not None

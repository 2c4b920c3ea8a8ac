"""Payloads: what they change, which files they rest on, what they conflict with."""

from __future__ import annotations

from typing import Any, get_args

import pytest
from pydantic import ValidationError

from assessment.records import events as ev
from assessment.records.summaries import summary
from tests.records.cases import FILE, concluded, decided, received, scored, signed
from tests.records.sequences import EXAMPLES

KINDS = get_args(get_args(ev.AnyPayload)[0])


def _hashes(value: Any) -> set[str]:
    if isinstance(value, dict):
        return set().union(*(_hashes(item) for item in value.values()), set())
    if isinstance(value, tuple | list):
        return set().union(*(_hashes(item) for item in value), set())
    return {value} if isinstance(value, str) and len(value) == 64 else set()


@pytest.mark.parametrize("payload", EXAMPLES, ids=lambda payload: payload.kind)
def test_files_names_every_hash_of_the_payload(payload: ev.AnyPayload) -> None:
    assert set(payload.files()) == _hashes(payload.model_dump())


@pytest.mark.parametrize("payload", EXAMPLES, ids=lambda payload: payload.kind)
def test_payload_survives_its_json(payload: ev.AnyPayload) -> None:
    text = ev.canonical_json(payload.model_dump(mode="json"))
    again = ev.payload_from_json(text)
    assert again == payload
    assert ev.canonical_json(again.model_dump(mode="json")) == text


@pytest.mark.parametrize("payload", EXAMPLES, ids=lambda payload: payload.kind)
def test_summary_is_one_short_chinese_line(payload: ev.AnyPayload) -> None:
    line = summary(payload)
    assert "\n" not in line
    assert 2 <= len(line) < 120
    assert any("一" <= character <= "鿿" for character in line)


def test_examples_cover_every_kind() -> None:
    assert {payload.kind for payload in EXAMPLES} == {kind.__name__ for kind in KINDS}


@pytest.mark.parametrize(
    ("payload", "subject", "conflict"),
    [
        (scored("e1", "q1"), "sheet/e1/quick/q1", True),
        (scored("e1", "q1"), "sheet/e1/quick/q2", False),
        (scored("e1", "q1"), "sheet/e1/quick/q10", False),
        (scored("e1", "q1"), "sheet/e2/quick/q1", False),
        (scored("e1", "q1"), "sheet/e1/quick", True),  # the sheet was submitted meanwhile
        (ev.SheetSubmitted(expert="e1", checklist="quick"), "sheet/e1/quick/q1", True),  # an unseen answer
        (ev.SheetSubmitted(expert="e1", checklist="quick"), "sheet/e1/quick-2/q1", False),
        (decided("f1"), "case", True),  # the whole case changed
        (decided("f1"), "finding/f2", False),
        (concluded(), "conclusion", True),
        (signed(), "finding/f1", True),  # the paper no longer says what the case says
        (signed(), "comment/c1", False),
        (signed(), "attachment/x", False),
        (ev.CaseClosed(reason="r"), "comment/c1", False),
        (ev.CaseClosed(reason="r"), "case", True),
    ],
)
def test_conflicts(payload: ev.AnyPayload, subject: str, conflict: bool) -> None:
    assert payload.conflicts_with(subject) is conflict


@pytest.mark.parametrize(
    "text",
    [
        '{"kind":"Unheard"}',
        '{"kind":"CaseClosed"}',
        '{"kind":"CaseClosed","reason":"r","more":1}',
        '{"kind":"CaseClosed","reason":"\\ud800"}',
        '{"kind":"OpinionComposed","opinion":"../../etc/passwd"}',
    ],
)
def test_malformed_payload_is_refused(text: str) -> None:
    with pytest.raises(ValidationError):
        ev.payload_from_json(text)


@pytest.mark.parametrize(
    "text",
    [
        f'{{"document":"{FILE}","document_kind":"k","drafting_started":null,"drafting_unit":"","file":"{FILE}",'
        '"file_name":"f","kind":"DraftReceived","recognised":null,"stage":"s","title":"t"}',
        f'{{"document":"{FILE}","file":"{FILE}","file_name":"f","kind":"VersionAdded","note":"",'
        '"recognised":null,"stage":"s","version":2}',
        '{"kind":"RelevanceDecided","lens":"child","level":"key","machine_level":"none",'
        '"machine_reason":"","reason":"r"}',
        '{"answer":"符合","checklist":"c","item":"q","kind":"ItemSettled","reason":""}',
        f'{{"docx":"{FILE}","kind":"OpinionSigned","number":"n","opinion":"{FILE}","signatory":"s",'
        f'"xlsx":"{FILE}"}}',
        '{"kind":"ReplyRecorded","reason":"","recommendation":"r","reply":"采纳"}',
        '{"anchor":"a","comment":"c","kind":"CommentAdded","text":"t"}',
        '{"kind":"CaseClosed","reason":"r"}',
    ],
)
def test_what_was_written_before_these_fields_existed_reads_and_hashes_the_same(text: str) -> None:
    payload = ev.payload_from_json(text)
    assert ev.canonical_json(payload.model_dump(mode="json", exclude_unset=True)) == text
    assert summary(payload)


def test_huge_numbers_are_refused() -> None:
    with pytest.raises(ValidationError):
        ev.ConclusionChosen(conclusion="c", reply_days=10**9)
    with pytest.raises(ValidationError):
        ev.VersionAdded(version=2**70, stage="s", file_name="f", file=FILE, document=FILE)
    assert received().drafting_started is not None

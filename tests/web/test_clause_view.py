"""The draft as marked: every character once, in order, whatever the findings."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from assessment import documents
from assessment.screening.models import Finding
from assessment.views import FindingView
from assessment.web.clause_view import marked_blocks
from tests.offices import VILLAGE_RULES

DOCUMENT = documents.read(VILLAGE_RULES.encode(), "村规.txt")


def view(number: int, start: int, end: int, kind: str = "concern", lens: str = "gender") -> FindingView:
    """A finding on a span of the text."""
    finding = Finding(
        f"f{number}", "a1", "a1", lens, kind, (), (), start, end, DOCUMENT.text[start:end],  # type: ignore[arg-type]
        0.9, "high", "", (), "", "", (), "rule",
    )  # fmt: skip
    return FindingView(finding, "undecided", finding.kind, (), "high")


spans = st.tuples(st.integers(0, len(DOCUMENT.text) - 1), st.integers(1, 60)).map(
    lambda pair: (pair[0], min(len(DOCUMENT.text), pair[0] + pair[1]))
)


@given(st.lists(spans, max_size=12))
def test_blocks_hold_the_text_and_offsets_are_exact(found: list[tuple[int, int]]) -> None:
    views = [view(n, start, end) for n, (start, end) in enumerate(found)]
    blocks = marked_blocks(DOCUMENT, views)
    shown = "\n".join("".join(segment[1] for segment in segments) for _, segments in blocks)
    assert shown == "\n".join(line for line in DOCUMENT.text.split("\n") if line)
    for _, segments in blocks:
        for start, text, *_ in segments:
            assert DOCUMENT.text[start : start + len(text)] == text


def test_each_finding_is_tagged_once_where_it_begins() -> None:
    start = DOCUMENT.text.index("女村民")
    both = [
        view(1, start, start + 20),
        view(2, start, start + 20, "protective", "child"),
        view(3, start + 5, start + 9),
    ]
    tags = [
        tag[0] for _, segments in marked_blocks(DOCUMENT, both) for segment in segments for tag in segment[4]
    ]
    assert sorted(tags) == ["f1", "f2", "f3"]
    first = next(s for _, segments in marked_blocks(DOCUMENT, both) for s in segments if s[4])
    assert (first[0], [tag[2] for tag in first[4]]) == (start, ["性别疑似·高", "儿童保护"])

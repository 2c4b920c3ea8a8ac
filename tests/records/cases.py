"""Payloads and cases the record tests are made of."""

from __future__ import annotations

from datetime import date

from assessment.records import events as ev
from assessment.records.store import Store, new_case_id

FILE = "a" * 64


def received(title: str = "某市养老服务条例（草案）", file: str = FILE) -> ev.DraftReceived:
    return ev.DraftReceived(
        title=title,
        document_kind="地方性法规",
        stage="制定前研判",
        drafting_unit="某局",
        drafting_started=date(2026, 1, 5),
        file_name="草案.docx",
        file=file,
        document=file,
    )


def version(number: int, file: str = FILE) -> ev.VersionAdded:
    return ev.VersionAdded(
        version=number, stage="决策中贯彻", file_name=f"草案{number}.docx", file=file, document=file
    )


def screened(number: int = 1, file: str = FILE) -> ev.ScreeningDone:
    return ev.ScreeningDone(
        version=number, screening=file, engine="1", model="m", lexicon="l", findings=3, concerns=1, gaps=1
    )


def relevance(lens: ev.Lens, level: ev.RelevanceLevel) -> ev.RelevanceDecided:
    return ev.RelevanceDecided(
        lens=lens, level=level, reason="理由", machine_level="general", machine_reason="机器理由"
    )


def decided(finding: str = "c1-gender-concern", reason: str = "") -> ev.FindingDecided:
    return ev.FindingDecided(
        finding=finding,
        decision="confirmed",
        finding_kind="concern",
        types=("t",),
        severity="high",
        reason=reason,
    )


def added(finding: str = "p1") -> ev.FindingAdded:
    return ev.FindingAdded(
        finding=finding,
        clause="c2",
        unit="u2",
        lens="child",
        finding_kind="concern",
        types=("t",),
        domains=("d",),
        start=10,
        end=14,
        quote="原文四字",
        reason="补充理由",
        basis=("某法第一条",),
        suggestion="建议",
    )


def scored(expert: str, item: str, answer: ev.Answer | None = "符合") -> ev.ItemScored:
    return ev.ItemScored(expert=expert, checklist="quick", item=item, answer=answer, quotes=("引文",))


def concluded(days: int = 30) -> ev.ConclusionChosen:
    return ev.ConclusionChosen(conclusion="建议完善", addressee="某局", reply_days=days)


def signed(opinion: str = FILE, number: str = "评〔2026〕1号") -> ev.OpinionSigned:
    return ev.OpinionSigned(opinion=opinion, number=number, signatory="某人", docx=FILE, xlsx=FILE)


def open_case(store: Store, content: bytes = b"draft") -> str:
    """A received case in ``store``, its file kept; the case's id."""
    case = new_case_id()
    store.append(case, received(file=store.files.put(content)), "officer")
    return case


def reviewing_case(store: Store) -> str:
    """A case in the state reviewing."""
    case = open_case(store)
    file = store.files.put(b"screening")
    store.append_many(
        case, [screened(file=file), relevance("gender", "key"), relevance("child", "general")], "officer"
    )
    return case

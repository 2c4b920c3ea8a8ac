"""The register's tables. ``SCHEMA_VERSION`` changes with them; an older register is then made anew."""

from __future__ import annotations

from dataclasses import dataclass

import sqlite_utils

SCHEMA_VERSION = 3
"""Raise it with every change of a table or of what the reducer writes."""


@dataclass(frozen=True, slots=True)
class Table:
    """A table of the register.

    Attributes:
        columns: name → type, in order. JSON lists are text; dates and times are ISO text.
        key: the primary key.
        per_version: rows belong to one version of the draft (column ``version``): a further version
            starts empty, and what was decided on the earlier ones stays readable.
    """

    columns: dict[str, type]
    key: tuple[str, ...]
    per_version: bool = False


_WHO = {"at": str, "actor": str}

TABLES: dict[str, Table] = {
    "cases": Table(
        {
            "id": str,
            "site": str,
            "title": str,
            "document_kind": str,
            "stage": str,
            "drafting_unit": str,
            "drafting_started": str,
            "lane": str,
            "arrival_stage": str,
            "follows": str,
            "state": str,
            "opened_at": str,
            "opened_by": str,
            "updated_at": str,
            "case_seq": int,
            "head": str,
            "version": int,
            "file": str,
            "file_name": str,
            "document": str,
            "screening": str,
            "relevance_gender": str,
            "relevance_child": str,
            "conclusion": str,
            "opinion": str,
            "signed_opinion": str,
            "signed_at": str,
            "number": str,
            "reply_due": str,
            "reply_closed_at": str,
            "follow_up_due": str,
            "outcome": str,
            "closed_at": str,
            "closed_reason": str,
        },
        ("id",),
    ),
    "versions": Table(
        {
            "case_id": str,
            "version": int,
            "stage": str,
            "file_name": str,
            "file": str,
            "document": str,
            "recognised": str,
            "adopted": int,
            "note": str,
            **_WHO,
            "screening": str,
            "engine": str,
            "model": str,
            "lexicon": str,
            "findings": int,
            "concerns": int,
            "gaps": int,
            "screened_at": str,
        },
        ("case_id", "version"),
    ),
    "attachments": Table(
        {"case_id": str, "file": str, "name": str, "purpose": str, **_WHO}, ("case_id", "file")
    ),
    "relevance": Table(
        {
            "case_id": str,
            "version": int,
            "lens": str,
            "level": str,
            "reason": str,
            "machine_level": str,
            "machine_reason": str,
            **_WHO,
        },
        ("case_id", "version", "lens"),
        per_version=True,
    ),
    "relevance_reviews": Table(
        {
            "case_id": str,
            "version": int,
            "lens": str,
            "agrees": int,
            "level": str,
            "reason": str,
            "first_level": str,
            "first_reason": str,
            "first_reader": str,
            "settled_at": str,
            "settled_by": str,
            **_WHO,
        },
        ("case_id", "version", "lens"),
        per_version=True,
    ),
    "affected": Table(
        {"case_id": str, "version": int, "lens": str, "cells": str, "note": str, **_WHO},
        ("case_id", "version", "lens"),
        per_version=True,
    ),
    "finding_decisions": Table(
        {
            "case_id": str,
            "version": int,
            "finding": str,
            "source": str,
            "decision": str,
            "finding_kind": str,
            "types": str,
            "severity": str,
            "reason": str,
            "decision_reason": str,
            "clause": str,
            "unit": str,
            "lens": str,
            "domains": str,
            "start": int,
            "end": int,
            "quote": str,
            "basis": str,
            "suggestion": str,
            "carried_from": int,
            **_WHO,
        },
        ("case_id", "version", "finding"),
        per_version=True,
    ),
    "gap_decisions": Table(
        {"case_id": str, "version": int, "gap": str, "decision": str, "reason": str, **_WHO},
        ("case_id", "version", "gap"),
        per_version=True,
    ),
    "checklists": Table(
        {"case_id": str, "checklist": str, "rank": int, "checklist_version": int, "file": str},
        ("case_id", "checklist"),
    ),
    "self_answers": Table(
        {
            "case_id": str,
            "version": int,
            "checklist": str,
            "item": str,
            "answer": str,
            "reason": str,
            "quotes": str,
            "attachments": str,
            "measure": str,
            **_WHO,
        },
        ("case_id", "version", "checklist", "item"),
        per_version=True,
    ),
    "self_assessments": Table(
        {
            "case_id": str,
            "version": int,
            "checklist": str,
            "status": str,
            "responsible": str,
            "note": str,
            "return_reason": str,
            "submitted_at": str,
            **_WHO,
        },
        ("case_id", "version", "checklist"),
        per_version=True,
    ),
    "material_requests": Table(
        {
            "case_id": str,
            "request": str,
            "what": str,
            "due": str,
            "asked_at": str,
            "asked_by": str,
            "answer": str,
            "attachments": str,
            "answered_at": str,
            "answered_by": str,
        },
        ("case_id", "request"),
    ),
    "data_gaps": Table(
        {
            "case_id": str,
            "gap": str,
            "lens": str,
            "figure": str,
            "breakdown": str,
            "holder": str,
            "promised": str,
            "item": str,
            "received": str,
            "value": str,
            "source": str,
            "attachment": str,
            **_WHO,
        },
        ("case_id", "gap"),
    ),
    "declarations": Table(
        {"case_id": str, "expert": str, "conflict": int, "statement": str, **_WHO}, ("case_id", "expert")
    ),
    "panel": Table({"case_id": str, "expert": str, "rank": int, **_WHO}, ("case_id", "expert")),
    "answers": Table(
        {
            "case_id": str,
            "version": int,
            "expert": str,
            "checklist": str,
            "item": str,
            "answer": str,
            "reason": str,
            "quotes": str,
            **_WHO,
        },
        ("case_id", "version", "expert", "checklist", "item"),
        per_version=True,
    ),
    "sheets": Table(
        {
            "case_id": str,
            "version": int,
            "expert": str,
            "checklist": str,
            "status": str,
            "note": str,
            "reopen_reason": str,
            "submitted_at": str,
            **_WHO,
        },
        ("case_id", "version", "expert", "checklist"),
        per_version=True,
    ),
    "settled": Table(
        {
            "case_id": str,
            "version": int,
            "checklist": str,
            "item": str,
            "answer": str,
            "reason": str,
            "votes": str,
            "minority": str,
            "agreed": int,
            **_WHO,
        },
        ("case_id", "version", "checklist", "item"),
        per_version=True,
    ),
    "recommendations": Table(
        {
            "case_id": str,
            "version": int,
            "recommendation": str,
            "problem": str,
            "basis": str,
            "proposal": str,
            "included": int,
            **_WHO,
        },
        ("case_id", "version", "recommendation"),
        per_version=True,
    ),
    "conclusions": Table(
        {
            "case_id": str,
            "version": int,
            "conclusion": str,
            "explanation": str,
            "addressee": str,
            "reply_days": int,
            "contact": str,
            **_WHO,
        },
        ("case_id", "version"),
        per_version=True,
    ),
    "opinions": Table(
        {
            "case_id": str,
            "opinion": str,
            "version": int,
            "composed_at": str,
            "composed_by": str,
            "signed_at": str,
            "signed_by": str,
            "signatory": str,
            "number": str,
            "docx": str,
            "xlsx": str,
            "composed": str,
            "skipped": str,
            "overridden": str,
            "override_reason": str,
            "convened_at": str,
            "convened_by": str,
        },
        ("case_id", "opinion"),
    ),
    "committee_decisions": Table(
        {
            "case_id": str,
            "case_seq": int,
            "opinion": str,
            "decision": str,
            "conditions": str,
            "votes": str,
            **_WHO,
        },
        ("case_id", "case_seq"),
    ),
    "replies": Table(
        {
            "case_id": str,
            "opinion": str,
            "recommendation": str,
            "reply": str,
            "reason": str,
            "due": str,
            "responsible": str,
            **_WHO,
        },
        ("case_id", "opinion", "recommendation"),
    ),
    "adoptions": Table(
        {
            "case_id": str,
            "opinion": str,
            "recommendation": str,
            "adopted_version": int,
            "result": str,
            "proposed": str,
            "reason": str,
            **_WHO,
        },
        ("case_id", "opinion", "recommendation"),
    ),
    "follow_ups": Table(
        {"case_id": str, "case_seq": int, "due": str, "note": str, **_WHO}, ("case_id", "case_seq")
    ),
    "follow_up_reports": Table(
        {
            "case_id": str,
            "case_seq": int,
            "effects": str,
            "figures": str,
            "complaints": str,
            "conclusion": str,
            "reason": str,
            **_WHO,
        },
        ("case_id", "case_seq"),
    ),
    "comments": Table(
        {
            "case_id": str,
            "comment": str,
            "anchor": str,
            "text": str,
            "reply_to": str,
            "mentions": str,
            "resolved_at": str,
            "resolved_by": str,
            **_WHO,
        },
        ("case_id", "comment"),
    ),
    "timeline": Table(
        {
            "case_id": str,
            "case_seq": int,
            "kind": str,
            "subject": str,
            **_WHO,
            "summary": str,
            "hash": str,
            "site": str,
            "seq": int,
        },
        ("case_id", "case_seq"),
    ),
}
"""Every table the reducer fills, by name."""


def create_tables(db: sqlite_utils.Database) -> None:
    """Make all tables in an empty database."""
    for name, table in TABLES.items():
        db.table(name).create(table.columns, pk=table.key if len(table.key) > 1 else table.key[0])
    db.table("applied").create({"id": int, "schema": int, "position": int, "hash": str}, pk="id")
    db.table("cases").create_index(["state", "updated_at"])
    db.table("timeline").create_index(["actor"])

"""What was done to accounts, by whom and when: append-only and chained like the journal, but outside any case."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlite_utils

from assessment.records.chain import Problem
from assessment.records.events import canonical_json

KINDS: dict[str, str] = {
    "FirstAccountMade": "建立第一个账户",
    "AccountMade": "直接建立账户",
    "Invited": "发出邀请",
    "InvitationRevoked": "收回邀请",
    "Joined": "凭邀请建立账户",
    "RolesChanged": "改变角色",
    "Described": "更正姓名、单位或身份信息",
    "Deactivated": "停用账户",
    "Reactivated": "恢复账户",
    "ResetIssued": "发出重设密码的一次性代码",
    "PasswordReset": "凭一次性代码设新密码",
    "PasswordChanged": "修改密码",
    "LockedOut": "连续输错密码，暂停登录",
    "Unlocked": "解除暂停登录",
    "SignedIn": "登录",
    "SignedOut": "退出登录",
    "SessionEnded": "结束一处登录",
    "SessionsEnded": "退出其他设备",
    "IdentityLinked": "关联统一身份认证",
    "IdentityUnlinked": "取消关联统一身份认证",
}
"""Kind of account event → what it is called on the screen."""

_GENESIS = "0" * 64


@dataclass(frozen=True, slots=True)
class AccountEvent:
    """One thing that was done to an account.

    Attributes:
        seq: number, without holes.
        at: UTC.
        kind: a key of ``KINDS``.
        actor: account id of who did it; empty where nobody was signed in.
        account: account id of whom it was done to; empty for an invitation nobody took up yet.
        address: network address it came from, where known.
        detail: what changed, before and after.
        hash: SHA-256 over the rest and the hash before it.
    """

    seq: int
    at: datetime
    kind: str
    actor: str
    account: str
    address: str
    detail: dict[str, Any]
    hash: str


def write_event(
    db: sqlite_utils.Database,
    at: datetime,
    kind: str,
    *,
    actor: str = "",
    account: str = "",
    address: str = "",
    **detail: object,
) -> None:
    """Add one event, inside the transaction of what it tells of."""
    last = db.execute("SELECT seq, hash FROM account_events ORDER BY seq DESC LIMIT 1").fetchone()
    seq, previous = last or (0, _GENESIS)
    row = {
        "seq": seq + 1,
        "at": at.isoformat(),
        "kind": kind,
        "actor": actor,
        "account": account,
        "address": address,
        "detail": canonical_json(detail),
    }
    db.table("account_events").insert(row | {"hash": _hash(row, previous)})


def read_events(
    db: sqlite_utils.Database, limit: int, account: str = "", before: int = 0
) -> list[AccountEvent]:
    """The latest events, newest first.

    Args:
        db: the accounts database.
        limit: how many at most.
        account: only those by or about this account; empty for all.
        before: only those with a smaller number; 0 for the newest.
    """
    rows = db.query(
        "SELECT * FROM account_events WHERE (:account = '' OR :account IN (account, actor)) "
        "AND (:before = 0 OR seq < :before) ORDER BY seq DESC LIMIT :limit",
        {"account": account, "before": before, "limit": limit},
    )
    return [
        AccountEvent(**row | {"at": datetime.fromisoformat(row["at"]), "detail": json.loads(row["detail"])})
        for row in rows
    ]


def verify_events(db: sqlite_utils.Database) -> list[Problem]:
    """Recompute the chain; an empty list means nothing was altered or taken out of the middle."""
    previous, expected = _GENESIS, 1
    for row in db.query("SELECT * FROM account_events ORDER BY seq"):
        stored = row.pop("hash")
        if row["seq"] != expected or _hash(row, previous) != stored:
            return [Problem("账户记录", f"第{expected}条缺失，或其内容与校验值不符")]
        previous, expected = stored, expected + 1
    return []


def _hash(row: dict[str, Any], previous: str) -> str:
    return hashlib.sha256(canonical_json([previous, row]).encode()).hexdigest()

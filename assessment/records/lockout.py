"""Guessing made slow: failures are counted by name and by address, and each one more doubles the wait."""

from __future__ import annotations

import ipaddress
from datetime import datetime, timedelta

import sqlite_utils

from assessment.messages import AccountError

NAME_FAILURES = 5
"""So many failures at one name in a row are free; then it waits."""
ADDRESS_FAILURES = 30
"""So many failures from one address, whatever the names, are free: an office shares one."""
FIRST_WAIT = timedelta(minutes=1)
LONGEST_WAIT = timedelta(hours=1)
FORGOTTEN = timedelta(hours=12)
"""Failures are forgotten after this long without another."""


def name_key(name: str) -> str:
    """Under what failures at a sign-in name are counted."""
    return f"name:{name.casefold()}"


def address_key(address: str) -> str:
    """Under what failures from an address are counted; one subscriber's IPv6 network counts as one."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return f"address:{address[:64]}"
    if parsed.version == 6:
        return f"address:{ipaddress.ip_network((parsed, 64), strict=False)}"
    return f"address:{parsed}"


def count_attempt(db: sqlite_utils.Database, now: datetime, key: str, free: int, code: str) -> bool:
    """Count an attempt as failed before it is judged, so that many at once cannot slip through.

    Returns:
        Whether this attempt, if it fails, begins a wait.

    Raises:
        AccountError: ``code`` with the time the wait ends, while there is one; the attempt is not counted.
    """
    db.execute("DELETE FROM failures WHERE last_at < ?", [(now - FORGOTTEN).isoformat()])
    row = db.execute("SELECT failures, locked_until FROM failures WHERE key = ?", [key]).fetchone()
    failures, until = row or (0, None)
    if until and now < datetime.fromisoformat(until):
        raise AccountError(code, until=f"{datetime.fromisoformat(until).astimezone():%H:%M:%S}")
    failures += 1
    over = failures - free
    wait = min(FIRST_WAIT * 2 ** min(over, 16), LONGEST_WAIT) if over >= 0 else None
    db.execute(
        "INSERT OR REPLACE INTO failures VALUES (?, ?, ?, ?)",
        [key, failures, now.isoformat(), (now + wait).isoformat() if wait else None],
    )
    return wait is not None


def forget(db: sqlite_utils.Database, key: str) -> None:
    """Forget every failure under a key."""
    db.execute("DELETE FROM failures WHERE key = ?", [key])


def take_back(db: sqlite_utils.Database, key: str) -> None:
    """Take back one counted attempt that turned out right; the others from that address stay counted."""
    db.execute("UPDATE failures SET failures = failures - 1, locked_until = NULL WHERE key = ?", [key])


def waits(db: sqlite_utils.Database, now: datetime) -> dict[str, datetime]:
    """Every key that waits now, with the end of its wait."""
    rows = db.execute("SELECT key, locked_until FROM failures WHERE locked_until > ?", [now.isoformat()])
    return {key: datetime.fromisoformat(until) for key, until in rows.fetchall()}

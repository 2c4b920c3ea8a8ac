"""Password hashing and the rules a new password must meet."""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
import secrets
import threading
import unicodedata

from assessment.messages import AccountError

COST = (2**15, 8, 3)
"""n, r and p of scrypt for new hashes: 32 MB and about a quarter of a second. Kept within each hash."""

_MEMORY = 160 * 1024 * 1024
_AT_ONCE = threading.BoundedSemaphore(4)
"""Hashing takes memory before anybody is known; more at once than this wait."""

LONG = 10
"""A password this long needs no further variety."""
SHORT = 8
"""A password this long must mix three of: small letters, capitals, digits, others."""
MOST = 200
"""No password is longer."""
_CLASSES = 3
_NAMED = 3
_FEW = 4
"""Fewer different characters than this are no password, however many there are."""

_COMMON = frozenset(
    {
        "1234567890", "0123456789", "123456789a", "a123456789", "aa12345678", "abc1234567", "abcd123456",
        "abcd1234", "admin123456", "administrator", "asdfghjkl;", "iloveyou123", "password12", "password123",
        "password1234", "passw0rd", "p@ssw0rd", "p@ssword1", "pa55word", "q1w2e3r4t5", "qazwsxedcr",
        "qwerty12345", "qwertyuiop", "woaini1314", "woaini520520", "wang123456", "zhang123456", "1q2w3e4r5t",
        "1qaz2wsx3edc", "1qaz@wsx", "1qaz!qaz", "qwer1234!", "admin@123", "admin123!", "test123456",
        "huawei@123", "root123456",
    }
)  # fmt: skip
_COMMON_WORDS = frozenset(
    {
        "password", "passwd", "passw0rd", "p@ssword", "p@ssw0rd", "admin", "administrator", "root", "qwerty",
        "qwer", "asdf", "zxcv", "abc", "abcd", "iloveyou", "welcome", "letmein", "login", "user", "test",
        "woaini", "mima", "nihao", "woshi", "wang", "zhang", "liu", "chen", "yang", "zhao", "huang", "zhou",
        "fulian", "fuergongwei", "jiankang", "beijing", "china", "zhongguo", "aini", "baobei", "密码", "管理员",
    }
)  # fmt: skip
_EDGES = re.compile(r"^[\W\d_]+|[\W\d_]+$")
_ROWS = ("abcdefghijklmnopqrstuvwxyz", "01234567890", "qwertyuiopasdfghjklzxcvbnm")


def hash_password(password: str) -> str:
    """scrypt with a salt of its own, as ``scrypt$n$r$p$salt$hash``."""
    salt = secrets.token_bytes(16)
    n, r, p = COST
    return f"scrypt${n}${r}${p}${_text(salt)}${_text(_scrypt(password, salt, n, r, p))}"


def nobody() -> str:
    """Stands in for the hash of an account that does not exist, so that refusing takes as long; nothing fits it."""
    n, r, p = COST
    return f"scrypt${n}${r}${p}${'A' * 22}==${'A' * 86}=="


def matches(password: str, stored: str) -> bool:
    """Whether ``password`` is the one ``stored`` was made from; takes as long either way."""
    _, n, r, p, salt, expected = stored.split("$")
    actual = _scrypt(password, base64.b64decode(salt), int(n), int(r), int(p))
    return hmac.compare_digest(actual, base64.b64decode(expected))


def outdated(stored: str) -> bool:
    """Whether ``stored`` was made at another cost than new hashes are."""
    return tuple(int(part) for part in stored.split("$")[1:4]) != COST


def require_strong(password: str, name: str) -> None:
    """Refuse a weak password.

    Raises:
        AccountError: E704 too short or too plain, E705 holds the account's name, E706 easily guessed,
            E717 longer than ``MOST``.
    """
    if len(password) > MOST:
        raise AccountError("E717", limit=MOST)
    if len(password) < SHORT or (len(password) < LONG and _variety(password) < _CLASSES):
        raise AccountError("E704", long=LONG, short=SHORT)
    folded = password.casefold()
    if len(name) >= _NAMED and name.casefold() in folded:
        raise AccountError("E705")
    if _guessable(folded):
        raise AccountError("E706")


def _guessable(folded: str) -> bool:
    """One of the common ones, a common word with digits around it, digits alone, a run or a repetition."""
    return (
        folded in _COMMON
        or _EDGES.sub("", folded) in _COMMON_WORDS
        or folded.isdigit()
        or len(set(folded)) < _FEW
        or any(folded in row or folded in row[::-1] for row in _ROWS)
        or folded in (folded * 2)[1:-1]
    )


def _variety(password: str) -> int:
    tests = (str.islower, str.isupper, str.isdigit, lambda c: not (c.islower() or c.isupper() or c.isdigit()))
    return sum(any(test(c) for c in password) for test in tests)


def _scrypt(password: str, salt: bytes, n: int, r: int, p: int) -> bytes:
    typed = unicodedata.normalize("NFC", password).encode(errors="replace")
    with _AT_ONCE:
        return hashlib.scrypt(typed, salt=salt, n=n, r=r, p=p, maxmem=_MEMORY)


def _text(raw: bytes) -> str:
    return base64.b64encode(raw).decode()

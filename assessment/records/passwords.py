"""Password hashing and the rules a new password must meet."""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets

from assessment.messages import AccountError

_N, _R, _P = 2**15, 8, 1
_MEMORY = 64 * 1024 * 1024
LONG = 10
"""A password this long needs no further variety."""
SHORT = 8
"""A password this long must mix three of: small letters, capitals, digits, others."""
_CLASSES = 3
_NAMED = 3
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


def hash_password(password: str) -> str:
    """scrypt with a salt of its own, as ``scrypt$n$r$p$salt$hash``."""
    salt = secrets.token_bytes(16)
    return f"scrypt${_N}${_R}${_P}${_text(salt)}${_text(_scrypt(password, salt, _N, _R, _P))}"


NOBODY = f"scrypt${_N}${_R}${_P}${'A' * 22}==${'A' * 86}=="
"""Stands in for the hash of an account that does not exist, so that refusing takes as long; nothing fits it."""


def matches(password: str, stored: str) -> bool:
    """Whether ``password`` is the one ``stored`` was made from; takes as long either way."""
    _, n, r, p, salt, expected = stored.split("$")
    actual = _scrypt(password, base64.b64decode(salt), int(n), int(r), int(p))
    return hmac.compare_digest(actual, base64.b64decode(expected))


def require_strong(password: str, name: str) -> None:
    """Refuse a weak password.

    Raises:
        AccountError: E704 too short or too plain, E705 holds the account's name, E706 one of the common ones.
    """
    if len(password) < SHORT or (len(password) < LONG and _variety(password) < _CLASSES):
        raise AccountError("E704", long=LONG, short=SHORT)
    if len(name) >= _NAMED and name.casefold() in password.casefold():
        raise AccountError("E705")
    if password.casefold() in _COMMON or len(set(password)) == 1:
        raise AccountError("E706")


def _variety(password: str) -> int:
    tests = (str.islower, str.isupper, str.isdigit, lambda c: not (c.islower() or c.isupper() or c.isdigit()))
    return sum(any(test(c) for c in password) for test in tests)


def _scrypt(password: str, salt: bytes, n: int, r: int, p: int) -> bytes:
    return hashlib.scrypt(password.encode(), salt=salt, n=n, r=r, p=p, maxmem=_MEMORY)


def _text(raw: bytes) -> str:
    return base64.b64encode(raw).decode()

"""Who may come in: accounts, logins that expire, and a brake on guessing passwords.

Visitors log in on a page and get a cookie. Programs send the same name and password with
each request (HTTP Basic).
"""

from __future__ import annotations

import base64
import binascii
import math
import secrets
import time
from collections import OrderedDict
from collections.abc import Callable, Mapping
from pathlib import Path

from rftsearch.errors import UsageError
from rftsearch.settings import ACCOUNTS_VARIABLE

__all__ = ["Accounts", "Brake", "Logins", "basic_credentials", "read_accounts"]

IDLE = 12 * 3600.0
"""Seconds without a request after which a login ends."""
LONGEST = 7 * 24 * 3600.0
"""Seconds after which a login ends in any case."""
MOST_LOGINS = 10_000
FREE_GUESSES = 5
"""Wrong passwords for one name from one address before the brake."""
FREE_GUESSES_OF_AN_ADDRESS = 50
LONGEST_WAIT = 60.0
"""Seconds that the brake makes one wait, at most."""
FORGIVEN = 900.0
"""Seconds after the last wrong password when all of them are forgotten."""
MOST_GUESSERS = 10_000

_NOBODY = "{} has no line of name:password; without one nobody could log in"

Clock = Callable[[], float]


class Accounts:
    """Names with their passwords."""

    def __init__(self, accounts: Mapping[str, str]) -> None:
        """Keep passwords by name."""
        self._passwords = {name.encode(): password.encode() for name, password in accounts.items()}

    def __bool__(self) -> bool:
        """Return whether there is an account at all; without one everyone may come in."""
        return bool(self._passwords)

    def has(self, name: bytes, password: bytes) -> bool:
        """Return whether this is the password of that name."""
        known = self._passwords.get(name)
        # Compared for an unknown name too, so that time does not tell which names exist.
        same = secrets.compare_digest(password, known or secrets.token_bytes(16))
        return same and known is not None


class Logins:
    """Visitors who logged in, by the token in their cookie."""

    def __init__(self, clock: Clock = time.monotonic) -> None:
        """Count time by `clock`, in seconds."""
        self._clock = clock
        self._logins: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def begin(self) -> str:
        """Log somebody in; return the token."""
        token = secrets.token_urlsafe(32)
        now = self._clock()
        self._logins[token] = (now, now)
        while len(self._logins) > MOST_LOGINS:
            self._logins.popitem(last=False)
        return token

    def is_known(self, token: str) -> bool:
        """Return whether a token is one of a login that has not ended; it is used now."""
        began, used = self._logins.get(token, (-math.inf, -math.inf))
        now = self._clock()
        if now - used > IDLE or now - began > LONGEST:
            self._logins.pop(token, None)
            return False
        self._logins[token] = (began, now)
        self._logins.move_to_end(token)
        return True

    def end(self, token: str) -> None:
        """Log somebody out."""
        self._logins.pop(token, None)


class Brake:
    """Makes whoever guesses passwords wait longer and longer."""

    def __init__(self, clock: Clock = time.monotonic) -> None:
        """Count time by `clock`, in seconds."""
        self._clock = clock
        self._wrong: OrderedDict[tuple[str, bytes], tuple[int, float]] = OrderedDict()

    def wait(self, address: str, name: bytes) -> int:
        """Return the whole seconds until the next try from an address for a name; 0 for now."""
        return max(
            self._left((address, name), FREE_GUESSES),
            self._left((address, b""), FREE_GUESSES_OF_AN_ADDRESS),
        )

    def count(self, address: str, name: bytes) -> None:
        """Count a wrong password."""
        for key in ((address, name), (address, b"")):
            wrong, last = self._wrong.pop(key, (0, 0.0))
            now = self._clock()
            self._wrong[key] = (1 if now - last > FORGIVEN else wrong + 1, now)
        while len(self._wrong) > MOST_GUESSERS:
            self._wrong.popitem(last=False)

    def _left(self, key: tuple[str, bytes], free: int) -> int:
        wrong, last = self._wrong.get(key, (0, 0.0))
        passed = self._clock() - last
        if wrong < free or passed > FORGIVEN:
            return 0
        return math.ceil(max(0.0, min(LONGEST_WAIT, 2.0 ** min(wrong - free, 10)) - passed))


def basic_credentials(header: str) -> tuple[bytes, bytes] | None:
    """Return name and password of an `Authorization` header; None if it has none."""
    scheme, _, encoded = header.partition(" ")
    if scheme.lower() != "basic":
        return None
    try:
        name, colon, password = base64.b64decode(encoded, validate=True).partition(b":")
    except (binascii.Error, ValueError):
        return None
    return (name, password) if colon else None


def read_accounts(file: Path | None, variable: str | None) -> dict[str, str]:
    """Return passwords by name, from a file or else from a variable's value.

    Args:
        file: Lines of `name:password`; empty lines and those that begin with # do not count.
        variable: The same, as the value of a variable.

    Raises:
        UsageError: If they do not have that form, or the file cannot be read.
    """
    if file is None:
        accounts = _accounts(variable or "", f"${ACCOUNTS_VARIABLE}")
        if variable and not accounts:
            raise UsageError(_NOBODY.format(f"${ACCOUNTS_VARIABLE}"))
        return accounts
    try:
        text = file.expanduser().read_text("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        # Not by its name: who takes --auth for the password itself has written it there.
        reason = getattr(error, "strerror", None) or "not UTF-8 text"
        raise UsageError(
            f"cannot read the file that --auth names ({reason}); it holds lines of name:password, "
            f"which may also be in ${ACCOUNTS_VARIABLE}"
        ) from None
    accounts = _accounts(text, str(file))
    if not accounts:
        raise UsageError(_NOBODY.format(file))
    return accounts


def _accounts(text: str, where: str) -> dict[str, str]:
    accounts: dict[str, str] = {}
    for number, line in enumerate(text.splitlines(), start=1):
        if not line.strip() or line.startswith("#"):
            continue
        name, _, password = line.partition(":")
        name = name.strip()
        if not name or not password.strip():
            raise UsageError(f"line {number} of {where} is not name:password")
        if name in accounts:
            raise UsageError(f"line {number} of {where} names {name} a second time")
        accounts[name] = password
    return accounts

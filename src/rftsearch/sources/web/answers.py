"""What answers of a server mean: refusals with what to do about them, and packed contents."""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterable
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from http import HTTPStatus

from rftsearch.errors import FetchError

__all__ = [
    "NoCopyError",
    "NotThereError",
    "TooLongError",
    "retry_seconds",
    "status_line",
    "unpacked",
    "why_refused",
]


class NotThereError(FetchError):
    """There is nothing at the address."""


class NoCopyError(NotThereError):
    """Nothing may be fetched, and there is no copy of the last time."""


class TooLongError(Exception):
    """A content is longer than it may be."""


def status_line(code: int) -> str:
    """Return a status with its name: `404 Not Found`."""
    try:
        return f"{code} {HTTPStatus(code).phrase}"
    except ValueError:
        return str(code)


def retry_seconds(retry_after: str) -> float:
    """Return how long a server asks to wait, in seconds; 0 if it does not say so.

    Args:
        retry_after: The header: seconds, or a date (RFC 9110, section 10.2.3).
    """
    if re.fullmatch(r"[0-9]{1,9}", retry_after.strip()):
        return float(retry_after)
    try:
        moment = parsedate_to_datetime(retry_after)
    except ValueError:
        return 0.0
    moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return max(0.0, (moment - datetime.now(UTC)).total_seconds())


def why_refused(
    code: int, url: str, host: str, *, wait: float = 0.0, github: bool = False, token: bool = False
) -> FetchError:
    """Return the error of an answer that is no success.

    Args:
        code: Its status.
        url: What was asked for.
        host: Who answered.
        wait: Seconds until it may be asked again; 0 if it does not say.
        github: It is GitHub.
        token: It was given a token.
    """
    if code in (HTTPStatus.NOT_FOUND, HTTPStatus.GONE):
        private = " (a private repository needs a token in GITHUB_TOKEN)" if github else ""
        return NotThereError(f"there is nothing at {url} ({code}); check the address{private}")
    later = f"try again in {_span(wait)}" if wait else "try again later"
    by_hand = "download the file and give its path"
    if code == HTTPStatus.UNAUTHORIZED:
        why = f"it asks for a login; {by_hand}"
        if token:
            why = "it refuses the token in GITHUB_TOKEN; renew it, or unset it"
    elif code in (HTTPStatus.FORBIDDEN, HTTPStatus.TOO_MANY_REQUESTS) and github and wait:
        own = "" if token else ", or set GITHUB_TOKEN to a token of yours"
        why = f"its limit of requests is used up; {later}{own}"
    elif code == HTTPStatus.FORBIDDEN:
        why = f"it lets nobody in; {by_hand}"
    elif code == HTTPStatus.TOO_MANY_REQUESTS:
        why = f"it was asked too often; {later}"
    elif code >= HTTPStatus.INTERNAL_SERVER_ERROR:
        why = f"the fault is on its side; {later}"
    else:
        why = f"nothing else is known; check the address, or {by_hand}"
    return FetchError(f"{host} answered {status_line(code)} for {url}: {why}")


def _span(seconds: float) -> str:
    return f"{seconds:.0f} s" if seconds < 120 else f"{seconds / 60:.0f} minutes"


# --- contents -------------------------------------------------------------------------------

_ENCODINGS = {"": None, "identity": None, "gzip": 31, "x-gzip": 31, "deflate": 15}
"""Content encodings, and the window bits with which zlib unpacks them."""
_STEP = 1 << 20
_GZIP = b"\x1f\x8b"


def unpacked(chunks: Iterable[bytes], encoding: str, longest: int) -> bytes:
    """Return the content of an answer, unpacked.

    Args:
        chunks: As they come over the wire.
        encoding: The header Content-Encoding.
        longest: Bytes that it may have, packed as well as unpacked.

    Raises:
        TooLongError: It has more; then no more than that was held.
        FetchError: It is packed in another way, or cannot be unpacked.
    """
    encoding = encoding.strip().lower()
    if encoding not in _ENCODINGS:
        raise FetchError(
            f"the answer is packed in a way that was not asked for ({encoding[:40]}); "
            "download the file and give its path"
        )
    bits = _ENCODINGS[encoding]
    content, received = bytearray(), 0
    unpacker = _Unpacker(bits) if bits else None
    for chunk in chunks:
        received += len(chunk)
        for part in unpacker.parts(chunk) if unpacker else (chunk,):
            content += part
            if len(content) > longest:
                raise TooLongError
        if received > longest:
            raise TooLongError
    if unpacker and received and not unpacker.complete:
        raise FetchError("the packed answer ends too soon; try again")
    return bytes(content)


class _Unpacker:
    """Unpacks gzip of any number of members, or deflate, a bounded part at a time."""

    def __init__(self, bits: int) -> None:
        self._bits = bits
        self._inner = zlib.decompressobj(bits)
        self._begun = False
        self._kept = b""
        """The first byte of what two bytes are needed to tell."""

    @property
    def complete(self) -> bool:
        return self._inner.eof

    def parts(self, packed: bytes) -> Iterable[bytes]:
        """Yield what comes out of some bytes, at most `_STEP` of it at a time.

        Raises:
            FetchError: They cannot be unpacked.
        """
        packed, self._kept = self._kept + packed, b""
        while packed:
            if len(packed) == 1 and (self._inner.eof or not self._begun):
                self._kept = packed
                return
            if self._inner.eof:
                if self._bits != 31 or not packed.startswith(_GZIP):
                    return  # Padding behind the end.
                self._inner = zlib.decompressobj(self._bits)
            try:
                part = self._inner.decompress(packed, _STEP)
            except zlib.error as error:
                if self._begun or self._bits != 15:
                    raise FetchError(f"the packed answer is damaged ({error}); try again") from None
                self._bits = -15  # Many servers send deflate without its header.
                self._inner = zlib.decompressobj(self._bits)
                continue
            self._begun = True
            yield part
            packed = self._inner.unused_data if self._inner.eof else self._inner.unconsumed_tail

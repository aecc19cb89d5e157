"""What went wrong between us and Qdrant, told in one line that names the cure."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from enum import Enum

from rftsearch.errors import IndexMissingError, IndexServerError, RftsearchError
from rftsearch.index.remote.address import Address
from rftsearch.settings import QDRANT_CA_VARIABLE, QDRANT_KEY_VARIABLE

__all__ = ["Failure", "Kind", "explained", "failure_of"]

_LONGEST_SAID = 160
"""Characters of what a server says that are shown."""
_FULL = re.compile(r"no space|out of disk|disk.*full|insufficient storage|memory.*limit", re.I)


class Kind(Enum):
    """What kind of failure it is."""

    SILENT = "does not answer"
    SLOW = "is too slow"
    CUT = "broke off"
    CERTIFICATE = "shows a certificate that is not trusted"
    BUSY = "is asked too much"
    REFUSED = "refuses the login"
    MISSING = "has no such collection"
    FULL = "is full"
    ILL = "has a failure of its own"
    FOREIGN = "is no Qdrant"
    HELD = "is in use"
    REJECTED = "does not take it"


_PASSING = frozenset({Kind.SILENT, Kind.SLOW, Kind.CUT, Kind.BUSY, Kind.ILL})


@dataclass(frozen=True, slots=True)
class Failure:
    """What a request came to."""

    kind: Kind
    said: str = ""
    """By the server."""
    wait: float | None = None
    """Seconds that the server asks to wait."""

    @property
    def passes(self) -> bool:
        """Whether another attempt may help."""
        return self.kind in _PASSING


def failure_of(error: BaseException) -> Failure:  # noqa: PLR0911 - one for each kind
    """Return what an error of the client means.

    Args:
        error: Whatever it raised.

    Raises:
        RftsearchError: It is one already.
        TypeError, AttributeError, NameError: It is a bug of ours, and no failure of a server.
    """
    if isinstance(error, RftsearchError | TypeError | AttributeError | NameError):
        raise error
    # By name: this module is read where the client is not installed.
    name = type(error).__name__
    if name == "ResourceExhaustedResponse":
        return Failure(Kind.BUSY, _plain(str(error)), float(getattr(error, "retry_after_s", 0)))
    if name == "UnexpectedResponse":
        return _of_status(
            int(getattr(error, "status_code", 0) or 0), _reason(getattr(error, "content", b""))
        )
    if name == "ResponseHandlingException":
        source = getattr(error, "source", None)
        return _of_transport(source) if isinstance(source, BaseException) else Failure(Kind.CUT)
    said = _plain(str(error))
    if "already accessed by another instance" in said:
        return Failure(Kind.HELD)
    if re.search(r"Collection .* not found", said):
        return Failure(Kind.MISSING, said)
    if isinstance(error, OSError) and (error.errno == 28 or _FULL.search(said)):
        return Failure(Kind.FULL, said)
    if isinstance(error, AssertionError):  # The client's own: an answer without a result.
        return Failure(Kind.FOREIGN, said)
    if isinstance(error, ValueError | OSError | RuntimeError | KeyError):
        kind = Kind.FOREIGN if _is_unreadable(error) else Kind.REJECTED
        return Failure(kind, said)
    return Failure(Kind.REJECTED, f"{name}: {said}")


def _of_transport(error: BaseException) -> Failure:
    said = _plain(str(error))
    kinds = [each.__name__ for each in type(error).__mro__]
    if "CERTIFICATE_VERIFY_FAILED" in said:
        return Failure(Kind.CERTIFICATE, said)
    if "ConnectTimeout" in kinds or "ConnectError" in kinds:
        return Failure(Kind.SILENT, said)
    if "TimeoutException" in kinds:
        return Failure(Kind.SLOW, said)
    if "TransportError" in kinds:
        return Failure(Kind.CUT, said)
    return Failure(Kind.FOREIGN, said)  # What came is no answer of this interface.


def _of_status(status: int, said: str) -> Failure:  # noqa: PLR0911 - one for each kind
    if status in {401, 403}:
        return Failure(Kind.REFUSED, said)
    if status == 507 or _FULL.search(said):
        return Failure(Kind.FULL, said)
    if status == 404:
        # A proxy, or another program, has no collections to speak of.
        return Failure(Kind.MISSING if "ollection" in said else Kind.FOREIGN, said)
    if status == 429:
        return Failure(Kind.BUSY, said)
    if status >= 500:
        return Failure(Kind.ILL, said or str(status))
    if status < 300:
        return Failure(Kind.FOREIGN, said)
    return Failure(Kind.REJECTED, said or str(status))


def explained(failure: Failure, address: Address, timeout: int) -> RftsearchError:
    """Return the error to raise: one line that names the cure.

    Args:
        failure: What happened.
        address: Whom it was asked of.
        timeout: Seconds that a request was given.
    """
    place = address.url or str(address.folder or address.text)
    said = f" ({failure.said})" if failure.said else ""
    key = f"set {QDRANT_KEY_VARIABLE} to a key that may read and write {address.collection}"
    lines = {
        Kind.SILENT: f"no Qdrant answers at {place}{said}; start it, or correct the address",
        Kind.SLOW: f"{place} did not answer within {timeout} seconds; see whether Qdrant has "
        "enough memory and a quick disk, and try again",
        Kind.CUT: f"{place} broke off while it answered; see whether Qdrant still runs, and try "
        "again",
        Kind.CERTIFICATE: f"the certificate of {place} is signed by nobody who is known here; "
        f"name the file of its authority in {QDRANT_CA_VARIABLE}",
        Kind.BUSY: f"{place} is asked more than it allows{said}; try again later, or raise its "
        "limits",
        Kind.REFUSED: f"{place} refuses the login{said}; {key}",
        Kind.FULL: f"{place} is full{said}; make room on its disk or in its memory, and run the "
        "same command again: it goes on where it was",
        Kind.ILL: f"{place} reports a failure of its own{said}; read its log, and try again",
        Kind.FOREIGN: f"what answers at {place} is not Qdrant's REST API{said}; correct the "
        "address: it takes the port of REST, usually 6333",
        Kind.HELD: f"{place} is open in another process, and local mode serves one; end that "
        "process, or use a server",
        Kind.REJECTED: f"{place} does not take what was asked{said}; see docs/qdrant.md for the "
        "versions that fit",
    }
    if failure.kind is Kind.MISSING:
        return IndexMissingError(
            f"there is no index at {address.text}; `rftsearch build --engine {address.text}` "
            "publishes one"
        )
    return IndexServerError(lines[failure.kind])


def _is_unreadable(error: BaseException) -> bool:
    """Whether an error is about JSON, or about the fields of an answer."""
    names = {each.__name__ for each in type(error).__mro__}
    return isinstance(error, json.JSONDecodeError | UnicodeDecodeError) or (
        "ValidationError" in names
    )


def _reason(content: bytes) -> str:
    """Return what a server says of a refusal: the text in Qdrant's JSON, else how it begins."""
    text = content.decode("utf-8", "replace")
    try:
        status = json.loads(text)["status"]
        return _plain(str(status["error"]))
    except (ValueError, KeyError, TypeError, RecursionError):
        return _plain(re.sub(r"<[^>]*>", " ", text))


def _plain(text: str) -> str:
    """Return a text as one short line."""
    line = "".join(sign for sign in " ".join(text.split()) if sign.isprintable())
    return line if len(line) <= _LONGEST_SAID else f"{line[: _LONGEST_SAID - 1]}…"

"""One request to arXiv: in its turn, in time, and with a whole feed for an answer."""

from __future__ import annotations

import contextlib
import re
import threading
import time
from collections.abc import Callable, Iterator
from http import HTTPStatus
from importlib import metadata
from xml.parsers import expat

import requests
from urllib3.exceptions import HTTPError

from rftsearch.sources.web.answers import retry_seconds, status_line
from rftsearch.sources.web.timed_session import LateError, TimedSession
from rftsearch.text.clean import one_line

__all__ = [
    "ANSWER_TIME",
    "ARXIV_LIMITER",
    "AnswerError",
    "Clock",
    "RateLimiter",
    "Sleep",
    "Transport",
]

_CONNECT_TIMEOUT = 5.0
"""Seconds to connect to each address of the host; a firewall that drops packets uses all of it."""

ANSWER_TIME = 30.0
"""Seconds for a whole answer: one that comes byte by byte would hold the connection for ever."""

_LONGEST_ANSWER = 32 << 20
"""Bytes of an answer, unpacked: 150 papers take less than one million."""

Clock = Callable[[], float]
Sleep = Callable[[float], None]


class RateLimiter:
    """Lets one request through at a time, and waits an interval before the next.

    That is arXiv's rule: one request every three seconds, over one connection. All
    threads that share an instance keep it together.
    """

    def __init__(
        self, interval: float = 3.0, *, clock: Clock = time.monotonic, sleep: Sleep = time.sleep
    ) -> None:
        """Start at most one request every `interval` seconds."""
        self._interval = interval
        self._clock = clock
        self._sleep = sleep
        self._turn = threading.Lock()
        self._next = float("-inf")

    def remaining(self) -> float:
        """Seconds until the next request may start."""
        return max(0.0, self._next - self._clock())

    @contextlib.contextmanager
    def turn(self) -> Iterator[None]:
        """Wait for the next turn and hold it for the length of one request."""
        with self._turn:
            if pause := self.remaining():
                self._sleep(pause)
            self._next = self._clock() + self._interval
            yield


ARXIV_LIMITER = RateLimiter()
"""The one limiter of this process, for every client that is not given another."""


class AnswerError(Exception):
    """arXiv did not answer, or not with the feed asked for; the message is one line.

    Attributes:
        retry_after: Seconds that arXiv asks to wait; 0 if it does not say.
        refused: The request is at fault, and the same one would be refused again.
        culprit: The id that arXiv blames for that, if it names one.
        empty: It was a good feed, but had none of the papers.
    """

    def __init__(
        self,
        message: str,
        *,
        retry_after: float = 0.0,
        refused: bool = False,
        culprit: str | None = None,
        empty: bool = False,
    ) -> None:
        """Say what went wrong, and what it means for the next request."""
        super().__init__(message)
        self.retry_after = retry_after
        self.refused = refused
        self.culprit = culprit
        self.empty = empty


class Transport:
    """Takes the place of the arxiv package's session, and accepts only whole feeds.

    The package sets no timeout, takes any answer with status 200 for a feed, and repairs
    broken XML, which can cut an abstract short without notice.

    Attributes:
        timeout: Seconds of silence after which a request has failed; may be set
            before each.
        answer_time: Seconds after which a request has failed even if its answer keeps
            coming.
        total: How many papers the last feed says there are; None if it does not say.
    """

    def __init__(
        self, host: str, limiter: RateLimiter, *, answer_time: float = ANSWER_TIME
    ) -> None:
        """Open no connection yet; `host` is how messages call the other side."""
        self.timeout = 10.0
        self.total: int | None = None
        self.answer_time = answer_time
        self._host = host
        self._limiter = limiter
        self._session = TimedSession()
        self._session.headers["User-Agent"] = _user_agent()
        # arXiv answers 406 to a request that does not say what it accepts.
        self._session.headers["Accept"] = "application/atom+xml, application/xml;q=0.9, */*;q=0.8"

    def get(self, url: str, **_: object) -> requests.Response:
        """Ask as soon as the limiter lets it, under our own name.

        Raises:
            AnswerError: No answer, or none that can be used.
        """
        try:
            with self._limiter.turn(), self._session.within(self.answer_time):
                response = self._read(url)
        except LateError as error:
            raise AnswerError(self._too_slow()) from error
        # The first is the base of all that requests raises, and of a bad CA file.
        except (OSError, HTTPError) as error:
            raise AnswerError(self._explain(error)) from error
        _check_status(response)
        _check_feed(response.content)
        total = _TOTAL.search(response.content)
        self.total = int(total[1]) if total else None
        return response

    def _read(self, url: str) -> requests.Response:
        """Ask, and read the answer up to a bound.

        Raises:
            AnswerError: It is longer.
        """
        timeout = (min(self.timeout, _CONNECT_TIMEOUT), self.timeout)
        with self._session.get(url, timeout=timeout, stream=True) as response:
            content = bytearray()
            for chunk in response.iter_content(1 << 16):
                content += chunk
                if len(content) > _LONGEST_ANSWER:
                    raise AnswerError(
                        f"{self._host} sent an answer of more than {_LONGEST_ANSWER >> 20} MiB"
                    )
            response._content = bytes(content)  # no public way makes a read response
        return response

    def _too_slow(self) -> str:
        return f"no whole answer from {self._host} within {self.answer_time:.3g} s"

    def close(self) -> None:
        """Close the connection."""
        self._session.close()

    def _explain(self, error: Exception) -> str:
        for kind, sentence in _TROUBLES:
            if isinstance(error, kind):
                return sentence.format(host=self._host, timeout=self.timeout)
        return f"asking {self._host} failed: {one_line(str(error))}"


# The first that matches counts: some of them are kinds of others further down.
_TROUBLES = (
    (requests.exceptions.ProxyError, "the proxy does not reach {host}"),
    (requests.exceptions.SSLError, "no trusted connection to {host}"),
    (requests.exceptions.ConnectTimeout, "{host} cannot be reached"),
    (requests.exceptions.Timeout, "no answer from {host} within {timeout:.3g} s"),
    (requests.exceptions.ConnectionError, "the connection to {host} failed"),
    (requests.exceptions.ChunkedEncodingError, "the connection to {host} broke off"),
)


def _user_agent() -> str:
    try:
        version = metadata.version("rftsearch")
    except metadata.PackageNotFoundError:
        version = "0"  # a checkout that is not installed
    return f"rftsearch/{version} arxiv.py/{metadata.version('arxiv')}"


# --- whether an answer can be used -------------------------------------------

_TOTAL = re.compile(rb"<(?:\w+:)?totalResults[^>]*>\s*([0-9]{1,12})\s*<")
_ERROR_ENTRY = re.compile(rb"<id>\s*https?://(?:\w+\.)?arxiv\.org/api/errors")
_CULPRIT = re.compile(rb"incorrect id format for ([^\s<]+)")


def _check_status(response: requests.Response) -> None:
    """Raise unless it is a success.

    A request that arXiv finds wrong is answered with status 400, or even 200, and a
    feed whose only entry is the error.
    """
    code, body = response.status_code, response.content
    if code == HTTPStatus.OK:
        if not _ERROR_ENTRY.search(body):
            return
        code = HTTPStatus.BAD_REQUEST
    culprit = _CULPRIT.search(body)
    retry_after = retry_seconds(response.headers.get("Retry-After", ""))
    wish = f" and asks to wait {retry_after:.0f} s" if retry_after else ""
    raise AnswerError(
        f"arXiv answered {status_line(code)}{wish}",
        retry_after=retry_after,
        refused=code in (HTTPStatus.BAD_REQUEST, HTTPStatus.REQUEST_URI_TOO_LONG),
        culprit=culprit[1].decode(errors="replace") if culprit else None,
    )


def _check_feed(content: bytes) -> None:
    """Raise unless this is an Atom feed, well-formed to its very end."""
    elements: list[str] = []
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.StartElementHandler = lambda name, _: elements.append(name)
    try:
        parser.Parse(content, True)
        whole = True
    except (expat.ExpatError, LookupError, ValueError):  # the latter two: of its encoding
        whole = False
    if elements[:1] != ["http://www.w3.org/2005/Atom feed"]:
        text = one_line(re.sub(r"<[^>]*>", " ", content[:2000].decode(errors="replace")))
        said = repr(text[:60]) if text else "nothing"
        raise AnswerError(f"arXiv answered {said} instead of a feed")
    if not whole:
        raise AnswerError("arXiv sent a feed that is cut short or damaged")

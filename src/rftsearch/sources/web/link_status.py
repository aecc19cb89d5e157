"""Ask whether addresses still answer, politely: few hosts at once, and each one slowly."""

from __future__ import annotations

import threading
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Literal
from urllib.parse import urljoin, urlsplit

import requests
from urllib3.exceptions import HTTPError, NameResolutionError

from rftsearch import __version__
from rftsearch.errors import FetchError
from rftsearch.sources.web.answers import retry_seconds, status_line
from rftsearch.sources.web.hosts import encoded, is_private_host, is_public, is_sound
from rftsearch.sources.web.timed_session import LateError, TimedSession

__all__ = ["LinkAsker", "LinkStatus"]

Verdict = Literal["alive", "dead", "moved", "unsure"]

_PERMANENT = {301, 308}
_REDIRECTS = {301, 302, 303, 307, 308}
_GONE = {404, 410}
_NO_HOST = "there is no such host"


@dataclass(frozen=True, slots=True)
class LinkStatus:
    """What became of an address."""

    verdict: Verdict
    """`unsure`: it may be there for people, as where a server refuses programs."""
    said: str
    """What the server said, `404 Not Found`, or why it could not be asked."""
    target: str = ""
    """Where it has moved."""


class _UnreachableError(Exception):
    """There was no answer."""

    def __init__(self, said: str, *, no_host: bool = False) -> None:
        super().__init__(said)
        self.no_host = no_host


@dataclass
class LinkAsker:
    """Asks addresses with HEAD, and with GET where a server does not know HEAD.

    One request at a time goes to a host, and the next one after a pause. A host that asks to
    wait is waited for, and one that asks too much is left alone.
    """

    pause: float = 1.0
    """Seconds between two requests to one host."""
    at_once: int = 8
    """Hosts that are asked at the same time."""
    silence: float = 10.0
    """Seconds until the next byte of an answer."""
    whole: float = 30.0
    """Seconds until an answer is there."""
    longest_wait: float = 30.0
    """Seconds that a server may ask to wait."""
    redirects: int = 5
    sleep: Callable[[float], None] = time.sleep
    public: Callable[[str], bool] = is_public
    """Whether an IP address is of the open internet; no other is asked."""

    def ask(self, urls: Iterable[str]) -> Mapping[str, LinkStatus]:
        """Ask addresses.

        Args:
            urls: Web addresses; each is asked once, without the part behind `#`.

        Returns:
            What became of each. If none of them answered, all are `unsure`: then it is this
            machine that has no connection.
        """
        by_host: dict[str, dict[str, list[str]]] = defaultdict(dict)
        for url in dict.fromkeys(urls):
            asked = encoded(url).partition("#")[0]
            host = (urlsplit(asked).hostname or "") if is_sound(asked) else ""
            by_host[host].setdefault(asked, []).append(url)
        stop = threading.Event()
        found: dict[str, LinkStatus] = {}
        with ThreadPoolExecutor(max_workers=self.at_once) as pool:
            try:
                jobs = [
                    (pool.submit(self._ask_host, host, list(asked), stop), asked)
                    for host, asked in by_host.items()
                ]
                for job, given in jobs:
                    for one, status in job.result().items():
                        found |= dict.fromkeys(given[one], status)
            except BaseException:
                stop.set()
                pool.shutdown(wait=False, cancel_futures=True)
                raise
        return _judged(found)

    def _ask_host(
        self, host: str, urls: Sequence[str], stop: threading.Event
    ) -> dict[str, LinkStatus]:
        """Ask the addresses of one host, one after another."""
        if not host:
            return dict.fromkeys(urls, LinkStatus("dead", "it is no web address"))
        if is_private_host(host, self.public):
            return dict.fromkeys(urls, LinkStatus("dead", "it leads into a private network"))
        found: dict[str, LinkStatus] = {}
        patience = True
        with _session(self.public) as session:
            for number, url in enumerate(urls):
                if stop.is_set() or not patience:
                    found[url] = LinkStatus("unsure", f"{host} asked for patience")
                    continue
                if number:
                    self.sleep(self.pause)
                found[url], patience = self._status(session, url)
        return found

    def _status(self, session: TimedSession, url: str) -> tuple[LinkStatus, bool]:
        """Return what became of an address, and whether its host may be asked again."""
        status, wait = self._tried(session, "HEAD", url)
        if status.verdict in {"alive", "moved"}:
            return status, True
        if status.said.startswith(("429", "503")):
            if wait > self.longest_wait:
                return status, False
            self.sleep(max(wait, self.pause))
        elif wait < 0:  # There was no answer, and there would be none to GET.
            return status, True
        else:
            self.sleep(self.pause)
        # Some servers refuse HEAD, or do not find with it what they find with GET.
        status, wait = self._tried(session, "GET", url)
        return status, not status.said.startswith("429")

    def _tried(self, session: TimedSession, method: str, url: str) -> tuple[LinkStatus, float]:
        """Ask once, along its redirects.

        Returns:
            What became of it, and the seconds that the server asks to wait; below 0 if there
            was no answer.
        """
        try:
            with session.within(self.whole):
                return self._followed(session, method, url)
        except LateError:
            return LinkStatus("unsure", f"no answer within {self.whole:.3g} s"), -1.0
        except FetchError as error:
            return LinkStatus("unsure", str(error)), -1.0
        except _UnreachableError as error:
            return LinkStatus("dead" if error.no_host else "unsure", str(error)), -1.0

    def _followed(self, session: TimedSession, method: str, url: str) -> tuple[LinkStatus, float]:
        at, for_good = url, True
        for _ in range(self.redirects + 1):
            with self._sent(session, method, at) as response:
                code = response.status_code
                location = response.headers.get("Location")
                wait = retry_seconds(response.headers.get("Retry-After", ""))
            if code in _REDIRECTS and location:
                for_good = for_good and code in _PERMANENT
                at = _target(at, location)
                if is_private_host(urlsplit(at).hostname or "", self.public):
                    return LinkStatus("unsure", "it redirects into a private network"), -1.0
                continue
            said = status_line(code)
            if code < 300:
                moved = for_good and _is_elsewhere(url, at)
                return LinkStatus("moved" if moved else "alive", said, at if moved else ""), 0.0
            return LinkStatus("dead" if code in _GONE else "unsure", said), wait
        return LinkStatus("unsure", f"more than {self.redirects} redirects"), 0.0

    def _sent(self, session: TimedSession, method: str, url: str) -> requests.Response:
        try:
            return session.request(
                method,
                url,
                timeout=self.silence,
                stream=True,
                allow_redirects=False,
                auth=_no_login,
            )
        except requests.exceptions.SSLError as error:
            raise _UnreachableError("there is no trusted connection to it") from error
        except requests.exceptions.Timeout as error:
            raise _UnreachableError(f"no answer within {self.silence:.3g} s") from error
        except (OSError, HTTPError, ValueError) as error:
            if _has_no_host(error):
                raise _UnreachableError(_NO_HOST, no_host=True) from error
            raise _UnreachableError("the connection failed") from error


def _session(public: Callable[[str], bool]) -> TimedSession:
    """Return a session that sends nothing into private networks, and nothing but questions."""

    def check(address: str) -> None:
        if not public(address):
            raise FetchError("it leads into a private network")

    session = TimedSession(check)
    session.headers.clear()
    session.headers.update({"User-Agent": f"rftsearch/{__version__} (link check)", "Accept": "*/*"})
    return session


def _no_login(request: requests.PreparedRequest) -> requests.PreparedRequest:
    """Send no name and password of `.netrc`."""
    return request


def _target(at: str, location: str) -> str:
    """Return where an answer redirects to."""
    try:
        target = encoded(urljoin(at, location)).partition("#")[0]
    except ValueError:
        target = ""
    if not is_sound(target):
        raise _UnreachableError("it redirects to what is no web address")
    return target


def _is_elsewhere(url: str, at: str) -> bool:
    """Return whether an address has another host or path, and not only another form."""

    def plain(text: str) -> tuple[str, str, str]:
        parts = urlsplit(text)
        host = (parts.hostname or "").removeprefix("www.")
        return host, parts.path.rstrip("/").casefold(), parts.query

    return plain(url) != plain(at)


def _has_no_host(error: BaseException) -> bool:
    """Return whether a connection failed because its host has no address."""
    seen: BaseException | None = error
    while seen is not None:
        reason = getattr(seen.args[0], "reason", None) if seen.args else None
        if isinstance(seen, NameResolutionError) or isinstance(reason, NameResolutionError):
            return True
        seen = seen.__cause__ or seen.__context__
    return False


def _judged(found: Mapping[str, LinkStatus]) -> Mapping[str, LinkStatus]:
    """Return what was found; without any answer at all nobody knows what is dead."""
    answered = any(status.said[:3].isdigit() for status in found.values())
    if answered:
        return found
    return {
        url: LinkStatus("unsure", status.said) if status.said == _NO_HOST else status
        for url, status in found.items()
    }

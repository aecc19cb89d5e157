"""Fetch a file from the web: bounded in time and size, asked again only if it has changed."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from email.message import Message
from http import HTTPStatus
from http.cookiejar import DefaultCookiePolicy
from importlib import metadata
from pathlib import Path
from urllib.parse import urljoin, urlsplit

import requests
from urllib3.exceptions import HTTPError

from rftsearch.errors import FetchError
from rftsearch.settings import GITHUB_TOKEN_VARIABLE, setting, web_copies
from rftsearch.sources.web.answers import (
    NoCopyError,
    TooLongError,
    retry_seconds,
    unpacked,
    why_refused,
)
from rftsearch.sources.web.copies import Copies, Copy
from rftsearch.sources.web.hosts import (
    GitHubHosts,
    encoded,
    has_login,
    host_of,
    is_private_host,
    is_public,
    is_sound,
    sound_address,
)
from rftsearch.sources.web.timed_session import LateError, TimedSession
from rftsearch.text.clean import one_line

__all__ = ["Fetcher", "Limits"]

_REDIRECTS = (301, 302, 303, 307, 308)
_SHORTLY = (429, 500, 502, 503, 504)
"""Answers after which the same question may be answered a moment later."""


@dataclass(frozen=True, slots=True)
class Limits:
    """How long and how much; times in seconds."""

    connect: float = 5.0
    silence: float = 15.0
    """Until the next byte of an answer."""
    whole: float = 60.0
    """Until its last byte."""
    longest: int = 64 << 20
    """Bytes of an answer, packed as well as unpacked; the longest known list has two million."""
    redirects: int = 5
    tries: int = 3
    pause: float = 0.5
    """Before the second try; twice that before the third."""
    longest_pause: float = 10.0
    """That a server may ask for; if it asks for more, the error says so."""


class _AgainError(Exception):
    """A failure that may pass in a moment.

    Attributes:
        error: What to raise if it does not.
        wait: Seconds that the server asks for; 0 if it does not say.
    """

    def __init__(self, error: FetchError, wait: float = 0.0) -> None:
        super().__init__(str(error))
        self.error = error
        self.wait = wait


@dataclass
class Fetcher:
    """Fetches files, one after another.

    Nothing is sent but the question: no cookies, no names and passwords of `.netrc`. The
    token of `GITHUB_TOKEN` goes to GitHub's own hosts alone.
    """

    offline: bool = False
    """Fetch nothing: give what was fetched before."""
    copies: Path | None = None
    """Folder of the copies; None for the one of the user."""
    hosts: GitHubHosts = field(default_factory=GitHubHosts.chosen)
    limits: Limits = Limits()
    sleep: Callable[[float], None] = time.sleep
    public: Callable[[str], bool] = is_public
    """Whether an IP address is of the open internet."""

    def __post_init__(self) -> None:
        """Open no connection yet."""
        self._copies = Copies(self.copies or web_copies())
        self._used: list[str] = []
        self._inward = True  # Whether this machine and private networks may be asked now.
        self._session = _Session(self._check_peer)
        self._session.headers.clear()
        self._session.headers.update({"User-Agent": _user_agent(), "Accept-Encoding": "gzip"})

    def get(self, url: str, accept: str = "*/*") -> Copy:
        """Fetch what an address gives.

        Returns:
            It, or the copy of it if it has not changed, or if nothing may be fetched.

        Raises:
            NotThereError: There is nothing, or offline no copy.
            FetchError: It cannot be fetched; the message names the cure.
        """
        url = sound_address(url)
        known = self._copies.find(url)
        if self.offline:
            if known is None:
                raise NoCopyError(
                    f"{url} was never fetched, and --offline fetches nothing; "
                    "run once without --offline"
                )
            self._used.append(known.fetched)
            return known
        try:
            copy = self._get(url, known, accept)
        except FetchError as error:
            if known is None:
                raise
            raise type(error)(
                f"{error}; or add --offline to read the copy of {known.fetched}"
            ) from error
        self._copies.keep(copy)
        return copy

    @property
    def oldest(self) -> str:
        """Return the day of the oldest copy that was given in place of a fetch; else nothing."""
        return min(self._used, default="")

    def _get(self, url: str, known: Copy | None, accept: str) -> Copy:
        """Ask, and ask again where that may help.

        Raises:
            FetchError: It did not.
        """
        pause = self.limits.pause
        for last in (False,) * (self.limits.tries - 1) + (True,):
            try:
                with self._session.within(self.limits.whole):
                    return self._follow(url, known, accept)
            except _AgainError as again:
                if last or again.wait > self.limits.longest_pause:
                    raise again.error from None
                self.sleep(max(pause, again.wait))
                pause *= 2
            except LateError:
                raise FetchError(
                    f"no whole answer from {host_of(url)} within {self.limits.whole:.3g} s; "
                    "try again later"
                ) from None
        raise AssertionError("unreachable")

    def _follow(self, url: str, known: Copy | None, accept: str) -> Copy:
        """Ask an address, and those to which it redirects.

        Raises:
            FetchError, _AgainError: There is no success at the end.
        """
        at, self._inward = url, True
        for _ in range(self.limits.redirects + 1):
            headers = {"Accept": accept}
            if known is not None and known.final_url == at:
                headers |= known.validators
            if token := self._token(at):
                headers["Authorization"] = f"Bearer {token}"
            with self._ask(at, headers) as response:
                location = response.headers.get("Location")
                if response.status_code in _REDIRECTS and location:
                    self._inward = self._inward and self._is_inside(at)
                    at = self._redirected(at, location)
                    continue
                if response.status_code == HTTPStatus.NOT_MODIFIED and known is not None:
                    return replace(known)
                self._check_status(response, at, given=bool(token))
                return self._copy(response, url, at)
        raise FetchError(
            f"{host_of(url)} redirects more than {self.limits.redirects} times from {url}; "
            "open the address in a browser and give the one that it ends at"
        )

    def _ask(self, url: str, headers: dict[str, str]) -> requests.Response:
        """Send one request.

        Raises:
            FetchError, _AgainError: There is no answer.
        """
        timeout = (self.limits.connect, self.limits.silence)
        try:
            return self._session.get(
                url,
                headers=headers,
                timeout=timeout,
                stream=True,
                allow_redirects=False,
                auth=_no_login,
            )
        except requests.exceptions.SSLError:
            raise FetchError(
                f"no trusted connection to {host_of(url)}; check the address, and the "
                "certificates of this machine"
            ) from None
        except (OSError, HTTPError, ValueError) as error:
            raise self._no_answer(error, url) from error

    def _no_answer(self, error: Exception, url: str) -> _AgainError:
        host = host_of(url)
        if isinstance(error, requests.exceptions.ProxyError):
            said = f"the proxy does not reach {host}"
        elif isinstance(error, requests.exceptions.ConnectTimeout):
            said = f"{host} cannot be reached"
        elif isinstance(error, requests.exceptions.Timeout):
            said = f"no answer from {host} within {self.limits.silence:.3g} s"
        elif isinstance(error, ValueError | requests.exceptions.InvalidURL):
            said = f"{url} is no address that can be asked ({one_line(str(error))[:100]})"
        else:
            said = f"the connection to {host} failed"
        return _AgainError(FetchError(f"{said}; check the address and the connection"))

    # --- where it may lead ------------------------------------------------------------------

    def _redirected(self, at: str, location: str) -> str:
        """Return the address to which one redirects.

        Raises:
            FetchError: It may not lead there.
        """
        try:
            target = encoded(urljoin(at, location))
        except ValueError:  # A bracket too few, for example.
            target = ""
        if not is_sound(target):
            raise FetchError(
                f"{host_of(at)} redirects to {location[:200]}, which is no web address; "
                "download the file and give its path"
            )
        if has_login(target):
            raise FetchError(
                f"{host_of(at)} redirects to an address with a password in it; "
                "download the file and give its path"
            )
        if not self._inward and self._is_inside(target):
            raise self._inward_error(host_of(target))
        return target.partition("#")[0]

    def _is_inside(self, url: str) -> bool:
        """Return whether an address is of this machine or a private network."""
        parts = urlsplit(url)
        host = parts.hostname or ""
        port = parts.port or (443 if parts.scheme == "https" else 80)
        address = self._session.peers.address_of(host, port)
        if address is None:  # Never connected to, or only by a proxy.
            return is_private_host(host, self.public)
        return not self.public(address)

    def _check_peer(self, address: str) -> None:
        """Refuse to send anything to this machine or a private network for a public host.

        Raises:
            FetchError: That is asked for.
        """
        if not self._inward and not self.public(address):
            raise self._inward_error(address)

    @staticmethod
    def _inward_error(host: str) -> FetchError:
        return FetchError(
            f"a public address redirects into a private network ({host}), which is not followed; "
            "if that is meant, give the address there"
        )

    def _token(self, url: str) -> str | None:
        return setting(GITHUB_TOKEN_VARIABLE) if self.hosts.holds(url) else None

    # --- what came --------------------------------------------------------------------------

    def _check_status(self, response: requests.Response, url: str, *, given: bool) -> None:
        """Raise unless an answer is a success.

        Raises:
            FetchError, _AgainError: It is none.
        """
        code = response.status_code
        if code == HTTPStatus.OK:
            return
        wait = retry_seconds(response.headers.get("Retry-After", ""))
        if response.headers.get("X-RateLimit-Remaining") == "0":
            until = response.headers.get("X-RateLimit-Reset", "")
            wait = wait or max(1.0, float(until) - time.time() if until.isdecimal() else 1.0)
        error = why_refused(
            code, url, host_of(url), wait=wait, github=self.hosts.holds(url), token=given
        )
        if code in _SHORTLY:
            raise _AgainError(error, wait)
        raise error

    def _copy(self, response: requests.Response, url: str, final_url: str) -> Copy:
        """Read the content of an answer.

        Raises:
            FetchError, _AgainError: It is too long, or does not come whole.
        """
        headers, longest = response.headers, self.limits.longest
        stated = headers.get("Content-Length", "")
        too_long = FetchError(
            f"{url} is longer than {longest >> 20} MiB; download the file and give its path"
        )
        if stated.isdecimal() and int(stated) > longest:
            raise too_long
        try:
            content = unpacked(_chunks(response), headers.get("Content-Encoding", ""), longest)
        except TooLongError:
            raise too_long from None
        except (OSError, HTTPError) as error:
            said = f"the answer of {host_of(url)} broke off"
            raise _AgainError(FetchError(f"{said}; check the connection and try again")) from error
        described = Message()
        described["Content-Type"] = headers.get("Content-Type", "")
        described["Content-Disposition"] = headers.get("Content-Disposition", "")
        return Copy(
            url=url,
            final_url=final_url,
            content=content,
            media_type=described.get_content_type() if headers.get("Content-Type") else "",
            charset=str(described.get_content_charset() or ""),
            etag=_one_header(headers.get("ETag", "")),
            last_modified=_one_header(headers.get("Last-Modified", "")),
            file_name=str(described.get_filename() or "")[:200],
        )


class _Session(TimedSession):
    """Keeps no cookies, follows no redirect, and does not even look where one leads."""

    def __init__(self, check: Callable[[str], None]) -> None:
        super().__init__(check)
        self.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))

    def get_redirect_target(self, resp: requests.Response) -> None:
        """Return nothing."""
        del resp


def _chunks(response: requests.Response) -> Iterator[bytes]:
    yield from response.raw.stream(1 << 16, decode_content=False)


def _one_header(value: str) -> str:
    """Return a header that can be sent back as it came; empty for what could not."""
    return value if value.isascii() and value.isprintable() and len(value) < 500 else ""


def _no_login(request: requests.PreparedRequest) -> requests.PreparedRequest:
    """Keep requests from adding the name and password that `.netrc` has for a host."""
    return request


def _user_agent() -> str:
    try:
        return f"rftsearch/{metadata.version('rftsearch')}"
    except metadata.PackageNotFoundError:
        return "rftsearch"  # A checkout that is not installed.

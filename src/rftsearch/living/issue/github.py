"""GitHub's issues of one repository: find ours, open it, change it.

Only what is needed of https://docs.github.com/rest/issues. The token is sent to GitHub's
own address and nowhere else, and stands in no message.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Self
from urllib.parse import urlsplit

import requests

from rftsearch.errors import FetchError, UsageError
from rftsearch.settings import (
    GITHUB_API_VARIABLE,
    GITHUB_REPOSITORY_VARIABLE,
    GITHUB_TOKEN_VARIABLE,
    setting,
)
from rftsearch.sources.web.hosts import GitHubHosts, is_private_host, is_sound
from rftsearch.sources.web.timed_session import LateError, TimedSession

__all__ = ["LABEL", "GitHubIssues", "Issue"]

LABEL = "rftsearch"
"""The label of our issue: only who may triage issues can give it to one."""
_REPOSITORY = re.compile(r"[A-Za-z0-9-]{1,100}/[\w.-]{1,100}", re.ASCII)
_PATIENCE = 30.0
"""Seconds for a whole answer."""
_LARGEST = 8 << 20
_WAITS = (2.0, 8.0)
"""Seconds before an answer is asked for again that did not come."""
_LONGEST_WAIT = 60.0
_CURES = {
    401: "the token is not valid; set GITHUB_TOKEN to a new one",
    403: "the token may not do that; it needs the permission `issues: write`",
    404: "there is no such repository, or the token may not see it",
    410: "issues are switched off in this repository; switch them on in its settings",
}


@dataclass(frozen=True, slots=True)
class Issue:
    """An issue."""

    number: int
    body: str
    url: str
    """Its page."""


class GitHubIssues:
    """The issues of a repository."""

    def __init__(
        self, repository: str, token: str, api: str, sleep: Callable[[float], None] = time.sleep
    ) -> None:
        """Ask for a repository's issues.

        Args:
            repository: `owner/name`.
            token: What lets us write there.
            api: Address of GitHub's REST API, without a slash at its end.
            sleep: Waits for some seconds.

        Raises:
            UsageError: The repository or the address cannot be one.
        """
        if not _REPOSITORY.fullmatch(repository):
            raise UsageError(f"{repository!r} is not a repository; write it like owner/name")
        parts = urlsplit(api)
        if not is_sound(api) or (
            parts.scheme != "https" and not is_private_host(parts.hostname or "")
        ):
            raise UsageError(f"{api} is not an address that a token may be sent to; use https")
        self.repository, self._token, self._sleep = repository, token, sleep
        self._issues = f"{api.rstrip('/')}/repos/{repository}/issues"

    @classmethod
    def chosen(cls, repository: str | None = None) -> Self:
        """Return those of a repository; None for the one in `GITHUB_REPOSITORY`.

        Raises:
            UsageError: No repository is named, or there is no token in `GITHUB_TOKEN`.
        """
        named = repository or setting(GITHUB_REPOSITORY_VARIABLE)
        if named is None:
            raise UsageError("no repository is named; give --repository owner/name")
        token = setting(GITHUB_TOKEN_VARIABLE)
        if token is None:
            raise UsageError(
                "there is no token; set the variable GITHUB_TOKEN to one that may write issues"
            )
        own = GitHubHosts.chosen()
        api = own.api if own != GitHubHosts() else setting(GITHUB_API_VARIABLE) or own.api
        return cls(named, token.strip(), api)

    def find(self, marker: str) -> Issue | None:
        """Return the open issue with our label whose body has a marker; the oldest of several.

        Raises:
            FetchError: GitHub does not answer, or refuses.
        """
        asked = f"?state=open&labels={LABEL}&per_page=100&sort=created&direction=asc"
        found = self._ask("GET", self._issues + asked)
        for one in found if isinstance(found, list) else ():
            if isinstance(one, dict) and "pull_request" not in one:
                issue = _issue(one)
                if marker in issue.body:
                    return issue
        return None

    def open(self, title: str, body: str) -> Issue:
        """Open an issue with our label.

        It is asked for once: an answer that was lost must not make two issues.

        Raises:
            FetchError: GitHub does not answer, or refuses.
        """
        sent: dict[str, Any] = {"title": title, "body": body, "labels": [LABEL]}
        return _issue(self._ask("POST", self._issues, sent))

    def change(self, number: int, body: str) -> Issue:
        """Give an issue another body.

        Raises:
            FetchError: GitHub does not answer, or refuses.
        """
        return _issue(self._ask("PATCH", f"{self._issues}/{number}", {"body": body}))

    def _ask(self, method: str, url: str, sent: dict[str, Any] | None = None) -> Any:  # noqa: ANN401 - any JSON
        waits = list(_WAITS) if method != "POST" else []
        while True:
            try:
                answer, reason = self._answer(method, url, sent), "it did not answer"
            except (requests.RequestException, LateError) as error:
                answer, reason = None, _reason(error)
            if answer is not None and answer.status_code < 300:
                return self._json(answer)
            if answer is not None:
                reason = self._refusal(answer)
                wait = _wait(answer)
                if wait is None or wait > _LONGEST_WAIT:
                    break
                if waits:
                    waits[0] = max(waits[0], wait)
            if not waits:
                break
            self._sleep(waits.pop(0))
        raise FetchError(f"GitHub, {self.repository}: {reason}; nothing was changed there")

    def _answer(self, method: str, url: str, sent: dict[str, Any] | None) -> requests.Response:
        headers = {
            "Accept": "application/vnd.github+json",
            "Authorization": f"Bearer {self._token}",
            "User-Agent": "rftsearch",
            "X-GitHub-Api-Version": "2022-11-28",
        }
        with TimedSession() as session, session.within(_PATIENCE):
            session.trust_env = True
            session.auth = _NoNetrc()
            return session.request(
                method, url, json=sent, headers=headers, timeout=_PATIENCE, allow_redirects=False
            )

    def _json(self, answer: requests.Response) -> Any:  # noqa: ANN401 - any JSON
        try:
            if len(answer.content) > _LARGEST:
                raise ValueError("too large")
            return answer.json()
        except ValueError:
            raise FetchError(
                f"GitHub, {self.repository}: its answer is not JSON; nothing was changed there"
            ) from None

    def _refusal(self, answer: requests.Response) -> str:
        code = answer.status_code
        if code in {301, 302, 307, 308}:
            return "the repository has moved; name the new one with --repository"
        if code == 429 or answer.headers.get("x-ratelimit-remaining") == "0":
            return f"it was asked too often ({code}); try again later"
        if code == 422:
            return f"it does not accept the issue ({code}: {_said(answer)})"
        return f"{code}: {_CURES.get(code, 'try again later')}"


class _NoNetrc(requests.auth.AuthBase):
    """Leaves the header as it is: a file `.netrc` must not replace the token."""

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        return request


def _wait(answer: requests.Response) -> float | None:
    """Return the seconds after which to ask again; None if asking again is no use."""
    code = answer.status_code
    if code != 429 and code < 500:
        return None
    after = answer.headers.get("retry-after", "")
    return float(after) if after.isascii() and after.isdigit() else 0.0


def _said(answer: requests.Response) -> str:
    try:
        said = answer.json().get("message")
    except (ValueError, AttributeError):
        said = None
    return " ".join(said.split())[:200] if isinstance(said, str) else "no reason given"


def _reason(error: Exception) -> str:
    if isinstance(error, LateError | requests.Timeout):
        return "it did not answer in time"
    if isinstance(error, requests.exceptions.SSLError):
        return "its certificate is not valid"
    return "it cannot be reached"


def _issue(found: object) -> Issue:
    """Read an issue.

    Raises:
        FetchError: The answer is something else.
    """
    one = found if isinstance(found, dict) else {}
    number, body, url = one.get("number"), one.get("body"), one.get("html_url")
    if not isinstance(number, int):
        raise FetchError("GitHub answers with something that is no issue; try again later")
    return Issue(
        number,
        body if isinstance(body, str) else "",
        url if isinstance(url, str) else "",
    )

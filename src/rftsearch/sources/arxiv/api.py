"""Titles, abstracts and the rest of what arXiv says of a paper, from its API.

The `arxiv` package asks and reads the feeds. What it leaves to its callers is done
here: ids are checked before they are sent, and answers are joined by id; requests are
spaced, time out and are repeated; and an answer counts only if it is a whole feed. The
API is described at https://info.arxiv.org/help/api/user-manual.html.
"""

from __future__ import annotations

import itertools
import random
import time
from collections.abc import Callable, Sequence
from urllib.parse import urlsplit

import arxiv

from rftsearch.errors import UsageError
from rftsearch.papers.arxiv_id import parse_arxiv_id
from rftsearch.papers.paper import ArxivMetadata
from rftsearch.settings import ARXIV_URL_VARIABLE, setting
from rftsearch.sources.abstracts import says_withdrawn
from rftsearch.sources.arxiv.fetch_job import BATCH, Fetched, FetchJob, OnBatch
from rftsearch.sources.arxiv.search_job import PAGE, Recent, SearchJob, recent_query
from rftsearch.sources.arxiv.transport import (
    ANSWER_TIME,
    ARXIV_LIMITER,
    AnswerError,
    Clock,
    RateLimiter,
    Sleep,
    Transport,
)
from rftsearch.sources.bounds import bounded_metadata
from rftsearch.text.clean import one_line
from rftsearch.types import Progress

__all__ = ["ARXIV_LIMITER", "ArxivClient", "Fetched", "RateLimiter", "Recent"]

"""Environment variable with the address to ask instead of arXiv's."""


_LEAST_TIMEOUT = 1.0
"""Seconds that the last request has, even if patience ends earlier."""

_FIRST_PAUSE, _LONGEST_PAUSE = 2.0, 8.0
"""Seconds to wait after a first failure, doubled with each further one, and their cap."""


class ArxivClient:
    """Fetches what arXiv says of papers, by id, in few and polite requests.

    Proxies are taken from the environment, as requests does. Several threads may
    use one client.

    Attributes:
        host: Host, and port where one is given, of the address that is asked.
    """

    def __init__(
        self,
        url: str | None = None,
        *,
        patience: float = 20.0,
        timeout: float = 10.0,
        answer_time: float = ANSWER_TIME,
        limiter: RateLimiter | None = None,
        clock: Clock = time.monotonic,
        sleep: Sleep = time.sleep,
        jitter: random.Random | None = None,
    ) -> None:
        """Make a client; nothing is asked yet.

        Args:
            url: The address of the query interface, `http://127.0.0.1:8000/api/query`;
                None for the one in `RFTSEARCH_ARXIV_URL`, and without that arXiv's.
            patience: Seconds without a successful answer before giving up. While
                answers come, a fetch may take any time.
            timeout: Seconds of silence after which a request has failed.
            answer_time: Seconds after which a request has failed even if its answer
                keeps coming.
            limiter: What spaces the requests; None for the one of this process.
            clock: Returns seconds since some fixed moment.
            sleep: Waits for some seconds.
            jitter: Where the random part of a pause comes from.

        Raises:
            UsageError: `url` is not such an address.
        """
        named = setting(ARXIV_URL_VARIABLE) if not url else None
        self._template = _query_template(url or named or "")
        parts = urlsplit(self._template)
        self.host = parts.netloc.rpartition("@")[2]
        address = f"{parts.scheme}://{self.host}{parts.path}"  # Without a password.
        self._cure = f"; check {ARXIV_URL_VARIABLE}, which is {address}" if named else ""
        self._patience = patience
        self._timeout = timeout
        self._answer_time = answer_time
        self._limiter = limiter or ARXIV_LIMITER
        self._clock = clock
        self._sleep = sleep
        self._jitter = jitter or random.Random()  # noqa: S311 - spreads requests, keeps no secret

    def fetch(
        self,
        ids: Sequence[str],
        *,
        progress: Progress | None = None,
        on_batch: OnBatch | None = None,
    ) -> Fetched:
        """Fetch what arXiv says of these papers.

        Args:
            ids: arXiv ids in any form; one that is repeated is asked for once.
            progress: Called as ("fetch", ids answered, ids to answer).
            on_batch: Called with the papers of an answer as soon as it came, so that
                they can be kept whatever happens next.

        Returns:
            What came and what did not. It names trouble with the network too, which is
            never raised.
        """
        parsed = {text: parse_arxiv_id(text) for text in ids}
        malformed = tuple(text for text, arxiv_id in parsed.items() if arxiv_id is None)
        wanted = tuple(dict.fromkeys(filter(None, parsed.values())))
        job = FetchJob(wanted, progress, on_batch)
        transport = Transport(self.host, self._limiter, answer_time=self._answer_time)
        error = None
        try:
            self._answer(job, transport)
        except AnswerError as trouble:
            error = f"{trouble}{self._cure}"
        finally:
            transport.close()
        return job.result(malformed, error)

    def recent(
        self,
        classes: Sequence[str],
        since: str,
        until: str,
        *,
        most: int = 5_000,
        progress: Progress | None = None,
    ) -> Recent:
        """Fetch the papers of some arXiv classes that appeared between two days.

        Args:
            classes: arXiv's classes, primary or not: `cs.CV`.
            since: The first day, `2025-03-01`.
            until: The last day.
            most: How many to fetch, the newest.
            progress: Called as ("search", papers fetched, papers to fetch).

        Returns:
            What came. It names trouble with the network too, which is never raised.

        Raises:
            FilterError: A class that cannot be one.
        """
        query = recent_query(classes, since, until)
        job = SearchJob(most, progress or (lambda *_: None))
        transport = Transport(self.host, self._limiter, answer_time=self._answer_time)
        error = None
        try:
            client = self._client(transport, PAGE)
            self._patiently(
                transport,
                job.goes_on,
                lambda: job.looks,
                lambda: job.take(_ask_page(client, query, job.start), transport.total),
            )
        except AnswerError as trouble:
            error = f"{trouble}{self._cure}"
        finally:
            transport.close()
        return job.result(error)

    def _client(self, transport: Transport, page_size: int) -> arxiv.Client:
        client = arxiv.Client(page_size=page_size, delay_seconds=0, num_retries=0)
        client.query_url_format = self._template
        # No public way leads to its session.
        client._session = transport
        return client

    def _patiently(
        self,
        transport: Transport,
        goes_on: Callable[[], bool],
        done: Callable[[], int],
        ask: Callable[[], None],
    ) -> None:
        """Ask until nothing is left to ask for.

        Raises:
            AnswerError: Patience is at its end; the last trouble there was.
        """
        deadline, failures = self._clock() + self._patience, 0
        while goes_on():
            left = deadline - self._clock()
            transport.timeout = min(self._timeout, max(left, _LEAST_TIMEOUT))
            before = done()
            try:
                ask()
            except AnswerError as trouble:
                if trouble.refused:
                    raise
                failures += 1
                if done() == before:
                    self._pause(trouble, failures, deadline)
                    continue
            deadline, failures = self._clock() + self._patience, 0

    def _answer(self, job: FetchJob, transport: Transport) -> None:
        """Ask until every id of the job is answered.

        Raises:
            AnswerError: Patience is at its end; the last trouble there was.
        """
        client = self._client(transport, BATCH + 1)
        deadline, failures = self._clock() + self._patience, 0
        while asked := job.next():
            left = deadline - self._clock()
            transport.timeout = min(self._timeout, max(left, _LEAST_TIMEOUT))
            before = job.answered
            try:
                job.take(asked, _ask(client, asked, job.cut))
            except AnswerError as trouble:
                failures += job.fail(asked, trouble)
                if job.answered == before:
                    self._pause(trouble, failures, deadline)
                    continue
            deadline, failures = self._clock() + self._patience, 0

    def _pause(self, trouble: AnswerError, failures: int, deadline: float) -> None:
        """Wait until it is time to ask again; raise `trouble` if that is too late."""
        pause = min(_FIRST_PAUSE * 2.0 ** (failures - 1), _LONGEST_PAUSE)
        pause *= self._jitter.uniform(0.5, 1.0)
        pause = max(pause, trouble.retry_after, self._limiter.remaining())
        if self._clock() + pause > deadline:
            raise trouble
        self._sleep(pause)


def _query_template(url: str) -> str:
    """Return the address as the arxiv package wants it, with `{}` for the query."""
    url = url.strip()
    if not url:
        return str(arxiv.Client.query_url_format)
    try:
        parts = urlsplit(url)
        sound = parts.scheme in ("http", "https") and parts.hostname and parts.port != 0
    except ValueError:  # a port that is not a number, a bracket too few
        sound = False
    if not sound or parts.query or parts.fragment:
        raise UsageError(
            f"{url!r} is not the address of an arXiv API; set {ARXIV_URL_VARIABLE} to one such as "
            "http://127.0.0.1:8000/api/query, or unset it"
        )
    return url.rstrip("?").replace("{", "{{").replace("}", "}}") + "?{}"


# --- one request -------------------------------------------------------------


def _ask(
    client: arxiv.Client, asked: tuple[str, ...], cut: dict[str, tuple[str, ...]]
) -> dict[str, ArxivMetadata]:
    """Ask once; return the papers that came, at least one, by id.

    Args:
        client: Whom to ask.
        asked: The ids.
        cut: Takes what of a paper was too long, by id.

    Raises:
        AnswerError: No answer, or none that can be used.
    """
    search = arxiv.Search(id_list=list(asked), max_results=None)
    found: dict[str, ArxivMetadata] = {}
    try:
        # No more than were asked for: some feeds count papers that they do not
        # hold, and the client would turn pages for ever.
        for result in itertools.islice(client.results(search), len(asked)):
            paper, reasons = bounded_metadata(_to_metadata(result))
            if paper.arxiv_id in asked:
                found.setdefault(paper.arxiv_id, paper)
                cut |= {paper.arxiv_id: reasons} if reasons else {}
    except (AnswerError, arxiv.ArxivError, ValueError) as trouble:
        # A page that came counts even where the next did not.
        if not found:
            if isinstance(trouble, AnswerError):
                raise
            raise AnswerError("arXiv sent a feed that cannot be read") from trouble
    if not found:
        raise AnswerError("arXiv sent a feed without the papers asked for", empty=True)
    return found


def _ask_page(client: arxiv.Client, query: str, start: int) -> list[ArxivMetadata]:
    """Ask once for a page of a search, newest papers first.

    Raises:
        AnswerError: No answer, or none that can be used.
    """
    search = arxiv.Search(query, max_results=None, sort_by=arxiv.SortCriterion.SubmittedDate)
    page = itertools.islice(client.results(search, offset=start), PAGE)
    found: list[ArxivMetadata] = []
    try:
        found.extend(bounded_metadata(_to_metadata(result))[0] for result in page)
    except (AnswerError, arxiv.ArxivError, ValueError) as trouble:
        # A short page is followed by the next one; what came before the trouble counts.
        if not found:
            if isinstance(trouble, AnswerError):
                raise
            raise AnswerError("arXiv sent a feed that cannot be read") from trouble
    return found


def _to_metadata(result: arxiv.Result) -> ArxivMetadata:
    comment = one_line(result.comment or "")
    abstract = one_line(result.summary)
    subjects = dict.fromkeys((result.primary_category, *result.categories))
    return ArxivMetadata(
        arxiv_id=parse_arxiv_id(result.entry_id) or "",
        title=one_line(result.title),
        abstract=abstract,
        authors=tuple(filter(None, (one_line(author.name) for author in result.authors))),
        published=result.published.date().isoformat(),
        updated=result.updated.date().isoformat(),
        categories=tuple(filter(None, subjects)),
        comment=comment or None,
        doi=one_line(result.doi or "") or None,
        withdrawn=says_withdrawn(comment, abstract),
    )

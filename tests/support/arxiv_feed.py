"""A loopback server that speaks arXiv's Atom feed, and stumbles when a test asks for it.

In a test::

    with ArxivFeed(papers, faults=[status(429), HANG]) as feed:
        fetched = ArxivClient(feed.url).fetch(ids)
    assert len(feed.requests) == 3

By hand, on a JSON Lines file of abstracts::

    python scripts/arxiv_feed.py ABSTRACTS.jsonl --port 8000

It understands `id_list`, `start` and `max_results`, and of searches those for classes
(`cat:cs.CV OR cat:cs.CL`) and days (`submittedDate`), newest first. It needs nothing but
the standard library, and listens on 127.0.0.1 alone.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
import textwrap
import threading
import time
from collections import deque
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, Self
from urllib.parse import parse_qs, urlsplit
from xml.etree import ElementTree as ET

Paper = Mapping[str, Any]
"""`arxiv_id`, `title`, `abstract`, and where known `authors`, `published`, `updated`,
`categories`, `comment`, `doi`, `version`: a line of a file of abstracts."""

PATH = "/api/query"
ATOM = "http://www.w3.org/2005/Atom"
ARXIV = "http://arxiv.org/schemas/atom"
OPENSEARCH = "http://a9.com/-/spec/opensearch/1.1/"
for prefix, namespace in (("", ATOM), ("arxiv", ARXIV), ("opensearch", OPENSEARCH)):
    ET.register_namespace(prefix, namespace)

ID = re.compile(r"(?P<id>[0-9]{4}\.[0-9]{4,5}|[a-z-]+(\.[A-Z]{2})?/[0-9]{7})(v[0-9]+)?")
NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


@dataclass(frozen=True)
class Request:
    """What the server was asked."""

    ids: tuple[str, ...]
    start: int
    max_results: int
    user_agent: str
    port: int
    """Of the other side: the same port means the same connection."""
    at: float
    """Seconds of a monotonic clock."""
    search: str = ""
    """The query, if it is a search."""


@dataclass(frozen=True)
class Answer:
    """What the server is about to send."""

    status: int
    content: bytes
    papers: Sequence[Paper] = ()
    """The papers in `content`."""
    headers: Mapping[str, str] = field(default_factory=dict)
    hang: bool = False
    """Say nothing until the server closes."""
    cut: int | None = None
    """Close the connection after this many bytes of the content."""
    drip: bytes = b""
    """Begin so, and then send a byte at a time without end."""


Fault = Callable[[Answer], Answer]
"""Spoils one answer."""


def status(code: int, retry_after: int | str | None = None) -> Fault:
    """An error of HTTP."""
    headers = {} if retry_after is None else {"Retry-After": str(retry_after)}
    return lambda _: Answer(code, b"Rate exceeded.", headers=headers)


def body(content: bytes) -> Fault:
    """Status 200, and this for a feed."""
    return lambda _: Answer(200, content)


def HANG(answer: Answer) -> Answer:  # noqa: N802 - stands beside the other faults as a value
    """No answer at all."""
    return replace(answer, hang=True)


def DRIP(answer: Answer) -> Answer:  # noqa: N802
    """An answer that goes on for ever, a byte at a time."""
    head = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: identity\r\nConnection: close\r\n\r\n"
    return replace(answer, drip=head)


def DRIP_HEAD(answer: Answer) -> Answer:  # noqa: N802
    """A line of the head that goes on for ever."""
    return replace(answer, drip=b"HTTP/1.1 200 OK\r\nX-Long: ")


def CUT(answer: Answer) -> Answer:  # noqa: N802
    """The connection breaks in the middle of the feed."""
    return replace(answer, cut=len(answer.content) // 2)


def TRUNCATED(answer: Answer) -> Answer:  # noqa: N802
    """Half a feed, with all signs of a complete answer: it ends within the last abstract."""
    end = answer.content.rfind(b"</summary>") - 10
    return replace(answer, content=answer.content[: max(end, 60)])


def SHORT(answer: Answer) -> Answer:  # noqa: N802
    """A sound feed that leaves out every second paper."""
    kept = answer.papers[::2]
    return replace(answer, content=make_feed(kept, total=len(kept)))


def EMPTY(answer: Answer) -> Answer:  # noqa: N802
    """A sound feed of no papers."""
    return replace(answer, content=make_feed([], total=0))


HTML = body(b"<html><head></head><body><h1>Rate exceeded.</h1></body></html>")

FAULTS: Mapping[str, Fault] = {
    "429": status(429),
    "429-retry-after": status(429, retry_after=5),
    "503": status(503),
    "hang": HANG,
    "cut": CUT,
    "html": HTML,
    "truncated": TRUNCATED,
    "short": SHORT,
    "empty": EMPTY,
}


class ArxivFeed:
    """The server; answers while its `with` block lasts."""

    def __init__(
        self,
        papers: Iterable[Paper],
        *,
        faults: Iterable[Fault | None] = (),
        refused: Iterable[str] = (),
        names_refused: bool = True,
        counts_unknown: bool = False,
        at_most: int = 2000,
        port: int = 0,
        log: Callable[[str], None] = lambda _: None,
    ) -> None:
        """Prepare a server.

        Args:
            papers: What it has.
            faults: What to do to the first answers, in turn; None leaves one as it
                is. All further answers are sound.
            refused: Ids that it holds to be malformed, besides those that are.
            names_refused: Whether it says which id that was.
            counts_unknown: Whether the total counts ids that it does not have.
            at_most: Papers in one answer.
            port: Where to listen; 0 for any free port.
            log: Takes one line for each request.
        """
        self.requests: list[Request] = []
        self.faults = deque(faults)
        self.closing = threading.Event()
        self.hanging = threading.Semaphore(0)
        self._papers = {paper["arxiv_id"]: paper for paper in papers}
        self._refused = frozenset(refused)
        self._names_refused = names_refused
        self._counts_unknown = counts_unknown
        self._at_most = at_most
        self._log = log
        self._lock = threading.Lock()
        self._server = _Server(("127.0.0.1", port), _Handler)
        self._server.feed = self

    @property
    def url(self) -> str:
        """The address for `RFTSEARCH_ARXIV_URL`."""
        return f"http://127.0.0.1:{self._server.server_port}{PATH}"

    def __enter__(self) -> Self:
        """Start to answer."""
        # The interval is how long closing may take.
        threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        """Let go of whoever hangs, and close."""
        self.closing.set()
        self._server.shutdown()
        self._server.server_close()

    def answer(self, request: Request) -> Answer:
        """Note a request and make up the answer to it."""
        with self._lock:
            self.requests.append(request)
            fault = self.faults.popleft() if self.faults else None
        answer = self._sound_answer(request)
        answer = fault(answer) if fault else answer
        self._log(
            f"{len(request.ids)} ids asked for: status {answer.status}, {len(answer.papers)} papers"
            + (", and a fault" if fault else "")
        )
        return answer

    def _sound_answer(self, request: Request) -> Answer:
        if request.search:
            return self._found(request)
        parsed = [(text, ID.fullmatch(text)) for text in request.ids]
        for text, match in parsed:
            if match is None or text in self._refused:
                return Answer(400, make_error(text if self._names_refused else "something"))
        ids = dict.fromkeys(match["id"] for _, match in parsed if match)
        # In an order that is not the one asked for: no caller may count on positions.
        known = sorted((i for i in ids if i in self._papers), reverse=True)
        shown = known[request.start :][: min(request.max_results, self._at_most)]
        papers = [self._papers[i] for i in shown]
        total = len(ids if self._counts_unknown else known)
        return Answer(200, make_feed(papers, total=total, start=request.start), papers)

    def _found(self, request: Request) -> Answer:
        wanted = set(re.findall(r"cat:([\w.-]+)", request.search))
        days = re.search(r"submittedDate:\[(\d{8})\d{4} TO (\d{8})\d{4}\]", request.search)
        assert days, request.search

        def day(paper: Paper) -> str:
            return str(paper.get("published") or _month_of(paper["arxiv_id"]))[:10].replace("-", "")

        found = [
            paper
            for paper in self._papers.values()
            if wanted & set(paper.get("categories", ())) and days[1] <= day(paper) <= days[2]
        ]
        found.sort(key=lambda paper: (day(paper), paper["arxiv_id"]), reverse=True)
        shown = found[request.start :][: min(request.max_results, self._at_most)]
        return Answer(200, make_feed(shown, total=len(found), start=request.start), shown)


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    feed: ArxivFeed


class _Handler(BaseHTTPRequestHandler):
    server: _Server
    protocol_version = "HTTP/1.1"  # keeps connections, as arXiv does
    disable_nagle_algorithm = True  # or each answer waits 40 ms for an acknowledgement

    def do_GET(self) -> None:
        address = urlsplit(self.path)
        if address.path != PATH:
            self._send(Answer(404, b"Not Found"))
            return
        if "Accept" not in self.headers:
            self._send(Answer(406, b"Not Acceptable"))
            return
        query = parse_qs(address.query)
        answer = self.server.feed.answer(
            Request(
                ids=tuple(filter(None, query.get("id_list", [""])[0].split(","))),
                start=int(query.get("start", ["0"])[0]),
                max_results=int(query.get("max_results", ["10"])[0]),
                user_agent=self.headers.get("User-Agent", ""),
                port=self.client_address[1],
                at=time.monotonic(),
                search=query.get("search_query", [""])[0],
            )
        )
        if answer.drip:
            with suppress(OSError):
                self.wfile.write(answer.drip)
                while not self.server.feed.closing.wait(0.01):
                    self.wfile.write(b"x")
            self.close_connection = True
        elif answer.hang:
            self.server.feed.hanging.release()
            self.server.feed.closing.wait()
            self.close_connection = True
        else:
            self._send(answer)

    def _send(self, answer: Answer) -> None:
        self.send_response(answer.status)
        for name, value in answer.headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(answer.content)))
        self.end_headers()
        self.wfile.write(answer.content[: answer.cut])
        self.close_connection = self.close_connection or answer.cut is not None

    def log_message(self, *_: object) -> None:
        """Keep quiet; the feed has its own log."""


# --- Atom --------------------------------------------------------------------


def make_feed(papers: Iterable[Paper], *, total: int, start: int = 0) -> bytes:
    """A feed as arXiv would send it."""
    entries = [_entry(paper) for paper in papers]
    return _feed(entries, total=total, start=start)


def make_error(culprit: str) -> bytes:
    """The feed that arXiv sends with status 400."""
    entry = ET.Element(f"{{{ATOM}}}entry")
    _add(entry, ATOM, "id", f"http://arxiv.org/api/errors#incorrect_id_format_for_{culprit}")
    _add(entry, ATOM, "title", "Error")
    _add(entry, ATOM, "summary", f"incorrect id format for {culprit}")
    _add(_add(entry, ATOM, "author"), ATOM, "name", "arXiv api core")
    return _feed([entry], total=1)


def _feed(entries: Sequence[ET.Element], *, total: int, start: int = 0) -> bytes:
    feed = ET.Element(f"{{{ATOM}}}feed")
    _add(feed, ATOM, "title", "ArXiv Query")
    _add(feed, ATOM, "id", "http://arxiv.org/api/loopback")
    for name, number in (
        ("totalResults", total),
        ("startIndex", start),
        ("itemsPerPage", len(entries)),
    ):
        _add(feed, OPENSEARCH, name, str(number))
    feed.extend(entries)
    return b'<?xml version="1.0" encoding="utf-8"?>\n' + ET.tostring(feed)


def _entry(paper: Paper) -> ET.Element:
    page = f"http://arxiv.org/abs/{paper['arxiv_id']}v{paper.get('version') or 1}"
    published = paper.get("published") or _month_of(paper["arxiv_id"])
    entry = ET.Element(f"{{{ATOM}}}entry")
    _add(entry, ATOM, "id", page)
    _add(entry, ATOM, "updated", _moment(paper.get("updated") or published))
    _add(entry, ATOM, "published", _moment(published))
    _add(entry, ATOM, "title", _wrap(paper["title"]))
    _add(entry, ATOM, "summary", f"  {_wrap(paper['abstract'])}\n")
    for name in paper.get("authors") or ():
        _add(_add(entry, ATOM, "author"), ATOM, "name", name)
    for name in ("comment", "doi"):
        if paper.get(name):
            _add(entry, ARXIV, name, paper[name])
    _add(entry, ATOM, "link", href=page, rel="alternate", type="text/html")
    _add(entry, ATOM, "link", href=page.replace("/abs/", "/pdf/"), rel="related", title="pdf")
    categories = paper.get("categories") or ()
    for subject in categories[:1]:
        _add(entry, ARXIV, "primary_category", term=subject)
    for subject in categories:
        _add(entry, ATOM, "category", term=subject)
    return entry


def _add(
    parent: ET.Element, space: str, name: str, text: str | None = None, **attributes: str
) -> ET.Element:
    child = ET.SubElement(parent, f"{{{space}}}{name}", attributes)
    child.text = None if text is None else NOT_XML.sub(" ", text)
    return child


def _wrap(text: str) -> str:
    """Broken into lines in the way of arXiv's feeds."""
    return textwrap.fill(
        text, 80, subsequent_indent="  ", break_long_words=False, break_on_hyphens=False
    )


def _month_of(arxiv_id: str) -> str:
    """The first of the month in which an id was given out: the package needs a day."""
    digits = arxiv_id.rpartition("/")[2]
    century = "19" if digits[:2] > "90" else "20"
    return f"{century}{digits[:2]}-{digits[2:4]}-01"


def _moment(day: str) -> str:
    return day if "T" in day else f"{day}T12:00:00Z"


# --- by hand -----------------------------------------------------------------


def read_papers(path: Path) -> list[Paper]:
    """The papers of a JSON Lines file.

    Raises:
        OSError: It cannot be read.
        ValueError: A line is no paper.
    """
    with path.open(encoding="utf-8") as file:
        papers = [json.loads(line) for line in file if line.strip()]
    for number, paper in enumerate(papers, start=1):
        if not isinstance(paper, dict) or not {"arxiv_id", "title", "abstract"} <= paper.keys():
            raise ValueError(f"paper {number} lacks arxiv_id, title or abstract")
    return papers


def main(arguments: Sequence[str] | None = None) -> None:
    """Serve a file of abstracts until Ctrl-C."""
    parser = argparse.ArgumentParser(
        description="Answers on 127.0.0.1 as arXiv's API does, with the papers of a file.",
        epilog="Set RFTSEARCH_ARXIV_URL to the address it prints, and rftsearch asks it "
        "instead of arXiv. Ctrl-C ends it.",
    )
    parser.add_argument(
        "abstracts",
        type=Path,
        metavar="ABSTRACTS.jsonl",
        help="one JSON object a line: arxiv_id, title, abstract, and where known "
        "authors, published, updated, categories, comment, doi, version",
    )
    parser.add_argument("--port", type=int, default=8000, help="0 for any free port (default 8000)")
    parser.add_argument(
        "--fault",
        action="append",
        default=[],
        choices=FAULTS,
        help="spoil the first answer in this way; repeat it for the answers after that",
    )
    options = parser.parse_args(arguments)
    try:
        papers = read_papers(options.abstracts)
        feed = ArxivFeed(
            papers,
            faults=[FAULTS[name] for name in options.fault],
            port=options.port,
            log=lambda line: print(line, file=sys.stderr, flush=True),
        )
    except (OSError, OverflowError, ValueError) as error:
        parser.exit(1, f"{parser.prog}: cannot serve {options.abstracts}: {error}\n")
    with suppress(KeyboardInterrupt), feed:
        print(f"export RFTSEARCH_ARXIV_URL={feed.url}", flush=True)
        print(f"{len(papers)} papers; Ctrl-C ends this", file=sys.stderr, flush=True)
        threading.Event().wait()


if __name__ == "__main__":
    main()

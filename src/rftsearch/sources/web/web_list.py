"""A web address as a source: a file, or a repository, folder, file or gist of GitHub."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from typing import TYPE_CHECKING, ClassVar
from urllib.parse import quote, unquote, urlsplit

from rftsearch.errors import FetchError, SourceError
from rftsearch.papers.about import ListAbout
from rftsearch.papers.paper import Paper, Provenance
from rftsearch.sources.base import ParsedList, Problem, Summary
from rftsearch.sources.web.hosts import is_sound
from rftsearch.sources.web.places import Place, find_place, raw_address, repository_named
from rftsearch.types import Progress

if TYPE_CHECKING:
    from rftsearch.sources.many_files import FileRead
    from rftsearch.sources.web.fetch import Fetcher

__all__ = ["GITHUB", "WebList", "web_address"]

GITHUB = "github"
"""The scheme of `github:owner/name`."""


def web_address(text: str) -> str | None:
    """Return the whole address that a text means; None if it means none.

    `github:owner/name` and `git@github.com:owner/name.git` are addresses too, and so is one
    that has lost a slash by having been a path.
    """
    if text.startswith(f"{GITHUB}:"):
        place = repository_named(text.partition(":")[2])
        if place is None:
            raise SourceError(f"{text} names no repository; write github:owner/name")
        return place.address
    if text.startswith("git@github.com:"):
        place = repository_named(text.partition(":")[2].removesuffix(".git"))
        return place.address if place else None
    scheme, colon, rest = text.partition(":")
    if not colon or scheme.lower() not in {"http", "https"} or not rest.startswith("/"):
        return None
    address = f"{scheme.lower()}://{rest.lstrip('/')}"
    if not is_sound(address):
        raise SourceError(f"{address} is no web address; write it like https://example.org/list.md")
    return address


@dataclass(frozen=True, slots=True)
class WebList:
    """A list at a web address."""

    url: str
    offline: bool = False
    """Fetch nothing: read the copy of the last time."""
    named: str = ""
    """What was given, if that may have been meant as a path: `owner/name`."""
    fetcher: Fetcher | None = field(default=None, compare=False)
    """Fetches files; None for the usual one."""
    streamed: ClassVar[bool] = False

    @property
    def key(self) -> str:
        """The address, of GitHub the one of the page."""
        place = find_place(self.url)
        return place.address if place else self.url

    @property
    def label(self) -> str:
        """What people call it: `owner/name`, or host and path."""
        place = find_place(self.url)
        if place:
            return place.label
        parts = urlsplit(self.url)
        host = parts.netloc.rpartition("@")[2]
        return (host + unquote(parts.path)).rstrip("/")

    def parse(self, progress: Progress = lambda *_: None) -> ParsedList:
        """Fetch and read it; a list without a single entry is no error.

        Raises:
            FetchError: It cannot be fetched.
            SourceError: What comes is no list, or not of the format that its name says.
        """
        from rftsearch.sources.web.fetch import Fetcher  # noqa: PLC0415 - requests costs time

        fetcher = self.fetcher or Fetcher(offline=self.offline)
        try:
            parsed = self._fetched(fetcher, progress)
        except FetchError as error:
            if not self.named:
                raise
            raise type(error)(f"there is no file {self.named} here; {error}") from error
        if not fetcher.oldest:
            return parsed
        told = f"{self.label}: nothing was fetched; read from the copies of {fetcher.oldest}"
        return replace(parsed, account=(*parsed.account, told))

    def _fetched(self, fetcher: Fetcher, progress: Progress) -> ParsedList:
        place = find_place(self.url)
        if place is None:
            return self._file(fetcher)
        if place.kind == "file":
            return self._file_of(place, fetcher)
        if place.kind == "gist":
            return self._gist(place, fetcher)
        return self._many(place, fetcher, progress)

    def read(self, progress: Progress) -> Iterator[Paper | Problem | Summary | ListAbout]:
        """Fetch it and yield the papers, then what could not be read.

        Raises:
            FetchError, SourceError: As `parse`, or there is no paper in it.
        """
        parsed = self.parse(progress)
        yield from parsed.papers
        yield from parsed.problems
        if parsed.account:
            yield Summary(parsed.account)
        if not parsed.papers:
            first = next((f" ({p.source}, line {p.line}: {p.reason})" for p in parsed.problems), "")
            raise SourceError(
                f"no paper at {self.url}{first}; give the address of a list, a table or a library"
            )
        yield parsed.about

    def _file(self, fetcher: Fetcher) -> ParsedList:
        """Read a file at any host."""
        from rftsearch.sources.web.kinds import file_name  # noqa: PLC0415 - as above
        from rftsearch.sources.web.read_copy import read_copy  # noqa: PLC0415

        url = raw_address(self.url)
        name = file_name(url) or "list"
        parsed = _one(read_copy(fetcher.get(url), name), self.label)
        return _with_home(parsed, parsed.about.home or self.url)

    def _file_of(self, place: Place, fetcher: Fetcher) -> ParsedList:
        """Read a file of a repository."""
        from rftsearch.sources.web.read_copy import read_copy  # noqa: PLC0415 - as above

        url = f"{fetcher.hosts.raw}/{place.owner}/{place.name}/{quote(place.path)}"
        name = place.path.rpartition("/")[2]
        return _with_home(_one(read_copy(fetcher.get(url), name), self.label), place.address)

    def _many(self, place: Place, fetcher: Fetcher, progress: Progress) -> ParsedList:
        """Read the lists of a repository, or of a folder of one."""
        from rftsearch.sources.web.repository import Repository  # noqa: PLC0415 - as above

        repository = Repository(place, fetcher, progress)
        files = repository.folder() if place.kind == "folder" else repository.readme_and_lists()
        return _several(files, place, repository.about(), repository.told)

    def _gist(self, place: Place, fetcher: Fetcher) -> ParsedList:
        """Read the files of a gist."""
        from rftsearch.sources.web.gist import read_gist  # noqa: PLC0415 - as above

        files, about = read_gist(place, fetcher)
        return _several(files, place, about, ())


def _one(file: FileRead, label: str) -> ParsedList:
    """Return what a single file holds, under the name of its source.

    Raises:
        SourceError: It cannot be read.
    """
    from rftsearch.sources.many_files import join_files  # noqa: PLC0415 - as above

    if file.refused:
        raise SourceError(file.refused)
    parsed = join_files([file], label)
    names = {file.name: label}
    return replace(_renamed(parsed, names), account=file.parsed.account)


def _several(
    files: Sequence[FileRead], place: Place, about: ListAbout, told: Sequence[str]
) -> ParsedList:
    """Return what the files of a place hold; what they say of it comes before GitHub's words."""
    from rftsearch.sources.many_files import join_files  # noqa: PLC0415 - as above

    parsed = join_files(files, place.label)
    parsed = _renamed(parsed, {file.name: f"{place.label}/{file.name}" for file in files})
    said = {name: value for name, value in asdict(parsed.about).items() if value}
    own = replace(about, **{**said, "home": place.address})
    return replace(parsed, about=own, account=(*parsed.account, *told))


def _renamed(parsed: ParsedList, names: Mapping[str, str]) -> ParsedList:
    """Return a list with other names for its files."""

    def place(one: Provenance) -> Provenance:
        return replace(one, source=names.get(one.source, one.source))

    papers = (
        replace(paper, provenance=tuple(map(place, paper.provenance))) for paper in parsed.papers
    )
    problems = (replace(one, source=names.get(one.source, one.source)) for one in parsed.problems)
    return replace(parsed, papers=tuple(papers), problems=tuple(problems))


def _with_home(parsed: ParsedList, home: str) -> ParsedList:
    return replace(parsed, about=replace(parsed.about, home=home))

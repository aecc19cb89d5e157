"""Fetch the lists of a repository on GitHub: its README, and the lists that this links to."""

from __future__ import annotations

import json
from collections import deque
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

from rftsearch.errors import FetchError
from rftsearch.papers.about import ListAbout
from rftsearch.sources.bounds import LONGEST_FILE
from rftsearch.sources.file_kinds import MARKDOWN
from rftsearch.sources.many_files import FileRead, may_hold_papers
from rftsearch.sources.web.answers import NoCopyError, NotThereError
from rftsearch.sources.web.copies import Copy
from rftsearch.sources.web.fetch import Fetcher
from rftsearch.sources.web.linked import linked_files
from rftsearch.sources.web.places import Place
from rftsearch.sources.web.read_copy import read_copy
from rftsearch.text.clean import one_line
from rftsearch.text.plural import plural
from rftsearch.types import Progress

__all__ = ["MOST_FETCHED", "Repository"]

MOST_FETCHED = 60
"""Files of one repository that are fetched; lists in parts have ten or twenty."""
_MOST_BYTES = 128 << 20
"""Bytes of all of them."""
_DEEPEST = 2
"""Links that lead from the README to a list, one behind the other."""
_READMES = (
    *("README.md", "readme.md", "Readme.md", "README.markdown", "README.MD", "README"),
    *("docs/README.md", ".github/README.md", "index.md"),
)
_BRANCHES = ("HEAD", "main", "master")
_API = "application/vnd.github+json"


@dataclass
class Repository:
    """Reads the lists of a repository, or of a folder in it."""

    place: Place
    fetcher: Fetcher
    progress: Progress = lambda *_: None
    told: list[str] = field(default_factory=list)
    """What is worth knowing besides, one sentence each."""
    _ref: str = "HEAD"

    def readme_and_lists(self) -> list[FileRead]:
        """Read the README and the lists that it links to; without any paper in them, all lists.

        Raises:
            FetchError: A file cannot be fetched.
        """
        try:
            name, copy = self._readme()
        except NotThereError:
            with suppress(FetchError):
                self._ref = "HEAD"
                return self.folder()
            raise
        files = [read_copy(copy, name)]
        files += self._linked(name, copy)
        if not any(file.parsed.papers for file in files):
            seen = {file.name for file in files}
            files += [file for file in self.folder() if file.name not in seen]
        return files

    def _raw(self, name: str) -> str:
        place = self.place
        return f"{self.fetcher.hosts.raw}/{place.owner}/{place.name}/{self._ref}/{quote(name)}"

    def _readme(self) -> tuple[str, Copy]:
        """Fetch the README, whatever it is called.

        Raises:
            NotThereError: There is none, or no such repository.
            FetchError: It cannot be fetched.
        """
        first: NotThereError | None = None
        for branch in _BRANCHES:
            self._ref = branch
            for name in _READMES if branch == "HEAD" else _READMES[:2]:
                try:
                    return name, self.fetcher.get(self._raw(name))
                except NotThereError as error:
                    first = first or error
        if isinstance(first, NoCopyError):
            raise first
        raise NotThereError(
            f"there is no repository {self.place.address}, or it has no README; check the name "
            "(a private repository needs a token in GITHUB_TOKEN)"
        )

    def _linked(self, name: str, copy: Copy) -> Iterator[FileRead]:
        """Read the lists that a README links to, and those that they link to.

        Raises:
            FetchError: A file cannot be fetched.
        """
        waiting = deque((1, found) for found in self._links(name, copy))
        seen = {name, *(found for _, found in waiting)}
        missing: list[str] = []
        fetched = size = 0
        while waiting and fetched < MOST_FETCHED and size < _MOST_BYTES:
            depth, found = waiting.popleft()
            self.progress("read", fetched, fetched + len(waiting) + 1)
            try:
                inner = self.fetcher.get(self._raw(found))
            except NotThereError:
                if not found.endswith("/README.md"):
                    missing.append(found)
                continue
            fetched += 1
            size += len(inner.content)
            yield read_copy(inner, found)
            if depth < _DEEPEST and found.lower().endswith(MARKDOWN):
                new = [one for one in self._links(found, inner) if one not in seen]
                seen.update(new)
                waiting.extend((depth + 1, one) for one in new)
        self._tell_of("linked but not there", missing)
        rest = [one for _, one in waiting]
        self._tell_of(f"linked but not read, as {_most()} are the most", rest)

    def _links(self, name: str, copy: Copy) -> list[str]:
        """Return the files that a page links to and that may be lists."""
        text = copy.content[:LONGEST_FILE].decode("utf-8", "replace")
        linked = linked_files(text, name, self.place)
        chosen, same = may_hold_papers([name, *linked])
        self._tell_of("not read, as it repeats the README", same)
        return [one for one in linked if one in chosen]

    def folder(self) -> list[FileRead]:
        """Read all lists of the folder that the place is, or of the whole repository.

        Raises:
            FetchError: A file, or what the folder holds, cannot be fetched.
        """
        path = ""
        if self.place.kind == "folder":
            self._ref, path = self._split(self.place.path)
        listing = self._api(f"git/trees/{quote(self._ref, safe='')}?recursive=1")
        names = [
            str(one.get("path"))
            for one in listing.get("tree", ())
            if isinstance(one, dict) and one.get("type") == "blob"
        ]
        if listing.get("truncated"):
            self.told.append(f"{self.place.label}: GitHub does not name all of its files")
        inside = [name for name in names if not path or name.startswith(f"{path}/")]
        shown = [n for n in inside if not any(part[:1] == "." for part in n.split("/"))]
        chosen, same = may_hold_papers(shown)
        self._tell_of("not read, as it repeats the README", same)
        files: list[FileRead] = []
        size = 0
        while len(files) < min(len(chosen), MOST_FETCHED) and size < _MOST_BYTES:
            self.progress("read", len(files), len(chosen))
            name = chosen[len(files)]
            copy = self.fetcher.get(self._raw(name))
            size += len(copy.content)
            files.append(read_copy(copy, name.removeprefix(f"{path}/") if path else name))
        self._tell_of(f"not read, as {_most()} are the most", chosen[len(files) :])
        return files

    def _split(self, path: str) -> tuple[str, str]:
        """Return the branch and the folder of an address; a branch may hold slashes.

        Raises:
            FetchError: There is no such branch.
        """
        parts = path.split("/")
        error: FetchError | None = None
        for count in range(1, min(len(parts), 3) + 1):
            branch = "/".join(parts[:count])
            try:
                self._api(f"git/trees/{quote(branch, safe='')}?recursive=1")
            except NotThereError as missing:
                error = error or missing
            else:
                return branch, "/".join(parts[count:])
        raise error or NotThereError(f"there is nothing at {self.place.address}")

    def _api(self, path: str) -> dict[str, Any]:
        """Ask GitHub's API about the repository.

        Raises:
            FetchError: It does not answer, or not with an object of JSON.
        """
        place = self.place
        tail = f"/{path}" if path else ""
        url = f"{self.fetcher.hosts.api}/repos/{place.owner}/{place.name}{tail}"
        return asked(self.fetcher, url)

    def about(self) -> ListAbout:
        """Return what GitHub says of the repository; what it does not is told, and left out."""
        try:
            said = self._api("")
        except FetchError as error:
            self.told.append(
                f"{self.place.label}: licence and date are not known ({error}); "
                "everything else was read"
            )
            return ListAbout(home=Place(self.place.owner, self.place.name).address)
        licence = said.get("license")
        name = licence.get("name") or licence.get("spdx_id") if isinstance(licence, dict) else ""
        return ListAbout(
            title=_text(said.get("name")),
            description=_text(said.get("description")),
            home=Place(self.place.owner, self.place.name).address,
            licence="" if name in {"Other", "NOASSERTION"} else _text(name),
            updated=_text(said.get("pushed_at"))[:10],
        )

    def _tell_of(self, what: str, names: Sequence[str]) -> None:
        if names:
            more = len(names) - 5
            shown = ", ".join(names[:5]) + (f" and {plural(more, 'more file')}" if more > 0 else "")
            self.told.append(f"{self.place.label}: {what}: {shown}")


def _most() -> str:
    return f"{MOST_FETCHED} files or {_MOST_BYTES >> 20} MiB"


def asked(fetcher: Fetcher, url: str) -> dict[str, Any]:
    """Return the object of JSON that GitHub's API answers with.

    Raises:
        FetchError: It does not answer, or not with one.
    """
    copy = fetcher.get(url, accept=_API)
    try:
        said = json.loads(copy.content)
    except (ValueError, RecursionError):
        said = None
    if not isinstance(said, dict):
        raise FetchError(f"{url} does not answer as GitHub does; try again later")
    return said


def _text(value: object) -> str:
    return one_line(value)[:1_000] if isinstance(value, str) else ""

"""What an address means: a repository on GitHub, a file or folder in one, a gist, or a file."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import quote, unquote, urlsplit

from rftsearch.errors import SourceError

__all__ = ["Place", "find_place", "raw_address", "repository_named"]

_SHORTHAND = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?/[A-Za-z0-9._-]+")
_OWNER = re.compile(r"[A-Za-z0-9_-]{1,100}")
_NAME = re.compile(r"[A-Za-z0-9._-]{1,100}")
_GITHUB = {"github.com", "www.github.com"}
_RAW = {"raw.githubusercontent.com", "raw.github.com"}
_OF_A_FILE = {"blob", "raw", "edit", "blame"}
"""What stands in GitHub's addresses before the branch and the path of a file."""


@dataclass(frozen=True, slots=True)
class Place:
    """A repository on GitHub, or a part of one, or a gist."""

    owner: str
    name: str
    """Of the repository; of a gist its id."""
    kind: str = "repository"
    """`repository`, `file`, `folder` or `gist`."""
    path: str = ""
    """Branch and path of a file or folder, `main/topics/audio.md`."""

    @property
    def label(self) -> str:
        """What people call it: `owner/name`, with the path of a file or folder behind it."""
        inner = self.path.partition("/")[2]
        return f"{self.owner}/{self.name}" + (f"/{inner}" if inner else "")

    @property
    def address(self) -> str:
        """Its page on GitHub."""
        if self.kind == "gist":
            return f"https://gist.github.com/{self.owner}/{self.name}"
        home = f"https://github.com/{self.owner}/{self.name}"
        form = {"file": "blob", "folder": "tree"}.get(self.kind)
        return f"{home}/{form}/{quote(self.path)}" if form else home


def repository_named(text: str) -> Place | None:
    """Return the repository that `owner/name` names; None if a text has another form."""
    if not _SHORTHAND.fullmatch(text) or text.endswith(("/.", "/..")):
        return None
    owner, name = text.split("/")
    return Place(owner, name.removesuffix(".git"))


def find_place(url: str) -> Place | None:
    """Return what an address of GitHub means; None for an address of another host.

    Raises:
        SourceError: It is an address of GitHub, and leads neither to a repository nor to a
            file, folder or gist.
    """
    parts = urlsplit(url)
    host = (parts.hostname or "").lower()
    path = [unquote(part) for part in parts.path.split("/") if part]
    if host == "gist.github.com":
        return _gist(url, path)
    if host in _RAW and len(path) >= 4:
        del path[2 : 2 + 2 * (path[2:4] == ["refs", "heads"])]
        return _in_repository(url, [*path[:2], "blob", *path[2:]])
    return _in_repository(url, path) if host in _GITHUB else None


def _gist(url: str, path: list[str]) -> Place:
    if len(path) < 2 or not _OWNER.fullmatch(path[0]) or not _NAME.fullmatch(path[1]):
        raise SourceError(f"{url} is no gist; write https://gist.github.com/owner/id")
    return Place(path[0], path[1], "gist")


def _in_repository(url: str, path: list[str]) -> Place:
    name = path[1].removesuffix(".git") if len(path) > 1 else ""
    if not name or not _OWNER.fullmatch(path[0]) or not _NAME.fullmatch(name):
        raise SourceError(f"{url} is no repository; write https://github.com/owner/name")
    form, rest = path[2] if len(path) > 2 else "", "/".join(path[3:])
    if form in _OF_A_FILE and "/" in rest:
        return Place(path[0], name, "file", rest)
    if form == "tree" and rest:
        return Place(path[0], name, "folder", rest)
    if not form or form in {"tree", "wiki", "issues", "pulls", "releases", "stargazers"}:
        return Place(path[0], name)
    raise SourceError(
        f"{url} is no list; give the repository, https://github.com/{path[0]}/{name}, or the "
        "address of a file in it"
    )


# Pages of other hosts that show a file, and where the file itself is.
_PAGES = (
    (re.compile(r"(https?://[^/]+/.+?)/-/blob/(.+)"), r"\1/-/raw/\2"),  # GitLab
    (re.compile(r"(https?://[^/]+/[^/]+/[^/]+)/src/branch/(.+)"), r"\1/raw/branch/\2"),  # Gitea
    (re.compile(r"(https?://bitbucket\.org/[^/]+/[^/]+)/src/(.+)"), r"\1/raw/\2"),
    (re.compile(r"(https?://huggingface\.co/.+)/blob/(.+)"), r"\1/resolve/\2"),
    (
        re.compile(
            r"(https://docs\.google\.com/spreadsheets/d/[\w-]+)/(?:edit|view)?(?:.*gid=(\d+))?.*"
        ),
        r"\1/export?format=csv&gid=\2",
    ),
)


def raw_address(url: str) -> str:
    """Return where the file is that an address shows, for hosts with pages around files."""
    for page, raw in _PAGES:
        if found := page.fullmatch(url):
            return found.expand(raw).removesuffix("&gid=")
    return url.partition("#")[0]

"""The address of a list itself, from what only its own page would link to."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from urllib.parse import unquote

from rftsearch.text.clean import slug

__all__ = ["home_of"]

_REPOSITORY = r"(?P<owner>[A-Za-z0-9](?:[A-Za-z0-9-]{0,38}))/(?P<name>[\w.-]{1,100})"
_GITHUB = rf"github\.com[/:]{_REPOSITORY}"
_SURE, _LIKELY, _HALF, _HINT = 5, 3, 2, 1
_ANYWHERE = (
    (re.compile(rf"star-history\.com/(?:#|svg\?repos=|embed\S*?[?#&]repos?=){_REPOSITORY}"
                r"(?!&[\w-]+/)(?:&|[\s)\"'>]|$)"), _SURE),
    (re.compile(rf"(?:contrib\.rocks|contributors-img\.(?:web\.app|firebaseapp\.com))"
                rf"/(?:image|preview)\?\S*?repo={_REPOSITORY}"), _SURE),
    (re.compile(rf"starchart\.cc/{_REPOSITORY}"), _SURE),
    (re.compile(rf"reporoster\.com/(?:stars|forks)(?:/dark)?/{_REPOSITORY}"), _SURE),
    (re.compile(rf"git\s+clone\s+(?:--?\S+\s+)*(?:https://|git@|ssh://git@)?{_GITHUB}"), _LIKELY),
    (re.compile(rf"(?:howpublished|url|note|publisher|journal)\s*=\s*[{{\"][^\n]{{0,60}}?{_GITHUB}"),
     _LIKELY),
    (re.compile(rf"{_GITHUB}/(?:stargazers|network|graphs/contributors|forks?|edit)\b"), _LIKELY),
    (re.compile(rf"{_GITHUB}/(?:issues|pulls?|discussions)(?:/new)?[\s)\"'>\]]"), _HINT),
    (re.compile(rf"{_GITHUB}/(?:blob|raw|tree|edit)/\w+/(?:LICENSE|CONTRIBUTING|README)",
                re.IGNORECASE), _LIKELY),
    (re.compile(rf"{_GITHUB}(?:/blob/\w+/README\w*\.md)?#[\w-]"), _HINT),
)  # fmt: skip
"""What links to a list from itself, wherever it stands."""
_IN_HEAD = (
    (re.compile(rf"img\.shields\.io/github/[a-z-]+(?:/[a-z]+)?/{_REPOSITORY}"), _LIKELY),
    (re.compile(rf"badgen\.net/github/[a-z-]+/{_REPOSITORY}"), _LIKELY),
    (re.compile(rf"(?:hits|visitor|count)\S*?(?:url|path|page_id|page)="
                rf"(?:https?://)?(?:github\.com/)?{_REPOSITORY}"), _SURE),
    (re.compile(r"page_id=(?P<owner>[A-Za-z0-9-]+)\.(?P<name>[\w.-]+)"), _SURE),
    (re.compile(rf"{_GITHUB}[\s)\"'>\]]"), _HINT),
    (re.compile(rf"{_GITHUB}/(?:blob|raw|tree)/(?:main|master)/"), _HALF),
    (re.compile(rf"!\[awesome\]\([^)]*\)\]\(https?://{_GITHUB}/?\)", re.IGNORECASE), _LIKELY),
)  # fmt: skip
"""The same, above the entries: below, they are about the papers."""
_NO_LIST = {"sindresorhus/awesome", "chetanraj/awesome-github-badges"}
_MOST_HINTS = 4
_SHORTEST_NAME = 8
"""Letters of a title that no other repository bears by chance."""


def home_of(head: Iterable[str], whole: Iterable[str], title: str) -> str:
    """Return the address of the list itself on GitHub; empty if it is not clear.

    Args:
        head: The lines above the first entry and those below the last.
        whole: All lines.
        title: The name of the list; its repository often bears it.
    """
    found = _Votes()
    found.count(whole, _ANYWHERE)
    found.count(head, _IN_HEAD)
    found.count_namesakes(whole, slug(title).replace("-", ""))
    return found.winner()


class _Votes:
    """How clearly each repository is that of the list."""

    def __init__(self) -> None:
        self._scores: dict[str, int] = defaultdict(int)
        self._hints: dict[str, int] = defaultdict(int)
        self._spelt: dict[str, str] = {}

    def count(self, lines: Iterable[str], forms: Iterable[tuple[re.Pattern[str], int]]) -> None:
        """Count what in some lines links to a list from itself."""
        texts = [one for line in lines if "/" in line for one in {line, unquote(line)}]
        for form, weight in forms:
            for text in texts:
                for found in form.finditer(text):
                    key = self._key(found)
                    if weight == _HINT:
                        self._hints[key] = min(self._hints[key] + 1, _MOST_HINTS)
                    else:
                        self._scores[key] += weight

    def count_namesakes(self, lines: Iterable[str], name: str) -> None:
        """Count repositories that bear the name of the list."""
        if len(name) < _SHORTEST_NAME:
            return
        whole = "\n".join(line for line in lines if "github.com" in line)
        keys = {self._key(found) for found in re.finditer(_GITHUB, whole)}
        for key in keys:
            if slug(key.partition("/")[2]).replace("-", "") == name:
                self._scores[key] += _SURE

    def winner(self) -> str:
        """Return the address of the repository that is clearly the first; else nothing."""
        totals = {
            key: self._scores[key] + self._hints[key]
            for key in (*self._scores, *self._hints)
            if key not in _NO_LIST
        }
        ranked = sorted(totals, key=lambda key: -totals[key])
        clear = ranked and totals[ranked[0]] >= _LIKELY
        if not clear or (ranked[1:] and totals[ranked[1]] == totals[ranked[0]]):
            return ""
        return f"https://github.com/{self._spelt[ranked[0]]}"

    def _key(self, found: re.Match[str]) -> str:
        name = re.sub(r"(?:\.(?:git|svg|png))?\.*$", "", found["name"])
        spelt = f"{found['owner']}/{name}"
        self._spelt.setdefault(spelt.casefold(), spelt)
        return spelt.casefold()

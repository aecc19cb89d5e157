"""The headings of a list: which category they open, and which of them hold no entries."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from rftsearch.papers.paper import Kind
from rftsearch.text.clean import strip_emoji

__all__ = ["Outline", "Path", "Section", "about_the_list", "below", "document_title", "is_contents"]

Path = tuple[str, ...]
"""The headings above an entry, outermost first."""


@dataclass(frozen=True, slots=True)
class Section:
    """What the headings above a bullet say of it."""

    category: str
    kind: Kind
    hidden_by: str | None = None
    """The heading that keeps it from being read: it is about the list itself."""
    path: Path = ()
    top: int = 0
    """Level of the outermost heading above; 0 without any."""

    @property
    def holds_entries(self) -> bool:
        """Whether it is about papers, rather than about the list itself."""
        return self.hidden_by is None


_KIND_HEADING = re.compile(
    r"(?:open[- ]source\s+)?(?P<kind>paper|project)s?(?:\s+(?:without|sort|sorted|by)\b.*)?",
    re.IGNORECASE,
)

_DATE = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?"
    r"|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?|[0-9]{1,4}(?:st|nd|rd|th)?)[.,]?"
)
_ABOUT = rf"(?:(?:the|our|latest|recent|newest|new|project|repo(?:sitory)?|list|{_DATE})\s+)*"
_THIS = r"(?:\s+(?:us|it|this|our|the|work|paper|papers|repo(?:sitory)?|list|survey|project))*"

# Sections about the list itself: what stands in them, and below them, is no entry.
_NEWS_FORM = (
    rf"{_ABOUT}(?:news|updates?|updated|announcements?|change\s?log|release\s+notes)"
    rf"(?:\s+(?:log|logs|history|feed))?(?:\s+(?:in\s+)?{_DATE})*"
    r"|what(?:['\u2019]s|\s+is)\s+new"
    r"|(?:最新|近期)?(?:更新|新闻|新聞|动态|消息|公告)(?:日志|记录|历史|日誌|时间|履歴)?|お知らせ|ニュース|소식|업데이트"
)
_NEWS = re.compile(_NEWS_FORM, re.IGNORECASE)
_HOUSEKEEPING = re.compile(
    rf"{_NEWS_FORM}"
    r"|to[- ]?dos?(?:\s+list)?|road\s?map"
    rf"|(?:how\s+to\s+|please\s+)?contribut(?:e|ions?|ing|ors?)(?:\s+(?:to|guide|guidelines?))?{_THIS}"
    r"|acknowledge?ments?|our\s+contributors"
    rf"|(?:how\s+to\s+|please\s+)?cit(?:e|ing|ations?){_THIS}|bibtex|references?\s+format"
    r"|引用(?:本文|我们)?|(?:如何)?贡献(?:指南|者)?|致谢|许可证?|联系(?:我们|方式)?|待办|謝辞|ライセンス"
    r"|licen[cs]es?|contact(?:\s+(?:us|me))?|star(?:gazers)?(?:\s+(?:chart|history|over\s+time))?",
    re.IGNORECASE,
)
# A table of contents hides itself; the headings below it may hold the list.
_CONTENTS = re.compile(r"(?:table\s+of\s+)?contents?|toc|目录|目錄|目次|목차", re.IGNORECASE)


class Outline:
    """The headings that are open at a point of the document, outermost first."""

    def __init__(self, fallback: str) -> None:
        """Begin a document whose entries are in `fallback` until a heading opens."""
        self._fallback = fallback
        self._open: list[tuple[int, str]] = []

    def enter(self, level: int, text: str) -> None:
        """Open a heading, closing those of its level and below."""
        self._open = [heading for heading in self._open if heading[0] < level]
        self._open.append((level, strip_emoji(text).strip(" :")))

    @property
    def section(self) -> Section:
        """What holds at this point: the innermost heading of each sort decides."""
        category = self._fallback
        kind: Kind = "paper"
        hidden_by = None
        for number, (_, name) in enumerate(self._open, start=1):
            if named := _kind_of_heading(name):
                kind = named
            elif _all_parts(_HOUSEKEEPING, name):
                hidden_by = hidden_by or name
            elif _CONTENTS.fullmatch(name):
                hidden_by = hidden_by or (name if number == len(self._open) else None)
            else:
                category = name or category
        top = self._open[0][0] if self._open else 0
        return Section(category, kind, hidden_by, tuple(name for _, name in self._open), top)


def document_title(paths: Sequence[Path]) -> str | None:
    """Return the heading above nearly all entries, if others stand below it: the title.

    Args:
        paths: The path of each entry, repeated as often as there are entries.
    """
    first = Counter(path[0] for path in paths if path)
    if not first:
        return None
    most, count = first.most_common(1)[0]
    inner = any(len(path) > 1 for path in paths if path and path[0] == most)
    return most if inner and count > 0.9 * len(paths) else None


def below(title: str | None, path: Path) -> Path:
    """Return the headings of a path that stand below the document's title."""
    return tuple(name for name in path if name and name != title)


@lru_cache(maxsize=1024)
def about_the_list(name: str) -> bool:
    """Return whether what stands under a heading is about the list itself: news, a licence."""
    return _all_parts(_HOUSEKEEPING, name)


def is_news(name: str) -> bool:
    """Return whether a heading opens news of the list."""
    return _all_parts(_NEWS, name)


def is_contents(name: str) -> bool:
    """Return whether a heading opens a table of contents."""
    return _CONTENTS.fullmatch(name) is not None


def _kind_of_heading(name: str) -> Kind | None:
    match = _KIND_HEADING.fullmatch(re.sub(r"\([^()]*\)", "", name).strip())
    if match is None:
        return None
    return "project" if match["kind"].lower() == "project" else "paper"


def _all_parts(pattern: re.Pattern[str], name: str) -> bool:
    """Whether each part of a heading such as "News & Updates" is of a pattern."""
    bare = re.sub(r"\([^()]*\)|\[[^\[\]]*\]", "", name).strip(" !?:.-\u2013\u2014")
    parts = re.split(r"\s*[&,/|]\s*|\s+and\s+", bare)
    return any(parts) and all(pattern.fullmatch(part) for part in parts)

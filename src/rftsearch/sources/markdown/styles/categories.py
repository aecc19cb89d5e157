"""The categories of entries: of the headings above one, that under which people look for it."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping

from rftsearch.sources.markdown.outline import Path, below, document_title, is_contents
from rftsearch.sources.markdown.words.features import words_in

__all__ = ["clean_heading", "is_back_link", "is_date_only", "name_categories", "says_nothing"]

_MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?"
    r"|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)"
)
_DATED = re.compile(
    rf"(?:(?:{_MONTH}|week|q[1-4]|\d{{1,2}}(?:st|nd|rd|th)?|to|and|now|before|after|earlier|older"
    r"|since|until|in|from|papers?|of|the|[a-z]{1,2}|(?:19|20)\d\ds?)\b\W*)+",
    re.IGNORECASE,
)
_NO_SUBJECT = re.compile(
    r"(?:(?:awesome|list|lists|full|all|the|our|main|reading|research|related|relevant|selected|"
    r"recent|latest|new|recommended|milestone|must[- ]read|\d+)\s+)*"
    r"(?:papers?|publications?|articles?|works?|list|lists|paper\s*list|methods?|preprints?|"
    r"entries|others?|more|overview|contents?|resources|conferences?|journals?|awesome.*)"
    r"(?:\s*(?:list|lists|collection|&|and|/)\s*(?:papers?|list|collection|methods?)?)?",
    re.IGNORECASE,
)


def name_categories(
    paths: Iterable[Path], fallback: str, placed: Collection[Path] = ()
) -> Mapping[Path, str]:
    """Return the category of each path.

    That is its innermost heading which names a subject: no year or month, no `Papers`, and
    not the title of the document. Where one name stands under several others, the one
    above it is a part of the category: `Audio: Generation`.

    Args:
        paths: The path of each entry, repeated as often as there are entries.
        fallback: The category of entries without any heading.
        placed: Those in which a year stands below a subject that has its level: the heading
            above both is a part of their category.
    """
    every = list(paths)
    title = document_title(every)
    telling = {path: _telling(path, title) for path in dict.fromkeys(every)}
    above: dict[str, set[str]] = defaultdict(set)
    for names in telling.values():
        if names:
            above[_same(names[-1])].add(_same(names[-2]) if len(names) > 1 else "")
    return {
        path: _category(names, above, placed=path in placed) or _any_name(path, title) or fallback
        for path, names in telling.items()
    }


def _any_name(path: Path, title: str | None) -> str:
    """Return what distinguishes entries where no heading below the title names a subject.

    That is a title which names one; else a span of time with what stands above it, as in
    `Papers: 2020 and before`, since `Papers` alone is all of the list; else the innermost heading.
    """
    if subjects := [name for name in path if not says_nothing(name)]:
        return subjects[-1]
    inner = below(title, path)
    inner = tuple(name for name in inner if not is_contents(name)) or inner or path
    if len(inner) > 1 and is_date_only(inner[-1]):
        return f"{inner[-2]}: {inner[-1]}"
    return inner[-1] if inner else ""


def _category(names: Path, above: Mapping[str, set[str]], *, placed: bool) -> str:
    if not names:
        return ""
    if len(names) > 1 and (placed or len(above[_same(names[-1])]) > 1):
        return f"{names[-2]}: {names[-1]}"
    return names[-1]


def _telling(path: Path, title: str | None) -> Path:
    """Return the headings of a path that name a subject."""
    inner = below(title, path)
    return tuple(name for name in inner if not says_nothing(name)) or tuple(
        name for name in inner[-1:] if not is_date_only(name)
    )


def says_nothing(name: str) -> bool:
    """Return whether a heading names no subject: a year, `Papers`, `Contents`."""
    bare = " ".join(re.sub(r"\([^()]*\)|\[[^\[\]]*\]", " ", name).split()).strip(" .:!-")
    bare = re.sub(r"^(?:\d{1,3}(?:\.\d+)*\.?\s+)(?=\D)", "", bare)
    return is_date_only(bare) or is_contents(bare) or _NO_SUBJECT.fullmatch(bare) is not None


def is_date_only(name: str) -> bool:
    """Return whether a heading is only a year, a month or a span of time."""
    return not words_in(name) or (
        _DATED.fullmatch(name.strip("[]() ") + " ") is not None
        and re.search(rf"\d|\b{_MONTH}\b", name, re.IGNORECASE) is not None
    )


def _same(name: str) -> str:
    return " ".join(words_in(name)).casefold()


def is_back_link(text: str) -> bool:
    """Return whether a link of a heading leads to the top, or only to the heading itself."""
    words = " ".join(words_in(text)).casefold()
    return not words or bool(
        re.fullmatch(r"(?:back|go|return|to|the|top|up|toc|contents?|\s)+", words)
    )


def clean_heading(text: str) -> str:
    """Return a heading without what decorates it."""
    text = re.sub(r"\s*[(\[]\d{1,3}(?:\s+\w+)?[)\]]\s*$", "", text)  # How many papers it has.
    text = re.sub(r"\[\s*\]|\(\s*\)|\u00b6", " ", text)
    return " ".join(text.split()).strip(" :\uff1a#*-\u2013\u2014|>")

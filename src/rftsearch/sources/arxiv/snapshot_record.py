"""One line of arXiv's metadata snapshot as what arXiv says of a paper.

    {"id": "2503.01234", "title": "...", "abstract": "...", "categories": "cs.CV cs.CL",
     "authors_parsed": [["Author", "A.", ""]], "update_date": "2025-03-20",
     "versions": [{"version": "v1", "created": "Mon, 3 Mar 2025 10:00:00 GMT"}],
     "comments": "12 pages", "doi": "10.1000/xyz"}

`id` and `title` are needed; `authors` is read if `authors_parsed` is missing, and
other fields are ignored.
"""

from __future__ import annotations

import re
from typing import Any

from rftsearch.papers.paper import ArxivMetadata
from rftsearch.papers.people import needed_parts, shown_name
from rftsearch.sources.abstracts import says_withdrawn
from rftsearch.sources.jsonl import LineError, day_in, load_object, text_in
from rftsearch.text.clean import one_line
from rftsearch.text.dates import day_of

__all__ = ["ForeignError", "load_record", "metadata_of", "version_days"]


class ForeignError(LineError):
    """A line is not an object with id and title."""


def load_record(line: bytes) -> dict[str, Any]:
    """Read one line as a JSON object with id and title.

    Raises:
        ForeignError: It is not one, or lacks id or title.
    """
    try:
        record = load_object(line)
    except LineError as error:
        raise ForeignError(str(error)) from error
    if missing := [key for key in ("id", "title") if key not in record]:
        raise ForeignError(f"has no {' and no '.join(missing)}")
    return record


def metadata_of(
    record: dict[str, Any],
    arxiv_id: str,
    classes: list[str],
    first: str | None,
    last: str | None,
) -> ArxivMetadata:
    """Return what a record says of a paper.

    Args:
        record: As `load_record` reads it.
        arxiv_id: Its id, without version.
        classes: Its arXiv categories, primary first.
        first: Day of the first version.
        last: Day of the newest version.

    Raises:
        LineError: A field is not what it should be.
    """
    title, abstract = text_in(record, "title"), text_in(record, "abstract")
    if not title:
        raise LineError("title is empty")
    comment = text_in(record, "comments")
    authors, split_authors = _authors(record)
    return ArxivMetadata(
        arxiv_id=arxiv_id,
        title=title,
        abstract=abstract,
        authors=authors,
        published=first,
        updated=last,
        categories=tuple(dict.fromkeys(classes)),
        comment=comment or None,
        doi=text_in(record, "doi") or None,
        withdrawn=says_withdrawn(comment, abstract),
        split_authors=split_authors,
    )


def _authors(record: dict[str, Any]) -> tuple[tuple[str, ...], tuple[tuple[str, str, str], ...]]:
    """Return the authors as people write them, and each as family name, given name and suffix.

    `A. Author Jr` and `("Author", "A.", "Jr")` for `["Author", "A.", "Jr"]`. The parts are
    left out if every name can be taken apart without them.
    """
    parsed = record.get("authors_parsed")
    if parsed is None:
        bare = re.sub(r"\([^()]*\)", " ", text_in(record, "authors"))
        names = re.split(r",|\band\b", bare)
        return tuple(name for part in names if (name := one_line(part))), ()
    try:
        # Family, given, suffix; what comes after them is where the author works.
        split = [
            (one_line(name[0]), one_line("".join(name[1:2])), one_line("".join(name[2:3])))
            for name in _lists(parsed)
        ]
    except (AttributeError, TypeError, LookupError) as error:
        raise LineError("authors_parsed is not a list of names") from error
    named = tuple(name for name in split if any(name))
    return tuple(map(shown_name, named)), needed_parts(named)


def _lists(value: object) -> list[list[str]]:
    if not isinstance(value, list) or not all(isinstance(each, list) for each in value):
        raise TypeError(value)
    return value


def version_days(record: dict[str, Any]) -> tuple[str | None, str | None]:
    """Return the days of the first and of the newest version; None where not given.

    Without versions, `update_date` stands for the newest: the day on which arXiv last
    wrote the record.

    Raises:
        LineError: They are not days.
    """
    versions = record.get("versions")
    if not versions:
        return None, day_in(record, "update_date")
    try:
        return day_of(versions[0]["created"]), day_of(versions[-1]["created"])
    except (TypeError, LookupError, ValueError) as error:
        raise LineError("versions have no day of creation") from error

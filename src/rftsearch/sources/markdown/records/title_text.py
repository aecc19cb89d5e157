"""The text of a title: cut from what stands before and behind it, and cleaned."""

from __future__ import annotations

import re

from rftsearch.sources.bounds import LONGEST_TITLE
from rftsearch.sources.markdown.styles.pieces import Piece, flat_text
from rftsearch.sources.markdown.words.features import (
    find_month,
    has_words,
    is_date,
    is_label,
    is_title_case,
    words_in,
)
from rftsearch.sources.markdown.words.people import (
    ends_in_abbreviation,
    looks_like_authors,
    looks_like_person,
)
from rftsearch.sources.markdown.words.venues import is_venue
from rftsearch.text.clean import EMOJI

__all__ = [
    "A_NAME",
    "FEW",
    "LONGEST",
    "clean_title",
    "cut_title",
    "title_of_reference",
    "without_fields_behind",
    "without_label_behind",
    "without_labels",
    "without_prefix",
]

LONGEST = 2 * LONGEST_TITLE
"""Characters of a line in which a title is looked for."""
A_NAME = 4
"""Words before a linked title that may be a short name, as in `**Lantern**: [Title](...)`."""
FEW = 6
"""Words beside a title that are no running text yet."""
_DASHES = {"-", "\u2013", "\u2014"}


def without_labels(title: str) -> str:
    """Return a linked title without a venue or date in brackets before it."""
    found = re.match(r"[\[(]([^\[\]()]{2,30})[\])]\s*[:.-]?\s*(?=\S+\s)", title)
    return title[found.end() :] if found and is_label(found[1]) else title


_PREFIX = re.compile(
    rf"\s*(?:{EMOJI}|:[a-z0-9_+-]+:(?=\s)"
    r"|[\[(\uff08\u3010<{](?P<group>[^\[\]()\u3010\u3011<>{}]{0,45})[\])\uff09\u3011>}]\s*[:.,-]?"
    r"|\d{1,4}\s*[.)\u3001:]\s"
    r"|(?:ar[Xx]iv:)?\d{4}\.\d{4,5}(?:v\d+)?(?=[\s:,]|$)"
    r"|(?:19|20)\d\d(?:[-/.]\d{1,2}){0,2}(?=[\s:,|])[:,]?"
    r"|(?:[Tt]itle|[Pp]aper|new|NEW|\u8bba\u6587|\u8ad6\u6587|\u6807\u9898|\u984c\u76ee|\u9898\u76ee"
    r"|\u30bf\u30a4\u30c8\u30eb)\s*[:!\uff1a]\s*"
    r"|[-*\u2022\u25cf\u00b7+|>\]:,;.\u2013\u2014!~^\u2605\u2606]+(?=\s|\[|\(|\w|$))"
)


def without_prefix(text: str) -> str:
    """Return a text without the date, venue, number or tag that stands before its title."""
    last = ""
    while match := _PREFIX.match(text):
        if match.end() == 0:
            break
        group = match["group"]
        if group is not None and len(words_in(group)) > 4 and not is_label(group):
            break
        last = group or last
        text = text[match.end() :]
    if not has_words(re.sub(r"\([^()]*\)", "", text)) and len(words_in(last)) > 2:
        return last if not is_label(last) else text  # `[Title] (Bee et al., ICML 2024)`
    first = re.match(r"\s*([^:,|\u2013-]{2,60})\s*[:,|\u2013-]\s", text)
    if first and (
        is_date(first[1])
        or (is_venue(first[1]) and (find_month(first[1]) or _YEAR_AND_MARK.search(first[0])))
    ):
        text = text[first.end() :]
    return text.strip()


_YEAR_AND_MARK = re.compile(r"\||(?:19|20)\d\d\b[^,]*,\s$")
"""`SOUP 2023 Oral, ` before a title."""
_FIELD_BEHIND = re.compile(r"\s+[-\u2013\u2014|]\s*(?P<field>[^-\u2013\u2014|]{2,30})$")


def without_fields_behind(title: str) -> str:
    """Return a linked title without venue and year: `Title - SOUP - 2017`."""
    while (found := _FIELD_BEHIND.search(title)) and (
        is_date(found["field"]) or is_venue(found["field"])
    ):
        title = title[: found.start()]
    return title


def cut_title(text: str) -> str:
    """Cut a text where authors, a venue, a date or a description begin."""
    text = re.sub(r"\t+(?=and\s)", " ", text)
    text = re.split(r"\s*[\[\u3010(\uff08]\s*$|\t|\s*[\[\u3010]", text, maxsplit=1)[0]
    lines = [part for part in text.split("\n") if part.strip()]
    for number, part in enumerate(lines[1:], start=1):
        if looks_like_authors(part) or is_label(part) or is_venue(part):
            lines = lines[:number]
            break
    text = " ".join(lines).replace("\u00a0", " ")
    wide = re.split(r"\s{2,}", text.strip())
    if len(wide) > 1 and words_in(wide[0]) and len(words_in(" ".join(wide[1:]))) > 4:
        text = wide[0]
    text = " ".join(text.split())
    text = without_label_behind(text)
    text = _ENDS_WITH_IN.sub("", _without_authors(text))
    for match in re.finditer(r"(?P<end>[.?!])\s+|\s+[-\u2013\u2014|]\s+|,\s+|;\s+|\s+by\s+", text):
        head, rest = text[: match.start() + bool(match["end"])], text[match.end() :]
        mark = match[0].strip()
        if len(words_in(head)) < 2 and mark not in _DASHES | {"|"}:
            continue
        alone = mark == "," and len(words_in(head)) > 2 and looks_like_person(rest)
        if alone or _title_is_over(mark, rest):
            return head
    return text


_ENDS_WITH_IN = re.compile(r"(?<=[.?!,])\s+in:?\s*$", re.IGNORECASE)
"""`A title. In`, before a venue that is written in another way."""


def _title_is_over(mark: str, rest: str) -> bool:
    """Return whether what stands behind a sign belongs to the title no more."""
    first = re.split(r"[.(|]|\s[-\u2013\u2014]\s", rest, maxsplit=1)[0]
    if is_venue(rest) or is_label(rest) or _ends_entry(rest):
        return True
    if mark == ",":
        return _names_and_venue(rest) or (
            bool(re.search(r"\bet\.?\s?al\b", first)) and len(words_in(first)) < FEW
        )
    if mark == "." and _may_be_author(first):
        behind = rest[len(first) :].strip(" .")
        if not behind or _ends_entry(behind) or is_label(behind):
            return True
    names = looks_like_authors(first) and not is_title_case_topic(first)
    if names or (mark == "|" and looks_like_person(first)):
        return True
    words = len(words_in(rest))
    described = not is_title_case(rest) and words >= A_NAME
    if mark in _DASHES:
        return described or re.match(r"[a-z]", rest) is not None
    return mark == "." and described and words >= FEW


def without_label_behind(text: str) -> str:
    """Return a title without the venue, date or authors in parentheses behind it."""
    while match := re.search(r"[,.;]?\s*[(\uff08](?P<group>[^()]*)[)\uff09]\W*$", text):
        glued = match[0].startswith("(") and len(match["group"]) < A_NAME  # As in SE(3).
        if glued or not (is_label(match["group"]) or looks_like_authors(match["group"])):
            break
        text = text[: match.start()]
    return text


def _may_be_author(text: str) -> bool:
    """Return whether a sentence is the name of one person, as it stands behind a title."""
    words = text.split()
    return looks_like_person(text) and text.isascii() and not words[0].endswith(("ing", "ed"))


def _names_and_venue(text: str) -> bool:
    """Return whether a text is names, one behind the other, and then a venue or a date."""
    parts = re.split(r"\s*,\s*|\.\s+", text)
    people = next((n for n, part in enumerate(parts) if not looks_like_person(part)), len(parts))
    end = parts[people] if people < len(parts) else ""
    return people > 1 and (is_venue(end) or is_date(end)) and has_words(end)


_AUTHORS_AND_YEAR = re.compile(
    r"(?P<names>[^\d()]{3,300})\(?(?:19|20)\d\d[a-z]?\)?[.,:]\s+(?=\S+\s)"
)


def _without_authors(text: str) -> str:
    """Return a text without the authors, and the year, with which a reference begins."""
    if found := _AUTHORS_AND_YEAR.match(text):
        names = found["names"]
        if looks_like_authors(names) or len(re.findall(r"\b[A-Z]\.", names)) >= 2:
            return text[found.end() :]
    if (title := title_of_reference(text)) is not None:
        return title
    head, dot, rest = text.partition(". ")
    while dot and len(words_in(rest)) >= 2:
        unfinished = ends_in_abbreviation(head) and not head.endswith(("Jr", "Sr"))
        if looks_like_authors(head) and not unfinished:
            return rest
        if len(words_in(head.rpartition(". ")[2])) > 1 and not ends_in_abbreviation(head):
            break  # Not the dot of an initial.
        more, dot, rest = rest.partition(". ")
        head = f"{head}. {more}"
    return text


_SEPARATOR = re.compile(r"\s*(?:,\s*and\s+|,\s*|\s+and\s+)")
_OF_A_PERSON = re.compile(
    r"(?:(?:[A-Z]\.?-?){1,3}|[^\W\d_a-z][\w'\u2019]*[a-z][\w'\u2019]*(?:-[^\W\d_][\w]*)*"
    r"|v[ao]n|de[rln]?|d[aio]s?|la|le|el|al|bin)\.?"
)
_MOST_NAMES = 4


def title_of_reference(text: str) -> str | None:
    """Return the title, and what follows it, of `A. Bee, C. Dew, A title of words, ICML, 2014`.

    None where a text does not begin with several names and then words that are none.
    """
    at = names = 0
    for mark in _SEPARATOR.finditer(text):
        part = text[at : mark.start()].strip()
        if not _may_be_a_person(part):
            break
        names, at = names + 1, mark.end()
    rest = text[at:]
    first = re.split(r"[,.(\[]", rest, maxsplit=1)[0]
    several = names > 1 and len(words_in(first)) > 2 and not looks_like_person(first)
    published = any(map(_ends_entry, re.split(r"[,.]\s+", rest)[1:]))
    sure = published or names > 2 or re.search(r"\sand\s[^,]*,\s*$", text[:at]) is not None
    return rest if several and not is_venue(first) and sure else None


def _may_be_a_person(part: str) -> bool:
    """Return whether a part of a reference may be a name; `R-CNN` and `3D Vision` are none."""
    words = part.split()
    if not 1 <= len(words) <= _MOST_NAMES or is_venue(part):
        return False
    few_capitals = all(len(re.findall("[A-Z]", word)) < 3 or len(word) < 4 for word in words)
    return (
        few_capitals and all(map(_OF_A_PERSON.fullmatch, words)) and not is_title_case_topic(part)
    )


def is_title_case_topic(text: str) -> bool:
    """Return whether a text has the little words that a list of names lacks."""
    return bool(re.search(r"\b(?:for|with|via|from|the|of|in)\b", text))


def _ends_entry(text: str) -> bool:
    """Return whether a text is a venue and what follows it, as at the end of an entry."""
    head = re.split(r"[.,;\[(]|\s[-\u2013]\s", text, maxsplit=1)[0]
    return is_venue(head) or bool(re.match(r"(?i)arxiv[\s:]", text)) or is_date(text)


_YEAR_BEHIND = re.compile(
    r"(?<=\w\W|\w\w)\s+(?:\((?:19|20)\d\d\)|(?:19|20)\d\d[-/.](?:\d{1,2}|X))\W*$"
)


def _first_field(text: str) -> str:
    """Return the first of several fields, `Name 2023-5 | EN | MIT`, without its date."""
    fields = re.split(r"\s\|\s", text)
    text = fields[0] if len(fields) > _FIELDS and has_words(fields[0]) else text
    return _YEAR_BEHIND.sub("", text)


_FIELDS = 2


def clean_title(text: str) -> str:
    """Return a title without the signs around it."""
    text = _first_field(flat_text([Piece(text, 0)]))
    text = text.strip(" *_`|,;:\u3002\uff0c\uff1a\u2022\u25cf\u2013\u2014~")
    text = (
        re.sub(
            r"^[\"\u201c\u201f](?=[^\"\u201c\u201d]*$)|(?<=[\w.?!])[\"\u201d]$(?<!\d\")", "", text
        )
        if text.count('"') + text.count("\u201c") + text.count("\u201d") == 1
        else text
    )
    if re.fullmatch(r"[\"\u201c][^\"\u201c\u201d]*[\"\u201d]\.?", text):
        text = text.strip(".")[1:-1]
    for opening, closing in ("[]", "()"):
        if text.startswith(opening) and text.endswith(closing) and text.count(opening) == 1:
            text = text[1:-1]
        if text.count(opening) > text.count(closing) and text.endswith(opening):
            text = text[:-1]
    text = text.strip(" *_|,;:\u2013\u2014-")
    if text.endswith(".") and not text.endswith(".."):
        text = text[:-1]
    return text.strip()

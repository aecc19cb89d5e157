"""Find the title of a paper in the lines of its entry, by features that lists share.

In order: a linked text that is no label, a text in quotes, a bold text at the beginning of
a line, the words with which a line begins.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from rftsearch.sources.bounds import LONGEST_TITLE
from rftsearch.sources.markdown.styles.citations import arxiv_id_of, cited_paper
from rftsearch.sources.markdown.styles.features import (
    find_month,
    is_date,
    is_label,
    is_title_case,
    is_venue,
    looks_like_authors,
    words_in,
)
from rftsearch.sources.markdown.styles.pieces import Piece, flat_text
from rftsearch.text.addresses import is_web_address

__all__ = ["Found", "find_title", "is_title_link"]


@dataclass(frozen=True, slots=True)
class Found:
    """A title, and what was found with it."""

    title: str
    name: str = ""
    """A short name that stands apart from it."""
    link: Piece | None = None
    """The link whose text it is."""


def is_title_link(piece: Piece) -> bool:
    """Return whether a link's text may be a title, rather than a label."""
    if piece.url is None or piece.is_badge or piece.url.startswith("#"):
        return False
    return is_web_address(piece.url) and not is_label(piece.text)


def find_title(lines: Sequence[Sequence[Piece]]) -> Found | None:
    """Return the title of the entry that some lines hold; None if they have none.

    Args:
        lines: As `split_lines` gives them.
    """
    weak: Found | None = None
    for number, line in enumerate(lines):
        found = _in_line(line)
        if found is None:
            continue
        # One or two words may be a name over the title: "**Lantern**", then the title.
        if len(words_in(found.title)) >= 3 or (found.link and arxiv_id_of(found.link)):
            if weak and not weak.link and number < 3 and found.link and not found.name:
                return Found(found.title, weak.title, found.link)
            return weak if weak and not found.link else found
        weak = weak or found
    return weak


def _in_line(line: Sequence[Piece]) -> Found | None:
    plain = _plain(line)
    linked = _linked(line, plain)
    if linked is not None:
        return linked
    text = _quoted(line) or _bold(line, plain) or plain
    return Found(text, _bold_name(line, text)) if text else None


def _linked(line: Sequence[Piece], plain: str | None) -> Found | None:
    """Return the title of a line as its first linked text gives it, that of a paper if any is."""
    links = [n for n, piece in enumerate(line) if is_title_link(piece)]
    papers = [n for n in links if cited_paper(line[n])]
    first = next(iter(papers or links), None)
    label = clean_title(line[first].text) if first is not None else ""
    if first is None or not label:
        return None
    link = line[first]
    before = _without_prefix(flat_text(line[:first])[:_LONGEST])
    words = len(words_in(before))
    short = len(words_in(label)) <= 2
    found = None
    if words == 0:
        goes_on = short and plain and _goes_on(line, first)
        found = Found(plain, label, link) if goes_on and plain else Found(label, "", link)
    elif words <= _A_NAME and not short:
        found = Found(label, _as_name(before), link)
    elif plain and words >= _MORE_THAN_A_NAME and short:
        found = Found(plain, label if papers and first == links[0] else "")
    elif not short and (looks_like_authors(before) or words <= _FEW or papers):
        quoted = _quoted(line[:first])
        found = Found(quoted) if quoted else Found(label, "", link)
    return found


_LONGEST = 2 * LONGEST_TITLE
"""Characters of a line in which a title is looked for."""
_MORE_THAN_A_NAME = 3
_A_NAME = 4
"""Words before a linked title that may be a short name, as in `**Lantern**: [Title](...)`."""
_FEW = 6
"""Words before a linked title that are no running text yet."""


def _goes_on(line: Sequence[Piece], n: int) -> bool:
    """Return whether a short linked name is only the first part of the title."""
    rest = "".join(piece.text for piece in line[n + 1 :][:2] if piece.url is None)
    match = re.match(r"\s*(?::|\uff1a|-|\u2013|\u2014)?\s*(?P<rest>[^\[\](]*)", rest)
    words = match["rest"] if match else ""
    if len(words_in(words)) < 3 or looks_like_authors(words):
        return False
    return is_title_case(words) and (":" in rest[:3] or len(words_in(words)) <= 20)


_QUOTED = re.compile(
    '(?:["\u201c\u201f]|``)\\s*(?P<text>[^"\u201c\u201d]{6,400}?)\\s*(?:["\u201d]|\'\')(?P<after>.{0,3})'
)


def _quoted(line: Sequence[Piece]) -> str | None:
    text = flat_text(piece for piece in line if not (piece.url and is_label(piece.text)))
    found = _QUOTED.search(text[:_LONGEST])
    if found is None or len(words_in(found["text"])) < 2:
        return None
    before = _without_prefix(text[: found.start()])
    if words_in(before):
        apart = before.rstrip().endswith((".", ",", ":", "-", "\u2013", "|"))
        return clean_title(found["text"]) if apart or looks_like_authors(before) else None
    ended = found["text"].endswith((".", "?", "!", ","))
    if not ended and re.match(r"\s*[\w:?]", found["after"]):
        rest = text[found.end() - len(found["after"]) :]
        rest = re.split(r"[.\[(]", rest, maxsplit=1)[0]
        if not looks_like_authors(rest) and not is_venue(rest):
            return None
    return clean_title(found["text"])


def _bold(line: Sequence[Piece], plain: str | None) -> str | None:
    """Return a bold text with which a line begins, joined with what continues it."""
    first = next((n for n, p in enumerate(line) if words_in(p.text)), None)
    while first is not None and _is_prefix(line[first]):
        first = next((n for n in range(first + 1, len(line)) if words_in(line[n].text)), None)
    if first is None or not line[first].bold or line[first].url:
        return None
    text = clean_title(line[first].text[:_LONGEST])
    if is_label(text) or re.search(r"\bet\.?\s?al\b", text):
        return None
    rest = ""
    for piece in line[first + 1 :]:
        if piece.url or piece.italic or piece.images:
            break
        rest += piece.text
    colon = line[first].text.rstrip().endswith((":", "\uff1a"))
    return _continued(text, (":" if colon else "") + " ".join(rest.split()), plain)


def _continued(text: str, rest: str, plain: str | None) -> str:
    """Return a bold text, with the words that follow it if they are a part of the title."""
    words = len(words_in(text))
    body = re.split(r"[\[({|]", rest.lstrip(":\uff1a-\u2013\u2014 "), maxsplit=1)[0]
    more = len(words_in(body)) >= 2 and not looks_like_authors(body) and not is_venue(body)
    if plain is None or not more:
        return text
    title = is_title_case(body)
    title_of_both = (
        (rest.startswith((":", "\uff1a")) and words < 5 and (title or words <= 2))
        or (re.match(r"\w", rest) and title and words < 5)
        or (re.match(r"[\w-]", rest) and title and words >= 5 and len(words_in(body)) < 8)
    )
    if title_of_both:
        return plain
    if words < 5 and re.match(r"[-\u2013\u2014]\s", rest) and title:
        return clean_title(f"{text}: {_cut(body)}")
    return text


def _is_prefix(piece: Piece) -> bool:
    """Return whether a piece only stands before a title: a date, a venue, a number."""
    return not piece.url and not words_in(_without_prefix(piece.text.strip() + " "))


_PREFIX = re.compile(
    r"\s*(?:[\[(\uff08\u3010<{](?P<group>[^\[\]()\u3010\u3011<>{}]{0,45})[\])\uff09\u3011>}]\s*[:.,-]?"
    r"|\d{1,4}\s*[.)\u3001:]\s"
    r"|(?:19|20)\d\d(?:[-/.]\d{1,2}){0,2}(?=[\s:,|])[:,]?"
    r"|(?:title|paper|new|NEW)\s*[:!]\s*"
    r"|[-*\u2022\u25cf\u00b7+|>\]:,;.\u2013\u2014!~^\u2605\u2606]+(?=\s|\[|\(|\w|$))"
)


def _without_prefix(text: str) -> str:
    """Return a text without the date, venue, number or tag that stands before its title."""
    while match := _PREFIX.match(text):
        if match.end() == 0:
            break
        group = match["group"]
        if group is not None and len(words_in(group)) > 4 and not is_label(group):
            break
        text = text[match.end() :]
    first = re.match(r"\s*([^:,|\u2013-]{2,40})\s*[:,|\u2013-]\s", text)
    if first and (is_date(first[1]) or (is_venue(first[1]) and find_month(first[1]))):
        text = text[first.end() :]
    return text.strip()


def _plain(line: Sequence[Piece]) -> str | None:
    """Return the words with which a line begins, up to what is no title any more."""
    text = ""
    for number, piece in enumerate(line):
        if piece.is_badge:
            continue
        if piece.url is not None:
            if not words_in(_without_prefix(text)) and is_title_link(piece) and number < 4:
                text += piece.text
                continue
            if words_in(_without_prefix(text)):
                break
            text = ""
            continue
        if (
            piece.italic
            and not piece.bold
            and len(words_in(_without_prefix(text))) >= 2
            and (
                looks_like_authors(piece.text)
                or (re.search(r"[.,:;)\]\s]\s*$", text) and not _middle(line, number))
            )
        ):
            break
        text += piece.text
    text = _without_prefix(text[:_LONGEST])
    return _is_title(title) if (title := clean_title(_cut(text))) else None


def _middle(line: Sequence[Piece], number: int) -> bool:
    """Return whether an emphasised word stands within running words."""
    after = line[number + 1].text if number + 1 < len(line) and not line[number + 1].url else ""
    return len(words_in(line[number].text)) <= 3 and re.match(r"\s*[a-z]", after) is not None


def _cut(text: str) -> str:
    """Cut a text where authors, a venue, a date or a description begin."""
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
    while match := re.search(r"[,.;]?\s*[(\uff08](?P<group>[^()]*)[)\uff09]\W*$", text):
        if not (is_label(match["group"]) or looks_like_authors(match["group"])):
            break
        text = text[: match.start()]
    text = _without_authors(text)
    for match in re.finditer(r"(?P<end>[.?!])\s+|\s+[-\u2013\u2014|]\s+|,\s+|;\s+|\s+by\s+", text):
        head, rest = text[: match.start() + bool(match["end"])], text[match.end() :]
        mark = match[0].strip()
        if len(words_in(head)) < 2 and mark not in {"-", "\u2013", "\u2014"}:
            continue
        first = re.split(r"[.(]|\s[-\u2013\u2014]\s", rest, maxsplit=1)[0]
        if is_venue(rest) or is_label(rest) or _ends_entry(rest):
            return head
        if mark != "," and looks_like_authors(first) and not is_title_case_topic(first):
            return head
        if mark == "," and re.search(r"\bet\.?\s?al\b", first) and len(words_in(first)) < 6:
            return head
        if mark in {"-", "\u2013", "\u2014"} and (
            (not is_title_case(rest) and len(words_in(rest)) > 3) or re.match(r"[a-z]", rest)
        ):
            return head
        if mark == "." and len(words_in(rest)) > 5 and not is_title_case(rest):
            return head
    return text


_AUTHORS_AND_YEAR = re.compile(
    r"(?P<names>[^\d()]{3,300})\(?(?:19|20)\d\d[a-z]?\)?[.,:]\s+(?=\S+\s)"
)


def _without_authors(text: str) -> str:
    """Return a text without the authors, and the year, with which a reference begins."""
    if found := _AUTHORS_AND_YEAR.match(text):
        names = found["names"]
        if looks_like_authors(names) or len(re.findall(r"\b[A-Z]\.", names)) >= 2:
            return text[found.end() :]
    head, dot, rest = text.partition(". ")
    while dot and len(words_in(rest)) >= 2:
        if looks_like_authors(head):
            return rest
        if len(words_in(head.rpartition(". ")[2])) > 1 and len(head.rpartition(" ")[2]) > 1:
            break  # Not the dot of an initial.
        more, dot, rest = rest.partition(". ")
        head = f"{head}. {more}"
    return text


def is_title_case_topic(text: str) -> bool:
    """Return whether a text has the little words that a list of names lacks."""
    return bool(re.search(r"\b(?:for|with|via|from|the|of|in)\b", text))


def _ends_entry(text: str) -> bool:
    """Return whether a text is a venue and what follows it, as at the end of an entry."""
    head = re.split(r"[.,;\[(]|\s[-\u2013]\s", text, maxsplit=1)[0]
    return is_venue(head) or bool(re.match(r"(?i)arxiv[\s:]", text)) or is_date(text)


def _bold_name(line: Sequence[Piece], title: str) -> str:
    """Return a bold name in parentheses that stands behind a title."""
    for piece in line:
        if (
            piece.bold
            and not piece.url
            and (found := re.fullmatch(r"\W*\(([^()]{2,40})\)\W*", piece.text))
        ):
            name = found[1].strip()
            if name not in title and not is_label(name) and len(words_in(name)) <= 3:
                return name
    return ""


def _as_name(text: str) -> str:
    """Return what stands before a title as a short name; empty if it is none."""
    name = clean_title(text)
    if is_label(name) or looks_like_authors(name) or len(words_in(name)) > 3:
        return ""
    return name


def clean_title(text: str) -> str:
    """Return a title without the signs around it."""
    text = flat_text([Piece(text, 0)])
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


def _is_title(text: str) -> str | None:
    """Return the text if it may be a title; None for labels, authors, dates."""
    if not text or is_label(text) or looks_like_authors(text):
        return None
    return text

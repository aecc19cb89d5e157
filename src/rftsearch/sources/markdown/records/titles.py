"""Find the title of a paper in the lines of its entry, by features that lists share.

In order: a linked text that is no label, a text in quotes, a bold text at the beginning of
a line, the words with which a line begins.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from rftsearch.sources.markdown.records.title_text import (
    A_NAME,
    FEW,
    LONGEST,
    clean_title,
    cut_title,
    without_fields_behind,
    without_label_behind,
    without_labels,
    without_prefix,
)
from rftsearch.sources.markdown.styles.citations import arxiv_id_of, cited_paper, leads_somewhere
from rftsearch.sources.markdown.styles.pieces import Piece, flat_text
from rftsearch.sources.markdown.words.features import has_words, is_label, is_title_case, words_in
from rftsearch.sources.markdown.words.people import looks_like_authors, looks_like_person
from rftsearch.sources.markdown.words.venues import is_venue

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
    return leads_somewhere(piece.url) and not is_label(piece.text)


def find_title(lines: Sequence[Sequence[Piece]]) -> Found | None:
    """Return the title of the entry that some lines hold; None if they have none.

    Args:
        lines: As `split_lines` gives them.
    """
    weak: Found | None = None
    for number, line in enumerate(lines):
        found = _in_line(tuple(line))
        if found is None:
            continue
        # One or two words may be a name over the title: "**Lantern**", then the title.
        if len(words_in(found.title)) >= 3 or (found.link and arxiv_id_of(found.link)):
            if weak and not weak.link and number < 3 and found.link and not found.name:
                return Found(found.title, weak.title, found.link)
            return weak if weak and not found.link else found
        weak = weak or found
    return weak


@lru_cache(maxsize=16_384)  # A line is looked at twice: is it an entry, and what is its title?
def _in_line(line: tuple[Piece, ...]) -> Found | None:
    linked = _linked(line)
    if linked is not None:
        return linked
    if quoted := _quoted(line):
        return Found(quoted, _name_before(line, quoted) or _bold_name(line, quoted))
    if found := _emphasised_behind(line):
        return found
    text = _bold(line) or _plain(line)
    name, bar, rest = (text or "").partition(" | ")
    if bar and len(words_in(name)) == 1 and len(words_in(rest)) > 1 and _is_title(rest.strip()):
        return Found(rest.strip(), name.strip())
    return Found(text, _bold_name(line, text) or _name_in_brackets(line, text)) if text else None


def _emphasised_behind(line: tuple[Piece, ...]) -> Found | None:
    """Return the title that stands in bold behind authors, or in italics behind a name.

    `A. Bee, C. Dew. **Title**` and `**Lantern** (Fen Lab, 2023): *Title*`.
    """
    words = [n for n, piece in enumerate(line) if has_words(piece.text)]
    last = next((n for n in words[1:] if line[n].bold or line[n].italic or line[n].url), None)
    if last is None or line[last].url or line[last - 1].url:
        return None
    text, before = clean_title(line[last].text[:LONGEST]), flat_text(line[:last])
    if len(words_in(text)) < A_NAME - 1 or is_label(text) or looks_like_authors(text):
        return None
    if line[last].bold:
        if _is_name_before(line, last, before):
            return Found(text, _as_name(before))
        apart = line[last - 1].text.rstrip().endswith((".", ",", ":"))
        behind = apart and not line[words[0]].bold and looks_like_authors(before.strip(" ,:"))
        return Found(text) if behind else None
    if _FAMILY_FIRST.fullmatch(before):
        return Found(text)
    named = line[words[0]].bold and words[0] < last and len(words_in(before)) <= _NAME_AND_GROUP
    apart = re.search(r"[)\]]\s*[:\uff1a]\s*$", line[last - 1].text) is not None
    return Found(text, _as_name(line[words[0]].text)) if named and apart else None


def _is_name_before(line: Sequence[Piece], n: int, before: str) -> bool:
    """Return whether a word stands before a bold title behind which it ends: `ladle **Title**`."""
    after = line[n + 1] if n + 1 < len(line) else None
    ends = after is None or after.url or re.match(r"\s*(?:[\[(.,|:-]|$)", after.text)
    return bool(ends) and len(words_in(before)) == 1


_FAMILY_FIRST = re.compile(
    r"(?:[^\W\d_a-z][\w'\u2019-]+,\s*[^\W\d_a-z][\w'\u2019. -]*(?:;\s*|\s*:\s*$))+"
)
"""`Bee, Ann; Dew, Carl:` before a title in italics."""
_NAME_AND_GROUP = 8
"""Words of a name and of the group or year in brackets behind it."""
_TAGS = {"new", "hot", "must", "read", "update", "updated", "recommended", "best", "sota", "oral"}


def _name_in_brackets(line: Sequence[Piece], title: str) -> str:
    """Return the bold name in brackets before a title: `**[Lantern]** Title`."""
    first = next((piece for piece in line if has_words(piece.text)), None)
    if first is None or not first.bold or first.url or title in first.text:
        return ""
    found = re.fullmatch(r"\s*\[([^\[\]]{2,40})\]\W*", first.text)
    name = _as_name(found[1]) if found else ""
    return "" if _TAGS & {word.casefold() for word in words_in(name)} else name


def _name_before(line: Sequence[Piece], title: str) -> str:
    """Return the bold or linked name before a title in quotes: `**Lantern**: "Title"`."""
    first = next((piece for piece in line if has_words(piece.text)), None)
    if first is None or not (first.bold or first.url or first.italic) or title in first.text:
        return ""
    return _as_name(first.text)


def _linked(line: tuple[Piece, ...]) -> Found | None:
    """Return the title of a line as its first linked text gives it, that of a paper if any is."""
    links = [n for n, piece in enumerate(line) if is_title_link(piece)]
    papers = [n for n in links if cited_paper(line[n])]
    first = next(iter(papers or links), None)
    label = ""
    if first is not None:
        label = without_fields_behind(without_labels(clean_title(line[first].text)))
    if first is None or not label:
        return None
    link = line[first]
    before = without_prefix(flat_text(line[:first])[:LONGEST])
    words = 0 if is_label(before) else len(words_in(before))  # `Bee and Dew, 2022` is one.
    short = len(words_in(label)) <= 2
    behind = _quoted(line[first + 1 :]) if short and words == 0 else None
    found = None
    named = words <= A_NAME and papers and _NAME_APART.search(flat_text(line[:first]))
    if words == 0:
        text = behind or (_plain(line) if short and _goes_on(line, first) else None)
        found = Found(text, label, link) if text else Found(label, "", link)
    elif words <= A_NAME and (named or not short):
        found = Found(label, _as_name(before), link)
    elif words >= _MORE_THAN_A_NAME and short and (plain := _plain(line)):
        found = Found(plain, label if papers and first == links[0] else "")
    elif not short and (looks_like_authors(before) or words <= FEW or papers):
        quoted = _quoted(line[:first])
        found = Found(quoted) if quoted else Found(label, "", link)
    return found


_MORE_THAN_A_NAME = 3
_NAME_APART = re.compile(r"\w\s*(?:[:\uff1a]|\s[-\u2013\u2014])\s*$")
"""`Lantern - [Title](...)`."""


_CLOSED = re.compile(r"\s*[>)\]\u300b\u300d]|\s*by\s", re.IGNORECASE)
"""`<[Lantern](...)> by`: what is in brackets is all of the title."""


def _goes_on(line: Sequence[Piece], n: int) -> bool:
    """Return whether a short linked name is only the first part of the title."""
    rest = "".join(piece.text for piece in line[n + 1 :][:2] if piece.url is None)
    if _CLOSED.match(rest):
        return False
    match = re.match(r"\s*(?::|\uff1a|-|\u2013|\u2014)?\s*(?P<rest>[^\[\](]*)", rest)
    words = match["rest"] if match else ""
    if len(words_in(words)) < 3 or looks_like_authors(words):
        return False
    return is_title_case(words) and (":" in rest[:3] or len(words_in(words)) <= 20)


_FEWEST = 2
_QUOTED = re.compile(
    '(?:["\u201c\u201f]|``)\\s*(?P<text>[^"\u201c\u201d]{4,400}?)\\s*(?:["\u201d]|\'\')(?P<after>.{0,3})'
)


def _quoted(line: Sequence[Piece]) -> str | None:
    text = flat_text(piece for piece in line if not (piece.url and is_label(piece.text)))
    found = _QUOTED.search(text[:LONGEST])
    if found is None:
        return None
    before = without_prefix(text[: found.start()])
    if len(words_in(found["text"])) < _FEWEST and not looks_like_authors(before.strip(" ,:")):
        return None
    first = next((piece for piece in line if has_words(piece.text)), None)
    named = first is not None and first.bold and first.text.strip() == text[: found.start()].strip()
    if words_in(before) and not (named and len(words_in(before)) <= A_NAME):
        apart = before.rstrip().endswith((".", ",", ":", "-", "\u2013", "|"))
        return clean_title(found["text"]) if apart or looks_like_authors(before) else None
    ended = found["text"].endswith((".", "?", "!", ","))
    if not ended and re.match(r"\s*[\w:?]", found["after"]):
        rest = text[found.end() - len(found["after"]) :]
        rest = re.split(r"[.\[(]", rest, maxsplit=1)[0]
        if not looks_like_authors(rest) and not is_venue(rest):
            return None
    return clean_title(found["text"])


def _bold(line: tuple[Piece, ...]) -> str | None:
    """Return a bold text with which a line begins, joined with what continues it."""
    first = next((n for n, p in enumerate(line) if has_words(p.text)), None)
    while first is not None and _is_prefix(line[first]):
        first = next((n for n in range(first + 1, len(line)) if has_words(line[n].text)), None)
    if first is None or line[first].url or not (line[first].bold or line[first].italic):
        return None
    if not line[first].bold and not _stands_apart(line, first):
        return None
    text = clean_title(without_label_behind(line[first].text[:LONGEST]))
    if _is_glued(line, first):
        return _plain(line)
    if is_label(text) or re.search(r"\bet\.?\s?al\b", text):
        return None
    rest = ""
    for piece in line[first + 1 :]:
        if piece.url or piece.italic or piece.images:
            break
        rest += piece.text
    colon = line[first].text.rstrip().endswith((":", "\uff1a"))
    ended = len(words_in(text)) > A_NAME and line[first].text.rstrip().endswith((".", "?", "!"))
    rest = (":" if colon else "") + " ".join(rest.split())
    behind = _DASH_BEHIND_LABEL.match(rest)
    if behind and is_label(behind["label"]):
        rest = rest[behind.end() :]
    stopped = line[first].text.rstrip().endswith(".")
    return _continued(text, rest, line, ended=ended, stopped=stopped)


_DASH_BEHIND_LABEL = re.compile(r"\s*[(\[](?P<label>[^()\[\]]{2,40})[)\]]\s*(?=[-\u2013\u2014]\s)")
"""`(SOUP 2025) - `, between a name and the title."""


def _is_glued(line: Sequence[Piece], n: int) -> bool:
    """Return whether a bold text is only the first part of a word: `**Re**-thinking`."""
    after = line[n + 1].text if n + 1 < len(line) and not line[n + 1].url else ""
    return re.match(r"-?[^\W\d_]{2}", after) is not None and line[n].text[-1:].isalpha()


def _stands_apart(line: Sequence[Piece], n: int) -> bool:
    """Return whether a text in italics is followed by a sign, and is no list of people."""
    after = "".join(piece.text for piece in line[n + 1 :][:1])
    apart = re.match(r"\s*[,.;:(\[|]|\s+[-\u2013\u2014]\s", after) is not None
    return apart and not looks_like_authors(line[n].text) and len(words_in(line[n].text)) > 1


def _continued(text: str, rest: str, line: tuple[Piece, ...], *, ended: bool, stopped: bool) -> str:
    """Return a bold text, with the words that follow it if they are a part of the title."""
    words = len(words_in(text))
    sentence = re.split(r"[.,;(\[]", rest, maxsplit=1)[0]
    if ended or (stopped and words > 1 and looks_like_person(sentence)):
        return text
    body = re.split(r"[\[({|]", rest.lstrip(":\uff1a-\u2013\u2014 "), maxsplit=1)[0]
    more = len(words_in(body)) >= 2 and not looks_like_authors(body) and not is_venue(body)
    if not more or (plain := _plain(line)) is None:
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
        return clean_title(f"{text}: {cut_title(body)}")
    return text


def _is_prefix(piece: Piece) -> bool:
    """Return whether a piece only stands before a title: a date, a venue, a number."""
    return not piece.url and not has_words(without_prefix(piece.text.strip() + " "))


@lru_cache(maxsize=16)  # Asked for more than once, but only while one line is looked at.
def _plain(line: tuple[Piece, ...]) -> str | None:
    """Return the words with which a line begins, up to what is no title any more."""
    text = ""
    for number, piece in enumerate(line):
        if piece.is_badge:
            continue
        if piece.url is not None:
            if not has_words(without_prefix(text)) and is_title_link(piece) and number < 4:
                text += piece.text
                continue
            if has_words(without_prefix(text)):
                break
            text = ""
            continue
        if (
            piece.italic
            and not piece.bold
            and len(words_in(without_prefix(text))) >= 2
            and (
                looks_like_authors(piece.text)
                or (re.search(r"[.,:;)\]\s]\s*$", text) and not _middle(line, number))
            )
        ):
            break
        if piece.bold and is_label(piece.text) and not has_words(without_prefix(text)):
            continue  # `**Bee 2021** Title`
        text += piece.text
    text = without_prefix(text[:LONGEST])
    return _is_title(title) if (title := clean_title(cut_title(text))) else None


def _middle(line: Sequence[Piece], number: int) -> bool:
    """Return whether an emphasised word stands within running words."""
    after = line[number + 1].text if number + 1 < len(line) and not line[number + 1].url else ""
    runs_on = r"\s*\w" if line[number].text[:1].islower() else r"\s*[a-z]"
    return len(words_in(line[number].text)) <= 3 and re.match(runs_on, after) is not None


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


def _is_title(text: str) -> str | None:
    """Return the text if it may be a title; None for labels, authors, dates."""
    if not text or is_label(text) or looks_like_authors(text):
        return None
    return text

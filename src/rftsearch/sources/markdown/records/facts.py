"""What an entry states of its paper besides its title: where it was published, by whom, its DOI."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from rftsearch.sources.markdown.styles.citations import cited_paper
from rftsearch.sources.markdown.styles.columns import Cell
from rftsearch.sources.markdown.styles.pieces import Piece, flat_text
from rftsearch.sources.markdown.words.badges import parts_of_badge
from rftsearch.sources.markdown.words.dois import doi_in
from rftsearch.sources.markdown.words.features import has_words, is_date, is_label
from rftsearch.sources.markdown.words.people import (
    ABBREVIATIONS,
    looks_like_authors,
    looks_like_person,
    names_in,
)
from rftsearch.sources.markdown.words.venues import find_venue, may_name_venue, venue_of_words

__all__ = ["authors_of", "doi_of", "venue_of"]

_VENUE_HEADER = re.compile(
    r"\b(?:venue|conference|conf|journal|publication|publisher|publish(?:ed)?(?:\s+(?:in|at))?"
    r"|proceedings|booktitle|where)\b|\u4f1a\u8bae|\u671f\u520a|\u53d1\u8868|\u51fa\u5904"
)
_NO_VENUE_HEADER = re.compile(r"\b(?:dates?|time|authors?|titles?|link|url)\b")
_AUTHOR_HEADER = re.compile(r"\bauthors?\b|\u4f5c\u8005|\u8457\u8005")
_APART = "\x1f"
"""Stands between parts of a line that are written in another way."""


def venue_of(
    cells: Iterable[Cell],
    title_column: int | None,
    lines: Sequence[Sequence[Piece]],
    title: str,
    path: Sequence[str],
) -> str | None:
    """Return where a paper was published, as its entry or else the heading above it says.

    Args:
        cells: The cells of its row; of other entries all of it.
        title_column: The column that has the titles.
        lines: The lines that are about it.
        title: Its title, which names no venue.
        path: The headings above it.
    """
    for cell in cells:
        if (
            cell.column != title_column
            and _VENUE_HEADER.search(cell.header)
            and not _NO_VENUE_HEADER.search(cell.header)
        ):
            read = _find_venue_apart if "publish" in cell.header else venue_of_words
            return read(flat_text(cell.pieces)) or _venue_of_badges(cell.pieces)
    for line in lines:
        if found := _venue_in_line(line, title):
            return found
    if found := _venue_of_badges(piece for line in lines for piece in line):
        return found
    for name in reversed(path):
        if re.search(r"\d", name) and (found := find_venue(name)) and len(found) > len(name) - 4:
            return found
    return None


def _find_venue_apart(text: str) -> str | None:
    """Return the venue of a column that may hold publishers, which are companies too."""
    return find_venue(text, apart=True)


_LABELLED = re.compile(
    r"^\W*(?:venue|conference|journal|publisher|published(?:\s+(?:in|at))?|publication|\u4f1a\u8bae"
    r"|\u671f\u520a|\u53d1\u8868)\s*[:\uff1a]\s*(?P<rest>\S.*)",
    re.IGNORECASE,
)


def _venue_in_line(line: Sequence[Piece], title: str) -> str | None:
    """Return the venue that a line states."""
    whole = " ".join(piece.text for piece in line)
    if not (may_name_venue(whole, apart=True) or _LABELLED.match(whole)):
        return None
    text = ""
    for piece in line:
        words = piece.text
        if not words or (piece.url and words in title and len(words) > 2):
            continue
        if piece.url and cited_paper(piece) is False and not is_label(words) and text:
            words = _APART
        if title in (flat := " ".join(words.split())):
            words = flat.replace(title, _APART)
        elif (piece.bold or piece.italic or piece.url) and len(flat) > 2:
            if flat.strip(" .") in title:
                words = _APART
            elif found := find_venue(flat, apart=True):
                return found
            words = f"{_APART}{flat}{_APART}"
        text += words
    labelled = _LABELLED.match(text.replace(_APART, " "))
    if labelled and len(text) < _LONGEST_LABELLED:
        companies = "publisher" in text.casefold()
        return (_find_venue_apart if companies else venue_of_words)(labelled["rest"])
    bare = text.replace(title, _APART)
    for part, group in _in_order(bare):
        if found := find_venue(part) or find_venue(group, apart=True):
            return found
    said = [piece.text for piece in line if not piece.url and has_words(piece.text)]
    alone = len(said) == 1 and title not in said[0]
    return find_venue(said[0], apart=True) if alone else None


def _in_order(text: str) -> Iterator[tuple[str, str]]:
    """Yield the parts of a text, each with what stands in the brackets behind it."""
    at = 0
    for group in _IN_BRACKETS.finditer(text) if "[" in text or "(" in text else ():
        # A year or an honour in parentheses belongs to the name before it.
        if _OF_NAME.match(group[1]) and text[at : group.start()].strip():
            continue
        yield text[at : group.start()], group[1]
        at = group.end()
    yield text[at:], ""


_OF_NAME = re.compile(
    r"\s*(?:(?:19|20)\d\d\s*$|oral|spotlight|highlight|best|findings|poster)", re.I
)


_LONGEST_LABELLED = 160
_IN_BRACKETS = re.compile(
    r"[\[(\u3010\uff08]([^\[\]()\u3010\u3011\uff08\uff09]{3,60})[\])\u3011\uff09]"
)


def _venue_of_badges(pieces: Iterable[Piece]) -> str | None:
    """Return the venue that a badge says, by its address or by its text."""
    for piece in pieces:
        for alt, address in piece.images:
            label, message = parts_of_badge(address)
            if _SAYS_VENUE.match(label):
                found = venue_of_words(message)
            else:
                texts = (f"{label} {message}", message, alt)
                found = next(filter(None, map(_find_venue_apart, texts)), None)
            if found:
                return found
    return None


_SAYS_VENUE = re.compile(r"(?:venue|conf|journal|publi|accepted)", re.IGNORECASE)


# --- authors ---------------------------------------------------------------------------


def authors_of(
    cells: Iterable[Cell],
    lines: Sequence[Sequence[Piece]],
    title: str,
) -> tuple[str, ...]:
    """Return the authors that an entry names, in order.

    Args:
        cells: The cells of its row; of other entries all of it.
        lines: The lines that are about it.
        title: Its title, which names no authors.
    """
    for cell in cells:
        if _AUTHOR_HEADER.search(cell.header) and not re.search(r"titles?", cell.header):
            return names_in(flat_text(cell.pieces), alone=True)
    for number, line in enumerate(lines):
        if found := _authors_in_line(line, title, first=number <= 1):
            return found
    return ()


_AUTHORS_LABEL = re.compile(
    r"^\W*(?:[Aa]uthors?|AUTHORS?|[Bb]y|\u4f5c\u8005|\u8457\u8005)(?:\s*[:\uff1a]\s*|\s+(?=[A-Z]))(?P<rest>\S.*)"
)
_OTHER_LABEL = re.compile(r"^\W*[A-Za-z]{3,}(?:\s[A-Za-z]+)?\s*[:\uff1a]\s")
"""`Publisher: `, `Keywords: `: what follows are no authors."""
_PARTS = re.compile(
    r"[\[\]{}<>|\x1f\"\u201c\u201d\u3010\u3011\t]|\.(?<!\b[A-Z]\.)(?<!\bal\.)"
    + "".join(rf"(?<!\b{part}\.)" for part in ABBREVIATIONS)
    + r"\s|\s[-\u2013\u2014:]\s|:\s|\s{3,}|\((?=(?:19|20)\d\d)"
)


def _authors_in_line(line: Sequence[Piece], title: str, *, first: bool) -> tuple[str, ...]:
    """Return the names that a line holds, in a part of it that holds nothing else.

    One name alone counts where `first`: on the line of the title or on the next one.
    """
    text, italic = "", False
    for piece in line:
        if piece.italic != italic and piece.text.strip():
            text, italic = text + _APART, piece.italic
        text += _without_title(piece, title)
    text = text.replace(title, _APART)
    title_here = any(title in piece.text or piece.text.strip(" .") in title for piece in line)
    if labelled := _AUTHORS_LABEL.match(text.replace(_APART, " ").strip()):
        return names_in(labelled["rest"], alone=True)
    if _APART not in text and _OTHER_LABEL.match(text):
        return ()
    if _SEVERAL.search(text) and (found := _several_names(text)):
        return found
    if not first:
        return ()
    behind = _PARTS.split(text.partition(_APART)[2] if title_here else text)
    others = [bare for part in behind if (bare := _without_facts(part.strip(" .,;*_")))]
    if len(others) == 1 and "," not in others[0] and looks_like_person(others[0]):
        return names_in(others[0], alone=True)
    return ()


def _several_names(text: str) -> tuple[str, ...]:
    """Return the names of the first part of a line that holds several and nothing else."""
    for whole in _PARTS.split(text):
        if _SEVERAL.search(whole) is None:
            continue
        part = whole.strip(" .,;*_")
        if (group := _ALL_IN_BRACKETS.fullmatch(part)) and len(names_in(group[1])) > 1:
            part = group[1]
        if looks_like_authors(part) and (found := names_in(part)):
            return found
        bare = _without_facts(part)
        if bare != part and looks_like_authors(bare) and (found := names_in(bare)):
            return found
    return ()


_ALL_IN_BRACKETS = re.compile(r"\(([^()]*)\)")
_SEVERAL = re.compile(r"[,;&\u00b7\u3001\uff0c]|\b(?:and|with|et\.?\s?al)\b", re.IGNORECASE)
"""What stands between names; without it there are not two."""


def _without_facts(part: str) -> str:
    """Return a part of a line without the years, venues and labels at both of its ends."""
    names = [name.strip() for name in part.split(",") if has_words(name)]
    while names and _is_fact(names[-1]):
        names.pop()
    while names and _is_fact(names[0]):
        names.pop(0)
    return re.sub(r"^\W*(?:19|20)\d\d\)\s*", "", ", ".join(names))


def _is_fact(text: str) -> bool:
    if is_date(text) or find_venue(text, apart=True):
        return True
    return is_label(text) and not names_in(text, alone=True)


def _without_title(piece: Piece, title: str) -> str:
    """Return the text of a piece, with a mark for what is a title, a label or emphasised."""
    flat = " ".join(piece.text.split())
    if not flat:
        return " " if piece.text else ""
    if title in flat:
        flat = flat.replace(title, _APART)
    elif (piece.url and is_label(flat)) or (
        (piece.bold or piece.url) and (flat.strip(" .") in title or len(flat) > _LONGEST_NAME)
    ):
        return _APART
    before, after = (" " * side.isspace() for side in (piece.text[:1], piece.text[-1:]))
    return f"{before}{flat}{after}"


_LONGEST_NAME = 60


def doi_of(pieces: Iterable[Piece]) -> str | None:
    """Return the first DOI to which pieces lead, or that they name."""
    texts = (text for piece in pieces for text in (piece.url or "", piece.text) if "10." in text)
    return next(filter(None, map(doi_in, texts)), None)

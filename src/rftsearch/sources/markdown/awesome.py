"""Awesome-list Markdown to records: pure text, no input or output.

The format, as the lists this was written for have it::

    ## Vision (Image)                       a category
    ### Papers                              a kind
    * [2505] [Name (Gen)] [Title](https://arxiv.org/abs/2505.01234) [[Code](https://...)]
    ### Open-Source Projects
    * [[Name](https://github.com/owner/name)] ![stars](...) [[Model](https://...)] (a remark)

Headings of kinds and of categories nest either way round, and a category may
hold entries with no kind between; those are papers. Links may stand bare instead
of in brackets, and an entry may run over several lines or carry a nested list.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from rftsearch.papers.arxiv_id import abstract_page, parse_arxiv_id
from rftsearch.papers.paper import LINK_KINDS, Kind, Link, Paper, Provenance
from rftsearch.sources.base import ParsedList, Problem
from rftsearch.sources.bounds import LONGEST_ENTRY, LONGEST_TITLE, shortened
from rftsearch.sources.link_kinds import kind_of_label
from rftsearch.sources.markdown.bullets import Anchor, Bullet, Piece, read_document, text_of
from rftsearch.sources.markdown.outline import below, document_title
from rftsearch.sources.markdown.unread import beginning, unread
from rftsearch.sources.markdown.words.dois import doi_in
from rftsearch.sources.markdown.words.venues import find_venue
from rftsearch.text.addresses import is_web_address
from rftsearch.text.clean import slug, strip_emoji
from rftsearch.text.dates import month_of_digits

__all__ = ["parse_list", "split_generative"]


def parse_list(text: str, source: str, *, dated_lists: bool = False) -> ParsedList:
    """Read every entry of an awesome list.

    Args:
        text: The list's Markdown.
        source: Its name without folder, for the records' provenance; also the
            category of entries above which no heading stands.
        dated_lists: Whether to pass over lists that have no entry of this format, for another
            reader takes them; they are not named as problems then.

    Returns:
        The entries that could be read, and what could not: entries, parts of them, and
        papers that stand where none are looked for, such as a table. An entry that
        repeats another is read, and named among the problems. Nothing is raised: any
        text is a list, if only one without entries.
    """
    document = read_document(text, fallback=source, dated_lists=dated_lists)
    papers: list[Paper] = []
    problems: list[Problem] = []
    first: dict[str, int] = {}
    bullets = [bullet for bullet in document.bullets if bullet.looks_like_an_entry]
    sections = [bullet.section for bullet in bullets]
    title = document_title([section.path if section.top == 1 else () for section in sections])
    for bullet in bullets:
        if bullet.raw:
            continue
        reasons: list[str] = []
        paper = repeats = None
        try:
            paper = _read_entry(bullet, title, Provenance(source, bullet.line), reasons)
        except _UnreadableError as error:
            reasons.append(f"entry skipped: {error}")
        else:
            papers.append(paper)
            repeats = first.get(paper.id)
            first.setdefault(paper.id, bullet.line)
        if reasons or repeats is not None:
            start = beginning(text_of(bullet.pieces))
            problems += Problem.of_entry(
                source, bullet.line, start, reasons, is_read=paper is not None, repeats=repeats
            )
    problems += unread(document, source, first.keys())
    return ParsedList(tuple(papers), tuple(sorted(problems, key=lambda problem: problem.line)))


# --- bullets to records ----------------------------------------------------------


class _UnreadableError(Exception):
    """Why a bullet cannot be read as a paper."""


@dataclass(frozen=True, slots=True)
class _Head:
    """How an entry begins: everything up to its links."""

    month: str | None
    name: str
    title: str
    url: str | None


def _read_entry(
    bullet: Bullet, document: str | None, provenance: Provenance, reasons: list[str]
) -> Paper:
    """Make one record; what has to be left out of it is named in `reasons`.

    Raises:
        _UnreadableError: It has no name, or nothing that could identify it.
    """
    kind = bullet.section.kind
    if bullet.cut:
        reasons.append(f"it is longer than {LONGEST_ENTRY:,} characters; its middle is left out")
    head, rest = _split_head(bullet.pieces, kind)
    anchors, remark = _split_rest(_without_broken_links(rest, reasons))
    links = [link for anchor in anchors if (link := _typed(anchor, reasons))]
    links += _image_links(bullet.images, links)
    name, generative = split_generative(head.name)
    path = below(document, bullet.section.path)
    arxiv_id, url = _find_paper(head, links if kind == "paper" else [], reasons)
    if kind == "project" and url and not arxiv_id and not any(x.kind == "code" for x in links):
        links.insert(0, Link("code", url, "Code"))  # a project is its repository
    identity = arxiv_id or (kind == "project" and _repository_slug(url)) or slug(head.title)
    if not (identity and name and head.title):
        raise _UnreadableError("its name or title has neither letter nor digit")
    return Paper(
        id=shortened(identity, LONGEST_TITLE, "id", reasons),
        short_name=shortened(name, LONGEST_TITLE, "name", reasons),
        title=shortened(head.title, LONGEST_TITLE, "title", reasons),
        categories=(bullet.section.category,),
        kind=kind,
        released=_month(head.month, reasons),
        arxiv_id=arxiv_id,
        url=url,
        generative=generative,
        description=shortened(remark, LONGEST_TITLE, "remark", reasons),
        links=tuple(links),
        provenance=(provenance,),
        heading_paths=(path,) if path else (),
        venue=_venue(remark),
        doi=next(filter(None, map(doi_in, (head.url or "", *(x.url for x in links)))), None),
    )


def _venue(remark: str) -> str | None:
    """Return the place of publication that a remark is, or that stands in brackets in it."""
    return next(filter(None, map(find_venue, (remark, *re.split(r"[()]", remark)))), None)


# `[text]`, brackets in it included, unless it is, or holds, a link that was not read as one.
_GROUP = re.compile(r"\s*\[((?:[^\[\]]++|\[[^\[\]]*+\](?!\())*+)\](?!\()")


def _split_head(pieces: Sequence[Piece], kind: Kind) -> tuple[_Head, Sequence[Piece]]:
    """Take the month, name and title off the front; the rest is links and remark.

    Raises:
        _UnreadableError: They are not there.
    """
    lead, after = "", pieces
    if pieces and isinstance(pieces[0], str):
        lead, after = pieces[0], pieces[1:]
    groups: list[str] = []
    while match := _GROUP.match(lead):
        groups.append(" ".join(match[1].split()))
        lead = lead[match.end() :]
    month = groups.pop(0) if groups and re.fullmatch(r"[0-9]{4}", groups[0]) else None
    anchor = after[0] if after and isinstance(after[0], Anchor) else None
    if kind == "project" and not groups and anchor and lead.strip() in {"", "["}:
        name = strip_emoji(anchor.label)
        return _Head(month, name, name, anchor.url), after[1:]
    if "](" in lead and len(groups) < 2:
        raise _UnreadableError("its first link is broken; write [title](https://...)")
    if month is None or not groups:
        form = "[2505] [name] [title](link)" if kind == "paper" else "[name](repository)"
        raise _UnreadableError(f"a {kind} begins like {form}, and this does not")
    match groups:
        case [name, title]:
            return _Head(month, name, title, None), [lead, *after]
        case [name] if anchor and not lead.strip():
            return _Head(month, name, anchor.label, anchor.url), after[1:]
        case [_]:
            raise _UnreadableError("no title follows its name")
        case _:
            raise _UnreadableError("it has more in brackets than a month, a name and a title")


def _month(digits: str | None, reasons: list[str]) -> str | None:
    """Return `2025-05` of `2505`, and `2025` of `2500`, as the Markdown export writes years.

    None if it is not a month, which is added to the reasons.
    """
    if digits is None or digits == "0000":  # The Markdown export writes 0000 for no date.
        return None
    if digits.endswith("00"):
        return (month_of_digits(f"{digits[:2]}01") or "")[:4] or None
    month = month_of_digits(digits)
    if month is None:
        reasons.append(f'"{digits}" is not a month (YYMM); the entry is kept without a date')
    return month


_GENERATIVE = re.compile(r"\s*\((?:[^()]*\b)?gen(?:eration)?\)", re.IGNORECASE)


def split_generative(name: str) -> tuple[str, bool]:
    """Take `(Gen)`, `(generation)` or `(... Generation)` off a short name.

    Other parentheses belong to the name: `(ZJU)` and `(MIT)` keep two papers of
    one name apart, and nothing else would record `(editing)`.
    """
    bare, found = _GENERATIVE.subn("", name)
    return strip_emoji(bare), found > 0


# --- identity ----------------------------------------------------------------------


def _find_paper(
    head: _Head, links: Iterable[Link], reasons: list[str]
) -> tuple[str | None, str | None]:
    """Return the arXiv id, from the title's link or else a link to a paper, and where to read."""
    candidates = [head.url or "", *(link.url for link in links if link.kind == "paper")]
    arxiv_id = next(filter(None, map(parse_arxiv_id, candidates)), None)
    if arxiv_id:
        return arxiv_id, abstract_page(arxiv_id)
    if head.url is None:
        return None, None
    if "arxiv.org/" in head.url:
        reasons.append(
            f"its link to arXiv has no arXiv id, so no abstract is fetched: {head.url!r}"
        )
    return None, _web_address(head.title, head.url, reasons)


def _repository_slug(url: str | None) -> str:
    """`deep-agent-r1-v` for `https://github.com/Deep-Agent/R1-V`; other hosts lead with theirs."""
    if url is None:
        return ""
    parts = urlsplit(url)
    host = parts.netloc.lower().removeprefix("www.")
    path = parts.path.rstrip("/").removesuffix(".git")
    return slug(path if host == "github.com" else f"{host} {path}")


# --- links and remarks -----------------------------------------------------------------

_BROKEN_LINK = re.compile(r"\[([^\[\]]*)\]\([^()]*\)?")


def _without_broken_links(pieces: Iterable[Piece], reasons: list[str]) -> Iterator[Piece]:
    """Drop and report what is written like a link but is not one, because its URL has a blank."""
    for piece in pieces:
        if isinstance(piece, str):
            reasons.extend(
                f"the link {strip_emoji(label)!r} is broken and left out; check its URL for spaces"
                for label in _BROKEN_LINK.findall(piece)
            )
            yield _BROKEN_LINK.sub("", piece)
        else:
            yield piece


def _split_rest(pieces: Iterable[Piece]) -> tuple[list[Anchor], str]:
    """Tell an entry's links from those of its remark.

    Outside parentheses a link in brackets is the entry's, and so is a bare one
    before any running text; every other link is a part of the remark.
    """
    anchors: list[Anchor] = []
    remark = ""
    brackets = parentheses = 0
    running = False
    for piece in pieces:
        if isinstance(piece, Anchor):
            if parentheses or (running and not brackets):
                remark += piece.label
            else:
                anchors.append(piece)
            continue
        remark += piece
        for character in piece:
            brackets = _depth(brackets, character, "[]")
            parentheses = _depth(parentheses, character, "()")
            running = running or (character.isalnum() and not parentheses)
    return anchors, _clean_remark(remark)


def _depth(depth: int, character: str, pair: str) -> int:
    return depth + 1 if character == pair[0] else max(0, depth - (character == pair[1]))


def _clean_remark(text: str) -> str:
    """Strip a remark of the brackets of links, of separators and of its parentheses."""
    remark = strip_emoji(re.sub(r"[\[\]]", "", text)).strip(" -\u2013\u2014:;,/|\u00b7\u2022")
    enclosed = re.fullmatch(r"\(((?:[^()]++|\([^()]*+\))*+)\)", remark)
    return enclosed[1].strip() if enclosed else remark


def _typed(anchor: Anchor, reasons: list[str]) -> Link | None:
    label = strip_emoji(anchor.label)
    kind = kind_of_label(label)
    if kind is None:
        reasons.append(f"the kind of the link {label!r} is unknown ({', '.join(LINK_KINDS)})")
        return None
    url = _web_address(label, anchor.url, reasons)
    return Link(kind, url, label) if url else None


# A badge that counts something, and links to where it is counted.
_COUNTER = re.compile(
    r"\b(?:stars?|forks?|downloads?|visitors?|commits?|licen[cs]e|citations?)\b",
    re.IGNORECASE,
)


def _image_links(images: Iterable[Anchor], links: Sequence[Link]) -> Iterator[Link]:
    """Yield what badges link to, if their text or target shows of what kind it is."""
    known = {link.url for link in links}
    for image in images:
        label = strip_emoji(image.label)
        kind = "paper" if parse_arxiv_id(image.url) else kind_of_label(label)
        if _COUNTER.search(label):
            continue
        if kind and is_web_address(image.url) and image.url not in known:
            known.add(image.url)
            yield Link(kind, image.url, label or kind.capitalize())


def _web_address(label: str, url: str, reasons: list[str]) -> str | None:
    """Return `url` where a browser may safely be sent to it."""
    if is_web_address(url):
        return url
    reasons.append(f"the link {label!r} is not a web address: {url!r}")
    return None

"""Write BibTeX, with the fields that arXiv uses; `rftsearch.sources.libraries` reads it back.

What BibTeX has no field for stands in fields of other names, which LaTeX and reference
managers pass over: a link in one of its kind, `code`, the remark in `remark`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from rftsearch.export.citation import Citation, one_line, own_words
from rftsearch.export.tex import tex_text, tex_title
from rftsearch.export.tex_letters import for_biber
from rftsearch.papers.about import NOTHING_KNOWN, ListAbout
from rftsearch.papers.paper import Link, Paper
from rftsearch.text.author_names import Name

__all__ = ["write"]

# Macros that every style defines and sets in its own language.
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")


def write(papers: Sequence[Paper], about: ListAbout = NOTHING_KNOWN) -> str:
    """Write one entry for each paper.

    It is a `@misc`, as arXiv itself writes it, unless its source says in which journal or at
    which conference it was published.
    """
    return "\n".join([*_head(about), *(_entry(Citation.of(paper)) for paper in papers)])


def _head(about: ListAbout) -> Iterator[str]:
    """Yield a comment with what the list says of itself; it ends no sooner than it should."""
    lines = (
        about.title,
        about.description,
        own_words(about)["list_url"].replace("@", "%40"),
        f"Licence: {about.licence}" if about.licence else "",
        f"Last changed: {about.updated}" if about.updated else "",
    )
    # BibTeX reads on behind `@comment`, to the next `@`; the others read to the last brace.
    said = [one_line(line.translate(_NOT_IN_COMMENTS)) for line in lines if line]
    if said:
        yield "@comment{\n" + "".join(f"  {line}\n" for line in said) + "}\n"


_NOT_IN_COMMENTS = str.maketrans({"@": " at ", "{": "(", "}": ")", "\\": "/"})

_TYPES = {"journal": "article", "conference": "inproceedings", None: "misc"}
_VENUES = {"journal": "journal", "conference": "booktitle", None: "howpublished"}


def _entry(citation: Citation) -> str:
    fields = "".join(f"  {name:<13} = {value},\n" for name, value in _fields(citation))
    return f"@{_TYPES[citation.venue_kind]}{{{citation.key},\n{fields}}}\n"


def _fields(citation: Citation) -> Iterator[tuple[str, str]]:
    names = citation.short_name.split()
    # A name has a word or two. Two words of a paper that are its whole title are no name.
    is_title = (
        citation.kind == "paper" and len(names) == 2 and citation.short_name == citation.title
    )
    held = () if len(names) > 2 or is_title else names
    yield "title", f"{{{for_biber(tex_title(citation.title, held))}}}"
    if citation.authors:
        yield "author", "{" + " and ".join(_name(author) for author in citation.authors) + "}"
    else:
        yield "key", f"{{{_text(citation.short_name)}}}"  # what styles sort by instead
    if citation.venue:
        yield _VENUES[citation.venue_kind], f"{{{_text(citation.venue)}}}"
    if citation.date:
        yield "year", f"{{{citation.date.year}}}"
        if citation.date.month:
            yield "month", _MONTHS[citation.date.month - 1]
    if citation.arxiv_id:
        yield "eprint", f"{{{citation.arxiv_id}}}"
        yield "archivePrefix", "{arXiv}"
        if citation.subject_class:
            yield "primaryClass", f"{{{citation.subject_class}}}"
    if citation.doi:
        yield "doi", f"{{{citation.doi}}}"
    if citation.url:
        yield "url", f"{{{citation.url}}}"
    if citation.kind == "project":
        yield "type", "{software}"
    if citation.withdrawn:
        yield "note", "{Withdrawn}"
    yield from _for_managers(citation)


def _for_managers(citation: Citation) -> Iterator[tuple[str, str]]:
    """Yield the fields that no style prints."""
    if citation.own_name:
        yield "shorttitle", f"{{{_text(citation.own_name)}}}"
    if citation.keywords:
        yield "keywords", "{" + ", ".join(map(_keyword, citation.keywords)) + "}"
    if citation.own_keywords:
        yield "rftsearch-categories", "{" + ", ".join(map(_keyword, citation.own_keywords)) + "}"
    if citation.predicted:
        yield "predicted", "{" + _text("; ".join(citation.predicted)) + "}"
    for kind in dict.fromkeys(link.kind for link in citation.links):
        links = [_link(link) for link in citation.links if link.kind == kind]
        yield kind, "{" + "; ".join(links) + "}"
    if citation.remark:
        yield "remark", f"{{{_text(citation.remark)}}}"
    if citation.own_id:
        yield "rftsearch", f"{{{_text(citation.own_id)}}}"
    if citation.abstract:
        yield "abstract", f"{{{_text(citation.abstract)}}}"


def _keyword(text: str) -> str:
    """Write a keyword; braces keep what would separate it from others."""
    return f"{{{_text(text)}}}" if "," in text or ";" in text else _text(text)


def _link(link: Link) -> str:
    if link.label in {"", link.kind.capitalize()}:
        return link.url
    return f"{_text(link.label)}: {link.url}"


def _text(text: str) -> str:
    r"""Write a name. biber takes the first letter of `{\textbackslash}x` for a brace."""
    return re.sub(r"\{(\\[A-Za-z]{5,})\}", r"\1{}", for_biber(tex_text(text)))


def _name(author: Name) -> str:
    """Write `van der Maaten, Jr., Laurens`; a name that must not be split is in braces."""
    if author.literal:
        return f"{{{_text(author.family)}}}"
    words = author.family.split()
    # BibTeX takes words in small letters for particles, wherever they stand.
    whole = len(words) > 1 and any(word[0].islower() for word in words)
    family = f"{{{_text(author.family)}}}" if whole else _part(author.family)
    family = " ".join(filter(None, (author.particle, family)))
    return ", ".join(filter(None, (family, _part(author.suffix), _part(author.given))))


def _part(text: str) -> str:
    """Write a part of a name; braces keep a comma in it from splitting the name."""
    return f"{{{_text(text)}}}" if "," in text else _text(text)

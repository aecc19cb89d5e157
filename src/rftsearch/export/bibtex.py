"""Write BibTeX, with the fields that arXiv uses."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from rftsearch.export.citation import Citation
from rftsearch.export.tex import tex_text, tex_title
from rftsearch.export.tex_letters import for_biber
from rftsearch.papers.paper import Paper
from rftsearch.text.author_names import Name

__all__ = ["write"]

# Macros that every style defines and sets in its own language.
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")


def write(papers: Sequence[Paper]) -> str:
    """Write one `@misc` for each paper, as arXiv itself does: they are preprints or code."""
    return "\n".join(_entry(Citation.of(paper)) for paper in papers)


def _entry(citation: Citation) -> str:
    fields = "".join(f"  {name:<13} = {value},\n" for name, value in _fields(citation))
    return f"@misc{{{citation.key},\n{fields}}}\n"


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
    if citation.withdrawn:
        yield "note", "{Withdrawn}"


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

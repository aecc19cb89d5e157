"""BibTeX, with arXiv's own fields."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from rftsearch.export.citation import Citation
from rftsearch.export.names import Name
from rftsearch.export.tex import tex_text, tex_title
from rftsearch.export.tex_letters import for_biber
from rftsearch.papers.paper import Paper

__all__ = ["write"]

# Macros that every style defines and sets in its own language.
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")


def write(papers: Sequence[Paper]) -> str:
    """Write one `@misc` for each paper, as arXiv itself does: they are preprints or code."""
    return "\n".join(_entry(Citation.of(paper)) for paper in papers)


def _entry(work: Citation) -> str:
    fields = "".join(f"  {name:<13} = {value},\n" for name, value in _fields(work))
    return f"@misc{{{work.key},\n{fields}}}\n"


def _fields(work: Citation) -> Iterator[tuple[str, str]]:
    names = work.short_name.split()
    # A name has a word or two. Two words of a paper that are its whole title are no name.
    is_title = work.kind == "paper" and len(names) == 2 and work.short_name == work.title
    held = () if len(names) > 2 or is_title else names
    yield "title", f"{{{for_biber(tex_title(work.title, held))}}}"
    if work.authors:
        yield "author", "{" + " and ".join(_name(author) for author in work.authors) + "}"
    else:
        yield "key", f"{{{_text(work.short_name)}}}"  # what styles sort by instead
    if work.date:
        yield "year", f"{{{work.date.year}}}"
        if work.date.month:
            yield "month", _MONTHS[work.date.month - 1]
    if work.arxiv_id:
        yield "eprint", f"{{{work.arxiv_id}}}"
        yield "archivePrefix", "{arXiv}"
        if work.subject_class:
            yield "primaryClass", f"{{{work.subject_class}}}"
    if work.doi:
        yield "doi", f"{{{work.doi}}}"
    if work.url:
        yield "url", f"{{{work.url}}}"
    if work.withdrawn:
        yield "note", "{Withdrawn}"


def _text(text: str) -> str:
    r"""Write a name. biber takes the first letter of `{\textbackslash}x` for a brace."""
    return re.sub(r"\{(\\[A-Za-z]{5,})\}", r"\1{}", for_biber(tex_text(text)))


def _name(author: Name) -> str:
    """`van der Maaten, Jr., Laurens`; in braces what is not to be taken apart."""
    if author.literal:
        return f"{{{_text(author.family)}}}"
    words = author.family.split()
    # BibTeX takes words in small letters for particles, wherever they stand.
    whole = len(words) > 1 and any(word[0].islower() for word in words)
    family = f"{{{_text(author.family)}}}" if whole else _part(author.family)
    family = " ".join(filter(None, (author.particle, family)))
    return ", ".join(filter(None, (family, _part(author.suffix), _part(author.given))))


def _part(text: str) -> str:
    """A part of a name, in braces if it has a comma, which would separate it."""
    return f"{{{_text(text)}}}" if "," in text else _text(text)

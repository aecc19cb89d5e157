"""Write RIS, as reference managers import it; `rftsearch.sources.libraries` reads it back."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rftsearch.export.citation import Citation, one_line, readable
from rftsearch.papers.about import NOTHING_KNOWN, ListAbout
from rftsearch.papers.paper import Link, Paper
from rftsearch.sources.link_kinds import kind_of_label

__all__ = ["write"]


def write(papers: Sequence[Paper], about: ListAbout = NOTHING_KNOWN) -> str:
    """Write a record for each paper; every field is one line, which ends with CR LF."""
    return "".join(
        "".join(f"{tag}  - {value}\r\n" for tag, value in _fields(paper, about)) + "ER  - \r\n\r\n"
        for paper in papers
    )


# EndNote and Zotero take `UNPB`, an unpublished work, for a preprint.
_TYPES = {"journal": "JOUR", "conference": "CPAPER", None: "UNPB"}


def _fields(paper: Paper, about: ListAbout) -> Iterator[tuple[str, str]]:
    """Yield the tags of a record and their values, without those that are not known."""
    citation = Citation.of(paper)
    year, month, day = (*(citation.date.parts if citation.date else ()), None, None, None)[:3]
    fields = (
        ("TY", "COMP" if citation.kind == "project" else _TYPES[citation.venue_kind]),
        ("ID", citation.key),
        ("TI", readable(citation.title)),
        ("ST", citation.own_name),
        *(("AU", author.inverted) for author in citation.authors),
        ("T2", citation.venue),
        ("PY", f"{year:04}" if year else ""),
        ("DA", f"{year:04}/{_two(month)}/{_two(day)}" if year else ""),
        ("PB", "arXiv" if citation.arxiv_id and not citation.venue else ""),
        ("AN", _preprint(citation)),
        ("AN", f"rftsearch:{citation.own_id}" if citation.own_id else ""),
        # The provider of the record: what Zotero calls the library catalogue.
        ("DP", one_line(about.title)),
        ("DO", citation.doi),
        ("UR", citation.url),
        *(("KW", keyword) for keyword in citation.keywords),
        *(("N1", f"rftsearch category: {keyword}") for keyword in citation.own_keywords),
        *(("C8", f"Predicted: {one}") for one in citation.predicted),
        ("AB", citation.abstract),
        ("N1", "Withdrawn" if citation.withdrawn else ""),
        ("N1", f"Remark: {citation.remark}" if citation.remark else ""),
        *(("N1", f"{_label(link)}: {link.url}") for link in citation.links),
    )
    yield from ((tag, value) for tag, value in fields if value)


def _preprint(citation: Citation) -> str:
    """Return the number of a preprint as arXiv writes it: `arXiv:2503.01234 [cs.CV]`."""
    subject = f" [{citation.subject_class}]" if citation.subject_class else ""
    return f"arXiv:{citation.arxiv_id}{subject}" if citation.arxiv_id else ""


def _label(link: Link) -> str:
    """Return the label of a link, with its kind if the label does not say that."""
    if kind_of_label(link.label) == link.kind:
        return link.label
    return f"{link.label} {link.kind.capitalize()}".strip()


def _two(number: int | None) -> str:
    return "" if number is None else f"{number:02}"

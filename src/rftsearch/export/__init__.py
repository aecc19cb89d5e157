"""Write papers in the formats that other programs read.

>>> import rftsearch
>>> with rftsearch.Engine.open() as engine:
...     hits = engine.search("crowd counting", k=5)
>>> print(rftsearch.export(hits, "bibtex"))

`citation` gathers what all formats write about a paper, and `names` splits names of
authors. `tex` writes titles and names for LaTeX, with `tex_letters` for letters and
signs and `tex_formulas` for mathematics. Each other module writes one format.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType, ModuleType

from rftsearch.errors import UsageError
from rftsearch.export import bibtex, csl, jsonl, markdown, ris, table
from rftsearch.papers.about import ListAbout
from rftsearch.papers.paper import Paper
from rftsearch.papers.results import Hit

__all__ = ["FORMATS", "Format", "export", "find_format", "without_mark"]


@dataclass(frozen=True, slots=True)
class Format:
    """A format in which papers are written."""

    name: str
    label: str
    """The name that people see."""
    suffix: str
    """The suffix of its files, with the dot."""
    media_type: str
    write: Callable[[Sequence[Paper], ListAbout], str]
    """Writes papers, and what their list says of itself where the format has a place for it."""


FORMATS: Mapping[str, Format] = MappingProxyType(
    {
        one.name: one
        for one in (
            Format("bibtex", "BibTeX", ".bib", "application/x-bibtex", bibtex.write),
            Format("ris", "RIS", ".ris", "application/x-research-info-systems", ris.write),
            Format(
                "csl", "CSL-JSON", ".json", "application/vnd.citationstyles.csl+json", csl.write
            ),
            Format("csv", "CSV", ".csv", "text/csv", table.write),
            Format("markdown", "Markdown", ".md", "text/markdown", markdown.write),
            Format("jsonl", "JSON Lines", ".jsonl", "application/x-ndjson", jsonl.write),
        )
    }
)
"""Every format by its name."""


def export(
    papers: Iterable[Paper | Hit],
    format: str,
    *,
    like: str | Path | None = None,
    about: ListAbout | None = None,
) -> str:
    """Write papers in a format, each once, in their order.

    The entry of a paper does not depend on the other papers: it has the same key and
    the same fields in every export.

    Args:
        papers: Papers, or hits that hold them; if several have one id, the first counts.
        format: A name of `FORMATS`, or the suffix of its files.
        like: A Markdown list: the papers that it lacks are written into it in its own style,
            sections and order, and everything else of it stays as it is. Only for Markdown.
        about: What the list of the papers says of itself. BibTeX has it in a comment, Markdown
            above the papers, RIS, CSL-JSON and JSON Lines with each paper; CSV has no place
            for it. By default nothing is said.

    Returns:
        The content of a file. RIS and CSV have the line ends of their standards, CR LF;
        CSV begins with a byte order mark, which `without_mark` takes away.

    Raises:
        UsageError: If there is no such format, or it cannot be written like a list.
        SourceError: If the list cannot be read, or has no entries.
    """
    written = [one.paper if isinstance(one, Hit) else one for one in papers]
    once = list(reversed({paper.id: paper for paper in reversed(written)}.values()))
    form = find_format(format)
    if like is None:
        return form.write(once, about or ListAbout())
    if form.name != "markdown":
        raise UsageError(f"{form.label} is not written like a list; leave `like` out")
    from rftsearch.export.like.writer import ListWriter  # noqa: PLC0415 - reads Markdown

    return ListWriter.open(like).write(once).text


def find_format(name: str) -> Format:
    """Return the format with a name (`bibtex`) or a suffix (`.bib`, `bib`), in any case.

    Raises:
        UsageError: If there is none.
    """
    wanted = name.strip().lower()
    for one in FORMATS.values():
        if wanted in {one.name, one.suffix, one.suffix[1:]}:
            return one
    raise UsageError(f"no format is called {name!r}; one of {', '.join(FORMATS)}")


def without_mark(text: str) -> str:
    """Return an export as other programs take it from a pipe or an answer.

    A CSV file begins with a byte order mark, for spreadsheets; to programs it would be
    a part of the first column's name.
    """
    return text.removeprefix(table.BYTE_ORDER_MARK)


class _CallableModule(ModuleType):
    """Let `rftsearch.export` be both this package and the function that README shows.

    Importing a package makes it an attribute of its parent, which would hide a function of
    the same name; see "Customizing module attribute access" in Python's data model.
    """

    def __call__(
        self,
        papers: Iterable[Paper | Hit],
        format: str,
        *,
        like: str | Path | None = None,
        about: ListAbout | None = None,
    ) -> str:
        """Write papers in a format; see `export`."""
        return export(papers, format, like=like, about=about)


sys.modules[__name__].__class__ = _CallableModule

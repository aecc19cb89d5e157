"""Read a list of any style: its units, of them the papers, and what was not understood."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from rftsearch.papers.arxiv_id import parse_arxiv_id
from rftsearch.papers.paper import Paper
from rftsearch.sources.base import ParsedList, Problem
from rftsearch.sources.markdown.about.about import read_about
from rftsearch.sources.markdown.about.description import read_head
from rftsearch.sources.markdown.awesome import parse_list
from rftsearch.sources.markdown.outline import Path, below, document_title
from rftsearch.sources.markdown.records.record import read_entry
from rftsearch.sources.markdown.styles.categories import name_categories
from rftsearch.sources.markdown.styles.citations import ids_of
from rftsearch.sources.markdown.styles.entries import Entry, entries_of
from rftsearch.sources.markdown.styles.html_tree import Element, html_tree
from rftsearch.sources.markdown.styles.pieces import flat_text
from rftsearch.sources.markdown.styles.selection import Selection
from rftsearch.sources.markdown.styles.unit import Unit
from rftsearch.sources.markdown.styles.units import read_units
from rftsearch.sources.markdown.unread import beginning

__all__ = ["parse_any_list"]

_FOUNDING = re.compile(r"^[\s>]*[*+-]\s*\[\d{4}\]\s*\[", re.MULTILINE)


def parse_any_list(text: str, source: str) -> ParsedList:
    """Read every paper of a list, in whatever style it is written.

    Entries of the form `* [2505] [Name] [Title](link)` are read by `parse_list`, all others
    by what their parts look like.

    Args:
        text: The list's Markdown.
        source: Its name without folder, for the records' provenance.
    """
    founding = parse_list(text, source) if _FOUNDING.search(text) else ParsedList((), ())
    body = html_tree(text)
    head = read_head(body)
    units = _units_of_other_forms(body, text, founding)
    selection = Selection(units)
    entries = [entry for unit in selection.papers() for entry in entries_of(unit)]
    paths = [entry.unit.path for entry in entries]
    named = name_categories(paths, source, {e.unit.path for e in entries if e.unit.placed})
    title = document_title([e.unit.path if e.unit.levels[0] == 1 else () for e in entries])
    title = title or head.title(min((entry.line for entry in entries), default=0))
    papers: list[Paper] = []
    problems: list[Problem] = []
    first = {paper.id: paper.provenance[0].line for paper in founding.papers}
    places: dict[tuple[str, str], int] = {}
    for entry in entries:
        reasons: list[str] = []
        category = named[entry.unit.path]
        paper = read_entry(entry, category, _whole_path(entry, title), source, reasons)
        if paper is None:
            reasons.append(f"it has a link to a paper, but no title was found; {CURE}")
        else:
            papers.append(paper)
            first.setdefault(paper.id, entry.line)
            line = places.setdefault((paper.id, category), entry.line)
            if line != entry.line:
                reasons.append(f"repeats line {line}; the two are read as one paper")
        start = beginning(flat_text(entry.pieces)) if reasons else ""
        problems += [Problem(source, entry.line, start, reason) for reason in reasons]
    cited = {found for unit in units for found in ids_of((*unit.pieces, *unit.remarks))}
    problems += _unread_units(selection, entries, first.keys(), source)
    problems += _unread_lines(text, source, {*first, *cited})
    read = {entry.line for entry in entries}
    problems += [p for p in founding.problems if p.line not in read]
    found = sorted((*founding.papers, *papers), key=lambda paper: paper.provenance[0].line)
    return ParsedList(
        tuple(found),
        tuple(sorted(dict.fromkeys(problems), key=lambda problem: problem.line)),
        read_about(text, head, [paper.provenance[0].line for paper in found]),
    )


def _whole_path(entry: Entry, title: str) -> Path:
    """Return the headings above an entry without the document's own title, if there are others."""
    path = entry.unit.path
    return path[1:] if len(path) > 1 and path[0] == title else below(None, path)


CURE = "an entry has a title and a link to its paper, `- [Title](https://arxiv.org/abs/...)`"
_FOUNDING_LINE = re.compile(_FOUNDING.pattern)


def _units_of_other_forms(body: Element, text: str, founding: ParsedList) -> list[Unit]:
    """Return the units that are not of the form of the founding list."""
    units = read_units(body)
    if not founding.papers and not founding.problems:
        return units
    lines = re.split(r"\r\n?|\n", text)
    taken = {place.line for paper in founding.papers for place in paper.provenance}
    taken |= {n for n, line in enumerate(lines, start=1) if _FOUNDING_LINE.match(line)}
    return [unit for unit in units if unit.line not in taken]


def _unread_units(
    selection: Selection, entries: Iterable[Entry], known: Iterable[str], source: str
) -> Iterator[Problem]:
    """Name the units that cite a paper which was read nowhere."""
    ids = set(known)
    for unit in selection.unread({id(entry.unit) for entry in entries}):
        found = ids_of(unit.pieces)
        if found - ids or not found:
            text = beginning(flat_text(unit.pieces))
            place = "running text" if unit.kind == "paragraph" else f"this {unit.kind}"
            yield Problem(source, unit.line, text, f"a paper in {place} is not read; {CURE}")


_HIDDEN = re.compile(r"<!--.*?(?:-->|\Z)|^\s*(```|~~~).*?(?:^\s*\1|\Z)", re.DOTALL | re.MULTILINE)
_ADDRESS = re.compile(r"arxiv\.org/(?:abs|pdf)/[\w.-]+(?:/\d+)?", re.IGNORECASE)


def _unread_lines(text: str, source: str, known: Iterable[str]) -> Iterator[Problem]:
    """Name the lines that cite a paper which no unit holds: nothing goes unnoticed."""
    ids = set(known)
    shown = _HIDDEN.sub(lambda found: "\n" * found[0].count("\n"), text)
    for number, line in enumerate(re.split(r"\r\n?|\n", shown), start=1):
        for address in _ADDRESS.findall(line):
            found = parse_arxiv_id(address.rstrip(".-").removesuffix(".pdf"))
            if found and found not in ids:
                ids.add(found)
                yield Problem(
                    source, number, beginning(line), f"a paper on this line is not read; {CURE}"
                )

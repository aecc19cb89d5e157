"""Read a list of any style: its units, of them the papers, and what was not understood."""

from __future__ import annotations

import gc
import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager

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
from rftsearch.text.plural import plural

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
    with _collector_paused():
        return _parse(text, source)


@contextmanager
def _collector_paused() -> Iterator[None]:
    """Let the collector of cycles rest: it would look again and again through a tree that has none.

    A seventh of the time of a long list is saved. Where another thread reads a list too,
    the collector may work again a little earlier; nothing else depends on it.
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def _parse(text: str, source: str) -> ParsedList:
    founding = ParsedList((), ())
    if _FOUNDING.search(text):
        founding = parse_list(text, source, dated_lists=True)
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
        repeats = None
        category = named[entry.unit.path]
        paper = read_entry(entry, category, _whole_path(entry, title), source, reasons)
        if paper is None:
            reasons.append(f"it has a link to a paper, but no title was found; {CURE}")
        else:
            papers.append(paper)
            first.setdefault(paper.id, entry.line)
            line = places.setdefault((paper.id, category), entry.line)
            repeats = line if line != entry.line else None
        if reasons or repeats is not None:
            start = beginning(flat_text(entry.pieces))
            problems += Problem.of_entry(
                source, entry.line, start, reasons, is_read=paper is not None, repeats=repeats
            )
    cited = {found for unit in units for found in ids_of((*unit.pieces, *unit.remarks))}
    problems += _unread_units(selection, entries, first.keys(), source)
    read = {paper.provenance[0].line for paper in papers}
    problems += _broken_links(units, entries, read, source)
    problems += _unread_lines(text, source, {*first, *cited})
    own = _founding_lines(text, founding) if founding.problems else set()
    problems += [p for p in founding.problems if p.line in own]  # All others are judged above.
    found = sorted((*founding.papers, *papers), key=lambda paper: paper.provenance[0].line)
    return ParsedList(
        tuple(found),
        tuple(sorted(dict.fromkeys(problems), key=lambda problem: problem.line)),
        read_about(text, head, [paper.provenance[0].line for paper in found]),
        tuple(f"{source}: {line}" for line in _without_paper(selection, entries, found)),
    )


_MOST_RANGES, _NEAR = 40, 3
_SHOWN = 3


def _without_paper(
    selection: Selection, entries: Iterable[Entry], papers: Sequence[Paper]
) -> Iterator[str]:
    """Say which entries among those of papers lead to none: repositories, posts, talks."""
    read = {paper.provenance[0].line for paper in papers}
    units = selection.without_paper({id(entry.unit) for entry in entries})
    left = [(unit.line, title) for unit, title in units if unit.line not in read]
    if not left or not papers:
        return
    names = ", ".join(f'"{_shown(title)}"' for _, title in left[:_SHOWN])
    count = plural(len(left), "entry", "entries")
    where = "line" if len(left) == 1 else "lines"
    yield f"{count} without a paper left out, such as {names}; {where} {_ranges(left)}"


def _ranges(left: Sequence[tuple[int, str]]) -> str:
    """Return lines as `12, 30-34`; those that follow each other but for one or two are one."""
    ranges: list[list[int]] = []
    for line, _ in left:
        if ranges and line - ranges[-1][1] <= _NEAR:
            ranges[-1][1] = line
        else:
            ranges.append([line, line])
    shown = [f"{a}-{b}" if a != b else str(a) for a, b in ranges[:_MOST_RANGES]]
    return ", ".join(shown) + (", ..." if len(ranges) > _MOST_RANGES else "")


def _shown(title: str) -> str:
    """Return how a title begins."""
    return beginning(title)[:60]


def _whole_path(entry: Entry, title: str) -> Path:
    """Return the headings above an entry without the document's own title, if there are others."""
    path = entry.unit.path
    return path[1:] if len(path) > 1 and path[0] == title else below(None, path)


CURE = "an entry has a title and a link to its paper, `- [Title](https://arxiv.org/abs/...)`"
_FOUNDING_LINE = re.compile(_FOUNDING.pattern)


def _founding_lines(text: str, founding: ParsedList) -> set[int]:
    """Return the lines of entries that are, or were meant to be, of that form."""
    lines = enumerate(re.split(r"\r\n?|\n", text), start=1)
    read = {place.line for paper in founding.papers for place in paper.provenance}
    return read | {n for n, line in lines if _FOUNDING_LINE.match(line)}


def _units_of_other_forms(body: Element, text: str, founding: ParsedList) -> list[Unit]:
    """Return the units that are not of the form of the founding list."""
    units = read_units(body)
    if not founding.papers and not founding.problems:
        return units
    taken = _founding_lines(text, founding)
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


_LABEL = r"paper|page|pdf|arxiv|abs|link|project(?:\s+page)?|website|openreview"
_BROKEN_LINK = re.compile(rf"\[\s*(?:{_LABEL})\s*\]\s*\((?P<target>[^()]*)\)", re.IGNORECASE)
"""A link that stayed text, for its address has a blank: `[page](A Study of Soups)`."""
_LEAST_BESIDE = 10
"""Characters of an entry beside such a link; an entry of a contents table has none."""


def _broken_links(
    units: Iterable[Unit], entries: Sequence[Entry], read: Collection[int], source: str
) -> Iterator[Problem]:
    """Name the units whose link to a paper cannot be read, so that they cite none."""
    if not entries:
        return
    taken = {id(entry.unit) for entry in entries}
    for unit in units:
        if id(unit) in taken or unit.line in read or unit.hidden_by is not None:
            continue
        text = flat_text(unit.pieces)
        target = _broken_target(unit, text)
        if target is not None:
            said = f"its link {beginning(target)!r} is" if target else "its link is empty, which is"
            reason = f"{said} no web address, so no paper is read; {CURE}"
            yield Problem(source, unit.line, beginning(text), reason)


def _broken_target(unit: Unit, text: str) -> str | None:
    """Return the target of a link to a paper that leads nowhere, perhaps empty; None if none."""
    if broken := _BROKEN_LINK.search(text):
        return broken["target"]
    for piece in unit.pieces:
        leads_nowhere = piece.url is not None and piece.url.strip() in {"", "#"}
        if leads_nowhere and re.fullmatch(_LABEL, piece.text.strip(), re.IGNORECASE):
            return piece.url if len(text) - len(piece.text) >= _LEAST_BESIDE else None
    return None


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

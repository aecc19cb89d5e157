"""Check lists: read them, run the rules, and say what could not be checked."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from rftsearch.errors import UsageError
from rftsearch.living.check.dead_links import addresses_of, dead_links, unsure_links
from rftsearch.living.check.findings import RULES, CheckReport, Finding
from rftsearch.living.check.knowledge import Knowledge, known_in_file, known_in_index
from rftsearch.living.check.rules import run_rules
from rftsearch.living.check.subject import Subject
from rftsearch.sources.markdown.list_file import list_text
from rftsearch.sources.markdown.places import ListPlaces, find_places
from rftsearch.text.plural import plural

if TYPE_CHECKING:
    from rftsearch.sources.web.link_status import LinkAsker

__all__ = ["check_list", "check_lists", "chosen_rules"]


def check_list(
    path: str | Path,
    *,
    index: str | Path | None = None,
    abstracts: str | Path | None = None,
    links: bool | LinkAsker = False,
    select: Iterable[str] = (),
    ignore: Iterable[str] = (),
) -> CheckReport:
    """Check a Markdown list.

    Args:
        path: The list.
        index: Folder of an index that knows its papers: their titles on arXiv, their
            abstracts, and which papers are alike. None for none.
        abstracts: A file of abstracts, instead of an index or beside it.
        links: Whether to ask the web if addresses still answer; or what asks it.
        select: Codes of `RULES` to look for; by default all.
        ignore: Codes to leave out.

    Returns:
        What was found, by line, and what could not be checked.

    Raises:
        UsageError: There is no such rule.
        SourceError: The list or the file of abstracts cannot be read.
        IndexMissingError, IndexDamagedError, IndexFormatError: The index cannot be used.
    """
    return check_lists(
        [path], index=index, abstracts=abstracts, links=links, select=select, ignore=ignore
    )


def check_lists(
    paths: Sequence[str | Path],
    *,
    index: str | Path | None = None,
    abstracts: str | Path | None = None,
    links: bool | LinkAsker = False,
    select: Iterable[str] = (),
    ignore: Iterable[str] = (),
) -> CheckReport:
    """Check several lists, each by itself; see `check_list`."""
    codes = chosen_rules(select, ignore)
    from_file = known_in_file(Path(abstracts)) if abstracts is not None else Knowledge()
    findings: list[Finding] = []
    not_checked: list[str] = []
    entries = 0
    for path in paths:
        text = list_text(path)
        places = find_places(text, Path(path).name)
        known = from_file
        if index is not None:
            known = from_file.joined(known_in_index(Path(index), places.parsed.papers))
        subject = Subject(str(path), places, known.metadata, known.unknown, known.neighbours or {})
        found = [one for one in run_rules(subject) if one.code in codes]
        if links and codes & {"dead-link", "moved-link"}:
            asked = _asker(links).ask(addresses_of(subject))
            found += [one for one in dead_links(subject, asked) if one.code in codes]
            not_checked += unsure_links(str(path), asked)
        findings += sorted(found, key=lambda one: (one.line, one.column, one.code))
        entries += len(places.entries)
        not_checked += _not_checked(str(path), places, known, codes)
    return CheckReport(tuple(findings), entries, tuple(not_checked))


def _asker(links: bool | LinkAsker) -> LinkAsker:
    from rftsearch.sources.web.link_status import LinkAsker  # noqa: PLC0415 - rarely needed

    return links if isinstance(links, LinkAsker) else LinkAsker()


def chosen_rules(select: Iterable[str], ignore: Iterable[str]) -> set[str]:
    """Return the codes of the rules that are asked for.

    Raises:
        UsageError: There is no such rule.
    """
    wanted, unwanted = set(select), set(ignore)
    if strange := sorted((wanted | unwanted) - RULES.keys()):
        raise UsageError(f"there is no rule {strange[0]!r}; the rules are {', '.join(RULES)}")
    return (wanted or set(RULES)) - unwanted


_BY_METADATA = ("renamed", "wrong-link", "withdrawn", "missing-link")


def _not_checked(
    source: str, places: ListPlaces, known: Knowledge, codes: set[str]
) -> Iterable[str]:
    """Yield what could not be checked for lack of knowledge."""
    ids = {paper.arxiv_id for paper in places.parsed.papers if paper.arxiv_id}
    missing = len(ids - known.metadata.keys() - known.unknown)
    asked = [code for code in _BY_METADATA if code in codes]
    if missing and asked:
        yield (
            f"{source}: {', '.join(asked)} for {missing:,} of {plural(len(ids), 'arXiv paper')}: "
            "their titles and abstracts are not known; give --index or --abstracts"
        )
    if "other-section" in codes and known.neighbours is None:
        yield f"{source}: other-section: it needs an index of this list; give --index"

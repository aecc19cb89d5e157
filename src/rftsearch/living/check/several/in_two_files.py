"""Name papers that stand in several of the files that are checked together."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from pathlib import PurePath

from rftsearch.living.check.findings import Finding
from rftsearch.living.check.subject import Subject
from rftsearch.papers.same_paper import group_papers, signs_of
from rftsearch.sources.markdown.places import EntryPlace
from rftsearch.text.plural import plural

__all__ = ["in_two_files"]

_HABIT = 3
_HABIT_SHARE = 0.01
"""Files that share this many papers, and this part of all, do so on purpose."""


def in_two_files(
    subjects: Sequence[Subject], *, every: bool = False
) -> tuple[dict[int, list[Finding]], str | None]:
    """Name the later entries of papers that stand in several files.

    Papers are the same as for a build of these files: by arXiv id, DOI or title. Files of
    different kinds, such as a list and its library of references, are not compared.

    Args:
        subjects: The files.
        every: Whether to name all of them, also where there are so many that the files seem
            to share papers on purpose.

    Returns:
        The findings by number of the file, and a sentence if they were left out.
    """
    places: list[tuple[int, EntryPlace]] = []
    signs = []
    for number, subject in enumerate(subjects):
        for entry, paper in subject.papers:
            known = subject.metadata.get(paper.arxiv_id or "")
            places.append((number, entry))
            signs.append(signs_of(paper if known is None else paper.with_metadata(known)))
    found: dict[int, list[Finding]] = defaultdict(list)
    shared = 0
    for group in group_papers(signs):
        firsts: dict[str, tuple[int, EntryPlace]] = {}
        named = set()
        for member in group.members:
            number, other = places[member]
            kind = PurePath(subjects[number].source).suffix.lower()
            first, entry = firsts.setdefault(kind, places[member])
            if number == first or number in named:
                continue
            named.add(number)
            reasons = ", ".join(group.reasons) or "same paper"
            where = f"{subjects[first].source}:{entry.first}"
            message = f"The same paper stands in {where}: {reasons}."
            found[number].append(subjects[number].at_entry("in-two-files", other, message))
        shared += bool(named)
    if shared >= _HABIT and shared >= _HABIT_SHARE * len(places) and not every:
        count = plural(shared, "paper")
        return {}, (
            f"in-two-files: {count} in several files, which looks like a habit; "
            "--select in-two-files names them"
        )
    return found, None

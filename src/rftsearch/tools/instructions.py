"""What an assistant is told of a catalogue before it asks: what it holds, and what it does not."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence

from rftsearch.papers.paper import Paper
from rftsearch.papers.results import Facets
from rftsearch.search.engine import Engine
from rftsearch.text.plural import plural
from rftsearch.text.terms import prose_terms

__all__ = ["instructions"]

TITLES_READ = 2_000
"""Titles in which words are counted; the newest of a large catalogue."""
MOST_WORDS = 10
MOST_CATEGORIES = 12
LONGEST_DESCRIPTION = 300


def instructions(engine: Engine) -> str:
    """Return what a model should know of a catalogue: subject, size, span, limits, use.

    The subject is taken from the catalogue itself: what its lists say, its headings, and the
    words that most of its titles share.
    """
    counts = engine.facets()
    papers = engine.papers(limit=TITLES_READ)
    about = [one for one in engine.status().about.values() if one]
    named = ", ".join(dict.fromkeys(one.title for one in about if one.title))
    described = " ".join(one.description for one in about if one.description)
    lines = [
        f"rftsearch searches one curated catalogue{f': {named}' if named else ''}. "
        f"It holds {_size(counts)}{_span(papers)}.",
        described[:LONGEST_DESCRIPTION],
        f"Words that its titles share: {', '.join(_words(papers))}." if _words(papers) else "",
        _categories(counts),
        "It holds nothing else: it is not arXiv, and not the whole literature. If nothing here "
        "answers, say so; an answer whose notes speak of no good match is such a case.",
        "Start with search_papers and a question in plain words. For a need with several sides, "
        "ask several short questions and join the answers. Answers are short; detail='full' or "
        "get_paper brings abstracts, authors and links. All tools only read.",
    ]
    return "\n".join(filter(None, lines))


def _size(counts: Facets) -> str:
    kinds = counts.kinds
    papers, projects = kinds.get("paper", 0), kinds.get("project", 0)
    named = [plural(papers, "paper")] if papers or not projects else []
    return " and ".join(named + ([plural(projects, "code project")] if projects else []))


def _span(papers: Sequence[Paper]) -> str:
    """Return the months between which papers were released; nothing if none is known.

    The list is the newest first, so that of a large catalogue only the end is known.
    """
    months = [one.released for one in papers if one.released]
    if not months:
        return ""
    if len(papers) == TITLES_READ:
        return f", the newest of {max(months)}"
    return f", released from {min(months)} to {max(months)}"


def _categories(counts: Facets) -> str:
    """Return the headings with most papers, in the list's order."""
    most = sorted(counts.categories.values(), reverse=True)[:MOST_CATEGORIES]
    shown = [
        f"{name} ({count})"
        for name, count in counts.categories.items()
        if most and count >= most[-1] and count
    ][:MOST_CATEGORIES]
    if not shown:
        return ""
    rest = sum(map(bool, counts.categories.values())) - len(shown)
    more = f", and {rest} more that list_categories names" if rest > 0 else ""
    return f"Its categories: {', '.join(shown)}{more}."


def _words(papers: Iterable[Paper]) -> list[str]:
    """Return the words that most titles have, in the form in which they stand there most.

    A word counts once in a title; words of one title alone tell nothing of the subject.
    """
    titles: Counter[str] = Counter()
    forms: dict[str, Counter[str]] = {}
    for paper in papers:
        seen: dict[str, str] = {}
        for word in re.findall(r"[^\W\d_][\w-]*[^\W_]", paper.title):
            for term in prose_terms(word)[:1]:
                seen.setdefault(term, word if word.isupper() else word.lower())
        titles.update(seen.keys())
        for term, word in seen.items():
            forms.setdefault(term, Counter())[word] += 1
    shared = [term for term, count in titles.most_common(MOST_WORDS) if count > 1]
    return [forms[term].most_common(1)[0][0] for term in shared]

"""Papers that have an exact phrase, or a word that a question refuses."""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np

from rftsearch.index.generations.generation import Generation
from rftsearch.index.tables.forward_index import number_of, pair_numbers
from rftsearch.papers.asked.understood import Understood
from rftsearch.papers.paper import Paper
from rftsearch.search.ranking import numeric
from rftsearch.search.ranking.rows import read_terms
from rftsearch.search.scope import Scope
from rftsearch.text.latex import latex_to_text
from rftsearch.text.terms import prose_terms
from rftsearch.types import BoolArray, IdArray

__all__ = ["narrowed_scopes", "rows_with"]

_READ = 1_000
"""Up to this many papers that have the words, texts are compared. Of more, only those with the
words side by side; and if these are more, too, the words decide, whatever their endings."""
_REMEMBERED = 64


def narrowed_scopes(
    generation: Generation, understood: Understood, scopes: Sequence[Scope]
) -> Sequence[Scope]:
    """Return scopes without the papers that lack an exact phrase or have what is refused."""
    exact, refused = understood.texts("exact"), understood.texts("refusal")
    if not exact and not refused:
        return scopes
    kept = np.ones(len(generation.attributes), np.bool_)
    for phrase in exact:
        kept &= rows_with(generation, phrase)
    for phrase in refused:
        kept &= ~rows_with(generation, phrase)
    return [scope.within(kept) for scope in scopes]


def rows_with(generation: Generation, phrase: str) -> BoolArray:
    """Return which rows of the attributes have a phrase in name, title or abstract, (n,) bool.

    Upper and lower case, accents and LaTeX do not matter; word endings do.

    Args:
        generation: What is searched.
        phrase: One word or more.
    """
    remembered = generation.phrases
    found = remembered.get(phrase)
    if found is None:
        if len(remembered) >= _REMEMBERED:
            remembered.clear()
        found = remembered[phrase] = _look_up(generation, phrase)
    return found


def _look_up(generation: Generation, phrase: str) -> BoolArray:
    rows = np.zeros(len(generation.attributes), np.bool_)
    # A text may join what the phrase has apart: "vision-language models" has "language models".
    terms = prose_terms(phrase.replace("-", " "))
    if not terms:
        return rows
    ids = np.sort(generation.lexical.with_terms(terms))
    if len(ids) > _READ:
        ids = _side_by_side(generation, ids, terms)
    if len(ids) <= _READ:
        wanted = re.compile(rf"(?<!\w){_spaced(phrase)}(?!\w)")
        papers = generation.store.papers(ids.tolist())
        has = [int(i) in papers and _has(papers[int(i)], wanted) for i in ids]
        ids = ids[np.array(has, np.bool_)]
    rows[generation.attributes.rank(ids)] = True
    return rows


def _side_by_side(generation: Generation, ids: IdArray, terms: Sequence[str]) -> IdArray:
    """Return those of some papers that have each pair of neighbouring terms."""
    numbers = np.array([number_of(term) for term in terms], np.uint32)
    wanted = set(pair_numbers(numbers).tolist())
    if not wanted or not len(ids):
        return ids
    rows = read_terms(generation.bigrams, generation.places(ids), once=True)
    counts = np.bincount(numeric.find(rows, wanted).papers, minlength=len(ids))
    return np.asarray(ids[counts == len(wanted)])


def _has(paper: Paper, wanted: re.Pattern[str]) -> bool:
    texts = (paper.short_name, paper.title, paper.abstract, paper.description)
    return any(wanted.search(_plain(text)) for text in texts if text)


def _plain(text: str) -> str:
    return " ".join(latex_to_text(text).casefold().split())


def _spaced(phrase: str) -> str:
    """Return an expression for a phrase; a blank stands for a hyphen too."""
    return r"[\s-]+".join(re.escape(word) for word in _plain(phrase).split())

"""Why a paper is in an answer: the sentence of its texts that answers the query best.

Sentences are compared by words alone, which needs no model. Sentences and marked words
are given as offsets into the text as it is stored, so that a page can lay the marks over
any rendering of it.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from rftsearch.index.generations.generation import Generation
from rftsearch.index.tables.bm25 import inverse_frequency
from rftsearch.papers.paper import Paper
from rftsearch.papers.results import Explanation, Hit, TextField
from rftsearch.search.query.clean import subject
from rftsearch.search.query.passage import telling
from rftsearch.text.sentences import Span, find_sentences
from rftsearch.text.terms import prose_terms

__all__ = ["explain", "explain_hits"]

FIELDS: tuple[TextField, ...] = ("abstract", "description", "title")
"""The texts of a paper in which sentences are looked for."""

_LENGTH = 0.25
"""How much better a sentence must answer that has twice the paper's usual length."""
_RELATED = 10
"""How many words that the hits share choose a sentence if none has a word of the query."""


@dataclass(frozen=True, eq=False)
class _Sentence:
    """A sentence of a paper, by its terms."""

    field: TextField
    start: int
    end: int
    length: int
    """In terms."""
    terms: frozenset[str]

    def weight(self, wanted: Mapping[str, float]) -> float:
        """Return the weight of the wanted terms that it has, each once."""
        return sum(weight for term, weight in wanted.items() if term in self.terms)


def explain_hits(generation: Generation, query: str, hits: Sequence[Hit]) -> list[Explanation]:
    """Choose a sentence of each hit; see `explain`.

    Args:
        generation: Knows how rare a term is.
        query: One line of text.
        hits: An answer, or a part of one.
    """
    papers, lexical = len(generation.lexical), generation.lexical
    topic = subject(query)
    named = (one.concept.acronym.casefold() for one in generation.acronyms.mentions(topic))
    return explain(
        [hit.paper for hit in hits],
        list(dict.fromkeys((*prose_terms(topic), *(f for one in named for f in (one, f"{one}s"))))),
        lambda term: inverse_frequency(papers, lexical.frequency(term)),
    )


def explain(
    papers: Sequence[Paper], terms: Sequence[str], idf: Callable[[str], float]
) -> list[Explanation]:
    """Choose a sentence of each paper.

    It is the sentence with most of the query: the sum of the inverse document frequencies
    of the query's terms in it, each once, divided by its length. The title is chosen only
    if it has more of the query than any other sentence.
    If a paper has no term of the query, the words that the hits share are used instead; if
    it has none of those either, the first sentence of its abstract, else of its description,
    else its title. Only words of the query are marked.

    Args:
        papers: Those of one answer, best first.
        terms: The query's, as `prose_terms` returns them; a term that occurs twice weighs
            twice as much.
        idf: The inverse document frequency of a term.

    Returns:
        One explanation for each paper, in their order.
    """
    wanted = telling(terms, idf)
    related: Mapping[str, float] | None = None
    read = [_read(paper) for paper in papers]
    found = []
    for paper, own in zip(papers, read, strict=True):
        best = _best(own, wanted)
        if best is None:
            if related is None:
                related = _shared(read, idf)
            best = _best(own, related)
        found.append(_explanation(paper, best or next(iter(own), None), wanted))
    return found


def _read(paper: Paper) -> list[_Sentence]:
    return [sentence for field in FIELDS for sentence in _read_text(field, getattr(paper, field))]


@lru_cache(maxsize=512)
def _read_text(field: TextField, text: str) -> tuple[_Sentence, ...]:
    """Return the sentences of a text; kept, since many queries are answered by the same texts."""
    read = ((start, end, prose_terms(text[start:end])) for start, end in find_sentences(text))
    return tuple(
        _Sentence(field, start, end, len(terms), frozenset(terms)) for start, end, terms in read
    )


def _best(own: Sequence[_Sentence], wanted: Mapping[str, float]) -> _Sentence | None:
    """Return the sentence with most of the weight of some terms; None if none has any.

    A title is shown with its paper anyway. It is chosen only if it has more than any other
    sentence, however long that is.
    """
    if not wanted:
        return None
    usual = max(sum(sentence.length for sentence in own) / max(len(own), 1), 1)
    best, most = None, 0.0
    for title in (False, True):
        met = {s: s.weight(wanted) for s in own if (s.field == "title") == title}
        if met and max(met.values()) > most:
            best = max(met, key=lambda s: met[s] / (1 - _LENGTH + _LENGTH * s.length / usual))
            most = max(met.values())
    return best


def _shared(read: Sequence[Sequence[_Sentence]], idf: Callable[[str], float]) -> dict[str, float]:
    """Return the words that several papers of an answer share; better papers count more."""
    weights: defaultdict[str, float] = defaultdict(float)
    having: Counter[str] = Counter()
    for place, own in enumerate(read):
        terms = frozenset[str]().union(*(sentence.terms for sentence in own))
        having.update(terms)
        for term in terms:
            weights[term] += 1 / (2 + place)
    gains = {term: weight * idf(term) for term, weight in weights.items() if having[term] > 1}
    kept = sorted(gains, key=lambda term: (-gains[term], term))[:_RELATED]
    return {term: gains[term] for term in kept}


def _explanation(
    paper: Paper, sentence: _Sentence | None, wanted: Mapping[str, float]
) -> Explanation:
    if sentence is None:
        return Explanation(paper.id, "title", 0, 0, "")
    text: str = getattr(paper, sentence.field)
    shown = text[sentence.start : sentence.end]
    marks = (
        (start, end)
        for start, end in _words(shown)
        if any(term in wanted for term in _terms(shown[start:end]))
    )
    return Explanation(
        paper.id, sentence.field, sentence.start, sentence.end, shown, tuple(_joined(marks))
    )


def _joined(spans: Iterator[Span]) -> Iterator[Span]:
    """Yield spans in order; spans that overlap become one."""
    last: Span | None = None
    for start, end in spans:
        if last is not None and start < last[1]:
            last = (last[0], max(last[1], end))
            continue
        if last is not None:
            yield last
        last = (start, end)
    if last is not None:
        yield last


# --- words -------------------------------------------------------------------

_CHUNK = re.compile(r"\S+")
_LETTERS = r"(?:[^\W_]|[\u0300-\u036f])"  # Accents that stand alone belong to their letter.
_WORD = re.compile(rf"{_LETTERS}+(?:[-_'\u2019.+/]{_LETTERS}+)*\+*")
_IDEOGRAPHS = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\uf900-\ufaff]{2,}")
_AROUND = ".,;:!?()[]\"'*\u2018\u2019\u201c\u201d\u2013\u2014"


def _words(text: str) -> Iterator[Span]:
    """Where each word stands; of what is written without blanks, each pair of signs."""
    for chunk in _CHUNK.finditer(text):
        if "\\" in chunk[0] or "$" in chunk[0]:
            # `\\textbf{R}einforcement`, `R$^3$`: one word, readable only as a whole.
            word = chunk[0].strip(_AROUND)
            start = chunk.start() + chunk[0].find(word)
            end = start + len(word)
            if word.endswith("\\"):
                # A command is not cut: `\(x\)` ends with its parenthesis, `vs.\ ` with its blank.
                end += 1 if end < chunk.end() else -1
            if start < end:
                yield start, end
            continue
        for match in _WORD.finditer(text, chunk.start(), chunk.end()):
            if _IDEOGRAPHS.fullmatch(match[0]):
                yield from ((start, start + 2) for start in range(match.start(), match.end() - 1))
            else:
                yield match.span()


@lru_cache(maxsize=1 << 14)
def _terms(word: str) -> tuple[str, ...]:
    return tuple(prose_terms(word))

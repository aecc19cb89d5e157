"""Why a paper is in an answer: the sentence of its texts that answers the query best.

Sentences are compared by words alone, which needs no model and no index. Where
they are cut and which words are marked is told in offsets of the text as it is
stored, so that whoever shows it can lay the marks over any rendering.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from rftsearch.papers.paper import Paper
from rftsearch.papers.results import Explanation, TextField
from rftsearch.text.terms import prose_terms

__all__ = ["explain", "sentences"]

FIELDS: tuple[TextField, ...] = ("abstract", "description", "title")
"""The texts of a paper in which sentences are looked for."""

_LENGTH = 0.25
"""A sentence of twice the paper's usual length has to answer by so much more."""
_RELATED = 10
"""By so many words that the hits share a sentence is chosen where none is the query's."""

Span = tuple[int, int]


@dataclass(frozen=True, eq=False)
class _Sentence:
    """A sentence of a paper, by its terms."""

    field: TextField
    start: int
    end: int
    length: int
    """In terms."""
    terms: frozenset[str]

    def met(self, wanted: Mapping[str, float]) -> float:
        """The weight of the wanted terms that it has, each once."""
        return sum(weight for term, weight in wanted.items() if term in self.terms)


def explain(
    papers: Sequence[Paper], terms: Sequence[str], idf: Callable[[str], float]
) -> list[Explanation]:
    """Choose a sentence of each paper.

    That is the one whose words account for most of the query: the inverse document
    frequencies of the query's terms that it has, each once, against its length; the
    title only where it accounts for more than any other.
    Where a paper has none of them, the words that the other papers share take their
    place; where it has none of those either, its abstract's first sentence, its
    remark or its title stands there. Only words of the query are marked.

    Args:
        papers: Those of one answer, best first.
        terms: The query's, as `prose_terms` makes them; those that occur several
            times weigh accordingly more.
        idf: The inverse document frequency of a term.

    Returns:
        One for each paper, in their order.
    """
    wanted = {term: count * idf(term) for term, count in Counter(terms).items()}
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
    """The sentences of a text, remembered for those that answer question after question."""
    read = ((start, end, prose_terms(text[start:end])) for start, end in sentences(text))
    return tuple(
        _Sentence(field, start, end, len(terms), frozenset(terms)) for start, end, terms in read
    )


def _best(own: Sequence[_Sentence], wanted: Mapping[str, float]) -> _Sentence | None:
    """The sentence with most of the weight of some terms; None where none has any.

    A title is shown with its paper anyway: it is chosen only where it has more
    than any other sentence, however long.
    """
    if not wanted:
        return None
    usual = max(sum(sentence.length for sentence in own) / max(len(own), 1), 1)
    best, most = None, 0.0
    for title in (False, True):
        met = {s: s.met(wanted) for s in own if (s.field == "title") == title}
        if met and max(met.values()) > most:
            best = max(met, key=lambda s: met[s] / (1 - _LENGTH + _LENGTH * s.length / usual))
            most = max(met.values())
    return best


def _shared(read: Sequence[Sequence[_Sentence]], idf: Callable[[str], float]) -> dict[str, float]:
    """The words that several papers of an answer share, better papers counting more."""
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
    """Spans in order, those that overlap made one."""
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
            yield start, start + len(word)
            continue
        for match in _WORD.finditer(text, chunk.start(), chunk.end()):
            if _IDEOGRAPHS.fullmatch(match[0]):
                yield from ((start, start + 2) for start in range(match.start(), match.end() - 1))
            else:
                yield match.span()


@lru_cache(maxsize=1 << 14)
def _terms(word: str) -> tuple[str, ...]:
    return tuple(prose_terms(word))


# --- sentences ---------------------------------------------------------------

_END = re.compile(r"(?:[.!?]+[\"'\u2019\u201d)\]}]*(?=\s)|[\u3002\uff01\uff1f]+)\s*")
_FORMULA = re.compile(r"(?<!\\)\$(?=\S)[^$]*?\S(?<!\\)\$(?!\d)")
# What a full stop ends without ending a sentence.
_LEADING = frozenset(
    """
    e.g i.e cf vs viz resp approx ca fig figs eq eqs sec tab alg app ref refs no vol ch
    dr prof mr mrs ms st w.r.t s.t incl esp
    """.split()  # noqa: SIM905 - as a list it would be a page long
)
# The same, unless a word follows with which sentences begin.
_TRAILING = frozenset(("al", "etc", "a.k.a", "inc", "ltd"))
_BEGINNINGS = frozenset(
    """
    a all although an as at based both by code compared despite each experiments extensive
    finally first for from furthermore given here however i in inspired it its many moreover
    most motivated notably on our overall prior recent results second several since so some
    specifically such that the their there therefore these they this those through thus to
    unlike using we when while with without yet
    """.split()  # noqa: SIM905 - the same
)
_LAST_WORD = re.compile(r"[^\s(\[{\u201c\"~]*\Z")
_NEXT_WORD = re.compile(r"(?:\\[A-Za-z]+\s*\{|[\"'\u201c\u2018(\[{$])*(\w*)")


def sentences(text: str) -> list[Span]:
    """Where the sentences of a text stand.

    A full stop ends a sentence unless it follows an abbreviation ("e.g.", "et al.")
    or an initial, stands within a number or a formula, or is followed by a small
    letter. Where in doubt two sentences stay one.

    Returns:
        Start and end of each, in order, not overlapping, without the blanks
        between them; all that is no blank lies in one of them.
    """
    found = []
    start = 0
    formulas = [match.span() for match in _FORMULA.finditer(text)]
    for match in _END.finditer(text):
        inside = any(begin < match.start() < end - 1 for begin, end in formulas)
        if not inside and _ends(text, match):
            found.append((start, match.end()))
            start = match.end()
    found.append((start, len(text)))
    return [span for begin, end in found if (span := _stripped(text, begin, end))]


def _ends(text: str, match: re.Match[str]) -> bool:
    """Whether a sentence ends at this full stop."""
    if match[0][0] != ".":
        return match[0][0] in "!?\u3002\uff01\uff1f" and not _small(text, match.end())
    if _small(text, match.end()):
        return False
    before = _LAST_WORD.search(text, max(0, match.start() - 20), match.start())
    word = before[0].casefold() if before else ""
    if word in _LEADING or (before and len(before[0]) == 1 and before[0].isupper()):
        return False
    if word in _TRAILING:
        following = _NEXT_WORD.match(text, match.end())
        return following is not None and following[1].casefold() in _BEGINNINGS
    return True


def _small(text: str, at: int) -> bool:
    """Whether the next word begins small and goes on so: `iGPT` and `vLLM` may begin one."""
    match = _NEXT_WORD.match(text, at)
    return match is not None and match[1].islower() and match[1][0].isascii()


def _stripped(text: str, start: int, end: int) -> Span | None:
    whole = text[start:end]
    inner = whole.strip()
    begin = start + len(whole) - len(whole.lstrip())
    return (begin, begin + len(inner)) if inner else None

"""Collecting the acronyms of a collection, paper by paper, while it is indexed."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from rftsearch.index.tables.acronyms import LONGEST, Acronyms, Concept, stems
from rftsearch.index.tables.spellings import SHORTEST, Spellings
from rftsearch.text.latex import latex_to_text
from rftsearch.text.reading.acronyms import find_definitions
from rftsearch.text.terms import prose_terms

__all__ = ["AcronymsWriter"]

_AGREEING = 0.7
"""The share of the papers that define an acronym which must mean the same."""
_FORMS = 4
"""Ways to write a long form that are kept, the most frequent ones."""
_SELDOM = 0.03
"""A way to write it that fewer of the papers have is a slip."""
_READ_FOR_WORDS = 20_000
"""Papers in which words in small letters are counted: of a sample as large, nothing changes."""
_SMALL_WORD = re.compile(r"(?<![\w-])[a-z]{2,24}(?![\w-])")


@dataclass
class AcronymsWriter:
    """Collects the acronyms of a collection, paper by paper."""

    _longs: defaultdict[str, Counter[str]] = field(
        default_factory=lambda: defaultdict(Counter), init=False
    )
    """How many papers have each long form, by acronym in small letters."""
    _written: defaultdict[str, Counter[str]] = field(
        default_factory=lambda: defaultdict(Counter), init=False
    )
    """How the acronym is written."""
    _small_words: Counter[str] = field(default_factory=Counter, init=False)
    _papers: int = field(default=0, init=False)

    def add(self, text: str) -> None:
        """Read the abstract of a paper."""
        self._papers += 1
        if self._papers <= _READ_FOR_WORDS:
            self._small_words.update(set(_SMALL_WORD.findall(text)))
        if "(" not in text:
            return
        seen = set()
        for found in find_definitions(latex_to_text(text)):
            key, long = found.acronym.casefold(), found.long
            # A paper counts once; what has a joint is the name of one thing: GSM-IC.
            if key not in seen and key.isalnum():
                seen.add(key)
                self._longs[key][long] += 1
                self._written[key][found.acronym] += 1

    def spellings(self) -> Spellings:
        """Return the words in small letters, with how many papers have each."""
        counts = self._small_words.items()
        return Spellings({word: n for word, n in counts if n > 1 and len(word) >= SHORTEST})

    def finish(self) -> Acronyms:
        """Return the acronyms that have one meaning."""
        return Acronyms(tuple(self._concepts()))

    def _concepts(self) -> Iterator[Concept]:
        least = 1 if self._papers <= 2_000 else 2 if self._papers <= 20_000 else 3
        for key in sorted(self._longs):
            counts = self._longs[key]
            defining = counts.total()
            # Two letters stand for too many things to believe a single paper.
            if defining < (max(least, 2) if len(key) < 3 else least):
                continue
            group = _largest_group(counts)
            papers = sum(counts[long] for long in group)
            if papers < max(least, _AGREEING * defining):
                continue
            # In small letters it is a word of its own if papers use it as one.
            small = defining >= 2 and self._small_words[key] <= defining / 4
            written = max(self._written[key], key=lambda one: (self._written[key][one], one))
            yield Concept(written, tuple(_forms(group, counts)), papers, small)


def _largest_group(counts: Counter[str]) -> list[str]:
    """Return the long forms that mean the same as others with most papers, most frequent first.

    Those mean the same whose stems are mostly the same: "vision language models" and
    "visual-language model".
    """
    groups: list[tuple[set[str], list[str]]] = []
    for long, _ in sorted(counts.items(), key=lambda item: (-item[1], item[0])):
        letters = _trigrams("".join(stems(long)))
        for known, members in groups:
            if len(letters & known) >= 0.6 * min(len(letters), len(known)):
                members.append(long)
                break
        else:
            groups.append((letters, [long]))
    return max((members for _, members in groups), key=lambda g: sum(counts[one] for one in g))


def _forms(group: Iterable[str], counts: Counter[str]) -> Iterator[str]:
    """Yield the ways to write a long form that differ by more than an ending."""
    totals: Counter[str] = Counter()
    best: dict[str, str] = {}
    for long in group:
        key = " ".join(prose_terms(long))
        totals[key] += counts[long]
        best.setdefault(key, long.lower())
    usual = totals.total()
    for place, (key, papers) in enumerate(totals.most_common(_FORMS)):
        often = place == 0 or papers >= max(2, _SELDOM * usual)
        if key and often and len(key.split()) <= LONGEST:
            yield best[key]


def _trigrams(text: str) -> set[str]:
    padded = f" {text} "
    return {padded[at : at + 3] for at in range(len(padded) - 2)}

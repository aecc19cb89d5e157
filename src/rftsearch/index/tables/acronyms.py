"""The acronyms of a collection with their long forms, as its own texts define them.

A collection says itself what its acronyms stand for. An acronym is kept if most of the
papers that define it agree: AD, which is "autonomous driving" in some papers and
"anomaly detection" in others, has no meaning of its own.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Self

from rftsearch.errors import REPAIR, IndexDamagedError
from rftsearch.text.terms import prose_terms

__all__ = ["LONGEST", "Acronyms", "Concept", "ConceptTerms", "Mention", "stems"]

_WORD = re.compile(r"[^\W_]+")
_LINKING = frozenset(
    "a an the of for and or in on by with from via using to".split()  # noqa: SIM905 - readable
)
_BEGINNING = 8
"""Letters by which it is seen that words begin no long form."""
LONGEST = 10
"""Words of a long form at most."""


@dataclass(frozen=True, slots=True)
class Concept:
    """What an acronym stands for."""

    acronym: str
    """As most papers write it, without the s of a plural."""
    longs: tuple[str, ...]
    """Its long form in the ways that papers write it, the most frequent one first."""
    papers: int
    """How many papers define it so."""
    small: bool
    """Whether it is meant where it is typed in small letters: `grpo`, but not `star`."""

    @property
    def long(self) -> str:
        """The long form as most papers write it."""
        return self.longs[0]


@dataclass(frozen=True, slots=True)
class Mention:
    """Where a text names a concept."""

    start: int
    end: int
    concept: Concept


@dataclass(frozen=True)
class ConceptTerms:
    """The terms of an acronym and of its long forms."""

    term: str
    """The acronym's; it stands for the concept among the terms of a query."""
    plural: str
    longs: tuple[tuple[str, ...], ...]
    """The terms of each long form, in order."""

    @classmethod
    def of(cls, concept: Concept) -> Self:
        """Return the terms of a concept."""
        longs = (prose_terms(long) for long in concept.longs)
        apart = (prose_terms(long.replace("-", " ")) for long in concept.longs)
        term = concept.acronym.casefold()
        distinct = dict.fromkeys(tuple(long) for long in (*longs, *apart) if len(long) > 1)
        return cls(term, f"{term}s", tuple(distinct))

    @property
    def forms(self) -> tuple[tuple[str, ...], ...]:
        """The terms of each form in which a paper may have the concept."""
        return ((self.term,), (self.plural,), *self.longs)


@dataclass(frozen=True)
class Acronyms:
    """The acronyms of a collection."""

    concepts: tuple[Concept, ...] = ()
    """Each acronym once, in the order of the alphabet."""

    @classmethod
    def parse(cls, content: bytes) -> Self:
        """Read what `save` wrote.

        Raises:
            IndexDamagedError: It is something else.
        """
        try:
            rows = json.loads(content)
            concepts = tuple(
                Concept(str(acronym), tuple(map(str, longs)), int(papers), bool(small))
                for acronym, papers, small, longs in rows
            )
        except (ValueError, TypeError) as error:
            raise IndexDamagedError(
                f"the acronyms of the index cannot be read; {REPAIR}"
            ) from error
        return cls(concepts)

    def save(self, path: Path) -> None:
        """Write them as JSON: acronym, papers, whether in small letters too, long forms."""
        rows = [[one.acronym, one.papers, one.small, one.longs] for one in self.concepts]
        lines = ",\n".join(json.dumps(row, ensure_ascii=False) for row in rows)
        path.write_text(f"[\n{lines}\n]\n", "utf-8")

    def __len__(self) -> int:
        """Return how many there are."""
        return len(self.concepts)

    def of(self, word: str) -> Concept | None:
        """Return what a word stands for, written as an acronym or, if that is safe, small."""
        lower = word.casefold()
        found = self._by_acronym.get(lower) or self._by_acronym.get(lower.removesuffix("s"))
        if found is None:
            return None
        capitals = sum(letter.isupper() for letter in word)
        return found if capitals >= 2 or (found.small and word.islower()) else None

    def mentions(self, text: str) -> list[Mention]:
        """Find the concepts that a text names by acronym or long form, the longest at each place.

        Args:
            text: A query, or a part of one.
        """
        if not self.concepts:
            return []
        words = [(match.start(), match.end(), match[0]) for match in _WORD.finditer(text)]
        found: list[Mention] = []
        at = 0
        while at < len(words):
            mention = self._long_at(words, at) or self._acronym_at(text, words[at])
            if mention is None:
                at += 1
                continue
            found.append(mention)
            while at < len(words) and words[at][0] < mention.end:
                at += 1
        return found

    def _acronym_at(self, text: str, word: tuple[int, int, str]) -> Mention | None:
        start, end, letters = word
        concept = self.of(letters)
        if concept is None or _within_a_name(text, start, end):
            return None
        return Mention(start, end, concept)

    def _long_at(self, words: list[tuple[int, int, str]], at: int) -> Mention | None:
        start, _, word = words[at]
        if word.casefold() in _LINKING:
            return None
        best, key = None, ""
        for place, (_, end, word) in enumerate(words[at : at + 2 * LONGEST]):
            lower = word.casefold()
            if lower in _LINKING:
                continue
            key += _stem(lower)
            if key[:_BEGINNING] not in self._beginnings:
                break
            concept = self._by_long.get(key)
            if concept is not None and place:
                best = Mention(start, end, concept)
        return best

    @cached_property
    def _by_acronym(self) -> dict[str, Concept]:
        return {one.acronym.casefold(): one for one in self.concepts}

    @cached_property
    def _by_long(self) -> dict[str, Concept]:
        found: dict[str, Concept] = {}
        # A long form with two acronyms belongs to the one that more papers define.
        for concept in sorted(self.concepts, key=lambda one: one.papers):
            for long in concept.longs:
                found["".join(stems(long))] = concept
        return found

    @cached_property
    def _beginnings(self) -> frozenset[str]:
        """The first letters of every long form, up to eight: most words begin none."""
        return frozenset(key[:n] for key in self._by_long for n in range(1, _BEGINNING + 1))


def stems(long: str) -> list[str]:
    """Return the words of a long form in small letters, without links and plurals."""
    words = (word.casefold() for word in _WORD.findall(long))
    return [_stem(word) for word in words if word not in _LINKING]


def _stem(lower: str) -> str:
    """Return a word without the s of a plural.

    Joined, such stems are the same for "fine-tuning", "fine tuning" and "finetuning".
    """
    return lower[:-1] if len(lower) > 3 and lower[-1] == "s" and lower[-2] != "s" else lower


def _within_a_name(text: str, start: int, end: int) -> bool:
    """Return whether an acronym is a part of a name, like GRPO in S-GRPO; not in GRPO-based."""
    before = re.search(r"([^\W_]+)[-+/]$", text[:start])
    after = re.match(r"\+|[-+/]([^\W_]+)", text[end:])
    return any(
        part is not None and (part.lastindex is None or not part[1].islower())
        for part in (before, after)
    )

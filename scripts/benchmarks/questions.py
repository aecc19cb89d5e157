"""Make questions that no engine has answered yet; each run makes the same ones."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass

__all__ = ["Phrases", "Questions"]


@dataclass
class Questions:
    """Questions of words that the index has, in random order."""

    words: Sequence[str]

    def __post_init__(self) -> None:
        """Seed the random numbers, so that each run makes the same questions."""
        self._random = random.Random(0)  # noqa: S311 - nothing secret

    def take(self, count: int) -> list[str]:
        """Return this many questions of four to eight words; no names, which need no model."""
        return [
            f"how {' '.join(self._random.choices(self.words, k=self._random.randint(3, 7)))}"
            for _ in range(count)
        ]


@dataclass
class Phrases:
    """Questions as people type them: some words of a title, in their order."""

    titles: Sequence[str]

    def __post_init__(self) -> None:
        """Seed the random numbers, so that each run makes the same questions."""
        self._random = random.Random(0)  # noqa: S311 - nothing secret
        # The first word is often a name, and a whole title is one.
        self._tails = [words[1:] for title in self.titles if len(words := title.split()) > 4]

    def take(self, count: int) -> list[str]:
        """Return this many questions of three to six words; none where all titles are short."""
        taken = []
        for _ in range(count if self._tails else 0):
            words = self._random.choice(self._tails)
            length = min(self._random.randint(3, 6), len(words))
            start = self._random.randint(0, len(words) - length)
            taken.append(" ".join(words[start : start + length]))
        return taken

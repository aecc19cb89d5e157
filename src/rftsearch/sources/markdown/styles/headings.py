"""The headings that are open at a point of a document, and what they say of what follows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from rftsearch.sources.markdown.outline import Path, about_the_list, is_contents
from rftsearch.sources.markdown.styles.categories import is_date_only

__all__ = ["INNER_LEVEL", "Headings", "Open"]

INNER_LEVEL = 7
"""Level of a bold line that heads a list: below any heading."""
_HALF = 0.5

Open = Sequence[tuple[float, str]]
"""Open headings with their levels, outermost first."""


class Headings:
    """The open headings, outermost first."""

    def __init__(self, all_of_them: Iterable[tuple[float, str]]) -> None:
        """Begin a document.

        Args:
            all_of_them: Level and text of each heading that it has.
        """
        self._dates = Counter(one for one in all_of_them if is_date_only(one[1]))
        self.open: Open = ()
        self._entered = -1

    def enter(self, level: float, text: str, number: int) -> None:
        """Open a heading, closing those of its level and below.

        Args:
            level: 1 to 6, or more for what heads a list within a section.
            text: What it says.
            number: How many units stand before it.
        """
        level = self._below_subject(level, text, number)
        self.close(level)
        self.open = (*self.open, (level, text))
        self._entered = number

    def close(self, level: float) -> None:
        """Close the headings of a level and below."""
        self.open = tuple(one for one in self.open if one[0] < level)

    def _below_subject(self, level: float, text: str, number: int) -> float:
        """Return where a heading stands: a year below the subject that has its level.

        Such are `## Video`, `## 2024`: nothing stands between them, or the same year comes
        again under another subject.
        """
        if level >= INNER_LEVEL or not is_date_only(text):
            return level
        subject = next((name for one, name in self.open if one == level), None)
        if subject is None or is_date_only(subject) or about_the_list(subject):
            return level
        again = self._dates[(level, text)] > 1
        follows = self._entered == number or self.open[-1][0] == level + _HALF
        return level + _HALF if again or follows else level

    @property
    def names(self) -> Path:
        """Return what they say; where two in a row say the same, the outer one."""
        names = [name for _, name in self.open]
        return tuple(
            name
            for before, name in zip(["", *names], names, strict=False)
            if name.casefold() != before.casefold()
        )

    @property
    def levels(self) -> tuple[float, float]:
        """Return the level of the outermost and of the innermost one, 0 without any."""
        return (self.open[0][0], self.open[-1][0]) if self.open else (0, 0)

    @property
    def placed(self) -> bool:
        """Return whether one is a year that has the level of the subject above it."""
        return any(level % 1 for level, _ in self.open)

    @property
    def inner_level(self) -> float:
        """Return the level of what heads a list here: below all that is open."""
        return max([INNER_LEVEL, *(level + 1 for level, _ in self.open)])

    @property
    def hidden_by(self) -> str | None:
        """Return the heading that says that what follows is about the list itself."""
        names = self.names
        hidden = next(filter(about_the_list, names), None)
        return names[-1] if hidden is None and names and is_contents(names[-1]) else hidden

"""Split the names of authors into the parts that reference managers need."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

__all__ = ["Name", "join_name", "split_name"]

# Small words before a family name. They count only in small letters: "Van" may be a
# particle, but is also a common name in Vietnam.
_PARTICLES = frozenset(
    (  # noqa: SIM905 - words read better than a list of them
        "af al aus bin d' da das dal de degli del della delle den der des di do dos du el i la las"
        " le lo los op 't ten ter van vom von zu zum zur"
    ).split()
)
_SUFFIXES = frozenset({"jr", "jr.", "sr", "sr.", "ii", "iii", "iv"})
# A name with one of these words is the name of a group and is written as it is. BibTeX
# would read a name with "and" or "others" in it as several names.
_GROUP = re.compile(
    r"\b(?:teams?|groups?|collaborations?|consortium|labs?|laborator(?:y|ies)|community|projects?"
    r"|institut(?:e|es|o|ion)|universit(?:y|é|ät|à)|universidad|inc|ltd|llc|gmbh|corp|corporation"
    r"|company|technologies|robotics|deepmind|research|initiative|foundation|network|committee"
    r"|council|association|organi[sz]ation|agency|contributors|alliance|society|workshop"
    r"|on behalf of|for the|et al|and|others)\b|\bAI\b",
)


@dataclass(frozen=True, slots=True)
class Name:
    """One author."""

    family: str
    """The family name; the whole name if it must not be split."""
    given: str = ""
    particle: str = ""
    """`van der` of Laurens van der Maaten."""
    suffix: str = ""
    """`Jr.`, `III`."""
    literal: bool = False
    """A group, or a person with a single name: it is written as it is."""

    @property
    def display(self) -> str:
        """The name as people read it: given name first."""
        parts = (self.given, self.particle, self.family, self.suffix)
        return " ".join(filter(None, parts))

    @property
    def inverted(self) -> str:
        """The name as RIS has it: `van der Maaten, Laurens`."""
        if self.literal:
            return self.family
        family = " ".join(filter(None, (self.particle, self.family)))
        # A comma of the name itself would separate its parts.
        parts = (part.replace(",", "") for part in (family, self.given, self.suffix))
        return ", ".join(filter(None, parts))


def split_name(text: str) -> Name | None:
    """Split a name into its parts.

    Args:
        text: One line of plain text: `Given Family`, as arXiv has it, or
            `Family, Given`. The last word becomes the family name, with the
            particles before it.

    Returns:
        None if the text is not a name: arXiv writes an "author" called `:` between
        a group and its members.
    """
    if not any(letter.isalpha() for letter in text):
        return None
    if _is_group(text):
        return Name(text, literal=True)
    head, *rest = [part.strip() for part in text.split(",")]
    suffix = next((part for part in rest if part.lower() in _SUFFIXES), "")
    rest = [part for part in rest if part and part != suffix]
    if len(rest) > 1 or not head:
        return Name(text, literal=True)
    words = head.split()
    if rest:
        return _with_particle(words, rest[0], suffix)
    if not suffix and len(words) > 2 and words[-1].lower() in _SUFFIXES:
        suffix = words.pop()
    if len(words) == 1:
        return Name(text, literal=True)
    start = next((n for n in range(len(words) - 1) if words[n] in _PARTICLES), len(words) - 1)
    return _with_particle(words[start:], " ".join(words[:start]), suffix)


def join_name(family: str, given: str, suffix: str) -> Name | None:
    """Make a name from the parts that a source such as arXiv's snapshot gives.

    >>> join_name("van der Maaten", "Laurens", "")
    Name(family='Maaten', given='Laurens', particle='van der', suffix='', literal=False)
    >>> join_name("Nimbus Robotics", "", "").literal
    True
    """
    whole = " ".join(filter(None, (given, family, suffix)))
    if not any(letter.isalpha() for letter in whole):
        return None
    if _is_group(whole):
        return Name(whole, literal=True)
    if not family or not given:
        return Name(whole, literal=True)
    head, *rest = [part.strip() for part in family.split(",")]
    if not suffix and len(rest) == 1 and rest[0].lower() in _SUFFIXES:
        family, suffix = head, rest[0]
    return _with_particle(family.split(), given, suffix)


def _with_particle(words: Sequence[str], given: str, suffix: str) -> Name:
    """Make a name; particles may come first among the words of the family name."""
    end = 0
    while end < len(words) - 1 and words[end] in _PARTICLES:
        end += 1
    return Name(" ".join(words[end:]), given, " ".join(words[:end]), suffix)


def _is_group(text: str) -> bool:
    return _GROUP.search(text) is not None or _GROUP.search(text.lower()) is not None

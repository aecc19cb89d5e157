"""Authors taken apart, as reference managers need them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

__all__ = ["Name", "join_name", "split_name"]

# Small words before a family name, in the languages that have them. Only in small
# letters: "Van" may be a particle, and is a common name of its own in Vietnam.
_PARTICLES = frozenset(
    (  # noqa: SIM905 - words read better than a list of them
        "af al aus bin d' da das dal de degli del della delle den der des di do dos du el i la las"
        " le lo los op 't ten ter van vom von zu zum zur"
    ).split()
)
_SUFFIXES = frozenset({"jr", "jr.", "sr", "sr.", "ii", "iii", "iv"})
# Words that no person is called by: the name of a group, written as it is. A name with
# "and" or "others" in it would be read as several by whoever reads BibTeX.
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
    """The family name; the whole name if it is not to be taken apart."""
    given: str = ""
    particle: str = ""
    """`van der` of Laurens van der Maaten."""
    suffix: str = ""
    """`Jr.`, `III`."""
    literal: bool = False
    """A group, or a person of a single name: written as it is."""

    @property
    def display(self) -> str:
        """The name as it is read: given name first."""
        parts = (self.given, self.particle, self.family, self.suffix)
        return " ".join(filter(None, parts))

    @property
    def inverted(self) -> str:
        """`van der Maaten, Laurens`: as RIS wants it."""
        if self.literal:
            return self.family
        family = " ".join(filter(None, (self.particle, self.family)))
        # A comma of the name itself would separate its parts.
        parts = (part.replace(",", "") for part in (family, self.given, self.suffix))
        return ", ".join(filter(None, parts))


def split_name(text: str) -> Name | None:
    """Take a name apart.

    Args:
        text: One line of plain text: `Given Family`, as arXiv has it, or
            `Family, Given`. The last word is taken for the family name, with
            the particles before it.

    Returns:
        None for what is not a name: arXiv sets a group apart from its members by an
        "author" called `:`.
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
    """Make a name of the parts that a source gives, such as arXiv's snapshot.

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
    """Make a name of the words of its family name, which particles may lead."""
    end = 0
    while end < len(words) - 1 and words[end] in _PARTICLES:
        end += 1
    return Name(" ".join(words[end:]), given, " ".join(words[:end]), suffix)


def _is_group(text: str) -> bool:
    return _GROUP.search(text) is not None or _GROUP.search(text.lower()) is not None

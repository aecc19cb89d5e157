"""Authors taken apart, as reference managers need them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

__all__ = ["Name", "split_name"]

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
    r"\b(?:team|group|collaboration|consortium|labs?|laborator(?:y|ies)|community|project"
    r"|institutes?|universit(?:y|é|ät)|inc|research|initiative|foundation|network|committee"
    r"|contributors|alliance|society|et al|and|others)\b|\bAI\b",
)


@dataclass(frozen=True, slots=True)
class Name:
    """One author."""

    family: str
    """The family name; the whole of it where the name is not to be taken apart."""
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
        family = " ".join(filter(None, (self.particle, self.family)))
        return ", ".join(filter(None, (family, self.given, self.suffix)))


def split_name(text: str) -> Name | None:
    """Take a name apart.

    Args:
        text: One line of plain text: `Given Family`, as arXiv has it, or
            `Family, Given`. The last word is taken for the family name, with
            the particles before it.

    Returns:
        None for what is no name: arXiv sets a group apart from its members by an
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
        start = _particle_end(words, 0)
        return Name(" ".join(words[start:]), rest[0], " ".join(words[:start]), suffix)
    if not suffix and len(words) > 2 and words[-1].lower() in _SUFFIXES:
        suffix = words.pop()
    if len(words) == 1:
        return Name(text, literal=True)
    start = next((n for n in range(len(words) - 1) if words[n] in _PARTICLES), len(words) - 1)
    end = _particle_end(words, start)
    return Name(" ".join(words[end:]), " ".join(words[:start]), " ".join(words[start:end]), suffix)


def _particle_end(words: Sequence[str], start: int) -> int:
    """Where the particles that begin at `start` end; the last word is never one."""
    end = start
    while end < len(words) - 1 and words[end] in _PARTICLES:
        end += 1
    return end


def _is_group(text: str) -> bool:
    return _GROUP.search(text) is not None or _GROUP.search(text.lower()) is not None

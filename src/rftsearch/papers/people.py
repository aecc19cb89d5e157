"""Names of people in parts, as sources give them that keep family and given names apart."""

from __future__ import annotations

from collections.abc import Iterable

__all__ = ["Person", "needed_parts", "shown_name"]

Person = tuple[str, str, str]
"""Family name, given name and suffix: `("Author", "A.", "Jr")`. A group has a family name only."""

_SUFFIXES = frozenset({"jr", "jr.", "sr", "sr.", "ii", "iii", "iv"})


def shown_name(person: Person) -> str:
    """Return a name as people write it: `A. Author Jr`."""
    family, given, suffix = person
    return " ".join(filter(None, (given, family, suffix)))


def needed_parts(people: Iterable[Person]) -> tuple[Person, ...]:
    """Return the parts of all names; none if each name can be taken apart without them."""
    named = tuple(people)
    return () if all(_ends_with_family(person) for person in named) else named


def _ends_with_family(person: Person) -> bool:
    """Return whether the written name can be taken apart: its last word is the family name.

    A usual suffix may follow it.
    """
    family, given, suffix = person
    return (
        len(family.split()) == 1
        and bool(given)
        and (not suffix or suffix.lower() in _SUFFIXES)
        and family.lower() not in _SUFFIXES
        and not any(word[0].islower() for word in given.split())
        and "," not in f"{family}{given}"
    )

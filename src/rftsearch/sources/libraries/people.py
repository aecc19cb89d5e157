"""Authors as libraries write them, with family and given names kept apart."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache

from rftsearch.papers.people import Person
from rftsearch.sources.libraries.markup import plain, plain_latex

__all__ = ["people_of_bibtex", "people_of_ris", "person_of_csl"]

_LONGEST_NAME = 1_000
"""Characters of a name that are looked at."""
_NUMBER = re.compile(r"\s+\d{4}$")
"""With it DBLP tells people of one name apart."""
_ENDED_BY_BLANK = re.compile(r"(\\[A-Za-z]+)[ \t]+(?=[a-z])")
r"""A command as in `S\o rensen`: the blank ends it and is none between words."""
_OTHERS = {"others", "et al", "et al.", "al.", "and"}


def people_of_bibtex(field: str) -> tuple[Person, ...]:
    r"""Read the authors of a field of BibTeX: `Sample, Jr, Ada and {A Group} and others`."""
    return tuple(
        person
        for name in _names(field)
        if (person := _of_bibtex(_NUMBER.sub("", name[:_LONGEST_NAME].rstrip()))) is not None
    )


def _names(field: str) -> list[str]:
    from bibtexparser.middlewares.names import split_multiple_persons_names  # noqa: PLC0415 - slow

    names: list[str] = split_multiple_persons_names(field)
    if len(names) != 1 or "{" in field:
        return names
    if ";" in field:  # Not BibTeX, but some programs write it.
        return field.split(";")
    parts = [part.strip() for part in field.split(",")]
    # `Ada Example, Ben Sample, Cy Else`: three given names with a blank are no parts of one.
    return parts if len(parts) > 2 and all(" " in part for part in parts) else names


@lru_cache(maxsize=1 << 14)  # Few people write most of a library.
def _of_bibtex(name: str) -> Person | None:
    from bibtexparser.middlewares.names import parse_single_name_into_parts  # noqa: PLC0415 - slow

    parts = parse_single_name_into_parts(_ENDED_BY_BLANK.sub(r"\1{}", name), strict=False)
    family = plain_latex(" ".join((*parts.von, *parts.last)))
    given, suffix = plain_latex(" ".join(parts.first)), plain_latex(" ".join(parts.jr))
    return _sound(family, given, suffix)


def people_of_ris(names: Sequence[str]) -> tuple[Person, ...]:
    """Read the authors of RIS: `van der Sample, Ada, Jr.`, or a group without a comma.

    Where no author has a comma, the program writes people as `Ada Sample`: then the last
    word stands for the family name.
    """
    texts = [plain(name[:_LONGEST_NAME]) for name in names]
    in_parts = any("," in text for text in texts)
    return tuple(
        person for text in texts if (person := _of_ris(text, in_parts=in_parts)) is not None
    )


def _of_ris(text: str, *, in_parts: bool) -> Person | None:
    family, *rest = [part.strip() for part in text.split(",")]
    if rest:
        return _sound(family, rest[0], " ".join(rest[1:]))
    given = "" if in_parts else family.rpartition(" ")[0]
    return _sound(family[len(given) :].strip(), given, "")


def person_of_csl(name: Mapping[str, object]) -> Person | None:
    """Read an author of CSL-JSON; None if it is no name."""
    values = {key: plain(value) for key, value in name.items() if isinstance(value, str)}
    if literal := values.get("literal"):
        return _sound(literal, "", "")
    particles = ("dropping-particle", "non-dropping-particle", "family")
    family = " ".join(filter(None, map(values.get, particles)))
    return _sound(family, values.get("given", ""), values.get("suffix", ""))


def _sound(family: str, given: str, suffix: str) -> Person | None:
    """Return a name; None for `others` and for what has no letter."""
    if not family:
        family, given = given, ""
    whole = f"{given} {family}".strip()
    if whole.lower() in _OTHERS or not any(letter.isalpha() for letter in whole):
        return None
    return family, given, suffix

"""The words without which a question has no part of a kind: no date, no place, no exclusion.

Most questions have none of them. Then the module that reads such parts is not imported: its
patterns take longer to compile than a short question takes to answer.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from importlib import import_module

from rftsearch.papers.asked.understood import Part
from rftsearch.search.understanding.reading import Reader, Reading

__all__ = ["CAPITALS", "DATES", "RESOURCES", "VENUES", "VENUE_WORDS", "WITHOUT", "on_cue"]

DATES = re.compile(
    r"(?:19|20)\d\d|\b(?:last|past|previous|this|since|newest|latest|recent|oldest|earliest|first"
    r"|sort|sorted|order|ordered|before|after|until|till)\b",
    re.IGNORECASE,
)
RESOURCES = re.compile(
    r"\b(?:code|implementations?|github|repo(?:sitory)?|weights|checkpoints?|models?|data\s?sets?"
    r"|data|demos?|projects?|benchmarks?|corp(?:us|ora)|surveys?|reviews?|overviews?)\b",
    re.IGNORECASE,
)
VENUE_WORDS = re.compile(
    r"\b(?:accepted|published|presented|appear(?:s|ed|ing)?|from|at|in)\b|(?:19|20)\d\d|'\d\d",
    re.IGNORECASE,
)
CAPITALS = re.compile(r"[A-Z]{2}|3DV")
VENUES = re.compile(rf"{VENUE_WORDS.pattern}|(?-i:{CAPITALS.pattern})", re.IGNORECASE)
WITHOUT = re.compile(
    r"\b(?:with(?:out|\s+no)|w/o|no|not|never|do(?:es)?n|didn|excluding|except|other\s+than"
    r"|rather\s+than|instead\s+of|lacking|free|avoid\w*|using\s+no|nothing)\b",
    re.IGNORECASE,
)


def on_cue(cue: re.Pattern[str], module: str, name: str) -> Reader:
    """Return a reader that is imported when a question has its cue.

    Args:
        cue: Found in every question that has parts of the kind.
        module: Of this package.
        name: The reader in it.
    """

    def read(reading: Reading) -> Iterable[Part]:
        if cue.search(reading.query) is None:
            return ()
        own: Reader = getattr(import_module(f"{__package__}.{module}"), name)
        return own(reading)

    return read

"""Numbers with their nouns: `1 paper`, `3 papers`."""

from __future__ import annotations

__all__ = ["plural"]


def plural(number: int, noun: str, plural: str = "") -> str:
    """Return a number with its noun: `1 paper`, `3 papers`, `11 categories`.

    Args:
        number: How many.
        noun: For one of them; more words may follow it, as in `paper was added`.
        plural: For any other number; by default the noun with an s added.
    """
    return f"{number:,} {noun if number == 1 else plural or noun + 's'}"

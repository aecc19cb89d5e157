"""What a list says of itself: its name, its description, and where it is kept."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["NOTHING_KNOWN", "ListAbout"]


@dataclass(frozen=True, slots=True)
class ListAbout:
    """What a list says of itself; what is not known of it is empty."""

    title: str = ""
    """Its name, in plain text."""
    description: str = ""
    """What it collects, in plain text of one or two sentences."""
    home: str = ""
    """The web address where people read it, such as its page on GitHub."""
    licence: str = ""
    """The name of its licence, as it says: `CC BY 4.0`."""
    updated: str = ""
    """When it was last changed, `2026-05-03` or `2026-05`."""

    def __bool__(self) -> bool:
        """Return whether anything is known."""
        return self != ListAbout()


NOTHING_KNOWN = ListAbout()
"""What a list says of itself that says nothing."""

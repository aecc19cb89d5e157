"""What every engine for vectors has in common."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["IvfSettings"]


@dataclass(frozen=True, slots=True)
class IvfSettings:
    """How inverted lists of vectors are searched, and what that finds."""

    lists: int
    probes: int
    """Lists looked into for a query without a filter."""
    recall: float
    """Of the exact first ten, on a sample, with so many probes."""
    exhaustive: float
    """The same with all lists."""

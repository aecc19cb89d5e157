"""The names of a generation's files: the format on disk.

An index built before must open after: names stay as they are.
"""

from __future__ import annotations

__all__ = [
    "ACRONYMS",
    "ATTRIBUTES",
    "CENTRES",
    "EVERY_NAME",
    "EXPECTATION",
    "GONE",
    "JOINED",
    "LEXICAL",
    "MAP",
    "PAIRS",
    "ROWS",
    "SPELLINGS",
    "TITLES",
    "VECTORS",
    "WORDS",
]

ATTRIBUTES = "attributes.npy"
ACRONYMS = "acronyms.json"
"""What the acronyms of the texts stand for; an index built before there were any lacks it."""
SPELLINGS = "spellings.txt"
"""How words are spelt; an index built before there were any lacks it."""
VECTORS = "vectors"
TITLES = "titles.npy"
CENTRES = "centres.npy"
EXPECTATION = "expectation.npy"
MAP = "map.npy"
WORDS = "words"
PAIRS = "pairs"
LEXICAL = "lexical"
JOINED = "joined"
"""Folder of the vectors, titles and terms of papers that joined those of `TITLES` and so on."""
ROWS = "rows.npy"
"""Where papers joined: the ids of all rows of titles and terms, ascending."""
GONE = "gone.npy"
"""Where papers joined: the ids of those rows that belong to no paper any more."""

EVERY_NAME = frozenset(
    {
        ACRONYMS,
        ATTRIBUTES,
        CENTRES,
        EXPECTATION,
        GONE,
        JOINED,
        LEXICAL,
        MAP,
        PAIRS,
        ROWS,
        SPELLINGS,
        TITLES,
        VECTORS,
        WORDS,
    }
)
"""All that lies in a generation's folder."""

"""What is left of a question when parts were taken out: without words that joined them."""

from __future__ import annotations

import re
from collections.abc import Mapping

__all__ = ["TABLE", "topic_of"]

# What joins a part to the rest, and what only says that papers are wanted.
_JOINING = re.compile(
    r"^(?:(?:what|which)\s+(?:is|are)\b(?!$)|[\s,;:]|\b(?:and|or|that|which|who|is|are|was|were|from|in|on|about|of|by|for|with|the)\b"
    r"(?=[\s,;:]|$))+|(?:[\s,;:]|(?<=[\s,;:])(?:and|or|that|which|who|is|are|was|were|from|in|on"
    r"|about|of|by|for|with|the)\b)+$|^(?:and|or|from|in|on|about|of|by|for|with|the)$",
    re.IGNORECASE,
)
_ONLY_ASKING = re.compile(
    r"(?:(?:papers?|works?|articles?|publications?|stud(?:y|ies)|research|entries|everything|all"
    r"|any|some|what|which|is|are|there|do|you|have|show|me|us|list|find|give|please|the|a|an"
    r"|published|released|written|by|from|in|on|of|about|and|with|that|were|was|did|has)\b"
    r"[\s,;:.?!]*)*",
    re.IGNORECASE,
)

TABLE: Mapping[str, re.Pattern[str]] = {"joining": _JOINING, "onlyAsking": _ONLY_ASKING}
"""What a browser needs to read such parts alike: see `rftsearch.publish.reading`."""


def topic_of(left: str) -> str:
    """Return the topic in what is left of a question; empty if it only asks for papers.

    Args:
        left: The words of a question that no part has taken.
    """
    left = _JOINING.sub("", left)
    return "" if _ONLY_ASKING.fullmatch(left) else left

"""Cleaning of queries: one line of text, without the words that merely ask for papers."""

from __future__ import annotations

import re
from reprlib import repr as short_repr

from rftsearch.errors import QueryError

__all__ = ["clean", "subject"]

# "Could you recommend any papers that investigate ...": what comes before the subject.
_ASKING = (
    r"(?:(?:could|can|would) you (?:please )?(?:recommend|suggest|find|show|give|point|direct|tell)"
    r"(?: me| us)?(?: to(?:wards)?)?"
    r"|(?:are|is|were) there|do you know(?: of)?|have there been"
    r"|(?:i am|i'm|we are) looking for|i (?:want|need)(?: to (?:find|read))?"
    r"|(?:please )?(?:find|show|give|list|recommend|suggest)(?: me| us)?"
    r"|what|which|where can i find)"
)
_PAPERS = r"(?:papers?|stud(?:y|ies)|works?|research|articles?|publications?|literature)"
_FILLING = (
    r"(?:(?:any|some|a|an|the|recent|existing|prior|previous|other|good|relevant|scholarly) )*"
)
_DOING = (
    r"(?:(?:that|which|who|has|have|is|are|been|done|conducted|on|about|for|into|regarding|of|in"
    r"|investigat\w+|explor\w+|examin\w+|stud(?:y|ies|ied)|propos\w+|present\w*|introduc\w+"
    r"|discuss\w*|focus\w*|address\w*|describ\w+|analy[sz]\w+|deal\w* with|to|how) )*"
)
_REQUEST = re.compile(rf"^(?:{_ASKING} )?{_FILLING}(?:research )?{_PAPERS} {_DOING}", re.IGNORECASE)


def clean(text: str, name: str = "query") -> str:
    """Return a text as one line of valid Unicode; a lone surrogate cannot be encoded.

    Raises:
        QueryError: It is not a string; the error calls it `name`.
    """
    if not isinstance(text, str):  # Programs do not always check their types.
        raise QueryError(f"{name} must be a string, not {short_repr(text)}")
    return " ".join(text.encode("utf-8", "replace").decode("utf-8").split())


def subject(query: str) -> str:
    """Return a query without the words that ask for papers; all of it if little were left.

    >>> subject("Are there any papers that investigate crowd counting?")
    'crowd counting'
    """
    rest = _REQUEST.sub("", query).rstrip(" ?.!")
    return rest if len(rest.split()) > 1 else query

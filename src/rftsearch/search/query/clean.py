"""A question before it is asked: its words, without the dress of a request."""

from __future__ import annotations

import re

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
_WORKS = r"(?:papers?|stud(?:y|ies)|works?|research|articles?|publications?|literature)"
_FILLING = (
    r"(?:(?:any|some|a|an|the|recent|existing|prior|previous|other|good|relevant|scholarly) )*"
)
_DOING = (
    r"(?:(?:that|which|who|has|have|is|are|been|done|conducted|on|about|for|into|regarding|of|in"
    r"|investigat\w+|explor\w+|examin\w+|stud(?:y|ies|ied)|propos\w+|present\w*|introduc\w+"
    r"|discuss\w*|focus\w*|address\w*|describ\w+|analy[sz]\w+|deal\w* with|to|how) )*"
)
_REQUEST = re.compile(rf"^(?:{_ASKING} )?{_FILLING}(?:research )?{_WORKS} {_DOING}", re.IGNORECASE)


def clean(text: str) -> str:
    """One line of valid Unicode: lone surrogates have no bytes to encode.

    Raises:
        QueryError: It is no text at all.
    """
    if not isinstance(text, str):  # As a program may send it that does not check its types.
        raise QueryError(f"{text!r} is no text; ask with a string")
    return " ".join(text.encode("utf-8", "replace").decode("utf-8").split())


def subject(query: str) -> str:
    """The query without the words that ask for papers; all of it where little would be left.

    >>> subject("Are there any papers that investigate crowd counting?")
    'crowd counting'
    """
    rest = _REQUEST.sub("", query).rstrip(" ?.!")
    return rest if len(rest.split()) > 1 else query

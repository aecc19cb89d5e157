"""What a question excludes in words: "without SFT", "but not radiology", "don't need labels"."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

__all__ = ["TABLE", "Exclusion", "find_exclusions"]

_NEED = (
    r"(?:need|needs|require|requires|use|uses|involve|involves|have|has|want"
    r"|(?:rely|relies|depend|depends)\s+(?:up)?on)"
)
_NEEDING = (
    r"(?:needing|requiring|using|involving|having|about|(?:relying|depending|based)"
    r"\s+(?:up)?on|trained\s+(?:with|on|by|using))"
)
_CUE = re.compile(
    rf"""(?:^|(?<=[\s,;:(]))
    (?:(?:but|and|yet)\s+)?(?:(?:that|which|who)\s+)?(?:are\s+|is\s+)?
    (?:
      (?:without|w/o|excluding|except(?:\s+for)?|other\s+than|rather\s+than|instead\s+of|lacking
        |free\s+(?:of|from)|avoid(?:s|ing)?|with\s+no|using\s+no|nothing\s+(?:about|on|with))
      |(?:(?:do|does|did)(?:n['\u2019]t|\s+not))\s+{_NEED}
      |(?:not|never)\s+{_NEEDING}
      |(?:(?<=^)|(?<=[,;]\s)|(?<=but\s)|(?<=and\s))(?:no|not(?:\s+(?:in|on|with|for))?)
    )
    \s+(?!(?:only|just|merely|all|every|longer|more|less|necessarily|yet|so|too|always|known|to|free
      |loss|bells|further|than|one|by|what|how|why|when|if|being|been|sacrificing|compromising
      |hurting|losing|forgetting|degrading|changing|increas\w+|drop|degradation|solely|\w+ed\s+(?:by|to|in)
      )\b)
    """,
    re.VERBOSE | re.IGNORECASE,
)
_DOES_NOT = re.compile(r"\b(?:do|does|did)(?:n| not)", re.IGNORECASE)
_EITHER = re.compile(r"\b(?:with|or|and/or)\s+(?:or\s+)?$", re.IGNORECASE)
"""What comes before "without" in "with or without"."""
_LEAD_IN = re.compile(
    r"^(?:(?:the|a|an|any|all|such|its|their|our|much|using|use|of|relying|rely|on|upon|requiring"
    r"|depending|depend|require|needing|need|for|having|access|to|doing|going|through|resorting|help|from)\s+)+",
    re.IGNORECASE,
)
_END = re.compile(
    r"[,;?!()]|\.(?:\s|$)"
    r"|\s(?:but|for|in|on|with|that|which|when|while|where|using|to|by|during|at|as|from|via|than"
    r"|i\.e\.|e\.g\.|are|is|if|because|and\s+(?:with|for|on|in|that|which)|yet|still|whose)\s",
    re.IGNORECASE,
)
_TRAILING = re.compile(
    r"\s+(?:needed|required|involved|necessary|at\s+all|please|anywhere|either|whatsoever)$",
    re.IGNORECASE,
)
_ALONE = re.compile(r"\b(?:alone|only|solely)$", re.IGNORECASE)
"""Who wants more than "the final answer alone" wants the final answer too."""
_CLAUSE = re.compile(
    r"\b(?:any(?:body|one|thing)|some(?:body|one|thing)|nobody|everybody|everyone|you|we|they|he|she|me"
    r"|us|them|him|her|what|who|whom|which|how|whether|why|when|where)\b",
    re.IGNORECASE,
)
"""A thing with one of these is a clause: "without anybody marking what is correct" names no
thing that an abstract would speak of, and its words say what is asked for."""
_ASKED = re.compile(r"\s*(?:which|how|what|whether|when|where|why)\b", re.IGNORECASE)
_AND = re.compile(r",\s*|\s+(?:or|and|nor)\s+")
_LISTED = re.compile(r",\s+(?:[\w-]+\s+){0,2}[\w-]+,?\s+(?:or|nor)\s+[^,;?!.()]+")
"""How a list goes on behind a comma: "without labels, rewards or demonstrations"."""
_MOST_WORDS = 8
"""A longer thing is a clause of its own, and no name of a thing."""
_JOINED = re.compile(r"\s+and\s+")

TABLE: Mapping[str, Any] = {
    "cue": _CUE,
    "doesNot": _DOES_NOT,
    "either": _EITHER,
    "leadIn": _LEAD_IN,
    "end": _END,
    "trailing": _TRAILING,
    "alone": _ALONE,
    "clause": _CLAUSE,
    "asked": _ASKED,
    "and": _AND,
    "listed": _LISTED,
    "joined": _JOINED,
    "mostWords": _MOST_WORDS,
}
"""What a browser needs to read such parts alike: see `rftsearch.publish.reading`."""


@dataclass(frozen=True, slots=True)
class Exclusion:
    """Where a question excludes something."""

    start: int
    """Where its words begin, the cue included."""
    end: int
    things: tuple[str, ...]
    """What is excluded, 1 or more."""


def find_exclusions(question: str) -> Iterator[Exclusion]:
    """Yield what a question excludes, in order.

    Args:
        question: One line of text.
    """
    at = 0
    while (cue := _CUE.search(question, at)) is not None:
        at = cue.end()
        if _EITHER.search(question, 0, cue.start()) and cue[0].lower().startswith("without"):
            continue
        lead = _LEAD_IN.match(question[cue.end() :])
        start = cue.end() + (lead.end() if lead else 0)
        end_match = _END.search(question, start)
        end = end_match.start() if end_match else len(question)
        if more := _LISTED.match(question[end:]):
            end += more.end()
        if _DOES_NOT.search(cue[0]):  # "... that does not use a tokenizer and reads bytes"
            end = start + len(_JOINED.split(question[start:end])[0])
        thing = _TRAILING.sub("", question[start:end].strip())
        if not thing or len(thing.split()) > _MOST_WORDS:
            continue
        asked = thing.endswith("ing") and _ASKED.match(question[end:])  # "knowing which ..."
        if asked or _ALONE.search(thing) or _CLAUSE.search(thing):
            continue
        things = [part.strip(" ,\"'") for part in _AND.split(thing)]
        things = [part for part in things if re.search(r"\w", part)]
        if things:
            yield Exclusion(cue.start(), end, tuple(things))
            at = end

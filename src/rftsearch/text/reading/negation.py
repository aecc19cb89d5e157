"""What a sentence says of a thing: that it does without, that others use it, or that it has it.

After NegEx (Chapman, Bridewell, Hanbury, Cooper and Buchanan, 2001): a cue, such as
"without", and how far it reaches. Abstracts speak of a thing in two more ways: as what
others do ("existing methods rely on labels") and as what is beaten ("outperforms SFT"). Such
a sentence does not say that the paper has it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from enum import Enum
from typing import Any

__all__ = ["TABLE", "Stance", "stance"]


class Stance(Enum):
    """What a sentence says of a thing."""

    WITHOUT = "without"
    """The paper does without it."""
    BEATEN = "beaten"
    """It is what the paper compares itself with."""
    OTHERS = "others"
    """It is what others do, or what is wrong with it."""
    WITH = "with"
    """The paper has it, uses it or is about it."""


_REACH = 110
"""Characters before a thing in which a cue is looked for."""
_BEFORE = re.compile(
    r"""\b(?:
      without|w/o|free\ (?:of|from)|instead\ of|rather\ than|in\ place\ of|in\ lieu\ of|except
      |no|not|never|neither|nor|non|cannot|zero
      |(?:do|does|did|is|are|was|were|need|must|should|ca)n['\u2019]t
      |eliminat\w+|obviat\w+|avoid\w*|bypass\w*|circumvent\w*|skip\w*|forgo\w*|abandon\w*|exclud\w+
      |(?:remov|reduc|alleviat|lessen|relax|mitigat|sav)\w*\ (?:\w+\ ){0,3}(?:
         relian\w+|dependen\w+|need|requirement|burden|cost)
      |replac\w+|dispens\w+\ with|independent\w*\ (?:of|from)|absen(?:ce|t)|decoupl\w+\ from
    )\b""",
    re.VERBOSE | re.IGNORECASE,
)
_NOT_ONLY = re.compile(
    r"^(?:not|n['\u2019]t)\s+(?:only|just|merely|simply|solely)\b", re.IGNORECASE
)
_END_OF_REACH = re.compile(
    r"[.;:!?]\s|\b(?:but|while|whereas|although|though|however|then|followed|thereby|which|yet)\b"
    r"|,\s+(?:we|our|this|the|it|and\s+(?:we|then|a|an|the)|[a-z]+ing)\b",
    re.IGNORECASE,
)
_LIST = re.compile(r",[^,]*$")
_LONGEST_ITEM = 4
"""Words of an item of a list."""
_CLOSED = re.compile(r"\b(?:or|and|nor)\s+(?:\w+\s+){0,2}$")
_GOES_ON = re.compile(r"^[^.;]{0,40},\s+(?:or|and)\b")
_BY_WHAT = re.compile(r"\b(?:with|by)\b")
"""Behind "replaces": what comes after it is not replaced but used."""
_AFTER = re.compile(
    r"^[\w-]*?(?:-free|-agnostic|-less)\b"
    r"|^\S*\s+(?:\w+\s+){0,2}?(?:is|are|was|were)\s+(?:not|never|no\s+longer|un)\s*"
    r"(?:needed|required|necessary|available|used|essential)",
    re.IGNORECASE,
)
_BEATEN = re.compile(
    r"\b(?:outperform\w*|surpass\w*|exceed\w*|beat\w*|superior\w*|better|than|versus|vs\.?|over"
    r"|compar\w+\s+(?:\S+\s+){0,3}(?:to|with)|beyond|baselines?|unlike|less|fewer|reduc\w+)\s+"
    r"(?:[\w()-]+[\s-]+){0,4}\(?$",
    re.IGNORECASE,
)
_BEATEN_AFTER = re.compile(r"^\S*\s+(?:\S+\s+){0,2}(?:baselines?|counterparts?)\b", re.IGNORECASE)
_OTHERS = re.compile(
    r"\b(?:existing|despite|although|whereas|common|they|previous\w*|prior|conventional|traditional\w*|current\w*|predominant\w*|earlier"
    r"|recent\s+(?:work|works|methods?|approaches|studies|efforts)|most\s+(?:\w+\s+){0,2}(?:methods?|"
    r"approaches|works?|models?)|typical\w*|usually|commonly|widely|often|heavily|largely"
    r"|these\s+methods|such\s+methods|other\s+methods|suffer\w*|struggl\w*|overfit\w*|costly"
    r"|expensive|labor-intensive|laborious|limit\w*|bottleneck|hinder\w*|fail\w*|ignor\w*|overlook\w*|neglect\w*|redundan\w*"
    r"|unnecessary|excessive\w*|not\s+always|whether|impair\w*|harm\w*|hurt\w*)\b|\?\s*$",
    re.IGNORECASE,
)
_OWN = re.compile(
    r"\b(?:we|our|ours|us|this\s+(?:paper|work)|propose[sd]?|introduce[sd]?|present[s]?)\b",
    re.IGNORECASE,
)

TABLE: Mapping[str, Any] = {
    "reach": _REACH,
    "longestItem": _LONGEST_ITEM,
    "before": _BEFORE,
    "notOnly": _NOT_ONLY,
    "endOfReach": _END_OF_REACH,
    "list": _LIST,
    "closed": _CLOSED,
    "goesOn": _GOES_ON,
    "byWhat": _BY_WHAT,
    "after": _AFTER,
    "beaten": _BEATEN,
    "beatenAfter": _BEATEN_AFTER,
    "others": _OTHERS,
    "own": _OWN,
}
"""What a browser needs to read sentences alike: see `rftsearch.publish.reading`."""


def stance(sentence: str, start: int, end: int) -> Stance:
    """Return what a sentence says of a thing that it names.

    Args:
        sentence: One sentence.
        start: Where in it the thing begins.
        end: Where it ends.
    """
    before, after = sentence[max(0, start - _REACH) : start], sentence[end:]
    if _AFTER.match(after) or _denied(before, after):
        return Stance.WITHOUT
    if _BEATEN.search(before) or _BEATEN_AFTER.match(after):
        return Stance.BEATEN
    other = _OTHERS.search(sentence)
    own = _OWN.search(sentence)
    # "While existing methods need it, we ..." speaks of others as far as the word "we".
    if other and (own is None or start < own.start() or other.start() > own.start() > end):
        return Stance.OTHERS
    return Stance.WITH


def _denied(before: str, after: str) -> bool:
    """Return whether a cue before a thing reaches it."""
    for cue in _BEFORE.finditer(before):
        between = before[cue.end() :]
        if _NOT_ONLY.match(before[cue.start() :]) or _END_OF_REACH.search(between):
            continue
        if cue[0].lower().startswith("replac") and _BY_WHAT.search(between):
            continue
        if "," in between and not _listed(between, after):
            continue
        return True
    return False


def _listed(between: str, after: str) -> bool:
    """Return whether a thing is an item of a list, which a cue reaches as a whole."""
    last = _LIST.search(between)
    within = last is not None and len(last[0].split()) <= _LONGEST_ITEM
    return within and (_CLOSED.search(between) is not None or _GOES_ON.match(after) is not None)

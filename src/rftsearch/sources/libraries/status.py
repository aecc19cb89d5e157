"""Keywords and groups that say what someone does with a paper, not what it is about.

People mark in the same field what a paper is about and that they still have to read it:
`/unread`, `to-read`, `★★★`. Programs add marks of their own: `_tablet` of ZotFile,
`prio1` of JabRef. Such a word is no category. What may be either, as `reading` or `new`,
is a mark only behind a sign, `/reading`, and otherwise a subject.
"""

from __future__ import annotations

import re

from rftsearch.text.clean import strip_emoji

__all__ = ["says_status", "subject_path"]

_READ = (
    r"(?:(?:to|must|should|want to|need to|not|not yet|already|have|partially|partly|just"
    r"|currently|now|never|fully|half|quick|re) )*(?:be )?"
    r"(?:read|reread|unread|toread|mustread|skim|skimmed|tbr)(?: (?:later|next|soon|again|first"
    r"|me|now|list|twice|once))?"
    r"|(?:currently|now|still) reading|(?:my )?reading (?:list|queue|now)"
)
_PLAIN = re.compile(
    rf"{_READ}|todo|to (?:do|cite|check|print|review|summari[sz]e|annotate|file|sort)"
    r"|printed|annotated|unsorted|unfiled(?: items)?|uncategori[sz]ed|untagged|inbox|trash"
    r"|(?:my )?favou?rites?|starred|my publications|recently (?:added|read)|duplicates?"
    r"|(?:no|has|missing) ?pdf|needs review|imported|bibtex import|no tags?|file import [\d ]+"
    # What JabRef and BibSonomy add.
    r"|prio\d|rank\d|relevant|quality ?assured|jabref:nokeywordassigned|system:.*"
)
_BEHIND_A_SIGN = re.compile(
    rf"{_PLAIN.pattern}|reading|in progress|done|finished|new|later|seen|important|cited?"
    r"|(?:(?:high|medium|low) )?priority|high|medium|low|rating \d|\d stars?|stars?"
    r"|nosource|no(?: \w+)* found|tablet(?: modified)?|shortdoi|broken(?: \w+)*|[\d ]*"
)
_SIGNS = "/_#!*@.~+-:%$^=<> "


def says_status(name: str) -> bool:
    """Return whether a keyword or the name of a group says what someone does with a paper."""
    words = strip_emoji(name).casefold()
    bare = words.lstrip(_SIGNS)
    is_marked = bare != name.strip().casefold()
    bare = " ".join(re.sub(r"[-_/]+", " ", bare).split()).rstrip("!?. ")
    if not any(letter.isalnum() for letter in bare):
        return True  # Stars, arrows, a sign alone.
    return (_BEHIND_A_SIGN if is_marked else _PLAIN).fullmatch(bare) is not None


def subject_path(path: tuple[str, ...]) -> tuple[str, ...]:
    """Return the names of a group and of those above it that name a subject."""
    return tuple(name for name in path if not says_status(name))

"""Repair and reduction of the short texts that lists are made of."""

from __future__ import annotations

import re
import unicodedata

import ftfy

__all__ = ["EMOJI", "one_line", "repair", "slug", "strip_emoji"]

# The Markdown parser decodes entities and counts lines: both must reach it untouched.
_REPAIR = ftfy.TextFixerConfig(unescape_html=False, fix_line_breaks=False)

# What is left of an emoji whose UTF-8 bytes were read as windows-1252 or
# windows-1254 where one of them has no character there and so was lost: nothing
# can restore it. U+00F0 or U+011F and U+0178 stand for the bytes F0 9F with which
# an emoji begins; U+00EF and U+00B8 for the first two of the variation selector.
_RESIDUE = re.compile("[\u00f0\u011f]\u0178[\u00a0-\u2122]?|\u00ef\u00b8")

# Pictographs and what modifies or joins them. Letterlike signs such as the degree
# and the trademark sign are text, although Unicode counts them as symbols too.
EMOJI = (
    "[\u231a-\u23ff\u25a0-\u27bf\u2b00-\u2bff\U0001f000-\U0001faff]"
    "[\u200d\u20e3\ufe0e\ufe0f\U000e0020-\U000e007f]*"
)
"""Pattern of one emoji."""
_EMOJI = re.compile(EMOJI)


_SOUND = re.compile(r"[ -~\n\r\t]*")
"""Text in which no accident can have happened."""


def repair(text: str) -> str:
    """Undo encoding accidents; drop what is left of an emoji that cannot be restored.

    Line breaks and HTML entities stay as they are.
    """
    if _SOUND.fullmatch(text):  # Nearly always, and found out a hundred times as fast.
        return text
    return _RESIDUE.sub("", ftfy.fix_text(text, _REPAIR))


def strip_emoji(text: str) -> str:
    """Return `text` without emoji, on one line, with single blanks."""
    return " ".join(_EMOJI.sub(" ", text).split())


def slug(text: str) -> str:
    """Reduce a name to lower-case letters and digits joined by hyphens.

    Accents are dropped and letters of any script kept; empty where `text` has
    neither letter nor digit. Never looks like an arXiv id, which has a dot or a slash.
    """
    letters = unicodedata.normalize("NFKD", text).casefold()
    bare = "".join(letter for letter in letters if not unicodedata.combining(letter))
    return "-".join(re.findall(r"[^\W_]+", bare))


_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]+")


def one_line(text: str) -> str:
    """Return `text` on one line: breaks, control characters and runs of blanks as one blank."""
    folded = " ".join(text.split())
    if folded.isprintable():  # Nearly always, and found out ten times as fast.
        return folded
    return " ".join(_CONTROL.sub(" ", folded).split())

"""The short name with which a title begins."""

from __future__ import annotations

import re

__all__ = ["name_in_title"]


# A title often begins with the name it introduces: "VLM-R1: A Stable ...".
_NAME_IN_TITLE = re.compile(r"([^:]{2,40}):\s")


_WORDS_OF_A_NAME = 3


def name_in_title(title: str) -> str | None:
    """The name with which a title begins, of up to three words; None where there is none."""
    match = _NAME_IN_TITLE.match(title)
    return match[1] if match and len(match[1].split()) <= _WORDS_OF_A_NAME else None

"""The front matter of a Markdown file: what a site generator reads before the text."""

from __future__ import annotations

import re
from collections.abc import Mapping

import yaml

__all__ = ["front_matter"]

_FRONT_MATTER = re.compile(
    r"\A\ufeff?---[ \t]*\r?\n(?P<body>.{0,20000}?)^(?:---|\.\.\.)[ \t]*\r?$", re.S | re.M
)


def front_matter(text: str) -> Mapping[str, str]:
    """Return the fields of a file's front matter that are one text; keys in lower case.

    Args:
        text: All of the file. Without front matter, or with one that is not YAML, there
            are no fields.
    """
    found = _FRONT_MATTER.match(text)
    if found is None:
        return {}
    try:
        # The loader of texts alone: dates and numbers stay as they are written.
        fields = yaml.load(found["body"], Loader=yaml.BaseLoader)  # noqa: S506 - makes only texts
    except (yaml.YAMLError, RecursionError):
        return {}
    if not isinstance(fields, dict):
        return {}
    return {
        key.casefold(): " ".join(value.split())
        for key, value in fields.items()
        if isinstance(key, str) and isinstance(value, str) and value.strip()
    }

"""Web addresses: whether a text is one, and those that stand in a text."""

from __future__ import annotations

import re

__all__ = ["find_addresses", "is_web_address"]

_WEB = re.compile(r"https?://[^/?#]", re.IGNORECASE)
# What a sentence puts behind an address is no part of it.
_IN_TEXT = re.compile(r"""https?://[^\s<>()\[\]"']*[^\s<>()\[\]"'.,;:!?]""", re.IGNORECASE)


def is_web_address(url: str) -> bool:
    """Return whether a browser may safely be sent to `url`."""
    return _WEB.match(url) is not None


def find_addresses(text: str) -> list[str]:
    """Return the addresses that stand in a text without being links."""
    return _IN_TEXT.findall(text)

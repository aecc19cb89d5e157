"""What badges say by their address: a label, a message."""

from __future__ import annotations

import re
from urllib.parse import unquote

__all__ = ["parts_of_badge"]


def parts_of_badge(address: str) -> tuple[str, str]:
    """Return the label and the message of a badge, as its address has them."""
    if fields := dict(re.findall(r"[?&](label|message)=([^&]*)", address)):
        label, message = (
            unquote(fields.get(name, "").replace("+", " ")) for name in ("label", "message")
        )
        return label, message
    shown = address.partition("/badge/")[2].partition("?")[0].removesuffix(".svg")
    parts = [unquote(part) for part in re.split(r"(?<!-)-(?!-)", shown)]
    parts = [part.replace("--", "-").replace("_", " ").strip() for part in parts]
    return parts[0], " ".join(parts[1:-1])

"""The words and sentences of the page, from `texts.json`: templates and scripts read the same."""

from __future__ import annotations

import json
from pathlib import Path
from types import SimpleNamespace
from typing import Any

__all__ = ["TEXTS", "WORDS"]

_FILE = Path(__file__).with_name("texts.json").read_text("utf-8")

TEXTS: dict[str, Any] = json.loads(_FILE)
"""Texts by subject; `{name}` in one stands for a value."""
WORDS: SimpleNamespace = json.loads(_FILE, object_hook=lambda found: SimpleNamespace(**found))
"""The same with attributes for keys: in a template, a key may be called like a method."""

"""The words and sentences of the page, from `texts.json`: templates and scripts read the same."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

__all__ = ["TEXTS"]

TEXTS: dict[str, Any] = json.loads(Path(__file__).with_name("texts.json").read_text("utf-8"))
"""Texts by subject; `{name}` in one stands for a value."""

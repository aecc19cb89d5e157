"""Render templates that escape every text put into them."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import urlsplit

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup, escape

from rftsearch.look.texts import WORDS

__all__ = ["ICONS", "render", "web_address"]

ICONS: Mapping[str, str] = json.loads(Path(__file__).with_name("icons.json").read_text("utf-8"))
"""The lines of the icons, by what they stand for: drawn for the page, on a grid of 16."""

# Every value is escaped, in text and in attributes; a missing value is an error
# instead of an empty place.
_templates = Environment(
    loader=PackageLoader("rftsearch.look"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)


def _with_code(words: str) -> Markup:
    """Return the escaped words, with text between backticks as code."""
    # Safe: everything was escaped, and only backticks are replaced.
    return Markup(re.sub(r"`([^`]+)`", r"<code>\1</code>", str(escape(words))))  # noqa: S704


_templates.filters["with_code"] = _with_code
_templates.globals["t"] = WORDS
_templates.globals["icons"] = ICONS


def render(template: str, **values: object) -> str:
    """Fill a template of `templates/`; every text in `values` is escaped."""
    return _templates.get_template(template).render(**values)


def web_address(url: str | None) -> str | None:
    """Return a web address (http, https), or None: `javascript:` and the like are dropped."""
    if not url:
        return None
    try:
        parts = urlsplit(url.strip())
    except ValueError:
        return None
    return url.strip() if parts.scheme in {"http", "https"} and parts.netloc else None

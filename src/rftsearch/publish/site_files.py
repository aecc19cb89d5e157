"""The page itself: its markup, styles and scripts, which come with rftsearch as they are."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from html import escape
from pathlib import Path

from rftsearch.look.scripts import script
from rftsearch.look.sheets import FAVICON, sheet
from rftsearch.look.templates import ICONS
from rftsearch.look.texts import TEXTS
from rftsearch.papers.about import ListAbout

__all__ = ["site_files", "worker"]

_SITE = Path(__file__).parent / "site"
_MARKED = ("index.html", "worker.js")
"""Files in which `{{name}}` stands for a value."""
_NO_MODULES = {"dark.js"}
_SHARED = {
    "page/symbols.js": (("symbols", "hatches"), "HATCHES, isHollow, svg, swatch, symbol, SYMBOLS"),
    "page/combobox.js": (("combobox",), "isOpen, offer, onOfferKey, onOfferPress"),
}
"""Modules of scripts of the page of `rftsearch app`, with what other modules take of them."""


def site_files(about: ListAbout, base_url: str) -> Iterator[tuple[str, bytes]]:
    """Yield the files of the page but its worker: name and content.

    Args:
        about: What the page says of itself.
        base_url: Where it will be read, for its preview elsewhere; empty if that is not known.
    """
    for path in sorted(_SITE.rglob("*")):
        name = path.relative_to(_SITE).as_posix()
        if path.is_file() and name not in _MARKED:
            yield name, path.read_bytes()
    for name, (parts, taken) in _SHARED.items():
        yield name, f"{script(parts)}\nexport {{ {taken} }};\n".encode()
    yield "look.css", sheet().encode()
    yield "favicon.svg", FAVICON.read_bytes()
    yield "texts.json", json.dumps({**TEXTS, "icons": ICONS}, ensure_ascii=False).encode()
    address = (
        f'<link rel="canonical" href="{escape(base_url)}">\n'
        f'<meta property="og:url" content="{escape(base_url)}">'
        if base_url
        else ""
    )
    names = [
        path.relative_to(_SITE).as_posix()
        for path in sorted(_SITE.glob("*/*.js"))
        if path.name not in _NO_MODULES
    ]
    modules = (f'<link rel="modulepreload" href="{name}">' for name in (*names, *_SHARED))
    values = {
        "modules": "\n".join(modules),
        "title": escape(about.title),
        "description": escape(about.description),
        "address": address,
    }
    yield "index.html", _filled("index.html", values).encode()
    yield ".nojekyll", b""


def worker(files: Mapping[str, bytes]) -> bytes:
    """Return the script that keeps the page for reading without a network.

    Args:
        files: All other files of the folder; it keeps all but the references.
    """
    digest = hashlib.sha256()
    for name in sorted(files):
        digest.update(name.encode() + b"\0" + hashlib.sha256(files[name]).digest())
    kept = [name for name in sorted(files) if not name.startswith(("cite/", "."))]
    values = {"version": digest.hexdigest()[:16], "files": json.dumps(kept)}
    return _filled("worker.js", values).encode()


def _filled(name: str, values: Mapping[str, str]) -> str:
    text = (_SITE / name).read_text("utf-8")
    for each, value in values.items():
        text = text.replace(f"{{{{{each}}}}}", value)
    return text

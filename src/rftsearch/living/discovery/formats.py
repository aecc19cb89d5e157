"""Write discoveries: Markdown, and an Atom feed; `rftsearch.living.issue` writes an issue."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from xml.etree import ElementTree as ET

from rftsearch.living.discovery.discover import Candidate, Discovery
from rftsearch.text.dates import first_day
from rftsearch.text.plural import plural

__all__ = [
    "DISCOVERY_FORMATS",
    "facts_of",
    "linked_title",
    "plain_text",
    "summary",
    "write_atom",
    "write_markdown",
]

_ATOM = "http://www.w3.org/2005/Atom"
_SPECIAL = re.compile(r"[\\`*_\[\]<>#|~@]")
_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


def summary(found: Discovery) -> str:
    """Return in one sentence what was looked through."""
    where = f" in {', '.join(found.asked.classes)}" if found.asked.classes else ""
    return (
        f"{plural(found.looked_at, 'new paper', 'new papers')}{where} from {found.asked.since} to "
        f"{found.asked.until}; {plural(found.known, 'more is', 'more are')} listed or decided on "
        "already"
    )


def write_markdown(found: Discovery) -> str:
    """Write the candidates with what speaks for them."""
    blocks = [f"# New papers that may belong\n\n{summary(found)}."]
    blocks += [f"> {plain_text(note)}." for note in found.notes]
    for one in found.candidates:
        blocks.append(
            f"## {linked_title(one)}\n\n" + "\n".join(f"- {each}" for each in facts_of(one))
        )
        blocks.append(f"```md\n{one.line.replace('```', '')}\n```")
    return "\n\n".join(blocks) + "\n"


def write_atom(found: Discovery) -> str:
    """Write an Atom feed (RFC 4287); an entry keeps its id, so that readers show it once."""
    ET.register_namespace("", _ATOM)
    feed = ET.Element(f"{{{_ATOM}}}feed")
    days = [_moment(one) for one in found.candidates]
    _add(feed, "title", "New papers that may belong to the list")
    _add(feed, "id", f"urn:rftsearch:discover:{'-'.join(found.asked.classes).lower() or 'file'}")
    _add(feed, "updated", max(days, default=f"{found.asked.until}T00:00:00Z"))
    _add(_add(feed, "author"), "name", "rftsearch discover")
    for one, day in zip(found.candidates, days, strict=True):
        entry = _add(feed, "entry")
        _add(entry, "title", one.paper.title)
        _add(entry, "id", one.paper.url or f"urn:rftsearch:paper:{one.paper.id}")
        _add(entry, "updated", day)
        if one.paper.url:
            _add(entry, "link").set("href", one.paper.url)
        if one.prediction:
            _add(entry, "category").set("term", one.prediction.category)
        _add(entry, "summary", f"{one.probability:.0%} likely. {one.sentence}")
    return '<?xml version="1.0" encoding="utf-8"?>\n' + ET.tostring(feed, "unicode") + "\n"


DISCOVERY_FORMATS: Mapping[str, Callable[[Discovery], str]] = {
    "markdown": write_markdown,
    "atom": write_atom,
}
"""What writes a discovery, by the name of the format."""


def facts_of(one: Candidate) -> Iterator[str]:
    """Yield what speaks for a candidate, as lines of Markdown."""
    place = ""
    if one.prediction:
        sure = "" if one.prediction.sure else ", unsure"
        place = (
            f"; predicted: {plain_text(', '.join(one.prediction.categories))} "
            f"({one.prediction.probability:.0%}{sure})"
        )
    yield f"{one.probability:.0%} likely{place}"
    near = ", ".join(plain_text(paper.short_name) for paper, _ in one.nearest)
    if near:
        yield f"most like {near}"
    if one.sentence:
        yield f"“{plain_text(one.sentence)}”"


def linked_title(one: Candidate) -> str:
    """Return the title of a candidate, as a link to it."""
    title = plain_text(one.paper.title)
    return f"[{title}]({one.paper.url})" if one.paper.url else title


def plain_text(text: str) -> str:
    """Return text that Markdown shows as it is; a name after @ notifies nobody."""
    return _SPECIAL.sub(lambda found: f"\\{found[0]}", " ".join(text.split())).replace(
        "\\@", "@\u200b"
    )


def _moment(one: Candidate) -> str:
    day = one.paper.metadata.published if one.paper.metadata else None
    return f"{first_day(day or one.paper.released or '1970')}T00:00:00Z"


def _add(parent: ET.Element, name: str, text: str | None = None) -> ET.Element:
    element = ET.SubElement(parent, f"{{{_ATOM}}}{name}")
    element.text = None if text is None else _NOT_XML.sub("", text)
    return element

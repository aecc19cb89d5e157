"""Read what stands in a cell: text, addresses, names of people, lists of words."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass

from rftsearch.sources.bounds import LONGEST_ABSTRACT
from rftsearch.sources.tables.tree import Fields, Items, Text, Tree, texts_of
from rftsearch.text.addresses import is_web_address
from rftsearch.text.clean import one_line, repair

__all__ = [
    "Cell",
    "addresses_of",
    "authors_of",
    "is_nothing",
    "plain_text",
    "read_cell",
    "unguarded",
    "words_of",
]

_LONGEST_CELL = 5 * LONGEST_ABSTRACT
"""Characters of a cell that are looked at."""
_LONGEST_ADDRESS = 2_000
_LONGEST_NAME = 1_000
"""Characters of a name that are looked at."""
_NOTHING = frozenset(
    (  # noqa: SIM905 - words read better than a list of them
        "- -- --- \u2013 \u2014 . / ? x ✗ ✘ n/a na nan none null nil no false tbd tba unavailable"
        " #n/a #ref! #value!"
    ).split()
)
_NOTHING_IN_WORDS = frozenset(("coming soon", "not available", "to be released", "not released"))

# `=HYPERLINK("address", "text")`, with the separator of either kind of spreadsheet.
_HYPERLINK = re.compile(r'=HYPERLINK\(\s*"([^"]*)"\s*(?:[,;]\s*"((?:[^"]|"")*)"\s*)?\)', re.I)
_MARKDOWN = re.compile(
    r"!?\[((?:[^\[\]]|\[[^\[\]]*\])*)\]\(\s*<?(https?://[^\s()<>]*(?:\([^\s()<>]*\)[^\s()<>]*)*)>?"
    r"(?:\s+\"[^\"]*\")?\s*\)",
    re.IGNORECASE,
)
_ANCHOR = re.compile(
    r"<a\s[^<>]{0,500}?href\s*=\s*[\"']?([^\"'\s<>]+)[^<>]{0,500}>(.{0,1000}?)</a\s*>",
    re.IGNORECASE | re.DOTALL,
)
_ADDRESS = re.compile(r"https?://[^\s<>\"|]+", re.IGNORECASE)
_WITHOUT_SCHEME = re.compile(
    r"(?<![\w.-])(?:www\.[\w-]+\.|(?:[\w-]{1,63}\.){0,3}(?:arxiv|github|gitlab|huggingface|openreview|doi|aclanthology)\.)"
    r"(?:[a-z]{2,})(?:\.[a-z]{2,})?/[^\s<>\"|,;]+",
    re.IGNORECASE,
)
_TAG = re.compile(r"</?(?:a|b|i|em|strong|sub|sup|span|br|p|div|font|u|small|img)\b[^<>]*>", re.I)
_GUARDED = re.compile("'(?=[=+\\-@\\t\\r\\n'\uff1d\uff0b\uff0d\uff20])")


@dataclass(frozen=True, slots=True)
class Cell:
    """A value taken apart."""

    text: str
    """What people read, on one line; addresses are no part of it."""
    links: tuple[tuple[str, str], ...] = ()
    """Label and address of each link, in order."""


def is_nothing(text: str) -> bool:
    """Return whether a text says that there is nothing: `N/A`, `-`, `coming soon`."""
    bare = text.strip().casefold()
    return not bare or bare in _NOTHING or bare in _NOTHING_IN_WORDS


def plain_text(text: str) -> str:
    """Return a text on one line, without tags and entities of HTML."""
    text = text[:_LONGEST_CELL]
    if "<" in text:
        text = _TAG.sub(" ", text)
    if "&" in text:
        text = html.unescape(text)
    text = text.encode("utf-8", "replace").decode()
    return one_line(text if text.isascii() else repair(text))


def unguarded(text: str) -> str:
    """Return a cell without the apostrophe that keeps spreadsheets from running it."""
    return text[1:] if _GUARDED.match(text) else text


def read_cell(tree: Tree) -> Cell:
    """Take a value apart: links of Markdown, HTML and spreadsheets, bare addresses, text."""
    parts = [_read(text[:_LONGEST_CELL]) for text in texts_of(tree)]
    parts += [Cell("", tuple(_addresses_in(tree)))] if isinstance(tree, Fields) else []
    links = tuple(dict.fromkeys(link for part in parts for link in part.links))
    return Cell("; ".join(filter(None, (part.text for part in parts))), links)


def _read(text: str) -> Cell:
    links: list[tuple[str, str]] = []

    def take(label: str, url: str) -> str:
        label = plain_text(label)
        if is_web_address(url):
            links.append((label, url))
        return f" {label} "

    if found := _HYPERLINK.fullmatch(text.strip()):
        text = take((found[2] or "").replace('""', '"'), found[1])
    text = _MARKDOWN.sub(lambda found: take(found[1], found[2]), text)
    text = _ANCHOR.sub(lambda found: take(found[2], html.unescape(found[1])), text)
    text = _ADDRESS.sub(lambda found: take("", _trimmed(found[0])), text)
    text = _WITHOUT_SCHEME.sub(lambda found: take("", f"https://{_trimmed(found[0])}"), text)
    return Cell(plain_text(text).strip(" ;,|"), tuple(links))


def _trimmed(url: str) -> str:
    """Return an address without the signs of a sentence or list behind it."""
    url = url.rstrip(".,;:!?'*`")
    if len(url) > _LONGEST_ADDRESS:
        return url
    while url.endswith((")", "]")) and url.count(url[-1]) > url.count(
        "(" if url[-1] == ")" else "["
    ):
        url = url[:-1].rstrip(".,;:!?'*`")
    return url


def _addresses_in(fields: Fields) -> Iterator[tuple[str, str]]:
    """Yield the addresses of a mapping such as `{"label": "Code", "url": "https://..."}`."""
    label = next(texts_of(fields), "")
    for key, value in fields.pairs:
        if isinstance(value, Text) and is_web_address(value.text.strip()):
            named = label if key.casefold() in {"url", "href", "link", "src", "target"} else key
            yield plain_text(named), value.text.strip()


def addresses_of(tree: Tree) -> list[tuple[str, str]]:
    """Return label and address of every link in a value, however it is nested."""
    if isinstance(tree, Items):
        return [link for item in tree.items for link in addresses_of(item)]
    return list(read_cell(tree).links)


# --- lists of words -----------------------------------------------------------------------

_QUOTED = r"(?:'(?:[^'\\]|\\.)*'|\"(?:[^\"\\]|\\.)*\")"
_LIST = re.compile(rf"\s*\[\s*{_QUOTED}(?:\s*,\s*{_QUOTED})*\s*,?\s*\]\s*", re.DOTALL)


def words_of(tree: Tree, separators: str) -> list[str]:
    """Return the parts of a value: items of a sequence, or a text at its separators.

    Args:
        tree: The value. A text such as `['a', 'b']`, as programs write lists into a cell,
            is a list too.
        separators: The signs between parts, the strongest first; only the first of
            them that occurs counts.
    """
    found: list[str] = []
    whole = isinstance(tree, Items)
    for text in texts_of(tree):
        listed = _literal(text)
        parts = [text] if whole or listed is not None else _split(text, separators)
        found += [plain_text(part) for part in (listed if listed is not None else parts)]
    return list(dict.fromkeys(part for part in found if not is_nothing(part)))


def _split(text: str, separators: str) -> list[str]:
    sign = next((sign for sign in separators if sign in text), None)
    return text.split(sign) if sign else [text]


def _literal(text: str) -> list[str] | None:
    """Return the texts of a list in the form of Python or JSON; None if it is none."""
    if text.lstrip()[:1] != "[" or len(text) > _LONGEST_CELL or not _LIST.fullmatch(text):
        return None
    return [re.sub(r"\\(.)", r"\1", part[1:-1]) for part in re.findall(_QUOTED, text)]


# --- people -------------------------------------------------------------------------------

_INITIALS = re.compile(r"(?:[^\W\d_]\.?[\s-]*){1,4}")
_ET_AL = re.compile(r"[\s,;]{0,5}\b(?:et\.?\s?al\b\.?|and\s+others\b|others\b|\.\.\.|…)\s*$", re.I)
_MARKS = re.compile(r"[*\u2020\u2021\u00a7\u00b9\u00b2\u00b3]+$|\s*\([^()]*\)$")


def authors_of(tree: Tree) -> tuple[str, ...]:
    """Return the names of people in a value, in order, given names first.

    A text may separate them with semicolons, `and`, commas or line breaks; names may stand
    with the family name first.
    """
    names: list[str] = []
    items = tree.items if isinstance(tree, Items) else (tree,)
    for item in items:
        if isinstance(item, Fields):
            names.append(_name_of(item))
            continue
        for text in texts_of(item):
            listed = _literal(text)
            alone = len(items) > 1
            texts = listed if listed is not None else [text]
            names += [
                name for one in texts for name in _people(one, alone=alone or listed is not None)
            ]
    sound = map(_sound_name, names)
    return tuple(
        name for name in sound if any(map(str.isalpha, name)) and name.casefold() != "others"
    )


def _sound_name(name: str) -> str:
    """Return a name without marks of affiliations, and without the full stop of a sentence."""
    name = _MARKS.sub("", plain_text(name[:_LONGEST_NAME])).strip(" ,;[]")
    last = name.rpartition(" ")[2]
    return name.rstrip(".") if len(last) > len("Jr.") else name


def _name_of(fields: Fields) -> str:
    """Return the name of a person that a mapping describes."""
    named = {key.casefold().replace("_", "").replace("-", ""): v for key, v in fields.pairs}

    def text(*keys: str) -> str:
        return next((t for k in keys if k in named for t in texts_of(named[k])), "")

    given, family = (
        text("given", "first", "firstname", "givenname"),
        text("family", "last", "lastname", "familyname", "surname"),
    )
    return f"{given} {family}".strip() or text("name", "fullname", "displayname", "author")


def _people(text: str, *, alone: bool) -> list[str]:
    """Return the names in a text; `alone` if it should hold but one."""
    text = text.strip()
    for sign in (";", "\n", "|"):
        if sign in text:
            return [_given_first(part) for part in _ET_AL.sub("", text).split(sign)]
    text = _ET_AL.sub("", " ".join(text.split()))
    parts = re.split(r",?\s+(?:and|&|und|et)\s+", text)
    if len(parts) > 1 and all(part.count(",") == 1 for part in parts):
        return [_given_first(part) for part in parts]
    commas = [part.strip() for one in parts for part in one.split(",") if part.strip()]
    if alone and len(parts) == 1 and len(commas) == 2:
        return [_given_first(text)]
    inverted = len(commas) % 2 == 0 and all(map(_INITIALS.fullmatch, commas[1::2]))
    if inverted and not any(map(_INITIALS.fullmatch, commas[::2])):
        return [
            f"{given} {family}" for family, given in zip(commas[::2], commas[1::2], strict=True)
        ]
    if len(commas) == 2 and len(parts) == 1 and not any(" " in part for part in commas):
        return [f"{commas[1]} {commas[0]}"]
    return commas


def _given_first(name: str) -> str:
    """Return a name with the given name first; `Author, Jr., A.` keeps its suffix behind."""
    parts = [part.strip() for part in name.split(",") if part.strip()]
    if len(parts) == 2:
        return f"{parts[1]} {parts[0]}"
    if len(parts) == 3:
        return f"{parts[2]} {parts[0]} {parts[1]}"
    return " ".join(parts)

"""Find every link in the text of a list, with the characters of its target.

Links without an address and links that are broken are found too, so that they can be
reported and mended. What stands in code and in comments is no link.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

__all__ = ["LinkPlace", "find_links"]

Form = Literal["inline", "image", "html", "html image", "reference", "bare"]


@dataclass(frozen=True, slots=True)
class LinkPlace:
    """A link as it is written."""

    form: Form
    """`inline` is `[label](target)`, `image` the same with `!` before it, `html` an element
    with `href` and `html image` one with `src`, `reference` is `[name]: target`, and `bare`
    an address in the text."""
    label: str
    """What stands between its brackets or tags, as it is written."""
    target: str
    """Its address as it is written, without the blanks around it."""
    start: int
    """Where it begins in the text, in characters."""
    end: int
    target_start: int
    target_end: int
    closed: bool = True
    """Whether the end of its target was found on its line."""
    apart: bool = False
    """Whether a blank stands between label and target, so that it is shown as text."""

    @property
    def url(self) -> str:
        """Return its address as a browser gets it: without escapes and entities."""
        plain = html.unescape(self.target)
        return plain if self.form.startswith("html") else _ESCAPE.sub(r"\1", plain)

    @property
    def is_image(self) -> bool:
        """Return whether it shows an image instead of leading somewhere."""
        return self.form in {"image", "html image"}

    @property
    def only_image(self) -> bool:
        """Return whether it shows nothing but images, as a badge does."""
        rest = _IMAGES.sub("", self.label)
        return rest != self.label and not rest.strip()


_ESCAPE = re.compile(r"\\([!-/:-@\[-`{-~])")
_IMAGES = re.compile(r"!\[[^\[\]]*\]\([^()]*(?:\([^()]*\)[^()]*)*\)|<img\b[^>]*>", re.IGNORECASE)
_NOT_SHOWN = re.compile(
    r"<!--.*?(?:-->|\Z)"
    r"|^[ ]{0,3}(?P<fence>`{3,}+|~{3,}+)[^\n]*+(?:\n.*?(?:^[ ]{0,3}(?P=fence)|\Z)|\Z)"
    r"|(?<!`)(?P<ticks>`++)[^\n]{0,2000}?(?<!`)(?P=ticks)(?!`)"
    r"|\A---[ \t]*\r?\n(?:.*\n)*?(?:---|\.\.\.)[ \t]*$",
    re.DOTALL | re.MULTILINE,
)
_LONGEST = 4_000
"""Characters of a label or a target; a label may hold an image with a long address."""
_MEETS = re.compile(r"(?<!\\)\](?P<blank>[ \t]{0,2})\(")
_HTML = re.compile(
    r"<(?P<tag>a|img)\b[^<>]*?\b(?P<name>href|src)\s*=\s*"
    r"(?:\"(?P<double>[^\"<>]*)\"|'(?P<single>[^'<>]*)')[^<>]*>",
    re.IGNORECASE,
)
_REFERENCE = re.compile(
    r"^[ ]{0,3}\[(?P<name>[^\[\]\n]+)\]:[ \t]*(?P<target>\S+)[ \t]*(?:[\"'(][^\n]*)?$", re.MULTILINE
)
_BARE = re.compile(r"""https?:/*[^\s<>()\[\]"'|`]*[^\s<>()\[\]"'.,;:!?|`*_]""", re.IGNORECASE)


def find_links(text: str) -> Iterator[LinkPlace]:
    """Yield every link of a text, in the order in which they begin."""
    shown = _NOT_SHOWN.sub(lambda found: re.sub(r"[^\n]", " ", found[0]), text)
    found = [*_inline(shown), *_in_html(shown), *_references(shown)]
    targets = sorted((link.target_start, link.target_end) for link in found)
    rest = list(shown)
    for start, end in targets:
        rest[start:end] = " " * (end - start)
    found += _bare("".join(rest))
    yield from sorted(found, key=lambda link: (link.start, -link.end))


def _inline(text: str) -> Iterator[LinkPlace]:
    brackets, parentheses = _pairs(text)
    for meets in _MEETS.finditer(text):
        start = brackets.get(meets.start())
        if start is None or meets.start() - start > _LONGEST:
            continue
        first, last, end, closed = _target(text, meets.end(), parentheses.get(meets.end() - 1))
        target = text[first:last]
        if meets["blank"] and not re.match(r"https?:", target):
            continue  # `[1] (a remark)`
        image = start > 0 and text[start - 1] == "!"
        yield LinkPlace(
            "image" if image else "inline",
            text[start + 1 : meets.start()],
            target,
            start - image,
            end,
            first,
            last,
            closed,
            apart=bool(meets["blank"]),
        )


_SIGNS = re.compile(r"\\[^\n]|[\[\]()]|\n(?P<blank>[ \t\r]*\n)?")


def _pairs(text: str) -> tuple[dict[int, int], dict[int, int]]:
    """Pair brackets within blocks and parentheses within lines.

    Returns:
        Where each closing bracket's opening one stands, and where each opening
        parenthesis' closing one stands.
    """
    brackets: dict[int, int] = {}
    parentheses: dict[int, int] = {}
    open_brackets: list[int] = []
    open_parentheses: list[int] = []
    for sign in _SIGNS.finditer(text):
        at, letter = sign.start(), sign[0][0]
        if letter == "[":
            open_brackets.append(at)
        elif letter == "]" and open_brackets:
            brackets[at] = open_brackets.pop()
        elif letter == "(":
            open_parentheses.append(at)
        elif letter == ")" and open_parentheses:
            parentheses[open_parentheses.pop()] = at
        elif letter == "\n":
            open_parentheses.clear()
            if sign["blank"]:
                open_brackets.clear()
    return brackets, parentheses


_ANGLED = re.compile(r"[ \t]*<([^<>\n]*)>[ \t]*(?:[\"'][^\n\"']*[\"'][ \t]*)?\)")
_STOP = re.compile(r"[\s\[\]|<>]|\Z")


def _target(text: str, at: int, closing: int | None) -> tuple[int, int, int, bool]:
    """Read a target behind its opening parenthesis.

    Returns:
        Where the address begins and ends, where the link ends, and whether its closing
        parenthesis was found.
    """
    if angled := _ANGLED.match(text, at, at + _LONGEST):
        return angled.start(1), angled.end(1), angled.end(), True
    if closing is not None and closing - at <= _LONGEST:
        return *_without_title(text, at, closing), closing + 1, True
    # Its parenthesis is missing: the address ends where a bracket or a blank stands.
    stop = _STOP.search(text, at, at + _LONGEST)
    last = stop.start() if stop else min(len(text), at + _LONGEST)
    return at, last, last, False


_TITLE = re.compile(r"(?<![ \t])[ \t]+(?:\"[^\"\n]*\"|'[^'\n]*'|\([^()\n]*\))[ \t]*\Z")


def _without_title(text: str, first: int, last: int) -> tuple[int, int]:
    inner = _TITLE.sub("", text[first:last])
    lead = len(inner) - len(inner.lstrip())
    return first + lead, first + lead + len(inner.strip())


def _in_html(text: str) -> Iterator[LinkPlace]:
    for tag in _HTML.finditer(text):
        name = "double" if tag["double"] is not None else "single"
        target = tag[name].strip()
        first = tag.start(name) + tag[name].find(target)
        image = tag["tag"].lower() == "img"
        if image != (tag["name"].lower() == "src"):
            continue
        end, label = tag.end(), ""
        if not image:
            close = re.compile(r"</a\s*>", re.IGNORECASE).search(text, end, end + _LONGEST)
            if close:
                label, end = text[end : close.start()], close.end()
        form: Form = "html image" if image else "html"
        yield LinkPlace(form, label, target, tag.start(), end, first, first + len(target))


def _references(text: str) -> Iterator[LinkPlace]:
    for found in _REFERENCE.finditer(text):
        if found["name"] in {"//", "comment"} or found["name"].startswith("^"):
            continue  # A comment, as some lists write it, or a footnote.
        target = found["target"].strip("<>")
        first = found.start("target") + found["target"].find(target)
        yield LinkPlace(
            "reference",
            found["name"],
            target,
            found.start(),
            found.end(),
            first,
            first + len(target),
        )


def _bare(text: str) -> Iterator[LinkPlace]:
    for found in _BARE.finditer(text):
        yield LinkPlace("bare", "", found[0], *found.span(), *found.span())

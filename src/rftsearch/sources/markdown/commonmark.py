"""CommonMark as lists need it: every link is kept, and plain ones are read quickly.

Most of a list is links. markdown-it-py reads each twice, letter by letter; a link whose text
and address hold no other sign of Markdown is told by one pattern, with the same result.
"""

from __future__ import annotations

import re

from markdown_it import MarkdownIt
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token

__all__ = ["CommonMark"]

_PLAIN_ADDRESS = re.compile(r"https?://[a-z0-9.-]+(?:/[\w./?=&#:~+-]*)?", re.ASCII)
_SIGNS = re.compile(r"[\n\\`*_~\[\]!<&]")
"""Where running text may end: the signs of CommonMark and `~`, none of those of extensions."""
_TEXT = r"[^\[\]\\`<!*_&~\n\r]*"
"""Words without a sign that Markdown knows."""
_PLAIN_LINK = re.compile(
    rf"!?\[(?P<text>{_TEXT})\]\((?P<url>https?://[a-z0-9.-]+(?:/[\w./?=#:~+-]*)?)\)", re.ASCII
)


class CommonMark(MarkdownIt):
    """The parser, without the time that plain links take."""

    def __init__(self) -> None:
        """Make a parser; `enable` gives it more than CommonMark."""
        super().__init__("commonmark", {"html": True})
        self.inline.terminator_re = _SIGNS
        self.inline.ruler.after("text", "plain_link", _plain_link)

    def validateLink(self, url: str) -> bool:  # noqa: N802 (markdown-it's name)
        """Accept every link, so that a bad one is reported instead of read as text."""
        del url
        return True

    def normalizeLink(self, url: str) -> str:  # noqa: N802 (markdown-it's name)
        """Leave addresses as they are that need no encoding, as nearly all do."""
        return url if _PLAIN_ADDRESS.fullmatch(url) else super().normalizeLink(url)


def _plain_link(state: StateInline, silent: bool) -> bool:
    """Read `[words](https://...)` or `![words](https://...)` as the parser's own rules do."""
    if state.src[state.pos] not in "[!":
        return False
    found = _PLAIN_LINK.match(state.src, state.pos, state.posMax)
    if found is None:
        return False
    if not silent:
        text, url = found["text"], found["url"]
        if found[0][0] == "!":
            token = state.push("image", "img", 0)
            token.attrs = {"src": url, "alt": ""}
            token.children = [Token("text", "", 0, content=text)] if text else []
            token.content = text
        else:
            state.push("link_open", "a", 1).attrs = {"href": url}
            state.pending = text
            state.push("link_close", "a", -1)
    state.pos = found.end()
    return True

"""Errors and notes of the engine in the words of whoever called an endpoint or a tool.

The engine speaks to everyone. Some of its sentences name a command of the command line as
the cure, which a program or an assistant cannot run; others do not name the argument.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

from rftsearch.errors import FilterError, RftsearchError, UsageError

__all__ = ["Words", "in_words", "in_words_of_tools", "problem"]

Given = ParamSpec("Given")
Answer = TypeVar("Answer")
Words = Callable[[str], str]

_REPLACED: tuple[tuple[re.Pattern[str], str | Callable[[re.Match[str]], str]], ...] = (
    (
        re.compile(r"`rftsearch similar (\S+) --fetch`"),
        lambda found: f"find_similar_papers with paper={found[1]!r} and fetch=true",
    ),
    (re.compile(r"`--fetch` \(in Python `fetch=True`\)"), "fetch=true"),
    # Only who keeps the index can do these.
    (re.compile(r", and `rftsearch add LIST` with a list that names it brings it back"), ""),
    (re.compile(r"; `rftsearch build` on this index fetches the rest"), ""),
    (re.compile(r"; `rftsearch build` notes them"), ""),
    (re.compile(r"`rftsearch list` names every paper"), "search_papers finds papers by topic"),
    (re.compile(r"`rftsearch categories` (lists|names)"), r"list_categories names"),
)


def in_words_of_tools(text: str) -> str:
    """Return a sentence with the names of tools and arguments in place of commands."""
    for pattern, words in _REPLACED:
        text = pattern.sub(words, text)
    return text


def problem(error: RftsearchError, words: Words = in_words_of_tools) -> str:
    """Return an error as one line that names the argument or the tool."""
    text = words(str(error))
    if isinstance(error, FilterError) and "categor" in text and not text.startswith("categories"):
        return f"categories: {text}"
    return text


def in_words(
    function: Callable[Given, Answer], words: Words = in_words_of_tools
) -> Callable[Given, Answer]:
    """Return a function whose errors name the argument or the tool; see `problem`.

    A mistake of the caller stays a `UsageError`, with the first error as its cause.

    Args:
        function: What is called.
        words: Puts the names that its callers know into a sentence.
    """

    @wraps(function)
    def asked(*args: Given.args, **kwargs: Given.kwargs) -> Answer:
        try:
            return function(*args, **kwargs)
        except RftsearchError as error:
            text = problem(error, words)
            raise (UsageError if isinstance(error, UsageError) else RftsearchError)(text) from error

    return asked

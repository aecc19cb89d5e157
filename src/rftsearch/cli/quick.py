"""`search` and `similar` as they are typed most often, read without typer.

Typer, with the libraries it needs to read one option, takes longer to import than
a question takes to answer. Here the plain forms are read from a table; whatever
else is typed - help, an unknown option, a number that is none, a command that is
not here - is left to typer, which says what is wrong. A test holds the table to
what typer knows.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager
from pathlib import Path
from typing import Any

__all__ = ["OPTIONS", "answered", "parsed"]

Convert = Callable[[str], object]

_FILTERS: dict[str, tuple[str, Convert | bool]] = {
    "-c": ("category", str),
    "--category": ("category", str),
    "--since": ("since", str),
    "--until": ("until", str),
    "--has": ("has", str),
    "--kind": ("kind", str),
    "--generative": ("generative", True),
    "--not-generative": ("generative", False),
}
_COMMON = _FILTERS | {
    "-k": ("count", int),
    "--count": ("count", int),
    "--sort": ("sort", str),
    "--explain": ("explain", True),
    "--json": ("as_json", True),
    "--json-full": ("json_full", True),
    "--index": ("index", Path),
}
OPTIONS: dict[str, dict[str, tuple[str, Convert | bool]]] = {
    "search": {**_COMMON, "--rerank": ("reranker", str)},
    "similar": {
        **_COMMON,
        "--not": ("disliked", str),
        "--diversity": ("diversity", float),
        "--text": ("text", str),
        "--file": ("file", Path),
        "--fetch": ("fetch", True),
    },
}
"""By command and option: what it sets, and how its value is read, or what it means."""

MANY = {"category", "has", "disliked"}
"""What may be given several times."""


def answered(words: Sequence[str]) -> bool:
    """Answer a command line where it is a plain one; say whether it was.

    Args:
        words: What was typed after `rftsearch`.

    Raises:
        RftsearchError: As the command itself.
    """
    found = parsed(words)
    if found is None:
        return False
    texts, given = found
    with ExitStack() as beside:
        if words[0] == "search":  # Papers like a paper need no model.
            beside.enter_context(_ended_at_once())
            beside.enter_context(_preloading(given.get("index")))
        _answer(words[0], texts, given)
    return True


@contextmanager
def _ended_at_once() -> Iterator[None]:
    """Let Ctrl-C end the process as the system does, which a shell tells as 130, too.

    A search writes nothing that could be lost, and an exception between two threads that
    import modules can leave a lock of Python's held, and each waiting for the other.
    """
    import signal  # noqa: PLC0415 - as everything here

    if signal.getsignal(signal.SIGINT) is not signal.default_int_handler:
        yield  # Somebody has other plans with it, or none.
        return
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, signal.default_int_handler)


def _preloading(index: Path | None) -> AbstractContextManager[None]:
    # numpy first, by one thread: both need it before anything else.
    import numpy  # noqa: F401, PLC0415 - as everything here

    from rftsearch.index.generations.preload import preloading  # noqa: PLC0415
    from rftsearch.settings import default_index  # noqa: PLC0415

    return preloading(default_index() if index is None else index.expanduser())


def _answer(command: str, texts: list[str], given: dict[str, Any]) -> None:
    from rftsearch.cli import answers  # noqa: PLC0415 - only where there is something to answer

    filters = answers.make_filters(
        *(given.pop(name, None) for name in dict.fromkeys(name for name, _ in _FILTERS.values()))
    )
    form = answers.form_of(
        given.pop("as_json", False),
        given.pop("json_full", False),
    )
    answer = answers.search if command == "search" else answers.similar
    answer(texts, filters, form=form, **given)


def parsed(words: Sequence[str]) -> tuple[list[str], dict[str, Any]] | None:
    """Texts and options of a plain command line; None where it is for typer to read."""
    options = OPTIONS.get(words[0]) if words else None
    if options is None:
        return None
    texts: list[str] = []
    given: dict[str, Any] = {}
    rest = iter(words[1:])
    for word in rest:
        if not word.startswith("-"):
            texts.append(word)
            continue
        option, attached, value = word.partition("=")
        if option not in options:
            return None
        name, read = options[option]
        if isinstance(read, bool):
            if attached:
                return None
            given[name] = read
            continue
        if not attached:
            value = next(rest, "")
        if (attached and not option.startswith("--")) or not value or value.startswith("-"):
            return None
        try:
            read_value = read(value)
        except ValueError:
            return None
        if name in MANY:
            given.setdefault(name, []).append(read_value)
        else:
            given[name] = read_value
    return (texts, given) if texts or words[0] == "similar" else None

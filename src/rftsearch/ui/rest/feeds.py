"""Atom feeds of a question or of the list: the newest papers, for feed readers."""

from __future__ import annotations

import hashlib
import inspect
import json
import threading
from collections.abc import Callable, Mapping, Sequence
from functools import wraps
from typing import Any
from weakref import WeakKeyDictionary

from rftsearch.errors import RftsearchError
from rftsearch.living.atom import FeedEntry, write_feed
from rftsearch.living.history import open_history
from rftsearch.look import strings
from rftsearch.papers.paper import Paper
from rftsearch.papers.results import Results
from rftsearch.search.engine import Engine

__all__ = ["newest_first", "write_answer"]

FIRST_DAY = "1970-01-01"

_lock = threading.Lock()
_listed: WeakKeyDictionary[Engine, tuple[str, Mapping[str, str]]] = WeakKeyDictionary()
"""For each engine: the version of its index, and when papers were listed."""


def newest_first(function: Callable[..., Any]) -> Callable[..., Any]:
    """Return a function whose answers are by date if nothing else is asked for."""
    signature = inspect.signature(function)
    order = signature.parameters["sort"].replace(default="newest")

    @wraps(function)
    def asked(**given: Any) -> Any:  # noqa: ANN401 - as the function has it
        return function(**{"sort": "newest", **given})

    parameters = {**signature.parameters, "sort": order}
    asked.__signature__ = signature.replace(parameters=list(parameters.values()))  # type: ignore[attr-defined]  # read by `inspect.signature`
    return asked


def write_answer(
    engine: Engine, found: Results | Sequence[Paper], given: Mapping[str, Any], address: str
) -> str:
    """Return an answer as an Atom feed.

    A paper counts as new since the build that added it. What the index had from the start
    is dated by its release.

    Args:
        engine: What answered.
        found: The hits, or the papers of a list.
        given: The arguments; the same ones name the same feed.
        address: Of the feed itself.
    """
    papers = [hit.paper for hit in found] if isinstance(found, Results) else list(found)
    when, built = _when_listed(engine), engine.version.partition("/")[2]
    entries = [FeedEntry(one, when.get(one.id) or _released(one) or built) for one in papers]
    question = str(given.get("query", ""))
    lists = ", ".join(one.title for one in engine.status().about.values() if one and one.title)
    title = ": ".join(filter(None, (lists or strings.NAME, question or "newest papers")))
    named = json.dumps([lists, given], sort_keys=True)
    digest = hashlib.sha256(named.encode()).hexdigest()[:32]
    updated = max((one.updated for one in entries), default=built)
    return write_feed(title, f"urn:rftsearch:feed:{digest}", updated, entries, address)


def _when_listed(engine: Engine) -> Mapping[str, str]:
    """Return when papers were added to the index, by id; read once for each state of it."""
    version = engine.version
    with _lock:
        known, listed = _listed.get(engine, ("", {}))
        if known != version:
            try:
                with open_history(engine.path) as history:
                    listed = history.listed_since(FIRST_DAY)
            except RftsearchError:  # The feed is right without it.
                listed = {}
            _listed[engine] = version, listed
    return listed


def _released(paper: Paper) -> str | None:
    day = (paper.metadata and paper.metadata.published) or paper.released
    if day is None:
        return None
    return f"{day}-01-01"[: len("2025-03-17")] + "T00:00:00Z"

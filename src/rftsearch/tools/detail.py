"""How much of each paper an answer holds: in short, or everything."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping, Sequence
from functools import wraps
from typing import Any, Literal

from rftsearch.errors import UsageError
from rftsearch.papers.filter_fields import FILTER_FIELDS
from rftsearch.papers.paper import Paper
from rftsearch.papers.results import Explanation, Results
from rftsearch.search.engine import Engine
from rftsearch.tools.brief import brief_hit, brief_paper
from rftsearch.tools.validate import read_filters, read_text

__all__ = ["DETAILS", "Shape", "brief_hits", "explanations", "page_of_list", "with_detail"]

DETAILS = ("brief", "full")
_HELP = (
    "brief (id, short_name, title, released, category, url, score, and the sentence that "
    "answers) or full (also abstract, authors, links, and everything else)."
)
_SEEDS = ("query", "text", "paper", "liked")
"""The parameters that say what was asked; the sentence of each hit answers them."""

Shape = Callable[[Any, Mapping[str, Any], str], dict[str, Any]]
"""Makes JSON values of what a function found, of its arguments, and of the detail."""


def with_detail(
    function: Callable[..., Any], shape: Shape, default: Literal["brief", "full"] = "brief"
) -> Callable[..., dict[str, Any]]:
    """Return a function with one more parameter, `detail`, which answers in JSON values.

    Args:
        function: Returns papers or hits; its docstring describes its parameters.
        shape: Makes the answer.
        default: What `detail` is for a caller who does not give it.
    """

    @wraps(function)
    def answer(*, detail: str = default, **given: Any) -> dict[str, Any]:  # noqa: ANN401 - as the function has it
        if read_text("detail", detail) not in DETAILS:
            raise UsageError(f"detail is {detail[:40]!r}; one of {', '.join(DETAILS)}")
        return shape(function(**given), given, detail)

    chosen = inspect.Parameter(
        "detail",
        inspect.Parameter.KEYWORD_ONLY,
        default=default,
        annotation=Literal["brief", "full"],
    )
    signature = inspect.signature(function)
    answer.__signature__ = signature.replace(  # type: ignore[attr-defined]  # read by `inspect.signature`
        parameters=[*signature.parameters.values(), chosen]
    )
    first, returns, rest = inspect.cleandoc(function.__doc__ or "").partition("\n\nReturns:\n")
    answer.__doc__ = f"{first}\n    detail: {_HELP}{returns}{rest}"
    return answer


def brief_hits(engine: Engine, found: Results, given: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return the hits of an answer in short, with the sentence that answers; see `brief_hit`."""
    why = explanations(engine, found, given)
    return [brief_hit(hit, one) for hit, one in zip(found, why, strict=True)]


def page_of_list(
    engine: Engine, papers: Sequence[Paper], given: Mapping[str, Any], detail: str
) -> dict[str, Any]:
    """Return a page of a list, in short or in full, and how many papers the whole list has."""
    filters = read_filters({field.name: given.get(field.name) for field in FILTER_FIELDS})
    shown = [one.to_dict() if detail == "full" else brief_paper(one) for one in papers]
    return {"papers": shown, "total": engine.facets(filters).total}


def explanations(engine: Engine, found: Results, given: Mapping[str, Any]) -> Sequence[Explanation]:
    """Return the sentence of each hit that answers what was asked.

    Args:
        engine: What found the hits.
        found: The hits.
        given: The arguments of the function that was called.
    """
    if not found:
        return ()
    seed = next(given[name] for name in _SEEDS if given.get(name))
    if "query" in given or given.get("text"):
        topic = found.understood.text if found.understood else ""
        return engine.explain(topic or seed, found)
    names = [seed] if isinstance(seed, str) else list(seed)
    papers = [engine.paper(name, fetch=bool(given.get("fetch"))) for name in names]
    return engine.explain(" ".join(f"{one.title} {one.abstract}" for one in papers), found)

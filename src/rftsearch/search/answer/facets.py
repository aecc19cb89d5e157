"""How many works each choice of a filter would leave."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from rftsearch.index.tables.attributes import Attributes
from rftsearch.papers.filters import Filters
from rftsearch.papers.paper import KINDS
from rftsearch.papers.results import Facets
from rftsearch.types import BoolArray

__all__ = ["compute_facets", "counted"]

_OFF = {
    "categories": {"categories": ()},
    "months": {"since": None, "until": None},
    "has": {"has": ()},
    "kind": {"kind": None},
    "generative": {"generative": None},
}
"""What taking each filter off means."""
_CHOICES = ("categories", "kind", "generative")
"""Of these the works of every choice are counted; of the others those that are left."""


def counted(filters: Filters | None) -> list[Filters]:
    """The filters under which works are counted by choice: those that are set, and one off."""
    every = filters or Filters()
    fewer = [replace(every, **_OFF[name]) for name in _CHOICES]  # type: ignore[arg-type]  # by name
    return list(dict.fromkeys([every, *fewer]))


def compute_facets(
    attributes: Attributes, filters: Filters | None, fitting: BoolArray | None = None
) -> Facets:
    """Count what each choice would leave.

    Args:
        attributes: The facts of the papers.
        filters: Those that are set.
        fitting: (n,) which rows answer a query; None for all of them.

    Raises:
        FilterError: A category that no paper has.
    """
    filters = filters or Filters()
    every = np.ones(len(attributes), dtype=np.bool_)
    fits = every if fitting is None else fitting

    def passing(without: str) -> BoolArray:
        return attributes.mask(replace(filters, **_OFF[without]))  # type: ignore[arg-type]  # by name

    here = attributes.mask(filters) & fits
    kinds, generative = passing("kind") & fits, passing("generative") & fits
    return Facets(
        total=int(here.sum()),
        categories=attributes.count_categories(passing("categories") & fits),
        has=attributes.count_links(here),
        kinds={kind: int((kinds & attributes.mask(Filters(kind=kind))).sum()) for kind in KINDS},
        generative={
            value: int((generative & attributes.mask(Filters(generative=value))).sum())
            for value in (True, False)
        },
        without={name: int(passing(name).sum()) for name in _OFF if _is_set(filters, name)},
    )


def _is_set(filters: Filters, name: str) -> bool:
    return filters != replace(filters, **_OFF[name])  # type: ignore[arg-type]  # by name

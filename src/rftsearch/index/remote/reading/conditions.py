"""Filters in the words of Qdrant, so that a server finds only what may be found.

A server need not be exact here: whatever it finds is compared with the ids that are
allowed. It must not leave out a paper that is.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from rftsearch.index.engines.base import Selection
from rftsearch.index.remote import layout
from rftsearch.index.tables.attributes import Attributes
from rftsearch.index.tables.facts import Facts, author_facts, venue_facts
from rftsearch.papers.asked.facts import PRESENTS
from rftsearch.papers.filters import Filters

if TYPE_CHECKING:
    from qdrant_client import models

__all__ = ["any_of", "condition_of", "every_of", "is_any", "of_ids"]

_LAST_MONTH = 0x7FFF
FEW_IDS = 5_000
"""Up to this many ids are sent: some forty kilobytes."""


def is_any(field: str, values: Sequence[str] | Sequence[int]) -> models.FieldCondition:
    """Return the condition that a field of the payload has one of some values."""
    from qdrant_client import models  # noqa: PLC0415 - an extra

    match: models.MatchValue | models.MatchAny
    match = (
        models.MatchValue(value=values[0])
        if len(values) == 1
        else models.MatchAny(any=list(values))  # type: ignore[arg-type]  # of one kind
    )
    return models.FieldCondition(key=field, match=match)


def every_of(*conditions: models.Condition) -> models.Filter:
    """Return the filter that all of some conditions hold."""
    from qdrant_client import models  # noqa: PLC0415 - an extra

    return models.Filter(must=list(conditions))


def any_of(*conditions: models.Condition) -> models.Filter:
    """Return the filter that at least one of some conditions holds."""
    from qdrant_client import models  # noqa: PLC0415 - an extra

    return models.Filter(should=list(conditions))


def of_ids(ids: Sequence[int]) -> models.HasIdCondition:
    """Return the condition that a paper is one of these."""
    from qdrant_client import models  # noqa: PLC0415 - an extra

    return models.HasIdCondition(has_id=list(ids))


def condition_of(
    selection: Selection, attributes: Attributes, facts: Facts
) -> models.Filter | None:
    """Return a filter that nothing fails that a selection allows; None for no filter.

    Args:
        selection: What may be found.
        attributes: Of the generation; knows the names of categories.
        facts: Knows the keys of authors and venues.
    """
    from qdrant_client import models  # noqa: PLC0415 - an extra

    if selection.ids is not None and len(selection.ids) <= FEW_IDS:
        return every_of(of_ids(selection.ids.tolist()))
    if selection.ids is not None:
        return None if selection.filters is None else _of(selection.filters, attributes, facts)
    if selection.excluded is not None and 0 < len(selection.excluded) <= FEW_IDS:
        return models.Filter(must_not=[of_ids(selection.excluded.tolist())])
    return None


def _of(filters: Filters, attributes: Attributes, facts: Facts) -> models.Filter | None:
    """Return filters as a filter of the server; None if there is nothing to filter by."""
    from qdrant_client import models  # noqa: PLC0415 - an extra

    must: list[models.Condition] = []
    must_not: list[models.Condition] = []
    if filters.categories:
        must.append(is_any(layout.CATEGORIES, attributes.meant_categories(filters.categories)))
    if filters.dated:
        first, last = _months(filters)
        must.append(
            models.FieldCondition(key=layout.MONTH, range=models.Range(gte=first, lte=last))
        )
    must += [is_any(layout.LINKS, [kind]) for kind in filters.has]
    if filters.kind is not None:
        must.append(is_any(layout.KIND, [filters.kind]))
    if filters.generative is not None:
        (must if filters.generative else must_not).append(is_any(layout.FLAGS, ["generative"]))
    for author in filters.authors:
        # With a typing error the name has no keys of its own: the ids alone decide then.
        if keys := author_facts(facts, author):
            must.append(is_any(layout.FACTS, keys))
    must += [is_any(layout.FACTS, [f"{PRESENTS}{kind}"]) for kind in filters.presents]
    if places := [key for venue in filters.venue for key in venue_facts(facts, venue)]:
        must.append(is_any(layout.FACTS, places))
    if not must and not must_not:
        return None
    return models.Filter(must=must or None, must_not=must_not or None)


def _months(filters: Filters) -> tuple[int, int]:
    """Return the first and the last month that pass, as months since year 0; see `Attributes`."""
    bounds = [
        min(int(month[:4]) * 12 + int(month[5:7]), _LAST_MONTH) if month else default
        for month, default in ((filters.since, 1), (filters.until, _LAST_MONTH))
    ]
    return bounds[0], bounds[1]

"""Search and recommendation for curated lists of research papers.

>>> import rftsearch
>>> engine = rftsearch.Engine.open()
>>> for hit in engine.search("crowd counting", k=5):
...     print(hit.paper.short_name, hit.paper.category)
"""

from importlib import import_module
from typing import TYPE_CHECKING

from rftsearch.errors import RftsearchError

if TYPE_CHECKING:
    from rftsearch.records import Explanation, Filters, Hit, Link, Paper, Results
    from rftsearch.search.engine import Engine
    from rftsearch.search.overview import MapPoint, PaperMap, Timeline

__all__ = [
    "Engine",
    "Explanation",
    "Filters",
    "Hit",
    "Link",
    "MapPoint",
    "Paper",
    "PaperMap",
    "Results",
    "RftsearchError",
    "Timeline",
    "__version__",
]

__version__ = "0.1.0"

_HOMES = {
    **dict.fromkeys(("Explanation", "Filters", "Hit", "Link", "Paper", "Results"), "records"),
    "Engine": "search.engine",
    **dict.fromkeys(("MapPoint", "PaperMap", "Timeline"), "search.overview"),
}
"""Where the public names are from, which are imported when they are first asked for: until
this module has been read, the command line cannot answer Ctrl-C."""

if not TYPE_CHECKING:  # Else every name would be one.

    def __getattr__(name: str) -> object:
        """Import a public name.

        Raises:
            AttributeError: It is none.
        """
        if name not in _HOMES:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        value = getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
        globals()[name] = value
        return value

    def __dir__() -> list[str]:
        """All public names, whether or not they were asked for yet."""
        return sorted({*globals(), *__all__})

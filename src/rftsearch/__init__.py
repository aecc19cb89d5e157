"""Search and recommendation for curated lists of research papers.

>>> import rftsearch
>>> engine = rftsearch.Engine.open()
>>> for hit in engine.search("crowd counting", k=5):
...     print(hit.paper.short_name, hit.paper.category)
"""

from rftsearch.errors import RftsearchError
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

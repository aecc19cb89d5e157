"""Search and recommendation for curated lists of research papers.

>>> import rftsearch
>>> engine = rftsearch.Engine.open()
>>> for hit in engine.search("crowd counting", k=5):
...     print(hit.paper.short_name, hit.paper.category)
"""

from importlib import import_module
from typing import TYPE_CHECKING

from rftsearch import errors

if TYPE_CHECKING:
    from rftsearch.encoders.base import Encoder
    from rftsearch.encoders.cross_encoder import CrossEncoderReranker, Reranker
    from rftsearch.errors import (
        FetchError,
        FilterError,
        IndexDamagedError,
        IndexFormatError,
        IndexLockedError,
        IndexMissingError,
        IndexReadError,
        IndexServerError,
        IndexStateError,
        IndexWriteError,
        ModelError,
        ModelMismatchError,
        OutputError,
        QueryError,
        RftsearchError,
        SourceError,
        UnknownPaperError,
        UsageError,
    )
    from rftsearch.export import export
    from rftsearch.index.build.build import build_index, index_papers
    from rftsearch.index.build.reading.accounts import SourceReport
    from rftsearch.index.build.report import BuildReport
    from rftsearch.index.build.sync import SyncReport, sync_index
    from rftsearch.index.build.update import update_index
    from rftsearch.living.check.check import check_list
    from rftsearch.living.check.findings import CheckReport, Finding
    from rftsearch.living.discovery.discover import Candidate, Discovery, discover
    from rftsearch.living.labels.predict import PredictedCategories, predict_categories
    from rftsearch.papers.asked.understood import Understood
    from rftsearch.papers.filters import Filters
    from rftsearch.papers.merge import Merge
    from rftsearch.papers.paper import ArxivMetadata, Link, Paper
    from rftsearch.papers.results import Answer, Explanation, Facets, Hit, Results
    from rftsearch.search.answer.overview import MapPoint, PaperMap, Timeline
    from rftsearch.search.engine import Engine
    from rftsearch.search.ranking.numeric import Parameters
    from rftsearch.sources.arxiv.api import ArxivClient
    from rftsearch.sources.base import ParsedList, Problem
    from rftsearch.sources.reading import read_list

__all__ = [
    "Answer",
    "ArxivClient",
    "ArxivMetadata",
    "BuildReport",
    "Candidate",
    "CheckReport",
    "CrossEncoderReranker",
    "Discovery",
    "Encoder",
    "Engine",
    "Explanation",
    "Facets",
    "FetchError",
    "FilterError",
    "Filters",
    "Finding",
    "Hit",
    "IndexDamagedError",
    "IndexFormatError",
    "IndexLockedError",
    "IndexMissingError",
    "IndexReadError",
    "IndexServerError",
    "IndexStateError",
    "IndexWriteError",
    "Link",
    "MapPoint",
    "Merge",
    "ModelError",
    "ModelMismatchError",
    "OutputError",
    "Paper",
    "PaperMap",
    "Parameters",
    "ParsedList",
    "PredictedCategories",
    "Problem",
    "QueryError",
    "Reranker",
    "Results",
    "RftsearchError",
    "SourceError",
    "SourceReport",
    "SyncReport",
    "Timeline",
    "Understood",
    "UnknownPaperError",
    "UsageError",
    "__version__",
    "build_index",
    "check_list",
    "discover",
    "export",
    "index_papers",
    "predict_categories",
    "read_list",
    "sync_index",
    "update_index",
]

__version__ = "0.2.0"

_HOMES = {
    **dict.fromkeys((name for name in errors.__all__ if name.endswith("Error")), "errors"),
    **dict.fromkeys(("ArxivMetadata", "Link", "Paper"), "papers.paper"),
    "Filters": "papers.filters",
    "Understood": "papers.asked.understood",
    **dict.fromkeys(("Answer", "Explanation", "Facets", "Hit", "Results"), "papers.results"),
    "Engine": "search.engine",
    "Parameters": "search.ranking.numeric",
    **dict.fromkeys(("MapPoint", "PaperMap", "Timeline"), "search.answer.overview"),
    **dict.fromkeys(("build_index", "index_papers"), "index.build.build"),
    "BuildReport": "index.build.report",
    "SourceReport": "index.build.reading.accounts",
    "Merge": "papers.merge",
    **dict.fromkeys(("SyncReport", "sync_index"), "index.build.sync"),
    "update_index": "index.build.update",
    **dict.fromkeys(("ParsedList", "Problem"), "sources.base"),
    "read_list": "sources.reading",
    "export": "export",
    "Encoder": "encoders.base",
    **dict.fromkeys(("CrossEncoderReranker", "Reranker"), "encoders.cross_encoder"),
    "ArxivClient": "sources.arxiv.api",
    "check_list": "living.check.check",
    **dict.fromkeys(("Candidate", "Discovery", "discover"), "living.discovery.discover"),
    **dict.fromkeys(("PredictedCategories", "predict_categories"), "living.labels.predict"),
    **dict.fromkeys(("CheckReport", "Finding"), "living.check.findings"),
}
"""The module of each public name. A name is imported when somebody first asks for it: until
this module has been read, the command line cannot answer Ctrl-C."""

if not TYPE_CHECKING:  # A type checker would accept every name otherwise.

    def __getattr__(name: str) -> object:
        """Import a public name.

        Raises:
            AttributeError: There is no public name like that.
        """
        if name not in _HOMES:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        value = getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
        globals()[name] = value
        return value

    def __dir__() -> list[str]:
        """Return all public names, whether or not somebody has asked for them yet."""
        return sorted({*globals(), *__all__})

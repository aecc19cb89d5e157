"""What `import rftsearch` offers: every name that README tells people to use."""

from __future__ import annotations

import importlib.resources
import subprocess
import sys

import pytest

import rftsearch
from rftsearch import errors

NAMES = [
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
    "Filters",
    "Finding",
    "Hit",
    "Link",
    "MapPoint",
    "Merge",
    "Paper",
    "PaperMap",
    "Parameters",
    "ParsedList",
    "PredictedCategories",
    "Problem",
    "Reranker",
    "Results",
    "SourceReport",
    "SyncReport",
    "Timeline",
    "Understood",
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
ERRORS = [name for name in errors.__all__ if name.endswith("Error")]


def test_the_public_names_are_these():
    assert sorted(rftsearch.__all__) == sorted(NAMES + ERRORS)


@pytest.mark.parametrize("name", NAMES + ERRORS)
def test_each_public_name_can_be_imported(name: str):
    assert hasattr(rftsearch, name)
    assert name in dir(rftsearch)


def test_another_name_is_an_attribute_error():
    with pytest.raises(AttributeError, match="Motor"):
        rftsearch.Motor  # noqa: B018 - looking it up is the test


def test_importing_the_package_imports_no_public_name():
    script = "import rftsearch, sys; print([m for m in sys.modules if m.startswith('rftsearch')])"
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True, timeout=240
    )
    assert done.stdout.strip() == "['rftsearch.errors', 'rftsearch']"


def test_type_checkers_see_that_the_package_is_typed():
    assert importlib.resources.files("rftsearch").joinpath("py.typed").is_file()


@pytest.mark.parametrize("first", ["rftsearch.export", "import rftsearch.export"])
def test_export_can_be_called_whichever_way_it_was_imported_first(first: str):
    script = (
        f"import rftsearch; {first}; from rftsearch.export import export\n"
        "papers = [rftsearch.Paper(id='a', short_name='a', title='Crowds', categories=('x',))]\n"
        "print(rftsearch.export(papers, 'ris') == export(papers, 'ris'))"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True, timeout=240
    )
    assert done.stdout.strip() == "True"

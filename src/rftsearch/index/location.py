"""Where an index lives when nobody says where.

In order: the environment variable `RFTSEARCH_INDEX`; the `index/` folder of the
checkout the package runs from, or in which the current folder lies; the user's
data folder.
"""

from __future__ import annotations

import os
import tomllib
from pathlib import Path

import platformdirs

__all__ = ["INDEX_VARIABLE", "default_cache", "default_index"]

INDEX_VARIABLE = "RFTSEARCH_INDEX"


def default_index() -> Path:
    """The index folder to use; it need not exist yet."""
    if named := os.environ.get(INDEX_VARIABLE):
        return Path(named).expanduser()
    # The package's own place first: `src/rftsearch/index/location.py` of a checkout.
    candidates = [Path(__file__).parents[3], Path.cwd(), *Path.cwd().parents]
    for folder in candidates:
        if _is_checkout(folder):
            return folder / "index"
    return platformdirs.user_data_path("rftsearch", appauthor=False) / "index"


def default_cache() -> Path:
    """The user's folder for what can be made again; it need not exist yet."""
    return platformdirs.user_cache_path("rftsearch", appauthor=False)


def _is_checkout(folder: Path) -> bool:
    try:
        project = tomllib.loads((folder / "pyproject.toml").read_text("utf-8"))
    except (OSError, ValueError):
        return False
    return bool(project.get("project", {}).get("name") == "rftsearch")

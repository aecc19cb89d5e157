"""Serve the page: `python app.py`, which is also what a Space and the container run.

If there is no index, it is built first: from the sources in `RFTSEARCH_SOURCES`, separated
by semicolons, or from the shipped list. `rftsearch app` has options, and builds nothing.
"""

from __future__ import annotations

import sys
from importlib.util import find_spec
from pathlib import Path

if find_spec("rftsearch") is None:  # a Space installs only requirements.txt
    sys.path.insert(0, str(Path(__file__).parent / "src"))

from rftsearch.cli.first_start import open_or_build
from rftsearch.cli.process import explained
from rftsearch.ui import launch


def main() -> None:
    """Serve the page until it is interrupted."""
    with explained(), open_or_build() as engine:
        launch(engine)


if __name__ == "__main__":
    main()

"""Serve the page: `python app.py`, which is also what a Space runs.

If there is no index, it is built first, from the shipped list.
`rftsearch app` has options, and builds nothing.
"""

from __future__ import annotations

import sys
from importlib.util import find_spec
from pathlib import Path

if find_spec("rftsearch") is None:  # a Space installs only requirements.txt
    sys.path.insert(0, str(Path(__file__).parent / "src"))

from rftsearch import Engine
from rftsearch.cli.process import explained
from rftsearch.errors import IndexMissingError
from rftsearch.settings import default_index
from rftsearch.ui import launch


def open_or_build() -> Engine:
    """Open the default index; build it first if there is none."""
    try:
        return Engine.open()
    except IndexMissingError:
        # With an index, the page does not wait for these imports.
        from rftsearch.cli.progress import progress  # noqa: PLC0415
        from rftsearch.index.build.build import build_index  # noqa: PLC0415

        with progress() as show:
            build_index(default_index(), progress=show)
        return Engine.open()


def main() -> None:
    """Serve the page until it is interrupted."""
    with explained(), open_or_build() as engine:
        launch(engine)


if __name__ == "__main__":
    main()

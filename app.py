"""The page, ready to serve: `python app.py`, which is also what a Space runs.

Where there is no index yet it is built first, from the shipped catalogue.
`rftsearch app` is the same with options, and builds nothing.
"""

from __future__ import annotations

import sys
from importlib.util import find_spec
from pathlib import Path

if find_spec("rftsearch") is None:  # a Space installs what requirements.txt names, not this
    sys.path.insert(0, str(Path(__file__).parent / "src"))

from rftsearch import Engine, RftsearchError
from rftsearch.errors import IndexMissingError
from rftsearch.settings import default_index
from rftsearch.ui import launch


def open_or_build() -> Engine:
    """Open the default index; build it where there is none."""
    try:
        return Engine.open()
    except IndexMissingError:
        # Where there is an index the page need not wait for what builds one.
        from rftsearch.cli.progress import progress  # noqa: PLC0415
        from rftsearch.index.build.build import build_index  # noqa: PLC0415

        with progress() as show:
            build_index(default_index(), progress=show)
        return Engine.open()


def main() -> None:
    """Serve the page until it is interrupted."""
    try:
        with open_or_build() as engine:
            launch(engine)
    except RftsearchError as error:
        sys.exit(f"rftsearch: {error}")


if __name__ == "__main__":
    main()

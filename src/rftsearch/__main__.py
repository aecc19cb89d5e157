"""`rftsearch`, and `python -m rftsearch`."""

from __future__ import annotations

import sys

from rftsearch import console
from rftsearch.cli_quick import answered

__all__ = ["main"]


def main() -> None:
    """Run the command line; see `rftsearch.cli.main` for the exit codes."""
    with console.explained():
        if answered(sys.argv[1:]):
            return
    from rftsearch import cli  # noqa: PLC0415 - typer costs as much as an answer

    cli.main()


if __name__ == "__main__":
    main()

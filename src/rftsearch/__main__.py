"""`rftsearch`, and `python -m rftsearch`.

What takes time to import is imported by `main`, which answers Ctrl-C from its first line on.
"""

from __future__ import annotations

import sys

__all__ = ["main"]


def main() -> None:
    """Run the command line; see `rftsearch.cli.main` for the exit codes."""
    try:
        from rftsearch import console  # noqa: PLC0415 - see above
        from rftsearch.cli_quick import answered  # noqa: PLC0415 - see above

        with console.explained():
            if answered(sys.argv[1:]):
                return
            from rftsearch import cli  # noqa: PLC0415 - typer costs as much as an answer

            cli.main()
    except KeyboardInterrupt:
        sys.exit(130)


if __name__ == "__main__":
    main()

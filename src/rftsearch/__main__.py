"""Run the command line: `rftsearch`, and `python -m rftsearch`.

What takes time to import is imported by `main`, which answers Ctrl-C from its first line on.
"""

from __future__ import annotations

import sys

__all__ = ["main"]


def main() -> None:
    """Run the command line; see `rftsearch.cli.app.main` for the exit codes."""
    try:
        from rftsearch.cli import app  # noqa: PLC0415 - see above

        app.main()
    except KeyboardInterrupt:
        sys.exit(130)
    except OSError as error:  # Too few files may be open even to import what explains errors.
        sys.exit(f"rftsearch: {error.strerror}; allow this process more")


if __name__ == "__main__":
    main()

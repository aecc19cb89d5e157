"""Run the command line within the process of the tests."""

from __future__ import annotations

import sys
from unittest import mock

from rftsearch import __main__


def run_command(*words: object) -> int:
    """Run `rftsearch` with these words; return the exit code."""
    with mock.patch.object(sys, "argv", ["rftsearch", *map(str, words)]):
        try:
            __main__.main()
        except SystemExit as ended:
            return int(ended.code or 0)
    return 0

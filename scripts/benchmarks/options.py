"""Options that several benchmarks have."""

from __future__ import annotations

import argparse
from pathlib import Path

__all__ = ["add_index"]


def add_index(parser: argparse.ArgumentParser) -> None:
    """Add `--index`, the folder of the index that is measured."""
    parser.add_argument(
        "--index", type=Path, help="folder of the index; by default that of `rftsearch search`"
    )

"""Write the catalogue that ships with the package, from the founding list.

    python scripts/catalogue.py PATH/TO/list.md

Run in a checkout whose environment has rftsearch installed.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from rftsearch.errors import SourceError
from rftsearch.sources.catalogue import write_catalogue
from rftsearch.sources.reading import read_list

SHIPPED = Path(__file__).resolve().parents[1] / "src" / "rftsearch" / "data" / "catalogue.jsonl"


def main() -> int:
    """Write the file; 1 where the list, or an entry of it, cannot be read."""
    parser = argparse.ArgumentParser(description="Write the catalogue that ships with rftsearch.")
    parser.add_argument("list", type=Path, help="the founding list, a Markdown file")
    path = parser.parse_args().list
    try:
        parsed = read_list(path)
    except SourceError as error:
        print(error, file=sys.stderr)
        return 1
    for problem in parsed.problems:
        print(f"{path}:{problem.line}: {problem.reason}: {problem.text}", file=sys.stderr)
    if not parsed.papers:
        print(f"no entries found in {path}; give the founding list", file=sys.stderr)
        return 1
    write_catalogue(parsed.papers, SHIPPED)
    print(f"{len(parsed.papers)} entries in {len(parsed.categories)} categories: {SHIPPED}")
    return 1 if parsed.problems else 0


if __name__ == "__main__":
    raise SystemExit(main())

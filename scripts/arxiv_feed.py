"""Stands in for arXiv: serves a file of abstracts on 127.0.0.1 in arXiv's own format.

    python scripts/arxiv_feed.py ABSTRACTS.jsonl --port 8000

prints the RFTSEARCH_ARXIV_URL that makes rftsearch ask it; `--help` says more. It is
the server of the tests, and needs nothing but the standard library.
"""

from __future__ import annotations

import runpy
from pathlib import Path

if __name__ == "__main__":
    server = Path(__file__).resolve().parents[1] / "tests" / "support" / "arxiv_feed.py"
    runpy.run_path(str(server), run_name="__main__")

"""An invented snapshot of arXiv's metadata, in the layout of the real one."""

from __future__ import annotations

import gzip
import json
import lzma
from pathlib import Path
from typing import Any

from backports import zstd

from support.library import ABSTRACTS

PACKERS = {"": bytes, ".gz": gzip.compress, ".xz": lzma.compress, ".zst": zstd.compress}


def record(arxiv_id: str = "2503.00003", **changes: Any) -> dict[str, Any]:
    """One line of it, folded and indented as arXiv does."""
    title, abstract = ABSTRACTS.get(arxiv_id, ("A Title", "An abstract."))
    return {
        "id": arxiv_id,
        "submitter": "A. Author",
        "authors": "A. Author and B. Other (Some Institute)",
        "title": title.replace(" ", "\n  ", 1),
        "comments": "12 pages",
        "journal-ref": None,
        "doi": "10.1000/xyz",
        "categories": "cs.CV cs.CL",
        "license": None,
        "abstract": f"  {abstract}\n",
        "versions": [
            {"version": "v1", "created": "Mon, 3 Mar 2025 10:00:00 GMT"},
            {"version": "v2", "created": "Tue, 1 Apr 2025 10:00:00 GMT"},
        ],
        "update_date": "2025-04-02",
        "authors_parsed": [["Author", "A.", ""], ["Other", "B.", "Jr", "Some Institute"]],
        **changes,
    }


def lines(*records: dict[str, Any] | bytes) -> bytes:
    """Return records, and other lines, as the content of a file."""
    return b"".join(
        (each if isinstance(each, bytes) else json.dumps(each).encode()) + b"\n" for each in records
    )


def write_snapshot(folder: Path, *records: dict[str, Any] | bytes, suffix: str = "") -> Path:
    """Write a snapshot, packed as its name ends."""
    path = folder / f"snapshot.json{suffix}"
    path.write_bytes(PACKERS[suffix](lines(*records)))
    return path

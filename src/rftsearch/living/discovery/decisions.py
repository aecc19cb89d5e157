"""What a curator accepted and dismissed: a small file that can live beside the list.

    {"id": "2505.00001", "decision": "dismissed", "day": "2025-06-01", "title": "..."}

One line for each paper; of two for one paper the later one counts.
"""

from __future__ import annotations

import json
import os
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, get_args

from rftsearch.errors import OutputError, SourceError
from rftsearch.files import read_regular, replace_file
from rftsearch.index.generations.lock import alone_with
from rftsearch.papers.arxiv_id import parse_arxiv_id
from rftsearch.papers.paper import Paper
from rftsearch.sources.jsonl import LineError, load_object, text_in

__all__ = ["DECISIONS_FILE", "Decision", "Verdict", "read_decisions", "write_decisions"]

DECISIONS_FILE = Path("rftsearch-decisions.jsonl")
"""Where decisions are kept unless another file is named: in the current folder."""

Verdict = Literal["accepted", "dismissed"]


@dataclass(frozen=True, slots=True)
class Decision:
    """What was decided about one paper."""

    id: str
    verdict: Verdict
    day: str
    """When, `2025-06-01`."""
    title: str = ""
    abstract: str = ""
    """Kept, so that the paper teaches the next ranking without being fetched again."""

    def paper(self) -> Paper:
        """Return a record of it, for what is learnt from it."""
        from rftsearch.papers.paper import ArxivMetadata  # noqa: PLC0415

        metadata = ArxivMetadata(self.id, self.title, self.abstract)
        return Paper(self.id, self.title, self.title, ("arXiv",), metadata=metadata)


def read_decisions(path: Path) -> dict[str, Decision]:
    """Read a file of decisions; there are none if there is no such file.

    Raises:
        SourceError: It cannot be read, or a line is not a decision.
    """
    found: dict[str, Decision] = {}
    try:
        lines = read_regular(path).splitlines()
    except FileNotFoundError:
        return {}
    except OSError as error:
        raise SourceError(f"cannot read {path}: {error.strerror}") from error
    for number, line in enumerate(lines, 1):
        if line.strip():
            try:
                decision = _decision(line)
            except LineError as error:
                raise SourceError(
                    f"{path}:{number} is not a decision ({error}); correct or remove the line"
                ) from error
            found.pop(decision.id, None)
            found[decision.id] = decision
    return found


def write_decisions(
    path: Path, new: Sequence[Decision], forgotten: Collection[str] = ()
) -> dict[str, Decision]:
    """Add decisions to a file; the earlier ones of the same papers are replaced.

    The file is replaced as a whole, so that an interruption leaves the old one; and of two
    processes that write it at once, one waits for the other.

    Args:
        path: The file; it is made if there is none.
        new: The decisions.
        forgotten: Ids of papers whose decisions are taken back.

    Returns:
        All decisions.

    Raises:
        SourceError: The file cannot be read.
        OutputError: It cannot be written.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with alone_with(Path(os.path.realpath(path))):
            every = read_decisions(path)
            for decision in new:
                every.pop(decision.id, None)
                every[decision.id] = decision
            for paper_id in forgotten:
                every.pop(paper_id, None)
            lines = (json.dumps(_record(one), ensure_ascii=False) for one in every.values())
            text = "".join(f"{line}\n" for line in lines)
            replace_file(path, text.encode("utf-8", "ignore"))
    except OSError as error:
        raise OutputError(
            f"cannot write {path}: {error.strerror or error}; nothing was changed, name another "
            "file with --decisions"
        ) from error
    return every


def _decision(line: bytes) -> Decision:
    record = load_object(line)
    given, verdict = text_in(record, "id"), text_in(record, "decision")
    if not given:
        raise LineError("id is empty")
    if verdict not in get_args(Verdict):
        raise LineError(f"decision is {verdict!r}, neither accepted nor dismissed")
    return Decision(
        parse_arxiv_id(given) or given,
        "accepted" if verdict == "accepted" else "dismissed",
        text_in(record, "day"),
        text_in(record, "title"),
        text_in(record, "abstract"),
    )


def _record(decision: Decision) -> Mapping[str, str]:
    record = {"id": decision.id, "decision": decision.verdict, "day": decision.day}
    texts = {"title": decision.title, "abstract": decision.abstract}
    return record | {name: text for name, text in texts.items() if text}

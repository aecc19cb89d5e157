"""The catalogue of papers that ships with the package.

The catalogue is the founding list as facts: one JSON object a line, in the
list's order, UTF-8, with the keys of `_PAPER` in that order. It holds what the
list says and nothing that arXiv does; `scripts/catalogue.py` writes it.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from importlib import resources
from pathlib import Path
from types import UnionType
from typing import Any, ClassVar

from rftsearch.errors import SourceError
from rftsearch.papers.about import ListAbout
from rftsearch.papers.arxiv_id import parse_arxiv_id
from rftsearch.papers.paper import KINDS, LINK_KINDS, Link, Paper, Provenance
from rftsearch.types import Progress

__all__ = [
    "ABOUT",
    "CATALOGUE",
    "Catalogue",
    "load_catalogue",
    "parse_catalogue",
    "write_catalogue",
]

CATALOGUE = "the shipped catalogue"
"""Its key: what an index remembers of it, where it was built from other sources too."""

ABOUT = ListAbout(
    title="Reinforcement Fine-Tuning Powers Reasoning Capability of Multimodal Large "
    "Language Models",
    description="Papers and open-source projects on reinforcement fine-tuning (RFT) of multimodal "
    "large language models (MLLMs).",
    updated="2025-05-15",
)
"""The founding list's name, its subject, and the day up to which it collects."""

_Fields = Mapping[str, type | UnionType]

_PAPER: _Fields = {
    "id": str,
    "short_name": str,
    "title": str,
    "categories": list,
    "kind": str,
    "released": str | None,
    "arxiv_id": str | None,
    "url": str | None,
    "generative": bool,
    "description": str,
    "links": list,
    "provenance": list,
    "heading_paths": list,
}
_LINK: _Fields = {"kind": str, "url": str, "label": str}
_PROVENANCE: _Fields = {"source": str, "line": int}


@dataclass(frozen=True, slots=True)
class Catalogue:
    """The catalogue as a source of papers."""

    key: ClassVar[str] = CATALOGUE
    label: ClassVar[str] = CATALOGUE
    streamed: ClassVar[bool] = False

    def read(self, progress: Progress) -> Iterator[Paper | ListAbout]:  # noqa: ARG002 - quick
        """Read the papers, then what the list says of itself; see `load_catalogue`."""
        yield from load_catalogue()
        yield ABOUT


def load_catalogue() -> list[Paper]:
    """Read the catalogue that ships with the package, in the founding list's order.

    Raises:
        SourceError: It is missing from this installation, or was altered.
    """
    file = resources.files("rftsearch").joinpath("data", "catalogue.jsonl")
    try:
        text = file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise SourceError(f"cannot read {file}: {error}; install rftsearch again") from None
    return parse_catalogue(text, file.name)


def parse_catalogue(text: str, name: str) -> list[Paper]:
    """Read the lines of a catalogue.

    Args:
        text: One JSON object a line.
        name: The file's name, for errors.

    Raises:
        SourceError: A line is not what `write_catalogue` writes.
    """
    papers = []
    # Not splitlines(), which breaks at characters that may stand inside a JSON string.
    for number, line in enumerate(text.removesuffix("\n").split("\n"), start=1):
        try:
            papers.append(_paper(json.loads(line)))
        except (TypeError, ValueError) as error:
            raise SourceError(
                f"{name}, line {number}: {error}; install rftsearch again, "
                "or write the file with scripts/catalogue.py"
            ) from None
    return papers


def write_catalogue(papers: Iterable[Paper], path: Path) -> None:
    """Write the list's facts about these papers, one JSON object a line."""
    lines = [json.dumps(_facts(paper), ensure_ascii=False) + "\n" for paper in papers]
    path.write_text("".join(lines), encoding="utf-8", newline="\n")


def _facts(paper: Paper) -> dict[str, Any]:
    record = asdict(paper)
    return {key: record[key] for key in _PAPER}


def _paper(value: object) -> Paper:
    """Undo `_facts`.

    Raises:
        TypeError: A field is of another type.
        ValueError: A field is missing or unknown, or its value is impossible.
    """
    record = _checked(value, _PAPER)
    links = [Link(**_checked(link, _LINK)) for link in record["links"]]
    provenance = [Provenance(**_checked(place, _PROVENANCE)) for place in record["provenance"]]
    categories = record["categories"]
    if not categories or not all(isinstance(category, str) for category in categories):
        raise ValueError(f"categories cannot be {categories!r}")
    paths = record["heading_paths"]
    if not all(isinstance(path, list) and path and set(map(type, path)) == {str} for path in paths):
        raise ValueError(f"heading_paths cannot be {paths!r}")
    if record["kind"] not in KINDS:
        raise ValueError(f"kind cannot be {record['kind']!r}")
    if unknown := {link.kind for link in links}.difference(LINK_KINDS):
        raise ValueError(f"links cannot be of kind {unknown.pop()!r}")
    arxiv_id = record["arxiv_id"]
    if arxiv_id is not None and parse_arxiv_id(arxiv_id) != arxiv_id:
        raise ValueError(f"arxiv_id cannot be {arxiv_id!r}")
    record |= {
        "categories": tuple(categories),
        "links": tuple(links),
        "provenance": tuple(provenance),
        "heading_paths": tuple(map(tuple, paths)),
    }
    return Paper(**record)


def _checked(value: object, fields: _Fields) -> dict[str, Any]:
    if not isinstance(value, dict) or value.keys() != fields.keys():
        raise ValueError(f"not an object with exactly the fields {', '.join(fields)}")
    for name, kind in fields.items():
        if not isinstance(value[name], kind):
            raise TypeError(f"{name} cannot be {value[name]!r}")
    return value

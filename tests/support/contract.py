"""Papers, questions and engines with which an index on a server is compared with its folder."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, ClassVar

import numpy as np
import pytest

from rftsearch import Engine, RftsearchError
from rftsearch.index.remote.client import forget_memory
from rftsearch.index.remote.publish import upload_generation
from rftsearch.papers.paper import ArxivMetadata, Link, Paper
from rftsearch.search.ranking.numeric import Parameters
from support.invented_papers import SUBJECTS, invented_paper
from support.qdrant_server import running

KINDS = ("memory", "path", "loopback", "server")
SERVER_VARIABLE = "RFTSEARCH_QDRANT_URL"
"""Address of a real server, `qdrant://host:6333`; its tests are skipped where it is not set."""
FEW_CANDIDATES = Parameters(candidates=15)
"""So few that a hundred papers are a large collection, of which engines propose some."""
CATEGORIES = list(SUBJECTS)
AUTHORS = ("Ada Lovelace", "Grace Hopper", "Wei Li", "Ludwig van Beethoven", "Ana Long")
VENUES = ("CVPR 2025", "ICML 2024", "Journal of Examples", None)
LONG = "group relative policy optimization (GRPO)"


class HashedWords:
    """An encoder without a model: each word has a direction of its own, drawn by its letters."""

    batch_size, dimension, name = 64, 48, "hashed words"
    fingerprint = hashlib.sha256(b"hashed words").hexdigest()
    stamps: ClassVar[dict[str, list[int]]] = {}

    def encode_documents(self, texts: Sequence[str]) -> np.ndarray:
        rows = [np.sum([_direction(word) for word in text.casefold().split()], 0) for text in texts]
        vectors = np.array(rows, np.float32).reshape(-1, self.dimension)
        return vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-6)

    encode_queries = encode_documents

    def exceeds_limit(self, texts: Sequence[str]) -> np.ndarray:
        return np.zeros(len(texts), np.bool_)


def _direction(word: str) -> np.ndarray:
    seed = int.from_bytes(hashlib.sha256(word.encode()).digest()[:8])
    return np.random.default_rng(seed).standard_normal(HashedWords.dimension)


def contract_paper(number: int) -> Paper:
    """A paper with everything that filters and look-ups ask for; some have twins that tie."""
    category = CATEGORIES[number % 4]
    month = f"20{20 + number % 6}-{1 + number % 12:02}"
    paper = invented_paper(number - number % 10 // 9, category, month=month)
    name = f"{category[:-1]}Net-{number}" if number % 3 else f"The {category} Study {number}"
    arxiv_id = f"{month[2:4]}{month[5:]}.{number:05d}"
    assert paper.metadata is not None
    abstract = paper.metadata.abstract
    abstract += f" It uses {LONG}." if number % 5 == 0 else " It needs GRPO." * (number % 7 == 0)
    paper = replace(
        paper,
        id=arxiv_id,
        arxiv_id=arxiv_id,
        short_name=name,
        title=f"{name}: {paper.title.rsplit(' ', 1)[0]}",
        released=month if number % 11 else None,
        generative=number % 4 == 0,
        venue=VENUES[number % 4],
        links=tuple(
            Link(kind, f"https://example.org/{kind}/{number}", kind.title())
            for at, kind in enumerate(("code", "model", "dataset"))
            if number >> at & 1
        ),
        metadata=ArxivMetadata(
            arxiv_id,
            f"{name}: {paper.title.rsplit(' ', 1)[0]}",
            abstract if number % 13 else "",
            authors=(AUTHORS[number % 5], AUTHORS[(number + 2) % 5]),
            published=f"{month}-01",
        ),
    )
    if number % 17 == 0:
        return replace(
            paper,
            id=f"tool-{number}",
            arxiv_id=None,
            kind="project",
            metadata=None,
            description="A toolbox for robots and video",
            listed_authors=(),
        )
    return paper


PAPERS = [contract_paper(number) for number in range(80)]

ASKED = (
    "robot grasp",
    "GRPO for video",
    "group relative policy optimization",
    '"speech voice"',
    "video without sound",
    "papers by Ada Lovelace",
    "Lovelace",
    "Grce Hopper",
    "van Beethoven 2024",
    "A. Lovelace on crowds",
    "video CVPR 2025",
    "datasets for audio since 2023",
    "newest papers on robots with code",
    "RobotNet-4",
    "RobotNet-44x",
    "rbotnet-4",
    "The Crowds Study 3",
    "like VideoNet-13 but for audio",
    PAPERS[3].title,
    PAPERS[10].title.upper(),
    f"{PAPERS[12].id} and {PAPERS[14].id}",
    "2599.99999",
    "zzyzx qwrt",
    "of the",
)
FILTERS: tuple[dict[str, Any], ...] = (
    {"categories": ["video"]},
    {"categories": ["Robots", "Audio"], "since": "2023"},
    {"since": "2022-03", "until": "2024"},
    {"has": ["code", "model"]},
    {"kind": "project"},
    {"generative": True},
    {"presents": "dataset"},
    {"until": "2024-06"},
    {"authors": "Ada Lovelacce", "generative": False},
    {"generative": False, "has": "dataset"},
    {"authors": "Wei Li"},
    {"authors": ["Ada Lovelace", "Wei Li"]},
    {"venue": ["ICML 2024", "CVPR"]},
    {"venue": "CVPR", "categories": "video", "until": "2024"},
)


@dataclass(frozen=True)
class Pair:
    """The same index in its folder and behind an address."""

    folder: Engine
    remote: Engine
    address: str

    def requests(self) -> int:
        """How many requests were sent so far about the papers."""
        return self.remote.read(lambda now: now.vectors._points.requests)

    def same(self, ask: Callable[[Engine], Any], what: object = "") -> Any:
        """Ask both, compare all of the answers or the errors, and return the answer."""
        first, second = _outcome(ask, self.folder), _outcome(ask, self.remote)
        assert second == first, what
        return first


def _outcome(ask: Callable[[Engine], Any], engine: Engine) -> Any:
    try:
        return ask(engine)
    except RftsearchError as error:
        return type(error), str(error)


@contextmanager
def published(kind: str, index: Path, place: Path) -> Iterator[str]:
    """Publish an index to an engine of some kind; yields its address."""
    if kind == "memory":
        name = hashlib.sha256(str(index).encode()).hexdigest()[:12]
        upload_generation(index, f"qdrant+memory:{name}")
        yield f"qdrant+memory:{name}"
        forget_memory(name)
    elif kind == "path":
        address = f"qdrant+path:{place / 'qdrant'}"
        upload_generation(index, address)
        yield address
    elif kind == "loopback":
        with running() as server:
            upload_generation(index, server.address())
            yield server.address()
    else:
        server_address = os.environ.get(SERVER_VARIABLE)
        if not server_address:
            pytest.skip(f"no server; {SERVER_VARIABLE} names one, such as qdrant://host:6333")
        address = f"{server_address.rstrip('/')}/rftsearch-contract"
        upload_generation(index, address, force=True)
        yield address


@contextmanager
def pair_of(index: Path, address: str, cache: Path, **options: Any) -> Iterator[Pair]:
    """Open an index in both places; small files are kept in `cache`."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CACHE_HOME", str(cache))
        remote = Engine.open(address, **options)
    with remote, Engine.open(index, **options) as folder:
        yield Pair(folder, remote, address)


def hits(results: Any) -> Any:
    """What must be equal of an answer."""
    return [(hit.paper, hit.score, hit.parts) for hit in results], results.notes


def searched(query: str, k: int = 10, **filters: Any) -> Callable[[Engine], Any]:
    """Return what asks an engine for the answer to a query."""

    def ask(engine: Engine) -> Any:
        found = engine.search(query, k, **filters)
        return *hits(found), found.understood

    return ask

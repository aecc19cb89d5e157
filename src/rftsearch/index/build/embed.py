"""Make vectors for the papers of a generation that have no vector yet."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from rftsearch.encoders.base import Encoder
from rftsearch.index.store.embeddings import document_hash
from rftsearch.index.store.store import Store
from rftsearch.papers.documents import Texts, texts_of
from rftsearch.types import Progress

__all__ = ["PORTION", "embed_members"]

PORTION = 10_000
"""Papers whose texts are held in memory, and ordered by length, together."""


def embed_members(
    store: Store,
    generation: int,
    model: int,
    reader: Callable[[int], Encoder],
    tell: Progress,
    *,
    after: int = 0,
) -> int:
    """Embed the texts and titles of a staged generation that have no vector.

    Args:
        store: Holds the papers, and keeps the vectors batch by batch.
        generation: Whose papers.
        model: The number of the model in the store.
        reader: Returns the encoder for a number of texts.
        tell: Called with "encode" and how many papers are done of those that lack a vector.
        after: Papers up to this integer id have theirs.

    Returns:
        How many documents were embedded; their titles come along uncounted.
    """
    total = store.count_unembedded(generation, model, after)
    done = encoded = 0
    for papers in store.unembedded(generation, model, PORTION, after):

        def share(of_texts: int, texts: int, done: int = done, here: int = len(papers)) -> None:
            tell("encode", done + here * of_texts // max(texts, 1), total)

        encoded += _encode(store, model, reader, [texts_of(paper) for paper in papers], share)
        done += len(papers)
    tell("encode", total, total)
    return encoded


def _encode(
    store: Store,
    model: int,
    reader: Callable[[int], Encoder],
    texts: Sequence[Texts],
    tell: Callable[[int, int], None],
) -> int:
    bodies = {document_hash(text.body): text.body for text in texts}
    keyed = bodies | {document_hash(text.title): text.title for text in texts}
    missing = store.embeddings.missing(model, list(keyed))
    encoder = reader(len(missing))
    # Longest first: texts of about one length come together, and memory peaks at once.
    todo = sorted(missing, key=lambda text_hash: (-len(keyed[text_hash]), text_hash))
    for start in range(0, len(todo), encoder.batch_size):
        tell(start, len(todo))
        portion = todo[start : start + encoder.batch_size]
        batch = [keyed[text_hash] for text_hash in portion]
        vectors = encoder.encode_documents(batch)
        store.embeddings.add(model, portion, vectors, encoder.exceeds_limit(batch))
    return len(missing & bodies.keys())

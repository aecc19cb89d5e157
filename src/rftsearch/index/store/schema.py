"""The tables of the store, as migrations that are applied in order."""

from __future__ import annotations

__all__ = ["APPLICATION_ID", "IDENTIFIED", "MIGRATIONS", "OLDEST_READABLE"]

APPLICATION_ID = 0x52465453
""""RFTS": tells our files from any other SQLite file."""

# Applied in order, each once, in one transaction; never edited after a release.
MIGRATIONS = (
    (
        "papers, embeddings, arXiv answers, generations",
        """
        CREATE TABLE papers (
            id INTEGER PRIMARY KEY AUTOINCREMENT,  -- never given out twice
            paper_id TEXT NOT NULL,
            record_hash BLOB NOT NULL,
            text_hash BLOB NOT NULL,
            title_hash BLOB NOT NULL,
            name_key TEXT NOT NULL,
            title_key TEXT NOT NULL,
            abstract_state TEXT NOT NULL,
            record TEXT NOT NULL,
            added INTEGER NOT NULL,
            removed INTEGER
        ) STRICT;
        CREATE INDEX papers_by_paper_id ON papers (paper_id);
        CREATE INDEX papers_by_name ON papers (name_key);
        CREATE INDEX papers_by_title ON papers (title_key);
        CREATE INDEX papers_by_text ON papers (text_hash);
        CREATE INDEX papers_by_title_text ON papers (title_hash);
        CREATE TABLE models (
            id INTEGER PRIMARY KEY,
            fingerprint TEXT NOT NULL UNIQUE,
            name TEXT NOT NULL
        ) STRICT;
        CREATE TABLE embeddings (
            model INTEGER NOT NULL REFERENCES models (id),
            text_hash BLOB NOT NULL,
            vector BLOB NOT NULL,                  -- float32, little-endian
            windowed INTEGER NOT NULL,            -- 1: longer than the model reads
            UNIQUE (model, text_hash)
        ) STRICT;
        CREATE TABLE arxiv (
            arxiv_id TEXT PRIMARY KEY,
            metadata TEXT,                         -- NULL: asked, and arXiv has no such id
            fetched TEXT NOT NULL
        ) STRICT;
        CREATE TABLE generations (
            number INTEGER PRIMARY KEY,
            description TEXT NOT NULL
        ) STRICT;
        """,
    ),
    (
        "what a generation added and removed",
        """
        CREATE INDEX papers_by_added ON papers (added);
        CREATE INDEX papers_by_removed ON papers (removed) WHERE removed IS NOT NULL;
        DROP INDEX papers_by_name;
        DROP INDEX papers_by_title;
        """,
    ),
    (
        "which index this is, what was published, and checksums",
        """
        CREATE TABLE identity (
            only_row INTEGER PRIMARY KEY CHECK (only_row = 1),
            index_id TEXT NOT NULL                 -- random; the manifest has it too
        ) STRICT;
        INSERT INTO identity VALUES (1, lower(hex(randomblob(16))));
        ALTER TABLE generations ADD COLUMN state INTEGER NOT NULL DEFAULT 0;
                                                   -- 0: staged, 1: about to be published,
                                                   -- 2: published
        ALTER TABLE generations ADD COLUMN papers INTEGER;
        ALTER TABLE generations ADD COLUMN digest BLOB;
                                                   -- over the rows of its papers
        ALTER TABLE papers ADD COLUMN checksum BLOB;
                                                   -- of the record with its line numbers
        ALTER TABLE embeddings ADD COLUMN checksum BLOB;
                                                   -- of model, text and vector; NULL: written
                                                   -- before there were checksums
        """,
    ),
)
OLDEST_READABLE = 2
"""A store after this migration can be read; the next build applies the others."""
IDENTIFIED = 3
"""From this migration on a store has an id, and states of its generations."""

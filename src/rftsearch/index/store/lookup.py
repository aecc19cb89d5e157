"""Find papers by what they have in common with others: title, DOI, address.

SQLite has an index of each of these. A store that was made before there were such indexes
gets them when something is first looked up.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from rftsearch.index.store.database import Database
from rftsearch.index.store.store import Store
from rftsearch.papers.paper import Paper
from rftsearch.papers.same_paper import signs_of
from rftsearch.text.terms import fold_name

__all__ = ["LOOKUPS", "Lookup"]

_RECORD = "CASE WHEN json_valid(record) THEN record END"
_DOI = f"lower({_RECORD} ->> '$.doi')"
_DOI_OF_METADATA = f"lower({_RECORD} ->> '$.metadata.doi')"
_ADDRESS = f"lower({_RECORD} ->> '$.url')"
_LISTED = f"{_RECORD} ->> '$.listed_title'"
_FORMS = ("{}", "https://doi.org/{}", "http://doi.org/{}", "doi:{}")
_ADDRESSES = (
    "https://doi.org/{}",
    "http://doi.org/{}",
    "https://dx.doi.org/{}",
    "http://dx.doi.org/{}",
)

LOOKUPS = f"""
    CREATE INDEX IF NOT EXISTS papers_alike_by_title ON papers (title_key) WHERE removed IS NULL;
    CREATE INDEX IF NOT EXISTS papers_alike_by_listed_title ON papers ({_LISTED}, id)
        WHERE removed IS NULL AND {_LISTED} IS NOT NULL;
    CREATE INDEX IF NOT EXISTS papers_alike_by_doi ON papers ({_DOI})
        WHERE removed IS NULL AND {_DOI} IS NOT NULL;
    CREATE INDEX IF NOT EXISTS papers_alike_by_metadata_doi ON papers ({_DOI_OF_METADATA})
        WHERE removed IS NULL AND {_DOI_OF_METADATA} IS NOT NULL;
    CREATE INDEX IF NOT EXISTS papers_alike_by_address ON papers ({_ADDRESS})
        WHERE removed IS NULL AND {_ADDRESS} LIKE '%doi.org/%';
"""
"""The indexes, of papers that no generation has removed."""


class Lookup:
    """Looks up papers of a store that is open for writing."""

    def __init__(self, database: Database, store: Store) -> None:
        """Read from an open database, and the records of its store."""
        self._database = database
        self._store = store
        self._listed: dict[str, list[int]] | None = None
        self._ready = False

    def prepare(self) -> None:
        """Make what is missing of the indexes."""
        with self._database.transaction() as connection:
            for statement in filter(str.strip, LOOKUPS.split(";")):
                connection.execute(statement)
        self._ready = True

    def staged(self, paper_ids: Sequence[str]) -> dict[str, Paper]:
        """Return the papers of some ids that the new generation has already."""
        query = (
            "SELECT id, record FROM papers WHERE removed IS NULL"
            " AND id IN (SELECT id FROM staged) AND paper_id IN ({})"
        )
        papers = self._store.parsed(list(self._database.select_in(query, paper_ids)))
        return {paper.id: paper for paper in papers.values()}

    def alike(self, papers: Sequence[Paper]) -> dict[str, tuple[int, Paper]]:
        """Return what may be the same papers: of one id, title or DOI.

        Returns:
            Integer ids and records by paper id, of papers that no generation has removed.
        """
        signs = [signs_of(paper) for paper in papers]
        ids = {paper.id for paper in papers} | {each.arxiv_id for each in signs if each.arxiv_id}
        ids |= {doi for each in signs for doi in each.dois}
        found = self._integer_ids(
            {title for each in signs for title in each.titles},
            {doi for each in signs for doi in each.dois},
        )
        live = self._store.live(sorted(ids))
        found -= {identifier for identifier, _ in live.values()}
        more = self._store.papers(sorted(found))
        return live | {paper.id: (identifier, paper) for identifier, paper in more.items()}

    def _integer_ids(self, titles: Iterable[str], dois: Iterable[str]) -> set[int]:
        """Return integer ids of papers with one of some titles or DOIs.

        Args:
            titles: As `fold_name` writes them.
            dois: As `normal_doi` writes them.
        """
        if not self._ready:
            self.prepare()
        titles, dois = list(titles), list(dois)
        found = set(self._where("title_key", "TRUE", titles))
        found |= {n for title in titles for n in self._by_listed_title().get(title, ())}
        forms = [form.format(doi) for doi in dois for form in _FORMS]
        for column in (_DOI, _DOI_OF_METADATA):
            found.update(self._where(column, f"{column} IS NOT NULL", forms))
        pages = [form.format(doi) for doi in dois for form in _ADDRESSES]
        found.update(self._where(_ADDRESS, f"{_ADDRESS} LIKE '%doi.org/%'", pages))
        return found

    def _where(self, column: str, condition: str, values: Sequence[str]) -> list[int]:
        query = (
            "SELECT id FROM papers WHERE removed IS NULL"  # noqa: S608 - constants
            f" AND {condition} AND {column} IN ({{}})"
        )
        return [row[0] for row in self._database.select_in(query, values)]

    def _by_listed_title(self) -> dict[str, list[int]]:
        """Return the papers whose title in a list is another than arXiv's: few, but folded here."""
        if self._listed is None:
            self._listed = {}
            rows = self._database.rows(
                f"SELECT {_LISTED}, id FROM papers WHERE removed IS NULL AND {_LISTED} IS NOT NULL"  # noqa: S608 - constants
            )
            for title, identifier in rows:
                self._listed.setdefault(fold_name(title), []).append(identifier)
        return self._listed

"""The columns of a table: which one has the titles."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from rftsearch.sources.markdown.styles.citations import cited_paper
from rftsearch.sources.markdown.styles.pieces import Piece, flat_text, split_lines
from rftsearch.sources.markdown.words.features import is_label, words_in

__all__ = ["Cell", "title_column"]


@dataclass(frozen=True, slots=True)
class Cell:
    """A part of a unit: a table's cell, or all of an item or paragraph."""

    pieces: tuple[Piece, ...]
    header: str = ""
    """What stands above it in a table, in lower case."""
    column: int = 0


_LINKED, _CITED = 4, 14
"""What a link, and a link to a paper, under the text of a cell counts, in words."""
_TITLE_HEADER = re.compile(
    r"\b(?:titles?|titre|t[ií]tulo)\b|标题|標題|题目|題目|论文名|タイトル|題名|제목"
)
_PAPER_HEADER = re.compile(
    r"\b(?:papers?|name|works?|methods?|models?|publication)\b|论文|論文|名称|논문"
)
_OTHER_HEADER = re.compile(
    r"\b(?:abstract|summary|introduction|intro|description|tl;?dr|authors?|affiliations?|date|"
    r"venue|year|time|month|conference|journal|code|links?|pdf|url|github|website|tags?|notes?|"
    r"keywords?|figure|image|overview|institut\w*|publish\w*|comments?|highlights?|tasks?|"
    r"features?|remarks?|category|type|project|demo|data ?sets?|contributions?|languages?|size|"
    r"scale|license|licence|num(?:ber)?|metrics?|modalit\w*|backbone|param\w*|stars?|domain|"
    r"organi[sz]ation|company|affiliation)\b"
    r"|作者|摘要|时间|代码|简介|机构|链接|連結|著者|リンク|年|저자|연도|링크|코드|날짜"
)


def title_column(rows: Sequence[Sequence[Cell]]) -> int | None:
    """Return the column of a table that has the titles: by its header, else by its texts."""
    scores: dict[int, float] = {}
    for row in rows:
        for cell in row:
            words = 0.0
            for line in split_lines(cell.pieces, soft=False)[:2]:
                text = flat_text(p for p in line if not (p.url and is_label(p.text)))
                words = max(words, 0.0 if is_label(text) else min(len(words_in(text)), 14))
            links = [p for p in cell.pieces if p.url and not p.is_badge and not is_label(p.text)]
            linked = _CITED if any(map(cited_paper, links)) else _LINKED * bool(links)
            scores[cell.column] = scores.get(cell.column, 0) + words + linked
    if not scores:
        return None
    headers = {cell.column: cell.header for row in rows for cell in row}
    for column, total in scores.items():
        scores[column] = total / len(rows)
        if _TITLE_HEADER.search(headers[column]):
            scores[column] += 30 * (scores[column] > 0)
        elif _PAPER_HEADER.search(headers[column]):
            scores[column] += 8 * (scores[column] >= 0.5)
        elif _OTHER_HEADER.search(headers[column]):
            scores[column] -= 20
    return max(scores, key=lambda column: (scores[column], -column))

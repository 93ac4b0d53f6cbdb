"""What of an article answers the query: marks in its headline, and the passage to show."""

from __future__ import annotations

from typing import TYPE_CHECKING

from diembao.article import BlockKind
from search_api.query import parse
from search_api.routes.cards import Marked

if TYPE_CHECKING:
    from diembao.article import Article

LENGTH = 240
"""Characters of a passage."""

_SHOWN = {
    BlockKind.LEAD,
    BlockKind.PARAGRAPH,
    BlockKind.CAPTION,
    BlockKind.ITEM,
    BlockKind.ROW,
    BlockKind.SUBHEAD,
}


class Excerpts:
    """The excerpts of one query."""

    def __init__(self, query: str) -> None:
        self._terms = parse(query).terms

    def of(self, article: Article) -> tuple[Marked, Marked]:
        """The headline and a passage, both marked."""
        raise NotImplementedError

"""What a query finds in one view of a Tantivy index."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tantivy import FieldType, Occur, Query

from search_api.index import paging
from search_api.index.columns import count, first, integers
from search_api.index.paging import Found
from search_api.index.results import Findings
from search_api.index.tallying import Tallies
from search_api.query.to_tantivy import Compiler

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tantivy import DocAddress, Schema, Searcher

    from search_api.index.base import SearchRequest
    from search_api.index.paging import Cursor
    from search_api.query.tree import Node


class Answering:
    """One view: everything in one answer is of the same commit."""

    def __init__(self, schema: Schema, searcher: Searcher) -> None:
        self.schema = schema
        self.searcher = searcher
        self.compiler = Compiler(schema, searcher)
        self.tallies = Tallies(searcher)

    def count(self) -> int:
        """Number of articles."""
        return count(self.searcher, self.compiler.everything())

    def versions(self, wanted: Sequence[int]) -> dict[int, int]:
        """Versions of those of the articles that are present."""
        if not wanted:
            return {}
        these = Query.term_set_query(self.schema, "id", list(wanted))
        query = Query.boolean_query([(Occur.Must, these), (Occur.Must, self.compiler.everything())])
        addresses = [address for _, address in self.searcher.search(query, len(wanted)).hits]
        numbers = integers(self.searcher, "id", addresses)
        return dict(zip(numbers, integers(self.searcher, "version", addresses), strict=True))

    def find(self, tree: Node, request: SearchRequest, cursor: Cursor, *, ranks: bool) -> Findings:
        """What a query finds within the filters and days of the request, best or newest first."""
        query = self.restricted(self.compiler.compile(tree), request)
        counting = self.tallies.begin(query, request)
        if ranks:
            total, found = self.ranked(query)
            is_all = True
        else:
            total, found, is_all = self.dated(query, cursor, request)
        tally = counting.result()
        stories = tally.stories if total > paging.WINDOW else self.stories(query, total, found)
        return Findings(total, found, is_all, stories, tally.counts)

    def restricted(self, query: Query, request: SearchRequest) -> Query:
        """The query within the filters and days of the request."""
        clauses = [(Occur.Must, query)]
        for occur, given in ((Occur.Must, request.filters), (Occur.MustNot, request.excluded)):
            for field, values in given.items():
                clauses += [(occur, self.compiler.keyword(field, value)) for value in values]
        if request.since or request.until:
            clauses.append((Occur.Must, self.compiler.days(request.since, request.until)))
        return Query.boolean_query(clauses) if len(clauses) > 1 else query

    def ranked(self, query: Query) -> tuple[int, list[Found]]:
        """The best hits; equal ones newest first."""
        hits, total = first(self.searcher, query, paging.RANKED)
        return total, sorted(self.found(hits), key=lambda hit: (-hit.score, -hit.order))

    def dated(
        self, query: Query, cursor: Cursor, request: SearchRequest
    ) -> tuple[int, list[Found], bool]:
        """The newest hits of the cursor's window, and whether they are all from there on."""
        length = paging.WINDOW if request.fold_stories else request.limit
        within = query
        if cursor.window is not None:
            before = Query.range_query(
                self.schema, "order", FieldType.Integer, None, cursor.window, include_upper=False
            )
            within = Query.boolean_query([(Occur.Must, query), (Occur.Must, before)])
        hits, left = first(self.searcher, within, length, order_by="order")
        total = left if within is query else count(self.searcher, query)
        return total, self.found([(0.0, address) for _, address in hits]), left <= length

    def stories(self, query: Query, total: int, found: Sequence[Found]) -> int:
        """How many stories the hits tell, these being some or all of them."""
        if len(found) == total:
            return len({hit.story for hit in found})
        hits, _ = first(self.searcher, query, total, order_by="order")
        return len(set(integers(self.searcher, "story", [address for _, address in hits])))

    def found(self, scored: Sequence[tuple[float, DocAddress]]) -> list[Found]:
        """Hits with what their pages need."""
        addresses = [address for _, address in scored]
        columns = [integers(self.searcher, name, addresses) for name in ("id", "story", "order")]
        return list(map(Found, *columns, [score for score, _ in scored]))

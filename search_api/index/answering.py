"""What a query finds in one view of a Tantivy index."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from tantivy import FieldType, Occur, Query

from search_api.index import paging
from search_api.index.columns import count, first, integers
from search_api.index.once import Once
from search_api.index.paging import Found
from search_api.index.results import Findings, counted
from search_api.index.schema import SHARES, article_of
from search_api.index.tallying import Tally, is_of_names, shares_of, tally
from search_api.query.to_tantivy import Compiler

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from tantivy import Schema, Searcher

    from search_api.index.base import SearchRequest
    from search_api.index.paging import Cursor
    from search_api.query.tree import Node


WINDOWS, TALLIES = 32, 200
"""Windows of hits, and counts, that a view keeps: pages of one search share them, and so does everyone
who opens the first page.
"""


class Window(NamedTuple):
    """Hits from which pages are made; `stories` is None where the tally has about so many."""

    total: int
    found: Sequence[Found]
    is_all: bool
    stories: int | None


class Answering:
    """One view: everything in one answer is of the same commit."""

    def __init__(self, schema: Schema, searcher: Searcher) -> None:
        self.schema = schema
        self.searcher = searcher
        self.compiler = Compiler(schema, searcher)
        self.windows: Once[Window] = Once(WINDOWS)
        self.tallies: Once[Tally] = Once(TALLIES)

    def count(self) -> int:
        """Number of articles."""
        return count(self.searcher, self.compiler.everything())

    def versions(self, wanted: Sequence[int]) -> dict[int, int]:
        """Versions of those of the articles that are present."""
        if not wanted:
            return {}
        hits, _ = first(self.searcher, self.articles(wanted), len(wanted))
        addresses = [address for _, address in hits]
        numbers = integers(self.searcher, "id", addresses)
        return dict(zip(numbers, integers(self.searcher, "version", addresses), strict=True))

    def find(self, tree: Node, request: SearchRequest, cursor: Cursor, *, ranks: bool) -> Findings:
        """What a query finds within the filters and days of the request, best or newest first."""
        query = self.restricted(self.compiler.compile(tree), request)
        asked = (
            request.query,
            *(tuple(sorted(given.items())) for given in (request.filters, request.excluded)),
            (request.since, request.until),
        )
        length = paging.WINDOW if request.fold_stories else request.limit
        finding = self.windows.begin(
            (asked, "best" if ranks else (length, cursor.window)),
            lambda: self.ranked(query) if ranks else self.dated(query, cursor.window, length),
        )
        wanted = counted(request)
        names = {name: what for name, what in wanted.items() if is_of_names(*what)}
        others = {name: what for name, what in wanted.items() if name not in names}
        counting = self.tallies.begin(
            (asked, tuple(others.items())), lambda: tally(self.searcher, query, others)
        )
        window = finding.result()
        counts: dict[str, Mapping[str, int]] = {}
        shares = shares_of(window.total)
        if names:
            naming = self.tallies.begin(
                (asked, tuple(names.items())),
                lambda: tally(self.searcher, self.within(query, window, shares), names, shares),
            )
            counts.update(naming.result().counts)
        told = counting.result()
        counts.update(told.counts)
        return Findings(
            window.total,
            window.found,
            window.is_all,
            stories=told.stories if window.stories is None else window.stories,
            counts=counts,
            estimated=tuple(names) if shares < SHARES else (),
        )

    def within(self, query: Query, window: Window, shares: int) -> Query:
        """The hits of the query in the first shares; if few they are known and not looked for again."""
        if shares < SHARES:
            dealt = Query.term_set_query(self.schema, "share", [str(n) for n in range(shares)])
            return Query.boolean_query([(Occur.Must, query), (Occur.Must, dealt)])
        if len(window.found) == window.total <= paging.RANKED:
            return self.articles([hit.article_id for hit in window.found])
        return query

    def articles(self, ids: Sequence[int]) -> Query:
        """Those of the articles that are present."""
        if not ids:
            return Query.empty_query()
        these = Query.term_set_query(self.schema, "id", list(ids))
        return Query.boolean_query([(Occur.Must, these), (Occur.Must, self.compiler.everything())])

    def restricted(self, query: Query, request: SearchRequest) -> Query:
        """The query within the filters and days of the request."""
        clauses = [(Occur.Must, query)]
        for occur, given in ((Occur.Must, request.filters), (Occur.MustNot, request.excluded)):
            for field, values in given.items():
                clauses += [(occur, self.compiler.keyword(field, value)) for value in values]
        if request.since or request.until:
            clauses.append((Occur.Must, self.compiler.days(request.since, request.until)))
        return Query.boolean_query(clauses) if len(clauses) > 1 else query

    def ranked(self, query: Query) -> Window:
        """The best hits; equal ones newest first."""
        hits, total = first(self.searcher, query, paging.RANKED)
        addresses = [address for _, address in hits]
        columns = [integers(self.searcher, name, addresses) for name in ("id", "story", "order")]
        found = list(map(Found, *columns, [score for score, _ in hits]))
        found.sort(key=lambda hit: (-hit.score, -hit.order))
        return Window(total, found, True, self.stories(query, total, found))

    def dated(self, query: Query, before: int | None, length: int) -> Window:
        """The newest hits, of those published before an `order` if one is given."""
        within = query
        if before is not None:
            earlier = Query.range_query(
                self.schema, "order", FieldType.Integer, None, before, include_upper=False
            )
            within = Query.boolean_query([(Occur.Must, query), (Occur.Must, earlier)])
        hits, left = first(self.searcher, within, length, order_by="order")
        total = left if within is query else count(self.searcher, query)
        stories = integers(self.searcher, "story", [address for _, address in hits])
        found = [
            Found(article_of(int(order)), story, int(order), 0.0)
            for (order, _), story in zip(hits, stories, strict=True)
        ]
        return Window(total, found, left <= length, self.stories(query, total, found))

    def stories(self, query: Query, total: int, found: Sequence[Found]) -> int | None:
        """How many stories the hits tell, these being some or all of them; None for too many hits."""
        if len(found) == total:
            return len({hit.story for hit in found})
        if total > paging.WINDOW:
            return None
        hits, _ = first(self.searcher, query, total, order_by="order")
        return len(set(integers(self.searcher, "story", [address for _, address in hits])))

"""Answers a request from one view of a Tantivy index."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tantivy import FieldType, Occur, Query

from diembao.errors import BadInputError
from search_api.index.base import FACETS, Bucket, FacetValue, SearchRequest, SearchResult
from search_api.index.columns import article_ids, count, first, integers
from search_api.index.document import KEYWORDS
from search_api.index.paging import (
    RANKED,
    WINDOW,
    Cursor,
    Found,
    fold,
    hits,
    page_by_date,
    page_by_relevance,
    read_cursor,
)
from search_api.query import parse
from search_api.query.calendar import keys_between
from search_api.query.to_tantivy import Compiler
from search_api.query.tree import wanted_texts

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from tantivy import DocAddress, Schema, Searcher

    from search_api.index.base import Interval
    from search_api.query.tree import Node

MOST_BUCKETS = 65_000
"""Values of a field that a count tells apart at most; a limit of the engine."""


class Answering:
    """One view: everything in one answer is of the same commit."""

    def __init__(self, schema: Schema, searcher: Searcher) -> None:
        self.schema = schema
        self.searcher = searcher
        self.compiler = Compiler(schema, searcher)

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

    def ids(self, tree: Node) -> set[int]:
        """All articles that a query finds."""
        return article_ids(self.searcher, self.compiler.compile(tree))

    def answer(self, request: SearchRequest) -> SearchResult:
        """Hits, facets, timeline."""
        if request.limit < 1:
            raise BadInputError("Số kết quả một trang phải từ 1 (a page has at least one hit).")
        parsed = parse(request.query)
        query = self.restricted(self.compiler.compile(parsed.tree), request)
        # without words there is nothing to rank by
        ranks = request.sort == "relevance" and any(wanted_texts(parsed.tree))
        cursor = read_cursor(request.cursor, "relevance" if ranks else "date")
        notices = parsed.notices
        if ranks:
            total, found = self.ranked(query)
            groups = fold(found, by_story=request.fold_stories)
            page, following = page_by_relevance(groups, cursor, request.limit)
            if following is None and total > RANKED:
                notices += (f"Chỉ {RANKED} bài hợp nhất được xếp hạng; xếp theo ngày để xem hết.",)
        else:
            total, found, is_all = self.dated(query, cursor, request)
            groups = fold(found, by_story=request.fold_stories)
            page, following = page_by_date(found, groups, cursor, request.limit, is_all=is_all)
        counts = self.counts(query, request)
        return SearchResult(
            hits=hits(page),
            total=total,
            facets={name: _facet(counts[name]) for name in request.facets},
            timeline=_timeline(counts, request.timeline),
            cursor=following,
            notices=notices,
            stories=self.stories(query, total, found),
            is_exact=total <= WINDOW,
        )

    def restricted(self, query: Query, request: SearchRequest) -> Query:
        """The query within the filters and days of the request."""
        clauses = [(Occur.Must, query)]
        for occur, given in ((Occur.Must, request.filters), (Occur.MustNot, request.excluded)):
            for field, values in given.items():
                _check(field, KEYWORDS)
                clauses += [(occur, self.compiler.keyword(field, value)) for value in values]
        if request.since or request.until:
            clauses.append((Occur.Must, self.compiler.days(request.since, request.until)))
        return Query.boolean_query(clauses) if len(clauses) > 1 else query

    def ranked(self, query: Query) -> tuple[int, list[Found]]:
        """The best hits; equal ones newest first."""
        hits, total = first(self.searcher, query, RANKED)
        return total, sorted(self.found(hits), key=lambda hit: (-hit.score, -hit.order))

    def dated(
        self, query: Query, cursor: Cursor, request: SearchRequest
    ) -> tuple[int, list[Found], bool]:
        """The newest hits of the cursor's window, and whether they are all from there on."""
        length = WINDOW if request.fold_stories else request.limit
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
        """How many stories the hits tell; an estimate where they are more than WINDOW."""
        if len(found) == total:
            return len({hit.story for hit in found})
        if total > WINDOW:
            return round(self.searcher.cardinality(query, "story"))
        hits, _ = first(self.searcher, query, total, order_by="order")
        return len(set(integers(self.searcher, "story", [address for _, address in hits])))

    def found(self, scored: Sequence[tuple[float, DocAddress]]) -> list[Found]:
        """Hits with what their pages need."""
        addresses = [address for _, address in scored]
        columns = [integers(self.searcher, name, addresses) for name in ("id", "story", "order")]
        return list(map(Found, *columns, [score for score, _ in scored]))

    def counts(self, query: Query, request: SearchRequest) -> Mapping[str, dict[str, int]]:
        """Over all hits: articles for each value of the facets and of the timeline's interval."""
        sizes = {}
        for name in request.facets:
            _check(name, FACETS)
            sizes[name] = request.facet_limit
        if request.timeline:
            sizes[f"by {request.timeline}"] = MOST_BUCKETS
        if not sizes:
            return {}
        wanted = {
            name: {
                "terms": {
                    "field": name.removeprefix("by "),
                    "size": size,
                    "segment_size": MOST_BUCKETS,  # all values of a segment, so that sums are exact
                }
            }
            for name, size in sizes.items()
        }
        answer = self.searcher.aggregate(query, wanted)
        return {
            name: {bucket["key"]: bucket["doc_count"] for bucket in answer[name]["buckets"]}
            for name in sizes
        }


def _check(field: str, known: Sequence[str]) -> None:
    if field not in known:
        raise BadInputError(
            f"Không có bộ lọc “{field}”; các bộ lọc là {', '.join(known)} (no such filter)."
        )


def _facet(counts: Mapping[str, int]) -> tuple[FacetValue, ...]:
    ranked = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    return tuple(FacetValue(value, count) for value, count in ranked)


def _timeline(
    counts: Mapping[str, dict[str, int]], interval: Interval | None
) -> tuple[Bucket, ...]:
    found = counts.get(f"by {interval}")
    if not found or not interval:
        return ()
    keys = keys_between(min(found), max(found), interval)
    return tuple(Bucket(key, found.get(key, 0)) for key in keys)

"""Numbers over all hits of a query: articles for each value of a facet or stretch of time, and stories.

Counting is most of the work of a search that finds much, and the same counts are asked again by every
page of its hits, and by everyone who opens the first page. So they are kept as long as the view is in
force: searches of one view that ask for the same are counted once. The engine lets go of Python's lock,
so counting goes on beside the ranking of hits.
"""

from __future__ import annotations

import os
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any, NamedTuple

from search_api.index.results import MOST_BUCKETS, counted

if TYPE_CHECKING:
    from collections.abc import Mapping
    from concurrent.futures import Future

    from tantivy import Query, Searcher

    from search_api.index.base import SearchRequest

FEW = 100
"""A request for at most so many values of a field is one for the most frequent ones."""

SURE = 250
"""Values that each segment gives then. A count can miss what its value has in a segment in which so
many others are more frequent; telling all of them apart takes five times as long.
"""

_COUNTING = ThreadPoolExecutor(os.cpu_count(), thread_name_prefix="counting")

KEPT = 200
"""Answers that are kept of one view."""


class Tally(NamedTuple):
    """`counts` by facet, and by `by INTERVAL` for the timeline; about so many `stories`."""

    counts: Mapping[str, Mapping[str, int]]
    stories: int


class Tallies:
    """What was counted in one view."""

    def __init__(self, searcher: Searcher) -> None:
        self._searcher = searcher
        self._known: dict[object, Future[Tally]] = {}
        self._guard = threading.Lock()

    def begin(self, query: Query, request: SearchRequest) -> Future[Tally]:
        """Count the hits of the request, of which `query` is the compiled form."""
        question = (
            request.query,
            *(tuple(sorted(given.items())) for given in (request.filters, request.excluded)),
            (request.since, request.until),
            (request.facets, request.facet_limit, request.timeline),
        )
        with self._guard:
            known = self._known.get(question)
            if known is None or (known.done() and known.exception()):
                known = self._known[question] = _COUNTING.submit(self._count, query, request)
                if len(self._known) > KEPT:
                    del self._known[next(iter(self._known))]
        return known

    def _count(self, query: Query, request: SearchRequest) -> Tally:
        wanted: dict[str, Any] = {
            name: {
                "terms": {
                    "field": field,
                    "size": size,
                    "segment_size": SURE if size <= FEW else MOST_BUCKETS,
                }
            }
            for name, (field, size) in counted(request).items()
        }
        told = {"told stories": {"cardinality": {"field": "story"}}}
        answer = self._searcher.aggregate(query, wanted | told)
        counts = {
            name: {bucket["key"]: bucket["doc_count"] for bucket in answer[name]["buckets"]}
            for name in wanted
        }
        return Tally(counts, round(answer["told stories"]["value"]))

"""Numbers over all hits of a query: articles for each value of a facet or stretch of time, and stories."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from search_api.index.results import MOST_BUCKETS, counted

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tantivy import Query, Searcher

    from search_api.index.base import SearchRequest

FEW = 25
"""A request for at most so many values of a field is one for the most frequent ones."""

SURE = 100
"""Values that each segment gives then. A count can miss what its value has in a segment in which so
many others are more frequent; looking the names of all of them up takes several times as long as
counting them.
"""


class Tally(NamedTuple):
    """`counts` by facet, and by `by INTERVAL` for the timeline; about so many `stories`."""

    counts: Mapping[str, Mapping[str, int]]
    stories: int


def tally(searcher: Searcher, query: Query, request: SearchRequest) -> Tally:
    """Count the hits of a query as the request wants it."""
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
    answer = searcher.aggregate(query, wanted | told)
    counts = {
        name: {bucket["key"]: bucket["doc_count"] for bucket in answer[name]["buckets"]}
        for name in wanted
    }
    return Tally(counts, round(answer["told stories"]["value"]))

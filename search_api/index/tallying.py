"""Numbers over the hits of a query: articles for each value of a facet or stretch of time, and stories.

Facets of names that stand in many articles, several in each, are most of the work of a search that
finds much. Above EXACT hits they are estimated from the articles of some of the SHARES, into which the
articles are dealt out by their numbers; all else is counted over all hits.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from search_api.index.results import MOST_BUCKETS
from search_api.index.schema import SHARES

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tantivy import Query, Searcher

NAMES = ("unit", "person", "place", "model")
"""Facets with more values than anything else."""

EXACT = 20_000
"""Hits of which names are counted; of more, about as many are."""

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


def is_of_names(field: str, size: int) -> bool:
    """Whether the most frequent values of such a facet are wanted."""
    return field in NAMES and size <= FEW


def shares_of(total: int) -> int:
    """How many of the SHARES tell enough of so many hits."""
    return SHARES if total <= EXACT else -(-SHARES * EXACT // total)


def tally(
    searcher: Searcher, query: Query, wanted: Mapping[str, tuple[str, int]], shares: int = SHARES
) -> Tally:
    """Count the hits of a query that lie in so many shares. `wanted`: name → field, values at most."""
    terms: dict[str, Any] = {
        name: {
            "terms": {
                "field": field,
                "size": size,
                "segment_size": SURE if size <= FEW else MOST_BUCKETS,
            }
        }
        for name, (field, size) in wanted.items()
    }
    told = {"told stories": {"cardinality": {"field": "story"}}}
    answer = searcher.aggregate(query, terms | told)
    counts = {
        name: {
            bucket["key"]: round(bucket["doc_count"] * SHARES / shares)
            for bucket in answer[name]["buckets"]
        }
        for name in wanted
    }
    return Tally(counts, round(answer["told stories"]["value"]))

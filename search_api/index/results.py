"""A request answered: the road that both engines share, from what was typed to a page of hits.

An engine gives a `View`, one state of its index, which finds; what a page is, how stories fold under
their first hit, and how counts are shown is decided here, once.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from diembao.errors import BadInputError
from search_api.index import paging
from search_api.index.base import FACETS, Bucket, FacetValue, SearchRequest, SearchResult
from search_api.index.document import KEYWORDS
from search_api.query import parse
from search_api.query.calendar import keys_between
from search_api.query.tree import wanted_texts

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from search_api.index.base import Interval
    from search_api.index.paging import Cursor, Found
    from search_api.query.tree import Node

MOST_BUCKETS = 65_000
"""Values of a field that a count tells apart at most; a limit of the embedded engine."""


@dataclass(frozen=True, slots=True)
class Findings:
    """What an engine found: `found` are the best RANKED hits, or those of the cursor's window by
    date, where `is_all` says that nothing lies behind it. `counts` are by facet, and by
    `by INTERVAL` for the timeline, over all hits; `stories` is how many the hits tell. Facets named
    in `estimated` have about so many.
    """

    total: int
    found: Sequence[Found]
    is_all: bool
    stories: int
    counts: Mapping[str, Mapping[str, int]]
    estimated: tuple[str, ...] = ()


class View(Protocol):
    """One state of an index."""

    def find(self, tree: Node, request: SearchRequest, cursor: Cursor, *, ranks: bool) -> Findings:
        """What a query finds within the filters and days of the request, best or newest first."""


def result(view: View, request: SearchRequest) -> SearchResult:
    """Hits, facets, timeline. Raises BadInputError with the place of the mistake."""
    _check(request)
    parsed = parse(request.query)
    # without words there is nothing to rank by
    ranks = request.sort == "relevance" and any(wanted_texts(parsed.tree))
    cursor = paging.read_cursor(request.cursor, "relevance" if ranks else "date")
    seen = view.find(parsed.tree, request, cursor, ranks=ranks)
    groups = paging.fold(seen.found, by_story=request.fold_stories)
    notices = parsed.notices
    if ranks:
        page, following = paging.page_by_relevance(groups, cursor, request.limit)
        if following is None and seen.total > paging.RANKED:
            notices += (
                f"Chỉ {paging.RANKED} bài hợp nhất được xếp hạng; xếp theo ngày để xem hết.",
            )
    else:
        page, following = paging.page_by_date(
            seen.found, groups, cursor, request.limit, is_all=seen.is_all
        )
    return SearchResult(
        hits=paging.hits(page),
        total=seen.total,
        facets={name: _facet(seen.counts[name]) for name in request.facets},
        timeline=_timeline(seen.counts, request.timeline),
        cursor=following,
        notices=notices,
        stories=seen.stories,
        is_exact=seen.total <= paging.WINDOW,
        estimated=seen.estimated,
    )


def counted(request: SearchRequest) -> dict[str, tuple[str, int]]:
    """What the request wants counted: name → field and number of values at most."""
    wanted = {name: (str(name), request.facet_limit) for name in request.facets}
    if request.timeline:
        wanted[f"by {request.timeline}"] = (request.timeline, MOST_BUCKETS)
    return wanted


def _check(request: SearchRequest) -> None:
    if request.limit < 1:
        raise BadInputError("Số kết quả một trang phải từ 1 (a page has at least one hit).")
    fields = ((name, KEYWORDS) for name in (*request.filters, *request.excluded))
    for field, known in (*fields, *((name, FACETS) for name in request.facets)):
        if field not in known:
            raise BadInputError(
                f"Không có bộ lọc “{field}”; các bộ lọc là {', '.join(known)} (no such filter)."
            )


def _facet(counts: Mapping[str, int]) -> tuple[FacetValue, ...]:
    ranked = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    return tuple(FacetValue(value, count) for value, count in ranked)


def _timeline(
    counts: Mapping[str, Mapping[str, int]], interval: Interval | None
) -> tuple[Bucket, ...]:
    found = counts.get(f"by {interval}")
    if not found or not interval:
        return ()
    keys = keys_between(min(found), max(found), interval)
    return tuple(Bucket(key, found.get(key, 0)) for key in keys)

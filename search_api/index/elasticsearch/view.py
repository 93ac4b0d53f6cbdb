"""What a query finds in the generation in force.

Words with marks and questions about one conferment are looked up first, each in one request; then
hits, counts and facets come from a single search.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from diembao.errors import BadInputError
from search_api.index import paging
from search_api.index.elasticsearch.mappings import ARTICLES, CONFERMENTS, FORMS
from search_api.index.paging import Found
from search_api.index.results import Findings, counted
from search_api.index.schema import ID_BITS
from search_api.query.to_elasticsearch import (
    Compiler,
    conferments,
    days,
    keyword,
    marked_words,
)

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from elasticsearch import Elasticsearch

    from search_api.index.base import SearchRequest
    from search_api.index.elasticsearch.aliases import Aliases
    from search_api.index.paging import Cursor
    from search_api.query.to_elasticsearch import Query
    from search_api.query.tree import Node

PAGE = 10_000
"""Values that one request brings at most, where all are wanted."""

MOST_REVISIONS = 1_000_000
"""Articles that a question about one conferment may lead to; the server takes no longer lists."""

OF_A_SHARD = 1_000
"""Values that each shard gives at least where fewer are asked for."""

SURE = 40_000
"""Stories up to which the server counts nearly exactly."""

NEWEST_FIRST = [{"order": "desc"}, {"story": "asc"}]
LAST = (1 << 63) - 1
_LOW = (1 << ID_BITS) - 1


class ElasticsearchView:
    """Implements `search_api.index.results.View`."""

    def __init__(self, client: Elasticsearch, aliases: Aliases) -> None:
        self.client = client
        self.aliases = aliases

    def find(self, tree: Node, request: SearchRequest, cursor: Cursor, *, ranks: bool) -> Findings:
        """What a query finds within the filters and days of the request, best or newest first."""
        query = self.restricted(tree, request)
        length = paging.WINDOW if request.fold_stories else request.limit
        body: dict[str, Any] = {
            "size": paging.RANKED if ranks else length + 1,
            "sort": [{"_score": "desc"}, *NEWEST_FIRST] if ranks else NEWEST_FIRST,
            "aggs": _aggregations(request),
            # ranks do not hang on which articles lie together in a shard
            "search_type": "dfs_query_then_fetch" if ranks else "query_then_fetch",
        }
        if not ranks and cursor.window is not None:
            body["search_after"] = [cursor.window, LAST]
        answer = self.search(ARTICLES, query=query, track_total_hits=True, **body)
        total = answer["hits"]["total"]["value"]
        found = [_found(values) for values in _rows(answer)]
        is_all = ranks or len(found) <= length
        found = found if ranks else found[:length]
        stories = self.stories(query, total, found, answer)
        return Findings(total, found, is_all, stories, _counts(answer, request))

    def restricted(self, tree: Node, request: SearchRequest) -> Query:
        """The query within the filters and days of the request."""
        within = [keyword(name, one) for name, given in request.filters.items() for one in given]
        without = [keyword(name, one) for name, given in request.excluded.items() for one in given]
        if request.since or request.until:
            within.append(days(request.since, request.until))
        query = self.compiled(tree)
        if not within and not without:
            return query
        return {"bool": {"must": [query], "filter": within, "must_not": without}}

    def compiled(self, tree: Node) -> Query:
        """The tree as a query, with all that it needs to know looked up."""
        vocabulary = self.vocabulary({word.folded for word in marked_words(tree)})
        inner = Compiler(vocabulary, is_conferment=True)
        revisions = {
            asked: self.revisions(inner.compile(asked.node)) for asked in conferments(tree)
        }
        return Compiler(vocabulary, revisions).compile(tree)

    def vocabulary(self, folded: set[str]) -> Mapping[str, Sequence[str]]:
        """The marked written forms of the words."""
        forms: dict[str, list[str]] = {word: [] for word in folded}
        if not folded:
            return forms
        begun = [{"prefix": {"form": f"{word}="}} for word in sorted(folded)]
        query = {"bool": {"should": begun}}
        answer = self.search(FORMS, query=query, size=PAGE, sort=[{"form": "asc"}])
        for (form,) in _rows(answer):
            forms[form.partition("=")[0]].append(form)
        return forms

    def revisions(self, query: Query) -> list[str]:
        """Revisions of all articles with a conferment that the query finds."""
        found: list[str] = []
        sources = [{"revision": {"terms": {"field": "revision"}}}]
        pages: dict[str, Any] = {"size": PAGE, "sources": sources}
        while True:
            aggregation = {"revisions": {"composite": pages}}
            answer = self.search(CONFERMENTS, query=query, size=0, aggs=aggregation)
            page = answer["aggregations"]["revisions"]
            found += [bucket["key"]["revision"] for bucket in page["buckets"]]
            if len(page["buckets"]) < PAGE:
                return found
            if len(found) > MOST_REVISIONS - PAGE:
                raise BadInputError(
                    f"conferment:(…) khớp hơn {MOST_REVISIONS - PAGE} bài; hãy hỏi hẹp hơn, như thêm "
                    "người nhận hay nơi khen (the question about a conferment is too broad)."
                )
            pages = pages | {"after": page["after_key"]}

    def stories(
        self, query: Query, total: int, found: Sequence[Found], answer: Mapping[str, Any]
    ) -> int:
        """How many stories the hits tell; an estimate where they are more than WINDOW."""
        if len(found) == total:
            return len({hit.story for hit in found})
        if total > paging.WINDOW:
            return int(answer["aggregations"]["stories"]["value"])
        every = self.search(ARTICLES, query=query, size=total, sort=NEWEST_FIRST)
        return len({story for _, story in _rows(every)})

    def search(self, collection: str, **body: Any) -> Any:
        """One search, of which only the sort values of hits come back."""
        return self.client.search(
            index=self.aliases.alias(collection),
            source=False,
            stored_fields="_none_",
            allow_partial_search_results=False,
            filter_path="hits.total,hits.hits.sort,aggregations",
            **body,
        )


def _rows(answer: Mapping[str, Any]) -> list[list[Any]]:
    """The sort values of the hits; the server says nothing where there are none."""
    return [hit["sort"] for hit in answer["hits"].get("hits", ())]


def _found(values: Sequence[Any]) -> Found:
    *scored, order, story = values
    return Found(order & _LOW, story, order, scored[0] if scored else 0.0)


def _aggregations(request: SearchRequest) -> dict[str, Any]:
    """Every shard gives many values, so that sums over shards are exact but for the rarest."""
    return {
        "stories": {"cardinality": {"field": "story", "precision_threshold": SURE}},
        **{
            name: {"terms": {"field": field, "size": size, "shard_size": max(size, OF_A_SHARD)}}
            for name, (field, size) in counted(request).items()
        },
    }


def _counts(answer: Mapping[str, Any], request: SearchRequest) -> dict[str, dict[str, int]]:
    return {
        name: {
            bucket["key"]: bucket["doc_count"] for bucket in answer["aggregations"][name]["buckets"]
        }
        for name in counted(request)
    }

"""The Elasticsearch engine. It connects when it is first used, so that a server that is down stops
neither the page nor a worker from starting.
"""

from __future__ import annotations

import re
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING

from diembao.errors import IndexUnavailableError
from search_api.index.elasticsearch.aliases import Aliases
from search_api.index.elasticsearch.connection import asking, connect
from search_api.index.elasticsearch.mappings import ARTICLES
from search_api.index.elasticsearch.rebuild import filling
from search_api.index.elasticsearch.view import ElasticsearchView
from search_api.index.elasticsearch.writing import Writing
from search_api.index.results import result
from search_api.index.suggesting import MOST, begin, suggestions

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from diembao.settings import Settings
    from search_api.index.base import SearchRequest, SearchResult, Suggestion, Taking
    from search_api.index.document import Document

GRACE = 10.0
"""Seconds for which a generation outlives its replacement, for the searches that are under way."""

LONGEST_PREFIX = 200
_SPECIAL = re.compile(r"[^\w\s]")


class ElasticsearchIndex:
    """Implements `search_api.index.base.SearchIndex`."""

    def __init__(self, settings: Settings, *, writable: bool = False) -> None:
        self.writable = writable
        self.client = connect(settings)
        self.aliases = Aliases(self.client, settings.index_prefix, settings.index_shards)
        self._writing = Writing(self.client, self.aliases)
        self._view = ElasticsearchView(self.client, self.aliases)
        self._is_ready = False

    def put(self, documents: Sequence[Document]) -> None:
        """Write documents durably; one with the same article id is replaced unless it is newer."""
        with self._writer() as writing:
            writing.put(documents)

    def delete(self, article_ids: Sequence[int]) -> None:
        """Take articles out."""
        with self._writer() as writing:
            writing.delete(article_ids)

    def clear(self) -> None:
        """Take everything out."""
        with self._writer(), self.rebuilding(grace=0):
            pass

    def count(self) -> int:
        """Number of articles in the index."""
        with self._reading():
            return int(self.client.count(index=self.aliases.alias(ARTICLES))["count"])

    def search(self, request: SearchRequest) -> SearchResult:
        """Answer a request. Raises BadInputError with the place of the mistake."""
        with self._reading():
            return result(self._view, request)

    def suggest(self, prefix: str, limit: int = 10) -> tuple[Suggestion, ...]:
        """Names of entities of which a word begins so, most frequent first; accents are free."""
        folded = begin(prefix)
        if not folded or len(folded) > LONGEST_PREFIX:
            return ()
        named = {"field": "names", "size": MOST, "include": _SPECIAL.sub(r"\\\g<0>", folded) + ".*"}
        with self._reading():
            answer = self._view.search(
                ARTICLES,
                query={"prefix": {"names": folded}},
                size=0,
                aggs={"names": {"terms": named}},
            )
        buckets = answer["aggregations"]["names"]["buckets"]
        return suggestions(((one["key"], one["doc_count"]) for one in buckets), limit)

    @contextmanager
    def rebuilding(self, grace: float | None = None) -> Iterator[Taking]:
        """A function that takes the documents of a new index, which replaces the present one at the
        end. Searches and writes go on meanwhile. The old one is kept for `grace` seconds more.
        """
        with asking(), filling(self.aliases, self._writing) as take:
            yield take
        time.sleep(GRACE if grace is None else grace)
        with asking():
            self.aliases.drop()

    @contextmanager
    def _reading(self) -> Iterator[None]:
        with asking():
            if not self._is_ready:
                self.aliases.in_force()
                self._is_ready = True
            yield

    @contextmanager
    def _writer(self) -> Iterator[Writing]:
        if not self.writable:
            raise IndexUnavailableError("Chỉ mục này được mở chỉ để đọc (opened for reading only).")
        with asking():
            yield self._writing

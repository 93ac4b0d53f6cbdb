"""Writes documents, each under the version of its article, so that an older write never wins.

The number of a write is twice the article's version, and one more than that where it comes from the
outbox: what a rebuild read from the archive earlier loses against it. While a generation is being
filled, every write goes to it too. Documents go in bulk; each is accepted or refused by itself.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from elasticsearch import NotFoundError
from elasticsearch.helpers import streaming_bulk

from diembao.errors import IndexUnavailableError, RefusedByIndexError
from search_api.index.elasticsearch.connection import LOCKED, PASSING, is_lock
from search_api.index.elasticsearch.mappings import (
    ARTICLES,
    CONFERMENTS,
    FORMS,
    article,
    conferment_id,
    conferments,
    forms,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from elasticsearch import Elasticsearch

    from search_api.index.document import Document
    from search_api.index.elasticsearch.aliases import Aliases

    Naming = Callable[[str], str]
    """From a collection to the alias through which it is written."""

CHUNK_BYTES = 8_000_000
"""Bytes of one bulk request at most."""

TOO_LARGE = 413
"""Answer to a request that is larger than the server takes; its documents come again one by one."""

RETRIES = 5
FIRST_REST = 0.2
"""Seconds before a document that met a full queue is sent again; doubled each time."""

MOST_KNOWN = 1_000_000
"""Written forms that are remembered as being there, so as not to be sent again."""

MOVES = 5
"""Times that the aliases may move under one write."""

Stored = dict[int, tuple[int, int]]
"""By article: version of the write, number of conferments."""


class Writing:
    """Writes into the collections of one prefix."""

    def __init__(self, client: Elasticsearch, aliases: Aliases) -> None:
        self.client = client
        self.aliases = aliases
        self._known: dict[str, set[str]] = {}

    def put(self, documents: Sequence[Document]) -> None:
        """Write durably and visibly. Raises RefusedByIndexError when all others are written."""
        if not documents:
            return
        newest: dict[int, Document] = {}
        for document in documents:
            rival = newest.get(document.article_id)
            if rival is None or document.version >= rival.version:
                newest[document.article_id] = document
        self._everywhere(lambda which, name: self._put(which, name, newest, is_live=True))

    def fill(self, which: str, documents: Sequence[Document]) -> dict[str, str]:
        """Write into the generation that is being filled; what is refused, with the causes."""
        if not documents:
            return {}
        by_id = {document.article_id: document for document in documents}
        return self._put(which, self.aliases.building, by_id, is_live=False)

    def delete(self, article_ids: Sequence[int]) -> None:
        """Take articles out."""
        known: Stored = {}
        if article_ids:
            self._everywhere(lambda _, name: self._delete(name, article_ids, known))

    def _everywhere(self, write: Callable[[str, Naming], dict[str, str]]) -> None:
        for _ in range(MOVES):
            present = self.aliases.in_force()
            assert present.current is not None
            self._known = {w: self._known[w] for w in present.all.values() if w in self._known}
            try:
                refused = write(present.all[present.current], self.aliases.alias)
                if present.building is not None:
                    refused |= write(present.all[present.building], self.aliases.building)
            except _MovedError:
                continue
            if refused:
                told = "; ".join(f"{key}: {cause}" for key, cause in sorted(refused.items()))
                raise RefusedByIndexError(
                    f"Elasticsearch không nhận tài liệu {told} (refused by Elasticsearch)."
                )
            return
        raise IndexUnavailableError(
            "Chỉ mục đang được thay; sẽ thử lại (the index is being replaced)."
        )

    def _put(
        self, which: str, name: Naming, documents: Mapping[int, Document], *, is_live: bool
    ) -> dict[str, str]:
        stored = self._stored(name(ARTICLES), list(documents))
        known = self._known.setdefault(which, set())
        if len(known) > MOST_KNOWN:
            known.clear()
        new = forms(documents.values()) - known
        operations: list[dict[str, Any]] = [
            {"_op_type": "create", "_index": name(FORMS), "_id": form, "_source": {"form": form}}
            for form in sorted(new)
        ]
        for document in documents.values():
            version = 2 * document.version + is_live
            before, rows = stored.get(document.article_id, (0, 0))
            if before <= version:
                operations += _operations(document, name, version, rows)
        refused = self._bulk(operations)
        if FORMS not in refused:
            known |= new
        if is_live and operations:
            self._show(name, *([FORMS] if new else []), CONFERMENTS, ARTICLES)
        return refused

    def _delete(self, name: Naming, article_ids: Sequence[int], known: Stored) -> dict[str, str]:
        # where a generation is filled, the tombstone must be there before the article comes
        known |= self._stored(name(ARTICLES), article_ids)
        refused = self._bulk(
            {"_op_type": "delete", "_index": name(collection), "_id": key, **_version(version)}
            for article_id, (version, rows) in known.items()
            for collection, key in (
                (ARTICLES, str(article_id)),
                *((CONFERMENTS, conferment_id(article_id, row)) for row in range(rows)),
            )
        )
        self._show(name, CONFERMENTS, ARTICLES)
        return refused

    def _show(self, name: Naming, *collections: str) -> None:
        """Let the next search see what was written."""
        try:
            self.client.indices.refresh(index=[name(collection) for collection in collections])
        except NotFoundError as error:
            raise _MovedError from error

    def _stored(self, index: str, article_ids: Sequence[int]) -> Stored:
        """What is there of those articles, visible or not."""
        try:
            answer = self.client.mget(
                index=index, ids=[str(one) for one in article_ids], source_includes="conferments"
            )
        except NotFoundError as error:
            raise _MovedError from error
        if any("error" in doc for doc in answer["docs"]):
            raise _MovedError
        return {
            int(doc["_id"]): (doc["_version"], doc["_source"]["conferments"])
            for doc in answer["docs"]
            if doc["found"]
        }

    def _bulk(self, operations: Iterable[dict[str, Any]]) -> dict[str, str]:
        """The articles that were refused, with the causes."""
        refused: dict[str, str] = {}
        for key, status, error in self._failures(operations):
            if status == 409 or (status == 404 and not error):
                continue  # something newer is there; or nothing was
            kind, reason = error.get("type", ""), error.get("reason", "")
            if kind == "index_not_found_exception":
                raise _MovedError
            if is_lock(reason):
                raise IndexUnavailableError(LOCKED.format(cause=reason))
            if status in PASSING:
                raise IndexUnavailableError(
                    f"Elasticsearch đang quá tải ({kind}: {reason}); sẽ thử lại (busy)."
                )
            cause = error.get("caused_by", {}).get("reason") or reason
            article_id = key.partition("-")[0]
            refused[article_id if article_id.isdecimal() else FORMS] = f"{kind} {cause}"[:600]
        return refused

    def _failures(
        self, operations: Iterable[dict[str, Any]]
    ) -> Iterator[tuple[str, int, dict[str, Any]]]:
        """Identifier, status and error of each operation that was not done."""
        done = streaming_bulk(
            self.client,
            operations,
            max_chunk_bytes=CHUNK_BYTES,
            raise_on_error=False,
            max_retries=RETRIES,
            initial_backoff=FIRST_REST,
            retry_on_status=PASSING,
            ignore_status=TOO_LARGE,
            require_alias=True,
        )
        for is_done, item in done:
            if not is_done:
                (outcome,) = item.values()
                error = outcome.get("error") or {}
                # of a whole request that is refused there is but a sentence
                about = {"reason": error} if isinstance(error, str) else error
                yield outcome["_id"], outcome["status"], about


class _MovedError(Exception):
    """An alias is not where it was; look again."""


def _operations(
    document: Document, name: Naming, version: int, rows: int
) -> Iterator[dict[str, Any]]:
    """The article with its conferments; those that it had beyond them go."""
    numbered = _version(version)
    for key, source in conferments(document):
        yield {"_index": name(CONFERMENTS), "_id": key, "_source": source, **numbered}
    for row in range(len(document.conferments), rows):
        key = conferment_id(document.article_id, row)
        yield {"_op_type": "delete", "_index": name(CONFERMENTS), "_id": key, **numbered}
    source, key = article(document), str(document.article_id)
    yield {"_index": name(ARTICLES), "_id": key, "_source": source, **numbered}


def _version(number: int) -> dict[str, Any]:
    return {"version": number, "version_type": "external_gte"}

"""The search index: a projection of the archive, which `diembao reindex` can rebuild."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from contextlib import AbstractContextManager

    from diembao.settings import Settings
    from search_api.index.base import SearchIndex, Taking


def open_index(settings: Settings, *, writable: bool = False) -> SearchIndex:
    """The engine that the settings name. Raises IndexUnavailableError if it must be rebuilt."""
    if settings.index:
        from search_api.index.elasticsearch import ElasticsearchIndex

        return ElasticsearchIndex(settings, writable=writable)
    from search_api.index.embedded import EmbeddedIndex

    return EmbeddedIndex(settings.index_path, writable=writable)


def rebuilding(settings: Settings) -> AbstractContextManager[Taking]:
    """A new index beside the present one: takes documents, and is in force when the context ends."""
    if settings.index:
        from search_api.index.elasticsearch import ElasticsearchIndex

        return ElasticsearchIndex(settings, writable=True).rebuilding()
    from search_api.index import embedded

    return embedded.rebuilding(settings.index_path)

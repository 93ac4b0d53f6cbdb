"""The search index: a projection of the archive, which `diembao reindex` can rebuild."""

from __future__ import annotations

from typing import TYPE_CHECKING

from diembao.errors import BadInputError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from contextlib import AbstractContextManager

    from diembao.settings import Settings
    from search_api.index.base import SearchIndex
    from search_api.index.document import Document


def open_index(settings: Settings, *, writable: bool = False) -> SearchIndex:
    """The engine that the settings name. Raises IndexUnavailableError if it must be rebuilt."""
    from search_api.index.embedded import EmbeddedIndex

    _refuse_elasticsearch(settings)
    return EmbeddedIndex(settings.index_path, writable=writable)


def rebuilding(settings: Settings) -> AbstractContextManager[Callable[[Sequence[Document]], None]]:
    """A new index beside the present one: takes documents, and is in force when the context ends."""
    from search_api.index import embedded

    _refuse_elasticsearch(settings)
    return embedded.rebuilding(settings.index_path)


def _refuse_elasticsearch(settings: Settings) -> None:
    if settings.index:
        raise BadInputError(
            "DIEMBAO_INDEX trỏ tới Elasticsearch, chưa có trong phiên bản này; hãy bỏ trống để dùng "
            "chỉ mục nhúng (Elasticsearch is not in this version; unset DIEMBAO_INDEX)."
        )

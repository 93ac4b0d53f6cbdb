"""Fills a new generation beside the one in force.

One rebuild at a time: the generation that is being filled carries a heartbeat, and one whose
heartbeat stopped is dropped by the next rebuild. Workers write to both generations meanwhile. A
document that the server refuses is told and left out.
"""

from __future__ import annotations

import logging
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING

from diembao.errors import IndexUnavailableError
from search_api.index.elasticsearch.mappings import ARTICLES, COLLECTIONS

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from search_api.index.base import Taking
    from search_api.index.document import Document
    from search_api.index.elasticsearch.aliases import Aliases
    from search_api.index.elasticsearch.writing import Writing

log = logging.getLogger("diembao.index")

BEAT = 10.0
"""Seconds between two heartbeats."""

DEAD = 120.0
"""Seconds without one after which a rebuild counts as dead."""


@contextmanager
def filling(aliases: Aliases, writing: Writing) -> Iterator[Taking]:
    """A function that takes documents; what it took is in force when the context ends."""
    number = _begin(aliases)
    heart = _Heart(aliases, number)
    which = aliases.present().all[number]

    def take(documents: Sequence[Document]) -> list[int]:
        heart.beat()
        refused = writing.fill(which, documents)
        for key, cause in refused.items():
            log.warning(
                "bài %s không vào được chỉ mục (article %s not indexed): %s", key, key, cause
            )
        return [
            document.article_id for document in documents if str(document.article_id) in refused
        ]

    try:
        heart.beat()
        yield take
    except BaseException:
        _discard(aliases, number)
        raise
    aliases.put_in_force(number)


def _begin(aliases: Aliases) -> int:
    present = aliases.present()
    if present.building is not None:
        silent = time.time() - _last_beat(aliases, present.building)
        if silent < DEAD:
            raise _busy(DEAD - silent)
        _discard(aliases, present.building)
    number = max(present.all, default=0) + 1
    if not aliases.create(number, filled=True):
        raise _busy(DEAD)
    return number


def _discard(aliases: Aliases, number: int) -> None:
    names = [aliases.index(collection, number) for collection in COLLECTIONS]
    aliases.client.indices.delete(index=names, ignore_unavailable=True)


def _busy(seconds: float) -> IndexUnavailableError:
    return IndexUnavailableError(
        "Một tiến trình khác đang ghi chỉ mục mới; hãy đợi nó xong, hoặc nếu nó đã chết thì thử lại sau "
        f"{seconds:.0f} giây (another process is rebuilding the index)."
    )


def _last_beat(aliases: Aliases, number: int) -> float:
    index = aliases.index(ARTICLES, number)
    answer = aliases.client.indices.get_mapping(index=index)
    return float(answer[index]["mappings"].get("_meta", {}).get("beat", 0.0))


class _Heart:
    def __init__(self, aliases: Aliases, number: int) -> None:
        self.aliases = aliases
        self.index = aliases.index(ARTICLES, number)
        self.last = float("-inf")

    def beat(self) -> None:
        if time.monotonic() - self.last >= BEAT:
            self.aliases.client.indices.put_mapping(index=self.index, meta={"beat": time.time()})
            self.last = time.monotonic()

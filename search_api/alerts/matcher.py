"""Which saved searches a batch of articles matches.

The batch becomes a small index in memory (`batch`), of the same documents as the search page's and
asked in the same query language, and only those searches are run on it whose required terms it holds
(`prefilter`). Searches carry no clock, so each is read and filed once, and kept from batch to batch
for as long as the searches stay as they are.
"""

from __future__ import annotations

import logging
from functools import lru_cache
from typing import TYPE_CHECKING

from diembao.errors import BadInputError
from search_api.alerts.batch import Batch
from search_api.alerts.prefilter import Prefilter

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from search_api.alerts.asking import Asked
    from search_api.index.document import Document
    from search_api.query.tree import Node

log = logging.getLogger("diembao.alerts")


def match(documents: Sequence[Document], searches: Mapping[int, Asked]) -> dict[int, set[int]]:
    """For each saved search that matches anything, the articles it matches.

    A saved search that is no longer understood matches nothing and is logged.
    """
    if not documents or not searches:
        return {}
    batch = Batch(documents)
    filed = _filed(tuple(searches.items()))
    found = {number: batch.ids(filed.trees[number]) for number in filed.prefilter.candidates(batch)}
    return {number: ids for number, ids in found.items() if ids}


class _Filed:
    """Searches, read and filed."""

    def __init__(self, searches: Sequence[tuple[int, Asked]]) -> None:
        self.trees: dict[int, Node] = {}
        for number, asked in searches:
            try:
                self.trees[number] = asked.tree()
            except BadInputError as error:
                log.warning(
                    "theo dõi %s: câu tìm hỏng (subscription %s, bad query): %s",
                    number,
                    number,
                    error,
                )
        self.prefilter = Prefilter(self.trees)


@lru_cache(maxsize=2)
def _filed(searches: tuple[tuple[int, Asked], ...]) -> _Filed:
    return _Filed(searches)

"""Numbers about hits, read from the engine's columns."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tantivy import DocAddress, Query, Searcher


def integers(searcher: Searcher, name: str, addresses: Sequence[DocAddress]) -> list[int]:
    """The column's value of each row; every row has one."""
    values: list[Any] = searcher.fast_field_values(name, list(addresses))
    return values


def count(searcher: Searcher, query: Query) -> int:
    """Number of rows that the query finds."""
    result: Any = searcher.search(query, 1)
    return int(result.count)


def article_ids(searcher: Searcher, query: Query) -> set[int]:
    """The articles of all rows that the query finds."""
    result = searcher.search(query, max(1, count(searcher, query)), count=False)
    return set(integers(searcher, "id", [address for _, address in result.hits]))

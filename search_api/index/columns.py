"""Rows that a query finds, and numbers about them from the engine's columns."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tantivy import Query

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tantivy import DocAddress, Searcher


def first(
    searcher: Searcher, query: Query, limit: int, order_by: str | None = None
) -> tuple[list[tuple[float, DocAddress]], int]:
    """The first rows, by score or by a column downwards, each with its score or that column's value;
    and the number of all rows.
    """
    result: Any = searcher.search(query, limit, order_by_field=order_by)
    return result.hits, int(result.count)


def count(searcher: Searcher, query: Query) -> int:
    """Number of rows that the query finds."""
    # without scores, which cost more than finding
    return first(searcher, Query.const_score_query(query, 0.0), 1)[1]


def integers(searcher: Searcher, name: str, addresses: Sequence[DocAddress]) -> list[int]:
    """The column's value of each row; every row has one."""
    values: list[Any] = searcher.fast_field_values(name, list(addresses))
    return values


def article_ids(searcher: Searcher, query: Query) -> set[int]:
    """The articles of all rows that the query finds."""
    hits, _ = first(searcher, query, max(1, count(searcher, query)))
    return set(integers(searcher, "id", [address for _, address in hits]))

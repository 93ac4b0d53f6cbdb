"""What a subscription asks for: a query within the filters of the search page.

A filter is `FIELD:VALUE`, or `-FIELD:VALUE` for what must not be. Entities are asked for by an
identifier, which may lead to another one by now (`brought_up`). A month, like any period, lies in the
past when it is followed: nothing new would ever come, so it cannot be a filter of a subscription.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple, TypeVar

from diembao.archive import registers
from diembao.errors import BadInputError
from diembao.records import Label
from search_api.index.base import FACETS, SearchRequest
from search_api.query import parse
from search_api.query.selective import is_selective
from search_api.query.tree import And, Everything, Keyword, Not

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from typing import Any

    from sqlalchemy import Connection

    from diembao.archive.alerts import Rule, Subscription
    from search_api.query.tree import Node

FILTERS = tuple(field for field in FACETS if field != "month")
"""Fields that can be filtered by."""

MOST = 50
"""Filters of one subscription."""

NOT = "-"

Saved = TypeVar("Saved", "Rule", "Subscription")


class Asked(NamedTuple):
    """A query within filters; without either it asks for everything."""

    query: str = ""
    filters: tuple[str, ...] = ()

    def within(self, filter_: str) -> Asked:
        """The same within one more filter."""
        return Asked(self.query, (*self.filters, filter_))

    @property
    def is_everything(self) -> bool:
        """Whether nothing is asked for in particular."""
        return not (self.query.strip() or self.filters)

    def tree(self) -> Node:
        """Query and filters as one tree. Raises BadInputError."""
        said = parse(self.query).tree if self.query.strip() else Everything()
        if not self.filters:
            return said
        return And((*(_node(one) for one in self.filters), said))

    def request(self, **more: Any) -> SearchRequest:
        """The search that finds the same."""
        filters: dict[str, tuple[str, ...]] = {}
        excluded: dict[str, tuple[str, ...]] = {}
        for one in self.filters:
            kept = excluded if one.startswith(NOT) else filters
            field, _, value = one.removeprefix(NOT).partition(":")
            kept[field] = (*kept.get(field, ()), value)
        return SearchRequest(self.query, filters, excluded, **more)

    def check(self) -> None:
        """Raises BadInputError with the reason if this cannot be saved."""
        self.check_filters()
        if not is_selective(self.tree()):
            raise BadInputError(
                "Câu theo dõi phải có ít nhất một từ mang nghĩa, tên, bộ lọc hoặc cấp khen thưởng mà mọi "
                "bài tìm thấy đều có; câu trống, chỉ có từ như “và”, “của”, chỉ có ngày hoặc chỉ có điều "
                "kiện loại trừ sẽ khớp gần như mọi bài (the rule would match nearly everything)."
            )

    def check_filters(self) -> None:
        """Raises BadInputError if one of the filters cannot be followed."""
        for one in self.filters:
            if field_of(one) == "month":
                raise BadInputError(
                    f"Không theo dõi được bộ lọc “{one}” vì một tháng cố định không còn tin mới; hãy bỏ nó "
                    "đi (a fixed month gets no new articles)."
                )
            if field_of(one) not in FILTERS or not _value(one):
                raise BadInputError(
                    f"Không theo dõi được bộ lọc “{one}”; các bộ lọc theo dõi được là "
                    f"{', '.join(FILTERS)}, viết như source:thudo (this filter cannot be followed)."
                )
        if len(self.filters) > MOST:
            raise BadInputError(f"Một mục theo dõi chỉ có tối đa {MOST} bộ lọc; hãy bỏ bớt.")


def signed(filters: Iterable[str], excluded: Iterable[str]) -> tuple[str, ...]:
    """The filters of a search as those of a subscription."""
    return tuple(dict.fromkeys([*filters, *(NOT + one for one in excluded)]))


def field_of(filter_: str) -> str:
    """The field of a filter."""
    return filter_.removeprefix(NOT).partition(":")[0]


def asked_by(saved: Rule | Subscription) -> Asked:
    """What a saved one asks for."""
    return Asked(saved.query, saved.filters)


def brought_up(connection: Connection, saved: Sequence[Saved]) -> list[Saved]:
    """The same, with the identifiers that their entities have now."""
    named = {pair for one in saved for pair in one.filters if field_of(pair) in _ENTITIES}
    now = registers.present_ids(connection, map(_value, named)) if named else {}

    def present(pair: str) -> str:
        field, _, value = pair.partition(":")
        return f"{field}:{now.get(value, value)}" if pair in named else pair

    return [
        replace(one, filters=tuple(map(present, one.filters))) if one.filters else one
        for one in saved
    ]


_ENTITIES = frozenset(label.lower() for label in Label)


def _value(filter_: str) -> str:
    return filter_.partition(":")[2]


def _node(filter_: str) -> Node:
    node = Keyword(field_of(filter_), _value(filter_))
    return Not(node) if filter_.startswith(NOT) else node

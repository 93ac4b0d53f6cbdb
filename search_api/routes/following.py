"""A search as the query of a subscription: its facet filters become terms of the query.

Sources, entities, levels of awards and provinces have a field in the query language. A period lies in the past
and a newspaper's level has no field; a search with one of these is not followed.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from search_api.query import parse

if TYPE_CHECKING:
    from collections.abc import Mapping

    from search_api.routes.state import SearchParams

FIELDS = {
    "source": "source", "province": "province", "award_level": "level", "unit": "unit", "person": "person",
    "award": "award", "model": "model", "movement": "movement", "place": "place",
}  # fmt: skip
"""Facets and the field of the query language that asks for the same."""

BY_VALUE = frozenset({"source", "province", "award_level"})
"""Asked for by their value; the others, which are entities, by their name."""


@dataclass(frozen=True, slots=True)
class Followed:
    """The query to be saved, empty where there is none; `left_out` are titles of what hinders it."""

    query: str
    left_out: tuple[str, ...] = ()


def followed(
    params: SearchParams, names: Mapping[str, str], titles: Mapping[str, str], period: str
) -> Followed:
    """The search as a query. `names` by `FIELD:VALUE`, `titles` by facet, `period` is its title."""
    fields = [pair.partition(":")[0] for pair in (*params.filter, *params.exclude)]
    left_out = [titles[field] for field in fields if field not in FIELDS]
    if params.since or params.until:
        left_out.append(period)
    if left_out:
        return Followed("", tuple(dict.fromkeys(left_out)))
    terms = [_term(pair, names) for pair in params.filter]
    terms += [f"NOT {_term(pair, names)}" for pair in params.exclude]
    typed = params.q.strip()
    if not terms:
        return Followed(typed)
    # words that hold no syntax stay words within brackets
    query = " AND ".join([f"({typed})", *terms] if typed else terms)
    return Followed(query) if not parse(query).notices else Followed("", ())


def _term(pair: str, names: Mapping[str, str]) -> str:
    field, _, value = pair.partition(":")
    wanted = value if field in BY_VALUE else names[pair]
    return f'{FIELDS[field]}:"{wanted.translate(_QUOTES).strip()}"'


_QUOTES = str.maketrans(dict.fromkeys('"“”„‟«»', " "))

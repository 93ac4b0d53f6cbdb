"""Facets of an answer: each value with its printed name, its count and whether it is chosen."""

from collections.abc import Mapping
from typing import Literal

from pydantic import BaseModel
from sqlalchemy import Connection

from diembao.archive import registers, sources
from diembao.archived import Entity
from diembao.errors import BadInputError
from diembao.vietnamese.provinces import province_name
from search_api.index.base import FACETS, SearchResult
from search_api.page.texts import Language, word
from search_api.routes.state import SearchParams
from search_api.routes.timeline import label_of

ENTITY_FACETS = frozenset({"unit", "person", "award", "model", "movement", "place"})
SHOWN = (
    "source",
    "unit",
    "person",
    "award",
    "award_level",
    "model",
    "movement",
    "place",
    "month",
    "source_level",
    "source_province",
    "province",
)
"""The order in which the page shows them."""


class FacetItem(BaseModel):
    """A value of a facet. `state`: chosen (`on`), excluded (`not`) or free."""

    value: str
    name: str
    count: int
    state: Literal["on", "not", "free"]


class Facet(BaseModel):
    """A facet with values of the articles found, most frequent first; months latest first.

    Where `is_estimate` the counts are estimated from a part of very many articles.
    """

    field: str
    title: str
    is_estimate: bool
    items: list[FacetItem]


def names_of(
    connection: Connection, values: dict[str, set[str]], language: Language
) -> dict[tuple[str, str], str]:
    """The printed names of values, by field and value."""
    ids = sorted(set().union(*(values[field] for field in ENTITY_FACETS & values.keys())))
    entities = registers.entity_names(connection, ids)
    titles = {
        name: source.title
        for name in values.get("source", ())
        if (source := sources.get(connection, name)) is not None
    }
    return {
        (field, value): _name(field, value, entities, titles, language)
        for field, found in values.items()
        for value in found
    }


def _name(
    field: str,
    value: str,
    entities: Mapping[str, Entity],
    titles: dict[str, str],
    language: Language,
) -> str:
    if field in ENTITY_FACETS:
        return entities[value].name if value in entities else value
    if field == "source":
        return titles.get(value, value)
    try:
        if field == "month":
            return label_of(value)
        if field in ("province", "source_province"):
            return province_name(value)
        return word(language, f"{field}.{value}")
    except (KeyError, ValueError, BadInputError):
        return value


def _ordered(field: str, counts: dict[str, int]) -> list[str]:
    """Months latest first; others as the index gives them, most frequent first."""
    return sorted(counts, reverse=True) if field == "month" else list(counts)


def facets(
    connection: Connection, params: SearchParams, result: SearchResult, language: Language
) -> list[Facet]:
    """All facets; chosen and excluded values come first, also where nothing is left of them."""
    chosen: dict[str, dict[str, Literal["on", "not"]]] = {field: {} for field in FACETS}
    for pairs, state in ((params.filter, "on"), (params.exclude, "not")):
        for pair in pairs:
            field, _, value = pair.partition(":")
            chosen[field][value] = "on" if state == "on" else "not"
    found = {
        field: {one.value: one.count for one in result.facets.get(field, ())} for field in FACETS
    }
    values = {field: found[field].keys() | chosen[field].keys() for field in FACETS}
    names = names_of(connection, values, language)
    return [
        Facet(
            field=field,
            title=word(language, f"facet.{field}"),
            is_estimate=field in result.estimated,
            items=[
                FacetItem(
                    value=value,
                    name=names[field, value],
                    count=found[field].get(value, 0),
                    state=chosen[field].get(value, "free"),
                )
                for value in dict.fromkeys([*chosen[field], *_ordered(field, found[field])])
            ],
        )
        for field in SHOWN
    ]

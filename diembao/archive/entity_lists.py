"""The registers of units, people and models: entities in order, page by page, with their total.

The rules of `diembao.archive.registers` hold. With days, only articles of those days count.
"""

from __future__ import annotations

import operator
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, Literal

from sqlalchemy import and_, func, or_, select

from diembao.archive.registers import Listing, entity_of, having_words, in_days, read_cursor
from diembao.archive.schema import articles, entities, extractions, mentions
from diembao.records import Extraction, Label

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import date

    from sqlalchemy import ColumnElement, Connection

    from diembao.archived import Entity

READ_FOR_DETAIL = 20
"""Latest mentions of a person or model in which its role or owner is looked for."""

Order = Literal["articles", "name", "first", "last"]
"""Most articles, name, first told of latest, last told of latest."""


@dataclass(frozen=True, slots=True)
class EntityRow:
    """A unit, person or model. `detail` is a person's latest role, a model's latest owner."""

    entity: Entity
    articles: int
    first_date: datetime
    last_date: datetime
    detail: str | None = None


@dataclass(frozen=True, slots=True)
class _Sorting:
    column: ColumnElement[Any]
    read: Callable[[str], Any]
    is_ascending: bool = False


def listed(
    connection: Connection,
    label: Label,
    *,
    text: str | None = None,
    province: str | None = None,
    since: date | None = None,
    until: date | None = None,
    order: Order = "articles",
    limit: int = 50,
    cursor: str | None = None,
) -> Listing[EntityRow]:
    """Entities of a label; only of a province (one of the 34 slugs) or told of on some days if given.

    Raises BadInputError for a broken cursor.
    """
    number = func.count(mentions.c.article_id.distinct())
    first = func.min(articles.c.date, type_=articles.c.date.type)
    last = func.max(articles.c.date, type_=articles.c.date.type)
    query = (
        select(entities, number.label("articles"), first.label("first"), last.label("last"))
        .join(mentions, mentions.c.entity_id == entities.c.id)
        .join(articles, articles.c.id == mentions.c.article_id)
        .where(
            entities.c.label == label,
            articles.c.withdrawn_at.is_(None),
            *having_words(entities.c.words, text),
            *in_days(articles.c.date, since, until),
        )
        .group_by(entities.c.id)
    )
    if province is not None:
        query = query.where(entities.c.province == province)
    total = connection.execute(
        select(func.count()).select_from(query.with_only_columns(entities.c.id).subquery())
    ).scalar_one()
    sorting = {
        "articles": _Sorting(number, int),
        "name": _Sorting(entities.c.words, str, is_ascending=True),
        "first": _Sorting(first, datetime.fromisoformat),
        "last": _Sorting(last, datetime.fromisoformat),
    }[order]
    if cursor is not None:
        value, passed = read_cursor(cursor, sorting.read, str)
        after = operator.gt if sorting.is_ascending else operator.lt
        query = query.having(
            or_(
                after(sorting.column, value),
                and_(sorting.column == value, entities.c.id > passed),
            )
        )
    ordered = sorting.column.asc() if sorting.is_ascending else sorting.column.desc()
    found = connection.execute(query.order_by(ordered, entities.c.id).limit(limit + 1)).all()
    rows = found[:limit]
    details = _details(connection, label, [row.id for row in rows])
    return Listing(
        tuple(
            EntityRow(entity_of(row), row.articles, row.first, row.last, details.get(row.id))
            for row in rows
        ),
        _cursor(rows[-1], order) if len(found) > limit else None,
        total,
    )


def _cursor(row: Any, order: Order) -> str:
    value = row.words if order == "name" else getattr(row, order)
    return f"{value.isoformat() if isinstance(value, datetime) else value}|{row.id}"


def _details(connection: Connection, label: Label, entity_ids: Sequence[str]) -> dict[str, str]:
    """The latest role of each person, the latest owner of each model."""
    if label is Label.UNIT:
        return {}
    age = func.row_number().over(
        partition_by=mentions.c.entity_id, order_by=(articles.c.date.desc(), mentions.c.start)
    )
    latest = (
        select(mentions.c.entity_id, mentions.c.article_id, mentions.c.form, age.label("age"))
        .join(articles, articles.c.id == mentions.c.article_id)
        .where(mentions.c.entity_id.in_(entity_ids), articles.c.withdrawn_at.is_(None))
        .subquery()
    )
    rows = connection.execute(
        select(latest.c.entity_id, latest.c.form, extractions.c.extraction)
        .join(articles, articles.c.id == latest.c.article_id)
        .join(
            extractions,
            and_(
                extractions.c.article_id == articles.c.id,
                extractions.c.version == articles.c.version,
            ),
        )
        .where(latest.c.age <= READ_FOR_DETAIL)
        .order_by(latest.c.age.desc())
    )
    found: dict[str, str] = {}
    for row in rows:
        extraction = Extraction.model_validate(row.extraction)
        told = {person.name: person.role for person in extraction.people}
        if label is Label.MODEL:
            told = {model.name: model.owner for model in extraction.models}
        if detail := told.get(row.form):
            found[row.entity_id] = detail
    return found

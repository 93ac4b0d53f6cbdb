"""Dossiers (hồ sơ): named sets of articles that somebody gathers. Each belongs to one owner."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import delete, func, insert, select, update

from diembao.archive.engine import upsert
from diembao.archive.own import key_of, tidy
from diembao.archive.schema import articles, dossier_articles, dossiers
from diembao.errors import ConflictError, NotFoundError

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime

    from sqlalchemy import Connection, Select

WHAT = "Tên hồ sơ"


@dataclass(frozen=True, slots=True)
class Dossier:
    """A dossier, and the number of its articles that are not withdrawn."""

    id: int
    name: str
    created_at: datetime
    articles: int


def of_owner(connection: Connection, owner: int) -> list[Dossier]:
    """All dossiers of an owner by name."""
    rows = connection.execute(_wanted(owner).order_by(dossiers.c.key))
    return [Dossier(**row) for row in rows.mappings()]


def find(connection: Connection, owner: int, dossier_id: int) -> Dossier:
    """One dossier. Raises NotFoundError, also for another owner's."""
    row = connection.execute(_wanted(owner).where(dossiers.c.id == dossier_id)).mappings().first()
    if row is None:
        raise NotFoundError(f"Không có hồ sơ số {dossier_id} (no such dossier of yours).")
    return Dossier(**row)


def add(connection: Connection, owner: int, name: str, now: datetime) -> Dossier:
    """A new one. Raises BadInputError for a name that will not do, ConflictError for a taken one."""
    name = tidy(name, WHAT)
    _refuse_taken(connection, owner, name, None)
    row = {"owner": owner, "name": name, "key": key_of(name), "created_at": now}
    number = connection.execute(insert(dossiers).returning(dossiers.c.id), row).scalar_one()
    return Dossier(number, name, now, 0)


def named(connection: Connection, owner: int, name: str, now: datetime) -> Dossier:
    """The owner's dossier of this name, made where there is none. Raises BadInputError."""
    row = connection.execute(_wanted(owner).where(dossiers.c.key == key_of(name)))
    known = row.mappings().first()
    return Dossier(**known) if known else add(connection, owner, name, now)


def rename(connection: Connection, owner: int, dossier_id: int, name: str) -> Dossier:
    """Give a dossier another name. Raises NotFoundError, BadInputError, ConflictError."""
    find(connection, owner, dossier_id)
    name = tidy(name, WHAT)
    _refuse_taken(connection, owner, name, dossier_id)
    connection.execute(
        update(dossiers).where(dossiers.c.id == dossier_id).values(name=name, key=key_of(name))
    )
    return find(connection, owner, dossier_id)


def remove(connection: Connection, owner: int, dossier_id: int) -> None:
    """Take a dossier away; its articles stay in the archive. Raises NotFoundError."""
    find(connection, owner, dossier_id)
    connection.execute(delete(dossier_articles).where(dossier_articles.c.dossier_id == dossier_id))
    connection.execute(delete(dossiers).where(dossiers.c.id == dossier_id))


def holding(connection: Connection, owner: int, article_id: int) -> list[int]:
    """The owner's dossiers in which an article lies."""
    return list(
        connection.execute(
            select(dossiers.c.id)
            .join(dossier_articles, dossier_articles.c.dossier_id == dossiers.c.id)
            .where(dossiers.c.owner == owner, dossier_articles.c.article_id == article_id)
            .order_by(dossiers.c.id)
        ).scalars()
    )


def set_holding(
    connection: Connection, owner: int, article_id: int, wanted: Collection[int], now: datetime
) -> None:
    """Let an article lie in these dossiers and in no others. Raises NotFoundError."""
    for dossier_id in holding(connection, owner, article_id):
        if dossier_id not in wanted:
            take_out(connection, owner, dossier_id, article_id)
    for dossier_id in wanted:
        put_in(connection, owner, dossier_id, article_id, now)


def put_in(
    connection: Connection, owner: int, dossier_id: int, article_id: int, now: datetime
) -> None:
    """Add an article, where it is not there. Raises NotFoundError for an unknown dossier."""
    find(connection, owner, dossier_id)
    row = {"dossier_id": dossier_id, "article_id": article_id, "added_at": now}
    upsert(connection, dossier_articles, row)


def take_out(connection: Connection, owner: int, dossier_id: int, article_id: int) -> None:
    """Remove an article, where it is there. Raises NotFoundError for an unknown dossier."""
    find(connection, owner, dossier_id)
    connection.execute(
        delete(dossier_articles).where(
            dossier_articles.c.dossier_id == dossier_id,
            dossier_articles.c.article_id == article_id,
        )
    )


def _wanted(owner: int) -> Select[tuple[int, str, datetime, int]]:
    shown = (
        select(func.count())
        .select_from(dossier_articles)
        .join(articles, articles.c.id == dossier_articles.c.article_id)
        .where(dossier_articles.c.dossier_id == dossiers.c.id, articles.c.withdrawn_at.is_(None))
        .scalar_subquery()
        .label("articles")
    )
    column = dossiers.c
    return select(column.id, column.name, column.created_at, shown).where(column.owner == owner)


def _refuse_taken(connection: Connection, owner: int, name: str, besides: int | None) -> None:
    column = dossiers.c
    same = select(column.id).where(column.owner == owner, column.key == key_of(name))
    taken = connection.execute(same).scalar_one_or_none()
    if taken not in (None, besides):
        raise ConflictError(f"Đã có hồ sơ “{name}”; hãy chọn tên khác (the name is taken).")

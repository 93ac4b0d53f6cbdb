"""Taking a person's name out of everything that is shown, and showing it again.

In one transaction the name is covered, the articles that hold it lose what was read out of them and are
filed to be extracted and indexed again, and alerts that were told already are covered where they are kept.
The audit trail calls the withdrawal by its number, and its reason is covered too.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import select, update

from diembao import covering
from diembao.archive import articles, audit, jobs, names
from diembao.archive.schema import alerts, digest_items
from diembao.archive.schema import articles as article_table
from diembao.errors import BadInputError
from diembao.records import Extraction
from diembao.settling import settle

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sqlalchemy import Column, Connection, Table


def withdraw_name(connection: Connection, name: str, actor: str, reason: str, now: datetime) -> int:
    """Withdraw a name; the number of articles that hold it.

    Raises BadInputError without a reason, for one word alone, and for a name withdrawn already.
    """
    _must_have(reason)
    number = names.add(connection, name, now)
    _record(connection, "withdraw", number, name, actor, reason, now)
    standing = names.standing(connection)
    _cover(connection, alerts, alerts.c.message, standing)
    _cover(connection, digest_items, digest_items.c.printed, standing)
    return _renew(connection, name, now)


def restore_name(connection: Connection, name: str, actor: str, reason: str, now: datetime) -> int:
    """Show a name again; the number of articles that hold it. Alerts that were covered stay so.

    Raises BadInputError without a reason, NotFoundError where the name is not withdrawn.
    """
    _must_have(reason)
    number = names.restore(connection, name, now)
    _record(connection, "restore", number, name, actor, reason, now)
    return _renew(connection, name, now)


def _must_have(reason: str) -> None:
    if not reason.strip():
        raise BadInputError("Hãy nêu lý do (give a reason).")


def _record(
    connection: Connection,
    action: str,
    number: int,
    name: str,
    actor: str,
    reason: str,
    now: datetime,
) -> None:
    covered = covering.cover_value(reason.strip(), [name])
    audit.add(connection, audit.Entry(now, actor, action, f"name:{number}", covered))


def _cover(
    connection: Connection, table: Table, told: Column[Any], standing: Sequence[str]
) -> None:
    """Cover the names in what was told: a column of JSON."""
    key = list(table.primary_key)
    for row in connection.execute(select(*key, told).where(told.is_not(None))).all():
        covered = covering.cover_value(row[-1], standing)
        if covered != row[-1]:
            own = (column == value for column, value in zip(key, row, strict=False))
            connection.execute(update(table).where(*own).values({told: covered}))


def _renew(connection: Connection, name: str, now: datetime) -> int:
    """Forget what was read out of the articles that hold the name, and file them to be read anew."""
    found = names.articles_with(connection, name)
    for article_id in found:
        version = articles.versions(connection, article_id)[-1].version
        article = articles.load_version(connection, article_id, version)
        connection.execute(
            update(article_table)
            .where(article_table.c.id == article_id)
            .values(title=article.title)
        )
        empty = Extraction(id=str(article_id), text=article.text)
        settle(connection, article_id, version, article, empty, now)
        payload = {"article_id": article_id, "version": version}
        jobs.add(connection, "extract", str(article_id), payload, now)
    return len(found)

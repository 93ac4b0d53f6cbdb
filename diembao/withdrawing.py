"""Taking a person's name out of everything that is shown, and showing it again.

In one transaction the name is covered, the articles that hold it lose what was read out of them and are
filed to be extracted and indexed again, and alerts that were told already are covered where they are kept.
The audit trail calls the withdrawal by its number, and its reason is covered too.
"""

from __future__ import annotations

import json
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
    from collections.abc import Collection
    from datetime import datetime

    from sqlalchemy import Column, Connection


def withdraw_name(connection: Connection, name: str, actor: str, reason: str, now: datetime) -> int:
    """Withdraw a name; the number of articles that hold it.

    Raises BadInputError without a reason, for one word alone, and for a name withdrawn already.
    """
    _must_have(reason)
    number = names.add(connection, name, now)
    _record(connection, "withdraw", number, name, actor, reason, now)
    found = names.articles_with(connection, name)
    _cover(connection, alerts.c.message, alerts.c.article_id, name, found)
    _cover(connection, digest_items.c.printed, digest_items.c.reprint_id, name, found)
    _renew(connection, found, now)
    return len(found)


def restore_name(connection: Connection, name: str, actor: str, reason: str, now: datetime) -> int:
    """Show a name again; the number of articles that hold it. Alerts that were covered stay so.

    Raises BadInputError without a reason, NotFoundError where the name is not withdrawn.
    """
    _must_have(reason)
    number = names.restore(connection, name, now)
    _record(connection, "restore", number, name, actor, reason, now)
    found = names.articles_with(connection, name)
    _renew(connection, found, now)
    return len(found)


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
    connection: Connection,
    told: Column[Any],
    article: Column[Any],
    name: str,
    found: Collection[int],
) -> None:
    """Cover the name in what was told: a column of JSON. `found` are the articles that hold it."""
    key = list(told.table.primary_key)
    rows = connection.execute(select(*key, article, told).where(told.is_not(None))).all()
    for *own, article_id, value in rows:
        holds_it = covering.holds(json.dumps(value, ensure_ascii=False), name)
        around = name if holds_it or article_id in found else ""
        covered = covering.cover_value(value, [name], around)
        if covered != value:
            this = (column == value for column, value in zip(key, own, strict=True))
            connection.execute(update(told.table).where(*this).values({told: covered}))


def _renew(connection: Connection, found: Collection[int], now: datetime) -> None:
    """Forget what was read out of these articles, and file them to be read anew."""
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

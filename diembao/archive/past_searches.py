"""What somebody searched for, so that it is offered again while typing. The latest REMEMBERED are kept."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from sqlalchemy import delete, select

from diembao.archive.engine import upsert
from diembao.archive.own import plain
from diembao.archive.schema import past_searches
from diembao.vietnamese.folding import fold

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import Connection

REMEMBERED = 200


def remember(connection: Connection, owner: int, query: str, now: datetime) -> None:
    """Keep a query as the latest; the oldest beyond REMEMBERED go."""
    tidied = " ".join(plain(query).split())
    row = {"owner": owner, "query": tidied, "searched_at": now}
    upsert(connection, past_searches, row, renewed=("searched_at",))
    for old in latest(connection, owner)[REMEMBERED:]:
        connection.execute(
            delete(past_searches).where(
                past_searches.c.owner == owner, past_searches.c.query == old
            )
        )


def latest(connection: Connection, owner: int) -> list[str]:
    """All that are kept, latest first."""
    column = past_searches.c
    return list(
        connection.execute(
            select(column.query)
            .where(column.owner == owner)
            .order_by(column.searched_at.desc(), column.query)
        ).scalars()
    )


def beginning(connection: Connection, owner: int, typed: str, limit: int) -> list[str]:
    """Those of which a word begins so, accents aside, latest first; not what is typed already."""
    wanted = " ".join(fold(typed).split())
    if not wanted:
        return []
    begins = re.compile(rf"(?<!\w){re.escape(wanted)}")
    return [
        query
        for query in latest(connection, owner)
        if begins.search(fold(query)) and fold(query) != wanted
    ][:limit]


def forget(connection: Connection, owner: int) -> None:
    """Forget all of them."""
    connection.execute(delete(past_searches).where(past_searches.c.owner == owner))

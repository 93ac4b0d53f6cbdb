"""What people changed, by whom and why: written once, never altered.

A withdrawn article leaves searches, registers and counts, but stays in the archive with all its versions.
Nothing that a newspaper does withdraws one.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import insert, select, update

from diembao.archive import jobs
from diembao.archive.schema import articles
from diembao.archive.schema import audit as audit_table
from diembao.errors import BadInputError, NotFoundError

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import Connection


@dataclass(frozen=True, slots=True)
class Entry:
    """One change: `subject` is what was changed (`article:12`, `entity:person-0a…`)."""

    at: datetime
    actor: str
    action: str
    subject: str
    reason: str


def withdraw(
    connection: Connection, article_id: int, actor: str, reason: str, now: datetime
) -> str:
    """Take an article out of everything that is shown; its title.

    Raises BadInputError without a reason, NotFoundError where it is not shown already.
    """
    if not reason.strip():
        raise BadInputError("Hãy nêu lý do gỡ bài (give a reason for the withdrawal).")
    title = connection.execute(
        update(articles)
        .where(articles.c.id == article_id, articles.c.withdrawn_at.is_(None))
        .values(withdrawn_at=now)
        .returning(articles.c.title)
    ).scalar_one_or_none()
    if title is None:
        raise NotFoundError(
            f"Không có bài số {article_id}, hoặc bài đã được gỡ (no such article, or withdrawn already)."
        )
    add(connection, Entry(now, actor, "withdraw", f"article:{article_id}", reason.strip()))
    jobs.add(connection, "index", str(article_id), {}, now)
    return str(title)


def add(connection: Connection, entry: Entry) -> None:
    """Write an entry."""
    connection.execute(
        insert(audit_table).values(
            at=entry.at,
            actor=entry.actor,
            action=entry.action,
            subject=entry.subject,
            reason=entry.reason,
        )
    )


def entries(connection: Connection, subject: str | None = None) -> list[Entry]:
    """The changes, oldest first; only those of one subject if it is given."""
    column = audit_table.c
    wanted = select(column.at, column.actor, column.action, column.subject, column.reason)
    if subject is not None:
        wanted = wanted.where(column.subject == subject)
    return [Entry(*row) for row in connection.execute(wanted.order_by(column.id))]


def withdrawn_since(connection: Connection, moment: datetime) -> list[int]:
    """Identifiers of the articles withdrawn since then."""
    return list(
        connection.execute(select(articles.c.id).where(articles.c.withdrawn_at >= moment)).scalars()
    )

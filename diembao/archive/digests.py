"""What waits to be told in a digest: alerts of a subscription, and reprints of what it was told.

An item is told once: the digest that tells it is an alert of its own, and its identifier is written
on the items in the same transaction.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, select, update

from diembao.archive.alerts import DIGEST
from diembao.archive.engine import upsert
from diembao.archive.schema import alerts, digest_items, subscriptions

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from sqlalchemy import Connection


@dataclass(frozen=True, slots=True)
class Item:
    """An alert with its message, or, with `printed`, another article that tells the same."""

    alert_id: int
    reprint_id: int
    article_id: int
    message: Mapping[str, Any]
    printed: Mapping[str, Any] | None
    due_at: datetime


def add(
    connection: Connection,
    subscription_id: int,
    alert_id: int,
    due_at: datetime,
    *,
    reprint_id: int = 0,
    printed: Mapping[str, Any] | None = None,
) -> None:
    """Have the next digest tell an alert, or a reprint of what it told; once, however often asked."""
    row = {
        "alert_id": alert_id,
        "reprint_id": reprint_id,
        "subscription_id": subscription_id,
        "printed": printed,
        "due_at": due_at,
    }
    upsert(connection, digest_items, row)


def due(connection: Connection, now: datetime) -> list[int]:
    """The subscriptions that have something due."""
    waiting = (digest_items.c.digest_id.is_(None), digest_items.c.due_at <= now)
    return list(
        connection.execute(
            select(digest_items.c.subscription_id)
            .join(subscriptions, subscriptions.c.id == digest_items.c.subscription_id)
            .where(*waiting, subscriptions.c.deleted_at.is_(None))
            .distinct()
            .order_by(digest_items.c.subscription_id)
        ).scalars()
    )


def take(connection: Connection, subscription_id: int, now: datetime, most: int) -> list[Item]:
    """What is due to a subscription, in the order of the alerts; the caller's in its transaction."""
    rows = connection.execute(
        select(digest_items, alerts.c.article_id, alerts.c.message)
        .join(alerts, alerts.c.id == digest_items.c.alert_id)
        .where(
            digest_items.c.subscription_id == subscription_id,
            digest_items.c.digest_id.is_(None),
            digest_items.c.due_at <= now,
        )
        .order_by(digest_items.c.alert_id, digest_items.c.reprint_id)
        .limit(most)
        .with_for_update(of=digest_items, skip_locked=True)
    )
    return [
        Item(row.alert_id, row.reprint_id, row.article_id, row.message, row.printed, row.due_at)
        for row in rows
    ]


def mark_told(connection: Connection, items: Sequence[Item], digest_id: int) -> None:
    """Write down the digest that tells these items."""
    for item in items:
        connection.execute(
            update(digest_items)
            .where(
                digest_items.c.alert_id == item.alert_id,
                digest_items.c.reprint_id == item.reprint_id,
            )
            .values(digest_id=digest_id)
        )


def told_at_once(connection: Connection, subscription_id: int, since: datetime) -> int:
    """Alerts of a subscription since then that were not left to a digest."""
    left = select(digest_items.c.alert_id).where(
        digest_items.c.alert_id == alerts.c.id, digest_items.c.reprint_id == 0
    )
    return connection.execute(
        select(func.count())
        .select_from(alerts)
        .where(
            alerts.c.subscription_id == subscription_id,
            alerts.c.created_at >= since,
            ~alerts.c.subject.startswith(DIGEST),
            ~left.exists(),
        )
    ).scalar_one()

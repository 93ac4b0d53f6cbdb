"""Digests: what waited since the last one, as one message on every channel of the subscription.

A digest is an alert of its own (`digest:` and its first item), made in the transaction that
takes its items, so a worker that is killed leaves either the items or the digest, whole. It is sent,
retried and given up like any alert. MOST items stand in one; the rest makes further ones.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from diembao.archive import alerts, digests
from diembao.archive.alerts import DIGEST
from search_api.alerts.filing import send
from search_api.alerts.message import Message, Printed, Reprint
from search_api.alerts.wording import local_moment

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sqlalchemy import Connection

    from diembao.archive.alerts import Subscription
    from diembao.archive.digests import Item

MOST = 50
"""Items of one digest at most."""


def gather(connection: Connection, now: datetime) -> int:
    """Make the digests that are due; their number."""
    made = 0
    for subscription_id in digests.due(connection, now):
        subscription = alerts.subscription(connection, subscription_id)
        while items := digests.take(connection, subscription_id, now, MOST):
            _make(connection, subscription, items, now)
            made += 1
    return made


def compose(subscription: str, items: Sequence[Item]) -> Message:
    """The message of a digest."""
    told = [Message.model_validate(one.message) for one in items if one.printed is None]
    reprints = [
        Reprint(told=one.message["title"], article=Printed.model_validate(one.printed))
        for one in items
        if one.printed is not None
    ]
    counted = [f"{len(told)} tin mới"] if told else []
    counted += [f"{len(reprints)} bài đăng lại"] if reprints else []
    due = local_moment(max(one.due_at for one in items))
    return Message(
        kind="digest",
        title=f"Tổng hợp “{subscription}”, {due}: {', '.join(counted)}",
        subscription=subscription,
        items=tuple(told),
        reprints=tuple(reprints),
    )


def _make(
    connection: Connection, subscription: Subscription, items: Sequence[Item], now: datetime
) -> None:
    alert = alerts.insert_alert(
        connection,
        subscription.id,
        subject=f"{DIGEST}{items[0].alert_id}-{items[0].reprint_id}",
        revision=1,
        facts="",
        article_id=items[0].article_id,
        message=compose(subscription.name, items).model_dump(mode="json"),
        now=now,
    )
    assert alert, "an item is told by one digest"
    digests.mark_told(connection, items, alert.id)
    send(connection, subscription, alert.id, now)

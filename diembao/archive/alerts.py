"""Subscriptions, and the alerts that they raised.

An alert is unique by (subscription, subject, revision). The subject is an award event or a story;
the revision counts, from 1, the versions of the facts that the subscription was told about it. So
two transactions that would tell the same thing collide in the archive, and only one alert stands.
Each version of an article is judged once (`take_unjudged`): extracting it anew raises nothing.
A subscription that is deleted keeps its alerts; what still waited to be sent is dropped.
"""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import delete, func, or_, select, update

from diembao.archive.engine import insert
from diembao.archive.schema import (
    alerts,
    articles,
    conferments,
    deliveries,
    judged_versions,
    subscriptions,
)
from diembao.errors import NotFoundError
from diembao.records import Conferment

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime

    from sqlalchemy import ColumnElement, Connection, Row

PARAMETERS = 500
"""Values that one statement carries at most."""


@dataclass(frozen=True, slots=True)
class Subscription:
    """A saved search. `subject` is `event` or `story`: one alert for each of these.

    `channels` are the JSON of its ways out, each with a `key` of its own and with its secret.
    """

    id: int
    name: str
    query: str
    subject: str
    channels: tuple[Mapping[str, Any], ...]
    active: bool
    created_at: datetime


@dataclass(frozen=True, slots=True)
class Alert:
    """What a subscription was told. `facts` is the digest of the award facts in `message`."""

    id: int
    subscription_id: int
    subject: str
    revision: int
    facts: str
    article_id: int
    message: Mapping[str, Any]
    created_at: datetime
    read_at: datetime | None

    @property
    def is_event(self) -> bool:
        """Whether it tells of an award event."""
        return self.subject.startswith("event:")


# --- subscriptions ---------------------------------------------------------------------------------


def create_subscription(
    connection: Connection,
    *,
    name: str,
    query: str,
    subject: str,
    channels: Sequence[Mapping[str, Any]],
    now: datetime,
    feed_token: str | None = None,
) -> Subscription:
    """Save a search. The feed's token is kept as a digest only; a random one is made if none is given."""
    new_id = connection.execute(
        insert(connection, subscriptions)
        .values(
            name=name,
            query=query,
            subject=subject,
            channels=_keyed(channels),
            feed_token=_digest(feed_token or secrets.token_urlsafe(32)),
            active=True,
            created_at=now,
        )
        .returning(subscriptions.c.id)
    ).scalar_one()
    return subscription(connection, new_id)


def update_subscription(
    connection: Connection, subscription_id: int, **changes: Any
) -> Subscription:
    """Change name, query, subject, channels or active. Raises NotFoundError."""
    if "channels" in changes:
        changes["channels"] = _keyed(changes["channels"])
    _change(connection, subscription_id, changes)
    return subscription(connection, subscription_id)


def renew_feed_token(connection: Connection, subscription_id: int, feed_token: str) -> None:
    """Give the feed another address; the old one ends. Raises NotFoundError."""
    _change(connection, subscription_id, {"feed_token": _digest(feed_token)})


def delete_subscription(connection: Connection, subscription_id: int, now: datetime) -> None:
    """End a subscription and drop its waiting deliveries. Raises NotFoundError."""
    _change(connection, subscription_id, {"active": False, "deleted_at": now})
    raised = select(alerts.c.id).where(alerts.c.subscription_id == subscription_id)
    connection.execute(
        delete(deliveries).where(deliveries.c.state == "pending", deliveries.c.alert_id.in_(raised))
    )


def subscription(connection: Connection, subscription_id: int) -> Subscription:
    """One subscription. Raises NotFoundError."""
    found = _subscriptions(connection, subscriptions.c.id == subscription_id)
    if not found:
        raise _missing(subscription_id)
    return found[0]


def list_subscriptions(connection: Connection) -> list[Subscription]:
    """All of them, in the order of creation."""
    return _subscriptions(connection)


def active_subscriptions(connection: Connection) -> list[Subscription]:
    """Those that raise alerts."""
    return _subscriptions(connection, subscriptions.c.active.is_(True))


def subscription_of_feed(connection: Connection, feed_token: str) -> Subscription:
    """The subscription whose feed has that token. Raises NotFoundError."""
    found = _subscriptions(connection, subscriptions.c.feed_token == _digest(feed_token))
    if not found:
        raise NotFoundError(
            "Không có nguồn tin Atom ở địa chỉ này; hãy lấy địa chỉ mới ở trang Theo dõi (no such feed)."
        )
    return found[0]


def _change(connection: Connection, subscription_id: int, values: Mapping[str, Any]) -> None:
    present = (subscriptions.c.id == subscription_id) & subscriptions.c.deleted_at.is_(None)
    if not connection.execute(update(subscriptions).where(present).values(values)).rowcount:
        raise _missing(subscription_id)


def _missing(subscription_id: int) -> NotFoundError:
    return NotFoundError(
        f"Không có mục theo dõi số {subscription_id}; hãy xem lại danh sách (no such subscription)."
    )


def _subscriptions(connection: Connection, *conditions: ColumnElement[bool]) -> list[Subscription]:
    rows = connection.execute(
        select(subscriptions)
        .where(subscriptions.c.deleted_at.is_(None), *conditions)
        .order_by(subscriptions.c.id)
    )
    return [
        Subscription(
            row.id,
            row.name,
            row.query,
            row.subject,
            tuple(row.channels),
            row.active,
            row.created_at,
        )
        for row in rows
    ]


def _keyed(channels: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    return [{"key": secrets.token_hex(6), **channel} for channel in channels]


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


# --- alerts ----------------------------------------------------------------------------------------


def take_unjudged(connection: Connection, versions: Mapping[int, int]) -> set[int]:
    """The articles whose given version no one has decided on, which counts as decided from now on."""
    taken = set()
    for article_id, version in versions.items():
        statement = insert(connection, judged_versions).values(
            article_id=article_id, version=version
        )
        changed = connection.execute(
            statement.on_conflict_do_update(
                index_elements=["article_id"],
                set_={"version": statement.excluded.version},
                where=judged_versions.c.version < statement.excluded.version,
            ).returning(judged_versions.c.article_id)
        ).scalar()
        if changed is not None:
            taken.add(article_id)
    return taken


def told(
    connection: Connection,
    subscription_ids: Sequence[int],
    subjects: Iterable[str],
    article_ids: Iterable[int],
) -> list[Alert]:
    """What these subscriptions were told of these subjects or out of these articles, in order."""
    about = or_(alerts.c.subject.in_(list(subjects)), alerts.c.article_id.in_(list(article_ids)))
    found: list[Alert] = []
    for start in range(0, len(subscription_ids), PARAMETERS):
        asked = alerts.c.subscription_id.in_(subscription_ids[start : start + PARAMETERS])
        found += map(_alert, connection.execute(select(alerts).where(asked, about)))
    return sorted(found, key=lambda alert: alert.id)


def event_tellings(
    connection: Connection, event_ids: Iterable[int]
) -> list[tuple[int, int, Conferment]]:
    """Event, article and what it says, of all conferments that these events are now made of."""
    rows = connection.execute(
        select(conferments.c.event_id, conferments.c.article_id, conferments.c.conferment).where(
            conferments.c.event_id.in_(list(event_ids))
        )
    )
    return [(event, article, Conferment.model_validate(said)) for event, article, said in rows]


def story_articles(connection: Connection, story_ids: Iterable[int]) -> list[tuple[int, int]]:
    """Story and article, of all articles that these stories are now made of."""
    rows = connection.execute(
        select(articles.c.story_id, articles.c.id).where(articles.c.story_id.in_(list(story_ids)))
    )
    return [(story, article) for story, article in rows]


def insert_alert(
    connection: Connection,
    subscription_id: int,
    *,
    subject: str,
    revision: int,
    facts: str,
    article_id: int,
    message: Mapping[str, Any],
    now: datetime,
) -> Alert | None:
    """Tell a subscription; None if it was told this already."""
    row = connection.execute(
        insert(connection, alerts)
        .values(
            subscription_id=subscription_id,
            subject=subject,
            revision=revision,
            facts=facts,
            article_id=article_id,
            message=dict(message),
            created_at=now,
        )
        .on_conflict_do_nothing(index_elements=["subscription_id", "subject", "revision"])
        .returning(alerts)
    ).one_or_none()
    return None if row is None else _alert(row)


def alert(connection: Connection, alert_id: int) -> Alert:
    """One alert. Raises NotFoundError."""
    row = connection.execute(select(alerts).where(alerts.c.id == alert_id)).one_or_none()
    if row is None:
        raise NotFoundError(
            f"Không có cảnh báo số {alert_id}; hãy xem lại hộp thư (no such alert)."
        )
    return _alert(row)


def inbox(
    connection: Connection,
    *,
    subscription_id: int | None = None,
    unread: bool = False,
    before: int | None = None,
    limit: int = 50,
) -> list[Alert]:
    """Alerts, latest first; `before` is the identifier that the last page ended with."""
    conditions: list[ColumnElement[bool]] = []
    if subscription_id is not None:
        conditions.append(alerts.c.subscription_id == subscription_id)
    if unread:
        conditions.append(alerts.c.read_at.is_(None))
    if before is not None:
        conditions.append(alerts.c.id < before)
    rows = connection.execute(
        select(alerts).where(*conditions).order_by(alerts.c.id.desc()).limit(limit)
    )
    return [_alert(row) for row in rows]


def unread_counts(connection: Connection) -> dict[int, int]:
    """Unread alerts by subscription."""
    rows = connection.execute(
        select(alerts.c.subscription_id, func.count().label("number"))
        .where(alerts.c.read_at.is_(None))
        .group_by(alerts.c.subscription_id)
    )
    return {row.subscription_id: row.number for row in rows}


def mark_read(
    connection: Connection, now: datetime, *, alert_id: int | None = None, up_to: int | None = None
) -> int:
    """Mark one alert read, or all up to one, or all; the number that was unread."""
    conditions: list[ColumnElement[bool]] = [alerts.c.read_at.is_(None)]
    if alert_id is not None:
        conditions.append(alerts.c.id == alert_id)
    if up_to is not None:
        conditions.append(alerts.c.id <= up_to)
    return connection.execute(update(alerts).where(*conditions).values(read_at=now)).rowcount


def _alert(row: Row[Any]) -> Alert:
    return Alert(
        row.id,
        row.subscription_id,
        row.subject,
        row.revision,
        row.facts,
        row.article_id,
        row.message,
        row.created_at,
        row.read_at,
    )

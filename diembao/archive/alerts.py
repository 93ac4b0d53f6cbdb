"""Subscriptions, and the alerts that they raised.

An alert is unique by (subscription, subject, revision). The subject is an award event or a story;
the revision counts, from 1, the versions of the facts that the subscription was told about it. So
two transactions that would tell the same thing collide in the archive, and only one alert stands.
A subscription that is deleted keeps its alerts; what still waited to be sent is dropped.
"""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING, Any

from sqlalchemy import delete, func, or_, select, update

from diembao.archive.engine import insert, insert_in
from diembao.archive.schema import (
    alerts,
    deliveries,
    digest_items,
    subscriptions,
)
from diembao.errors import NotFoundError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import date, datetime

    from sqlalchemy import ColumnElement, Connection, Row
    from sqlalchemy.sql.dml import ReturningInsert

PARAMETERS = 500
"""Values that one statement carries at most."""

DIGEST = "digest:"
"""Beginning of the subject of an alert that sums up others: it is sent, and stands in no inbox."""

_is_digest = alerts.c.subject.startswith(DIGEST)


@dataclass(frozen=True, slots=True)
class Subscription:
    """A saved search. `subject` is what it tells of, once each (`search_api.alerts.rules`).

    `filters` are those of the search page, `FIELD:VALUE`, with a minus before what must not be;
    `channels` are the JSON of its ways out, each with a `key` of its own and with its secret;
    `schedule` and `trend` the JSON of when it tells and of the numbers of a trend condition.
    """

    id: int
    name: str
    query: str
    subject: str
    channels: tuple[Mapping[str, Any], ...]
    active: bool
    created_at: datetime
    schedule: Mapping[str, Any] = field(default_factory=dict)
    trend: Mapping[str, Any] | None = None
    evaluated_on: date | None = None
    filters: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Rule:
    """What matching needs of a subscription."""

    id: int
    query: str
    subject: str
    created_at: datetime
    filters: tuple[str, ...] = ()


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
    schedule: Mapping[str, Any] | None = None,
    trend: Mapping[str, Any] | None = None,
    filters: Sequence[str] = (),
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
            schedule=dict(schedule or {}),
            trend=trend,
            filters=list(filters) or None,
        )
        .returning(subscriptions.c.id)
    ).scalar_one()
    return subscription(connection, new_id)


def update_subscription(
    connection: Connection, subscription_id: int, **changes: Any
) -> Subscription:
    """Change name, query, filters, subject, channels, active, schedule, trend. Raises NotFoundError."""
    if "filters" in changes:
        changes["filters"] = list(changes["filters"]) or None
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
    connection.execute(
        delete(digest_items).where(
            digest_items.c.subscription_id == subscription_id, digest_items.c.digest_id.is_(None)
        )
    )
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


def subscriptions_of(
    connection: Connection, subscription_ids: Sequence[int]
) -> dict[int, Subscription]:
    """Those of the subscriptions that are not deleted."""
    found: dict[int, Subscription] = {}
    for start in range(0, len(subscription_ids), PARAMETERS):
        asked = subscriptions.c.id.in_(subscription_ids[start : start + PARAMETERS])
        found |= {one.id: one for one in _subscriptions(connection, asked)}
    return found


def active_rules(connection: Connection, but: Iterable[str] = ()) -> list[Rule]:
    """Of those subscriptions that raise alerts, save of the subjects `but`."""
    rows = connection.execute(
        select(
            subscriptions.c.id,
            subscriptions.c.query,
            subscriptions.c.subject,
            subscriptions.c.created_at,
            subscriptions.c.filters,
        )
        .where(
            subscriptions.c.active.is_(True),
            subscriptions.c.deleted_at.is_(None),
            subscriptions.c.subject.not_in(list(but)),
        )
        .order_by(subscriptions.c.id)
    )
    return [Rule(*row[:4], tuple(row.filters or ())) for row in rows]


def unevaluated(connection: Connection, subjects: Iterable[str], day: date) -> list[Subscription]:
    """Active subscriptions of these subjects whose trend no one has looked at on this day."""
    return _subscriptions(
        connection,
        subscriptions.c.active.is_(True),
        subscriptions.c.subject.in_(list(subjects)),
        or_(subscriptions.c.evaluated_on.is_(None), subscriptions.c.evaluated_on < day),
    )


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
            row.schedule,
            row.trend,
            row.evaluated_on,
            tuple(row.filters or ()),
        )
        for row in rows
    ]


def _keyed(channels: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    return [{"key": secrets.token_hex(6), **channel} for channel in channels]


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


# --- alerts ----------------------------------------------------------------------------------------


def told(
    connection: Connection,
    subscription_ids: Sequence[int],
    subjects: Iterable[str],
    article_ids: Iterable[int],
) -> list[Alert]:
    """What these subscriptions were told of these subjects or out of these articles, in order."""
    about = or_(alerts.c.subject.in_(list(subjects)), alerts.c.article_id.in_(list(article_ids)))
    about &= ~_is_digest
    found: list[Alert] = []
    for start in range(0, len(subscription_ids), PARAMETERS):
        asked = alerts.c.subscription_id.in_(subscription_ids[start : start + PARAMETERS])
        found += map(_alert, connection.execute(select(alerts).where(asked, about)))
    return sorted(found, key=lambda alert: alert.id)


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
        _inserting(connection.dialect.name),
        {
            "subscription_id": subscription_id,
            "subject": subject,
            "revision": revision,
            "facts": facts,
            "article_id": article_id,
            "message": dict(message),
            "created_at": now,
        },
    ).one_or_none()
    return None if row is None else _alert(row)


@cache
def _inserting(dialect: str) -> ReturningInsert[Any]:
    """Built once: building a statement costs more than running it."""
    told_already = ["subscription_id", "subject", "revision"]
    statement = insert_in(dialect, alerts).on_conflict_do_nothing(index_elements=told_already)
    return statement.returning(alerts)


def alert(connection: Connection, alert_id: int) -> Alert:
    """One alert. Raises NotFoundError."""
    row = connection.execute(select(alerts).where(alerts.c.id == alert_id)).one_or_none()
    if row is None:
        raise NotFoundError(
            f"Không có cảnh báo số {alert_id}; hãy xem lại hộp thư (no such alert)."
        )
    return _alert(row)


def alerts_of(connection: Connection, alert_ids: Iterable[int]) -> dict[int, Alert]:
    """Those of the alerts that exist."""
    rows = connection.execute(select(alerts).where(alerts.c.id.in_(list(alert_ids))))
    return {row.id: _alert(row) for row in rows}


def inbox(
    connection: Connection,
    *,
    subscription_id: int | None = None,
    unread: bool = False,
    before: int | None = None,
    limit: int = 50,
) -> list[Alert]:
    """Alerts, latest first; `before` is the identifier that the last page ended with."""
    conditions: list[ColumnElement[bool]] = [~_is_digest]
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
        .where(alerts.c.read_at.is_(None), ~_is_digest)
        .group_by(alerts.c.subscription_id)
    )
    return {row.subscription_id: row.number for row in rows}


def mark_read(
    connection: Connection, now: datetime, *, alert_id: int | None = None, up_to: int | None = None
) -> int:
    """Mark one alert read, or all up to one, or all; the number that was unread."""
    conditions: list[ColumnElement[bool]] = [alerts.c.read_at.is_(None), ~_is_digest]
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

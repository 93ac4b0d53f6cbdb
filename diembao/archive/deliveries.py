"""The outbox of alerts: each alert on each of its channels, until it is sent or dead.

Deliveries to one endpoint go in the order of their alerts: only a run from the first that waits may
be leased, and by one worker. After a failure the endpoint rests, and everything behind waits with it. A
lease that runs out frees the delivery, so a worker that was killed loses nothing. The identifier
of a delivery is made of its alert and channel, so an alert has one on each channel, and it is the
idempotency key of every attempt.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import and_, delete, func, or_, select, update

from diembao.archive.engine import LEASING, insert, lock, upsert
from diembao.archive.schema import alerts, deliveries, endpoints
from diembao.errors import NotFoundError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from sqlalchemy import ColumnElement, Connection, Row

_IDENTIFIERS = uuid.UUID("5b1f6b0e-7f0a-5c39-9a0d-2f3d1c1f9d11")


@dataclass(frozen=True, slots=True)
class Delivery:
    """One alert on one channel. `state` is `pending`, `sent` or `dead`; `attempts` are those made.

    `failures` in a row and `stopped` are its endpoint's.
    """

    id: str
    alert_id: int
    subscription_id: int
    title: str
    channel: Mapping[str, Any]
    endpoint: str
    state: str
    attempts: int
    next_attempt_at: datetime
    leased_until: datetime | None
    sent_at: datetime | None
    last_error: str | None
    failures: int
    stopped: bool


def add(
    connection: Connection, alert_id: int, channel: Mapping[str, Any], endpoint: str, at: datetime
) -> str:
    """File a delivery that is due at `at`; `channel` carries its key and no secret."""
    delivery_id = str(uuid.uuid5(_IDENTIFIERS, f"{alert_id}/{channel['key']}"))
    row = {
        "id": delivery_id,
        "alert_id": alert_id,
        "channel": dict(channel),
        "endpoint": endpoint,
        "state": "pending",
        "attempts": 0,
        "next_attempt_at": at,
    }
    upsert(connection, deliveries, row)
    return delivery_id


def is_any_due(connection: Connection, now: datetime) -> bool:
    """Whether a look at the outbox, for which writers must wait, is worth it."""
    due = select(deliveries.c.id).where(*_is_due(now))
    return connection.execute(due.limit(1)).first() is not None


def _is_due(now: datetime) -> tuple[ColumnElement[bool], ...]:
    return (
        deliveries.c.state == "pending",
        deliveries.c.next_attempt_at <= now,
        or_(deliveries.c.leased_until.is_(None), deliveries.c.leased_until <= now),
    )


def lease(
    connection: Connection, now: datetime, limit: int, run: int, seconds: float
) -> list[list[Delivery]]:
    """What is due at up to `limit` endpoints, the caller's for `seconds`: up to `run` in order at each."""
    lock(connection, LEASING)
    waiting = (
        select(
            deliveries.c.endpoint,
            func.min(deliveries.c.alert_id).label("first"),
            func.max(deliveries.c.leased_until).label("held"),
        )
        .where(deliveries.c.state == "pending")
        .group_by(deliveries.c.endpoint)
        .subquery()
    )
    free = connection.execute(
        select(deliveries.c.endpoint)
        .join(
            waiting,
            and_(
                waiting.c.endpoint == deliveries.c.endpoint,
                waiting.c.first == deliveries.c.alert_id,
            ),
        )
        .outerjoin(endpoints, endpoints.c.endpoint == deliveries.c.endpoint)
        .where(
            *_is_due(now),
            or_(waiting.c.held.is_(None), waiting.c.held <= now),
            or_(endpoints.c.rests_until.is_(None), endpoints.c.rests_until <= now),
        )
        .order_by(deliveries.c.next_attempt_at, deliveries.c.alert_id)
        .limit(limit)
        .with_for_update(skip_locked=True, of=deliveries)
    ).scalars()
    until = now + timedelta(seconds=seconds)
    return [
        leased
        for endpoint in dict.fromkeys(free)  # an alert may have two channels that end at one place
        if (leased := _lease_run(connection, endpoint, now, run, until))
    ]


def _lease_run(
    connection: Connection, endpoint: str, now: datetime, run: int, until: datetime
) -> list[Delivery]:
    rows = connection.execute(
        _joined()
        .where(deliveries.c.endpoint == endpoint, *_is_due(now))
        .order_by(deliveries.c.alert_id)
        .limit(run)
        .with_for_update(skip_locked=True, of=deliveries)
    ).all()
    connection.execute(
        update(deliveries)
        .where(deliveries.c.id.in_([row.id for row in rows]))
        .values(leased_until=until)
    )
    return [_delivery(row, until) for row in rows]


def release(connection: Connection, unsent: Sequence[Delivery]) -> None:
    """Give leased deliveries back untried."""
    connection.execute(
        update(deliveries)
        .where(
            deliveries.c.id.in_([one.id for one in unsent]),
            deliveries.c.leased_until.in_({one.leased_until for one in unsent}),
        )
        .values(leased_until=None)
    )


def mark_sent(connection: Connection, delivery: Delivery, now: datetime) -> None:
    """End a delivery that was accepted, whoever holds its lease by now; its endpoint is well again."""
    connection.execute(
        update(deliveries)
        .where(deliveries.c.id == delivery.id)
        .values(
            state="sent",
            attempts=deliveries.c.attempts + 1,
            sent_at=now,
            leased_until=None,
            last_error=None,
        )
    )
    _lift(connection, delivery.endpoint)


def retry_later(connection: Connection, delivery: Delivery, error: str, at: datetime) -> None:
    """Put a leased delivery back until `at`, and let its endpoint rest until then."""
    if _end_attempt(connection, delivery, error=error, next_attempt_at=at):
        _count_failure(connection, delivery.endpoint, rests_until=at)


def mark_dead(
    connection: Connection, delivery: Delivery, error: str, rests_until: datetime | None
) -> None:
    """Give a leased delivery up; it waits among the dead letters to be sent again by a person."""
    if _end_attempt(connection, delivery, error=error, state="dead") and rests_until:
        _count_failure(connection, delivery.endpoint, rests_until=rests_until)


def stop_endpoint(connection: Connection, endpoint: str, now: datetime) -> None:
    """Send nothing more there, until a person sends a dead letter again."""
    _count_failure(connection, endpoint, stopped_at=now)


def send_again(connection: Connection, delivery_id: str, now: datetime) -> None:
    """Take a dead letter back with all its attempts, and its endpoint with it. Raises NotFoundError."""
    endpoint = connection.execute(
        update(deliveries)
        .where(deliveries.c.id == delivery_id, deliveries.c.state == "dead")
        .values(state="pending", attempts=0, next_attempt_at=now, leased_until=None)
        .returning(deliveries.c.endpoint)
    ).scalar()
    if endpoint is None:
        raise NotFoundError(
            f"Không có lượt gửi hỏng mang số {delivery_id}; hãy tải lại danh sách (no such dead letter)."
        )
    _lift(connection, endpoint)


def list_deliveries(
    connection: Connection,
    *,
    state: str | None = None,
    subscription_id: int | None = None,
    limit: int = 100,
) -> list[Delivery]:
    """Deliveries, those of the latest alerts first."""
    statement = _joined()
    if state is not None:
        statement = statement.where(deliveries.c.state == state)
    if subscription_id is not None:
        statement = statement.where(alerts.c.subscription_id == subscription_id)
    rows = connection.execute(
        statement.order_by(deliveries.c.alert_id.desc(), deliveries.c.id).limit(limit)
    )
    return [_delivery(row, row.leased_until) for row in rows]


def counts(connection: Connection) -> dict[str, int]:
    """Number of deliveries by state."""
    rows = connection.execute(
        select(deliveries.c.state, func.count().label("number")).group_by(deliveries.c.state)
    )
    return {row.state: row.number for row in rows}


def _joined() -> Any:
    return (
        select(
            deliveries,
            alerts.c.subscription_id,
            alerts.c.message["title"].as_string().label("title"),
            endpoints.c.failures,
            endpoints.c.stopped_at,
        )
        .join(alerts, alerts.c.id == deliveries.c.alert_id)
        .outerjoin(endpoints, endpoints.c.endpoint == deliveries.c.endpoint)
    )


def _delivery(row: Row[Any], leased_until: datetime | None) -> Delivery:
    return Delivery(
        row.id,
        row.alert_id,
        row.subscription_id,
        row.title or "",
        row.channel,
        row.endpoint,
        row.state,
        row.attempts,
        row.next_attempt_at,
        leased_until,
        row.sent_at,
        row.last_error,
        row.failures or 0,
        row.stopped_at is not None,
    )


def _end_attempt(connection: Connection, delivery: Delivery, *, error: str, **values: Any) -> bool:
    """Write the outcome, unless the lease ran out and the delivery is another worker's."""
    return (
        connection.execute(
            update(deliveries)
            .where(
                deliveries.c.id == delivery.id,
                deliveries.c.state == "pending",
                deliveries.c.leased_until == delivery.leased_until,
            )
            .values(
                attempts=deliveries.c.attempts + 1, leased_until=None, last_error=error, **values
            )
        ).rowcount
        == 1
    )


def _count_failure(connection: Connection, endpoint: str, **values: datetime) -> None:
    statement = insert(connection, endpoints).values(endpoint=endpoint, failures=1, **values)
    connection.execute(
        statement.on_conflict_do_update(
            index_elements=["endpoint"], set_={"failures": endpoints.c.failures + 1, **values}
        )
    )


def _lift(connection: Connection, endpoint: str) -> None:
    connection.execute(delete(endpoints).where(endpoints.c.endpoint == endpoint))

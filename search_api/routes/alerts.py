"""Alerts and their deliveries as JSON: `/api/v1/alerts`, `/api/v1/deliveries`."""

from datetime import datetime
from typing import Annotated, Literal

from fastapi import APIRouter, Query
from pydantic import BaseModel

from diembao.archive import alerts, deliveries
from diembao.archive.alerts import Alert
from diembao.archive.deliveries import Delivery
from search_api.alerts.channels import channel_of
from search_api.alerts.message import Message
from search_api.routes.context import LARGEST_ID, Context, Here, RowId
from search_api.routes.errors import answers

router = APIRouter(prefix="/api/v1", tags=["alerts"])
PAGE = 50


class AlertAnswer(BaseModel):
    """An alert. `subject` is `event:N` or `story:N`; `revision` counts what was told about it."""

    id: int
    subscription_id: int
    subject: str
    revision: int
    created_at: datetime
    read_at: datetime | None
    message: Message


class InboxAnswer(BaseModel):
    """Alerts, latest first; `before` leads to older ones."""

    alerts: list[AlertAnswer]
    unread: int
    before: int | None


class DeliveryAnswer(BaseModel):
    """An alert on its way. `id` is the key that every attempt carries."""

    id: str
    alert_id: int
    subscription_id: int
    title: str
    kind: str
    label: str
    state: Literal["pending", "sent", "dead"]
    attempts: int
    next_attempt_at: datetime
    sent_at: datetime | None
    last_error: str | None


class ReadAnswer(BaseModel):
    """Number of alerts that were unread."""

    read: int


def inbox(
    context: Context,
    subscription_id: int | None,
    unread: bool,
    before: int | None,
    limit: int = PAGE,
) -> InboxAnswer:
    """A page of the inbox."""
    with context.archive.read() as connection:
        found = alerts.inbox(
            connection,
            subscription_id=subscription_id,
            unread=unread,
            before=before,
            limit=limit + 1,
        )
        unread_count = sum(alerts.unread_counts(connection).values())
    page = found[:limit]
    older = page[-1].id if len(found) > limit else None
    return InboxAnswer(alerts=[_alert(one) for one in page], unread=unread_count, before=older)


def list_deliveries(
    context: Context, state: str | None, subscription_id: int | None = None
) -> list[DeliveryAnswer]:
    """Deliveries, latest first."""
    with context.archive.read() as connection:
        found = deliveries.list_deliveries(connection, state=state, subscription_id=subscription_id)
    return [_delivery(one) for one in found]


def mark_read(context: Context, alert_id: int | None = None, up_to: int | None = None) -> int:
    """Mark one alert, or all up to one, read."""
    with context.archive.write() as connection:
        if alert_id is not None:
            alerts.alert(connection, alert_id)
        return alerts.mark_read(connection, context.now(), alert_id=alert_id, up_to=up_to)


def send_again(context: Context, delivery_id: str) -> None:
    """Take a dead letter back."""
    with context.archive.write() as connection:
        deliveries.send_again(connection, delivery_id, context.now())


def _alert(alert: Alert) -> AlertAnswer:
    return AlertAnswer(
        id=alert.id,
        subscription_id=alert.subscription_id,
        subject=alert.subject,
        revision=alert.revision,
        created_at=alert.created_at,
        read_at=alert.read_at,
        message=Message.model_validate(alert.message),
    )


def _delivery(delivery: Delivery) -> DeliveryAnswer:
    plain = {
        name: getattr(delivery, name)
        for name in DeliveryAnswer.model_fields.keys() - {"kind", "label"}
    }
    channel = delivery.channel
    return DeliveryAnswer(**plain, kind=channel["kind"], label=channel_of(channel).label(channel))


@router.get("/alerts")
def alert_list(
    context: Here,
    subscription: Annotated[
        int | None, Query(ge=1, le=LARGEST_ID, description="Alerts of one subscription.")
    ] = None,
    unread: Annotated[bool, Query(description="Unread ones only.")] = False,
    before: Annotated[
        int | None, Query(ge=1, le=LARGEST_ID, description="Older than this alert.")
    ] = None,
    limit: Annotated[int, Query(ge=1, le=200)] = PAGE,
) -> InboxAnswer:
    """The inbox."""
    return inbox(context, subscription, unread, before, limit)


@router.post("/alerts/read", responses=answers(401))
def read_all(
    context: Here,
    up_to: Annotated[
        int | None, Query(ge=1, le=LARGEST_ID, description="The latest alert that was seen.")
    ] = None,
) -> ReadAnswer:
    """Mark all alerts read, or all up to one."""
    return ReadAnswer(read=mark_read(context, up_to=up_to))


@router.post("/alerts/{alert_id}/read", responses=answers(401, 404))
def read_one(context: Here, alert_id: RowId) -> ReadAnswer:
    """Mark one alert read."""
    return ReadAnswer(read=mark_read(context, alert_id))


@router.get("/deliveries")
def delivery_list(
    context: Here,
    state: Annotated[Literal["pending", "sent", "dead"] | None, Query()] = None,
    subscription: Annotated[int | None, Query(ge=1, le=LARGEST_ID)] = None,
) -> list[DeliveryAnswer]:
    """Deliveries, latest first; `state=dead` are those that were given up."""
    return list_deliveries(context, state, subscription)


@router.post("/deliveries/{delivery_id}/again", status_code=204, responses=answers(401, 404))
def delivery_again(context: Here, delivery_id: str) -> None:
    """Send a dead letter again, under the same key."""
    send_again(context, delivery_id)

"""Subscriptions under `/api/v1/subscriptions`. Secrets are in the answer that made them only."""

from datetime import datetime
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query
from pydantic import BaseModel, ConfigDict, Field

from diembao.archive import alerts
from diembao.archive.alerts import Subscription
from diembao.errors import DeliverError
from search_api.alerts import subscribing, trends
from search_api.alerts.asking import NOT, Asked, signed
from search_api.alerts.channels import channel_of
from search_api.alerts.message import Message
from search_api.alerts.preview import preview
from search_api.alerts.schedule import Schedule
from search_api.alerts.subscribing import Made
from search_api.alerts.trends import Trend
from search_api.routes.context import Context, Here, RowId
from search_api.routes.errors import answers

router = APIRouter(prefix="/api/v1/subscriptions", tags=["alerts"])

Subject = Literal["event", "model", "story", "first", "surge", "silence"]


class ChannelAsked(BaseModel):
    """A way out: `url` for `webhook` and `slack`, `to` for `email`, `telegram` and `zalo`."""

    kind: str = Field(examples=["webhook"])
    url: str | None = Field(default=None, examples=["https://example.org/hook"])
    to: str | None = Field(default=None, examples=["vanphong@example.org"])

    def settings(self) -> dict[str, Any]:
        """As a channel checks it."""
        return self.model_dump(exclude_none=True)


class SubscriptionAsked(BaseModel):
    """A new subscription. An empty query means every new award event, or every new model.

    `trend` are the numbers of a `surge` or a `silence`.
    """

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "name": "Bằng khen cấp tỉnh ở Tây Hồ",
                    "query": "conferment:(level:ministry_province AND recipient:tây hồ)",
                    "subject": "event",
                    "channels": [{"kind": "webhook", "url": "https://example.org/hook"}],
                }
            ]
        }
    )

    name: str = ""
    query: str = ""
    filter: list[str] = Field(
        default=[],
        description="FIELD:VALUE that must hold, as of a search; no `month`.",
        examples=[["province:ha-noi"]],
    )
    exclude: list[str] = Field(default=[], description="FIELD:VALUE that must not hold.")
    subject: Subject = "event"
    channels: list[ChannelAsked] = []
    schedule: Schedule = Schedule()
    trend: Trend | None = None

    @property
    def asked(self) -> Asked:
        """What it asks for."""
        return Asked(self.query, signed(self.filter, self.exclude))


class SubscriptionChange(SubscriptionAsked):
    """All of it anew. Channels whose keys are in `keep` stay as they are; `channels` are added."""

    active: bool = True
    keep: list[str] = []


class ChannelShown(BaseModel):
    """A channel without what is secret."""

    key: str
    kind: str
    label: str


class SubscriptionAnswer(BaseModel):
    """A subscription and the number of its unread alerts."""

    id: int
    name: str
    query: str
    filter: list[str]
    exclude: list[str]
    subject: Subject
    active: bool
    created_at: datetime
    channels: list[ChannelShown]
    schedule: Schedule
    trend: Trend | None
    unread: int


class MadeAnswer(BaseModel):
    """What is shown once: the feed's address and, by channel key, the secrets that sign webhooks."""

    subscription: SubscriptionAnswer
    feed_url: str | None
    secrets: dict[str, str]


class TrialAnswer(BaseModel):
    """Whether the receiver took the test message; the reason if not."""

    channel: str
    accepted: bool
    error: str | None = None


class FeedAnswer(BaseModel):
    """The feed's new address, shown once."""

    feed_url: str


def shown(subscription: Subscription, unread: int = 0) -> SubscriptionAnswer:
    """A subscription as lists show it."""
    return SubscriptionAnswer(
        **{
            name: getattr(subscription, name)
            for name in SubscriptionAnswer.model_fields.keys()
            - {"channels", "schedule", "unread", "filter", "exclude"}
        },
        filter=[one for one in subscription.filters if not one.startswith(NOT)],
        exclude=[one[1:] for one in subscription.filters if one.startswith(NOT)],
        schedule=Schedule.model_validate(subscription.schedule),
        channels=[
            ChannelShown(key=one["key"], kind=one["kind"], label=channel_of(one).label(one))
            for one in subscription.channels
        ],
        unread=unread,
    )


def made_answer(made: Made) -> MadeAnswer:
    """The answer of a call that made secrets."""
    return MadeAnswer(
        subscription=shown(made.subscription), feed_url=made.feed_url, secrets=dict(made.secrets)
    )


def list_all(context: Context) -> list[SubscriptionAnswer]:
    """All subscriptions with their unread counts."""
    with context.archive.read() as connection:
        unread = alerts.unread_counts(connection)
        found = alerts.list_subscriptions(connection)
    return [shown(one, unread.get(one.id, 0)) for one in found]


def find(context: Context, subscription_id: int) -> SubscriptionAnswer:
    """One subscription. Raises NotFoundError."""
    with context.archive.read() as connection:
        found = alerts.subscription(connection, subscription_id)
        return shown(found, alerts.unread_counts(connection).get(found.id, 0))


def create(context: Context, asked: SubscriptionAsked) -> Made:
    """Save a new one."""
    return subscribing.create(
        context.archive,
        context.settings,
        context.now(),
        name=asked.name,
        asked=asked.asked,
        subject=asked.subject,
        channels=[channel.settings() for channel in asked.channels],
        schedule=asked.schedule.model_dump(),
        trend=asked.trend.model_dump() if asked.trend else None,
        index=context.index,
    )


def change(context: Context, subscription_id: int, asked: SubscriptionChange) -> Made:
    """Save changes."""
    return subscribing.change(
        context.archive,
        context.settings,
        subscription_id,
        name=asked.name,
        asked=asked.asked,
        subject=asked.subject,
        active=asked.active,
        keep=asked.keep,
        channels=[channel.settings() for channel in asked.channels],
        schedule=asked.schedule.model_dump(),
        trend=asked.trend.model_dump() if asked.trend else None,
        index=context.index,
    )


def attempt(context: Context, subscription_id: int, key: str) -> TrialAnswer:
    """Send a test message."""
    try:
        name = subscribing.try_channel(
            context.archive, context.settings, subscription_id, key, context.now()
        )
    except DeliverError as error:
        return TrialAnswer(channel=key, accepted=False, error=str(error))
    return TrialAnswer(channel=name, accepted=True)


def previewed_messages(context: Context, asked: Asked, subject: str, trend: Trend) -> list[Message]:
    """What such a subscription would have sent."""
    return preview(
        context.archive,
        context.index,
        context.settings,
        context.now(),
        asked,
        subject,
        trend.model_dump(),
    )


@router.get("")
def subscriptions(context: Here) -> list[SubscriptionAnswer]:
    """All subscriptions, oldest first."""
    return list_all(context)


@router.post("", status_code=201, responses=answers(401, 422))
def new_subscription(context: Here, asked: SubscriptionAsked) -> MadeAnswer:
    """Save a search; the answer alone holds the feed's address and the webhooks' secrets."""
    return made_answer(create(context, asked))


@router.get("/preview", responses=answers(422, 503))
def previewed(
    context: Here,
    filter: Annotated[
        list[str], Query(default_factory=list, description="FIELD:VALUE that must hold.")
    ],
    exclude: Annotated[
        list[str], Query(default_factory=list, description="FIELD:VALUE that must not hold.")
    ],
    q: Annotated[str, Query(description="The query.")] = "",
    subject: Annotated[Subject, Query(description="What is told once.")] = "event",
    factor: Annotated[float | None, Query(description="Of a surge: times the usual.")] = None,
    least: Annotated[int | None, Query(description="Of a surge: articles at least.")] = None,
    days: Annotated[int | None, Query(description="Of a silence.")] = None,
) -> list[Message]:
    """What such a subscription would have sent in the last 30 days."""
    given = {"factor": factor, "least": least, "days": days}
    trend = trends.read({key: value for key, value in given.items() if value is not None})
    return previewed_messages(context, Asked(q, signed(filter, exclude)), subject, trend)


@router.get("/{subscription_id}", responses=answers(404))
def one_subscription(context: Here, subscription_id: RowId) -> SubscriptionAnswer:
    """One subscription."""
    return find(context, subscription_id)


@router.put("/{subscription_id}", responses=answers(401, 404, 422))
def changed_subscription(
    context: Here, subscription_id: RowId, asked: SubscriptionChange
) -> MadeAnswer:
    """Change a subscription; the answer holds the secrets of channels that were added."""
    return made_answer(change(context, subscription_id, asked))


@router.delete("/{subscription_id}", status_code=204, responses=answers(401, 404))
def deleted_subscription(context: Here, subscription_id: RowId) -> None:
    """End a subscription. Its alerts stay in the inbox; nothing more is sent."""
    with context.archive.write() as connection:
        alerts.delete_subscription(connection, subscription_id, context.now())


@router.post("/{subscription_id}/channels/{key}/trial", responses=answers(401, 404))
def trial(context: Here, subscription_id: RowId, key: str) -> TrialAnswer:
    """Send a test message on one channel."""
    return attempt(context, subscription_id, key)


@router.post("/{subscription_id}/feed", responses=answers(401, 404))
def new_feed(context: Here, subscription_id: RowId) -> FeedAnswer:
    """Give the feed a new address; the old one ends."""
    url = subscribing.renew_feed(context.archive, context.settings, subscription_id)
    return FeedAnswer(feed_url=url)

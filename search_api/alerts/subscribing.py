"""Making and changing subscriptions: everything is checked before anything is saved.

Secrets (a webhook's key, the token in the feed's address) are in the answer of the call that made
them and nowhere else. A channel that stays keeps its secret; one whose address changes is a new one.
"""

from __future__ import annotations

import asyncio
import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from diembao.archive import alerts
from diembao.errors import BadInputError, NotFoundError
from search_api.alerts import rules, trends
from search_api.alerts import schedule as timing
from search_api.alerts.channels import channel_of
from search_api.alerts.delivery import send_trial
from search_api.alerts.preview import met

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from diembao.archive.alerts import Subscription
    from diembao.archive.engine import Archive
    from diembao.settings import Settings
    from search_api.alerts.asking import Asked
    from search_api.index.base import SearchIndex

LONGEST_NAME = 200
MOST_CHANNELS = 10


@dataclass(frozen=True, slots=True)
class Made:
    """A subscription with what is shown once: the feed's address and secrets by channel key."""

    subscription: Subscription
    feed_url: str | None
    secrets: Mapping[str, str]


def create(
    archive: Archive,
    settings: Settings,
    now: datetime,
    *,
    name: str,
    asked: Asked,
    subject: str,
    channels: Sequence[Mapping[str, Any]],
    schedule: Mapping[str, Any] | None = None,
    trend: Mapping[str, Any] | None = None,
    index: SearchIndex | None = None,
) -> Made:
    """Save a new subscription. Raises BadInputError with one sentence.

    `index` tells whether what is to be the `first` article is there already.
    """
    named = _named(name, asked)
    rules.check(asked, subject)
    _check_first(index, asked, subject)
    timed = _timed(schedule, trend, subject)
    checked = _checked([], channels, settings)
    token = secrets.token_urlsafe(32)
    with archive.write() as connection:
        made = alerts.create_subscription(
            connection,
            name=named,
            query=asked.query.strip(),
            filters=asked.filters,
            subject=subject,
            channels=checked,
            now=now,
            feed_token=token,
            **timed,
        )
    return Made(made, feed_url(settings, token), _secrets(made, ()))


def change(
    archive: Archive,
    settings: Settings,
    subscription_id: int,
    *,
    name: str,
    asked: Asked,
    subject: str,
    active: bool,
    keep: Sequence[str],
    channels: Sequence[Mapping[str, Any]],
    schedule: Mapping[str, Any] | None = None,
    trend: Mapping[str, Any] | None = None,
    index: SearchIndex | None = None,
) -> Made:
    """Save changes: of its channels those with a key in `keep` stay, `channels` are added."""
    with archive.read() as connection:
        before = alerts.subscription(connection, subscription_id)
    named = _named(name, asked)
    rules.check(asked, subject)
    if (asked.query.strip(), asked.filters, subject) != (
        before.query,
        before.filters,
        before.subject,
    ):
        _check_first(index, asked, subject)
    timed = _timed(schedule, trend, subject)
    kept = [channel for channel in before.channels if channel["key"] in keep]
    checked = [*kept, *_checked(kept, channels, settings)]
    with archive.write() as connection:
        after = alerts.update_subscription(
            connection,
            subscription_id,
            name=named,
            query=asked.query.strip(),
            filters=asked.filters,
            subject=subject,
            active=active,
            channels=checked,
            **timed,
        )
    return Made(after, None, _secrets(after, [channel["key"] for channel in kept]))


def renew_feed(archive: Archive, settings: Settings, subscription_id: int) -> str:
    """Give the feed a new address, which is returned; the old one ends."""
    token = secrets.token_urlsafe(32)
    with archive.write() as connection:
        alerts.renew_feed_token(connection, subscription_id, token)
    return feed_url(settings, token)


def mail_address(archive: Archive, subscription_id: int, way_out: str) -> str | None:
    """The address that gets mails of the subscription with that way out, if any does."""
    with archive.read() as connection:
        subscription = alerts.subscriptions_of(connection, [subscription_id]).get(subscription_id)
    channels = subscription.channels if subscription else ()
    return next((str(one["to"]) for one in channels if _is_mail(one, way_out)), None)


def end_mails(archive: Archive, subscription_id: int, way_out: str) -> None:
    """Take the mail channel with that way out from the subscription, if it is there."""
    with archive.write() as connection:
        subscription = alerts.subscriptions_of(connection, [subscription_id]).get(subscription_id)
        channels = subscription.channels if subscription else ()
        kept = [one for one in channels if not _is_mail(one, way_out)]
        if len(kept) < len(channels):
            alerts.update_subscription(connection, subscription_id, channels=kept)


def _is_mail(channel: Mapping[str, Any], way_out: str) -> bool:
    kept = str(channel.get("way_out") or "")
    return bool(kept) and secrets.compare_digest(kept.encode(), way_out.encode())


def try_channel(
    archive: Archive, settings: Settings, subscription_id: int, key: str, now: datetime
) -> str:
    """Send a test message and return the channel's name. Raises DeliverError if it is not taken."""
    with archive.read() as connection:
        subscription = alerts.subscription(connection, subscription_id)
    channel = next((one for one in subscription.channels if one["key"] == key), None)
    if channel is None:
        raise NotFoundError("Mục theo dõi này không có kênh nhận đó; hãy tải lại trang.")
    trial_id = f"trial-{secrets.token_hex(16)}"
    asyncio.run(send_trial(archive, subscription, channel, settings, trial_id, now))
    return channel_of(channel).label(channel)


def feed_url(settings: Settings, token: str) -> str:
    """The address of a feed."""
    return f"{settings.public_url}/feeds/{token}.atom"


def _timed(
    schedule: Mapping[str, Any] | None, trend: Mapping[str, Any] | None, subject: str
) -> dict[str, Any]:
    given = {key: value for key, value in (schedule or {}).items() if value is not None}
    numbers = trends.read(trend).model_dump() if subject in rules.OF_DAYS else None
    return {"schedule": timing.read(given).model_dump(exclude_none=True), "trend": numbers}


def _check_first(index: SearchIndex | None, asked: Asked, subject: str) -> None:
    if subject == "first" and index is not None and (number := met(index, asked)):
        raise BadInputError(
            f"Trong kho đã có {number} bài khớp điều kiện này nên không còn “lần đầu”; hãy chọn báo theo "
            "tin (it has matched before; follow stories instead)."
        )


def _named(name: str, asked: Asked) -> str:
    named = " ".join(name.split()) or asked.query.strip() or ", ".join(asked.filters)
    named = named or "Khen thưởng mới"
    if len(named) > LONGEST_NAME:
        raise BadInputError(f"Tên mục theo dõi quá dài; hãy rút xuống dưới {LONGEST_NAME} chữ.")
    return named


def _checked(
    kept: Sequence[Mapping[str, Any]], added: Sequence[Mapping[str, Any]], settings: Settings
) -> list[dict[str, Any]]:
    if len(kept) + len(added) > MOST_CHANNELS:
        raise BadInputError(
            f"Một mục theo dõi chỉ có tối đa {MOST_CHANNELS} kênh nhận; hãy bớt đi."
        )

    async def check() -> list[dict[str, Any]]:
        return [await channel_of(channel).check(channel, settings) for channel in added]

    checked = asyncio.run(check())
    endpoints = [channel_of(channel).endpoint(channel) for channel in (*kept, *checked)]
    twice = next((one for one in endpoints if endpoints.count(one) > 1), None)
    if twice:
        raise BadInputError(f"Kênh nhận {twice.partition(':')[2]} có hai lần; hãy bỏ bớt một.")
    return checked


def _secrets(subscription: Subscription, kept: Sequence[str]) -> dict[str, str]:
    return {
        channel["key"]: str(channel[secret])
        for channel in subscription.channels
        for secret in channel_of(channel).secrets
        if channel["key"] not in kept
    }
